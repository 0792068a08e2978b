#pragma once
/// The statistical engine: error ratios without counting errors, to 1e-15 and beyond. Noise-free equalised
/// samples of every neighbourhood, each with its own noise behind the equaliser; MPI, crosstalk and jitter as
/// distributions.

#include <array>
#include <string>
#include <vector>

#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

struct StatisticalResult {
  bool valid = true;
  std::string why_not;      ///< where the engine does not hold: what to use instead
  double ser = 0, ber = 0;  ///< Gray-coded; two-level errors count as two symbols' worth of bits
  std::array<double, 3>
      crossing{};                 ///< P(decided on the other side), per threshold, by symbols on either side
  double burst_continuation = 0;  ///< DFE: P(wrong | the one before wrong)
  double snr_db = 0;              ///< mean square of the levels about their mean over all error power
  double closest_margin = 0;      ///< smallest noise-free distance to a threshold over half the level spacing
  rxdsp::FrozenEqualizer equalizer;  ///< trained for this attenuation, or as given
};

/// Trains the equaliser (MMSE, known statistics) at this attenuation and evaluates it.
StatisticalResult evaluate(const LaneModel& model, const rxdsp::EqualizerConfig& config,
                           double attenuation_db);
/// With a frozen equaliser.
StatisticalResult evaluate(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                           double attenuation_db);

/// Attenuation behind the model's plant at which the bit error ratio is `ber`, retraining on the way [dB];
/// negative where the link misses it as it is. -inf where no power reaches it (a floor above `ber`), +inf
/// never.
double attenuation_for_ber(const LaneModel& model, const rxdsp::EqualizerConfig& config, double ber);

}  // namespace lightlane::link

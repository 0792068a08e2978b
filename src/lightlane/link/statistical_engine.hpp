#pragma once
/// The statistical engine: error ratios without counting errors, to 1e-15 and beyond. Noise-free equalised
/// samples of every neighbourhood, each with its own noise behind the equaliser; MPI, crosstalk and jitter as
/// distributions.
///
/// What it sums up, per sent level: Gaussian noise of each sample of the pattern, from the whole coloured
/// covariance of receiver and transmitter noise, random jitter through the slopes, and the ADC (quantisation
/// as white noise of a twelfth of the square step; clipping of the noise-free samples only); even-odd and
/// sinusoidal jitter by quadrature; symbols outside of the neighbourhood as independent symbols (their linear
/// response); reflections and crosstalk as bounded distributions, averaged over all phases (see
/// ber_over_phases() for slow ones). Tails are right to 1e-8 of themselves. Left out: that the symbols which
/// beat with reflections in the outer taps are those that interfere.
///
/// DFE: the ratio with right feedback, times what a wrong decision brings about: the next symbol with the
/// wrong level fed back and the noise that made it wrong, and one more. MLSE: union bound over error events
/// of up to 10 symbols (above the truth, by some 10 % at 1e-3, less below); it says so where it is no use.
/// Neither has tails of reflections with phases at rest. Deterministic; variants differ by 1e-8. Cost: 5 ms
/// for PAM4 with 15 taps, training included; a search 20 ms.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

struct StatisticalResult {
  bool valid = true;
  std::string why_not;      ///< where the engine does not hold: what to use instead
  double ser = 0, ber = 0;  ///< Gray-coded: bits of every wrong decision, over two levels as well
  /// P(decided on the other side), per threshold, mean of the symbols on either side, as pma::ThresholdErrors
  /// has it; NRZ: [0].
  std::array<double, 3> crossing{};
  /// P(wrong | the one before wrong): by a DFE, an MLSE, or noise that the FFE correlates.
  double burst_continuation = 0;
  double snr_db = 0;  ///< mean square of the levels about their mean over all error power
  /// Smallest noise-free distance to a threshold over half the level spacing; MLSE: smallest distance to an
  /// error event over what it is without interference.
  double closest_margin = 0;
  rxdsp::FrozenEqualizer equalizer;  ///< trained for this attenuation, or as given
};

/// Trains the equaliser (MMSE, known statistics, whatever config.training says) at this attenuation and
/// evaluates it; with config.adaptive_thresholds, thresholds are where the least errors are, reflections and
/// all. attenuation_db: behind the model's plant, -100 to 200. Throws ConfigError for a model that is not
/// valid or a configuration of another modulation.
StatisticalResult evaluate(const LaneModel& model, const rxdsp::EqualizerConfig& config,
                           double attenuation_db);
/// With a frozen equaliser.
StatisticalResult evaluate(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                           double attenuation_db);

/// Bit error ratios at `sets` random sets of the reflections' phases, each set at rest. Reflections turn
/// slowly against a codeword: what FEC leaves over is the mean of its loss at these, not its loss at their
/// mean. FFE and slicer only (ConfigError otherwise). About 1 ms each.
std::vector<double> ber_over_phases(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                                    double attenuation_db, std::size_t sets, std::uint64_t seed);

/// Error ratios of a lane over the phases of its reflections.
struct PhaseSpread {
  bool audible = false;  ///< phases change the error ratio by 1 % or more
  std::vector<double> ser,
      weight;  ///< symbol error ratios and their probabilities, at most 32; their mean is evaluate()'s
  double ber_median = 0;  ///< half of all phases have less
  double ber_p99 = 0;     ///< one in a hundred has more
  double ber_worst = 0;   ///< all reflections in step, against the signal
};

/// With every set of phases at rest. Errors depend on a set through sum(amplitude x cos(phase)), which shifts
/// levels, and hardly on what else it says: they are evaluated at 17 values of that sum, interpolated
/// between, and weighted by a Gauss quadrature of its distribution, which reaches phases too rare to be
/// drawn. `moving`: evaluate()'s result for the same arguments. With a DFE, bursts are taken to lengthen
/// alike at all phases. None for an MLSE, and where `moving` is not valid. About 10 ms.
std::optional<PhaseSpread> over_phases(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                                       double attenuation_db, const StatisticalResult& moving);

/// Attenuation behind the model's plant at which the bit error ratio is `ber` (above 0, below 0.4),
/// retraining on the way [dB], to 1e-4 dB; negative where the link misses it as it is. -inf where no power
/// reaches it (a floor above `ber`), +inf where no attenuation does.
double attenuation_for_ber(const LaneModel& model, const rxdsp::EqualizerConfig& config, double ber);

}  // namespace lightlane::link

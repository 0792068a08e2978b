#pragma once
/// The source of a stressed receiver test (802.3 121.8.9): a clean transmitter made worse until its SECQ is
/// the one asked for. The order of work of test equipment: first a low-pass filter that makes at least half
/// of it in dB, with jitter, interferer and noise off; then sinusoidal jitter and a sinusoidal interferer as
/// given; then Gaussian noise for the rest.
///
/// The same recipe gives the worst transmitter that a standard allows: TDECQ at its maximum.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "lightlane/measure/tdecq.hpp"

namespace lightlane::measure {

struct StressConfig {
  double secq_db = 3.4;       ///< wanted, above 0
  double filter_share = 0.5;  ///< of it in dB, that the filter (and the waveform itself) make: 0 to 1
  double jitter_ui = 0;       ///< sinusoidal, peak to peak, below 1
  double jitter_hz =
      119.2e6;  ///< a default of test equipment (Keysight N4917), too high for the clock to follow
  double interferer_share = 0;      ///< sinusoidal, amplitude over OMAouter
  double interferer_hz = 1.9431e9;  ///< likewise
  TdecqConfig tdecq{};              ///< how SECQ is measured
};

struct StressRecipe {
  bool reached = false;
  std::string why_not;  ///< where not reached: what alone is too much, or that no filter is enough

  double filter_ghz = 0;      ///< fourth-order Bessel-Thomson, ahead of the reference filter; 0: none
  double filter_secq_db = 0;  ///< with the filter alone
  double jitter_ui = 0,
         jitter_hz = 0;  ///< as asked for; the frequency nearest to it with whole cycles in the waveform
  double interferer_w = 0, interferer_hz = 0;
  double noise_w = 0;                  ///< rms of the Gaussian noise behind the reference filter
  double noise_density_w2_per_hz = 0;  ///< the same, white and one-sided, ahead of it
  double rin_oma_db_per_hz = 0;        ///< the same as RIN_xOMA; -infinity without noise

  double secq_db = 0;  ///< of the whole: noise enters exactly, as sqrt(R^2 - noise^2)
  double ceq = 0;      ///< 802.3cd wants 1 or more
  TdecqResult clean;   ///< of the waveform with everything but the Gaussian noise
};

/// `power` and `levels` as for tdecq(), noise free. SECQ is met within 0.01 dB. Cost: some 20 calls of
/// tdecq(). Throws as tdecq(), and ConfigError for a configuration; what cannot be reached is a value.
StressRecipe stress_receiver(std::span<const float> power, std::span<const std::uint8_t> levels,
                             const StressConfig& config);

/// The recipe at work: filter, jitter, interferer. Not the noise: add white noise of the density (over the
/// samples: variance = density x sample rate / 2), or book noise_w analytically.
std::vector<float> apply_stress(const StressRecipe& recipe, std::span<const float> power, int samples_per_ui,
                                double symbol_rate_gbd);

}  // namespace lightlane::measure

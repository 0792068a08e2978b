#pragma once
/// Noise of the steady levels, and relative intensity noise from it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lightlane::measure {

struct LevelNoise {
  std::array<double, 4> rms_w{};  ///< of each level; NRZ: [0] and [1]
  std::array<std::size_t, 4>
      symbols{};  ///< of the pattern that each figure rests on; 0: the level has no steady place
};

/// What changes from period to period in the middle of runs: standard deviation (unbiased) over the periods,
/// at the central half of symbols that have the same level on either side. `power` holds two or more periods
/// of `levels`; 802.3 52.9.6 does this on a square wave. Throws as require_waveform(), and InputError for a
/// single period.
LevelNoise measure_level_noise(std::span<const float> power, std::span<const std::uint8_t> levels,
                               int samples_per_ui);

/// RIN_xOMA = 10 log10(variance / (bandwidth (OMA / 2)^2)) [dB/Hz] (802.3 52.9.6: electrical noise power over
/// that of the square-wave modulation), x the return loss under which the light was made. bandwidth: of the
/// noise, 1.0464 f3dB for a fourth-order Bessel-Thomson filter. All above 0.
double rin_oma_db_per_hz(double variance_w2, double oma_w, double noise_bandwidth_hz);
/// The other way: variance [W^2].
double rin_oma_variance_w2(double rin_oma_db_per_hz, double oma_w, double noise_bandwidth_hz);
/// From level noise: the mean of the variances of the outer levels (`high` is 3, NRZ: 1).
double rin_oma_db_per_hz(const LevelNoise& noise, std::size_t high, double oma_w, double noise_bandwidth_hz);

}  // namespace lightlane::measure

#pragma once
/// Linear filters over whole waveforms, and their value between samples.

#include <cstddef>
#include <span>
#include <vector>

#include "lightlane/math/fir.hpp"
#include "lightlane/math/response.hpp"

namespace lightlane::measure {

/// The waveform behind a filter, as if it repeated for ever: as many samples, delay as in the filter
/// (math::design_fir takes it out). A waveform that is one part of a longer one is wrong within the filter's
/// length of both ends.
std::vector<float> filter_cyclic(const math::Fir& fir, std::span<const float> samples);

/// The same for a frequency response [Hz] at a sample rate.
std::vector<float> filter_cyclic(const math::Response& response, std::span<const float> samples,
                                 double sample_rate_hz);

/// Fourth-order Bessel-Thomson, the filter of reference receivers: f3db = half the symbol rate for PAM4
/// (802.3 121.8.5.1), 0.75 of it for NRZ (52.9.7). Delay at DC taken out. Throws ConfigError for a bandwidth
/// of 0 or less, or above half the sample rate.
std::vector<float> bessel_thomson_filtered(std::span<const float> samples, int samples_per_ui,
                                           double symbol_rate_gbd, double bandwidth_ghz);

/// A waveform at any phase of all its symbols: cubic interpolation (Lagrange, four samples; exact on a
/// sample). Error at frequency f below 0.024 (2 pi f / sample rate)^4 of that component: 6e-4 for half the
/// symbol rate at 8 samples per UI.
class PhaseSampler {
 public:
  /// Cyclic: all symbols. Else those with a whole symbol more on either side. `samples` need at least 3
  /// symbols and stay with the caller no longer than this call.
  PhaseSampler(std::span<const float> samples, int samples_per_ui, bool cyclic);

  std::size_t first_symbol() const noexcept { return first_; }
  std::size_t symbols() const noexcept { return count_; }
  /// out[i] = waveform `phase_ui` behind the centre of symbol first_symbol() + i; |phase_ui| <= 1. `out` is
  /// resized.
  void sample(double phase_ui, std::vector<float>& out) const;

 private:
  int samples_per_ui_;
  std::size_t first_ = 0, count_ = 0;
  std::vector<float> padded_;  // from one symbol and three samples before the first one
};

}  // namespace lightlane::measure

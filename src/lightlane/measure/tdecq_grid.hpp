#pragma once
/// A periodic waveform behind the reference filter, as T-spaced samples at any phase.

#include <cstddef>
#include <span>
#include <vector>

#include "lightlane/measure/tdecq_kernel.hpp"

namespace lightlane::measure {

/// The cyclic waveform, filtered (fourth-order Bessel-Thomson, its delay at DC taken out) or as it is, in
/// time order. Eight or more samples per UI: by convolution, in float. Fewer: by one transform of the whole
/// waveform, which also raises the rate to at least 16 samples per UI, so that what stands between samples
/// can be interpolated.
struct FilteredWaveform {
  int samples_per_ui = 0;
  std::vector<float> power_w;
};
FilteredWaveform filter_waveform(std::span<const float> power, int samples_per_ui, double symbol_rate_hz,
                                 double bandwidth_hz, bool filter);

/// Folded: one row of T-spaced samples per sample of the UI, scaled to (power - mean) / oma.
class TdecqGrid {
 public:
  TdecqGrid(const FilteredWaveform& waveform, double mean_w, double oma_w, const TdecqKernels& kernels);

  std::size_t symbols() const noexcept { return symbols_; }
  /// out[i] = sample of symbol first + i, at `phase_ui` from its centre, by Lagrange interpolation over 8
  /// samples (12 below 12 samples per UI). first >= -sample_padding, first + out.size() <= symbols +
  /// sample_padding (cyclic); phase in [-1, 1].
  void sample(double phase_ui, std::ptrdiff_t first, std::span<float> out) const;

 private:
  std::size_t symbols_, row_length_;
  int samples_per_ui_, points_;
  const TdecqKernels& kernels_;
  std::vector<float> rows_;  // [sample of the UI][symbol + row_padding]
};

}  // namespace lightlane::measure

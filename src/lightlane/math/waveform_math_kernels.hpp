#pragma once
/// The kernels of math/waveform_math.hpp, for the dispatch and the tests; includes next to nothing on
/// purpose, since the vector files are compiled for other instruction sets. `out` is x itself or overlaps no
/// input.

#include <cstddef>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::math::detail {

struct WaveformKernels {
  using Function = void (*)(const float* x, float* out, std::size_t n) noexcept;
  Function exp, log, sin, cos, sqrt;
  void (*square_sum)(const float* re, const float* im, float* out,
                     std::size_t n) noexcept;  ///< im may be null
};

extern const WaveformKernels waveform_ref, waveform_avx2, waveform_avx512;

/// Worst first; see base/variant.hpp.
std::span<const Kernel<WaveformKernels>> waveform_kernels() noexcept;

}  // namespace lightlane::math::detail

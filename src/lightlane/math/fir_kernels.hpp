#pragma once
/// The kernels of math/fir.hpp, for the dispatch and the tests; includes next to nothing on purpose, since
/// the vector files are compiled for other instruction sets. Inputs are as long as fir.hpp says; no alignment
/// is needed, nothing beyond the inputs is read. Outputs overlap no input.

#include <cstddef>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::math::detail {

struct FirKernels {
  /// out[i] = sum over k of taps[k] in[i stride + k], i < n; filter: stride 1.
  void (*filter)(const float* taps, std::size_t num_taps, const float* in, float* out,
                 std::size_t n) noexcept;
  void (*decimate)(const float* taps, std::size_t num_taps, const float* in, std::size_t stride, float* out,
                   std::size_t n) noexcept;
  /// in_im may be null.
  void (*complex_filter)(const float* taps_re, const float* taps_im, std::size_t num_taps, const float* in_re,
                         const float* in_im, float* out_re, float* out_im, std::size_t n) noexcept;
  /// table[phase][tap]; n symbols.
  void (*interpolate)(const float* table, std::size_t phases, std::size_t num_taps, const float* in,
                      float* out, std::size_t n) noexcept;
};

extern const FirKernels fir_ref, fir_portable, fir_avx2, fir_avx512;

/// Worst first; see base/variant.hpp.
std::span<const Kernel<FirKernels>> fir_kernels() noexcept;

}  // namespace lightlane::math::detail

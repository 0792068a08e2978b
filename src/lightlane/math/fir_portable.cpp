// The same sums in the same order, many outputs side by side so that the compiler's vectors serve.

#include <algorithm>

#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math::detail {
namespace {

constexpr std::size_t block = 64;

void accumulate(float tap, const float* x, float* sum, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) sum[i] += tap * x[i];
}

void filter(const float* taps, std::size_t num_taps, const float* in, float* out, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; i += block) {
    const std::size_t width = std::min(block, n - i);
    float sum[block] = {};
    for (std::size_t k = 0; k < num_taps; ++k) accumulate(taps[k], in + i + k, sum, width);
    std::copy_n(sum, width, out + i);
  }
}

void decimate(const float* taps, std::size_t num_taps, const float* in, std::size_t stride, float* out,
              std::size_t n) noexcept {
  constexpr std::size_t width = 8;
  std::size_t i = 0;
  for (; i + width <= n; i += width) {
    float sum[width] = {};
    for (std::size_t k = 0; k < num_taps; ++k) {
      for (std::size_t j = 0; j < width; ++j) sum[j] += taps[k] * in[(i + j) * stride + k];
    }
    std::copy_n(sum, width, out + i);
  }
  for (; i < n; ++i) {
    float sum = 0.0f;
    for (std::size_t k = 0; k < num_taps; ++k) sum += taps[k] * in[i * stride + k];
    out[i] = sum;
  }
}

void complex_filter(const float* taps_re, const float* taps_im, std::size_t num_taps, const float* in_re,
                    const float* in_im, float* out_re, float* out_im, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; i += block) {
    const std::size_t width = std::min(block, n - i);
    float re[block] = {}, im[block] = {};
    for (std::size_t k = 0; k < num_taps; ++k) {
      accumulate(taps_re[k], in_re + i + k, re, width);
      accumulate(taps_im[k], in_re + i + k, im, width);
      if (in_im == nullptr) continue;
      accumulate(-taps_im[k], in_im + i + k, re, width);
      accumulate(taps_re[k], in_im + i + k, im, width);
    }
    std::copy_n(re, width, out_re + i);
    std::copy_n(im, width, out_im + i);
  }
}

void interpolate(const float* table, std::size_t phases, std::size_t num_taps, const float* in, float* out,
                 std::size_t n) noexcept {
  // Phase by phase over a run of symbols: the symbols are side by side, only the outputs are apart.
  for (std::size_t i = 0; i < n; i += block) {
    const std::size_t width = std::min(block, n - i);
    for (std::size_t p = 0; p < phases; ++p) {
      float sum[block] = {};
      for (std::size_t k = 0; k < num_taps; ++k) accumulate(table[p * num_taps + k], in + i + k, sum, width);
      for (std::size_t j = 0; j < width; ++j) out[(i + j) * phases + p] = sum[j];
    }
  }
}

}  // namespace

constinit const FirKernels fir_portable{filter, decimate, complex_filter, interpolate};

}  // namespace lightlane::math::detail

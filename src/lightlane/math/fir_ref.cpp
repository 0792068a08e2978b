// The sums of math/fir.hpp as they are written there.

#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math::detail {
namespace {

float dot(const float* taps, std::size_t num_taps, const float* x) noexcept {
  float sum = 0.0f;
  for (std::size_t k = 0; k < num_taps; ++k) sum += taps[k] * x[k];
  return sum;
}

void filter(const float* taps, std::size_t num_taps, const float* in, float* out, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = dot(taps, num_taps, in + i);
}

void decimate(const float* taps, std::size_t num_taps, const float* in, std::size_t stride, float* out,
              std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = dot(taps, num_taps, in + i * stride);
}

void complex_filter(const float* taps_re, const float* taps_im, std::size_t num_taps, const float* in_re,
                    const float* in_im, float* out_re, float* out_im, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    float re = 0.0f, im = 0.0f;
    for (std::size_t k = 0; k < num_taps; ++k) {
      re += taps_re[k] * in_re[i + k];
      im += taps_im[k] * in_re[i + k];
      if (in_im == nullptr) continue;
      re -= taps_im[k] * in_im[i + k];
      im += taps_re[k] * in_im[i + k];
    }
    out_re[i] = re;
    out_im[i] = im;
  }
}

void interpolate(const float* table, std::size_t phases, std::size_t num_taps, const float* in, float* out,
                 std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t p = 0; p < phases; ++p)
      out[i * phases + p] = dot(table + p * num_taps, num_taps, in + i);
  }
}

}  // namespace

constinit const FirKernels fir_ref{filter, decimate, complex_filter, interpolate};

}  // namespace lightlane::math::detail

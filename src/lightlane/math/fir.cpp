#include "lightlane/math/fir.hpp"

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::math {
namespace {

/// Outputs that are made together: few enough for registers and the first cache, many enough for vectors.
constexpr std::size_t block = 64;

void accumulate(float tap, const float* x, float* sum, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) sum[i] += tap * x[i];
}

}  // namespace

void filter(const Fir& fir, std::span<const float> in, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(out.empty() || in.size() + 1 >= out.size() + fir.taps.size());
  for (std::size_t i = 0; i < out.size(); i += block) {
    const std::size_t n = std::min(block, out.size() - i);
    float sum[block] = {};
    for (std::size_t k = 0; k < fir.taps.size(); ++k) accumulate(fir.taps[k], &in[i + k], sum, n);
    std::copy_n(sum, n, &out[i]);
  }
}

void filter_decimate(const Fir& fir, std::span<const float> in, std::size_t stride, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(out.empty() || in.size() >= (out.size() - 1) * stride + fir.taps.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    float sum = 0.0f;
    for (std::size_t k = 0; k < fir.taps.size(); ++k) sum += fir.taps[k] * in[i * stride + k];
    out[i] = sum;
  }
}

void filter(const ComplexFir& fir, std::span<const float> in_re, std::span<const float> in_im, std::span<float> out_re,
            std::span<float> out_im) noexcept {
  const std::size_t taps = fir.re.size();
  LIGHTLANE_ASSERT(out_re.size() == out_im.size() && fir.im.size() == taps);
  LIGHTLANE_ASSERT(out_re.empty() || in_re.size() + 1 >= out_re.size() + taps);
  LIGHTLANE_ASSERT(in_im.empty() || in_im.size() == in_re.size());
  for (std::size_t i = 0; i < out_re.size(); i += block) {
    const std::size_t n = std::min(block, out_re.size() - i);
    float re[block] = {}, im[block] = {};
    for (std::size_t k = 0; k < taps; ++k) {
      accumulate(fir.re[k], &in_re[i + k], re, n);
      accumulate(fir.im[k], &in_re[i + k], im, n);
      if (in_im.empty()) continue;
      accumulate(-fir.im[k], &in_im[i + k], re, n);
      accumulate(fir.re[k], &in_im[i + k], im, n);
    }
    std::copy_n(re, n, &out_re[i]);
    std::copy_n(im, n, &out_im[i]);
  }
}

void filter_interpolate(const PolyphaseFir& fir, std::span<const float> in, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(fir.phases > 0 && out.size() % fir.phases == 0 && fir.table.size() == fir.phases * fir.taps);
  LIGHTLANE_ASSERT(out.empty() || in.size() + 1 >= out.size() / fir.phases + fir.taps);
  for (std::size_t i = 0; i < out.size() / fir.phases; ++i) {
    for (std::size_t p = 0; p < fir.phases; ++p) {
      const float* const taps = &fir.table[p * fir.taps];
      float sum = 0.0f;
      for (std::size_t k = 0; k < fir.taps; ++k) sum += taps[k] * in[i + k];
      out[i * fir.phases + p] = sum;
    }
  }
}

}  // namespace lightlane::math

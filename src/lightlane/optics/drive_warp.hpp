#pragma once
/// The body of the warp kernels, to be compiled for several instruction sets: always inlined into a function
/// of one file, so that no copy for a newer processor is left behind. Inside the floor only.

#include <cstddef>

namespace lightlane::optics {

/// a b + c, rounded once where the file's instruction set has it.
[[gnu::always_inline]] inline float warp_multiply_add(float a, float b, float c) noexcept {
#ifdef __FMA__
  return __builtin_fmaf(a, b, c);
#else
  return a * b + c;
#endif
}

/// Lagrange's polynomial through seven points in powers of x, from the sums and differences of points on
/// either side.
[[gnu::always_inline]] inline void warp_loop(const float* __restrict v, const float* __restrict shift,
                                             std::size_t stride, std::size_t count,
                                             float* __restrict out) noexcept {
  const float *p1 = v + stride, *p2 = p1 + stride, *p3 = p2 + stride;
  const float *m1 = v - stride, *m2 = m1 - stride, *m3 = m2 - stride;
  constexpr auto fma = warp_multiply_add;
  for (std::size_t i = 0; i < count; ++i) {
    const float x = shift[i], v0 = v[i];
    const float s1 = p1[i] + m1[i], s2 = p2[i] + m2[i], s3 = p3[i] + m3[i];
    const float a1 = p1[i] - m1[i], a2 = p2[i] - m2[i], a3 = p3[i] - m3[i];
    const float c1 = fma(a3, 1.0f / 60, fma(a2, -3.0f / 20, a1 * (3.0f / 4)));
    const float c2 = fma(s3, 1.0f / 180, fma(s2, -3.0f / 40, fma(s1, 3.0f / 4, v0 * (-49.0f / 36))));
    const float c3 = fma(a3, -1.0f / 48, fma(a2, 1.0f / 6, a1 * (-13.0f / 48)));
    const float c4 = fma(s3, -1.0f / 144, fma(s2, 1.0f / 12, fma(s1, -13.0f / 48, v0 * (7.0f / 18))));
    const float c5 = fma(a3, 1.0f / 240, fma(a2, -1.0f / 60, a1 * (1.0f / 48)));
    const float c6 = fma(s3, 1.0f / 720, fma(s2, -1.0f / 120, fma(s1, 1.0f / 48, v0 * (-1.0f / 36))));
    float y = fma(c6, x, c5);
    y = fma(y, x, c4);
    y = fma(y, x, c3);
    y = fma(y, x, c2);
    y = fma(y, x, c1);
    out[i] = fma(y, x, v0);
  }
}

}  // namespace lightlane::optics

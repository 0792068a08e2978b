#include <immintrin.h>

#include <cstddef>

#include "lightlane/math/waveform_math_kernels.hpp"

namespace {

void sqrt_loop(const float* x, float* out, std::size_t n) noexcept {
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) _mm512_storeu_ps(out + i, _mm512_sqrt_ps(_mm512_loadu_ps(x + i)));
  for (; i < n; ++i) _mm_store_ss(out + i, _mm_sqrt_ss(_mm_load_ss(x + i)));
}

}  // namespace

#include "lightlane/math/waveform_math_loops.hpp"

constinit const lightlane::math::detail::WaveformKernels lightlane::math::detail::waveform_avx512 =
    lightlane::math::loops;

#include <immintrin.h>

#include "lightlane/optics/detector_kernels.hpp"

namespace lightlane::optics::detail {

void photocurrent_avx2(const float* p, std::size_t count, float gain, const float* d, float* current,
                       float* sigma) noexcept {
  const __m256 g = _mm256_set1_ps(gain), d0 = _mm256_set1_ps(d[0]), d1 = _mm256_set1_ps(d[1]),
               d2 = _mm256_set1_ps(d[2]);
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256 x = _mm256_loadu_ps(p + i), q = _mm256_max_ps(x, _mm256_setzero_ps());
    _mm256_storeu_ps(current + i, _mm256_mul_ps(g, x));
    const __m256 inner = _mm256_add_ps(d1, _mm256_mul_ps(q, d2));
    _mm256_storeu_ps(sigma + i, _mm256_sqrt_ps(_mm256_add_ps(d0, _mm256_mul_ps(q, inner))));
  }
  photocurrent_ref(p + i, count - i, gain, d, current + i, sigma + i);
}

}  // namespace lightlane::optics::detail

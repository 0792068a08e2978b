// GCC 12 warns about its own intrinsics (PR 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>

#include "lightlane/optics/detector_kernels.hpp"

namespace lightlane::optics::detail {

void photocurrent_avx512(const float* p, std::size_t count, float gain, const float* d, float* current,
                         float* sigma) noexcept {
  const __m512 g = _mm512_set1_ps(gain), d0 = _mm512_set1_ps(d[0]), d1 = _mm512_set1_ps(d[1]),
               d2 = _mm512_set1_ps(d[2]);
  for (std::size_t i = 0; i < count; i += 16) {
    const __mmask16 mask = count - i < 16 ? static_cast<__mmask16>((1u << (count - i)) - 1) : 0xffff;
    const __m512 x = _mm512_maskz_loadu_ps(mask, p + i), q = _mm512_max_ps(x, _mm512_setzero_ps());
    _mm512_mask_storeu_ps(current + i, mask, _mm512_mul_ps(g, x));
    const __m512 inner = _mm512_add_ps(d1, _mm512_mul_ps(q, d2));
    _mm512_mask_storeu_ps(sigma + i, mask, _mm512_sqrt_ps(_mm512_add_ps(d0, _mm512_mul_ps(q, inner))));
  }
}

}  // namespace lightlane::optics::detail

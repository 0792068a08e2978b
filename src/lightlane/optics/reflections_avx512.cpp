// GCC 12 warns about its own intrinsics (PR 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>

#include "lightlane/optics/reflections_kernels.hpp"

namespace lightlane::optics::detail {
namespace {

void expand(const std::uint32_t* bits, const float* value, float c, float s, const float* cosine,
            const float* sine, float* out) noexcept {
  const __m512 table =
      _mm512_broadcast_f32x4(_mm_loadu_ps(value));  // four times: the index's upper bits fall away
  const __m512i shift = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  const __m512 cc = _mm512_set1_ps(c), ss = _mm512_set1_ps(s);
  for (std::size_t q = 0; q < 4; ++q) {
    const __m512i symbol = _mm512_srlv_epi32(_mm512_set1_epi32(static_cast<int>(bits[q])), shift);
    const __m512 turn = _mm512_sub_ps(_mm512_mul_ps(cc, _mm512_loadu_ps(cosine + 16 * q)),
                                      _mm512_mul_ps(ss, _mm512_loadu_ps(sine + 16 * q)));
    _mm512_storeu_ps(out + 16 * q, _mm512_mul_ps(_mm512_permutexvar_ps(symbol, table), turn));
  }
}

void shape(const ShapeTable& table, const float* x, std::size_t stride, std::size_t periods,
           float* out) noexcept {
  const __m512i one = _mm512_set1_epi32(1);
  for (std::size_t v = 0; v < table.vectors; ++v) {
    const float* symbols = x + table.base[v];
    float* samples = out + 16 * v;
    for (std::size_t p = 0; p < periods;
         ++p, symbols += table.period_symbols, samples += 16 * table.vectors) {
      __m512 sum = _mm512_setzero_ps();
      for (std::size_t k = 0; k < table.sources; ++k) {
        const std::size_t at = 16 * (k * table.vectors + v);
        const __m512 near = _mm512_loadu_ps(symbols + k * stride);
        const __m512i index = _mm512_loadu_si512(table.index + at);
        const __m512 early =
            _mm512_mul_ps(_mm512_loadu_ps(table.early + at), _mm512_permutexvar_ps(index, near));
        const __m512 late = _mm512_mul_ps(_mm512_loadu_ps(table.late + at),
                                          _mm512_permutexvar_ps(_mm512_add_epi32(index, one), near));
        sum = _mm512_add_ps(sum, _mm512_add_ps(early, late));
      }
      _mm512_storeu_ps(samples, sum);
    }
  }
}

void beat(const float* s, std::size_t count, float* w) noexcept {
  for (std::size_t i = 0; i < count; i += 16) {
    const __mmask16 mask = count - i < 16 ? static_cast<__mmask16>((1u << (count - i)) - 1) : 0xffff;
    const __m512 power = _mm512_max_ps(_mm512_maskz_loadu_ps(mask, w + i), _mm512_setzero_ps());
    const __m512 field = _mm512_add_ps(_mm512_sqrt_ps(power), _mm512_maskz_loadu_ps(mask, s + i));
    _mm512_mask_storeu_ps(w + i, mask, _mm512_mul_ps(field, field));
  }
}

void detect(const float* re, const float* im, float scale, std::size_t count, float* w) noexcept {
  if (im == nullptr) {
    for (std::size_t i = 0; i < count; ++i) w[i] = scale * (re[i] * re[i]);
  } else {
    for (std::size_t i = 0; i < count; ++i) w[i] = scale * (re[i] * re[i] + im[i] * im[i]);
  }
}

}  // namespace

const InterfererKernels interferers_avx512{16, expand, shape, beat, detect};

}  // namespace lightlane::optics::detail

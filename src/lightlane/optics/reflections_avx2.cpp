#include <immintrin.h>

#include <cmath>

#include "lightlane/optics/reflections_kernels.hpp"

namespace lightlane::optics::detail {
namespace {

void expand(const std::uint32_t* bits, const float* value, float c, float s, const float* cosine,
            const float* sine, float* out) noexcept {
  const __m256i three = _mm256_set1_epi32(3);
  const __m256 table = _mm256_broadcast_ps(reinterpret_cast<const __m128*>(value));
  const __m256i shift = _mm256_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14);
  const __m256 cc = _mm256_set1_ps(c), ss = _mm256_set1_ps(s);
  for (std::size_t q = 0; q < 8; ++q) {
    const __m256i word = _mm256_set1_epi32(static_cast<int>(bits[q / 2] >> 16 * (q % 2)));
    const __m256i symbol = _mm256_and_si256(_mm256_srlv_epi32(word, shift), three);
    const __m256 turn = _mm256_sub_ps(_mm256_mul_ps(cc, _mm256_loadu_ps(cosine + 8 * q)),
                                      _mm256_mul_ps(ss, _mm256_loadu_ps(sine + 8 * q)));
    _mm256_storeu_ps(out + 8 * q, _mm256_mul_ps(_mm256_permutevar8x32_ps(table, symbol), turn));
  }
}

void shape(const ShapeTable& table, const float* x, std::size_t stride, std::size_t periods,
           float* out) noexcept {
  const __m256i one = _mm256_set1_epi32(1);
  for (std::size_t v = 0; v < table.vectors; ++v) {
    const float* symbols = x + table.base[v];
    float* samples = out + 8 * v;
    for (std::size_t p = 0; p < periods; ++p, symbols += table.period_symbols, samples += 8 * table.vectors) {
      __m256 sum = _mm256_setzero_ps();
      for (std::size_t k = 0; k < table.sources; ++k) {
        const std::size_t at = 8 * (k * table.vectors + v);
        const __m256 near = _mm256_loadu_ps(symbols + k * stride);
        const __m256i index = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(table.index + at));
        const __m256 early =
            _mm256_mul_ps(_mm256_loadu_ps(table.early + at), _mm256_permutevar8x32_ps(near, index));
        const __m256 late = _mm256_mul_ps(_mm256_loadu_ps(table.late + at),
                                          _mm256_permutevar8x32_ps(near, _mm256_add_epi32(index, one)));
        sum = _mm256_add_ps(sum, _mm256_add_ps(early, late));
      }
      _mm256_storeu_ps(samples, sum);
    }
  }
}

void beat(const float* s, std::size_t count, float* w) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m256 power = _mm256_max_ps(_mm256_loadu_ps(w + i), _mm256_setzero_ps());
    const __m256 field = _mm256_add_ps(_mm256_sqrt_ps(power), _mm256_loadu_ps(s + i));
    _mm256_storeu_ps(w + i, _mm256_mul_ps(field, field));
  }
  for (; i < count; ++i) {
    const float field = std::sqrt(w[i] > 0 ? w[i] : 0.0f) + s[i];
    w[i] = field * field;
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

const InterfererKernels interferers_avx2{8, expand, shape, beat, detect};

}  // namespace lightlane::optics::detail

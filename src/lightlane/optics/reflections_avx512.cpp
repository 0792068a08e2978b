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

/// `group` sources, from the k-th, onto what the samples hold already: their tables stay in registers. Half a
/// register of symbols costs less to load: most full ones straddle two cache lines.
template <std::size_t group, bool near_fits_half>
void shape_group(const ShapeTable& table, std::size_t k, std::size_t v, const float* x, std::size_t stride,
                 std::size_t periods, float* out) noexcept {
  __m512 early[group], late[group];
  __m512i index[group], next[group];
  for (std::size_t g = 0; g < group; ++g) {
    const std::size_t at = 16 * ((k + g) * table.vectors + v);
    early[g] = _mm512_loadu_ps(table.early + at);
    late[g] = _mm512_loadu_ps(table.late + at);
    index[g] = _mm512_loadu_si512(table.index + at);
    next[g] = _mm512_add_epi32(index[g], _mm512_set1_epi32(1));
  }
  const float* symbols = x + k * stride + table.base[v];
  float* samples = out + 16 * v;
  for (std::size_t p = 0; p < periods; ++p) {
    __m512 sum = k == 0 ? _mm512_setzero_ps() : _mm512_loadu_ps(samples);
    for (std::size_t g = 0; g < group; ++g) {
      const float* from_symbol = symbols + g * stride;
      const __m512 near = near_fits_half ? _mm512_castps256_ps512(_mm256_loadu_ps(from_symbol))
                                         : _mm512_loadu_ps(from_symbol);
      const __m512 from = _mm512_mul_ps(early[g], _mm512_permutexvar_ps(index[g], near));
      const __m512 to = _mm512_mul_ps(late[g], _mm512_permutexvar_ps(next[g], near));
      sum = _mm512_add_ps(sum, _mm512_add_ps(from, to));
    }
    _mm512_storeu_ps(samples, sum);
    symbols += table.period_symbols;
    samples += 16 * table.vectors;
  }
}

template <bool near_fits_half>
void shape_all(const ShapeTable& table, const float* x, std::size_t stride, std::size_t periods,
               float* out) noexcept {
  for (std::size_t v = 0; v < table.vectors; ++v) {
    std::size_t k = 0;
    for (; k + 3 <= table.sources; k += 3)
      shape_group<3, near_fits_half>(table, k, v, x, stride, periods, out);
    for (; k < table.sources; ++k) shape_group<1, near_fits_half>(table, k, v, x, stride, periods, out);
  }
}

void shape(const ShapeTable& table, const float* x, std::size_t stride, std::size_t periods,
           float* out) noexcept {
  (table.near <= 8 ? shape_all<true> : shape_all<false>)(table, x, stride, periods, out);
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

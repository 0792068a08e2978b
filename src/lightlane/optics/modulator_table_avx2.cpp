#include <immintrin.h>

#include "lightlane/optics/modulator_table.hpp"

namespace lightlane::optics {
namespace {

/// The coefficient of one degree for eight samples: from two registers, or from memory.
struct TwoRegisters {
  __m256 low[5], high[5];
  explicit TwoRegisters(const float* table) noexcept {
    for (int k = 0; k < 5; ++k) {
      low[k] = _mm256_loadu_ps(table + 16 * k);
      high[k] = _mm256_loadu_ps(table + 16 * k + 8);
    }
  }
  __m256 operator()(int k, __m256i s) const noexcept {
    const __m256 upper = _mm256_castsi256_ps(_mm256_slli_epi32(s, 28));  // bit 3 of s decides
    return _mm256_blendv_ps(_mm256_permutevar8x32_ps(low[k], s), _mm256_permutevar8x32_ps(high[k], s), upper);
  }
};
struct Memory {
  const float* table;
  std::size_t segments;
  __m256 operator()(int k, __m256i s) const noexcept {
    return _mm256_i32gather_ps(table + static_cast<std::size_t>(k) * segments, s, 4);
  }
};

template <class Coefficients>
[[gnu::always_inline]] inline __m256 eight(const CurveTable& table, const Coefficients& coefficient,
                                           __m256 v) noexcept {
  const __m256 top = _mm256_set1_ps(static_cast<float>(table.segments));
  __m256 u = _mm256_mul_ps(_mm256_sub_ps(v, _mm256_set1_ps(table.low)), _mm256_set1_ps(table.steps_per_unit));
  u = _mm256_min_ps(_mm256_max_ps(u, _mm256_setzero_ps()), top);
  const __m256i s =
      _mm256_min_epi32(_mm256_cvttps_epi32(u), _mm256_set1_epi32(static_cast<int>(table.segments) - 1));
  const __m256 x = _mm256_sub_ps(u, _mm256_cvtepi32_ps(s));
  __m256 y = _mm256_fmadd_ps(coefficient(4, s), x, coefficient(3, s));
  y = _mm256_fmadd_ps(y, x, coefficient(2, s));
  y = _mm256_fmadd_ps(y, x, coefficient(1, s));
  return _mm256_fmadd_ps(y, x, coefficient(0, s));
}

template <class Coefficients>
[[gnu::always_inline]] inline void evaluate(const CurveTable& table, const Coefficients& coefficient,
                                            const float* v, std::size_t count, float* out) noexcept {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    _mm256_storeu_ps(out + i, eight(table, coefficient, _mm256_loadu_ps(v + i)));
  }
  if (i < count) {
    alignas(32) float rest[8] = {};
    for (std::size_t k = 0; k < count - i; ++k) rest[k] = v[i + k];
    _mm256_store_ps(rest, eight(table, coefficient, _mm256_load_ps(rest)));
    for (std::size_t k = 0; k < count - i; ++k) out[i + k] = rest[k];
  }
}

}  // namespace

void evaluate_curve_avx2(const CurveTable& table, const float* v, std::size_t count, float* out) noexcept {
  const float* const c = table.coefficients.data();
  if (table.segments == 16) {
    evaluate(table, TwoRegisters(c), v, count, out);
  } else {
    evaluate(table, Memory{c, table.segments}, v, count, out);
  }
}

}  // namespace lightlane::optics

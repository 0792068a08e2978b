#include <immintrin.h>

#include "lightlane/optics/modulator_table.hpp"

namespace lightlane::optics {
namespace {

/// The coefficient of one degree for sixteen samples: from one register, from two, or from memory.
struct OneRegister {
  __m512 c[5];
  explicit OneRegister(const float* table) noexcept {
    for (int k = 0; k < 5; ++k) c[k] = _mm512_loadu_ps(table + 16 * k);
  }
  __m512 operator()(int k, __m512i s) const noexcept { return _mm512_permutexvar_ps(s, c[k]); }
};
struct TwoRegisters {
  __m512 low[5], high[5];
  explicit TwoRegisters(const float* table) noexcept {
    for (int k = 0; k < 5; ++k) {
      low[k] = _mm512_loadu_ps(table + 32 * k);
      high[k] = _mm512_loadu_ps(table + 32 * k + 16);
    }
  }
  __m512 operator()(int k, __m512i s) const noexcept { return _mm512_permutex2var_ps(low[k], s, high[k]); }
};
struct Memory {
  const float* table;
  std::size_t segments;
  __m512 operator()(int k, __m512i s) const noexcept {
    return _mm512_i32gather_ps(s, table + static_cast<std::size_t>(k) * segments, 4);
  }
};

template <class Coefficients>
[[gnu::always_inline]] inline void evaluate(const CurveTable& table, const Coefficients& coefficient,
                                            const float* v, std::size_t count, float* out) noexcept {
  const __m512 low = _mm512_set1_ps(table.low), rate = _mm512_set1_ps(table.steps_per_unit);
  const __m512 top = _mm512_set1_ps(static_cast<float>(table.segments));
  const __m512i last = _mm512_set1_epi32(static_cast<int>(table.segments) - 1);
  for (std::size_t i = 0; i < count; i += 16) {
    const __mmask16 mask = count - i >= 16 ? __mmask16(0xffff) : __mmask16((1u << (count - i)) - 1);
    __m512 u = _mm512_mul_ps(_mm512_sub_ps(_mm512_maskz_loadu_ps(mask, v + i), low), rate);
    u = _mm512_min_ps(_mm512_max_ps(u, _mm512_setzero_ps()), top);
    const __m512i s = _mm512_min_epi32(_mm512_cvttps_epi32(u), last);
    const __m512 x = _mm512_sub_ps(u, _mm512_cvtepi32_ps(s));
    __m512 y = _mm512_fmadd_ps(coefficient(4, s), x, coefficient(3, s));
    y = _mm512_fmadd_ps(y, x, coefficient(2, s));
    y = _mm512_fmadd_ps(y, x, coefficient(1, s));
    y = _mm512_fmadd_ps(y, x, coefficient(0, s));
    _mm512_mask_storeu_ps(out + i, mask, y);
  }
}

}  // namespace

void evaluate_curve_avx512(const CurveTable& table, const float* v, std::size_t count, float* out) noexcept {
  const float* const c = table.coefficients.data();
  if (table.segments == 16) {
    evaluate(table, OneRegister(c), v, count, out);
  } else if (table.segments == 32) {
    evaluate(table, TwoRegisters(c), v, count, out);
  } else {
    evaluate(table, Memory{c, table.segments}, v, count, out);
  }
}

}  // namespace lightlane::optics

#include <immintrin.h>

#include <cstdint>

#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math::detail {
namespace {

struct Vector {
  using Register = __m512;
  using Index = __m512i;
  static constexpr std::size_t lanes = 16, filter_rows = 12, complex_rows = 4;
  static __mmask16 first(std::size_t n) { return static_cast<__mmask16>((1u << n) - 1); }
  static Register zero() { return _mm512_setzero_ps(); }
  static Register broadcast(float x) { return _mm512_set1_ps(x); }
  static Register load(const float* p) { return _mm512_loadu_ps(p); }
  static Register load(const float* p, std::size_t n) { return _mm512_maskz_loadu_ps(first(n), p); }
  static void store(float* p, Register r) { _mm512_storeu_ps(p, r); }
  static void store(float* p, Register r, std::size_t n) { _mm512_mask_storeu_ps(p, first(n), r); }
  static Register fma(Register a, Register b, Register c) { return _mm512_fmadd_ps(a, b, c); }
  static Register add(Register a, Register b) { return _mm512_add_ps(a, b); }
  static Register subtract(Register a, Register b) { return _mm512_sub_ps(a, b); }
  static Register one_lane_on(Register x, Register next) {
    return _mm512_castsi512_ps(_mm512_alignr_epi32(_mm512_castps_si512(next), _mm512_castps_si512(x), 1));
  }
  static Index load_index(const std::uint32_t* p) { return _mm512_loadu_si512(p); }
  static Register spread(const float* p, std::size_t n, Index index) {
    const auto mask = static_cast<__mmask8>((1u << n) - 1);
    return _mm512_permutexvar_ps(index, _mm512_castps256_ps512(_mm256_maskz_loadu_ps(mask, p)));
  }

  /// Lane l of the result is the sum over r[l]: four steps, each of which halves the registers and adds lanes
  /// 1, 2, 4, 8 apart of what they stand for.
  static Register sums(const Register* r) {
    Register pairs[8], fours[4];
    for (int i = 0; i < 8; ++i) {
      pairs[i] = _mm512_add_ps(_mm512_unpacklo_ps(r[2 * i], r[2 * i + 1]),
                               _mm512_unpackhi_ps(r[2 * i], r[2 * i + 1]));
    }
    for (int i = 0; i < 4; ++i) {
      const auto a = _mm512_castps_pd(pairs[2 * i]), b = _mm512_castps_pd(pairs[2 * i + 1]);
      fours[i] = _mm512_add_ps(_mm512_castpd_ps(_mm512_unpacklo_pd(a, b)),
                               _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)));
    }
    const auto halves = [](Register a, Register b) {  // quarters 0 + 1 and 2 + 3 of a, then of b
      return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
    };
    return halves(halves(fours[0], fours[1]), halves(fours[2], fours[3]));
  }
};

#include "lightlane/math/fir_vector.hpp"

}  // namespace

constinit const FirKernels fir_avx512{filter, decimate, complex_filter, interpolate};

}  // namespace lightlane::math::detail

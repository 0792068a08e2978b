#include <immintrin.h>

#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::math::detail {
namespace {

struct InverseNormal {
  __m512 low[inverse_normal_degree + 1], high[inverse_normal_degree + 1];

  InverseNormal() {
    for (int d = 0; d <= inverse_normal_degree; ++d) {
      low[d] = _mm512_loadu_ps(inverse_normal[d]);
      high[d] = _mm512_loadu_ps(inverse_normal[d] + 16);
    }
  }

  __m512 operator()(__m512i u) const {
    const __m512i upper = _mm512_srai_epi32(u, 31);
    const __m512 whole = _mm512_cvtepi32_ps(_mm512_xor_si512(u, upper));
    const __m512 f = _mm512_min_ps(_mm512_add_ps(whole, _mm512_set1_ps(0.5f)), _mm512_set1_ps(largest_f));
    const __m512i bits = _mm512_castps_si512(f);
    const __m512i segment = _mm512_sub_epi32(_mm512_srli_epi32(bits, 23), _mm512_set1_epi32(126));
    const __m512i mantissa = _mm512_ternarylogic_epi32(bits, _mm512_set1_epi32(0x007fffff),
                                                       _mm512_set1_epi32(0x3f800000), 0xea);  // (a & b) | c
    const __m512 s = _mm512_sub_ps(_mm512_castsi512_ps(mantissa), _mm512_set1_ps(1.5f));
    __m512 x = _mm512_permutex2var_ps(low[inverse_normal_degree], segment, high[inverse_normal_degree]);
    for (int d = inverse_normal_degree - 1; d >= 0; --d) {
      x = _mm512_add_ps(_mm512_mul_ps(x, s), _mm512_permutex2var_ps(low[d], segment, high[d]));
    }
    const __m512i sign = _mm512_andnot_si512(upper, _mm512_set1_epi32(static_cast<int>(0x80000000)));
    return _mm512_castsi512_ps(_mm512_xor_si512(_mm512_castps_si512(x), sign));
  }
};

/// Eight blocks, each word in the low half of a 64-bit lane (what stands in the high halves is never used).
struct Counters {
  __m512i c0, c1, c2, c3;

  void rounds(const GaussianKey& key) {
    const __m512i m0 = _mm512_set1_epi64(philox_multiplier[0]), m1 = _mm512_set1_epi64(philox_multiplier[1]);
    std::uint32_t k0 = key.key[0], k1 = key.key[1];
    for (int round = 0; round < philox_rounds; ++round, k0 += philox_weyl[0], k1 += philox_weyl[1]) {
      const __m512i a = _mm512_mul_epu32(m0, c0), b = _mm512_mul_epu32(m1, c2);
      c0 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(b, 32), c1, _mm512_set1_epi64(k0), 0x96);
      c2 = _mm512_ternarylogic_epi64(_mm512_srli_epi64(a, 32), c3, _mm512_set1_epi64(k1), 0x96);
      c1 = b;
      c3 = a;
    }
  }
};

__m512i pair(__m512i low, __m512i high) {
  return _mm512_mask_blend_epi32(0xaaaa, low, _mm512_slli_epi64(high, 32));
}

}  // namespace

void gaussian_blocks_avx512(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                            float* out) noexcept {
  const InverseNormal normal;
  // Blocks 0 to 3 in the even lanes, 4 to 7 in the odd ones: unpacking then puts them in order.
  const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
  for (std::size_t i = 0; i < blocks; i += 16) {
    Counters counters[2];
    for (int h = 0; h < 2; ++h) {
      auto& c = counters[h];
      c.c0 = _mm512_add_epi64(_mm512_set1_epi64(static_cast<long long>(first_block + i + 8 * h)), order);
      c.c1 = _mm512_srli_epi64(c.c0, 32);
      c.c2 = _mm512_set1_epi64(key.stream[0]);
      c.c3 = _mm512_set1_epi64(key.stream[1]);
    }
    for (auto& c : counters) c.rounds(key);
    for (int h = 0; h < 2; ++h) {
      const __m512i front = pair(counters[h].c0, counters[h].c1), back = pair(counters[h].c2, counters[h].c3);
      float* const to = out + 4 * i + 32 * h;
      _mm512_storeu_ps(to, normal(_mm512_unpacklo_epi64(front, back)));
      _mm512_storeu_ps(to + 16, normal(_mm512_unpackhi_epi64(front, back)));
    }
  }
}

}  // namespace lightlane::math::detail

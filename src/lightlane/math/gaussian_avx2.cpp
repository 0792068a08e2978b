#include <immintrin.h>

#include "lightlane/math/gaussian_kernels.hpp"

namespace lightlane::math::detail {
namespace {

/// Entry `segment` (0 to 31) of a row: one of four permutations, chosen by the top bits of the segment.
__m256 look_up(const float* row, __m256i segment, __m256 bit3, __m256 bit4) {
  const __m256 a = _mm256_permutevar8x32_ps(_mm256_loadu_ps(row), segment);
  const __m256 b = _mm256_permutevar8x32_ps(_mm256_loadu_ps(row + 8), segment);
  const __m256 c = _mm256_permutevar8x32_ps(_mm256_loadu_ps(row + 16), segment);
  const __m256 d = _mm256_permutevar8x32_ps(_mm256_loadu_ps(row + 24), segment);
  return _mm256_blendv_ps(_mm256_blendv_ps(a, b, bit3), _mm256_blendv_ps(c, d, bit3), bit4);
}

__m256 normal(__m256i u) {
  const __m256i upper = _mm256_srai_epi32(u, 31);
  const __m256 whole = _mm256_cvtepi32_ps(_mm256_xor_si256(u, upper));
  const __m256 f = _mm256_min_ps(_mm256_add_ps(whole, _mm256_set1_ps(0.5f)), _mm256_set1_ps(largest_f));
  const __m256i bits = _mm256_castps_si256(f);
  const __m256i segment = _mm256_sub_epi32(_mm256_srli_epi32(bits, 23), _mm256_set1_epi32(126));
  const __m256 bit3 = _mm256_castsi256_ps(_mm256_slli_epi32(segment, 28));
  const __m256 bit4 = _mm256_castsi256_ps(_mm256_slli_epi32(segment, 27));
  const __m256i mantissa =
      _mm256_or_si256(_mm256_and_si256(bits, _mm256_set1_epi32(0x007fffff)), _mm256_set1_epi32(0x3f800000));
  const __m256 s = _mm256_sub_ps(_mm256_castsi256_ps(mantissa), _mm256_set1_ps(1.5f));
  __m256 x = look_up(inverse_normal[inverse_normal_degree], segment, bit3, bit4);
  for (int d = inverse_normal_degree - 1; d >= 0; --d) {
    x = _mm256_add_ps(_mm256_mul_ps(x, s), look_up(inverse_normal[d], segment, bit3, bit4));
  }
  const __m256i sign = _mm256_andnot_si256(upper, _mm256_set1_epi32(static_cast<int>(0x80000000)));
  return _mm256_castsi256_ps(_mm256_xor_si256(_mm256_castps_si256(x), sign));
}

/// Four blocks, each word in the low half of a 64-bit lane (what stands in the high halves is never used).
struct Counters {
  __m256i c0, c1, c2, c3;

  void rounds(const GaussianKey& key) {
    const __m256i m0 = _mm256_set1_epi64x(philox_multiplier[0]),
                  m1 = _mm256_set1_epi64x(philox_multiplier[1]);
    std::uint32_t k0 = key.key[0], k1 = key.key[1];
    for (int round = 0; round < philox_rounds; ++round, k0 += philox_weyl[0], k1 += philox_weyl[1]) {
      const __m256i a = _mm256_mul_epu32(m0, c0), b = _mm256_mul_epu32(m1, c2);
      c0 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(b, 32), c1), _mm256_set1_epi64x(k0));
      c2 = _mm256_xor_si256(_mm256_xor_si256(_mm256_srli_epi64(a, 32), c3), _mm256_set1_epi64x(k1));
      c1 = b;
      c3 = a;
    }
  }
};

__m256i pair(__m256i low, __m256i high) { return _mm256_blend_epi32(low, _mm256_slli_epi64(high, 32), 0xaa); }

}  // namespace

void gaussian_blocks_avx2(const GaussianKey& key, std::uint64_t first_block, std::size_t blocks,
                          float* out) noexcept {
  // Blocks 0 and 1 in the even lanes, 2 and 3 in the odd ones: unpacking then puts them in order.
  const __m256i order = _mm256_setr_epi64x(0, 2, 1, 3);
  for (std::size_t i = 0; i < blocks; i += 8) {
    Counters counters[2];
    for (int h = 0; h < 2; ++h) {
      auto& c = counters[h];
      c.c0 = _mm256_add_epi64(_mm256_set1_epi64x(static_cast<long long>(first_block + i + 4 * h)), order);
      c.c1 = _mm256_srli_epi64(c.c0, 32);
      c.c2 = _mm256_set1_epi64x(key.stream[0]);
      c.c3 = _mm256_set1_epi64x(key.stream[1]);
    }
    for (auto& c : counters) c.rounds(key);
    for (int h = 0; h < 2; ++h) {
      const __m256i front = pair(counters[h].c0, counters[h].c1), back = pair(counters[h].c2, counters[h].c3);
      float* const to = out + 4 * i + 16 * h;
      _mm256_storeu_ps(to, normal(_mm256_unpacklo_epi64(front, back)));
      _mm256_storeu_ps(to + 8, normal(_mm256_unpackhi_epi64(front, back)));
    }
  }
}

}  // namespace lightlane::math::detail

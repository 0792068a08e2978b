// GCC 12 warns about its own intrinsics (PR 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>

#include "lightlane/pma/bit_interleave_kernels.hpp"

namespace lightlane::pma::detail {
namespace {

inline __m512i load(const std::uint64_t* p) { return _mm512_loadu_si512(p); }
inline void store(std::uint64_t* p, __m512i v) { _mm512_storeu_si512(p, v); }

struct Pair {
  __m512i first, second;
};

// Two levels of ratio 2 make ratio 4 without leaving the registers.
inline Pair zip(__m512i a, __m512i b) {
  const __m512i table = _mm512_broadcast_i32x4(_mm_setr_epi8(0x00, 0x01, 0x04, 0x05, 0x10, 0x11, 0x14, 0x15,
                                                             0x40, 0x41, 0x44, 0x45, 0x50, 0x51, 0x54, 0x55));
  const __m512i table_b = _mm512_add_epi8(table, table);
  const __m512i nibble = _mm512_set1_epi8(0x0f);
  const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
  const __m512i x = _mm512_permutexvar_epi64(order, a), y = _mm512_permutexvar_epi64(order, b);
  const __m512i low = _mm512_or_si512(_mm512_shuffle_epi8(table, _mm512_and_si512(x, nibble)),
                                      _mm512_shuffle_epi8(table_b, _mm512_and_si512(y, nibble)));
  const __m512i high =
      _mm512_or_si512(_mm512_shuffle_epi8(table, _mm512_and_si512(_mm512_srli_epi16(x, 4), nibble)),
                      _mm512_shuffle_epi8(table_b, _mm512_and_si512(_mm512_srli_epi16(y, 4), nibble)));
  return {_mm512_unpacklo_epi8(low, high), _mm512_unpackhi_epi8(low, high)};
}

inline Pair unzip(__m512i first, __m512i second) {
  // Output bit i of an octet is input bit 0 2 4 6 1 3 5 7; row i of the matrix is octet 7 - i.
  const __m512i sort = _mm512_set1_epi64(0x0104104002082080);
  const __m512i nibble = _mm512_set1_epi8(0x0f), join = _mm512_set1_epi16(0x1001);
  const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
  const __m512i u = _mm512_gf2p8affine_epi64_epi8(first, sort, 0),
                v = _mm512_gf2p8affine_epi64_epi8(second, sort, 0);
  const __m512i even = _mm512_packus_epi16(_mm512_maddubs_epi16(_mm512_and_si512(u, nibble), join),
                                           _mm512_maddubs_epi16(_mm512_and_si512(v, nibble), join));
  const __m512i odd =
      _mm512_packus_epi16(_mm512_maddubs_epi16(_mm512_and_si512(_mm512_srli_epi16(u, 4), nibble), join),
                          _mm512_maddubs_epi16(_mm512_and_si512(_mm512_srli_epi16(v, 4), nibble), join));
  return {_mm512_permutexvar_epi64(order, even), _mm512_permutexvar_epi64(order, odd)};
}

}  // namespace

void interleave_avx512(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                       std::uint64_t* out) noexcept {
  if (ratio != 2 && ratio != 4) return interleave_avx2(in, ratio, words, out);
  std::size_t w = 0;
  if (ratio == 2) {
    for (; w + 8 <= words; w += 8) {
      const Pair joined = zip(load(in[0] + w), load(in[1] + w));
      store(out + 2 * w, joined.first);
      store(out + 2 * w + 8, joined.second);
    }
  } else {
    for (; w + 8 <= words; w += 8) {
      const Pair even = zip(load(in[0] + w), load(in[2] + w)), odd = zip(load(in[1] + w), load(in[3] + w));
      const Pair early = zip(even.first, odd.first), late = zip(even.second, odd.second);
      store(out + 4 * w, early.first);
      store(out + 4 * w + 8, early.second);
      store(out + 4 * w + 16, late.first);
      store(out + 4 * w + 24, late.second);
    }
  }
  const std::uint64_t* rest[4];
  for (unsigned j = 0; j < ratio; ++j) rest[j] = in[j] + w;
  if (w < words) interleave_avx2(rest, ratio, words - w, out + ratio * w);
}

void deinterleave_avx512(const std::uint64_t* in, unsigned ratio, std::size_t words,
                         std::uint64_t* const* out) noexcept {
  if (ratio != 2 && ratio != 4) return deinterleave_avx2(in, ratio, words, out);
  std::size_t w = 0;
  if (ratio == 2) {
    for (; w + 8 <= words; w += 8) {
      const Pair lanes = unzip(load(in + 2 * w), load(in + 2 * w + 8));
      store(out[0] + w, lanes.first);
      store(out[1] + w, lanes.second);
    }
  } else {
    for (; w + 8 <= words; w += 8) {
      const Pair early = unzip(load(in + 4 * w), load(in + 4 * w + 8));
      const Pair late = unzip(load(in + 4 * w + 16), load(in + 4 * w + 24));
      const Pair even = unzip(early.first, late.first), odd = unzip(early.second, late.second);
      store(out[0] + w, even.first);
      store(out[2] + w, even.second);
      store(out[1] + w, odd.first);
      store(out[3] + w, odd.second);
    }
  }
  std::uint64_t* rest[4];
  for (unsigned j = 0; j < ratio; ++j) rest[j] = out[j] + w;
  if (w < words) deinterleave_avx2(in + ratio * w, ratio, words - w, rest);
}

}  // namespace lightlane::pma::detail

#include <immintrin.h>

#include "lightlane/pma/bit_interleave_kernels.hpp"

namespace lightlane::pma::detail {
namespace {

constexpr std::size_t strip = 64;
constexpr unsigned pdep_ratio = 8;

inline __m256i load(const std::uint64_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
inline void store(std::uint64_t* p, __m256i v) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), v); }

// A nibble spreads to an octet by table; octets of low and high nibbles are then zipped.
void interleave2(const std::uint64_t* a, const std::uint64_t* b, std::size_t words,
                 std::uint64_t* out) noexcept {
  const __m256i table = _mm256_broadcastsi128_si256(_mm_setr_epi8(
      0x00, 0x01, 0x04, 0x05, 0x10, 0x11, 0x14, 0x15, 0x40, 0x41, 0x44, 0x45, 0x50, 0x51, 0x54, 0x55));
  const __m256i table_b = _mm256_add_epi8(table, table);
  const __m256i nibble = _mm256_set1_epi8(0x0f);
  std::size_t w = 0;
  for (; w + 4 <= words; w += 4) {
    const __m256i x = _mm256_permute4x64_epi64(load(a + w), 0xd8),
                  y = _mm256_permute4x64_epi64(load(b + w), 0xd8);
    const __m256i low = _mm256_or_si256(_mm256_shuffle_epi8(table, _mm256_and_si256(x, nibble)),
                                        _mm256_shuffle_epi8(table_b, _mm256_and_si256(y, nibble)));
    const __m256i high =
        _mm256_or_si256(_mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), nibble)),
                        _mm256_shuffle_epi8(table_b, _mm256_and_si256(_mm256_srli_epi16(y, 4), nibble)));
    store(out + 2 * w, _mm256_unpacklo_epi8(low, high));
    store(out + 2 * w + 4, _mm256_unpackhi_epi8(low, high));
  }
  constexpr std::uint64_t even = 0x5555555555555555u;
  for (; w < words; ++w) {
    out[2 * w] = _pdep_u64(a[w], even) | _pdep_u64(b[w], ~even);
    out[2 * w + 1] = _pdep_u64(a[w] >> 32, even) | _pdep_u64(b[w] >> 32, ~even);
  }
}

void deinterleave2(const std::uint64_t* in, std::size_t words, std::uint64_t* a, std::uint64_t* b) noexcept {
  const __m256i table = _mm256_broadcastsi128_si256(_mm_setr_epi8(
      0x00, 0x01, 0x10, 0x11, 0x02, 0x03, 0x12, 0x13, 0x20, 0x21, 0x30, 0x31, 0x22, 0x23, 0x32, 0x33));
  const __m256i table_high = _mm256_slli_epi16(table, 2);
  const __m256i nibble = _mm256_set1_epi8(0x0f), join = _mm256_set1_epi16(0x1001);
  // Even bits of each octet in its low nibble, odd bits in its high one.
  const auto sort = [&](__m256i v) {
    return _mm256_or_si256(
        _mm256_shuffle_epi8(table, _mm256_and_si256(v, nibble)),
        _mm256_shuffle_epi8(table_high, _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble)));
  };
  std::size_t w = 0;
  for (; w + 4 <= words; w += 4) {
    const __m256i u = sort(load(in + 2 * w)), v = sort(load(in + 2 * w + 4));
    const __m256i even = _mm256_packus_epi16(_mm256_maddubs_epi16(_mm256_and_si256(u, nibble), join),
                                             _mm256_maddubs_epi16(_mm256_and_si256(v, nibble), join));
    const __m256i odd =
        _mm256_packus_epi16(_mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(u, 4), nibble), join),
                            _mm256_maddubs_epi16(_mm256_and_si256(_mm256_srli_epi16(v, 4), nibble), join));
    store(a + w, _mm256_permute4x64_epi64(even, 0xd8));
    store(b + w, _mm256_permute4x64_epi64(odd, 0xd8));
  }
  constexpr std::uint64_t even = 0x5555555555555555u;
  for (; w < words; ++w) {
    a[w] = _pext_u64(in[2 * w], even) | _pext_u64(in[2 * w + 1], even) << 32;
    b[w] = _pext_u64(in[2 * w], ~even) | _pext_u64(in[2 * w + 1], ~even) << 32;
  }
}

// Any ratio: per word of the joined stream and lane, which bits are its, and where in the lane's word they
// begin.
struct Masks {
  std::uint64_t mask[pdep_ratio][pdep_ratio];
  unsigned from[pdep_ratio][pdep_ratio];
  explicit Masks(unsigned ratio) noexcept {
    for (unsigned word = 0; word < ratio; ++word) {
      for (unsigned j = 0; j < ratio; ++j) {
        std::uint64_t bits = 0;
        const unsigned first = (j + ratio - 64 * word % ratio) % ratio;
        for (unsigned bit = first; bit < 64; bit += ratio) bits |= std::uint64_t{1} << bit;
        mask[word][j] = bits;
        from[word][j] = (64 * word + first) / ratio;
      }
    }
  }
};

}  // namespace

void interleave_avx2(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                     std::uint64_t* out) noexcept {
  if (ratio == 2) return interleave2(in[0], in[1], words, out);
  if (ratio == 4) {
    std::uint64_t even[2 * strip], odd[2 * strip];
    for (std::size_t w = 0; w < words; w += strip) {
      const std::size_t count = words - w < strip ? words - w : strip;
      interleave2(in[0] + w, in[2] + w, count, even);
      interleave2(in[1] + w, in[3] + w, count, odd);
      interleave2(even, odd, 2 * count, out + 4 * w);
    }
    return;
  }
  if (ratio == 1 || ratio > pdep_ratio) return interleave_portable(in, ratio, words, out);
  const Masks masks(ratio);
  for (std::size_t w = 0; w < words; ++w) {
    for (unsigned word = 0; word < ratio; ++word) {
      std::uint64_t joined = 0;
      for (unsigned j = 0; j < ratio; ++j) {
        joined |= _pdep_u64(in[j][w] >> masks.from[word][j], masks.mask[word][j]);
      }
      out[ratio * w + word] = joined;
    }
  }
}

void deinterleave_avx2(const std::uint64_t* in, unsigned ratio, std::size_t words,
                       std::uint64_t* const* out) noexcept {
  if (ratio == 2) return deinterleave2(in, words, out[0], out[1]);
  if (ratio == 4) {
    std::uint64_t even[2 * strip], odd[2 * strip];
    for (std::size_t w = 0; w < words; w += strip) {
      const std::size_t count = words - w < strip ? words - w : strip;
      deinterleave2(in + 4 * w, 2 * count, even, odd);
      deinterleave2(even, count, out[0] + w, out[2] + w);
      deinterleave2(odd, count, out[1] + w, out[3] + w);
    }
    return;
  }
  if (ratio == 1 || ratio > pdep_ratio) return deinterleave_portable(in, ratio, words, out);
  const Masks masks(ratio);
  for (std::size_t w = 0; w < words; ++w) {
    std::uint64_t lanes[pdep_ratio] = {};
    for (unsigned word = 0; word < ratio; ++word) {
      for (unsigned j = 0; j < ratio; ++j) {
        lanes[j] |= _pext_u64(in[ratio * w + word], masks.mask[word][j]) << masks.from[word][j];
      }
    }
    for (unsigned j = 0; j < ratio; ++j) out[j][w] = lanes[j];
  }
}

}  // namespace lightlane::pma::detail

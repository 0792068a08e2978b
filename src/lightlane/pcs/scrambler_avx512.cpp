#include <immintrin.h>

#include "lightlane/pcs/scrambler_kernels.hpp"

namespace lightlane::pcs::scrambling {
namespace {

/// The stream `words` words (0..8) before `current`; `previous` is the 512 bits before.
template <int words>
__m512i back(__m512i current, __m512i previous) {
  if constexpr (words == 0) return current;
  if constexpr (words == 8) return previous;
  return _mm512_alignr_epi64(current, previous, (8 - words) & 7);
}

/// The stream `bits` bits (1..511) before `current`.
template <int bits>
__m512i delayed(__m512i current, __m512i previous) {
  return _mm512_shldi_epi64(back<bits / 64>(current, previous), back<bits / 64 + 1>(current, previous),
                            bits % 64);
}

__m512i xor3(__m512i a, __m512i b, __m512i c) { return _mm512_ternarylogic_epi64(a, b, c, 0x96); }

/// x (1 + D^39n + D^58n)
template <int n>
__m512i stage(__m512i current, __m512i previous) {
  return xor3(current, delayed<39 * n>(current, previous), delayed<58 * n>(current, previous));
}

/// Whole octets: 8 x 39 and 8 x 58 bits are.
struct OctetDelay {
  alignas(64) std::uint8_t index[64];
  constexpr explicit OctetDelay(int octets) : index() {
    for (int i = 0; i < 64; ++i)
      index[i] = static_cast<std::uint8_t>(i >= octets ? i - octets : 128 + i - octets);
  }
  __m512i operator()(__m512i current, __m512i previous) const {
    return _mm512_permutex2var_epi8(current, _mm512_load_si512(index), previous);
  }
};
constexpr OctetDelay delay_312(39), delay_464(58), delay_112(624 / 8 - 64), delay_416(928 / 8 - 64);

__m512i newest(std::uint64_t word) { return _mm512_maskz_set1_epi64(0x80, static_cast<long long>(word)); }

__mmask8 first_words(std::size_t words) {
  return words >= 8 ? __mmask8{0xff} : static_cast<__mmask8>((1u << words) - 1);
}

/// Zeros behind bit `count` of its word.
void trim(std::uint64_t* bits, std::size_t count) {
  if (count % 64 != 0) bits[count / 64] &= (std::uint64_t{1} << (count % 64)) - 1;
}

/// The latest 64 bits of history followed by `count` bits.
std::uint64_t latest(std::uint64_t history, const std::uint64_t* bits, std::size_t count) {
  const std::size_t word = count / 64;
  const unsigned rest = count % 64;
  if (count == 0) return history;
  if (rest == 0) return bits[word - 1];
  const std::uint64_t before = word == 0 ? history : bits[word - 1];
  return before >> rest | bits[word] << (64 - rest);
}

}  // namespace

/// With P = 1 + x^39 + x^58: 1/P = P^15 / P^16, P^15 = P P^2 P^4 P^8 and P^16 = 1 + x^624 + x^928. So four
/// sparse products and a recursion that reaches back more than 512 bits. The input before the start is what
/// would have given `history` after zeros.
void scramble_avx512(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept {
  const std::uint64_t input = history ^ history << 39 ^ history << 58;
  const std::uint64_t product = input ^ input << 39 ^ input << 58;
  __m512i u0 = newest(input), u1 = newest(product), u2 = u1, u3 = u1;
  __m512i out1 = newest(history), out2 = _mm512_setzero_si512();
  const std::size_t words = (count + 63) / 64;
  for (std::size_t w = 0; w < words; w += 8) {
    const __mmask8 mask = first_words(words - w);
    const __m512i in = _mm512_maskz_loadu_epi64(mask, bits + w);
    const __m512i v1 = stage<1>(in, u0);
    const __m512i v2 = stage<2>(v1, u1);
    const __m512i v3 = stage<4>(v2, u2);
    const __m512i v4 = xor3(v3, delay_312(v3, u3), delay_464(v3, u3));
    const __m512i out = xor3(v4, delay_112(out1, out2), delay_416(out1, out2));
    _mm512_mask_storeu_epi64(bits + w, mask, out);
    u0 = in;
    u1 = v1;
    u2 = v2;
    u3 = v3;
    out2 = out1;
    out1 = out;
  }
  trim(bits, count);
  history = latest(history, bits, count);
}

void descramble_avx512(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept {
  const std::uint64_t after = latest(history, bits, count);
  __m512i previous = newest(history);
  const std::size_t words = (count + 63) / 64;
  for (std::size_t w = 0; w < words; w += 8) {
    const __mmask8 mask = first_words(words - w);
    const __m512i in = _mm512_maskz_loadu_epi64(mask, bits + w);
    _mm512_mask_storeu_epi64(bits + w, mask, stage<1>(in, previous));
    previous = in;
  }
  trim(bits, count);
  history = after;
}

}  // namespace lightlane::pcs::scrambling

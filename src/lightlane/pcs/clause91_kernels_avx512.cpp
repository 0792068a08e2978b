#include <immintrin.h>

#include "lightlane/pcs/clause91_variants.hpp"

// Eight columns of four symbols, 40 octets of a codeword and 10 octets of each lane, in one vector of 32
// words.

namespace lightlane::pcs::clause91 {
namespace {

constexpr std::size_t step = 8;

struct alignas(64) Octets {
  std::uint8_t at[64];
};
struct alignas(64) Words {
  std::uint16_t at[32];
};

/// Word 8 l + t takes the two octets that hold symbol 4 t + l.
constexpr Octets gather_octets() {
  Octets octets{};
  for (unsigned q = 0; q < 32; ++q) {
    const unsigned bit = 10 * (4 * (q % 8) + q / 8);
    octets.at[2 * q] = static_cast<std::uint8_t>(bit / 8);
    octets.at[2 * q + 1] = static_cast<std::uint8_t>(bit / 8 + 1);
  }
  return octets;
}
constexpr Words gather_shifts() {
  Words words{};
  for (unsigned q = 0; q < 32; ++q) words.at[q] = 10 * (4 * (q % 8) + q / 8) % 8;
  return words;
}
/// Symbol 4 t + l from word 8 l + t.
constexpr Words column_order() {
  Words words{};
  for (unsigned s = 0; s < 32; ++s) words.at[s] = static_cast<std::uint16_t>(s % 4 * 8 + s / 4);
  return words;
}
/// Four words from bits 0, 10, 20, 30 of each quadword, as octets.
constexpr Octets spread_bits() {
  Octets octets{};
  for (unsigned i = 0; i < 64; ++i) octets.at[i] = static_cast<std::uint8_t>(i % 8 / 2 * 10 + i % 2 * 8);
  return octets;
}
/// The low five octets of eight quadwords, side by side.
constexpr Octets close_ranks() {
  Octets octets{};
  for (unsigned i = 0; i < 40; ++i) octets.at[i] = static_cast<std::uint8_t>(i / 5 * 8 + i % 5);
  return octets;
}

constexpr Octets gather_table = gather_octets(), spread_table = spread_bits(), close_table = close_ranks();
constexpr Words shift_table = gather_shifts(), order_table = column_order();

/// Four 10-bit words of each quadword become its low 40 bits.
__m512i join_four(__m512i words) {
  const __m512i pairs = _mm512_madd_epi16(words, _mm512_set1_epi32(1 | 1024 << 16));
  const __m512i low = _mm512_and_si512(pairs, _mm512_set1_epi64(0xfffff));
  return _mm512_or_si512(low,
                         _mm512_and_si512(_mm512_srli_epi64(pairs, 12), _mm512_set1_epi64(0xfffff00000)));
}

void store_lane(std::uint8_t* to, __m128i octets, bool last, __mmask16 mask) {
  if (last) {
    _mm_mask_storeu_epi8(to, mask, octets);
  } else {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), octets);  // the next step overwrites what is too much
  }
}

}  // namespace

void distribute_avx512(const std::uint64_t* codeword, std::size_t columns, std::uint64_t* const words[4],
                       const std::size_t bit[4]) noexcept {
  if (((bit[0] | bit[1] | bit[2] | bit[3]) & 7) != 0 || columns % 4 != 0) {
    distribute_portable(codeword, columns, words, bit);
    return;
  }
  const auto* from = reinterpret_cast<const std::uint8_t*>(codeword);
  std::uint8_t* to[4];
  for (unsigned l = 0; l < 4; ++l) to[l] = reinterpret_cast<std::uint8_t*>(words[l]) + bit[l] / 8;
  const __m512i gather = _mm512_load_si512(gather_table.at), shift = _mm512_load_si512(shift_table.at);
  const __m512i pack = _mm512_broadcast_i32x4(
      _mm_setr_epi8(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, -128, -128, -128, -128, -128, -128));
  for (std::size_t first = 0; first < columns; first += step) {
    const std::size_t count = columns - first < step ? columns - first : step;
    const __m512i octets = _mm512_maskz_loadu_epi8((std::uint64_t{1} << 5 * count) - 1, from + 5 * first);
    const __m512i pairs = _mm512_permutexvar_epi8(gather, octets);
    const __m512i symbols = _mm512_and_si512(_mm512_srlv_epi16(pairs, shift), _mm512_set1_epi16(1023));
    const __m512i lanes = _mm512_shuffle_epi8(join_four(symbols), pack);
    const bool last = first + step >= columns;
    const auto mask = static_cast<__mmask16>((1u << 10 * count / 8) - 1);
    store_lane(to[0], _mm512_castsi512_si128(lanes), last, mask);
    store_lane(to[1], _mm512_extracti32x4_epi32(lanes, 1), last, mask);
    store_lane(to[2], _mm512_extracti32x4_epi32(lanes, 2), last, mask);
    store_lane(to[3], _mm512_extracti32x4_epi32(lanes, 3), last, mask);
    for (auto& lane : to) lane += 10;
  }
  for (unsigned l = 0; l < 4; ++l) {
    const std::size_t end = bit[l] + 10 * columns;
    words[l][end / 64] &= (std::uint64_t{1} << end % 64) - 1;
  }
}

void collect_avx512(const std::uint64_t* const words[4], const std::size_t bit[4], std::size_t columns,
                    std::uint64_t* codeword) noexcept {
  const std::uint8_t* from[4];
  for (unsigned l = 0; l < 4; ++l) from[l] = reinterpret_cast<const std::uint8_t*>(words[l]) + bit[l] / 8;
  auto* to = reinterpret_cast<std::uint8_t*>(codeword);
  const std::size_t total = (40 * columns + 63) / 64 * 8;
  // Octets 0..7 and 5..12 of each lane: 40 bits each, behind the lane's phase.
  const __m512i halves =
      _mm512_broadcast_i32x4(_mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 5, 6, 7, 8, 9, 10, 11, 12));
  const auto phase = [&](unsigned l) { return _mm_set1_epi8(static_cast<char>(bit[l] % 8)); };
  __m512i spread = _mm512_castsi128_si512(phase(0));
  spread = _mm512_inserti32x4(spread, phase(1), 1);
  spread = _mm512_inserti32x4(spread, phase(2), 2);
  spread = _mm512_inserti32x4(spread, phase(3), 3);
  spread = _mm512_add_epi8(spread, _mm512_load_si512(spread_table.at));
  const __m512i order = _mm512_load_si512(order_table.at), close = _mm512_load_si512(close_table.at);
  for (std::size_t first = 0; first < columns; first += step) {
    const std::size_t count = columns - first < step ? columns - first : step;
    const auto load = [&](unsigned l) {
      if (first + step < columns) return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from[l]));
      const std::size_t octets = (bit[l] % 8 + 10 * count + 7) / 8;  // the lane may end here
      return _mm_maskz_loadu_epi8(static_cast<__mmask16>((1u << octets) - 1), from[l]);
    };
    __m512i lanes = _mm512_castsi128_si512(load(0));
    lanes = _mm512_inserti32x4(lanes, load(1), 1);
    lanes = _mm512_inserti32x4(lanes, load(2), 2);
    lanes = _mm512_inserti32x4(lanes, load(3), 3);
    for (auto& lane : from) lane += 10;
    const __m512i bits = _mm512_multishift_epi64_epi8(spread, _mm512_shuffle_epi8(lanes, halves));
    const __m512i symbols = _mm512_and_si512(bits, _mm512_set1_epi16(1023));
    const auto valid = static_cast<__mmask32>((std::uint64_t{1} << 4 * count) - 1);
    const __m512i joined = join_four(_mm512_maskz_permutexvar_epi16(valid, order, symbols));
    const __m512i out = _mm512_maskz_permutexvar_epi8((std::uint64_t{1} << 40) - 1, close, joined);
    const std::size_t room = total - 5 * first;
    if (room >= 64) {
      _mm512_storeu_si512(to + 5 * first, out);
    } else {
      _mm512_mask_storeu_epi8(to + 5 * first, (std::uint64_t{1} << room) - 1, out);
    }
  }
}

}  // namespace lightlane::pcs::clause91

// Division by slices of five bytes as in rs_portable.cpp, the register in two vectors, four codewords side by
// side since each step waits for the one before. Per codeword 129 steps of 5 look-ups (two loads each) and 6
// operations that move the register on: some 35 instructions a step.
#include <immintrin.h>

#include <algorithm>

#include "lightlane/fec/rs_kernels.hpp"
#include "lightlane/fec/rs_tables.hpp"

namespace lightlane::fec::rs {
namespace {

constexpr int side_by_side = 4;

/// 300 bits: four words and, in the lowest lane of `last`, the fifth.
struct Register {
  __m256i head, last;

  void step(const SliceTables& tables, std::uint64_t symbols) noexcept {
    const std::uint64_t top =
        static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm256_castsi256_si128(head))) ^ symbols;
    const __m256i following = _mm256_permute4x64_epi64(_mm256_blend_epi32(head, last, 0x03), 0x39);
    head = _mm256_or_si256(_mm256_srli_epi64(head, 40), _mm256_slli_epi64(following, 24));
    last = _mm256_srli_epi64(last, 40);
    for (int b = 0; b < 5; ++b) {
      const auto value = static_cast<std::uint8_t>(top >> 8 * b);
      head =
          _mm256_xor_si256(head, _mm256_load_si256(reinterpret_cast<const __m256i*>(tables.head[b][value])));
      last = _mm256_xor_si256(
          last,
          _mm256_castsi128_si256(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(&tables.last[b][value]))));
    }
  }
};

/// The parity of four messages; fewer where the last stand more than once in `rows`.
inline void divide(const SliceTables& tables, const std::uint64_t* const* rows, std::uint64_t (*parity)[8]) {
  Register registers[side_by_side];
  for (int c = 0; c < side_by_side; ++c) {
    registers[c].head = registers[c].last = _mm256_setzero_si256();
    registers[c].step(tables, (rows[c][0] & 0xfffff) << 20);
  }
  for (unsigned bit = 20; bit < 5140; bit += 40) {
    const unsigned word = bit >> 6, shift = bit & 63;
    for (int c = 0; c < side_by_side; ++c) {
      std::uint64_t symbols = rows[c][word] >> shift;
      if (shift > 24) symbols |= rows[c][word + 1] << (64 - shift);
      registers[c].step(tables, symbols);
    }
  }
  for (int c = 0; c < side_by_side; ++c) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(parity[c]), registers[c].head);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(parity[c] + 4), registers[c].last);
  }
}

template <class Take>
inline void for_all(const Tables& tables, const std::uint64_t* words, std::size_t count, Take take) {
  if (count == 0) return;
  const SliceTables& slices = slice_tables(tables);
  for (std::size_t first = 0; first < count; first += side_by_side) {
    const std::uint64_t* rows[side_by_side];
    std::uint64_t parity[side_by_side][8];
    for (std::size_t c = 0; c < side_by_side; ++c)
      rows[c] = words + std::min(first + c, count - 1) * tables.words;
    divide(slices, rows, parity);
    for (std::size_t c = 0; c < side_by_side && first + c < count; ++c) take(first + c, parity[c]);
  }
}

}  // namespace

void encode_avx2(const Tables& tables, std::uint64_t* words, std::size_t count) noexcept {
  for_all(tables, words, count, [&](std::size_t c, const std::uint64_t* parity) {
    store_parity(tables, parity, words + c * tables.words);
  });
}

std::size_t check_avx2(const Tables& tables, const std::uint64_t* words, std::size_t count,
                       std::uint64_t* syndromes, std::uint16_t* wrong) noexcept {
  const SolverTables& solver = solver_tables(tables);
  std::size_t found = 0;
  for_all(tables, words, count, [&](std::size_t c, const std::uint64_t* parity) {
    wrong[found] = static_cast<std::uint16_t>(c);
    found +=
        make_syndromes(tables, solver, parity, words + c * tables.words, syndromes + found * syndrome_words);
  });
  return found;
}

}  // namespace lightlane::fec::rs

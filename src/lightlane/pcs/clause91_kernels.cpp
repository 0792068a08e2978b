#include "lightlane/pcs/clause91_kernels.hpp"

#include <cstring>

#include "lightlane/pcs/clause91_variants.hpp"

namespace lightlane::pcs::clause91 {
namespace {

bool get(const std::uint64_t* words, std::size_t bit) { return words[bit / 64] >> bit % 64 & 1; }

void put(std::uint64_t* words, std::size_t bit, bool value) {
  const std::uint64_t mask = std::uint64_t{1} << bit % 64;
  words[bit / 64] = value ? words[bit / 64] | mask : words[bit / 64] & ~mask;
}

// --- reference: one bit at a time ---

void whiten_ref(std::uint64_t* stream, std::size_t blocks) noexcept {
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t i = 257 * b; i < 257 * b + 5; ++i) put(stream, i, get(stream, i) != get(stream, i + 8));
  }
}

void distribute_ref(const std::uint64_t* codeword, std::size_t columns, std::uint64_t* const words[4],
                    const std::size_t bit[4]) noexcept {
  std::size_t at[4] = {bit[0], bit[1], bit[2], bit[3]};
  for (std::size_t symbol = 0; symbol < 4 * columns; ++symbol) {
    const std::size_t lane = symbol % 4;
    for (std::size_t i = 0; i < 10; ++i) put(words[lane], at[lane]++, get(codeword, 10 * symbol + i));
  }
  for (std::size_t lane = 0; lane < 4; ++lane) {
    for (std::size_t i = at[lane]; i % 64 != 0 || i == at[lane]; ++i) put(words[lane], i, false);
  }
}

void collect_ref(const std::uint64_t* const words[4], const std::size_t bit[4], std::size_t columns,
                 std::uint64_t* codeword) noexcept {
  std::size_t at[4] = {bit[0], bit[1], bit[2], bit[3]}, to = 0;
  for (std::size_t symbol = 0; symbol < 4 * columns; ++symbol) {
    for (std::size_t i = 0; i < 10; ++i) put(codeword, to++, get(words[symbol % 4], at[symbol % 4]++));
  }
  while (to % 64 != 0) put(codeword, to++, false);
}

// --- portable: a column of four symbols at a time, six columns to a word of each lane ---

constexpr std::size_t piece_columns = 6, piece_bits = 60;

/// 64 bits from `bit` on, of words that may end with bit / 64 + 1.
std::uint64_t window(const std::uint64_t* words, std::size_t bit) {
  const unsigned shift = bit % 64;
  return words[bit / 64] >> shift | words[bit / 64 + 1] << 1 << (63 - shift);
}

void collect_portable(const std::uint64_t* const words[4], const std::size_t bit[4], std::size_t columns,
                      std::uint64_t* codeword) noexcept {
  unsigned char octets[5 * 136 + 8] = {};
  std::size_t at[4] = {bit[0], bit[1], bit[2], bit[3]};
  for (std::size_t first = 0; first < columns; first += piece_columns) {
    const std::size_t count = columns - first < piece_columns ? columns - first : piece_columns;
    std::uint64_t lane[4];
    for (unsigned l = 0; l < 4; ++l) {
      const bool two_words = at[l] % 64 + 10 * count > 64;
      lane[l] = two_words ? window(words[l], at[l]) : words[l][at[l] / 64] >> at[l] % 64;
      at[l] += piece_bits;
    }
    for (std::size_t c = 0; c < count; ++c) {
      std::uint64_t column = 0;
      for (unsigned l = 0; l < 4; ++l) column |= (lane[l] >> 10 * c & 1023) << 10 * l;
      std::memcpy(octets + 5 * (first + c), &column, 8);
    }
  }
  std::memcpy(codeword, octets, (40 * columns + 63) / 64 * 8);
}

}  // namespace

void whiten_portable(std::uint64_t* stream, std::size_t blocks) noexcept {
  for (std::size_t b = 0; b < blocks; ++b) {
    const std::size_t bit = 257 * b;
    const std::uint64_t header = window(stream, bit) >> 8 & 31;
    stream[bit / 64] ^= header << bit % 64;
    stream[bit / 64 + 1] ^= header >> 1 >> (63 - bit % 64);
  }
}

void distribute_portable(const std::uint64_t* codeword, std::size_t columns, std::uint64_t* const words[4],
                         const std::size_t bit[4]) noexcept {
  const auto* octets = reinterpret_cast<const unsigned char*>(codeword);
  std::uint64_t* to[4];
  std::uint64_t open[4];
  unsigned used[4];
  for (unsigned l = 0; l < 4; ++l) {
    to[l] = words[l] + bit[l] / 64;
    used[l] = bit[l] % 64;
    open[l] = used[l] == 0 ? 0 : *to[l];
  }
  for (std::size_t first = 0; first < columns; first += piece_columns) {
    const std::size_t count = columns - first < piece_columns ? columns - first : piece_columns;
    std::uint64_t lane[4] = {};
    for (std::size_t c = 0; c < count; ++c) {
      std::uint64_t column;  // 40 bits are five octets
      if (first + c + 1 < columns) {
        std::memcpy(&column, octets + 5 * (first + c), 8);
      } else {  // the last one may end with the codeword
        std::memcpy(&column, octets + 5 * (first + c) - 3, 8);
        column >>= 24;
      }
      for (unsigned l = 0; l < 4; ++l) lane[l] |= (column >> 10 * l & 1023) << 10 * c;
    }
    const unsigned bits = static_cast<unsigned>(10 * count);
    for (unsigned l = 0; l < 4; ++l) {
      open[l] |= lane[l] << used[l];
      used[l] += bits;
      if (used[l] < 64) continue;
      *to[l]++ = open[l];
      used[l] -= 64;
      open[l] = used[l] == 0 ? 0 : lane[l] >> (bits - used[l]);
    }
  }
  for (unsigned l = 0; l < 4; ++l) *to[l] = open[l];
}

std::span<const Kernel<Kernels>> kernels() noexcept {
  static constexpr Kernel<Kernels> table[] = {
    {Variant::ref, {whiten_ref, distribute_ref, collect_ref}},
    {Variant::portable, {whiten_portable, distribute_portable, collect_portable}},
#if defined(__x86_64__)
    {Variant::avx512, {whiten_portable, distribute_avx512, collect_avx512}},
#endif
  };
  return table;
}

}  // namespace lightlane::pcs::clause91

#pragma once
/// Moves runs of packed bits between word arrays; inside of this floor only.

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lightlane::pma {

/// words whole words of bits from bit `from` of `source`. Reads one word further where `from` is no multiple
/// of 64.
inline void copy_words(const std::uint64_t* source, std::size_t from, std::uint64_t* target,
                       std::size_t words) noexcept {
  source += from >> 6;
  const unsigned shift = from & 63;
  if (shift == 0) {
    std::memcpy(target, source, 8 * words);
    return;
  }
  for (std::size_t i = 0; i < words; ++i) target[i] = source[i] >> shift | source[i + 1] << (64 - shift);
}

/// Puts `count` bits of `source` (from its bit 0) at bit `at` of `target`, whose bits there are zero. Reads
/// and writes no word that holds none of these bits.
inline void put_bits(std::uint64_t* target, std::size_t at, const std::uint64_t* source,
                     std::size_t count) noexcept {
  if (count == 0) return;
  target += at >> 6;
  const unsigned shift = at & 63;
  const std::size_t full = count >> 6;
  const unsigned rest = count & 63;
  const std::uint64_t tail = rest != 0 ? source[full] & ((std::uint64_t{1} << rest) - 1) : 0;
  if (shift == 0) {
    std::memcpy(target, source, 8 * full);
    if (rest != 0) target[full] |= tail;
    return;
  }
  for (std::size_t i = 0; i < full; ++i) {
    target[i] |= source[i] << shift;
    target[i + 1] |= source[i] >> (64 - shift);
  }
  if (rest != 0) {
    target[full] |= tail << shift;
    if (shift + rest > 64) target[full + 1] |= tail >> (64 - shift);
  }
}

}  // namespace lightlane::pma

#pragma once
/// Bulk moves of packed bits between vectors, a word at a time.

#include <cstddef>
#include <cstdint>

#include "lightlane/base/bit_vector.hpp"

namespace lightlane::pcs::clause82 {

/// Appends the whole of `from`.
inline void append_bits(BitVector& to, const BitVector& from) {
  const std::size_t old = to.size(), count = (from.size() + 63) / 64;
  if (count == 0) return;
  to.resize(old + from.size());
  const unsigned shift = old % 64;
  std::uint64_t* words = to.words() + old / 64;
  if (shift == 0) {
    for (std::size_t w = 0; w < count; ++w) words[w] = from.words()[w];
    return;
  }
  // The vector holds one word more than its bits need, so that the carry has room; it is zero where it
  // overhangs.
  std::uint64_t carry = words[0];
  for (std::size_t w = 0; w < count; ++w) {
    const std::uint64_t word = from.words()[w];
    words[w] = carry | word << shift;
    carry = word >> (64 - shift);
  }
  words[count] = carry;
}

}  // namespace lightlane::pcs::clause82

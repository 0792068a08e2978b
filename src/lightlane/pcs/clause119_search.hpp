#pragma once
/// Finding and judging the markers of clause 119 in raw lane bits (119.2.5.1).

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/base/variant.hpp"

namespace lightlane::pcs {

/// The smallest p in [from, until) whose 48 CM bits (p .. p + 23, p + 32 .. p + 55) have at most
/// `max_wrong_nibbles` wrong nibbles, or `until`. Reads words up to (until + 119) / 64.
using MarkerSearch = std::size_t (*)(const std::uint64_t* words, std::size_t from,
                                     std::size_t until) noexcept;
std::span<const Kernel<MarkerSearch>> marker_search_kernels() noexcept;

/// Nibbles of 48 bits that differ.
unsigned wrong_nibbles(std::uint64_t a, std::uint64_t b) noexcept;

/// PCS lane number of the marker at bit p (its 120 bits must lie in `bits`), or -1 if CM or UM do not match.
int identify_marker(int rate_gbps, const BitVector& bits, std::size_t p);
/// Whether the marker at bit p is that of PCS lane `number`.
bool marker_matches(int rate_gbps, const BitVector& bits, std::size_t p, unsigned number);

}  // namespace lightlane::pcs

#pragma once
/// Levels one to an octet, as the analog chain takes them, from and to packed lanes; and what differs between two of them.

#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// Appends the levels of a packed lane.
void unpack_levels(const BitVector& packed, signal::Modulation modulation, std::vector<std::uint8_t>& levels);
/// Appends levels to a packed lane. They are below 4 (NRZ: 2).
void pack_levels(std::span<const std::uint8_t> levels, signal::Modulation modulation, BitVector& packed);

/// Which errors are kept one by one.
struct ErrorWindow {
  std::uint64_t from = 0, to = 0;
  std::size_t limit = 0;
};
/// Adds the differences between sent and decided levels of symbols first, first + 1 .. to the counts of a lane.
void count_errors(std::size_t lane, std::int64_t first, std::span<const std::uint8_t> sent, std::span<const std::uint8_t> decided,
                  signal::Modulation modulation, ErrorWindow window, pma::SymbolErrorsReport& report);

}  // namespace lightlane::link

#pragma once
/// A stream of 66-bit blocks (clauses 82 and 119), header and payload apart.

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lightlane::signal {

/// Sync headers as two bits in time order, first bit in bit 0: data is 0 then 1, control is 1 then 0.
inline constexpr std::uint8_t data_header = 0b10, control_header = 0b01, invalid_header = 0b11;

struct Blocks66 {
  std::vector<std::uint64_t> payload;  ///< 64 bits, first on the wire in bit 0
  std::vector<std::uint8_t> header;    ///< data_header, control_header; 0b00 and 0b11 are invalid
  std::uint64_t first_index = 0;       ///< absolute index of the first block

  std::size_t size() const noexcept { return payload.size(); }
  void push(std::uint64_t bits, std::uint8_t sync_header) {
    payload.push_back(bits);
    header.push_back(sync_header);
  }
  void clear() {
    payload.clear();
    header.clear();
  }
};

}  // namespace lightlane::signal

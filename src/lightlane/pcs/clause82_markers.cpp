#include "lightlane/pcs/clause82_markers.hpp"

#include "lightlane/signal/blocks66.hpp"

namespace lightlane::pcs::clause82 {

int lane_of_marker(std::uint64_t payload, std::uint8_t header) noexcept {
  // Every marker's octets 4..6 are the complement of 0..2: one test that nearly all other blocks fail.
  if (header != signal::control_header || ((payload ^ ~(payload >> 32)) & 0xffffff) != 0) return -1;
  for (unsigned lane = 0; lane < lanes; ++lane) {
    if ((payload & 0xffffff) == marker_octets[lane]) return static_cast<int>(lane);
  }
  return -1;
}

unsigned bip_bit_of(unsigned block_bit) noexcept {
  if (block_bit == 0) return 3;
  if (block_bit == 1) return 4;
  return (block_bit - 2) % 8;
}

}  // namespace lightlane::pcs::clause82

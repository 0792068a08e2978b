#include "lightlane/pcs/clause82_markers.hpp"

#include <cstring>

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

void LaneParities::add(unsigned first, const std::uint64_t* payload, const std::uint8_t* header,
                       std::size_t count) noexcept {
  const auto single = [&](unsigned lane) {
    payload_[lane] ^= *payload++;
    header_[lane] ^= *header++;
    --count;
  };
  while (first % lanes != 0 && count > 0) single(first++);
  const std::size_t rows = count / lanes;
  add_rows(payload, header, rows);
  payload += rows * lanes;
  header += rows * lanes;
  count -= rows * lanes;
  for (unsigned lane = 0; count > 0; ++lane) single(lane);
}

/// Four lanes at a time down all rows, so that their sums stay in registers.
void LaneParities::add_rows(const std::uint64_t* payload, const std::uint8_t* header,
                            std::size_t rows) noexcept {
  for (unsigned lane = 0; lane < lanes; lane += 4) {
    std::uint64_t sum[4] = {};
    std::uint32_t headers = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const std::uint64_t* block = payload + row * lanes + lane;
      for (unsigned l = 0; l < 4; ++l) sum[l] ^= block[l];
      std::uint32_t four;
      std::memcpy(&four, header + row * lanes + lane, 4);
      headers ^= four;
    }
    for (unsigned l = 0; l < 4; ++l) {
      payload_[lane + l] ^= sum[l];
      header_[lane + l] ^= static_cast<std::uint8_t>(headers >> 8 * l);
    }
  }
}

unsigned bip_bit_of(unsigned block_bit) noexcept {
  if (block_bit == 0) return 3;
  if (block_bit == 1) return 4;
  return (block_bit - 2) % 8;
}

}  // namespace lightlane::pcs::clause82

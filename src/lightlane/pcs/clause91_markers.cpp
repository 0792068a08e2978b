#include "lightlane/pcs/clause91_markers.hpp"

namespace lightlane::pcs::clause91 {
namespace {

using clause82::marker_mask;
using clause82::marker_payload;

bool matches(std::uint64_t block, unsigned lane) {
  std::uint64_t wrong = (block ^ marker_payload(lane, 0)) & marker_mask;
  wrong |= wrong >> 1;
  wrong |= wrong >> 2;
  wrong &= 0x1111111111111111u;
  return wrong * 0x1111111111111111u >> 60 <= marker_nibbles_wrong_allowed;
}

}  // namespace

MarkerGroup map_markers(const std::array<std::uint64_t, clause82::lanes>& markers, bool four_lane_pmd,
                        unsigned group_number) noexcept {
  BitVector lane[fec_lanes];
  for (unsigned x = 0; x < clause82::lanes; ++x) {
    const std::uint64_t own = markers[x] & ~marker_mask;
    lane[x % fec_lanes].append((marker_payload(marker_source(x, four_lane_pmd), 0) & marker_mask) | own, 64);
  }
  BitVector bits;
  for (unsigned k = 0; k < lane_marker_bits / 10; ++k) {
    for (const BitVector& body : lane) bits.append(body.read(10 * k, 10), 10);
  }
  bits.append(pad_bits[group_number % 2], 5);
  MarkerGroup group;
  for (std::size_t w = 0; w < group.bits.size(); ++w) group.bits[w] = bits.words()[w];
  return group;
}

std::array<std::uint64_t, clause82::lanes> unmap_markers(const std::uint64_t* message) noexcept {
  std::array<std::uint64_t, clause82::lanes> markers{};
  for (unsigned x = 0; x < clause82::lanes; ++x) {
    markers[x] = marker_payload(x, 0) & marker_mask;
    for (unsigned i = 0; i < 64; ++i) {
      if (marker_mask >> i & 1) continue;
      const unsigned of_lane = 64 * (x / fec_lanes) + i;
      const unsigned bit = 40 * (of_lane / 10) + 10 * (x % fec_lanes) + of_lane % 10;
      markers[x] |= (message[bit / 64] >> bit % 64 & 1) << i;
    }
  }
  return markers;
}

int fec_lane_at(const BitVector& bits, std::uint64_t position) noexcept {
  if (!matches(bits.read(position, 64), 0)) return -1;
  for (unsigned lane = 0; lane < fec_lanes; ++lane) {
    unsigned good = 0;
    for (unsigned i = 1; i <= 3; ++i) good += matches(bits.read(position + 64 * i, 64), 4 * i + lane);
    if (good >= lane_markers_needed) return static_cast<int>(lane);
  }
  return -1;
}

}  // namespace lightlane::pcs::clause91

#include <algorithm>
#include <bit>

#include "lightlane/pcs/clause82_align.hpp"

namespace lightlane::pcs {
namespace {

using clause82::block_bits;
using clause82::lanes;

/// Lane whose marker differs least from the block, if in no more bits than allowed; else -1.
int nearest_marker(std::uint64_t payload, std::uint8_t header) {
  // A marker's octets 4..6 are the complement of 0..2: every wrong bit spoils one pair, or mends a spoilt
  // one.
  const int limit = static_cast<int>(clause82_offline_marker_errors);
  if (std::popcount((payload ^ ~(payload >> 32)) & 0xffffff) > limit) return -1;
  int best = limit + 1, found = -1;
  for (unsigned lane = 0; lane < lanes; ++lane) {
    const std::uint64_t wrong = (payload ^ clause82::marker_payload(lane, 0)) & clause82::marker_mask;
    const int distance =
        std::popcount(wrong) + std::popcount(static_cast<unsigned>(header ^ signal::control_header));
    if (distance < best) {
      best = distance;
      found = static_cast<int>(lane);
    }
  }
  return found;
}

bool headers_agree(const BitVector& bits, std::size_t position) {
  unsigned valid = 0, seen = 0;
  for (; seen < 64 && position + block_bits <= bits.size(); ++seen, position += block_bits) {
    const std::uint64_t header = bits.read(position, 2);
    valid += header == signal::data_header || header == signal::control_header;
  }
  return 4 * valid >= 3 * seen;
}

bool find_marker(const BitVector& bits, int& lane, std::uint64_t& position) {
  for (std::size_t p = 0; p + block_bits <= bits.size(); ++p) {
    lane = nearest_marker(bits.read(p + 2, 64), static_cast<std::uint8_t>(bits.read(p, 2)));
    if (lane < 0 || !headers_agree(bits, p)) continue;
    position = p;
    return true;
  }
  return false;
}

}  // namespace

std::optional<Clause82Found> clause82_align_offline(const signal::BitLanes& in, std::uint64_t max_skew_bits) {
  if (in.size() != lanes) return std::nullopt;
  Clause82Found found;
  unsigned seen = 0;
  std::size_t rows = static_cast<std::size_t>(-1);
  for (unsigned l = 0; l < lanes; ++l) {
    if (!find_marker(in[l].bits, found.pcs_lane[l], found.skew[l])) return std::nullopt;
    seen |= 1u << found.pcs_lane[l];
    rows = std::min(rows, static_cast<std::size_t>((in[l].bits.size() - found.skew[l]) / block_bits));
  }
  const auto [low, high] = std::minmax_element(found.skew.begin(), found.skew.end());
  if (seen != (1u << lanes) - 1 || *high - *low > max_skew_bits) return std::nullopt;
  found.blocks.payload.resize(rows * lanes);
  found.blocks.header.resize(rows * lanes);
  const auto& kernels = select(clause82::kernels()).function;
  for (unsigned l = 0; l < lanes; ++l) {
    const auto to = static_cast<std::size_t>(found.pcs_lane[l]);
    kernels.unpack(in[l].bits.words(), found.skew[l], rows, lanes, found.blocks.payload.data() + to,
                   found.blocks.header.data() + to);
  }
  return found;
}

}  // namespace lightlane::pcs

#include "lightlane/pcs/clause82_distribute.hpp"

#include <algorithm>

namespace lightlane::pcs {

void Clause82Distribute::process(const signal::Blocks66& in, signal::BitLanes& out) {
  using clause82::lanes;
  constexpr std::size_t tile =
      128 * lanes;  // payloads of a tile stay in the first-level cache for all 20 lanes
  if (out.size() == 0) out.lanes.resize(lanes);
  for (std::size_t start = 0; start < in.size(); start += tile) {
    const std::size_t count = std::min(tile, in.size() - start);
    for (std::size_t i = 0; i < std::min<std::size_t>(count, lanes); ++i) {
      const std::uint64_t block = blocks_ + i;
      auto& lane = out[block % lanes];
      if (lane.bits.empty()) lane.first_index = block / lanes * clause82::block_bits;
      const std::size_t of_lane = (count - i + lanes - 1) / lanes, bit = lane.bits.size();
      lane.bits.resize(bit + of_lane * clause82::block_bits);
      kernels_.pack(in.payload.data() + start + i, in.header.data() + start + i, of_lane, lanes,
                    lane.bits.words(), bit);
    }
    blocks_ += count;
  }
}

}  // namespace lightlane::pcs

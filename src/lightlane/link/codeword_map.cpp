#include "lightlane/link/codeword_map.hpp"

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/link/line.hpp"

namespace lightlane::link {

CodewordMap::CodewordMap(const Scenario& scenario, const Structure& structure)
    : structure_(structure), order_(mux_order(scenario, structure)), skew_(order_.size()) {
  LIGHTLANE_ASSERT(structure.fec() != nullptr);
  const bool pairs = structure.coding == Coding::clause119;
  group_ = pairs ? 2 : 1;
  lane_bits_ = static_cast<std::uint64_t>(group_ * structure.fec()->bits() / structure.pcs_lanes);
  // 802.3 119.2.4.4: 4 or 8 of 40 blocks of 257 bits hold the markers; 91.5.2.6: 5 of 20.
  blocks_ = pairs ? 160 : 80;
  blocks_first_ = structure.rate_gbps == 400 ? 128 : structure.rate_gbps == 200 ? 144 : 60;
  groups_per_period_ = structure.rate_gbps == 200 ? 2048 : 4096;
  for (std::size_t lane = 0; lane < scenario.phy.skew_bits.size(); ++lane) {
    skew_[lane] = static_cast<std::uint64_t>(scenario.phy.skew_bits[lane]);
    max_skew_ = std::max(max_skew_, skew_[lane]);
  }
}

CodewordPlace CodewordMap::place(std::size_t line_lane, std::uint64_t index) const {
  const auto share = static_cast<std::uint64_t>(structure_.pcs_lanes_per_line_lane());
  const std::size_t lane = order_[line_lane * share + index % share];
  CodewordPlace place;
  place.pcs_lane = static_cast<int>(lane);
  const std::uint64_t bit = index / share;
  if (bit < skew_[lane]) {
    place.before_first = true;
    return place;
  }
  const std::uint64_t sent = bit - skew_[lane];
  const std::uint64_t row = sent % lane_bits_ / 10;
  place.bit = static_cast<int>(sent % 10);
  place.codeword = sent / lane_bits_ * static_cast<std::uint64_t>(group_);
  if (group_ == 1) {  // 91.5.2.8: round robin
    place.symbol = static_cast<int>(row * 4 + lane);
  } else {  // 119.2.4.7: A on the even lanes in even rows, on the odd lanes in odd rows
    place.symbol = static_cast<int>(row * order_.size() / 2 + lane / 2);
    place.codeword += (lane + row) % 2;
  }
  return place;
}

std::uint64_t CodewordMap::group_of_block(std::uint64_t block) const noexcept {
  const std::uint64_t per_period = blocks_first_ + (groups_per_period_ - 1) * blocks_;
  const std::uint64_t rest = block % per_period;
  return block / per_period * groups_per_period_ + (rest < blocks_first_ ? 0 : 1 + (rest - blocks_first_) / blocks_);
}

std::uint64_t CodewordMap::first_symbol(std::uint64_t group) const noexcept {
  const auto share = static_cast<std::uint64_t>(structure_.pcs_lanes_per_line_lane());
  return group * lane_bits_ * share / static_cast<std::uint64_t>(structure_.modulation);
}

std::uint64_t CodewordMap::last_symbol(std::uint64_t group) const noexcept {
  const auto share = static_cast<std::uint64_t>(structure_.pcs_lanes_per_line_lane());
  return ((group + 1) * lane_bits_ + max_skew_) * share / static_cast<std::uint64_t>(structure_.modulation);
}

}  // namespace lightlane::link

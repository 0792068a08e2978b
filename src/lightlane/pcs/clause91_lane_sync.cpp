#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/pcs/clause82_bits.hpp"
#include "lightlane/pcs/clause91_align.hpp"

namespace lightlane::pcs::clause91 {

void LaneSync::append(const signal::BitLanes::Lane& in) {
  if (!started_ && !in.bits.empty()) {
    started_ = true;
    base_ = start_ = cursor_ = in.first_index;
  }
  clause82::append_bits(bits_, in.bits);
  advance();
}

void LaneSync::restart(std::uint64_t index) {
  LIGHTLANE_ASSERT(index >= base_ && index <= processed());
  events_.clear();
  cursor_ = index;
  state_ = State::search;
}

void LaneSync::release(std::uint64_t index) {
  constexpr std::uint64_t worthwhile = 1 << 16;
  index = std::min({index, cursor_, processed()});
  if (index < base_ + worthwhile || (index - base_) * 2 < bits_.size()) return;
  const std::uint64_t count = (index - base_) / 64 * 64;
  bits_.drop_front(count);
  base_ += count;
}

void LaneSync::advance() {
  const std::uint64_t end = processed();
  while (cursor_ + lane_marker_bits <= end) {
    const int lane = fec_lane_at(bits_, cursor_ - base_);
    if (state_ == State::search && lane < 0) {
      ++cursor_;
      continue;
    }
    test(lane);
  }
}

/// A marker was found, or one was due here.
void LaneSync::test(int lane) {
  const std::uint64_t time = cursor_ + lane_marker_bits;
  if (state_ == State::search) {
    state_ = State::candidate;
    lane_ = lane;
  } else if (state_ == State::candidate) {
    if (lane != lane_) {
      state_ = State::search;
      ++cursor_;
      return;
    }
    state_ = State::locked;
    bad_ = 0;
    events_.push_back({time, lane, true});
  } else {
    bad_ = lane == lane_ ? 0 : bad_ + 1;
    const bool lost = bad_ == bad_markers_to_unlock;
    events_.push_back({time, lost ? -1 : lane_, bad_ == 0});
    if (lost) {
      state_ = State::search;
      ++cursor_;
      return;
    }
  }
  cursor_ += period_;
}

}  // namespace lightlane::pcs::clause91

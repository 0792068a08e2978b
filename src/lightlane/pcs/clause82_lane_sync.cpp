#include "lightlane/pcs/clause82_lane_sync.hpp"

#include <algorithm>

#include "lightlane/pcs/clause82_bits.hpp"

namespace lightlane::pcs::clause82 {
namespace {

bool valid_header(std::uint64_t header) { return header == 1 || header == 2; }

}  // namespace

void LaneSync::append(const signal::BitLanes::Lane& in) {
  if (!started_ && !in.bits.empty()) {
    started_ = true;
    base_ = start_ = cursor_ = in.first_index;
  }
  append_bits(bits_, in.bits);
  advance();
}

void LaneSync::release(std::uint64_t index) {
  constexpr std::uint64_t worthwhile = 1 << 16;
  index = std::min(index, cursor_);
  if (index < base_ + worthwhile || (index - base_) * 2 < bits_.size()) return;
  const std::uint64_t count = (index - base_) / 64 * 64;
  bits_.drop_front(count);
  base_ += count;
}

void LaneSync::advance() {
  const std::uint64_t end = base_ + bits_.size();
  while (cursor_ + block_bits <= end) {
    if (!report_.block_lock) {
      hunt(end);
      continue;
    }
    test_blocks(end);
  }
}

/// TEST_SH, VALID_SH, SLIP out of lock: one bit further after every invalid header.
void LaneSync::hunt(std::uint64_t end) {
  while (cursor_ + block_bits <= end) {
    if (!valid_header(bits_.read(cursor_ - base_, 2))) {
      good_ = 0;
      ++cursor_;
      continue;
    }
    cursor_ += block_bits;
    if (++good_ < good_headers_to_lock) continue;
    report_.block_lock = true;
    good_ = window_ = bad_ = 0;
    marker_ = Marker::search;
    return;
  }
}

/// In block lock: headers up to the block where a marker is due or may be, the end of the window, or the end.
void LaneSync::test_blocks(std::uint64_t end) {
  std::uint64_t run = std::min<std::uint64_t>((end - cursor_) / block_bits, header_window - window_);
  run = marker_ == Marker::search ? 1 : std::min(run, until_marker_);
  const std::uint64_t* words = bits_.words();
  for (std::uint64_t i = 0; i < run; ++i) {
    const std::uint64_t at = cursor_ - base_;
    if (marker_ == Marker::search || --until_marker_ == 0) test_marker();
    const std::uint64_t first = words[at / 64] >> at % 64;
    const std::uint64_t second = words[(at + 1) / 64] >> (at + 1) % 64;
    cursor_ += block_bits;
    ++window_;
    if (((first ^ second) & 1) != 0) continue;
    ++report_.invalid_headers;
    if (++bad_ < bad_headers_to_unlock) continue;
    lose_marker_lock();
    report_.block_lock = false;
    ++report_.block_lock_losses;
    return;
  }
  if (window_ == header_window) window_ = bad_ = 0;
}

void LaneSync::test_marker() {
  const std::uint64_t at = cursor_ - base_;
  const int lane = lane_of_marker(bits_.read(at + 2, 64), static_cast<std::uint8_t>(bits_.read(at, 2)));
  const std::uint64_t time = cursor_ + block_bits;
  until_marker_ = marker_period;
  if (marker_ == Marker::search) {
    if (lane < 0) return;
    candidate_ = lane;
    marker_ = Marker::candidate;
  } else if (marker_ == Marker::candidate) {
    marker_ = lane == candidate_ ? Marker::locked : Marker::search;
    if (marker_ == Marker::search) return;
    report_.marker_lock = true;
    report_.pcs_lane = lane;
    mismatches_ = 0;
    events_.push_back({time, lane});
  } else {
    const bool match = lane == candidate_;
    mismatches_ = match ? 0 : mismatches_ + 1;
    if (!match) ++report_.bad_markers;
    if (mismatches_ == bad_markers_to_unlock) {
      cursor_ += block_bits;  // the event's time is the end of this block
      lose_marker_lock();
      cursor_ -= block_bits;
    } else {
      events_.push_back({time, candidate_});
    }
  }
}

/// Called with the cursor behind the block that did it.
void LaneSync::lose_marker_lock() {
  if (report_.marker_lock) {
    events_.push_back({cursor_, -1});
    ++report_.marker_lock_losses;
  }
  report_.marker_lock = false;
  report_.pcs_lane = -1;
  marker_ = Marker::search;
}

}  // namespace lightlane::pcs::clause82

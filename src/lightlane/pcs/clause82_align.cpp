#include "lightlane/pcs/clause82_align.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {

using clause82::block_bits;
using clause82::lanes;

Clause82Align::Clause82Align(const Clause82AlignConfig& config, const clause82::Kernels& kernels)
    : config_(config), kernels_(kernels) {
  if (config.max_skew_bits > clause82::skew_limit_bits) {
    throw ConfigError({"max_skew_bits", fmt::format("is {}", config.max_skew_bits),
                       fmt::format("0 to {}", clause82::skew_limit_bits), ""});
  }
}

void Clause82Align::reset() { *this = Clause82Align(config_, kernels_); }

void Clause82Align::process(const signal::BitLanes& in, signal::Blocks66& out) {
  if (in.size() != lanes) {
    throw InputError({"PCS lanes", fmt::format("there are {}", in.size()), "20", "802.3 82.2.6"});
  }
  if (out.size() == 0) out.first_index = report_.blocks;
  std::uint64_t now = std::numeric_limits<std::uint64_t>::max(), start = now;
  bool all_started = true;
  for (unsigned l = 0; l < lanes; ++l) {
    sync_[l].append(in[l]);
    now = std::min(now, sync_[l].processed());
    start = std::min(start, sync_[l].first_index());
    all_started = all_started && sync_[l].started();
  }
  if (!all_started) return;
  if (!started_) row_ = start / block_bits;
  started_ = true;
  while (true) {
    unsigned first = 0;
    std::uint64_t time = std::numeric_limits<std::uint64_t>::max();
    for (unsigned l = 0; l < lanes; ++l) {
      const auto& events = sync_[l].events();
      if (!events.empty() && events.front().time < time) {
        time = events.front().time;
        first = l;
      }
    }
    const bool event = time <= now;
    if (report_.align_status) {
      put_rows(event ? time : now, out);
    } else {
      put_unaligned(event ? (time - 1) / block_bits : now / block_bits, out);
    }
    if (!event) break;
    take_event(first, sync_[first].events().front());
    sync_[first].events().pop_front();
  }
  release();
}

void Clause82Align::take_event(unsigned lane, const clause82::LaneSync::Event& event) {
  Joint& joint = joint_[lane];
  joint.pcs_lane = event.pcs_lane;
  if (event.pcs_lane >= 0) {
    joint.marker_end = event.time;
    if (!report_.align_status) try_to_align(event.time);
    return;
  }
  if (report_.align_status) ++report_.losses;
  report_.align_status = false;
}

void Clause82Align::try_to_align(std::uint64_t time) {
  report_.excessive_skew = report_.duplicate_lanes = false;
  unsigned seen = 0;
  std::uint64_t earliest = time;
  for (const Joint& joint : joint_) {
    if (joint.pcs_lane < 0) return;
    seen |= 1u << joint.pcs_lane;
    earliest = std::min(earliest, joint.marker_end);
  }
  report_.duplicate_lanes = seen != (1u << lanes) - 1;
  if (report_.duplicate_lanes) return;
  if (time - earliest > config_.max_skew_bits) {
    // Half a period apart or more, it is the rest of the group that is still to come.
    report_.excessive_skew = time - earliest <= clause82::skew_limit_bits;
    return;
  }
  for (Joint& joint : joint_) {
    joint.next = joint.marker_end - block_bits;
    joint.skew = joint.marker_end - earliest;
  }
  report_.align_status = true;
  ++report_.alignments;
}

void Clause82Align::put_unaligned(std::uint64_t before_row, signal::Blocks66& out) {
  if (before_row <= row_) return;
  const std::size_t old = out.size(), count = (before_row - row_) * lanes;
  out.payload.resize(old + count, 0);
  out.header.resize(old + count, clause82::unaligned_header);
  bip_.process(out.payload.data() + old, out.header.data() + old, count);
  report_.blocks += count;
  report_.unaligned_blocks += count;
  row_ = before_row;
}

void Clause82Align::put_rows(std::uint64_t until, signal::Blocks66& out) {
  std::uint64_t latest = 0;
  for (const Joint& joint : joint_) latest = std::max(latest, joint.next);
  if (until < latest + block_bits) return;
  std::uint64_t rows = (until - latest) / block_bits;
  row_ += rows;
  while (rows > 0) {  // tiles that stay in the first-level cache while all lanes write them
    const std::size_t tile = static_cast<std::size_t>(std::min<std::uint64_t>(rows, 128));
    const std::size_t old = out.size(), count = tile * lanes;
    out.payload.resize(old + count);
    out.header.resize(old + count);
    for (unsigned l = 0; l < lanes; ++l) {
      Joint& joint = joint_[l];
      const std::size_t to = old + static_cast<unsigned>(joint.pcs_lane);
      kernels_.unpack(sync_[l].bits().words(), joint.next - sync_[l].bits_index(), tile, lanes,
                      out.payload.data() + to, out.header.data() + to);
      joint.next += tile * block_bits;
    }
    bip_.process(out.payload.data() + old, out.header.data() + old, count);
    report_.blocks += count;
    rows -= tile;
  }
}

void Clause82Align::release() {
  for (unsigned l = 0; l < lanes; ++l) {
    const Joint& joint = joint_[l];
    std::uint64_t keep = sync_[l].processed();
    if (report_.align_status) {
      keep = joint.next;
    } else if (joint.pcs_lane >= 0) {
      keep = std::min(keep, joint.marker_end - block_bits);
    }
    if (!sync_[l].events().empty()) keep = std::min(keep, sync_[l].events().front().time - block_bits);
    sync_[l].release(keep);
  }
}

Clause82AlignReport Clause82Align::report() const {
  Clause82AlignReport report = report_;
  for (unsigned l = 0; l < lanes; ++l) {
    static_cast<clause82::LaneSyncReport&>(report.lanes[l]) = sync_[l].report();
    report.lanes[l].skew_bits = joint_[l].skew;
  }
  report.bip = bip_.counts();
  return report;
}

void Clause82BipMonitor::marker(unsigned lane, std::uint64_t payload, std::uint8_t header) {
  const auto differs = static_cast<std::uint8_t>(bip_.value(lane) ^ payload >> 24);
  if (checked_) {
    ++lanes_[lane].markers;
    lanes_[lane].errored_markers += differs != 0;
    for (unsigned bit = 0; bit < 8; ++bit) lanes_[lane].errored_bits += differs >> bit & 1;
  }
  bip_.restart(lane, payload, header);
}

void Clause82BipMonitor::process(const std::uint64_t* payload, const std::uint8_t* header,
                                 std::size_t count) {
  for (std::size_t i = 0; i < count;) {
    if (header[i] == clause82::unaligned_header) {
      aligned_ = checked_ = false;
      ++i;
      continue;
    }
    if (!aligned_) {
      aligned_ = true;
      lane_ = 0;
      position_ = 0;
    }
    if (position_ < lanes) {
      marker(lane_, payload[i], header[i]);
      if (lane_ == lanes - 1) checked_ = true;
      ++i;
      ++position_;
      lane_ = (lane_ + 1) % lanes;
      continue;
    }
    // An unaligned stretch begins with a row, so that the first header speaks for all of it.
    const std::uint64_t room = std::min<std::uint64_t>(count - i, clause82::blocks_per_period - position_);
    std::size_t run = std::min<std::size_t>(room, lanes - lane_);
    while (run + lanes <= room && header[i + run] != clause82::unaligned_header) run += lanes;
    if (run < room && header[i + run] != clause82::unaligned_header) run = room;
    bip_.add(lane_, payload + i, header + i, run);
    i += run;
    position_ += run;
    lane_ = static_cast<unsigned>((lane_ + run) % lanes);
    if (position_ == clause82::blocks_per_period) position_ = 0;
  }
}

}  // namespace lightlane::pcs

#include "lightlane/pcs/clause91_align.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/pcs/clause91_distribute.hpp"

namespace lightlane::pcs {

using clause91::fec_lanes;
using clause91::lane_marker_bits;

Clause91Align::Clause91Align(const Clause91AlignConfig& config, const clause91::Kernels& kernels)
    : config_(config),
      kernels_(kernels),
      max_skew_(config.max_skew_bits.value_or(clause91::max_skew_bits(config.code))),
      lane_bits_(clause91::lane_bits_per_codeword(config.code)),
      sync_{clause91::LaneSync(config.code), clause91::LaneSync(config.code), clause91::LaneSync(config.code),
            clause91::LaneSync(config.code)} {
  if (max_skew_ > clause91::skew_limit_bits) {
    throw ConfigError({"max_skew_bits", fmt::format("is {}", max_skew_),
                       fmt::format("0 to {}", clause91::skew_limit_bits), ""});
  }
}

void Clause91Align::reset() { *this = Clause91Align(config_, kernels_); }

void Clause91Align::process(const signal::BitLanes& in, Clause91Batch& batch) {
  if (in.size() != fec_lanes) {
    throw InputError({"FEC lanes", fmt::format("there are {}", in.size()), "4", "802.3 91.5.3"});
  }
  batch.clear();
  batch.codewords.code = config_.code;
  release();
  run_starts_.clear();
  std::uint64_t now = std::numeric_limits<std::uint64_t>::max(), start = now;
  bool all_started = true;
  for (unsigned l = 0; l < fec_lanes; ++l) {
    sync_[l].append(in[l]);
    now = std::min(now, sync_[l].processed());
    start = std::min(start, sync_[l].first_index());
    all_started = all_started && sync_[l].started();
  }
  batch.begin = batch.end = number_;
  if (!all_started) return;
  if (!started_) number_ = start / lane_bits_;
  started_ = true;
  batch.begin = number_;
  while (true) {
    unsigned first = 0;
    std::uint64_t time = std::numeric_limits<std::uint64_t>::max();
    for (unsigned l = 0; l < fec_lanes; ++l) {
      const auto& events = sync_[l].events();
      if (!events.empty() && events.front().time < time) {
        time = events.front().time;
        first = l;
      }
    }
    const bool event = time <= now;
    if (report_.align_status) put_codewords(event ? time : now, batch);
    if (!event) break;
    take_event(first, sync_[first].events().front());
    sync_[first].events().pop_front();
  }
  if (!report_.align_status) number_ = std::max(number_, now / lane_bits_);
  batch.end = number_;
}

void Clause91Align::take_event(unsigned lane, const clause91::LaneSync::Event& event) {
  auto& counters = report_.lanes[lane];
  // The marker that brings lock is not one that was due.
  if (counters.marker_lock) {
    ++counters.markers;
    counters.bad_markers += !event.good;
  }
  joint_[lane].fec_lane = counters.fec_lane = event.fec_lane;
  counters.marker_lock = event.fec_lane >= 0;
  if (event.fec_lane >= 0) {
    joint_[lane].marker = event.time - lane_marker_bits;
    if (!report_.align_status) try_to_align(joint_[lane].marker);
    return;
  }
  ++counters.losses;
  if (report_.align_status) ++report_.losses;
  report_.align_status = false;
}

void Clause91Align::try_to_align(std::uint64_t marker) {
  report_.excessive_skew = report_.duplicate_lanes = false;
  unsigned seen = 0;
  std::uint64_t earliest = marker;
  for (const Joint& joint : joint_) {
    if (joint.fec_lane < 0) return;
    seen |= 1u << joint.fec_lane;
    earliest = std::min(earliest, joint.marker);
  }
  report_.duplicate_lanes = seen != (1u << fec_lanes) - 1;
  if (report_.duplicate_lanes) return;
  if (marker - earliest > max_skew_) {
    // Half a period apart or more, it is the rest of the group that is still to come.
    report_.excessive_skew = marker - earliest <= clause91::skew_limit_bits;
    return;
  }
  for (unsigned l = 0; l < fec_lanes; ++l) {
    joint_[l].next = joint_[l].marker;
    report_.lanes[l].skew_bits = joint_[l].marker - earliest;
  }
  number_ = std::max(number_, (marker + lane_bits_ - 1) / lane_bits_);
  report_.align_status = true;
  ++report_.alignments;
}

void Clause91Align::put_codewords(std::uint64_t until, Clause91Batch& batch) {
  std::uint64_t latest = 0;
  for (const Joint& joint : joint_) latest = std::max(latest, joint.next);
  if (until < latest + lane_bits_) return;
  const std::size_t count = static_cast<std::size_t>((until - latest) / lane_bits_);
  RunStart run{number_, {}, report_};
  std::array<const BitVector*, fec_lanes> lanes{};
  std::array<std::size_t, fec_lanes> from{};
  for (unsigned l = 0; l < fec_lanes; ++l) {
    Joint& joint = joint_[l];
    lanes[static_cast<unsigned>(joint.fec_lane)] = &sync_[l].bits();
    from[static_cast<unsigned>(joint.fec_lane)] = joint.next - sync_[l].bits_index();
    run.bit[l] = joint.next;
    joint.next += count * lane_bits_;
  }
  clause91_collect(config_.code, kernels_, lanes, from, count, batch.codewords);
  if (!batch.runs.empty() && batch.runs.back().first + batch.runs.back().count == number_) {
    batch.runs.back().count += count;
  } else {
    batch.runs.push_back({number_, count});
  }
  run_starts_.push_back(run);
  number_ += count;
  report_.codewords += count;
}

void Clause91Align::restart(std::uint64_t codeword) {
  while (!run_starts_.empty() && run_starts_.back().number > codeword) run_starts_.pop_back();
  LIGHTLANE_ASSERT(!run_starts_.empty() && codeword < number_);
  const RunStart& run = run_starts_.back();
  const std::uint64_t restarts = report_.restarts, kept = codeword + 1 - run.number;
  report_ = run.before;
  report_.codewords += kept;
  report_.restarts = restarts;
  for (unsigned l = 0; l < fec_lanes; ++l) {
    sync_[l].restart(run.bit[l] + kept * lane_bits_);
    joint_[l].fec_lane = report_.lanes[l].fec_lane = -1;
    report_.lanes[l].marker_lock = false;
  }
  number_ = codeword + 1;
  report_.align_status = false;
  ++report_.restarts;
  run_starts_.clear();
}

/// What the latest batch was made of stays until the next call, for a restart.
void Clause91Align::release() {
  for (unsigned l = 0; l < fec_lanes; ++l) {
    const Joint& joint = joint_[l];
    std::uint64_t keep = sync_[l].processed();
    if (report_.align_status) {
      keep = joint.next;
    } else if (joint.fec_lane >= 0) {
      keep = std::min(keep, joint.marker);
    }
    if (!sync_[l].events().empty()) keep = std::min(keep, sync_[l].events().front().time - lane_marker_bits);
    sync_[l].release(keep);
  }
}

std::optional<Clause91Found> clause91_align_offline(const signal::BitLanes& in, const signal::FecCode& code) {
  if (in.size() != fec_lanes) return std::nullopt;
  const std::uint64_t lane_bits = clause91::lane_bits_per_codeword(code);
  Clause91Found found{};
  std::array<const BitVector*, fec_lanes> lanes{};
  std::array<std::size_t, fec_lanes> from{};
  std::uint64_t count = std::numeric_limits<std::uint64_t>::max();
  for (unsigned l = 0; l < fec_lanes; ++l) {
    const BitVector& bits = in[l].bits;
    std::uint64_t place = 0;
    int lane = -1;
    for (; lane < 0 && place + lane_marker_bits <= bits.size(); ++place)
      lane = clause91::fec_lane_at(bits, place);
    if (lane < 0 || lanes[static_cast<unsigned>(lane)] != nullptr) return std::nullopt;
    --place;
    found.fec_lane[l] = lane;
    found.skew[l] = place;
    lanes[static_cast<unsigned>(lane)] = &bits;
    from[static_cast<unsigned>(lane)] = place;
    count = std::min(count, (bits.size() - place) / lane_bits);
  }
  const auto [low, high] = std::minmax_element(found.skew.begin(), found.skew.end());
  if (*high - *low > clause91::max_skew_bits(code)) return std::nullopt;
  clause91_collect(code, select(clause91::kernels()).function, lanes, from, static_cast<std::size_t>(count),
                   found.codewords);
  return found;
}

}  // namespace lightlane::pcs

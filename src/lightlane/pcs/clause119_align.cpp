#include "lightlane/pcs/clause119_align.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/pcs/clause119_search.hpp"

namespace lightlane::pcs {
namespace {

constexpr double bits_per_ns = 26.5625;

void require_lanes(const Clause119Sizes& sizes, const signal::BitLanes& lanes) {
  if (lanes.size() != sizes.lanes) {
    throw InputError({"lanes", fmt::format("are {}", lanes.size()), fmt::format("{}", sizes.lanes),
                      "IEEE 802.3 clause 119"});
  }
}

}  // namespace

Clause119Align::Clause119Align(const Clause119AlignConfig& config)
    : config_(config),
      sizes_(clause119_sizes(config.rate_gbps)),
      kernels_(select(clause119_kernels()).function),
      lanes_(sizes_.lanes) {
  if (config.max_skew_bits > 100000) {
    throw ConfigError(
        {"max_skew_bits", fmt::format("is {}", config.max_skew_bits), "0 to 100000", "180 ns are 4781"});
  }
}

void Clause119Align::reset() { *this = Clause119Align(config_); }

void Clause119Align::process(const signal::BitLanes& in, Clause119Aligned& out) {
  require_lanes(sizes_, in);
  if (!started_) {
    for (unsigned l = 0; l < sizes_.lanes; ++l) {
      lanes_[l].base = lanes_[l].state.search_from = in[l].first_index;
    }
    fault_from_ = in[0].first_index;
    started_ = true;
  }
  drop_old();
  segments_.clear();
  if (out.codewords.count == 0 && out.breaks.empty()) out.first_pair = counters_.pairs;
  for (unsigned l = 0; l < sizes_.lanes; ++l) lanes_[l].bits.append(in[l].bits);
  do {
    if (!aligned_) {
      const bool found = try_align();
      const Lane& first = lanes_[0];
      emit_fault(first.state.locked ? first.state.anchor : std::min(lock_floor(first), first.end()), out);
      if (!found) return;
      set_aligned();
    }
  } while (emit(out));
}

void Clause119Align::finish(Clause119Aligned& out) {
  if (started_ && !aligned_) emit_fault(lanes_[0].end(), out);
}

/// What neither the search nor a restart can ask for again.
void Clause119Align::drop_old() {
  for (Lane& lane : lanes_) {
    const LaneState& s = lane.state;
    std::uint64_t needed = s.locked ? s.anchor : s.has_candidate ? s.candidate : s.search_from;
    if (aligned_) needed += pair_in_period_ * sizes_.lane_bits();
    if (needed <= lane.base) continue;
    const std::size_t old = static_cast<std::size_t>(needed - lane.base) / 64 * 64;
    if (old < 4096 || (!aligned_ && old < lane.bits.size() / 4)) continue;
    const std::size_t dropped = std::min(old, lane.bits.size());
    lane.bits.drop_front(dropped);
    lane.base += dropped;
  }
}

/// A first marker, and a second one of the same lane exactly a period later. False: more bits are needed.
bool Clause119Align::search(Lane& lane) const {
  const MarkerSearch find = select(marker_search_kernels()).function;
  LaneState& s = lane.state;
  for (;;) {
    if (!s.has_candidate) {
      if (lane.end() < s.search_from + marker_bits) return false;
      const std::uint64_t until = lane.end() - marker_bits + 1;
      while (s.search_from < until && !s.has_candidate) {
        s.search_from = lane.base + find(lane.bits.words(), s.search_from - lane.base,
                                         static_cast<std::size_t>(until - lane.base));
        if (s.search_from == until) return false;
        s.number = identify_marker(config_.rate_gbps, lane.bits, s.search_from - lane.base);
        if (s.number < 0) {
          ++s.search_from;
        } else {
          s.has_candidate = true;
          s.candidate = s.search_from;
        }
      }
      if (!s.has_candidate) return false;
    }
    const std::uint64_t second = s.candidate + sizes_.period_bits();
    if (lane.end() < second + marker_bits) return false;
    s.has_candidate = false;
    if (identify_marker(config_.rate_gbps, lane.bits, second - lane.base) == s.number) {
      s.locked = true;
      s.anchor = second;
      s.bad = 0;
      s.report.pcs_lane = s.number;
      return true;
    }
    s.search_from = s.candidate + 1;
  }
}

/// No lock of this lane can begin before here.
std::uint64_t Clause119Align::lock_floor(const Lane& lane) const noexcept {
  return (lane.state.has_candidate ? lane.state.candidate : lane.state.search_from) + sizes_.period_bits();
}

void Clause119Align::check_marker(Lane& lane) const {
  LaneState& s = lane.state;
  const bool good =
      marker_matches(config_.rate_gbps, lane.bits, s.anchor - lane.base, static_cast<unsigned>(s.number));
  ++s.report.markers;
  s.report.marker_errors += good ? 0 : 1;
  s.bad = good ? 0 : s.bad + 1;
}

/// To the next marker of a locked lane while others are not. False: more bits are needed.
bool Clause119Align::advance(Lane& lane) const {
  LaneState& s = lane.state;
  if (lane.end() < s.anchor + sizes_.period_bits() + marker_bits) return false;
  s.anchor += sizes_.period_bits();
  check_marker(lane);
  if (s.bad == bad_markers_for_loss) {
    s.locked = false;
    s.search_from = s.anchor;
    ++s.report.losses_of_lock;
  }
  return true;
}

/// Brings all lanes to markers of one group. False: more bits are needed. Each step depends on bit positions
/// only.
bool Clause119Align::try_align() {
  for (;;) {
    bool all_locked = true;
    std::uint64_t latest = 0;
    for (Lane& lane : lanes_) {
      if (!lane.state.locked) all_locked &= search(lane);
      latest = std::max(latest, lane.state.locked ? lane.state.anchor : lock_floor(lane));
    }
    bool moved = false, starving = false;
    for (Lane& lane : lanes_) {
      if (!lane.state.locked || lane.state.anchor + config_.max_skew_bits >= latest) continue;
      (advance(lane) ? moved : starving) = true;
    }
    if (moved) continue;
    if (starving || !all_locked) return false;
    std::uint32_t seen = 0;
    for (const Lane& lane : lanes_) seen |= 1u << lane.state.number;
    if (std::popcount(seen) == static_cast<int>(sizes_.lanes)) return true;
    for (const Lane& lane : lanes_) {
      if (lane.end() < lane.state.anchor + sizes_.period_bits() + marker_bits) return false;
    }
    for (Lane& lane : lanes_) advance(lane);
  }
}

void Clause119Align::set_aligned() {
  std::uint64_t earliest = std::numeric_limits<std::uint64_t>::max();
  for (const Lane& lane : lanes_) earliest = std::min(earliest, lane.state.anchor);
  for (Lane& lane : lanes_) {
    auto& report = lane.state.report;
    report.skew_bits = lane.state.anchor - earliest;
    report.skew_ns = static_cast<double>(report.skew_bits) / bits_per_ns;
  }
  aligned_ = true;
  pair_in_period_ = 0;
  ++counters_.alignments;
}

void Clause119Align::emit_fault(std::uint64_t until, Clause119Aligned& out) {
  const std::uint64_t total = until <= fault_from_ ? 0 : (until - fault_from_) / sizes_.lane_bits();
  if (total > fault_pairs_) {
    out.breaks.push_back({out.pairs(), total - fault_pairs_});
    fault_pairs_ = total;
  }
}

/// Delivers what is whole on all lanes. True: alignment was lost, search again.
bool Clause119Align::emit(Clause119Aligned& out) {
  for (;;) {
    const std::size_t done = pair_in_period_ * sizes_.lane_bits();
    std::size_t pairs = sizes_.period_pairs - pair_in_period_;
    std::array<const std::uint64_t*, 16> words{};
    std::array<std::size_t, 16> position{};
    Segment segment{counters_.pairs, 0, {}, {}, counters_};
    for (unsigned l = 0; l < sizes_.lanes; ++l) {
      const Lane& lane = lanes_[l];
      const std::uint64_t at = lane.state.anchor + done;
      pairs = std::min<std::size_t>(pairs, lane.end() < at ? 0 : (lane.end() - at) / sizes_.lane_bits());
      words[static_cast<unsigned>(lane.state.number)] = lane.bits.words();
      position[static_cast<unsigned>(lane.state.number)] = static_cast<std::size_t>(at - lane.base);
      segment.position[l] = at;
      segment.lanes[l] = lane.state;
    }
    if (pairs > 0) {
      segment.pairs = pairs;
      segments_.push_back(segment);
      const std::size_t start = out.codewords.count;
      out.codewords.resize(start + 2 * pairs);
      kernels_.collect(sizes_.lanes, words.data(), position.data(), pairs, out.codewords.at(start));
      pair_in_period_ += pairs;
      counters_.pairs += pairs;
    }
    if (pair_in_period_ < sizes_.period_pairs) return false;
    for (const Lane& lane : lanes_) {
      if (lane.end() < lane.state.anchor + sizes_.period_bits() + marker_bits) return false;
    }
    bool lost = false;
    std::array<std::uint64_t, 16> next{};
    for (unsigned l = 0; l < sizes_.lanes; ++l) {
      lanes_[l].state.anchor += sizes_.period_bits();
      next[l] = lanes_[l].state.anchor;
      check_marker(lanes_[l]);
      lost |= lanes_[l].state.bad == bad_markers_for_loss;
    }
    pair_in_period_ = 0;
    if (lost) {
      ++counters_.marker_losses;
      lose(next);
      return true;
    }
  }
}

void Clause119Align::lose(const std::array<std::uint64_t, 16>& position) {
  for (unsigned l = 0; l < sizes_.lanes; ++l) {
    LaneState& s = lanes_[l].state;
    s.locked = s.has_candidate = false;
    s.search_from = position[l];
    s.bad = 0;
    ++s.report.losses_of_lock;
  }
  aligned_ = false;
  pair_in_period_ = 0;
  fault_from_ = position[0];
  fault_pairs_ = 0;
}

void Clause119Align::restart(std::uint64_t pair) {
  const auto segment = std::find_if(segments_.begin(), segments_.end(), [&](const Segment& s) {
    return pair >= s.first_pair && pair < s.first_pair + s.pairs;
  });
  if (segment == segments_.end()) {
    throw InputError(
        {"pair", fmt::format("{} is not of the latest batch", pair), "a pair just delivered", ""});
  }
  std::array<std::uint64_t, 16> position{};
  counters_ = segment->counters;
  counters_.pairs = pair + 1;
  ++counters_.fec_restarts;
  for (unsigned l = 0; l < sizes_.lanes; ++l) {
    lanes_[l].state = segment->lanes[l];
    position[l] = segment->position[l] + (pair + 1 - segment->first_pair) * sizes_.lane_bits();
  }
  lose(position);
  segments_.clear();
}

/// All lanes locked, and no turn of the marker period brings their markers together.
bool Clause119Align::skew_exceeded() const {
  if (aligned_) return false;
  std::vector<std::uint64_t> phase;
  for (const Lane& lane : lanes_) {
    if (!lane.state.locked) return false;
    phase.push_back(lane.state.anchor % sizes_.period_bits());
  }
  std::sort(phase.begin(), phase.end());
  std::uint64_t widest_gap = phase.front() + sizes_.period_bits() - phase.back();
  for (std::size_t i = 1; i < phase.size(); ++i) widest_gap = std::max(widest_gap, phase[i] - phase[i - 1]);
  return sizes_.period_bits() - widest_gap > config_.max_skew_bits;
}

Clause119AlignReport Clause119Align::report() const {
  Clause119AlignReport report{aligned_,
                              skew_exceeded(),
                              counters_.pairs,
                              counters_.alignments,
                              counters_.marker_losses,
                              counters_.fec_restarts,
                              {}};
  for (const Lane& lane : lanes_) {
    report.lanes.push_back(lane.state.report);
    report.lanes.back().locked = lane.state.locked;
  }
  return report;
}

std::optional<std::size_t> FecSyncMonitor::process(std::span<const signal::DecodeOutcome> outcomes) noexcept {
  for (std::size_t c = 0; c < outcomes.size(); ++c) {
    run_[c % 2] = outcomes[c].ok() ? 0 : run_[c % 2] + 1;
    if (run_[c % 2] == bad_codewords) {
      reset();
      return c / 2;
    }
  }
  return std::nullopt;
}

std::optional<Clause119Offline> align_offline(int rate_gbps, const signal::BitLanes& lanes,
                                              std::size_t max_skew) {
  const Clause119Sizes& sizes = clause119_sizes(rate_gbps);
  require_lanes(sizes, lanes);
  Clause119Offline result;
  signal::BitLanes ordered(sizes.lanes);
  std::vector<std::size_t> position(sizes.lanes);
  std::uint32_t seen = 0;
  const MarkerSearch find = select(marker_search_kernels()).function;
  for (const auto& lane : lanes.lanes) {
    if (lane.bits.size() < marker_bits) return std::nullopt;
    const std::size_t until = lane.bits.size() - marker_bits + 1;
    std::size_t p = 0;
    int number = -1;
    for (; number < 0; ++p) {
      p = find(lane.bits.words(), p, until);
      if (p == until) return std::nullopt;
      number = identify_marker(rate_gbps, lane.bits, p);
    }
    --p;
    seen |= 1u << number;
    result.order.push_back(number);
    result.skew.push_back(p);
    position[static_cast<unsigned>(number)] = p;
    ordered[static_cast<unsigned>(number)].bits = lane.bits;
  }
  const auto [least, most] = std::minmax_element(result.skew.begin(), result.skew.end());
  if (std::popcount(seen) != static_cast<int>(sizes.lanes) || *most - *least > max_skew) return std::nullopt;
  clause119_collect(rate_gbps, ordered, position, result.codewords);
  return result;
}

}  // namespace lightlane::pcs

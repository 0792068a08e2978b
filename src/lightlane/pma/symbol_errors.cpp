#include "lightlane/pma/symbol_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/error_models.hpp"

namespace lightlane::pma {
namespace {

using signal::Modulation;
constexpr std::uint64_t even = 0x5555555555555555u;

/// Counts what differs between the levels before and after.
void compare(const BitVector& before, const BitVector& after, Modulation modulation,
             LaneErrorCounts& counts) noexcept {
  const std::size_t words = (after.size() + 63) / 64;
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t x = before.words()[w] ^ after.words()[w];
    if (x == 0) continue;
    const auto add = [](std::uint64_t& count, std::uint64_t mask) {
      count += static_cast<std::uint64_t>(std::popcount(mask));
    };
    if (modulation == Modulation::nrz) {
      add(counts.symbol_errors, x);
      add(counts.bit_errors, x);
      add(counts.first_bit_errors, x);
      continue;
    }
    const std::uint64_t low = x & even, high = x >> 1 & even;
    const std::uint64_t inner = (before.words()[w] ^ before.words()[w] >> 1) & even;  // levels 1 and 2
    add(counts.symbol_errors, low | high);
    add(counts.first_bit_errors, high);
    add(counts.second_bit_errors, low ^ high);
    add(counts.bit_errors, high);
    add(counts.bit_errors, low ^ high);
    add(counts.non_adjacent, high & ~(low & inner));
  }
}

}  // namespace

struct SymbolErrors::Lane {
  std::vector<std::unique_ptr<detail::ErrorProcess>> models;
  std::vector<SymbolSlip> slips;  // in order
  bool dense = false;             // models change many symbols, or each other's: count by comparing
  bool started = false;
  std::uint64_t next = 0;  // absolute input index expected next
  std::int64_t shift = 0;  // output index - input index
  std::size_t slip = 0;    // first slip not taken yet
};

SymbolErrors::SymbolErrors(SymbolErrorsConfig config) : config_(std::move(config)) {
  for (std::size_t l = 0; l < config_.lanes.size(); ++l) {
    std::vector<std::uint64_t> slips;
    for (std::size_t m = 0; m < config_.lanes[l].size(); ++m) {
      const std::string place = fmt::format("lanes[{}][{}]", l, m);
      detail::require_valid(config_.lanes[l][m], config_.modulation, place);
      if (const auto* slip = std::get_if<SymbolSlip>(&config_.lanes[l][m])) {
        if (std::find(slips.begin(), slips.end(), slip->at) != slips.end()) {
          throw ConfigError(
              {place + ".at", fmt::format("is {} for the second time", slip->at), "one slip per symbol", ""});
        }
        slips.push_back(slip->at);
      }
    }
  }
  if (config_.log_from > config_.log_to) {
    throw ConfigError(
        {"log_to", fmt::format("is {}", config_.log_to), fmt::format("{} or more", config_.log_from), ""});
  }
  reset();
}

SymbolErrors::~SymbolErrors() = default;
SymbolErrors::SymbolErrors(SymbolErrors&&) noexcept = default;
SymbolErrors& SymbolErrors::operator=(SymbolErrors&&) noexcept = default;

void SymbolErrors::reset() {
  lanes_.clear();
  lanes_.resize(config_.lanes.size());
  for (std::size_t l = 0; l < lanes_.size(); ++l) {
    Lane& lane = lanes_[l];
    for (std::size_t m = 0; m < config_.lanes[l].size(); ++m) {
      const ErrorModel& model = config_.lanes[l][m];
      if (const auto* slip = std::get_if<SymbolSlip>(&model)) {
        lane.slips.push_back(*slip);
        continue;
      }
      lane.models.push_back(detail::make_process(model, config_.modulation, config_.seed, m,
                                                 config_.first_lane + static_cast<std::uint32_t>(l)));
      lane.dense = lane.dense || lane.models.size() > 1 || std::holds_alternative<LaneCut>(model);
    }
    std::sort(lane.slips.begin(), lane.slips.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  }
  report_ = {};
  report_.lanes.resize(lanes_.size());
}

void SymbolErrors::process(signal::SymbolLanes& lanes) {
  LIGHTLANE_ASSERT(lanes.size() == lanes_.size() && lanes.modulation == config_.modulation);
  for (std::size_t l = 0; l < lanes_.size(); ++l) apply(l, lanes[l]);
}

void SymbolErrors::apply(std::size_t l, signal::SymbolLanes::Lane& lane) {
  Lane& state = lanes_[l];
  LaneErrorCounts& counts = report_.lanes[l];
  if (lane.levels.empty()) {
    if (state.started) lane.first_index = state.next + static_cast<std::uint64_t>(state.shift);
    return;
  }
  const unsigned width = static_cast<unsigned>(config_.modulation);
  const std::uint64_t first = lane.first_index, last = first + lane.levels.size() / width;
  if (!state.started) {
    state.started = true;
    state.next = first;
    while (state.slip < state.slips.size() && state.slips[state.slip].at < first) {
      state.shift += state.slips[state.slip++].insert ? 1 : -1;
    }
    for (auto& model : state.models) model->start(first);
  }
  LIGHTLANE_ASSERT(first == state.next);
  state.next = last;
  counts.symbols += last - first;

  const bool logged = first < config_.log_to && last > config_.log_from && !state.models.empty();
  BitVector before;
  if (state.dense || logged) before = lane.levels;
  LaneErrorCounts uncounted;
  detail::LaneView view{lane.levels.words(), first, width, state.dense || logged ? uncounted : counts};
  for (auto& model : state.models) {
    model->apply(view, first, last);
  }
  if (state.dense || logged) {
    compare(before, lane.levels, config_.modulation, counts);
    counts.cut_symbols += uncounted.cut_symbols;
  }
  if (logged) {
    for (std::uint64_t x = std::max(first, config_.log_from); x < std::min(last, config_.log_to); ++x) {
      const auto sent = before.read((x - first) * width, width),
                 decided = lane.levels.read((x - first) * width, width);
      if (sent == decided) continue;
      if (report_.log.size() == config_.log_limit) {
        report_.log_full = true;
        break;
      }
      report_.log.push_back({static_cast<std::uint32_t>(l), x, static_cast<std::uint8_t>(sent),
                             static_cast<std::uint8_t>(decided)});
    }
  }

  lane.first_index = first + static_cast<std::uint64_t>(state.shift);
  if (state.slip == state.slips.size() || state.slips[state.slip].at >= last) return;
  BitVector moved;
  std::uint64_t position = first;
  const auto copy_to = [&](std::uint64_t end) {
    moved.append(lane.levels, (position - first) * width, (end - position) * width);
    position = end;
  };
  for (; state.slip < state.slips.size() && state.slips[state.slip].at < last; ++state.slip) {
    const SymbolSlip& slip = state.slips[state.slip];
    if (slip.insert) {
      copy_to(slip.at + 1);
      moved.append(lane.levels, (slip.at - first) * width, width);
      ++counts.inserted;
      ++state.shift;
    } else {
      copy_to(slip.at);
      ++position;
      ++counts.lost;
      --state.shift;
    }
  }
  copy_to(last);
  lane.levels = std::move(moved);
}

}  // namespace lightlane::pma

#include "lightlane/pma/lane_delay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::pma {
namespace {

std::uint64_t filler_word(std::size_t lane, std::uint64_t word) noexcept {
  std::uint64_t x =
      (static_cast<std::uint64_t>(lane) << 56) + word * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
  x = (x ^ x >> 27) * 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

}  // namespace

bool filler_bit(std::size_t lane, std::uint64_t index) noexcept {
  return filler_word(lane, index >> 6) >> (index & 63) & 1;
}

LaneDelay::LaneDelay(LaneDelayConfig config) : config_(std::move(config)) {
  if (!config_.skew_bits.empty() && config_.skew_bits.size() != config_.lanes) {
    throw ConfigError({"skew_bits", fmt::format("has {} values", config_.skew_bits.size()),
                       fmt::format("{}, one per lane, or none", config_.lanes), ""});
  }
  for (std::size_t l = 0; l < config_.skew_bits.size(); ++l) {
    if (config_.skew_bits[l] > max_skew_bits) {
      throw ConfigError({fmt::format("skew_bits[{}]", l), fmt::format("is {}", config_.skew_bits[l]),
                         fmt::format("0 to {}", max_skew_bits), ""});
    }
  }
  std::stable_sort(config_.steps.begin(), config_.steps.end(),
                   [](const DelayStep& a, const DelayStep& b) { return a.at < b.at; });
  std::vector<std::uint64_t> free(config_.lanes, 0);
  for (const DelayStep& step : config_.steps) {
    if (step.lane >= config_.lanes) {
      throw ConfigError(
          {"steps.lane", fmt::format("is {}", step.lane), fmt::format("0 to {}", config_.lanes - 1), ""});
    }
    if (step.bits == 0 || step.bits > static_cast<std::int64_t>(max_skew_bits) ||
        step.bits < -static_cast<std::int64_t>(max_skew_bits)) {
      throw ConfigError({"steps.bits", fmt::format("is {}", step.bits),
                         fmt::format("-{0} to {0}, not 0", max_skew_bits), ""});
    }
    if (step.at < free[step.lane]) {
      throw ConfigError({"steps.at", fmt::format("is {} on lane {}", step.at, step.lane),
                         fmt::format("{} or later", free[step.lane]), "steps of one lane must not overlap"});
    }
    free[step.lane] = step.at + (step.bits < 0 ? static_cast<std::uint64_t>(-step.bits) : 1);
  }
  reset();
}

void LaneDelay::reset() {
  lanes_.assign(config_.lanes, {});
  for (const DelayStep& step : config_.steps) lanes_[step.lane].steps.push_back(step);
  const std::vector<std::uint64_t> zeros(config_.lanes, 0);
  report_ = {zeros, zeros, zeros, zeros};
}

void LaneDelay::start(std::size_t l, const signal::BitLanes::Lane& in, signal::BitLanes::Lane& out) {
  Lane& lane = lanes_[l];
  lane.started = true;
  std::int64_t delay = config_.skew_bits.empty() ? 0 : static_cast<std::int64_t>(config_.skew_bits[l]);
  std::uint64_t input = in.first_index;
  while (lane.step < lane.steps.size() && lane.steps[lane.step].at < input) {
    const DelayStep& step = lane.steps[lane.step++];
    delay += step.bits;
    // The start lies inside of a loss: what is left of it is still to come.
    if (step.bits < 0) {
      const std::uint64_t end = step.at + static_cast<std::uint64_t>(-step.bits);
      if (end > input) {
        lane.to_drop = end - input;
        delay += static_cast<std::int64_t>(lane.to_drop);
      }
    }
  }
  lane.next_in = input;
  lane.next_out = input;
  if (delay < 0) lane.next_out -= std::min(input, static_cast<std::uint64_t>(-delay));
  if (out.bits.empty()) out.first_index = lane.next_out;
  if (delay > 0) fill(l, static_cast<std::uint64_t>(delay), out);
}

void LaneDelay::fill(std::size_t l, std::uint64_t count, signal::BitLanes::Lane& out) {
  Lane& lane = lanes_[l];
  report_.filler[l] += count;
  report_.bits_out[l] += count;
  while (count > 0) {
    const unsigned shift = lane.next_out & 63;
    const unsigned take = static_cast<unsigned>(std::min<std::uint64_t>(count, 64 - shift));
    out.bits.append(filler_word(l, lane.next_out >> 6) >> shift, take);
    lane.next_out += take;
    count -= take;
  }
}

void LaneDelay::process(const signal::BitLanes& in, signal::BitLanes& out) {
  if (out.lanes.empty()) out.lanes.resize(config_.lanes);
  LIGHTLANE_ASSERT(in.size() == config_.lanes && out.size() == config_.lanes);
  for (std::size_t l = 0; l < config_.lanes; ++l) {
    const auto& source = in[l];
    auto& target = out[l];
    Lane& lane = lanes_[l];
    if (source.bits.empty()) {
      if (lane.started && target.bits.empty()) target.first_index = lane.next_out;
      continue;
    }
    if (!lane.started) start(l, source, target);
    LIGHTLANE_ASSERT(source.first_index == lane.next_in);
    if (target.bits.empty()) target.first_index = lane.next_out;
    report_.bits_in[l] += source.bits.size();
    std::uint64_t position = 0;
    while (position < source.bits.size()) {
      const std::uint64_t left = source.bits.size() - position;
      if (lane.to_drop > 0) {
        const std::uint64_t drop = std::min(left, lane.to_drop);
        lane.to_drop -= drop;
        report_.dropped[l] += drop;
        lane.next_in += drop;
        position += drop;
        continue;
      }
      const bool more = lane.step < lane.steps.size();
      if (more && lane.steps[lane.step].at == lane.next_in) {
        const DelayStep& step = lane.steps[lane.step++];
        if (step.bits > 0) {
          fill(l, static_cast<std::uint64_t>(step.bits), target);
        } else {
          lane.to_drop = static_cast<std::uint64_t>(-step.bits);
          continue;
        }
      }
      const std::uint64_t until =
          lane.step < lane.steps.size() ? std::min(left, lane.steps[lane.step].at - lane.next_in) : left;
      target.bits.append(source.bits, position, until);
      report_.bits_out[l] += until;
      lane.next_in += until;
      lane.next_out += until;
      position += until;
    }
  }
}

}  // namespace lightlane::pma

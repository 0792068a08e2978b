#include "lightlane/pma/bit_mux.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/bit_copy.hpp"
#include "lightlane/pma/bit_interleave.hpp"

namespace lightlane::pma {
namespace {

constexpr std::size_t strip =
    64;  // words per lane and kernel call: ratio 4 stays within the first-level cache

std::vector<std::size_t> identity(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

/// many = lanes on the wide side, few = on the narrow side.
std::size_t require_ratio(std::size_t many, std::size_t few, const char* many_key, const char* few_key) {
  if (many < 1 || many > 64) throw ConfigError({many_key, fmt::format("is {}", many), "1 to 64", ""});
  if (few < 1 || many % few != 0) {
    throw ConfigError(
        {few_key, fmt::format("is {}", few), fmt::format("a divisor of {} ({})", many_key, many), ""});
  }
  return many / few;
}

void require_order(std::vector<std::size_t>& order, std::size_t count, const char* key) {
  if (order.empty()) order = identity(count);
  require_permutation(order, count, key);
}

template <class Lanes>
Lanes permuted(Lanes lanes, std::span<const std::size_t> order, const char* key) {
  require_permutation(order, lanes.size(), key);
  Lanes result = lanes;
  for (std::size_t i = 0; i < order.size(); ++i) result[i] = std::move(lanes[order[i]]);
  return result;
}

/// Bits [from, from + count) of up to 64 sources, joined behind the bits of `out`.
void join_bits(std::span<const BitVector* const> sources, std::span<const std::size_t> from,
               std::size_t count, BitVector& out) {
  const unsigned ratio = static_cast<unsigned>(sources.size());
  if (ratio == 1) return out.append(*sources[0], from[0], count);
  const Interleave kernel = select(interleave_kernels()).function;
  std::array<const std::uint64_t*, max_ratio> in;
  std::array<std::uint64_t, strip * max_ratio> aligned, joined;
  std::size_t at = out.size();
  out.resize(at + ratio * count);
  for (std::size_t done = 0; done < count; done += 64 * strip) {
    const std::size_t bits = std::min(count - done, 64 * strip), words = (bits + 63) / 64;
    for (unsigned j = 0; j < ratio; ++j) {
      const std::size_t position = from[j] + done;
      in[j] = sources[j]->words() + position / 64;
      if (position % 64 != 0) {
        copy_words(sources[j]->words(), position, &aligned[j * strip], words);
        in[j] = &aligned[j * strip];
      }
    }
    if (at % 64 == 0 && bits == 64 * strip) {
      kernel(in.data(), ratio, words, out.words() + at / 64);
    } else {
      kernel(in.data(), ratio, words, joined.data());
      put_bits(out.words(), at, joined.data(), ratio * bits);
    }
    at += ratio * bits;
  }
}

/// Rounds of ratio bits from bit `from` of a source, behind the bits of the ratio targets.
void split_bits(const BitVector& source, std::size_t from, std::size_t rounds,
                std::span<BitVector* const> targets) {
  const unsigned ratio = static_cast<unsigned>(targets.size());
  if (ratio == 1) return targets[0]->append(source, from, rounds);
  const Deinterleave kernel = select(deinterleave_kernels()).function;
  std::array<std::uint64_t*, max_ratio> out;
  std::array<std::size_t, max_ratio> at;
  std::array<std::uint64_t, strip * max_ratio> aligned, lanes;
  bool in_place = true;
  for (unsigned j = 0; j < ratio; ++j) {
    at[j] = targets[j]->size();
    targets[j]->resize(at[j] + rounds);
    in_place = in_place && at[j] % 64 == 0;
  }
  for (std::size_t done = 0; done < rounds; done += 64 * strip) {
    const std::size_t bits = std::min(rounds - done, 64 * strip), words = (bits + 63) / 64;
    const std::size_t position = from + ratio * done, taken = (ratio * bits + 63) / 64;
    const std::uint64_t* in = source.words() + position / 64;
    if (position % 64 != 0 || taken < ratio * words) {
      copy_words(source.words(), position, aligned.data(), taken);
      std::fill(aligned.begin() + static_cast<std::ptrdiff_t>(taken),
                aligned.begin() + static_cast<std::ptrdiff_t>(ratio * words), 0);
      in = aligned.data();
    }
    const bool direct = in_place && bits % 64 == 0;
    for (unsigned j = 0; j < ratio; ++j) {
      out[j] = direct ? targets[j]->words() + (at[j] + done) / 64 : &lanes[j * strip];
    }
    kernel(in, ratio, words, out.data());
    if (direct) continue;
    for (unsigned j = 0; j < ratio; ++j) put_bits(targets[j]->words(), at[j] + done, out[j], bits);
  }
}

}  // namespace

void require_permutation(std::span<const std::size_t> order, std::size_t count, const char* key) {
  if (order.size() != count) {
    throw ConfigError({key, fmt::format("has {} lanes", order.size()), fmt::format("{}", count), ""});
  }
  std::vector<bool> seen(count, false);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string place = fmt::format("{}[{}]", key, i);
    if (order[i] >= count) {
      throw ConfigError({place, fmt::format("is {}", order[i]), fmt::format("0 to {}", count - 1), ""});
    }
    if (seen[order[i]]) {
      throw ConfigError({place, fmt::format("is {} for the second time", order[i]), "each lane once", ""});
    }
    seen[order[i]] = true;
  }
}

signal::BitLanes permute(signal::BitLanes lanes, std::span<const std::size_t> order, const char* key) {
  return permuted(std::move(lanes), order, key);
}

signal::SymbolLanes permute(signal::SymbolLanes lanes, std::span<const std::size_t> order, const char* key) {
  return permuted(std::move(lanes), order, key);
}

BitMuxConfig compose(const BitMuxConfig& first, const BitMuxConfig& second) {
  if (second.lanes_in != first.lanes_out) {
    throw ConfigError({"lanes_in", fmt::format("of the second mux is {}", second.lanes_in),
                       fmt::format("{}, what the first one puts out", first.lanes_out), ""});
  }
  BitMuxConfig a = first, b = second;
  const std::size_t r1 = require_ratio(a.lanes_in, a.lanes_out, "lanes_in", "lanes_out");
  const std::size_t r2 = require_ratio(b.lanes_in, b.lanes_out, "lanes_in", "lanes_out");
  require_order(a.order, a.lanes_in, "order");
  require_order(a.output_order, a.lanes_out, "output_order");
  require_order(b.order, b.lanes_in, "order");
  std::vector<std::size_t> leaves_as(a.lanes_out);  // which output of the first mux leaves on a lane
  for (std::size_t o = 0; o < a.lanes_out; ++o) leaves_as[a.output_order[o]] = o;
  BitMuxConfig result{a.lanes_in, b.lanes_out, {}, b.output_order, {}, {}};
  for (std::size_t o = 0; o < b.lanes_out; ++o) {
    for (std::size_t k = 0; k < r1 * r2; ++k) {
      const std::size_t middle = leaves_as[b.order[o * r2 + k % r2]];
      result.order.push_back(a.order[middle * r1 + k / r2]);
    }
  }
  return result;
}

std::vector<std::size_t> composed_order(std::size_t lanes, std::span<const std::size_t> stages) {
  BitMuxConfig all{lanes, lanes, {}, {}, {}, {}};
  for (const std::size_t next : stages) all = compose(all, BitMuxConfig{all.lanes_out, next, {}, {}, {}, {}});
  require_order(all.order, lanes, "order");
  return all.order;
}

BitMux::BitMux(BitMuxConfig config) : config_(std::move(config)) {
  ratio_ = require_ratio(config_.lanes_in, config_.lanes_out, "lanes_in", "lanes_out");
  require_order(config_.order, config_.lanes_in, "order");
  require_order(config_.output_order, config_.lanes_out, "output_order");
  if (!config_.skew_bits.empty() || !config_.steps.empty()) {
    delay_ = std::make_unique<LaneDelay>(LaneDelayConfig{config_.lanes_in, config_.skew_bits, config_.steps});
  }
  reset();
}

void BitMux::reset() {
  if (delay_) delay_->reset();
  delayed_ = signal::BitLanes(config_.lanes_in);
  started_ = false;
  next_ = 0;
  held_.assign(config_.lanes_in, {});
  held_first_.assign(config_.lanes_in, 0);
  seen_.assign(config_.lanes_in, false);
  report_ = {};
}

void BitMux::process(const signal::BitLanes& in, signal::BitLanes& out) {
  if (out.lanes.empty()) out.lanes.resize(config_.lanes_out);
  LIGHTLANE_ASSERT(in.size() == config_.lanes_in && out.size() == config_.lanes_out);
  if (!delay_) return join(in, out);
  for (auto& lane : delayed_.lanes) lane.bits.clear();
  delay_->process(in, delayed_);
  join(delayed_, out);
}

void BitMux::join(const signal::BitLanes& in, signal::BitLanes& out) {
  std::uint64_t end = UINT64_MAX;  // absolute index up to which all lanes have bits
  for (std::size_t l = 0; l < in.size(); ++l) {
    if (!seen_[l] && !in[l].bits.empty()) {
      seen_[l] = true;
      held_first_[l] = in[l].first_index;
    }
    if (!in[l].bits.empty()) LIGHTLANE_ASSERT(in[l].first_index == held_first_[l] + held_[l].size());
    end = std::min(end, seen_[l] ? held_first_[l] + held_[l].size() + in[l].bits.size() : 0);
  }
  if (!started_ && std::find(seen_.begin(), seen_.end(), false) == seen_.end()) {
    started_ = true;
    next_ = *std::max_element(held_first_.begin(), held_first_.end());
    for (const std::uint64_t first : held_first_) report_.bits_discarded += next_ - first;
  }
  const std::size_t count = started_ && end > next_ ? end - next_ : 0;

  // Where a lane has nothing held back its bits are read in place.
  std::vector<const BitVector*> sources(in.size());
  std::vector<std::size_t> from(in.size());
  std::vector<bool> in_place(in.size());
  for (std::size_t l = 0; l < in.size(); ++l) {
    in_place[l] = count > 0 && held_[l].empty();
    if (!in_place[l]) held_[l].append(in[l].bits);
    sources[l] = in_place[l] ? &in[l].bits : &held_[l];
    from[l] = count > 0 ? next_ - held_first_[l] : 0;
  }
  std::vector<const BitVector*> group(ratio_);
  std::vector<std::size_t> group_from(ratio_);
  for (std::size_t o = 0; o < config_.lanes_out; ++o) {
    auto& target = out[config_.output_order[o]];
    if (target.bits.empty()) target.first_index = next_ * ratio_;
    if (count == 0) continue;
    for (std::size_t s = 0; s < ratio_; ++s) {
      const std::size_t l = config_.order[o * ratio_ + s];
      group[s] = sources[l];
      group_from[s] = from[l];
    }
    join_bits(group, group_from, count, target.bits);
  }
  if (count == 0) return;
  for (std::size_t l = 0; l < in.size(); ++l) {
    const std::size_t used = from[l] + count;
    if (in_place[l]) {
      held_[l].append(in[l].bits, used, in[l].bits.size() - used);
    } else {
      held_[l].drop_front(used);
    }
    held_first_[l] += used;
  }
  next_ += count;
  report_.bits_in += count * config_.lanes_in;
  report_.bits_out += count * config_.lanes_in;
}

void BitMux::finish(signal::BitLanes& out) {
  if (out.lanes.empty()) out.lanes.resize(config_.lanes_out);
}

BitDemux::BitDemux(BitDemuxConfig config) : config_(std::move(config)) {
  ratio_ = require_ratio(config_.lanes_out, config_.lanes_in, "lanes_out", "lanes_in");
  require_order(config_.order, config_.lanes_out, "order");
  require_order(config_.input_order, config_.lanes_in, "input_order");
  if (config_.phase.empty()) config_.phase.assign(config_.lanes_in, 0);
  if (config_.phase.size() != config_.lanes_in) {
    throw ConfigError({"phase", fmt::format("has {} values", config_.phase.size()),
                       fmt::format("{}, one per input lane, or none", config_.lanes_in), ""});
  }
  for (std::size_t o = 0; o < config_.lanes_in; ++o) {
    if (config_.phase[o] >= ratio_) {
      throw ConfigError({fmt::format("phase[{}]", o), fmt::format("is {}", config_.phase[o]),
                         fmt::format("0 to {}", ratio_ - 1), ""});
    }
  }
  reset();
}

void BitDemux::reset() {
  inputs_.assign(config_.lanes_in, {});
  report_ = {};
}

void BitDemux::process(const signal::BitLanes& in, signal::BitLanes& out) {
  if (out.lanes.empty()) out.lanes.resize(config_.lanes_out);
  LIGHTLANE_ASSERT(in.size() == config_.lanes_in && out.size() == config_.lanes_out);
  for (std::size_t o = 0; o < config_.lanes_in; ++o) {
    const std::size_t lane = config_.input_order[o];
    const auto& source = in[lane];
    Input& input = inputs_[lane];
    if (!input.started && !source.bits.empty()) {
      input.started = true;
      input.next = source.first_index + config_.phase[lane];
      input.missing = input.next % ratio_;
      input.held.resize(input.missing);
    }
    std::vector<BitVector*> targets(ratio_);
    const std::uint64_t round = input.next / ratio_;
    for (std::size_t s = 0; s < ratio_; ++s) {
      auto& target = out[config_.order[o * ratio_ + s]];
      targets[s] = &target.bits;
      if (target.bits.empty()) target.first_index = round + (s < input.missing ? 1 : 0);
    }
    if (source.bits.empty()) continue;
    LIGHTLANE_ASSERT(source.first_index + config_.phase[lane] == input.next);
    input.next += source.bits.size();
    report_.bits_in += source.bits.size();

    // What is held is completed to whole rounds bit by bit, the rest goes through the kernel from where it
    // lies.
    std::size_t position = 0;
    if (!input.held.empty()) {
      position = std::min(source.bits.size(), ratio_ - input.held.size());
      input.held.append(source.bits, 0, position);
      if (input.held.size() < ratio_) continue;
      for (std::size_t s = input.missing; s < ratio_; ++s) targets[s]->append(input.held[s], 1);
      report_.bits_out += ratio_ - input.missing;
      input.missing = 0;
      input.held.clear();
    }
    const std::size_t rounds = (source.bits.size() - position) / ratio_;
    if (rounds > 0) split_bits(source.bits, position, rounds, targets);
    report_.bits_out += rounds * ratio_;
    position += rounds * ratio_;
    input.held.append(source.bits, position, source.bits.size() - position);
  }
}

void BitDemux::finish(signal::BitLanes& out) {
  if (out.lanes.empty()) out.lanes.resize(config_.lanes_out);
  for (std::size_t o = 0; o < config_.lanes_in; ++o) {
    Input& input = inputs_[config_.input_order[o]];
    const std::uint64_t round = input.next / ratio_;
    for (std::size_t s = input.missing; s < input.held.size(); ++s) {
      auto& target = out[config_.order[o * ratio_ + s]];
      if (target.bits.empty()) target.first_index = round;
      target.bits.append(input.held[s], 1);
      ++report_.bits_out;
    }
    input.held.clear();
    input.missing = 0;
  }
}

}  // namespace lightlane::pma

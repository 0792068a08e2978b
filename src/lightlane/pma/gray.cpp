#include "lightlane/pma/gray.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/bit_copy.hpp"

namespace lightlane::pma {
namespace {

constexpr std::uint64_t even = 0x5555555555555555u;
constexpr std::uint64_t odd_symbols_low = 0x4444444444444444u;  // low bits of symbols 1, 3, 5, ...
constexpr std::size_t strip = 256;

std::uint64_t prefix_xor(std::uint64_t x) noexcept {
  for (unsigned step = 2; step < 64; step *= 2) x ^= x << step;
  return x;
}

/// -x mod 4 in symbols 1, 3, 5, ...
std::uint64_t negate_odd(std::uint64_t x) noexcept { return x ^ (x & odd_symbols_low) << 1; }

void check(GrayConfig& config) {
  if (config.precoding.empty()) config.precoding.assign(config.lanes, false);
  if (config.initial_level.empty()) config.initial_level.assign(config.lanes, 0);
  const auto require = [&](std::size_t count, const char* key) {
    if (count != config.lanes) {
      throw ConfigError(
          {key, fmt::format("has {} values", count), fmt::format("{}, one per lane", config.lanes), ""});
    }
  };
  require(config.precoding.size(), "precoding");
  require(config.initial_level.size(), "initial_level");
  for (std::size_t l = 0; l < config.lanes; ++l) {
    if (config.initial_level[l] > 3) {
      throw ConfigError(
          {fmt::format("initial_level[{}]", l), fmt::format("is {}", config.initial_level[l]), "0 to 3", ""});
    }
    if (config.precoding[l] && config.modulation == signal::Modulation::nrz) {
      throw ConfigError(
          {fmt::format("precoding[{}]", l), "is on for an NRZ lane", "off", "precoding is for PAM4"});
    }
  }
}

/// Puts `symbols` converted symbols, read from bit `from` of source, behind those of target.
template <class Convert>
void convert(const BitVector& source, std::size_t from, std::size_t symbols, BitVector& target,
             Convert convert_word) {
  std::array<std::uint64_t, strip> words;
  std::size_t at = target.size();
  target.resize(at + 2 * symbols);
  for (std::size_t done = 0; done < symbols; done += 32 * strip) {
    const std::size_t count = std::min(symbols - done, 32 * strip), n = (count + 31) / 32;
    copy_words(source.words(), from + 2 * done, words.data(), n);
    convert_word(words.data(), count);
    put_bits(target.words(), at, words.data(), 2 * count);
    at += 2 * count;
  }
}

/// P(j) behind `count` symbols: the last one of them.
unsigned last_of(const std::uint64_t* words, std::size_t count) noexcept {
  return static_cast<unsigned>(words[(count - 1) / 32] >> (2 * ((count - 1) % 32)) & 3);
}

}  // namespace

std::uint64_t precode(std::uint64_t levels, unsigned& last) noexcept {
  // Q(j) = (-1)^j P(j) is the running sum of (-1)^j G(j): two running XORs, the carry between them.
  const std::uint64_t g = negate_odd(levels);
  const unsigned q = (4 - last) & 3;
  const std::uint64_t q_low = q & 1, q_high = q >> 1;
  const std::uint64_t g_low = g & even;
  const std::uint64_t low = prefix_xor(g_low) ^ (q_low ? even : 0);
  const std::uint64_t carry = (low << 2 | q_low) & g_low;
  const std::uint64_t high = prefix_xor((g >> 1 & even) ^ carry) ^ (q_high ? even : 0);
  const std::uint64_t p = negate_odd(low | high << 1);
  last = static_cast<unsigned>(p >> 62);
  return p;
}

std::uint64_t unprecode(std::uint64_t levels, unsigned& last) noexcept {
  const std::uint64_t before = levels << 2 | last;
  last = static_cast<unsigned>(levels >> 62);
  return levels ^ before ^ (levels & before & even) << 1;
}

GrayEncoder::GrayEncoder(GrayConfig config) : config_(std::move(config)) {
  check(config_);
  reset();
}

void GrayEncoder::reset() {
  lanes_.assign(config_.lanes, {});
  for (std::size_t l = 0; l < config_.lanes; ++l) lanes_[l].last = config_.initial_level[l];
  report_ = {};
}

void GrayEncoder::process(const signal::BitLanes& in, signal::SymbolLanes& out) {
  if (out.lanes.empty()) out = signal::SymbolLanes(config_.lanes, config_.modulation);
  LIGHTLANE_ASSERT(in.size() == config_.lanes && out.size() == config_.lanes &&
                   out.modulation == config_.modulation);
  for (std::size_t l = 0; l < config_.lanes; ++l) {
    const auto& source = in[l];
    auto& target = out[l];
    Lane& lane = lanes_[l];
    const bool pam4 = config_.modulation == signal::Modulation::pam4;
    std::size_t position = 0;
    if (!lane.started && !source.bits.empty()) {
      lane.started = true;
      lane.next = source.first_index;
      if (pam4 && lane.next % 2 == 1) position = 1;
    }
    if (target.levels.empty()) target.first_index = pam4 ? (lane.next + position) / 2 : lane.next;
    if (source.bits.empty()) continue;
    LIGHTLANE_ASSERT(source.first_index == lane.next);
    lane.next += source.bits.size();
    report_.bits += source.bits.size();
    if (!pam4) {
      target.levels.append(source.bits);
      report_.symbols += source.bits.size();
      continue;
    }
    const auto map = [&](std::uint64_t* words, std::size_t count) {
      const std::size_t n = (count + 31) / 32;
      if (config_.precoding[l]) {
        for (std::size_t w = 0; w < n; ++w) words[w] = precode(gray_map(words[w]), lane.last);
        lane.last = last_of(words, count);
      } else {
        for (std::size_t w = 0; w < n; ++w) words[w] = gray_map(words[w]);
      }
    };
    if (!lane.held.empty() && position < source.bits.size()) {
      lane.held.append(source.bits[position++], 1);
      convert(lane.held, 0, 1, target.levels, map);
      lane.held.clear();
      ++report_.symbols;
    }
    const std::size_t symbols = (source.bits.size() - position) / 2;
    convert(source.bits, position, symbols, target.levels, map);
    report_.symbols += symbols;
    position += 2 * symbols;
    lane.held.append(source.bits, position, source.bits.size() - position);
  }
}

GrayDecoder::GrayDecoder(GrayConfig config) : config_(std::move(config)) {
  check(config_);
  reset();
}

void GrayDecoder::reset() {
  lanes_.assign(config_.lanes, {});
  for (std::size_t l = 0; l < config_.lanes; ++l) lanes_[l].last = config_.initial_level[l];
  report_ = {};
}

void GrayDecoder::process(const signal::SymbolLanes& in, signal::BitLanes& out) {
  if (out.lanes.empty()) out.lanes.resize(config_.lanes);
  LIGHTLANE_ASSERT(in.size() == config_.lanes && out.size() == config_.lanes &&
                   in.modulation == config_.modulation);
  for (std::size_t l = 0; l < config_.lanes; ++l) {
    const auto& source = in[l];
    auto& target = out[l];
    Lane& lane = lanes_[l];
    const bool pam4 = config_.modulation == signal::Modulation::pam4;
    if (!lane.started && !source.levels.empty()) {
      lane.started = true;
      lane.next = source.first_index;
    }
    if (target.bits.empty()) target.first_index = pam4 ? 2 * lane.next : lane.next;
    if (source.levels.empty()) continue;
    LIGHTLANE_ASSERT(source.first_index == lane.next);
    const std::size_t symbols = pam4 ? source.levels.size() / 2 : source.levels.size();
    lane.next += symbols;
    report_.symbols += symbols;
    report_.bits += source.levels.size();
    if (!pam4) {
      target.bits.append(source.levels);
      continue;
    }
    convert(source.levels, 0, symbols, target.bits, [&](std::uint64_t* words, std::size_t count) {
      const std::size_t n = (count + 31) / 32;
      if (config_.precoding[l]) {
        const unsigned last = last_of(words, count);
        for (std::size_t w = 0; w < n; ++w) words[w] = gray_unmap(unprecode(words[w], lane.last));
        lane.last = last;
      } else {
        for (std::size_t w = 0; w < n; ++w) words[w] = gray_unmap(words[w]);
      }
    });
  }
}

}  // namespace lightlane::pma

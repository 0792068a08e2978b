#include "lightlane/pma/patterns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/bit_copy.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::pma {
namespace {

using signal::Modulation;

constexpr std::uint32_t stages(std::initializer_list<unsigned> tapped) {
  std::uint32_t mask = 0;
  for (const unsigned stage : tapped) mask |= std::uint32_t{1} << stage;
  return mask;
}

/// "1000..": character i is S_i.
constexpr std::uint32_t register_of(std::string_view text) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) value |= static_cast<std::uint32_t>(text[i] == '1') << i;
  return value;
}

// Table 94-11, S0 first.
constexpr std::uint32_t prbs13q_seeds[] = {register_of("0000010101011"), register_of("0011101000001"),
                                           register_of("1001000101100"), register_of("0100010000010")};

constexpr std::uint32_t taps7 = stages({6, 5}), taps9 = stages({8, 4}), taps13 = stages({12, 11, 1, 0}),
                        taps15 = stages({14, 13}), taps23 = stages({22, 17}), taps31 = stages({30, 27});
constexpr auto nrz = Modulation::nrz, pam4 = Modulation::pam4;

constexpr PatternInfo infos[] = {
    {Pattern::prbs7, "prbs7", nrz, 127, 7, taps7, false, 0x7f, "x^7 + x^6 + 1"},
    {Pattern::prbs9, "prbs9", nrz, 511, 9, taps9, false, 0x1ff, "x^9 + x^5 + 1"},
    {Pattern::prbs13, "prbs13", nrz, 8191, 13, taps13, false, prbs13q_seeds[0], "x^13 + x^12 + x^2 + x + 1"},
    {Pattern::prbs15, "prbs15", nrz, 32767, 15, taps15, true, 0x7fff, "x^15 + x^14 + 1, inverted"},
    {Pattern::prbs23, "prbs23", nrz, 8388607, 23, taps23, true, 0x7fffff, "x^23 + x^18 + 1, inverted"},
    {Pattern::prbs31, "prbs31", nrz, 2147483647, 31, taps31, true, 0x7fffffff, "x^31 + x^28 + 1, inverted"},
    {Pattern::prbs9q, "prbs9q", pam4, 511, 9, taps9, false, 0x1ff, "Gray-coded PRBS9"},
    {Pattern::prbs13q, "prbs13q", pam4, 8191, 13, taps13, false, prbs13q_seeds[0], "Gray-coded PRBS13"},
    {Pattern::prbs31q, "prbs31q", pam4, 2147483647, 31, taps31, true, 0x7fffffff, "Gray-coded PRBS31"},
    {Pattern::ssprq, "ssprq", pam4, 65535, 0, 0, false, 0, "short stress pattern random, quaternary"},
    {Pattern::jp03a, "jp03a", pam4, 2, 0, 0, false, 0, "levels 0, 3 in turn"},
    {Pattern::jp03b, "jp03b", pam4, 62, 0, 0, false, 0, "0, 3 fifteen times, then 3, 0 sixteen times"},
    {Pattern::square, "square", pam4, 32, 0, 0, false, 0, "sixteen times 3, sixteen times 0"},
};

/// 120.5.11.2.3, in the order of its text.
BitVector make_ssprq() {
  BitVector a;
  const auto part = [&](std::uint32_t seed, std::size_t bits) {
    PatternGenerator prbs31({Pattern::prbs31, seed, 0, false});
    prbs31.generate(bits, a);
  };
  part(0x00000002, 10924);
  part(0x34013ff7, 10922);
  part(0x0ccccccc, 10922);
  BitVector bits;
  bits.append(a);
  bits.append(a);
  bits.append(a, 1, a.size() - 1);
  bits.append(a, 0, a.size() - 1);
  BitVector levels(bits.size());
  for (std::size_t symbol = 0; symbol < bits.size() / 2; ++symbol) {
    std::uint64_t level = gray_map(bits.read(2 * symbol, 2));
    if ((symbol >= 16384 && symbol < 32768) || symbol >= 49151) level = 3 - level;
    levels.set(2 * symbol, level & 1);
    levels.set(2 * symbol + 1, level >> 1);
  }
  return levels;
}

BitVector make_levels(std::initializer_list<std::pair<unsigned, std::string_view>> parts) {
  BitVector levels;
  for (const auto& [times, text] : parts) {
    for (unsigned i = 0; i < times; ++i) {
      for (const char c : text) levels.append(static_cast<std::uint64_t>(c - '0'), 2);
    }
  }
  return levels;
}

constexpr std::size_t batch_words = 256;

}  // namespace

std::span<const PatternInfo> patterns() noexcept { return infos; }

const PatternInfo& info(Pattern pattern) noexcept { return infos[static_cast<std::size_t>(pattern)]; }

std::optional<Pattern> pattern_from_name(std::string_view name) noexcept {
  for (const PatternInfo& candidate : infos) {
    if (candidate.name == name) return candidate.pattern;
  }
  return std::nullopt;
}

std::span<const std::uint32_t> prbs13q_lane_seeds() noexcept { return prbs13q_seeds; }

const BitVector& pattern_period(Pattern pattern) {
  static const BitVector ssprq = make_ssprq();
  static const BitVector jp03a = make_levels({{1, "03"}});
  static const BitVector jp03b = make_levels({{15, "03"}, {16, "30"}});
  static const BitVector square = make_levels({{16, "3"}, {16, "0"}});
  LIGHTLANE_ASSERT(info(pattern).degree == 0);
  switch (pattern) {
    case Pattern::jp03a:
      return jp03a;
    case Pattern::jp03b:
      return jp03b;
    case Pattern::square:
      return square;
    default:
      return ssprq;
  }
}

Prbs::Prbs(unsigned degree, std::uint32_t taps, std::uint32_t seed) {
  LIGHTLANE_ASSERT(seed != 0 && seed >> degree == 0);
  // Over GF(2) p(x)^2 = p(x^2): the sequence also obeys its recurrence with all lags doubled.
  const unsigned shortest = static_cast<unsigned>(std::countr_zero(taps)) + 1;
  unsigned scale = 1;
  while (shortest * scale < 64) scale *= 2;
  for (unsigned stage = 0; stage < degree; ++stage) {
    if (taps >> stage & 1) lags_.push_back((stage + 1) * scale);
  }
  // The bits before the first output: run the register back, newest bit S0 last.
  history_.resize((lags_.back() + 63) / 64);
  const std::size_t bits = 64 * history_.size();
  std::uint32_t state = seed;
  for (std::size_t i = bits; i-- > 0;) {
    history_[i >> 6] |= std::uint64_t{state & 1} << (i & 63);
    // S0 was the parity of the taps before; so the stage that fell out follows from the others.
    const std::uint32_t before = state >> 1;
    const std::uint32_t dropped = (static_cast<std::uint32_t>(std::popcount(before & taps)) ^ state) &
                                  1;  // stage degree - 1 is always tapped
    state = before | dropped << (degree - 1);
  }
}

void Prbs::generate(std::uint64_t* out, std::size_t words) noexcept {
  // Word by word behind the history; all lags are 64 or more, so no bit of a word depends on another of it.
  std::array<std::uint64_t, batch_words + 64> buffer;
  const std::size_t kept = history_.size();
  while (words > 0) {
    const std::size_t count = std::min(words, batch_words);
    std::copy(history_.begin(), history_.end(), buffer.begin());
    const auto run = [&](const unsigned* lags, std::size_t n) {
      for (std::size_t w = kept; w < kept + count; ++w) {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < n; ++i) {
          const std::size_t bit = 64 * w - lags[i], shift = bit & 63;
          const std::uint64_t* source = &buffer[bit >> 6];
          word ^= shift == 0 ? source[0] : source[0] >> shift | source[1] << (64 - shift);
        }
        buffer[w] = word;
      }
    };
    lags_.size() == 2 ? run(lags_.data(), 2) : run(lags_.data(), lags_.size());
    std::copy_n(buffer.begin() + static_cast<std::ptrdiff_t>(kept), count, out);
    std::copy_n(buffer.begin() + static_cast<std::ptrdiff_t>(count), kept, history_.begin());
    out += count;
    words -= count;
  }
}

std::uint32_t Prbs::advance(unsigned degree, std::uint32_t taps, std::uint32_t seed,
                            std::uint64_t steps) noexcept {
  // Columns of the transition matrix: where each stage goes in one step.
  std::array<std::uint32_t, 32> column{};
  for (unsigned i = 0; i < degree; ++i) {
    column[i] = (i + 1 < degree ? std::uint32_t{1} << (i + 1) : 0) | (taps >> i & 1);
  }
  const auto times = [&](const std::array<std::uint32_t, 32>& matrix, std::uint32_t vector) {
    std::uint32_t result = 0;
    for (; vector != 0; vector &= vector - 1)
      result ^= matrix[static_cast<unsigned>(std::countr_zero(vector))];
    return result;
  };
  for (; steps != 0; steps >>= 1) {
    if (steps & 1) seed = times(column, seed);
    std::array<std::uint32_t, 32> square{};
    for (unsigned i = 0; i < degree; ++i) square[i] = times(column, column[i]);
    column = square;
  }
  return seed;
}

PatternGenerator::PatternGenerator(PatternConfig config) : config_(config) {
  const PatternInfo& pattern = info(config_.pattern);
  if (pattern.degree == 0) {
    if (config_.seed) {
      throw ConfigError({"seed", fmt::format("is given for {}", pattern.name), "none",
                         "this pattern has no shift register"});
    }
    period_ = &pattern_period(config_.pattern);
    position_ = 2 * (config_.start % pattern.period);
    return;
  }
  if (!config_.seed) config_.seed = pattern.default_seed;
  if (*config_.seed == 0 || *config_.seed >> pattern.degree != 0) {
    throw ConfigError({"seed", fmt::format("is {:#x}", *config_.seed),
                       fmt::format("1 to {:#x}", (std::uint32_t{1} << pattern.degree) - 1),
                       fmt::format("{} has {} stages", pattern.name, pattern.degree)});
  }
  const std::uint64_t bits_per = static_cast<std::uint64_t>(pattern.modulation);
  const std::uint64_t steps = config_.start % pattern.period * bits_per;
  prbs_.emplace(pattern.degree, pattern.taps,
                Prbs::advance(pattern.degree, pattern.taps, *config_.seed, steps));
}

void PatternGenerator::refill() {
  const PatternInfo& pattern = info(config_.pattern);
  ready_.resize(64 * batch_words);
  taken_ = 0;
  std::uint64_t* words = ready_.words();
  if (prbs_) {
    prbs_->generate(words, batch_words);
    const std::uint64_t invert = pattern.inverted ? ~std::uint64_t{0} : 0;
    const bool gray = pattern.modulation == Modulation::pam4;
    for (std::size_t w = 0; w < batch_words; ++w) {
      const std::uint64_t bits = words[w] ^ invert;
      words[w] = gray ? gray_map(bits) : bits;
    }
  } else {
    std::fill_n(words, batch_words, 0);
    std::array<std::uint64_t, batch_words> piece;
    for (std::size_t at = 0; at < ready_.size();) {
      const std::size_t take = std::min(ready_.size() - at, period_->size() - position_);
      copy_words(period_->words(), position_, piece.data(), (take + 63) / 64);
      put_bits(words, at, piece.data(), take);
      at += take;
      position_ = (position_ + take) % period_->size();
    }
  }
  if (config_.inverted) {
    for (std::size_t w = 0; w < batch_words; ++w) words[w] = ~words[w];  // level x becomes 3 - x
  }
}

void PatternGenerator::generate(std::size_t count, BitVector& out) {
  std::size_t left = count * static_cast<std::size_t>(info(config_.pattern).modulation);
  while (left > 0) {
    if (taken_ == ready_.size()) refill();
    const std::size_t take = std::min(left, ready_.size() - taken_);
    out.append(ready_, taken_, take);
    taken_ += take;
    left -= take;
  }
}

}  // namespace lightlane::pma

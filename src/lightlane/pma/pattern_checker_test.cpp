#include "lightlane/pma/pattern_checker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pma/gray.hpp"
#include "lightlane/pma/symbol_errors.hpp"

namespace lightlane::pma {
namespace {

BitVector line_of(Pattern pattern, std::size_t count, bool inverted = false, std::uint64_t start = 777) {
  PatternGenerator generator({pattern, {}, start, inverted});
  BitVector line;
  generator.generate(count, line);
  return line;
}

PatternCheckerReport check(const PatternCheckerConfig& config, const BitVector& line) {
  PatternChecker checker(config);
  checker.process(line);
  checker.finish();
  return checker.report();
}

std::size_t width(Pattern pattern) { return static_cast<std::size_t>(info(pattern).modulation); }

/// `count` different places of a line of n, none in the first or last thousand.
std::set<std::size_t> places(std::size_t n, std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed, "places", 0);
  std::set<std::size_t> result;
  for (std::uint64_t k = 0; result.size() < count; ++k) result.insert(1000 + random.bits(k) % (n - 2000));
  return result;
}

TEST(PatternChecker, LocksOnEveryPatternAndPolarity) {
  for (const PatternInfo& pattern : patterns()) {
    for (const bool inverted : {false, true}) {
      // Inverting these two only shifts them: the plain polarity is what is reported.
      const bool ambiguous = pattern.pattern == Pattern::jp03a || pattern.pattern == Pattern::square;
      const PatternCheckerReport report =
          check({pattern.pattern, 128, 4096}, line_of(pattern.pattern, 100'003, inverted));
      EXPECT_TRUE(report.locked) << pattern.name;
      EXPECT_EQ(report.inverted, inverted && !ambiguous) << pattern.name;
      EXPECT_EQ(report.received, 100'003u);
      EXPECT_EQ(report.checked, 100'003u) << pattern.name;
      EXPECT_EQ(report.bits, 100'003u * width(pattern.pattern));
      EXPECT_EQ(report.bit_errors, 0u) << pattern.name;
      EXPECT_EQ(report.locks, 1u);
      EXPECT_EQ(report.losses, 0u);
      EXPECT_EQ(report.first_lock, 0u);
    }
  }
}

TEST(PatternChecker, CountsEveryErrorOnce) {
  constexpr std::size_t n = 300'000;
  for (const PatternInfo& pattern : patterns()) {
    BitVector line = line_of(pattern.pattern, n);
    const std::size_t w = width(pattern.pattern);
    std::uint64_t first = 0, second = 0;
    const auto wrong = places(n, 700, static_cast<std::uint64_t>(pattern.pattern));
    std::size_t turn = 0;
    for (const std::size_t k : wrong) {
      if (w == 1) {
        line.flip(k);
        ++first;
        continue;
      }
      // A Gray bit, the other one, or both.
      const std::uint64_t flips = 1 + turn++ % 3;
      const std::uint64_t level = gray_map(gray_unmap(line.read(2 * k, 2)) ^ flips) & 3;
      line.set(2 * k, level & 1);
      line.set(2 * k + 1, level >> 1);
      first += flips & 1;
      second += flips >> 1;
    }
    const PatternCheckerReport report = check({pattern.pattern, 128, 4096}, line);
    EXPECT_EQ(report.symbol_errors, 700u) << pattern.name;
    EXPECT_EQ(report.first_bit_errors, first) << pattern.name;
    EXPECT_EQ(report.second_bit_errors, second) << pattern.name;
    EXPECT_EQ(report.bit_errors, first + second) << pattern.name;
    EXPECT_EQ(report.losses, 0u) << pattern.name;
    EXPECT_EQ(report.checked, n) << pattern.name;
  }
}

TEST(PatternChecker, NamesSlipsAndCountsErrorsOnBothSides) {
  constexpr std::size_t n = 60'000;
  for (const PatternInfo& pattern : patterns()) {
    const std::size_t w = width(pattern.pattern);
    for (const int shift : {1, -1, 3, -7, 20}) {
      if (pattern.pattern == Pattern::jp03a && shift != 1) continue;  // a period of two: all shifts are one
      if (pattern.pattern == Pattern::square && std::abs(shift) > 16) continue;
      const BitVector plain = line_of(pattern.pattern, n);
      BitVector line;
      const std::size_t at = 30'011;
      line.append(plain, 0, at * w);
      for (int k = 0; k < shift; ++k)
        line.append(static_cast<std::uint64_t>(k & 1 ? 2 : 1), static_cast<unsigned>(w));
      const std::size_t from = at + static_cast<std::size_t>(shift < 0 ? -shift : 0);
      line.append(plain, from * w, (n - from) * w);
      // Errors well before and well behind.
      for (const std::size_t k : {20'000u, 20'001u, 29'800u, 30'500u, 45'000u}) line.flip(k * w);
      const PatternCheckerReport report = check({pattern.pattern, 128, 4096}, line);
      EXPECT_TRUE(report.locked) << pattern.name;
      ASSERT_EQ(report.shifts.size(), 1u) << pattern.name << " " << shift;
      EXPECT_TRUE(report.shifts[0].known) << pattern.name;
      if (pattern.pattern != Pattern::jp03a) {
        EXPECT_EQ(report.shifts[0].shift, shift) << pattern.name;
        EXPECT_EQ(report.inserted, shift > 0 ? static_cast<std::uint64_t>(shift) : 0u) << pattern.name;
        EXPECT_EQ(report.lost, shift < 0 ? static_cast<std::uint64_t>(-shift) : 0u) << pattern.name;
      }
      // A flipped bit of a level may be two of the Gray pair, but it is one symbol. With a period of two an
      // insertion looks like a loss, and what was inserted like an error.
      EXPECT_EQ(report.symbol_errors, pattern.pattern == Pattern::jp03a ? 6u : 5u)
          << pattern.name << " " << shift;
      EXPECT_EQ(report.unlocked, 0u) << pattern.name;
      EXPECT_EQ(report.checked + report.inserted, report.received) << pattern.name;
      // The new phase holds from behind the slip; where bits agree by chance the place is earlier or later by
      // a few.
      EXPECT_NEAR(static_cast<double>(report.shifts[0].at), static_cast<double>(at + (shift > 0 ? shift : 0)),
                  40)
          << pattern.name;
    }
  }
}

TEST(PatternChecker, LongShiftsGarbageAndPolarityFlips) {
  constexpr std::size_t n = 40'000;
  const BitVector plain = line_of(Pattern::prbs31q, 3 * n);
  {  // Further than max_shift: known only as a new phase.
    BitVector line;
    line.append(plain, 0, 2 * n);
    line.append(plain, 2 * (n + 6000), 2 * n);
    const auto report = check({Pattern::prbs31q, 128, 4096}, line);
    ASSERT_EQ(report.shifts.size(), 1u);
    EXPECT_FALSE(report.shifts[0].known);
    EXPECT_EQ(report.slips, 0u);
    EXPECT_EQ(report.bit_errors, 0u);
    EXPECT_LT(report.unlocked, 600u);
    const auto wide = check({Pattern::prbs31q, 128, 10'000}, line);
    EXPECT_EQ(wide.lost, 6000u);
    EXPECT_EQ(wide.unlocked, 0u);
  }
  {  // Noise before the pattern, and a stretch of it in between that shifts nothing.
    BitVector line;
    const RandomStream random(3, "noise", 0);
    for (std::uint64_t k = 0; k < 2000; ++k) line.append(random.bits(k), 64);
    line.append(plain, 0, 2 * n);
    for (std::uint64_t k = 0; k < 1000; ++k) line.append(random.bits(5000 + k), 64);
    line.append(plain, 2 * (n + 32'000), 2 * n);
    const auto report = check({Pattern::prbs31q, 128, 4096}, line);
    EXPECT_NEAR(static_cast<double>(report.first_lock), 64'000, 8);
    EXPECT_EQ(report.locks, 2u);
    EXPECT_EQ(report.losses, 1u);
    EXPECT_EQ(report.slips, 0u);
    EXPECT_TRUE(report.locked);
    EXPECT_LT(report.bit_errors, 150u);  // at most those of the last window before the loss was seen
    EXPECT_EQ(report.checked + report.unlocked, report.received);
  }
  {  // A shift behind so much noise that it is not traced.
    BitVector line;
    const RandomStream random(3, "noise", 0);
    line.append(plain, 0, 2 * n);
    for (std::uint64_t k = 0; k < 300; ++k) line.append(random.bits(k), 64);
    line.append(plain, 2 * (n + 9605), 2 * n);
    const auto report = check({Pattern::prbs31q, 128, 4096}, line);
    EXPECT_EQ(report.locks, 2u);
    EXPECT_EQ(report.slips, 0u);
    EXPECT_TRUE(report.shifts.empty());
    EXPECT_NEAR(static_cast<double>(report.unlocked), 9600, 140);
  }
  {  // Wires swapped in mid-run.
    BitVector line;
    line.append(plain, 0, 2 * n);
    const BitVector inverted = line_of(Pattern::prbs31q, 3 * n, true);
    line.append(inverted, 2 * n, 2 * n);
    const auto report = check({Pattern::prbs31q, 128, 4096}, line);
    EXPECT_TRUE(report.inverted);
    EXPECT_EQ(report.losses, 1u);
    ASSERT_EQ(report.shifts.size(), 1u);
    EXPECT_FALSE(report.shifts[0].known);
  }
}

TEST(PatternChecker, NeverLocksOnWhatIsNoPattern) {
  for (const PatternInfo& pattern : patterns()) {
    const std::size_t w = width(pattern.pattern);
    BitVector zeros(200'000 * w), noise;
    BitVector ones;
    const RandomStream random(5, "noise", 0);
    for (std::uint64_t k = 0; k < 3000; ++k) {
      noise.append(random.bits(k), 64);
      ones.append(~0ull, 64);
    }
    for (const BitVector* line : {&zeros, &ones, &noise}) {
      const auto report = check({pattern.pattern, 128, 4096}, *line);
      EXPECT_FALSE(report.locked) << pattern.name;
      EXPECT_EQ(report.locks, 0u) << pattern.name;
      EXPECT_EQ(report.unlocked, report.received);
      EXPECT_EQ(report.bits, 0u);
    }
  }
}

TEST(PatternChecker, CutsNeverChangeTheReport) {
  constexpr std::size_t n = 150'000;
  for (const Pattern pattern : {Pattern::prbs31, Pattern::prbs13q, Pattern::ssprq, Pattern::jp03b}) {
    const std::size_t w = width(pattern);
    BitVector line;
    const BitVector plain = line_of(pattern, n);
    const RandomStream noise(5, "noise", 0);
    for (std::uint64_t k = 0; k < 50; ++k) line.append(noise.bits(k), 64);
    line.append(plain, 0, 50'000 * w);
    line.append(plain, 50'005 * w, 30'000 * w);
    for (std::uint64_t k = 0; k < 400; ++k) line.append(noise.bits(100 + k), 64);
    line.append(plain, 90'000 * w, 60'000 * w);
    for (const std::size_t k : places(n - 20'000, 300, 9)) line.flip(k * w);
    const auto want = check({pattern, 128, 4096}, line);
    EXPECT_GT(want.losses, 0u);
    for (const std::size_t longest : {50u, 700u, 30'000u}) {
      PatternChecker checker({pattern, 128, 4096});
      const RandomStream random(longest, "cut", 0);
      std::uint64_t draw = 0;
      for (std::size_t at = 0; at < line.size();) {
        const std::size_t take = std::min(line.size() - at, random.bits(draw++) % longest * w);
        BitVector chunk;
        chunk.append(line, at, take);
        checker.process(chunk);
        at += take;
      }
      checker.finish();
      const auto& got = checker.report();
      EXPECT_EQ(got.received, want.received);
      EXPECT_EQ(got.checked, want.checked);
      EXPECT_EQ(got.unlocked, want.unlocked);
      EXPECT_EQ(got.bit_errors, want.bit_errors);
      EXPECT_EQ(got.symbol_errors, want.symbol_errors);
      EXPECT_EQ(got.losses, want.losses);
      EXPECT_EQ(got.first_lock, want.first_lock);
      EXPECT_EQ(got.shifts.size(), want.shifts.size());
    }
  }
}

TEST(PatternChecker, AgreesWithTheErrorModelsOfALane) {
  constexpr std::size_t n = 500'000;
  SymbolErrorsConfig config;
  config.lanes = {{IndependentErrors{0, 2.4e-4}, SymbolSlip{123'456, false}, SymbolSlip{400'000, true}}};
  SymbolErrors errors(config);
  signal::SymbolLanes lanes(1);
  lanes[0].levels = line_of(Pattern::prbs31q, n, false, 0);
  errors.process(lanes);
  const auto report = check({Pattern::prbs31q, 128, 4096}, lanes[0].levels);
  const LaneErrorCounts& truth = errors.report().lanes[0];
  EXPECT_EQ(report.symbol_errors, truth.symbol_errors);
  EXPECT_EQ(report.first_bit_errors, truth.first_bit_errors);
  EXPECT_EQ(report.second_bit_errors, truth.second_bit_errors);
  EXPECT_EQ(report.slips, 2u);
  EXPECT_EQ(report.lost, 1u);
  EXPECT_EQ(report.inserted, 1u);
}

TEST(PatternChecker, LocksAtHighErrorRatio) {
  BitVector line = line_of(Pattern::prbs31, 400'000);
  const RandomStream random(1, "errors", 0);
  std::uint64_t wrong = 0;
  for (std::size_t k = 0; k < line.size(); ++k) {
    if (random.uniform(k) >= 0.01) continue;
    line.flip(k);
    ++wrong;
  }
  const auto report = check({Pattern::prbs31, 128, 4096}, line);
  EXPECT_EQ(report.losses, 0u);
  EXPECT_LT(report.first_lock, 5000u);
  EXPECT_LE(report.bit_errors, wrong);
  EXPECT_GT(report.bit_errors + 100, wrong);
}

TEST(PatternChecker, BadConfigsAreNamed) {
  EXPECT_THROW(PatternChecker({Pattern::prbs7, 10, 4096}), ConfigError);
  EXPECT_THROW(PatternChecker({Pattern::prbs7, 128, 0}), ConfigError);
}

}  // namespace
}  // namespace lightlane::pma

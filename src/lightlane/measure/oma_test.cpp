#include "lightlane/measure/oma.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "lightlane/base/error.hpp"

namespace lightlane::measure {
namespace {

using Levels = std::vector<std::uint8_t>;

/// Runs of seven threes and six zeros between other symbols; the zeros wrap around the period's end.
Levels two_runs() { return {0, 0, 1, 3, 3, 3, 3, 3, 3, 3, 2, 0, 1, 3, 2, 0, 0, 0, 0}; }

std::vector<float> staircase(const Levels& levels, int m, double base, double step) {
  std::vector<float> out;
  for (const std::uint8_t level : levels) {
    for (int i = 0; i < m; ++i) out.push_back(static_cast<float>(base + step * level));
  }
  return out;
}

TEST(OmaOuter, LevelsOfAStaircase) {
  for (const int m : {1, 2, 7, 16}) {
    const auto power = staircase(two_runs(), m, 2e-4, 1e-4);
    const OmaOuter oma = measure_oma_outer(power, two_runs(), m);
    EXPECT_NEAR(oma.p0_w, 2e-4, 1e-10);
    EXPECT_NEAR(oma.p3_w, 5e-4, 1e-10);
    EXPECT_NEAR(oma.oma_w, 3e-4, 1e-10);
    EXPECT_NEAR(oma.er_db, 10 * std::log10(2.5), 1e-6);
    EXPECT_NEAR(oma.pave_w, 2e-4 + 1e-4 * (7 * 3 + 3 + 2 + 2 + 1 + 1) / 19, 1e-10);
    EXPECT_EQ(oma.high_runs, 1u);
    EXPECT_EQ(oma.low_runs, 1u);
  }
}

/// A ramp inside the run: its mean over the central 2 UI is its value in the middle, wherever samples fall.
TEST(OmaOuter, CentralTwoUiAreSymmetric) {
  const Levels levels = two_runs();
  for (const int m : {2, 5, 8, 15}) {
    auto power = staircase(levels, m, 1, 1);
    for (int i = 0; i <= 7 * m; ++i)
      power[static_cast<std::size_t>(3 * m + i)] = 4.0f + 0.01f * static_cast<float>(i);
    EXPECT_NEAR(measure_oma_outer(power, levels, m).p3_w, 4 + 0.01 * 3.5 * m, 1e-6) << m;
    auto bumps = staircase(levels, m, 1, 1);  // outside the central 2 UI nothing counts
    bumps[static_cast<std::size_t>(3 * m + 2 * m)] = 9;
    bumps[static_cast<std::size_t>(3 * m + 5 * m)] = 9;
    EXPECT_NEAR(measure_oma_outer(bumps, levels, m).p3_w, 4, 1e-6) << m;
  }
}

TEST(OmaOuter, RunsOfTheAskedLengthComeFirstAndAllPeriodsCount) {
  Levels levels = two_runs();
  levels.insert(levels.end(), {1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1});  // the leading zeros join the last ones
  levels.insert(levels.end(), {3, 3, 3, 3, 3, 3, 3, 2, 0, 0, 0, 0});
  auto power = staircase(levels, 4, 1, 1);
  for (std::size_t i = 20 * 4; i < 29 * 4; ++i) power[i] = 7;  // the run of nine does not count
  for (std::size_t i = 30 * 4; i < 37 * 4; ++i) power[i] = 5;  // the second run of seven does
  OmaOuter oma = measure_oma_outer(power, levels, 4);
  EXPECT_EQ(oma.high_runs, 2u);
  EXPECT_NEAR(oma.p3_w, 4.5, 1e-6);
  auto twice = power;
  twice.insert(twice.end(), power.begin(), power.end());
  oma = measure_oma_outer(twice, levels, 4);
  EXPECT_EQ(oma.high_runs, 4u);
  EXPECT_NEAR(oma.p3_w, 4.5, 1e-6);

  Levels square(32, 0);
  std::fill(square.begin(), square.begin() + 16, std::uint8_t{3});
  oma = measure_oma_outer(staircase(square, 4, 1, 1), square, 4);
  EXPECT_NEAR(oma.oma_w, 3, 1e-6);
  const Levels nrz = {1, 1, 1, 1, 0, 0, 0, 0};
  oma = measure_oma_outer(staircase(nrz, 4, 1, 1), nrz, 4, {1, 0, 4, 4});
  EXPECT_NEAR(oma.oma_w, 1, 1e-6);
}

template <class E>
std::string refusal(const std::vector<float>& power, const Levels& levels, int m) {
  try {
    measure_oma_outer(power, levels, m);
  } catch (const E& error) {
    return error.what();
  }
  return "";
}
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(OmaOuter, RefusesWhatCannotBeMeasured) {
  const Levels levels = two_runs();
  const auto good = staircase(levels, 4, 1, 1);
  EXPECT_TRUE(has(refusal<ConfigError>(good, levels, 0), "samples_per_ui"));
  EXPECT_TRUE(has(refusal<InputError>({}, levels, 4), "0 samples"));
  auto power = good;
  power.pop_back();
  EXPECT_TRUE(has(refusal<InputError>(power, levels, 4), "75 samples"));
  power = good;
  power[17] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(has(refusal<InputError>(power, levels, 4), "nan at sample 17"));
  power[17] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(has(refusal<InputError>(power, levels, 4), "inf at sample 17"));
  EXPECT_TRUE(has(refusal<InputError>(std::vector<float>(76, 0.5f), levels, 4), "constant"));
  for (float& p : power = good) p = 9 - p;
  EXPECT_TRUE(has(refusal<InputError>(power, levels, 4), "inverted"));
  EXPECT_TRUE(has(refusal<InputError>(good, {}, 4), "pattern: is empty"));
  Levels other = levels;
  other[5] = 1;
  EXPECT_TRUE(has(refusal<InputError>(good, other, 4), "7 or more symbols of level 3"));
  other = levels;
  other[0] = 2;
  EXPECT_TRUE(has(refusal<InputError>(good, other, 4), "6 or more symbols of level 0"));
  other[0] = 4;
  EXPECT_TRUE(has(refusal<InputError>(good, other, 4), "level 4 at symbol 0"));
}

/// Against a plain sort, on short and long waveforms, with ties.
TEST(PowerExcursion, OrderStatistics) {
  for (const std::size_t count : {1u, 2u, 50u, 100u, 101u, 4000u, 100000u}) {
    std::vector<float> power(count);
    std::uint32_t state = 12345;
    for (float& p : power) {
      state = state * 1664525u + 1013904223u;
      p = static_cast<float>(state >> 20);  // 4096 values: many ties
    }
    std::vector<float> sorted = power;
    std::sort(sorted.begin(), sorted.end());
    OmaOuter oma;
    oma.p0_w = 500;
    oma.p3_w = 3500;
    oma.oma_w = 3000;
    oma.pave_w = 2100;
    for (const double hit : {1e-2, 0.3}) {
      const PowerExcursion found = measure_power_excursion(power, oma, hit);
      const auto allowed = static_cast<std::size_t>(hit * static_cast<double>(count));
      EXPECT_EQ(found.p_max_w, sorted[count - 1 - allowed]) << count << ' ' << hit;
      EXPECT_EQ(found.p_min_w, sorted[allowed]) << count << ' ' << hit;
      EXPECT_NEAR(found.overshoot_pct, (found.p_max_w - 3500) / 30, 1e-9);
      EXPECT_NEAR(found.undershoot_pct, (500 - found.p_min_w) / 30, 1e-9);
      EXPECT_EQ(found.excursion_w, std::max(found.p_max_w - 2100, 2100 - found.p_min_w));
    }
  }
  EXPECT_THROW(measure_power_excursion(std::vector<float>{1}, {}, 0.5), ConfigError);
  EXPECT_THROW(measure_power_excursion({}, {}, 0.1), InputError);
}

}  // namespace
}  // namespace lightlane::measure

#include "lightlane/plan/diagnosis/trend.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace lightlane::plan {
namespace {

constexpr double day = 86400;

ReadingSeries series(Reading reading, int n, auto value) {
  ReadingSeries s;
  s.reading = reading;
  for (int i = 0; i < n; ++i) s.samples.push_back({i * day, value(i)});
  return s;
}

TEST(ReadingTrend, AStraightLineIsItself) {
  const auto t = trend_of(series(Reading::rx_power_dbm, 30, [](int i) { return -1 - 0.05 * i; }));
  ASSERT_TRUE(t);
  EXPECT_NEAR(t->slope_per_day, -0.05, 1e-12);
  EXPECT_NEAR(t->first, -1, 1e-9);
  EXPECT_NEAR(t->last, -1 - 0.05 * 29, 1e-9);
  EXPECT_TRUE(t->significant);
  EXPECT_FALSE(t->step);
  const auto left = days_to(*t, -5.9);
  ASSERT_TRUE(left);
  EXPECT_NEAR(left->days, (5.9 - 2.45) / 0.05, 1e-6);
  EXPECT_FALSE(days_to(*t, 4)) << "moves away from it";
}

TEST(ReadingTrend, WildReadingsDoNotMoveIt) {
  auto s = series(Reading::rx_power_dbm, 60, [](int i) { return -1 - 0.03 * i; });
  for (std::size_t i = 3; i < 60; i += 7) s.samples[i].value = -40;
  EXPECT_NEAR(trend_of(s)->slope_per_day, -0.03, 0.003);
}

/// The interval holds the true slope about 95 times of 100.
TEST(ReadingTrend, TheIntervalCovers) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 0.2);
  int covered = 0, wrong = 0;
  for (int run = 0; run < 400; ++run) {
    const double slope = run % 2 == 0 ? -0.01 : 0;
    const auto t =
        trend_of(series(Reading::rx_power_dbm, 40, [&](int i) { return slope * i + noise(random); }));
    covered += t->slope_low <= slope && slope <= t->slope_high ? 1 : 0;
    if (slope == 0 && t->significant) ++wrong;
  }
  EXPECT_GE(covered, 368);
  EXPECT_LE(covered, 398);
  EXPECT_LE(wrong, 15) << "of 200 flat histories";
}

TEST(ReadingTrend, StepsAreNoSlopes) {
  std::mt19937_64 random(4);
  std::normal_distribution<double> noise(0, 0.05);
  const auto t = trend_of(
      series(Reading::rx_power_dbm, 50, [&](int i) { return (i < 30 ? -1.0 : -3.0) + noise(random); }));
  ASSERT_TRUE(t->step);
  EXPECT_NEAR(*t->step, -2, 0.1);
  EXPECT_NEAR(*t->step_time_s, 30 * day, 1);
  EXPECT_FALSE(t->significant) << "flat behind the step";
  EXPECT_FALSE(trend_of(series(Reading::rx_power_dbm, 50, [&](int) { return -1 + noise(random); }))->step);
}

TEST(ReadingTrend, BitErrorRatiosAreInDecades) {
  const auto t = trend_of(series(Reading::ber, 20, [](int i) { return std::pow(10, -10 + 0.1 * i); }));
  EXPECT_NEAR(t->slope_per_day, 0.1, 1e-9);
  EXPECT_NEAR(days_to(*t, std::log10(2.4e-4))->days, (std::log10(2.4e-4) + 8.1) / 0.1, 1e-6);
  const auto step = trend_of(series(Reading::ber, 20, [](int i) { return i < 10 ? 1e-10 : 1e-8; }));
  EXPECT_NEAR(*step->step, 2, 1e-9);
}

TEST(ReadingTrend, OrderAndDoubleTimesDoNotMatter) {
  auto s = series(Reading::tx_bias_ma, 20, [](int i) { return 50.0 + i; });
  const auto straight = trend_of(s);
  std::mt19937_64 random(1);
  std::shuffle(s.samples.begin(), s.samples.end(), random);
  EXPECT_EQ(trend_of(s)->slope_per_day, straight->slope_per_day);
  s.samples.push_back(s.samples.front());
  EXPECT_EQ(trend_of(s)->samples, straight->samples);
}

TEST(ReadingTrend, TooLittleSaysNothing) {
  EXPECT_FALSE(trend_of(series(Reading::ber, 4, [](int) { return 1e-8; })));
  ReadingSeries one;
  for (int i = 0; i < 10; ++i) one.samples.push_back({5, 1.0 * i});
  EXPECT_FALSE(trend_of(one)) << "all at one time";
}

TEST(ReadingTrend, LongHistoriesAreThinned) {
  const auto t = trend_of(series(Reading::rx_power_dbm, 20000, [](int i) { return -0.001 * i; }));
  EXPECT_NEAR(t->slope_per_day, -0.001, 1e-9);
  EXPECT_LE(t->samples, 200u);
}

}  // namespace
}  // namespace lightlane::plan

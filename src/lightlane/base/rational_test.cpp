#include "lightlane/base/rational.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"

namespace lightlane {
namespace {

TEST(Rational, Arithmetic) {
  EXPECT_EQ(Rational(6, 4), Rational(3, 2));
  EXPECT_EQ(Rational(1, -2), Rational(-1, 2));
  EXPECT_EQ(Rational(1, 3) + Rational(1, 6), Rational(1, 2));
  EXPECT_EQ(Rational(400) * Rational(257, 256) * Rational(544, 514), Rational(425));
  EXPECT_LT(Rational(1, 3), Rational(34, 100));
  EXPECT_THROW(Rational(1, 0), ConfigError);
}

TEST(Rational, FloorTimesIsExactForLongRuns) {
  const Rational ratio = clock_ratio_from_ppm(100) / clock_ratio_from_ppm(-100);
  const std::int64_t n = 1'000'000'000'000;
  EXPECT_EQ(ratio.floor_times(n), 1'000'200'020'002);  // 1.0001 / 0.9999
  EXPECT_EQ(Rational(-1, 3).floor_times(1), -1);
}

}  // namespace
}  // namespace lightlane

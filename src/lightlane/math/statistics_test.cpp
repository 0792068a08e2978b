#include "lightlane/math/statistics.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "lightlane/base/error.hpp"

namespace lightlane::math {
namespace {

// Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
// table I: 81/263 gives 0.2527..0.3676, 15/148 gives 0.0578..0.1617, 0/20 gives 0..0.1684, 1/29 gives
// 0.0009..0.1776.
TEST(ClopperPearson, AgreesWithPublishedIntervals) {
  struct Row {
    std::uint64_t errors, trials;
    double lower, upper;
  };
  for (const Row& row : {Row{81, 263, 0.2527, 0.3676}, Row{15, 148, 0.0578, 0.1617}, Row{0, 20, 0.0, 0.1684},
                         Row{1, 29, 0.0009, 0.1776}}) {
    const RateInterval interval = clopper_pearson(row.errors, row.trials, 0.95);
    EXPECT_NEAR(interval.lower, row.lower, 5e-5) << row.errors;
    EXPECT_NEAR(interval.upper, row.upper, 5e-5) << row.errors;
  }
}

// Its definition: at the bounds the count or a more extreme one has probability (1 - confidence) / 2.
double tail(std::uint64_t from, std::uint64_t to, std::uint64_t n, double p) {
  double sum = 0;
  for (std::uint64_t k = from; k <= to; ++k) {
    sum += std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) + k * std::log(p) +
                    (n - k) * std::log1p(-p));
  }
  return sum;
}

TEST(ClopperPearson, BoundsCutOffEqualTails) {
  const std::uint64_t cases[][2] = {{1, 1000000}, {25, 1000000}, {7, 13}, {100, 40000}};
  for (const auto& [k, n] : cases) {
    for (const double confidence : {0.5, 0.95, 0.999}) {
      const RateInterval interval = clopper_pearson(k, n, confidence);
      const double side = (1 - confidence) / 2;
      EXPECT_NEAR(1 - tail(0, k - 1, n, interval.lower), side, 1e-8) << k << "/" << n;
      EXPECT_NEAR(tail(0, k, n, interval.upper), side, 1e-8) << k << "/" << n;
    }
  }
}

TEST(ClopperPearson, EdgesAndLargeCounts) {
  EXPECT_EQ(clopper_pearson(0, 0), (RateInterval{0, 1}));
  EXPECT_EQ(clopper_pearson(0, 10).lower, 0.0);
  EXPECT_NEAR(clopper_pearson(0, 10).upper, 1 - std::pow(0.025, 0.1), 1e-12);
  EXPECT_EQ(clopper_pearson(10, 10).upper, 1.0);
  EXPECT_NEAR(clopper_pearson(10, 10).lower, std::pow(0.025, 0.1), 1e-12);
  // No errors in 3e12 bits: the rule of three, -log(0.05 / 2) / n.
  EXPECT_NEAR(clopper_pearson(0, 3000000000000).upper * 3e12, -std::log(0.025), 1e-6);
  const RateInterval many = clopper_pearson(2400000, 10000000000, 0.95);
  EXPECT_NEAR((many.upper - many.lower) / 2.4e-4, 2 * 1.96 / std::sqrt(2.4e6), 1e-6);
}

TEST(ClopperPearson, RefusesWhatIsNoCount) {
  EXPECT_THROW(clopper_pearson(11, 10), ConfigError);
  for (const double confidence : {0.0, 1.0, -1.0, std::nan("")}) {
    EXPECT_THROW(clopper_pearson(1, 10, confidence), ConfigError);
  }
}

}  // namespace
}  // namespace lightlane::math

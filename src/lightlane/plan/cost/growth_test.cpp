#include "lightlane/plan/cost/growth.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

TEST(Growth, WorkedExamples) {
  EXPECT_NEAR(growth({GrowthKind::compound, 0.2, 0}, 300, 5), 746.496, 1e-9);  // 746.5
  EXPECT_DOUBLE_EQ(growth({GrowthKind::linear, 0.2, 0}, 300, 5), 600);
  EXPECT_DOUBLE_EQ(growth({GrowthKind::linear, -0.5, 0}, 300, 5), 0);
  const GrowthModel logistic = {GrowthKind::logistic, 0.8, 1000};
  EXPECT_NEAR(growth(logistic, 300, 5), 1000 / (1 + 700.0 / 300 * std::exp(-4.0)), 1e-9);
  EXPECT_DOUBLE_EQ(growth(logistic, 300, 0), 300);
  EXPECT_NEAR(growth(logistic, 300, 60), 1000, 1e-6);
  EXPECT_NEAR(growth({GrowthKind::compound, 0.2, 0}, 300, 2.5), 300 * std::pow(1.2, 2.5), 1e-9);
  EXPECT_EQ(growth({GrowthKind::compound, 0.2, 0}, 0, 5), 0);
}

TEST(Growth, YearsUntilIsTheWayBack) {
  for (const GrowthModel& model :
       {GrowthModel{GrowthKind::linear, 0.3, 0}, GrowthModel{GrowthKind::compound, 0.3, 0},
        GrowthModel{GrowthKind::logistic, 0.3, 5000}}) {
    for (const double level : {301.0, 400.0, 1500.0, 4990.0}) {
      const auto years = years_until(model, 300, level);
      ASSERT_TRUE(years) << name(model.kind);
      EXPECT_NEAR(growth(model, 300, *years), level, 1e-9 * level) << name(model.kind) << " " << level;
    }
    EXPECT_EQ(years_until(model, 300, 200), 0);
  }
  EXPECT_FALSE(years_until({GrowthKind::logistic, 0.3, 500}, 300, 500));
  EXPECT_FALSE(years_until({GrowthKind::compound, 0, 0}, 300, 301));
  EXPECT_FALSE(years_until({GrowthKind::linear, -0.1, 0}, 300, 301));
}

TEST(Growth, RangesAreNamed) {
  EXPECT_THROW(check({GrowthKind::compound, -1, 0}), ConfigError);
  EXPECT_THROW(check({GrowthKind::logistic, 0.1, 0}), ConfigError);
  EXPECT_THROW(check({GrowthKind::linear, std::nan(""), 0}), ConfigError);
  EXPECT_NO_THROW(check({GrowthKind::logistic, 0.1, 10}));
}

}  // namespace
}  // namespace lightlane::plan

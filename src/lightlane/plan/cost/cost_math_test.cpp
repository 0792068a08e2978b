// Reliability and interest against Boost.Math, sums by hand, and links that fail and are mended by chance.
#include "lightlane/plan/cost/cost_math.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>
#include <random>

namespace lightlane::plan {
namespace {

TEST(CostMath, FitAndAfr) {
  // Planning facts: 0.08 %/y are 91 FIT, 0.12 %/y 137 FIT.
  EXPECT_NEAR(fit_of_afr(0.0008), 91, 0.5);
  EXPECT_NEAR(fit_of_afr(0.0012), 137, 0.5);
  EXPECT_DOUBLE_EQ(fit_of_mtbf(1e6), 1000);
  for (const double fit : {0.0, 1.0, 137.0, 1e4, 1e6}) {
    EXPECT_NEAR(afr_of_fit(fit), 1 - std::exp(-fit * 1e-9 * 8760), 1e-15) << fit;
    EXPECT_NEAR(fit_of_afr(afr_of_fit(fit)), fit, 1e-12 * fit + 1e-12);
  }
}

TEST(CostMath, ArrheniusDoublesByTenKelvinNear60C) {
  EXPECT_NEAR(arrhenius_factor(0.7, 60, 70), 2.0, 0.1);
  EXPECT_NEAR(arrhenius_factor(0.7, 60, 70), std::exp(0.7 / 8.617333262e-5 * (1 / 333.15 - 1 / 343.15)),
              1e-12);
  EXPECT_DOUBLE_EQ(arrhenius_factor(0.7, 45, 45), 1);
  EXPECT_DOUBLE_EQ(arrhenius_factor(0, 25, 85), 1);
  EXPECT_NEAR(arrhenius_factor(0.7, 25, 55) * arrhenius_factor(0.7, 55, 25), 1, 1e-14);
}

TEST(CostMath, PoissonAsBoostHasIt) {
  for (const double mean : {1e-6, 0.01, 0.3, 1.0, 2.5, 17.0, 123.4, 900.0, 5e4, 3e6}) {
    const boost::math::poisson_distribution<double> poisson(mean);
    for (const double z : {-6.0, -2.0, -0.5, 0.0, 0.7, 2.0, 5.0}) {
      const long k = static_cast<long>(std::floor(mean + z * std::sqrt(mean)));
      if (k < 0) continue;
      EXPECT_NEAR(poisson_cdf(k, mean), boost::math::cdf(poisson, static_cast<double>(k)), 1e-10)
          << mean << " " << k;
    }
    for (const double level : {0.5, 0.9, 0.95, 0.99, 0.9999}) {
      const long s = spares_for(mean, level);
      EXPECT_GE(boost::math::cdf(poisson, static_cast<double>(s)), level - 1e-10);
      if (s > 0) {
        EXPECT_LT(boost::math::cdf(poisson, static_cast<double>(s - 1)), level + 1e-10);
      }
    }
  }
  EXPECT_EQ(poisson_cdf(-1, 3), 0);
  EXPECT_EQ(poisson_cdf(0, 0), 1);
  EXPECT_EQ(spares_for(0, 0.99), 0);
  EXPECT_EQ(spares_for(0.001, 0.95), 0);  // exp(-0.001) > 0.95
}

TEST(CostMath, AvailabilityOfPaths) {
  for (int paths = 1; paths <= 8; ++paths) {
    for (int needed = 1; needed <= paths; ++needed) {
      for (const double down : {1e-6, 0.01, 0.3}) {
        const boost::math::binomial_distribution<double> lost(paths, down);
        const double expected = boost::math::cdf(boost::math::complement(lost, paths - needed));
        EXPECT_NEAR(parallel_unavailability(down, needed, paths), expected, 1e-10 * expected + 1e-40)
            << needed << " of " << paths;
      }
    }
  }
  EXPECT_DOUBLE_EQ(parallel_unavailability(0.01, 1, 2), 1e-4);
  EXPECT_NEAR(series_unavailability({0.1, 0.2}), 1 - 0.9 * 0.8, 1e-15);
  EXPECT_NEAR(series_unavailability(0.1, 3), 1 - 0.729, 1e-15);
  EXPECT_DOUBLE_EQ(unavailability_of(1e6, 1000), 0.5);  // MTBF 1000 h
  // 99.997 % are 15.8 min/y, five nines 5.26, 99.995 % 26.3.
  EXPECT_NEAR(minutes_down_per_year(3e-5), 15.768, 1e-9);
  EXPECT_NEAR(minutes_down_per_year(1e-5), 5.256, 1e-9);
  EXPECT_NEAR(minutes_down_per_year(5e-5), 26.28, 1e-9);
  EXPECT_NEAR(nines_of(1e-5), 5, 1e-12);
  EXPECT_NEAR(nines_of(3e-5), 4.5229, 1e-4);
  EXPECT_TRUE(std::isinf(nines_of(0)));
}

/// Two of three paths of two units each, beside something they share: failed and mended hour by hour.
TEST(CostMath, AvailabilityAsItIsLived) {
  constexpr double mtbf_h = 500, mttr_h = 40, shared_mtbf_h = 3000, hours = 3e6;
  const double fit = fit_of_mtbf(mtbf_h), shared_fit = fit_of_mtbf(shared_mtbf_h);
  const double path = series_unavailability(unavailability_of(fit, mttr_h), 2);
  const double expected =
      series_unavailability({parallel_unavailability(path, 2, 3), unavailability_of(shared_fit, mttr_h)});

  std::mt19937_64 random(7);
  const auto wait = [&](double mean) { return std::exponential_distribution<double>(1 / mean)(random); };
  struct Unit {
    bool up = true;
    double next = 0, mtbf = 0;
  };
  std::vector<Unit> units(7);
  for (std::size_t i = 0; i < 7; ++i) {
    units[i].mtbf = i < 6 ? mtbf_h : shared_mtbf_h;
    units[i].next = wait(units[i].mtbf);
  }
  double now = 0, down = 0;
  while (now < hours) {
    std::size_t first = 0;
    for (std::size_t i = 1; i < 7; ++i)
      if (units[i].next < units[first].next) first = i;
    int paths_up = 0;
    for (std::size_t p = 0; p < 3; ++p) paths_up += units[2 * p].up && units[2 * p + 1].up;
    const double until = std::min(units[first].next, hours);
    if (paths_up < 2 || !units[6].up) down += until - now;
    now = until;
    units[first].up = !units[first].up;
    units[first].next = now + wait(units[first].up ? units[first].mtbf : mttr_h);
  }
  EXPECT_NEAR(down / hours, expected, 0.03 * expected);
}

TEST(CostMath, Interest) {
  EXPECT_DOUBLE_EQ(compounded(0.2, 5), 2.48832);
  EXPECT_DOUBLE_EQ(compounded(0.05, 0), 1);
  EXPECT_NEAR(annuity_factor(0.05, 10), (1 - std::pow(1.05, -10)) / 0.05, 1e-12);
  EXPECT_DOUBLE_EQ(annuity_factor(0, 7), 7);
  // 0.7 W of 500 modules over five years: 15,330 kWh.
  EXPECT_NEAR(energy_kwh(350, 5), 15330, 1e-9);
  EXPECT_NEAR(energy_kwh(350, 5, 0.5, 1.5), 15330 * 0.75, 1e-9);
}

}  // namespace
}  // namespace lightlane::plan

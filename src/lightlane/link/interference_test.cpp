#include "lightlane/link/interference.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numbers>

#include "lightlane/link/lane_model_test_tools.hpp"

namespace lightlane::link {
namespace {

template <class Function>
double mean_of(const BoundedRule& rule, Function f) {
  double sum = 0;
  for (std::size_t i = 0; i < rule.value.size(); ++i) sum += rule.weight[i] * f(rule.value[i]);
  return sum;
}
double mean_exp(const BoundedRule& rule, double c) {
  return mean_of(rule, [c](double x) { return std::exp(c * x); });
}
double bessel_i0(double x) {
  double term = 1, sum = 1;
  for (int k = 1; k < 200; ++k) sum += term *= x * x / (4.0 * k * k);
  return sum;
}

TEST(Interference, ReductionKeepsMoments) {
  BoundedRule rule;
  rule.value.clear();
  rule.weight.clear();
  double total = 0;
  for (int i = 0; i < 300; ++i) {
    rule.value.push_back(std::sin(i * i * 0.37) + 0.4 * std::cos(i * 1.7));
    rule.weight.push_back(1.0 + i % 7);
    total += rule.weight.back();
  }
  for (double& w : rule.weight) w /= total;
  for (const int points : {1, 2, 5, 12, 24}) {
    const BoundedRule fewer = reduced(rule, points);
    ASSERT_EQ(fewer.value.size(), static_cast<std::size_t>(points));
    for (int power = 0; power < 2 * points; ++power) {
      const auto f = [power](double x) { return std::pow(x, power); };
      EXPECT_NEAR(mean_of(fewer, f), mean_of(rule, f), 1e-12 * std::pow(1.4, power))
          << points << ' ' << power;
    }
    for (const double w : fewer.weight) EXPECT_GT(w, 0);
  }
}

TEST(Interference, ReductionOfFewDistinctValues) {
  const std::array<double, 8> values{1, 1, 2, 2, 2, 1, 3, 3};
  const BoundedRule fewer = reduced(equally_likely(values), 6);
  EXPECT_EQ(fewer.value.size(), 3u);
  EXPECT_NEAR(fewer.mean(), 1.875, 1e-12);
  EXPECT_NEAR(reduced(equally_likely(std::array<double, 3>{2, 2, 2}), 2).value[0], 2, 1e-15);
}

TEST(Interference, TailsOfACosine) {
  for (const double x : {0.01, 0.3, 1.0, 4.0, 10.0, 15.0}) {
    EXPECT_NEAR(mean_exp(cosine(points_for(x)), x) / bessel_i0(x), 1, 1e-8) << x;
    // Three of them at once.
    const int points = points_for(2 * x);
    const BoundedRule c = cosine(points_for(x));
    const BoundedRule all = sum(sum(c, scaled(c, 0.6), points), scaled(c, 0.4), points);
    EXPECT_NEAR(mean_exp(all, x) / (bessel_i0(x) * bessel_i0(0.6 * x) * bessel_i0(0.4 * x)), 1, 1e-6) << x;
  }
}

TEST(Interference, FarSymbolsAreIndependent) {
  const std::array<double, 4> values{-3, -1, 1, 3};
  const std::vector<double> response{0.01, -0.003, 0.02, 0.0005, 0.007, -0.011};
  for (const double c : {1.0, 10.0, 60.0}) {
    double expected = 1;
    for (const double r : response) expected *= 0.5 * (std::cosh(3 * c * r) + std::cosh(c * r));
    EXPECT_NEAR(mean_exp(far_symbols_rule(response, values, c), c) / expected, 1, 1e-7) << c;
  }
}

/// One reflection behind three taps against all of its levels and many phases.
TEST(Interference, MultipathByEnumeration) {
  test::SyntheticLane s;
  LaneModel m = test::lane_model(s);
  m.reflections = {{0.05, 1e6, 100}};
  const std::vector<double> taps{-0.15 / s.oma_a, 1.25 / s.oma_a, -0.1 / s.oma_a};
  const double scale = 0.7, own = m.level_current_a[2], c = 40;
  const BoundedRule rule = multipath_rule(m, taps, 1, own, scale, c);
  double expected = 0;
  constexpr int phases = 96;
  std::array<double, 4> root{};
  for (std::size_t l = 0; l < 4; ++l) root[l] = std::sqrt(m.level_current_a[l]);
  for (int p = 0; p < phases; ++p) {
    const double phase = std::cos(std::numbers::pi * (2 * p + 1) / (2 * phases));
    double product = 1;
    for (std::size_t k = 0; k < 3; ++k) {
      double sum = 0, count = 0;
      for (const double mine : root) {
        for (const double other : root) {
          const double x = 0.05 * taps[k] * scale * (k == 1 ? std::sqrt(own) : mine) * other;
          sum += std::exp(c * x * phase);
          count += 1;
        }
      }
      product *= sum / count;
    }
    expected += product / phases;
  }
  EXPECT_NEAR(mean_exp(rule, c) / expected, 1, 1e-7);
  EXPECT_NEAR(rule.mean(), 0, 1e-14);
}

}  // namespace
}  // namespace lightlane::link

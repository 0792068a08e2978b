#include "lightlane/measure/reference_equalizer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "lightlane/measure/reference_equalizer_program.hpp"
#include "lightlane/measure/tdecq_test_tools.hpp"

namespace lightlane::measure {
namespace {

TEST(QuadraticProgram, CornersAndFaces) {
  QuadraticProgram p{math::SquareMatrix(2), {-2, -6}, {}, {}};  // (x - 1)^2 + (y - 3)^2
  p.h(0, 0) = p.h(1, 1) = 2;
  const auto at = [&](std::vector<double> a, std::vector<double> b) {
    p.a = std::move(a);
    p.b = std::move(b);
    return *solve(p);
  };
  auto s = at({}, {});
  EXPECT_NEAR(s.x[0], 1, 1e-7);
  EXPECT_NEAR(s.x[1], 3, 1e-7);
  s = at({1, 0, 0, -1}, {-5, -2});  // y <= 2
  EXPECT_NEAR(s.x[0], 1, 1e-6);
  EXPECT_NEAR(s.x[1], 2, 1e-6);
  EXPECT_NEAR(s.multiplier[0], 0, 1e-6);
  EXPECT_NEAR(s.multiplier[1], 2, 1e-6);
  s = at({-1, -1, 1, -1}, {-2, 0});  // x + y <= 2, x >= y: the corner (1, 1)
  EXPECT_NEAR(s.x[0], 1, 1e-6);
  EXPECT_NEAR(s.x[1], 1, 1e-6);
  p.a = {1, 0, -1, 0};
  p.b = {1, 0};  // x >= 1 and x <= 0
  EXPECT_FALSE(solve(p));
}

/// Random programmes: the optimum satisfies the conditions of Karush, Kuhn and Tucker.
TEST(QuadraticProgram, OptimalityConditions) {
  std::mt19937 engine(1);
  std::normal_distribution<double> normal;
  for (const std::size_t n : {1u, 3u, 9u, 34u}) {
    for (const std::size_t rows : {2u, 10u, 90u}) {
      QuadraticProgram p{math::SquareMatrix(n), std::vector<double>(n), std::vector<double>(rows * n),
                         std::vector<double>(rows)};
      std::vector<double> root(n * n);
      for (double& v : root) v = normal(engine);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          for (std::size_t k = 0; k < n; ++k)
            p.h(i, j) += root[i * n + k] * root[j * n + k] / static_cast<double>(n);
        }
        p.h(i, i) += 0.1;
        p.c[i] = normal(engine);
      }
      std::vector<double> inside(n);
      for (double& v : inside) v = normal(engine);
      for (std::size_t k = 0; k < rows; ++k) {
        for (std::size_t i = 0; i < n; ++i) p.b[k] += (p.a[k * n + i] = normal(engine)) * inside[i];
        p.b[k] -= std::fabs(normal(engine));
      }
      const auto s = solve(p);
      ASSERT_TRUE(s) << n << ' ' << rows;
      for (std::size_t i = 0; i < n; ++i) {
        double gradient = p.c[i];
        for (std::size_t j = 0; j < n; ++j) gradient += p.h(i, j) * s->x[j];
        for (std::size_t k = 0; k < rows; ++k) gradient -= p.a[k * n + i] * s->multiplier[k];
        EXPECT_NEAR(gradient, 0, 1e-5);
      }
      for (std::size_t k = 0; k < rows; ++k) {
        double slack = -p.b[k];
        for (std::size_t i = 0; i < n; ++i) slack += p.a[k * n + i] * s->x[i];
        EXPECT_GE(slack, -1e-6);
        EXPECT_GE(s->multiplier[k], -1e-9);
        EXPECT_NEAR(slack * s->multiplier[k], 0, 1e-5);
      }
    }
  }
}

/// A channel with one postcursor of the samples and white noise: what MMSE must be is solved by hand for two
/// taps.
TEST(ReferenceEqualizer, MmseOfTwoTaps) {
  const auto levels = test::prbs13q();
  constexpr double h = 0.2, s = 0.05;
  std::vector<float> row(levels.size());
  const auto target = [&](std::size_t n) { return (2.0 * levels[n % levels.size()] - 3.0) / 6; };
  for (std::size_t n = 0; n < row.size(); ++n)
    row[n] = static_cast<float>(target(n) + h * target(n + row.size() - 1));
  const TdecqKernels& kernels = *select(tdecq_kernels()).function;
  const LevelRow level_row(levels, 1);
  std::vector<float> storage;
  const TdecqHistogram histogram({row}, {row}, level_row, 0, kernels, storage);
  EqualizerRules rules;
  rules.taps = 2;
  rules.main = 0;
  rules.noise = math::SquareMatrix(2);
  rules.noise(0, 0) = rules.noise(1, 1) = 1;
  const auto start = mmse_start(histogram, rules, s);
  ASSERT_TRUE(start);
  // c = (1 - b, b): minimise E|(1 - b) x[n] + b x[n - 1] - a[n]|^2 + s^2 ((1 - b)^2 + b^2), E a^2 = p.
  // x = a + h a': error per symbol lag: 0: -b; 1: (1 - b) h + b; 2: b h.
  const double p = 5.0 / 36;
  const double denominator = p * (1 + (1 - h) * (1 - h) + h * h) + 2 * s * s;
  const double b = (-p * (1 - h) * h + s * s) / denominator;
  EXPECT_NEAR((*start)[1], b, 2e-3);
  EXPECT_NEAR((*start)[0], 1 - b, 2e-3);
  const double error =
      p * (b * b + std::pow((1 - b) * h + b, 2) + b * b * h * h) + s * s * ((1 - b) * (1 - b) + b * b);
  EXPECT_NEAR(mean_square_error(histogram, rules, *start, s), error, 1e-3);
}

/// At the optimum no feasible small change bears more noise: the programme is convex, so none does.
TEST(ReferenceEqualizer, NoNeighbourIsBetter) {
  const auto levels = test::prbs13q();
  test::Transmitter tx;
  tx.bandwidth = 0.4;
  tx.level = {0.4, 0.71, 1.03, 1.4};
  const auto wave = test::transmit(levels, 16, tx);
  const TdecqKernels& kernels = *select(tdecq_kernels()).function;
  const TdecqGrid grid(filter_waveform(wave, 16, 53.125e9, 26.5625e9, true), 0.9e-3, 1e-3, kernels);
  const LevelRow level_row(levels, 1);
  std::vector<float> storage;
  const TdecqHistogram histogram(grid, level_row, -0.03, gauss_nodes(0.1, 0.04), 0, 1, kernels, storage);
  EqualizerRules rules;
  rules.main = 2;
  rules.threshold_range = 0.01;
  rules.noise = math::SquareMatrix(5);
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j)
      rules.noise(i, j) = test::PlainTdecq::rho(static_cast<int>(i) - static_cast<int>(j));
  }
  const auto best = optimise(histogram, rules, *mmse_start(histogram, rules, 0.03), 1e-6);
  ASSERT_TRUE(best.open);
  EXPECT_NEAR(largest_noise(histogram, rules, best.point, false, 1e-7).noise, best.noise, 1e-5 * best.noise);
  std::mt19937 engine(2);
  std::normal_distribution<double> normal;
  for (int i = 0; i < 300; ++i) {
    const double size = std::pow(10.0, -0.01 * i);
    std::vector<double> taps = unit_taps(best.point);
    auto thresholds = unit_thresholds(best.point);
    for (double& tap : taps) tap += 0.1 * size * normal(engine);
    ScaledPoint other = start_of(taps, rules);
    for (std::size_t k = 0; k < 3; ++k) {
      const double at = thresholds[k] + 0.005 * size * normal(engine);
      other[5 + k] = std::clamp(at, rules.threshold[k] - 0.01, rules.threshold[k] + 0.01);
    }
    const auto found = largest_noise(histogram, rules, other, false, 1e-7);
    EXPECT_LT(found.noise, best.noise * (1 + 2e-5)) << size;
  }
  // Any start ends there.
  for (int i = 0; i < 10; ++i) {
    std::vector<double> taps = {0, 0, 1, 0, 0};
    for (double& tap : taps) tap += 0.15 * normal(engine);
    const auto again = optimise(histogram, rules, start_of(taps, rules), 1e-6);
    EXPECT_NEAR(again.noise, best.noise, 2e-5 * best.noise) << i;
  }
}

}  // namespace
}  // namespace lightlane::measure

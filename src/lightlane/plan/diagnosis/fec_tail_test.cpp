#include "lightlane/plan/diagnosis/fec_tail.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

namespace lightlane::plan {
namespace {

/// Sum of products in long double, no logarithms of factorials.
long double brute_binomial(int n, long double p, int k) {
  long double sum = 0, term = std::pow(1 - p, n);
  for (int i = 0; i <= n; ++i) {
    if (i >= k) sum += term;
    term *= p / (1 - p) * (n - i) / (i + 1);
  }
  return sum;
}

TEST(FecTail, BinomialTail) {
  for (const double p : {1e-6, 1e-4, 2.4e-3, 0.02, 0.3}) {
    for (const int k : {1, 2, 10, 16, 40}) {
      const auto exact = static_cast<double>(brute_binomial(544, p, k));
      EXPECT_NEAR(binomial_at_least(544, p, k) / exact, 1, 1e-10) << p << " " << k;
    }
  }
  // 1 - (1 - p)^n
  EXPECT_NEAR(binomial_at_least(544, 1e-3, 1), 1 - std::pow(0.999, 544), 1e-13);
  EXPECT_EQ(binomial_at_least(544, 0, 1), 0);
  EXPECT_EQ(binomial_at_least(544, 0.5, 0), 1);
  EXPECT_EQ(binomial_at_least(544, 0.5, 545), 0);
}

TEST(FecTail, PoissonTail) {
  for (const double mean : {1e-6, 0.1, 3.0, 50.0}) {
    double below = 0, term = std::exp(-mean);
    for (int k = 1; k <= 60; ++k) {
      below += term;
      term *= mean / k;
      if (below < 0.999) {
        EXPECT_NEAR(poisson_at_least(mean, k), 1 - below, 1e-9) << mean << " " << k;
      }
    }
  }
  EXPECT_NEAR(poisson_at_least(1e-6, 1), 1e-6, 1e-12);
}

TEST(FecTail, FramesLostPerCodeword) {
  EXPECT_DOUBLE_EQ(frame_loss_ratio(1, 1), 1.125);
  EXPECT_DOUBLE_EQ(frame_loss_ratio(1, 2), 2.125);
  EXPECT_DOUBLE_EQ(frame_loss_ratio(1, 4), 4.125);
}

/// A straight line in, its own slope and sum out.
TEST(FecTail, AGeometricHistogramIsExtrapolated) {
  std::vector<double> bins(16);
  double total = 0;
  for (int i = 1; i < 16; ++i) total += bins[static_cast<std::size_t>(i)] = 1e12 * std::pow(10, -0.6 * i);
  bins[0] = 1e13 - total;
  const auto tail = fec_tail(bins, 0, {}, 2);
  ASSERT_TRUE(tail);
  EXPECT_NEAR(*tail->slope, -0.6, 1e-9);
  EXPECT_NEAR(*tail->intercept, -1, 1e-9);
  EXPECT_NEAR(*tail->r_squared, 1, 1e-12);
  double sum = 0;
  for (int j = 16; j <= 20; ++j) sum += std::pow(10, -0.6 * j - 1);
  EXPECT_NEAR(*tail->predicted_cer / sum, 1, 1e-9);
  EXPECT_NEAR(*tail->predicted_flr / (2.125 * sum), 1, 1e-9);
  EXPECT_EQ(tail->observed_cer, 0);
}

TEST(FecTail, FewerThanTwoBinsGiveNoPrediction) {
  EXPECT_FALSE(fec_tail(std::vector<double>{1e9, 5, 0, 0}, NAN, {}, 2)->slope);
  EXPECT_TRUE(fec_tail(std::vector<double>{1e9, 5, 1, 0}, NAN, {}, 2)->slope);
  EXPECT_FALSE(fec_tail(std::vector<double>{}, NAN, {}, 2));
  EXPECT_FALSE(fec_tail(std::vector<double>{0, 0, 0}, NAN, {}, 2));
}

TEST(FecTail, UncorrectableCodewordsCount) {
  const auto tail = fec_tail(std::vector<double>{990, 5, 3}, 2, {}, 1);
  EXPECT_DOUBLE_EQ(tail->codewords, 1000);
  EXPECT_DOUBLE_EQ(tail->observed_cer, 0.002);
  EXPECT_DOUBLE_EQ(tail->observed_flr, 0.002 * 1.125);
  // Bin 16 holds them where there is no counter.
  std::vector<double> bins(17, 0);
  bins[0] = 998, bins[16] = 2;
  EXPECT_DOUBLE_EQ(fec_tail(bins, NAN, {}, 1)->observed_cer, 0.002);
}

/// Counts drawn from the binomial itself: no bursts, at any ratio; the false alarm is 1e-3.
TEST(FecTail, IndependentErrorsAreNoBursts) {
  std::mt19937_64 random(5);
  int thick = 0, runs = 0;
  for (const double p : {1e-4, 1e-3, 1.2e-3, 1.3e-3, 2.4e-3, 6e-3}) {
    for (int run = 0; run < 50; ++run, ++runs) {
      std::vector<double> bins(16);
      for (int i = 0; i < 16; ++i) {
        const double expected =
            1e9 * static_cast<double>(brute_binomial(544, p, i) - brute_binomial(544, p, i + 1));
        bins[static_cast<std::size_t>(i)] =
            expected > 1e6 ? std::round(expected)
                           : static_cast<double>(std::poisson_distribution<long>(expected)(random));
      }
      const auto tail = fec_tail(bins, 0, {}, 2);
      thick += tail->thick ? 1 : 0;
      EXPECT_NEAR(tail->symbol_error_ratio / p, 1, 0.02);
    }
  }
  EXPECT_LE(thick, 2) << "of " << runs;
}

TEST(FecTail, BurstsAreSeen) {
  std::vector<double> bins = {9.9e8, 9e6, 5e4, 300, 2, 0, 0, 0, 0, 0, 0, 0, 4, 2, 0, 1};
  const auto tail = fec_tail(bins, 0, {}, 2);
  EXPECT_TRUE(tail->thick);
  EXPECT_EQ(tail->tail_codewords, 7);
  EXPECT_LT(tail->expected_tail, 1e-6);
  bins[12] = 0, bins[13] = 0;
  EXPECT_FALSE(fec_tail(bins, 0, {}, 2)->thick) << "one codeword is no proof";
}

TEST(FecTail, Kr4HasItsOwnTail) {
  const auto tail = fec_tail(std::vector<double>{1e9, 1e5, 20, 0, 0, 3, 2, 1}, 0, {528, 7}, 1);
  EXPECT_EQ(tail->tail_from, 5);
  EXPECT_EQ(tail->tail_codewords, 6);
  EXPECT_TRUE(tail->thick);
}

}  // namespace
}  // namespace lightlane::plan

#include "lightlane/aui/isi_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lightlane::aui {
namespace {

double q(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

/// Every combination of symbols.
double brute_force_tail(const std::vector<double>& cursors, double sigma, const std::vector<double>& levels,
                        double x) {
  std::size_t count = 1;
  for (std::size_t i = 0; i < cursors.size(); ++i) count *= levels.size();
  double sum = 0;
  for (std::size_t c = 0; c < count; ++c) {
    double isi = 0;
    std::size_t rest = c;
    for (const double h : cursors) {
      isi += h * levels[rest % levels.size()];
      rest /= levels.size();
    }
    sum += q((x - isi) / sigma);
  }
  return sum / static_cast<double>(count);
}

TEST(IsiDistribution, NoiseAloneIsGaussian) {
  for (const auto modulation : {signal::Modulation::nrz, signal::Modulation::pam4}) {
    const IsiDistribution sum({}, 2.0, modulation);
    for (const double x : {-3.0, 0.0, 1.0, 8.0, 15.0}) EXPECT_NEAR(sum.tail(x) / q(x / 2), 1, 1e-12);
    EXPECT_NEAR(sum.quantile(1e-6), 2 * 4.753424308823, 1e-4);
  }
}

TEST(IsiDistribution, EqualsEnumeration) {
  const std::vector<double> cursors{0.21, -0.08, 0.05, 0.033, -0.017, 0.004, 0.0001};
  for (const double sigma : {0.02, 0.05, 0.1}) {
    const IsiDistribution pam4(cursors, sigma, signal::Modulation::pam4),
        nrz(cursors, sigma, signal::Modulation::nrz);
    for (const double x : {0.0, 0.1, 0.3, 0.5, 0.7}) {
      const double expected = brute_force_tail(cursors, sigma, {-1, -1.0 / 3, 1.0 / 3, 1}, x);
      if (expected > 1e-25) {
        EXPECT_NEAR(pam4.tail(x) / expected, 1, 5e-3) << sigma << ' ' << x;
      }
      EXPECT_NEAR(pam4.tail(x) + pam4.tail(-x), 1, 1e-12);
      const double binary = brute_force_tail(cursors, sigma, {-1, 1}, x);
      if (binary > 1e-25) {
        EXPECT_NEAR(nrz.tail(x) / binary, 1, 5e-3) << sigma << ' ' << x;
      }
    }
    EXPECT_NEAR(pam4.tail(pam4.quantile(1e-6)), 1e-6, 1e-9);
  }
}

TEST(IsiDistribution, ManySmallCursorsAddUp) {
  const std::vector<double> cursors(4000, 0.005);  // each below sigma / 100
  const double sigma = std::sqrt(1 + 4000 * 0.005 * 0.005 * 5 / 9);
  const IsiDistribution sum(cursors, 1.0, signal::Modulation::pam4);
  EXPECT_NEAR(sum.tail(5) / q(5 / sigma), 1, 1e-9);
}

TEST(IsiDistribution, WithoutNoiseItIsTheWorstCase) {
  const IsiDistribution sum(std::vector<double>{0.2, -0.1}, 0, signal::Modulation::nrz);
  EXPECT_NEAR(sum.tail(0.29), 0.25, 1e-12);
  EXPECT_NEAR(sum.tail(0.31), 0, 1e-12);
  EXPECT_NEAR(sum.tail(0.0), 0.5, 1e-12);
  EXPECT_NEAR(sum.quantile(1e-6), 0.3, 1e-3);
  EXPECT_EQ(IsiDistribution({}, 0, signal::Modulation::pam4).tail(1e-9), 0);
}

}  // namespace
}  // namespace lightlane::aui

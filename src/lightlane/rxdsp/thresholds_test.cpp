#include "lightlane/rxdsp/thresholds.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using testing::gaussian_tail;

/// Where f is least between low and high, by trying 200001 points.
template <class F>
double argmin(double low, double high, const F& f) {
  double best = low, least = f(low);
  for (int i = 1; i <= 200000; ++i) {
    const double t = low + (high - low) * i / 200000;
    if (const double v = f(t); v < least) {
      least = v;
      best = t;
    }
  }
  return best;
}

TEST(Thresholds, EqualErrorsAreEqual) {
  const Cluster lower{-0.2, 0.05}, upper{0.4, 0.11};
  const double t = equal_error_threshold(lower, upper);
  EXPECT_NEAR(t, (-0.2 * 0.11 + 0.4 * 0.05) / 0.16, 1e-15);
  EXPECT_NEAR((t - lower.mean) / lower.sigma, (upper.mean - t) / upper.sigma, 1e-12);
  EXPECT_EQ(equal_error_threshold({-1, 0}, {1, 0}), 0);
  EXPECT_EQ(equal_error_threshold({-1, 0}, {1, 1}), -1);
}

TEST(Thresholds, GaussiansOfUnequalWidthAreDividedAtTheLeastErrors) {
  for (const auto& [s1, s2] :
       {std::pair{0.10, 0.10}, {0.10, 0.1001}, {0.06, 0.12}, {0.15, 0.05}, {0.2, 0.21}}) {
    const Cluster lower{-0.3, s1}, upper{0.35, s2};
    const double brute = argmin(lower.mean, upper.mean, [&](double t) {
      return gaussian_tail((t - lower.mean) / lower.sigma) + gaussian_tail((upper.mean - t) / upper.sigma);
    });
    EXPECT_NEAR(least_error_threshold(lower, upper), brute, 1e-5) << s1 << " " << s2;
  }
  EXPECT_NEAR(least_error_threshold({-1, 0.2}, {1, 0.2}), 0, 1e-15);
}

TEST(Thresholds, WhereOneSwallowsTheOtherErrorsAreEqual) {
  const Cluster lower{0, 1}, upper{0.1, 2};
  EXPECT_EQ(least_error_threshold(lower, upper), equal_error_threshold(lower, upper));
  EXPECT_EQ(least_error_threshold(Cluster{0, 0}, Cluster{1, 0.1}), 0);
}

TEST(Thresholds, MixturesAreDividedAtTheLeastErrors) {
  // Residual interference: three values below, two above, of unequal weight and width.
  const std::vector<NoisySample> lower{{-0.40, 0.05, 10}, {-0.33, 0.06, 30}, {-0.25, 0.05, 4}};
  const std::vector<NoisySample> upper{{0.27, 0.09, 7}, {0.36, 0.08, 21}};
  const auto error = [](const std::vector<NoisySample>& samples, double t, double side) {
    double sum = 0, weight = 0;
    for (const NoisySample& s : samples) {
      sum += s.weight * gaussian_tail(side * (t - s.value) / s.sigma);
      weight += s.weight;
    }
    return sum / weight;
  };
  const double brute = argmin(-0.2, 0.25, [&](double t) { return error(lower, t, 1) + error(upper, t, -1); });
  EXPECT_NEAR(least_error_threshold(lower, upper), brute, 1e-5);
}

TEST(Thresholds, MixturesFarApartDoNotUnderflow) {
  const std::vector<NoisySample> lower{{-1, 1e-4, 1}}, upper{{1, 3e-4, 1}};
  EXPECT_NEAR(least_error_threshold(lower, upper), -0.5, 1e-5);
}

}  // namespace
}  // namespace lightlane::rxdsp

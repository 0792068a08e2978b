#include "lightlane/plan/acceptance/error_counting.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/poisson.hpp>
#include <cmath>

namespace lightlane::plan {
namespace {

TEST(ErrorCounting, WithoutErrorsItIsTheLogarithm) {
  EXPECT_NEAR(trials_to_prove(1e-12, 0.95), -std::log(0.05) / 1e-12, 1e3);
  EXPECT_NEAR(trials_to_prove(1e-12, 0.95) / 25.78125e9, 116.198,
              0.001);  // seconds of a lane of 100GBASE-LR4
  EXPECT_NEAR(trials_to_prove(1e-13, 0.95) / 400e9, 74.893, 0.001);
}

TEST(ErrorCounting, IsHalfAChiSquareQuantile) {
  for (const double confidence : {0.5, 0.9, 0.95, 0.99, 0.9999}) {
    for (const int errors : {0, 1, 2, 3, 10, 100, 1000}) {
      const boost::math::chi_squared chi(2.0 * errors + 2);
      const double mean = boost::math::quantile(chi, confidence) / 2;
      EXPECT_NEAR(trials_to_prove(1e-9, confidence, errors) * 1e-9, mean, 1e-9 * mean);
      const boost::math::poisson counted(trials_to_prove(0.5, confidence, errors) * 0.5);
      EXPECT_NEAR(boost::math::cdf(counted, errors), 1 - confidence, 1e-9);
      EXPECT_NEAR(proven_ratio(trials_to_prove(1e-9, confidence, errors), confidence, errors), 1e-9, 1e-18);
    }
  }
}

TEST(ErrorCounting, MoreConfidenceAndMoreErrorsTakeLonger) {
  double last = 0;
  for (int errors = 0; errors < 50; ++errors) {
    const double now = trials_to_prove(1e-6, 0.95, errors);
    EXPECT_GT(now, last);
    EXPECT_LT(trials_to_prove(1e-6, 0.9, errors), now);
    last = now;
  }
}

TEST(ErrorCounting, MarginToBer) {
  EXPECT_NEAR(ber_with_margin(2.4e-4, 0, true), 2.4e-4, 1e-16);
  // 2.4e-4 is an SNR of 17.66 dB; 1 dB of light is 2 dB of SNR: 3/8 erfc(sqrt(SNR / 10)).
  const double at_limit = 0.375 * std::erfc(std::sqrt(std::pow(10, 1.766) / 10));
  EXPECT_NEAR(at_limit / 2.4e-4, 1, 0.01);
  const double above = 0.375 * std::erfc(std::sqrt(std::pow(10, 1.966) / 10));
  EXPECT_NEAR(ber_with_margin(2.4e-4, 1, true) / above, 1, 0.02);
  EXPECT_NEAR(ber_with_margin(1e-12, 1, false), 0.5 * std::erfc(7.034484 * std::pow(10, 0.1) / std::sqrt(2)),
              1e-21);
  EXPECT_GT(ber_with_margin(2.4e-4, -0.5, true), 2.4e-4);
}

TEST(ErrorCounting, BinsAreBinomial) {
  for (const RsCode code : {RsCode{544, 15}, RsCode{528, 7}}) {
    for (const double ber : {1e-8, 1e-5, 2.4e-4, 1e-2}) {
      const boost::math::binomial count(code.symbols, -std::expm1(10 * std::log1p(-ber)));
      for (const int errors : {0, 1, 5, 7, 15, 40}) {
        const double expected = boost::math::cdf(boost::math::complement(count, errors));
        EXPECT_NEAR(symbol_errors_above(code, ber, errors), expected, 1e-7 * expected + 1e-290);
      }
    }
  }
  // Brute force over the definition.
  const RsCode kp4;
  const int bin = highest_bin(kp4, 1e-5, 1e10);
  EXPECT_GE(symbol_errors_above(kp4, 1e-5, bin - 1) * 1e10, 1);
  EXPECT_LT(symbol_errors_above(kp4, 1e-5, bin) * 1e10, 1);
  EXPECT_EQ(highest_bin(kp4, 0, 1e20), 0);
  EXPECT_EQ(highest_bin(kp4, 0.5, 1e3), 544);
}

}  // namespace
}  // namespace lightlane::plan

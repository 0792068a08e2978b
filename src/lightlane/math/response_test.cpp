#include "lightlane/math/response.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::math {
namespace {

constexpr double pi = 3.14159265358979323846;

double db(std::complex<double> h) { return 20.0 * std::log10(std::abs(h)); }

// Attenuations at multiples of the 3 dB frequency: the polynomial of 802.3 121.8.5.1 evaluated apart from
// this code.
TEST(Response, BesselThomsonHasTheAttenuationOfTheStandard) {
  const double f3db = 26.5625e9;
  EXPECT_EQ(bessel_thomson4(0.0, f3db), 1.0);
  EXPECT_NEAR(db(bessel_thomson4(f3db, f3db)), -3.0103, 1e-4);
  EXPECT_NEAR(db(bessel_thomson4(1.3 * f3db, f3db)), -5.39, 0.005);
  EXPECT_NEAR(db(bessel_thomson4(1.5 * f3db, f3db)), -7.42, 0.005);
  EXPECT_NEAR(db(bessel_thomson4(2.0 * f3db, f3db)), -13.41, 0.005);
  EXPECT_NEAR(db(bessel_thomson4(2.6 * f3db, f3db)), -20.68, 0.005);
  EXPECT_NEAR(db(bessel_thomson4(3.0 * f3db, f3db)), -25.09, 0.005);
  EXPECT_EQ(bessel_thomson4(-f3db, f3db), std::conj(bessel_thomson4(f3db, f3db)));
  const double step = 1e-4 * f3db;
  EXPECT_NEAR(-std::arg(bessel_thomson4(step, f3db)) / (2.0 * pi * step), 2.1139 / (2.0 * pi * f3db),
              1e-5 / f3db);
}

TEST(Response, NoiseThroughBesselThomson) {
  const Response h = [](double f) { return bessel_thomson4(f, 0.5); };
  EXPECT_NEAR(noise_bandwidth(h, 6.0) / 0.5, bessel_thomson4_noise_bandwidth, 5e-5);
  const auto rho = noise_autocorrelation(h, 1.0, 5, 6.0);
  const double wanted[] = {1.0, 0.020561, 0.001350, -0.0000798, 0.0000017};
  ASSERT_EQ(rho.size(), 5u);
  for (int lag = 0; lag < 5; ++lag) EXPECT_NEAR(rho[static_cast<std::size_t>(lag)], wanted[lag], 6e-7) << lag;
  EXPECT_TRUE(noise_autocorrelation(h, 1.0, 0, 6.0).empty());
}

TEST(Response, NoiseHasClosedFormsElsewhere) {
  // First-order low-pass: noise bandwidth pi/2 f3db (up to f_max: atan), autocorrelation exp(-2 pi f3db tau).
  const Response first = [](double f) { return butterworth(f, 1.0, 1); };
  EXPECT_NEAR(noise_bandwidth(first, 50.0), std::atan(50.0), 1e-6);
  // A rectangle up to 2: sinc(4 tau), tau = 0.1 n; the step is on the last point.
  const Response flat = [](double) { return std::complex<double>(0.5, 0.0); };
  EXPECT_NEAR(noise_bandwidth(flat, 2.0), 2.0, 1e-12);
  const auto rho = noise_autocorrelation(flat, 10.0, 101, 2.0);
  for (const std::size_t lag : {1, 2, 7, 100}) {
    const double x = pi * 4.0 * 0.1 * static_cast<double>(lag);
    EXPECT_NEAR(rho[lag], std::sin(x) / x, 1e-7) << lag;
  }
}

TEST(Response, Butterworth) {
  for (int order = 1; order <= 6; ++order) {
    for (const double x : {0.0, 0.3, 1.0, 2.5, 10.0}) {
      EXPECT_NEAR(std::norm(butterworth(x, 1.0, order)), 1.0 / (1.0 + std::pow(x, 2 * order)), 1e-12)
          << order;
    }
    // Delay at DC: the sum of 1 / sin over the poles' angles, here by order: 1, sqrt 2,
    // 2, 2.6131, 3.2361, 3.8637.
    const double delays[] = {1.0, 1.41421, 2.0, 2.61313, 3.23607, 3.86370};
    EXPECT_NEAR(-std::arg(butterworth(1e-4, 1.0, order)) / 1e-4, delays[order - 1], 1e-4);
    EXPECT_EQ(butterworth(-0.7, 1.0, order), std::conj(butterworth(0.7, 1.0, order)));
  }
  EXPECT_THROW(butterworth(1.0, 1.0, 0), ConfigError);
  EXPECT_THROW(butterworth(1.0, 1.0, 7), ConfigError);
}

TEST(Response, GaussianAndSecondOrder) {
  EXPECT_NEAR(db(gaussian_lowpass(3.0, 3.0)), -3.0103, 1e-4);
  EXPECT_NEAR(db(gaussian_lowpass(-6.0, 3.0)), -4 * 3.0103, 4e-4);
  EXPECT_EQ(gaussian_lowpass(2.0, 3.0).imag(), 0.0);
  EXPECT_EQ(second_order(0.0, 20e9, 1e11), 1.0);
  // At resonance -j 2 pi f0 / damping.
  const auto peak = second_order(20e9, 20e9, 1e11);
  EXPECT_NEAR(peak.real(), 0.0, 1e-12);
  EXPECT_NEAR(peak.imag(), -2.0 * pi * 20e9 / 1e11, 1e-12);
  EXPECT_EQ(second_order(-9e9, 20e9, 1e11), std::conj(second_order(9e9, 20e9, 1e11)));
}

}  // namespace
}  // namespace lightlane::math

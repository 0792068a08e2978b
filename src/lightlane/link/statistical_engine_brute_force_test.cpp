/// The statistical engine against sums over all symbols, phases and levels, written out.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/lane_model_pattern.hpp"
#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/link/statistical_engine.hpp"

namespace lightlane::link {
namespace {

using test::lane_model;
using test::plain_equalizer;
using test::SyntheticLane;

double q(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

/// Bits wrong, of two, with y and noise of this sigma where level l was sent; thresholds at -2/3, 0, 2/3.
double wrong_bits(int l, double y, double sigma) {
  const double t[] = {-1e9, -2.0 / 3, 0, 2.0 / 3, 1e9};
  double bits = 0;
  for (int d = 0; d < 4; ++d) {
    const int x = (l ^ (l >> 1)) ^ (d ^ (d >> 1));
    // From the side on which both are small.
    const double p = d > l ? q((t[d] - y) / sigma) - q((t[d + 1] - y) / sigma)
                           : q((y - t[d + 1]) / sigma) - q((y - t[d]) / sigma);
    bits += ((x & 1) + (x >> 1)) * p;
  }
  return bits;
}

double level(int l) { return 2.0 * l / 3 - 1; }

/// Bit error ratio of a response (the symbol's own in the middle) with Gaussian noise: every combination of
/// symbols. disturbed(l, use): calls use(shift, probability) for what else moves the sample.
double enumerate(const std::vector<double>& response, std::size_t main, double sigma) {
  double sum = 0;
  std::size_t combinations = 1;
  for (std::size_t k = 0; k < response.size(); ++k) combinations *= 4;
  for (std::size_t c = 0; c < combinations; ++c) {
    double y = 0;
    for (std::size_t k = 0; k < response.size(); ++k)
      y += response[k] * level(static_cast<int>(c >> (2 * k) & 3));
    sum += wrong_bits(static_cast<int>(c >> (2 * main) & 3), y, sigma);
  }
  return sum / static_cast<double>(combinations) / 2;
}

TEST(StatisticalBruteForce, InterferenceOfSixSymbols) {
  SyntheticLane s;
  s.pulse = {0.04, 0.9, 0.05, -0.02};
  s.cursor = 1;
  const std::vector<double> taps{-0.05, 1.06, -0.06};
  for (const double sigma : {0.2, 0.1, 0.045, 0.03}) {
    // White noise ahead of three taps.
    const double energy = 0.05 * 0.05 + 1.06 * 1.06 + 0.06 * 0.06;
    s.constant_noise_a2 = std::pow(sigma * s.oma_a / 2, 2) / energy;
    std::vector<double> response(6, 0.0);  // of symbols n + 2 .. n - 3, tap k looks at sample n - 1 + k
    for (std::size_t k = 0; k < 3; ++k) {
      for (std::size_t j = 0; j < 4; ++j) response[2 - k + j] += taps[k] * s.pulse[j];
    }
    const double expected = enumerate(response, 2, sigma);
    EXPECT_NEAR(evaluate(lane_model(s), plain_equalizer(s, taps, 1), 0).ber / expected, 1, 3e-5)
        << sigma << ' ' << expected;
  }
}

TEST(StatisticalBruteForce, InterferenceFromFarAway) {
  // Symbols outside of the neighbourhood: nine in all.
  SyntheticLane s;
  s.pulse = {0.02, 0.9, 0.05, 0, -0.02, 0, 0, 0.03, 0, 0.015, 0, -0.025, 0.01};
  s.cursor = 1;
  std::vector<double> response;
  for (const double p : s.pulse) {
    if (p != 0) response.push_back(p);
  }
  for (const double sigma : {0.15, 0.06, 0.04}) {
    s.constant_noise_a2 = std::pow(sigma * s.oma_a / 2, 2);
    const double expected = enumerate(response, 1, sigma);
    EXPECT_NEAR(evaluate(lane_model(s), plain_equalizer(s), 0).ber / expected, 1, 1e-4)
        << sigma << ' ' << expected;
  }
}

TEST(StatisticalBruteForce, ColouredLevelDependentNoise) {
  SyntheticLane s;
  s.pulse = {0.1, 0.8, 0.1};
  s.cursor = 1;
  s.slope = {-0.5, 0, 0.6};
  s.constant_noise_a2 = 2e-12;
  s.linear_noise_a = 3e-8;
  s.quadratic_noise = 3e-4;
  s.transmitter_noise_a2 = 1e-12;
  s.noise_correlation = {1.0, 0.3, -0.1, 0.02};
  LaneModel m = lane_model(s);
  m.jitter_rms_ui = 0.02;
  m.transmitter_noise_correlation = {1.0, -0.2};
  const detail::Pattern pattern(m);
  const double scale = 0.6, white = 4e-13;
  const detail::OperatingPoint point = pattern.at(scale);
  const detail::Taps taps{{-0.1, 0.05, -0.3, 1.2, -0.25, 0.1, 0.02}, 3};
  const std::vector<double> variance = pattern.noise_variance(point, taps, white);
  const std::size_t period = m.levels.size();
  for (const std::size_t n : {std::size_t{0}, std::size_t{5}, std::size_t{777}, period - 2, period - 1}) {
    double expected = 0;
    for (std::size_t i = 0; i < 7; ++i) {
      for (std::size_t j = 0; j < 7; ++j) {
        const std::size_t a = (n + period + i - 3) % period, b = (n + period + j - 3) % period,
                          lag = i < j ? j - i : i - j;
        const auto receiver = [&](std::size_t x) {
          return std::sqrt(m.constant_noise_a2 + scale * m.linear_noise_a2[x] +
                           scale * scale * m.quadratic_noise_a2[x]);
        };
        double c = lag < 4 ? s.noise_correlation[lag] * receiver(a) * receiver(b) : 0;
        if (lag < 2) {
          c += scale * scale * m.transmitter_noise_correlation[lag] *
               std::sqrt(double{m.transmitter_noise_a2[a]} * double{m.transmitter_noise_a2[b]});
        }
        if (lag == 0) c += white + std::pow(0.02 * scale * m.slope_a_per_ui[a], 2);
        expected += taps.c[i] * taps.c[j] * c;
      }
    }
    EXPECT_NEAR(variance[n] / expected, 1, 1e-6) << n;
  }
}

TEST(StatisticalBruteForce, Jitter) {
  // No interference at the centre, slopes from the neighbours: even-odd and sinusoidal jitter at once.
  SyntheticLane s;
  s.slope = {-1.2, 0, 1.1};
  s.cursor = 1;
  s.pulse = {0, 1, 0};
  LaneModel m = lane_model(s);
  m.even_odd_jitter_ui = 0.05;
  m.sinusoidal_jitter_ui = 0.08;
  for (const double sigma : {0.14, 0.06}) {
    m.constant_noise_a2 = std::pow(sigma * s.oma_a / 2, 2);
    double expected = 0;
    constexpr int phases = 64;
    for (int p = 0; p < 2 * phases; ++p) {
      const double time =
          (p % 2 == 0 ? 0.025 : -0.025) + 0.04 * std::cos(std::numbers::pi * (p / 2 + 0.5) / phases);
      for (int c = 0; c < 64; ++c) {
        const double slope = -1.2 * level(c & 3) + 1.1 * level(c >> 4);
        expected += wrong_bits(c >> 2 & 3, level(c >> 2 & 3) + slope * time, sigma) / (2 * phases * 64) / 2;
      }
    }
    EXPECT_NEAR(evaluate(m, plain_equalizer(s), 0).ber / expected, 1, 1e-5) << sigma;
  }
}

TEST(StatisticalBruteForce, MultipathAndCrosstalk) {
  SyntheticLane s;
  LaneModel m = lane_model(s);
  m.reflections = {{0.03, 1e6, 0}, {0.02, 1e6, 0}};
  m.crosstalk = {{0.02, 0, 0, false, {0.6, 0.4}, /*noise_a2_per_a*/ 2e-6}};
  rxdsp::FrozenEqualizer e = plain_equalizer(s);
  double mean = 0;
  for (const double l : m.level_current_a) mean += 0.02 * l / 4;
  e.offset_a += mean;
  for (const double sigma : {0.14, 0.05}) {
    m.constant_noise_a2 = std::pow(sigma * s.oma_a / 2, 2);
    double expected = 0;
    constexpr int phases = 16;
    const double unit = 2 / s.oma_a;
    for (int l = 0; l < 4; ++l) {
      for (int c = 0; c < 256; ++c) {
        const double a = m.level_current_a[static_cast<std::size_t>(c & 3)],
                     b = m.level_current_a[static_cast<std::size_t>(c >> 2 & 3)];
        const double light = 0.02 * (0.6 * m.level_current_a[static_cast<std::size_t>(c >> 4 & 3)] +
                                     0.4 * m.level_current_a[static_cast<std::size_t>(c >> 6)]);
        const double x = light - mean, noise = std::sqrt(sigma * sigma + 2e-6 * light * unit * unit);
        const double own = m.level_current_a[static_cast<std::size_t>(l)];
        for (int p = 0; p < phases * phases; ++p) {
          const double pa = std::cos(std::numbers::pi * (p % phases + 0.5) / phases);
          const double pb = std::cos(std::numbers::pi * (p / phases + 0.5) / phases);
          const double shift = (0.03 * std::sqrt(own * a) * pa + 0.02 * std::sqrt(own * b) * pb + x) * unit;
          expected += wrong_bits(l, level(l) + shift, noise) / (4.0 * 256 * phases * phases) / 2;
        }
      }
    }
    EXPECT_NEAR(evaluate(m, e, 0).ber / expected, 1, 2e-5) << sigma << ' ' << expected;
  }
}

TEST(StatisticalBruteForce, TwoLevels) {
  SyntheticLane s;
  s.modulation = signal::Modulation::nrz;
  s.pulse = {0.1, 0.8, 0.12, -0.05};
  s.cursor = 1;
  for (const double sigma : {0.25, 0.08}) {
    s.constant_noise_a2 = std::pow(sigma * s.oma_a / 2, 2);
    double expected = 0;
    for (int c = 0; c < 16; ++c) {
      double y = 0;
      for (int k = 0; k < 4; ++k) y += s.pulse[static_cast<std::size_t>(k)] * (c >> k & 1 ? 1 : -1);
      expected += (c >> 1 & 1 ? q(y / sigma) : q(-y / sigma)) / 16;
    }
    const StatisticalResult r = evaluate(lane_model(s), plain_equalizer(s), 0);
    EXPECT_NEAR(r.ber / expected, 1, 1e-5) << sigma;
    EXPECT_EQ(r.ser, r.ber);
    EXPECT_NEAR(r.crossing[0] / expected, 1, 1e-5);
  }
}

TEST(StatisticalBruteForce, VariantsAgree) {
  SyntheticLane s;
  s.pulse = {0.1, 0.8, 0.12, -0.05};
  s.cursor = 1;
  s.constant_noise_a2 = std::pow(0.09 * s.oma_a / 2, 2);
  LaneModel m = lane_model(s);
  m.reflections = {{0.02, 1e6, 0}};
  const Variant active = active_variant();
  force_variant(Variant::ref);
  const StatisticalResult reference = evaluate(m, rxdsp::EqualizerConfig{}, 0);
  for (const Variant v : {Variant::portable, Variant::avx2, Variant::avx512}) {
    if (v > supported_variant()) continue;
    force_variant(v);
    EXPECT_NEAR(evaluate(m, rxdsp::EqualizerConfig{}, 0).ber / reference.ber, 1, 1e-6) << name(v);
  }
  force_variant(active);
}

}  // namespace
}  // namespace lightlane::link

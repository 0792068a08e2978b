#include "lightlane/measure/nrz.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/edge_jitter.hpp"
#include "lightlane/measure/level_noise.hpp"
#include "lightlane/measure/measure_test_tools.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

using test::bisect;
using test::q;
using test::random_levels;
using test::staircase;

/// Random bits that hold runs of exactly five of each; as many ones as zeros.
std::vector<std::uint8_t> bits(std::size_t count, unsigned seed = 1) {
  auto out = random_levels(count, 2, seed);
  for (std::size_t i = 0; i < 14; ++i) out[i] = i >= 1 && i < 6 ? 1 : i >= 6 && i < 11 ? 0 : i == 0 ? 0 : 1;
  std::size_t ones = 0;
  for (const auto bit : out) ones += bit;
  for (std::size_t i = 14; i < count && 2 * ones != count && 2 * ones != count + 1; ++i) {
    const bool more = 2 * ones < count;
    if (out[i] == (more ? 1 : 0)) continue;
    out[i] = more ? 1 : 0;
    ones += more ? 1 : static_cast<std::size_t>(-1);
  }
  return out;
}

/// y = (1 - h - g) a(k) + h a(k - 1) + g a(k + 1).
std::vector<float> with_cursors(const std::vector<std::uint8_t>& levels, int m, double h, double g = 0) {
  std::vector<float> out;
  const std::size_t n = levels.size();
  for (std::size_t i = 0; i < n; ++i) {
    const double value = (1 - h - g) * levels[i] + h * levels[(i + n - 1) % n] + g * levels[(i + 1) % n];
    out.insert(out.end(), static_cast<std::size_t>(m), static_cast<float>(1e-4 + 4e-4 * value));
  }
  return out;
}

TEST(NoiseLoading, IdealTransmittersHaveNoPenalty) {
  const auto levels = bits(2000);
  for (const NoiseLoadingConfig& config : {tdec_config, tdp_config}) {
    const auto result = measure_noise_loading(staircase(levels, 16), levels, 16, config);
    ASSERT_FALSE(result.closed);
    EXPECT_NEAR(result.penalty_db, 0, 0.002);
    EXPECT_NEAR(result.oma_w, 2e-4, 1e-9);
    EXPECT_NEAR(result.ber_left / config.ber, 1, 1e-3);
  }
  EXPECT_NEAR(q(3.8906) / 5e-5, 1, 1e-3);  // both pairs of the standards belong together
  EXPECT_NEAR(q(7.034) / 1e-12, 1, 0.01);
}

TEST(NoiseLoading, PostCursorCostsWhatTwoDistancesSay) {
  const auto levels = bits(20000);
  for (const double h : {0.02, 0.1, 0.2}) {
    std::size_t same = 0;  // symbols whose predecessor is the same: full distance
    for (std::size_t i = 0; i < levels.size(); ++i)
      same += levels[i] == levels[(i + levels.size() - 1) % levels.size()];
    const double share = static_cast<double>(same) / static_cast<double>(levels.size());
    for (const NoiseLoadingConfig& config : {tdec_config, tdp_config}) {
      // Distances 1/2 and (1 - 2h)/2 of the OMA.
      const double sigma = bisect(1e-3, 10, [&](double s) {
        return config.ber - share * q(0.5 / s) - (1 - share) * q((0.5 - h) / s);
      });
      const auto result = measure_noise_loading(with_cursors(levels, 16, h), levels, 16, config);
      ASSERT_FALSE(result.closed);
      EXPECT_NEAR(result.penalty_db, -10 * std::log10(2 * config.q * sigma), 0.005) << h;
    }
  }
}

TEST(NoiseLoading, NoiseOfTheTransmitterAndOfTheScopeAreBookedApart) {
  const auto levels = bits(4000);
  const auto wave = staircase(levels, 16, 1e-4, 4e-4);
  const double r0 = 4e-4 / (2 * 3.8906);
  for (const double n : {0.3, 0.6}) {
    NoiseLoadingConfig config = tdec_config;
    config.noise_w = n * r0;
    const double penalty = measure_noise_loading(wave, levels, 16, config).penalty_db;
    EXPECT_NEAR(penalty, -5 * std::log10(1 - n * n), 0.003);
    config.scope_noise_w = n * r0;  // given back
    EXPECT_NEAR(measure_noise_loading(wave, levels, 16, config).penalty_db, 0, 0.003);
    // The same noise drawn, in the waveform.
    std::mt19937 engine(3);
    std::normal_distribution<double> normal;
    std::vector<float> noisy, noise(50 * wave.size());
    for (int period = 0; period < 50; ++period) noisy.insert(noisy.end(), wave.begin(), wave.end());
    for (float& x : noise) x = static_cast<float>(normal(engine));
    noise = bessel_thomson_filtered(noise, 16, 25.78125, 19.34);
    double square = 0;
    for (const float x : noise) square += static_cast<double>(x) * x;
    const double scale = n * r0 / std::sqrt(square / static_cast<double>(noise.size()));
    for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] += static_cast<float>(scale * noise[i]);
    EXPECT_NEAR(measure_noise_loading(noisy, levels, 16, tdec_config).penalty_db, penalty, 0.08);
  }
  NoiseLoadingConfig too_much = tdec_config;
  too_much.noise_w = 1.001 * r0;
  EXPECT_TRUE(measure_noise_loading(wave, levels, 16, too_much).closed);
}

TEST(NoiseLoading, ClosedEyesHaveNoNumber) {
  const auto levels = bits(2000);
  EXPECT_TRUE(measure_noise_loading(with_cursors(levels, 16, 0.3, 0.3), levels, 16, tdec_config).closed);
}

TEST(NoiseLoading, StaysWithScaleOffsetAndTurn) {
  const auto levels = bits(3000);
  const auto wave = bessel_thomson_filtered(staircase(levels, 16), 16, 25.78125, 14);
  const double penalty = measure_noise_loading(wave, levels, 16, tdec_config).penalty_db;
  EXPECT_GT(penalty, 0.3);
  auto scaled = wave;
  for (float& x : scaled) x = 1000 * x;
  EXPECT_NEAR(measure_noise_loading(scaled, levels, 16, tdec_config).penalty_db, penalty, 0.001);
  auto raised = wave;
  for (float& x : raised) x += 1e-3f;
  EXPECT_NEAR(measure_noise_loading(raised, levels, 16, tdec_config).penalty_db, penalty, 0.001);
  auto turned = wave;
  auto turned_levels = levels;
  std::rotate(turned.begin(), turned.begin() + 16 * 77, turned.end());
  std::rotate(turned_levels.begin(), turned_levels.begin() + 77, turned_levels.end());
  EXPECT_NEAR(measure_noise_loading(turned, turned_levels, 16, tdec_config).penalty_db, penalty, 1e-9);
  // Late by three samples against the pattern: the eye is found by its crossings.
  auto late = wave;
  std::rotate(late.begin(), late.end() - 3, late.end());
  EXPECT_NEAR(measure_noise_loading(late, levels, 16, tdec_config).penalty_db, penalty, 0.03);
}

TEST(Vecp, PostCursorClosesTheEyeByTwiceItself) {
  const auto levels = bits(4000);
  for (const double h : {0.0, 0.05, 0.15, 0.3}) {
    const auto result = measure_vecp(with_cursors(levels, 16, h), levels, 16);
    ASSERT_FALSE(result.closed);
    EXPECT_NEAR(result.vecp_db, -10 * std::log10(1 - 2 * h), 0.01) << h;
  }
  EXPECT_TRUE(measure_vecp(with_cursors(levels, 16, 0.3, 0.3), levels, 16).closed);
  // Gaussian noise: 0.05 % of the ones lie 3.29 sigma below.
  const auto noisy = measure_vecp(staircase(levels, 16, 0, 4e-4), levels, 16, {.noise_w = 2e-5});
  const double reach = bisect(0, 10, [](double d) { return q(d) - 5e-4; });
  EXPECT_NEAR(noisy.vecp_db, -10 * std::log10(1 - 2 * reach * 2e-5 / 4e-4), 0.01);
}

/// The mask's corners once more, as a polygon with even-odd rule.
bool inside(const EyeMask& m, double x, double y) {
  const std::vector<std::pair<double, double>> p{
      {m.x1, 0.5},     {m.x2, m.y2},         {m.x3, m.y1},         {1 - m.x3, m.y1}, {1 - m.x2, m.y2},
      {1 - m.x1, 0.5}, {1 - m.x2, 1 - m.y2}, {1 - m.x3, 1 - m.y1}, {m.x3, 1 - m.y1}, {m.x2, 1 - m.y2}};
  bool in = false;
  for (std::size_t i = 0, j = p.size() - 1; i < p.size(); j = i++) {
    if ((p[i].second > y) != (p[j].second > y) &&
        x < (p[j].first - p[i].first) * (y - p[i].second) / (p[j].second - p[i].second) + p[i].first)
      in = !in;
  }
  return in || y > 1 + m.y3 || y < -m.y3;
}

TEST(EyeMask, NoisyStaircaseHitsAsTheTailSays) {
  const auto levels = bits(4000);
  const auto wave = staircase(levels, 16, 1e-4, 4e-4);
  for (const double sigma : {2e-5, 4e-5, 8e-5}) {
    const auto result = measure_eye_mask(wave, levels, 16, {}, sigma);
    // Away from the edges both levels are exact: integrate the bell over the mask at each phase.
    double ones = 0;
    for (const auto bit : levels) ones += bit;
    ones /= static_cast<double>(levels.size());
    double hits = 0;
    for (int k = 0; k < 64; ++k) {
      const double x = (k + 0.5) / 64, s = sigma / 4e-4;
      const double outside = q((1 + 0.4) / s) + q(0.4 / s);
      hits += outside / 64;
      double in = 0;
      for (int step = 0; step < 4000; ++step) {
        const double y = (step + 0.5) / 4000;
        if (!inside({}, x, y)) continue;
        const double bell = 1 / (s * std::sqrt(2 * std::numbers::pi));
        in += bell *
              (ones * std::exp(-0.5 * (1 - y) * (1 - y) / (s * s)) +
               (1 - ones) * std::exp(-0.5 * y * y / (s * s))) /
              4000;
      }
      hits += in / 64;
    }
    EXPECT_NEAR(result.hit_ratio / hits, 1, 0.02) << sigma;
    EXPECT_EQ(result.pass, result.hit_ratio <= 5e-5);
    EXPECT_EQ(result.pass, result.margin >= 0);
  }
}

TEST(EyeMask, MarginIsWhereTheGrownMaskTouchesTheTrace) {
  // 0 1 0 1 as a sinusoid: the traces are 1/2 +- 1/2 sin(pi x) about the levels of the middle fifth.
  std::vector<std::uint8_t> levels(600);
  std::vector<float> wave(levels.size() * 32);
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = i % 2;
  for (std::size_t i = 0; i < wave.size(); ++i)
    wave[i] = static_cast<float>(1 - std::cos(std::numbers::pi * (static_cast<double>(i) / 32 - 0.5)));
  double middle = 0;
  for (int k = -4; k <= 4; ++k) middle += std::cos(std::numbers::pi * 0.025 * k) / 9;
  const auto trace = [&](double x) {
    return 0.5 - 0.5 * std::sin(std::numbers::pi * x) / middle;
  };  // the lower one
  double margin = 1;
  for (; margin > -1; margin -= 1e-4) {
    EyeMask m;
    for (double* c : {&m.x1, &m.x2, &m.x3, &m.y1, &m.y2})
      *c = margin >= 0 ? *c * (1 - margin) : *c - margin * (0.5 - *c);
    m.y3 *= 1 - margin;
    bool hit = false;
    for (int k = 0; k < 64; ++k) hit = hit || inside(m, (k + 0.5) / 64, trace((k + 0.5) / 64));
    if (!hit) break;
  }
  EyeMask strict;
  strict.hit_ratio = 0;
  const auto result = measure_eye_mask(wave, levels, 32, strict);
  EXPECT_TRUE(result.pass);
  EXPECT_NEAR(result.margin, margin, 0.002);
  EXPECT_NEAR(result.crossing_ui, 0, 1e-4);
}

TEST(EyeMask, BarsComeDownOnOvershoot) {
  // Levels -0.3, 0, 1 and 1.3: means -0.15 and 1.15 where half of the symbols follow an equal one.
  const auto levels = bits(4000);
  std::size_t changes = 0;
  for (std::size_t i = 0; i < levels.size(); ++i)
    changes += levels[i] != levels[(i + levels.size() - 1) % levels.size()];
  const double share = static_cast<double>(changes) / static_cast<double>(levels.size());
  EyeMask mask;
  mask.y3 = 0.15;
  mask.hit_ratio = 0;
  const auto wave = bessel_thomson_filtered(with_cursors(levels, 64, -0.3), 64, 25.78125, 80);
  const auto result = measure_eye_mask(wave, levels, 64, mask);
  EXPECT_NEAR(result.zero_w, 1e-4 - 4e-4 * 0.3 * share, 4e-6);
  EXPECT_NEAR(result.one_w, 5e-4 + 4e-4 * 0.3 * share, 4e-6);
  const auto [low, high] = std::minmax_element(wave.begin(), wave.end());
  const double over =
      std::max(static_cast<double>(*high) - result.one_w, result.zero_w - static_cast<double>(*low));
  EXPECT_GT(over, 0.1 * (result.one_w - result.zero_w));
  EXPECT_NEAR(result.margin, 1 - over / (result.one_w - result.zero_w) / mask.y3, 0.01);
}

TEST(EyeMask, FailsOnASlowEyeAndNamesBadMasks) {
  const auto levels = bits(4000);
  const auto slow = bessel_thomson_filtered(staircase(levels, 16), 16, 25.78125, 7);
  const auto result = measure_eye_mask(slow, levels, 16);
  EXPECT_FALSE(result.pass);
  EXPECT_LT(result.margin, 0);
  const auto good = measure_eye_mask(
      bessel_thomson_filtered(staircase(levels, 16), 16, 25.78125, 0.75 * 25.78125), levels, 16);
  EXPECT_TRUE(good.pass);
  EXPECT_GT(good.margin, 0.2);
  EXPECT_THROW(measure_eye_mask(slow, levels, 16, {.x1 = 0.5, .x2 = 0.4}), ConfigError);
  EXPECT_THROW(measure_eye_mask(slow, levels, 16, {.y3 = -1}), ConfigError);
  EXPECT_THROW(measure_eye_mask(slow, levels, 16, {}, -1), ConfigError);
}

TEST(Nrz, RefusesWhatCannotBeMeasured) {
  const auto levels = bits(200);
  const auto wave = staircase(levels, 16);
  const std::vector<float> flat(wave.size(), 1.0f);
  EXPECT_THROW(measure_noise_loading(flat, levels, 16, tdec_config), InputError);
  EXPECT_THROW(measure_vecp(flat, levels, 16), InputError);
  EXPECT_THROW(measure_eye_mask(flat, levels, 16), InputError);
  EXPECT_THROW(measure_eye_mask(std::span(wave).first(100), levels, 16), InputError);
  const std::vector<std::uint8_t> short_runs{0, 1, 0, 1};
  EXPECT_THROW(measure_noise_loading(staircase(short_runs, 16), short_runs, 16, tdec_config), InputError);
  NoiseLoadingConfig bad = tdec_config;
  bad.offset_ui = 0.6;
  EXPECT_THROW(measure_noise_loading(wave, levels, 16, bad), ConfigError);
  EXPECT_THROW(measure_vecp(wave, levels, 16, {.probability = 0.7}), ConfigError);
}

/// Edges of a normal distribution's shape, each moved by its own time.
template <class Shift>
std::vector<float> moved_edges(const std::vector<std::uint8_t>& levels, int m, std::size_t periods,
                               Shift&& shift) {
  const std::size_t n = levels.size() * periods;
  std::vector<double> sum(n * static_cast<std::size_t>(m), static_cast<double>(levels.back()));
  double before = levels.back();
  for (std::size_t i = 0; i < n; ++i) {
    const double step = levels[i % levels.size()] - before, at = static_cast<double>(i) + shift(i);
    before = levels[i % levels.size()];
    if (step == 0) continue;
    for (std::size_t k = (i > 1 ? i - 1 : 0) * static_cast<std::size_t>(m); k < sum.size(); ++k) {
      const double t = static_cast<double>(k) / m - at;
      if (t > 1) {
        sum[k] += step;
      } else {
        sum[k] += step * (1 - q(t / 0.12));
      }
    }
  }
  return {sum.begin(), sum.end()};
}

TEST(EdgeJitter, FindsWhatWasPutIn) {
  const auto levels = bits(101);  // odd: even and odd edges change places every period
  const auto clean =
      measure_edge_jitter(moved_edges(levels, 16, 4, [](std::size_t) { return 0.0; }), levels, 16);
  EXPECT_NEAR(clean.crossing_ui, 0, 2e-3);
  EXPECT_LT(clean.rms_ui, 5e-3);
  EXPECT_NEAR(clean.uncorrelated_rms_ui.value(), 0, 5e-3);
  const auto late =
      measure_edge_jitter(moved_edges(levels, 16, 1, [](std::size_t) { return 0.13; }), levels, 16);
  EXPECT_NEAR(late.crossing_ui, 0.13, 5e-3);
  EXPECT_FALSE(late.uncorrelated_rms_ui.has_value());
  const auto even_odd = measure_edge_jitter(
      moved_edges(levels, 16, 8, [](std::size_t i) { return i % 2 ? 0.02 : -0.02; }), levels, 16);
  EXPECT_NEAR(even_odd.even_odd_ui, 0.04, 4e-3);
  std::mt19937 engine(4);
  std::normal_distribution<double> normal;
  const auto random = measure_edge_jitter(
      moved_edges(levels, 16, 20, [&](std::size_t) { return 0.03 * normal(engine); }), levels, 16);
  EXPECT_NEAR(random.uncorrelated_rms_ui.value(), 0.03, 0.003);
  EXPECT_NEAR(random.rms_ui, 0.03, 0.003);
}

TEST(LevelNoise, FindsTheNoiseOfEachLevelAndRin) {
  const auto levels = random_levels(40000, 4, 8);
  const double sigma[4] = {1e-6, 2e-6, 3e-6, 4e-6};
  std::vector<float> wave;
  std::mt19937 engine(2);
  std::normal_distribution<double> normal;
  for (int period = 0; period < 10; ++period) {
    for (const auto level : levels) {
      for (int k = 0; k < 8; ++k)
        wave.push_back(static_cast<float>(1e-4 + 2e-4 * level + sigma[level] * normal(engine)));
    }
  }
  const LevelNoise noise = measure_level_noise(wave, levels, 8);
  for (int level = 0; level < 4; ++level) EXPECT_NEAR(noise.rms_w[level] / sigma[level], 1, 0.05);
  // sigma / OMA = 0.01321 at -136 dB/Hz in 27.79 GHz (802.3 limits of DR4; published figures).
  EXPECT_NEAR(std::sqrt(rin_oma_variance_w2(-136, 1.0, 27.79e9)), 0.01321, 1e-5);
  EXPECT_NEAR(std::sqrt(rin_oma_variance_w2(-140, 1.0, 27.79e9)), 0.00834, 1e-5);
  EXPECT_NEAR(std::sqrt(rin_oma_variance_w2(-150, 1.0, 27.79e9)), 0.00264, 1e-5);
  EXPECT_NEAR(rin_oma_db_per_hz(0.01321 * 0.01321, 1.0, 27.79e9), -136, 0.01);
  const double mean = 0.5 * (1e-12 + 16e-12);
  EXPECT_NEAR(rin_oma_db_per_hz(noise, 3, 6e-4, 27.79e9), 10 * std::log10(mean / (27.79e9 * 9e-8)), 0.3);
  EXPECT_THROW(measure_level_noise(std::span(wave).first(320000), levels, 8), InputError);
}

}  // namespace
}  // namespace lightlane::measure

#include "lightlane/measure/eye.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/measure/measure_test_tools.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

using signal::Modulation;
using test::bisect;
using test::q;
using test::random_levels;
using test::staircase;

/// Every level as often as any other: the shares in the closed forms are exact.
std::vector<std::uint8_t> balanced(std::size_t each, unsigned levels) {
  std::vector<std::uint8_t> out(each * levels);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i % levels);
  std::mt19937 engine(5);
  for (std::size_t i = out.size() - 1; i > 0; --i) std::swap(out[i], out[engine() % (i + 1)]);
  return out;
}

TEST(Eye, IdealStaircaseIsOpenFromLevelToLevel) {
  const auto levels = balanced(500, 4);
  const auto eye = measure_eye(staircase(levels, 16), levels, {.samples_per_ui = 16});
  ASSERT_EQ(eye.eyes.size(), 3u);
  for (int e = 0; e < 3; ++e) {
    EXPECT_TRUE(eye.eyes[e].open);
    EXPECT_NEAR(eye.eyes[e].height_w, 2e-4, 2e-4 * 0.002);
    EXPECT_NEAR(eye.eyes[e].threshold_w, 2e-4 + 2e-4 * e, 2e-7);
    EXPECT_EQ(eye.eyes[e].error_ratio, 0);
    EXPECT_NEAR(eye.level_w[e], 1e-4 + 2e-4 * e, 1e-10);
    EXPECT_NEAR(eye.level_rms_w[e], 0, 1e-10);
    // Edges lie between the last sample of a symbol and the first of the next.
    EXPECT_GT(eye.eyes[e].width_ui, 1 - 1.0 / 16 - 1e-9);
    EXPECT_LE(eye.eyes[e].width_ui, 1);
  }
  EXPECT_NEAR(eye.rlm_120d.value(), 1, 1e-5);
  EXPECT_NEAR(eye.rlm_94.value(), 1, 1e-5);
  EXPECT_EQ(eye.ser, 0);
  EXPECT_NEAR(eye.centre_ui, 0, 0.05);
}

TEST(Eye, GaussianNoiseClosesHeightsAsTheNormalTailSays) {
  const auto levels = balanced(250, 4);
  const auto wave = staircase(levels, 16);
  for (const double sigma : {5e-6, 1.2e-5, 1.5e-5}) {
    for (const double p : {1e-4, 1e-6, 1e-12, 1e-15}) {
      const auto eye = measure_eye(wave, levels, {.samples_per_ui = 16, .noise_w = sigma, .probability = p});
      // A quarter of the symbols stands on either side of each threshold; those two steps away hardly count.
      const double reach = bisect(0, 2e-4, [&](double d) {
        return 0.25 * (q(d / sigma) + q((2e-4 - d) / sigma) + q((2e-4 + d) / sigma)) - p;
      });
      const double height = 2e-4 - 2 * reach;
      for (const SubEye& sub : eye.eyes) {
        if (height < 0) {
          EXPECT_FALSE(sub.open) << sigma << " " << p;
          continue;
        }
        ASSERT_TRUE(sub.open) << sigma << " " << p;
        EXPECT_NEAR(sub.height_w, height, 0.01 * sigma) << sigma << " " << p;
      }
      const double one = 0.25 * 2 * (q(1e-4 / sigma) + q(3e-4 / sigma));
      if (1e-4 < 9 * sigma) {  // tails end there
        EXPECT_NEAR(eye.eyes[1].error_ratio / one, 1, 0.01) << sigma;
        EXPECT_NEAR(eye.ser / (1.5 * q(1e-4 / sigma)), 1, 0.01) << sigma;
        EXPECT_NEAR(eye.ber / (0.75 * q(1e-4 / sigma)), 1, 0.01) << sigma;
      } else {
        EXPECT_EQ(eye.ser, 0) << sigma;
      }
      EXPECT_NEAR(eye.level_rms_w[2], sigma, 1e-3 * sigma);
    }
  }
}

/// NRZ, raised to a sinusoid: 0 1 0 1 ... as 1/2 + 1/2 cos. Opening at phase x between -cos(pi x) and +cos(pi
/// x).
TEST(Eye, SinusoidOpensAsItsCosine) {
  std::vector<std::uint8_t> levels(400);
  std::vector<float> wave(400 * 16);
  for (std::size_t i = 0; i < levels.size(); ++i) levels[i] = i % 2 == 0 ? 1 : 0;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    wave[i] =
        static_cast<float>(1e-3 * (1 + std::cos(std::numbers::pi * (static_cast<double>(i) / 16 - 0.5))));
  }
  const auto eye = measure_eye(wave, levels, {.samples_per_ui = 16, .modulation = Modulation::nrz});
  ASSERT_EQ(eye.eyes.size(), 1u);
  EXPECT_NEAR(eye.eyes[0].height_w, 2e-3, 2e-6);
  EXPECT_NEAR(eye.centre_ui, 0, 0.04);
  ASSERT_FALSE(eye.contours.empty());
  for (const auto& o : eye.contours[0].openings) {
    if (std::abs(o.phase_ui) > 0.49) continue;
    EXPECT_NEAR(o.high_w - 1e-3, 1e-3 * std::cos(std::numbers::pi * o.phase_ui), 2e-6);
    EXPECT_NEAR(o.low_w - 1e-3, -1e-3 * std::cos(std::numbers::pi * o.phase_ui), 2e-6);
  }
  EXPECT_NEAR(eye.eyes[0].width_ui, 1, 0.05);
  // With noise the width at p: cos(pi x) * 1 mW = sigma Q^-1(p), x the half width.
  const double sigma = 1e-4, p = 1e-9;
  const auto noisy =
      measure_eye(wave, levels,
                  {.samples_per_ui = 16, .modulation = Modulation::nrz, .noise_w = sigma, .probability = p});
  const double reach = bisect(0, 1e-3, [&](double d) { return q(d / sigma) - p; });
  EXPECT_NEAR(noisy.eyes[0].width_ui, 2 * std::acos(reach / 1e-3) / std::numbers::pi, 0.003);
}

TEST(Eye, LevelMismatchAsBothClausesHaveIt) {
  const auto levels = balanced(300, 4);
  std::vector<float> wave;
  const double table[4] = {0, 0.95, 2.1, 3};
  for (const auto level : levels) wave.insert(wave.end(), 8, static_cast<float>(1 + table[level]));
  const auto eye = measure_eye(wave, levels, {.samples_per_ui = 8});
  // Middle 1.5: ES1 = -0.55 / -1.5, ES2 = 0.6 / 1.5.
  EXPECT_NEAR(eye.rlm_120d.value(),
              std::min({3 * 0.55 / 1.5, 3 * 0.6 / 1.5, 2 - 3 * 0.55 / 1.5, 2 - 3 * 0.6 / 1.5}), 1e-5);
  EXPECT_NEAR(eye.rlm_94.value(), 3 * 0.9 / 3, 1e-5);
  // The other branch: steps 0.9, 1.14, 0.96; ES1 = 0.4, ES2 = 0.36.
  EXPECT_NEAR(level_mismatch_120d(std::array{0.0, 0.9, 2.04, 3.0}), 0.8, 1e-12);
  EXPECT_NEAR(level_mismatch_94(std::array{0.0, 0.9, 2.04, 3.0}), 0.9, 1e-12);
  EXPECT_NEAR(level_mismatch_120d(std::array{1.0, 2.0, 3.0, 4.0}), 1, 1e-12);
  EXPECT_NEAR(eye.eyes[0].height_w, 0.95, 0.004);
  EXPECT_NEAR(eye.eyes[1].height_w, 1.15, 0.004);
  EXPECT_NEAR(eye.eyes[2].height_w, 0.90, 0.004);
}

TEST(Eye, DensityOfEachPhaseSumsToOneAndHasTheNoise) {
  const auto levels = balanced(250, 4);
  const double sigma = 1e-5;
  const auto eye =
      measure_eye(staircase(levels, 16), levels, {.samples_per_ui = 16, .noise_w = sigma, .rows = 200});
  const EyeDensity& d = eye.density;
  ASSERT_EQ(d.columns, 128u);
  ASSERT_EQ(d.rows, 200u);
  EXPECT_DOUBLE_EQ(d.first_ui, -1);
  const double row_w = (d.high_w - d.low_w) / 200;
  for (std::size_t c = 0; c < d.columns; ++c) {
    double sum = 0;
    for (std::size_t r = 0; r < d.rows; ++r) sum += d.share[r * d.columns + c];
    ASSERT_NEAR(sum, 1, 1e-5) << c;
  }
  for (std::size_t r = 0; r < d.rows; ++r) {  // at the centre: four bells
    double expected = 0;
    const double low = d.low_w + row_w * static_cast<double>(r);
    for (int level = 0; level < 4; ++level) {
      const double mean = 1e-4 + 2e-4 * level;
      expected += 0.25 * (q((low - mean) / sigma) - q((low + row_w - mean) / sigma));
    }
    EXPECT_NEAR(d.share[r * d.columns + 64], expected, 2e-4);
  }
  EXPECT_EQ(measure_eye(staircase(levels, 16), levels, {.samples_per_ui = 16, .ui = 1}).density.columns, 64u);
}

TEST(Eye, ContoursNestAndBathtubsAgreeWithThem) {
  const auto levels = random_levels(2000, 4);
  const auto wave = bessel_thomson_filtered(staircase(levels, 16), 16, 53.125, 26.5625);
  const auto eye = measure_eye(
      wave, levels, {.samples_per_ui = 16, .noise_w = 4e-6, .probability = 1e-6, .contours = {1e-3, 1e-9}});
  ASSERT_EQ(eye.contours.size(), 9u);
  for (int e = 0; e < 3; ++e) {
    const auto &middle = eye.contours[e].openings, &wide = eye.contours[3 + e].openings,
               &narrow = eye.contours[6 + e].openings;
    EXPECT_GE(wide.size(), middle.size());
    EXPECT_GE(middle.size(), narrow.size());
    ASSERT_FALSE(narrow.empty());
    for (const auto& inner : narrow) {
      const auto outer =
          std::find_if(wide.begin(), wide.end(), [&](const auto& o) { return o.phase_ui == inner.phase_ui; });
      ASSERT_NE(outer, wide.end());
      EXPECT_LT(outer->low_w, inner.low_w);
      EXPECT_GT(outer->high_w, inner.high_w);
    }
    const Bathtub& tub = eye.horizontal[e];
    for (std::size_t c = 0; c < tub.at.size(); ++c) {
      const bool inside = tub.at[c] > eye.eyes[e].left_ui + 1e-9 && tub.at[c] < eye.eyes[e].right_ui - 1e-9;
      if (inside) {
        EXPECT_LE(tub.error_ratio[c], 1e-6 * 1.000001);
      }
    }
  }
}

/// Brute force: noise drawn and counted.
TEST(Eye, ErrorRatioIsWhatCountingGives) {
  const auto levels = random_levels(4000, 4, 3);
  const auto wave = bessel_thomson_filtered(staircase(levels, 8), 8, 53.125, 20);
  const double sigma = 4e-5;
  const auto eye = measure_eye(wave, levels, {.samples_per_ui = 8, .noise_w = sigma, .probability = 1e-3});
  const PhaseSampler sampler(wave, 8, true);
  std::vector<float> values;
  sampler.sample(eye.centre_ui, values);
  std::mt19937 engine(11);
  std::normal_distribution<double> normal;
  double wrong[3] = {}, all = 0;
  for (int round = 0; round < 100; ++round) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double y = static_cast<double>(values[i]) + sigma * normal(engine);
      all += 1;
      for (int e = 0; e < 3; ++e) wrong[e] += (y > eye.eyes[e].threshold_w) != (levels[i] > e);
    }
  }
  for (int e = 0; e < 3; ++e) {
    EXPECT_GT(wrong[e], 1000);
    EXPECT_NEAR(eye.eyes[e].error_ratio, wrong[e] / all,
                4 * std::sqrt(wrong[e]) / all + 0.01 * wrong[e] / all);
  }
}

TEST(Eye, ScalesWithPowerAndStaysWithRotationAndThreads) {
  const auto levels = random_levels(1000, 4, 7);
  const auto wave = bessel_thomson_filtered(staircase(levels, 8), 8, 53.125, 26.5625);
  const EyeConfig config{.samples_per_ui = 8, .noise_w = 5e-6};
  const auto eye = measure_eye(wave, levels, config);
  std::vector<float> scaled = wave;
  for (float& x : scaled) x *= 8;
  EyeConfig big = config;
  big.noise_w *= 8;
  const auto larger = measure_eye(scaled, levels, big);
  auto rotated_levels = levels;
  auto rotated = wave;
  std::rotate(rotated_levels.begin(), rotated_levels.begin() + 100, rotated_levels.end());
  std::rotate(rotated.begin(), rotated.begin() + 800, rotated.end());
  const auto turned = measure_eye(rotated, rotated_levels, config);
  set_threads(1);
  const auto single = measure_eye(wave, levels, config);
  set_threads(0);
  for (int e = 0; e < 3; ++e) {
    EXPECT_NEAR(larger.eyes[e].height_w, 8 * eye.eyes[e].height_w, 1e-9);
    EXPECT_NEAR(larger.eyes[e].width_ui, eye.eyes[e].width_ui, 1e-9);
    EXPECT_NEAR(turned.eyes[e].height_w, eye.eyes[e].height_w, 1e-12);
    EXPECT_EQ(single.eyes[e].height_w, eye.eyes[e].height_w);
  }
  EXPECT_EQ(single.density.share, eye.density.share);
}

TEST(Eye, PartOfALongerWaveformDoesNotWrap) {
  const auto levels = random_levels(500, 4, 9);
  auto wave = staircase(levels, 8);
  wave.resize(wave.size() + 5, 7.0f);  // left over
  const auto eye = measure_eye(wave, levels, {.samples_per_ui = 8, .cyclic = false});
  EXPECT_EQ(eye.symbols, 496u);
  EXPECT_NEAR(eye.eyes[0].height_w, 2e-4, 1e-6);
}

TEST(Eye, ClosedEyesAreResults) {
  const auto levels = random_levels(1000, 4, 2);
  const auto wave = bessel_thomson_filtered(staircase(levels, 8), 8, 53.125, 6);
  const auto eye = measure_eye(wave, levels, {.samples_per_ui = 8});
  EXPECT_FALSE(eye.eyes[1].open);
  EXPECT_GT(eye.ser, 0.01);
}

TEST(Eye, RefusesWhatCannotBeMeasured) {
  const auto levels = random_levels(100, 4);
  const auto wave = staircase(levels, 8);
  EXPECT_THROW(measure_eye(wave, levels, {.samples_per_ui = 7}), InputError);
  EXPECT_THROW(measure_eye(std::vector<float>(800, 1.0f), levels, {.samples_per_ui = 8}), InputError);
  auto bad = wave;
  bad[5] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(measure_eye(bad, levels, {.samples_per_ui = 8}), InputError);
  EXPECT_THROW(measure_eye(wave, levels, {.samples_per_ui = 8, .modulation = Modulation::nrz}),
               InputError);  // levels above 1
  EXPECT_THROW(measure_eye(staircase(std::vector<std::uint8_t>{0, 1, 2, 0, 1, 2}, 8),
                           std::vector<std::uint8_t>{0, 1, 2, 0, 1, 2}, {.samples_per_ui = 8}),
               InputError);
  for (const EyeConfig& config :
       {EyeConfig{.samples_per_ui = 2}, EyeConfig{.samples_per_ui = 8, .noise_w = -1},
        EyeConfig{.samples_per_ui = 8, .probability = 0}, EyeConfig{.samples_per_ui = 8, .probability = 0.5},
        EyeConfig{.samples_per_ui = 8, .contours = {2}}, EyeConfig{.samples_per_ui = 8, .columns_per_ui = 3},
        EyeConfig{.samples_per_ui = 8, .rows = 0}, EyeConfig{.samples_per_ui = 8, .ui = 3}}) {
    EXPECT_THROW(measure_eye(wave, levels, config), ConfigError);
  }
}

TEST(SliceLevels, ReadsTheLevelsOfAnOpenEyeAndItsPhase) {
  for (const unsigned count : {2u, 4u}) {
    const auto levels = random_levels(3000, count, 4);
    auto wave = bessel_thomson_filtered(staircase(levels, 16), 16, 53.125, 40);
    std::rotate(wave.begin(), wave.begin() + 5, wave.end());  // begins 5 samples into symbol 0
    const auto sliced = slice_levels(wave, 16, count == 2 ? Modulation::nrz : Modulation::pam4);
    ASSERT_TRUE(sliced.has_value());
    EXPECT_NEAR(static_cast<double>(sliced->shift_samples), 11, 2);  // symbol 1 begins there
    std::size_t wrong = 0;
    for (std::size_t i = 0; i + 2 < sliced->levels.size(); ++i) wrong += sliced->levels[i] != levels[i + 1];
    EXPECT_EQ(wrong, 0u);
  }
  const auto levels = random_levels(3000, 4, 4);
  EXPECT_FALSE(
      slice_levels(bessel_thomson_filtered(staircase(levels, 16), 16, 53.125, 8), 16, Modulation::pam4)
          .has_value());
}

TEST(PhaseSampler, IsExactOnSamplesAndCloseBetweenThem) {
  std::vector<float> wave(16 * 32);
  const double pi = std::numbers::pi;
  for (std::size_t i = 0; i < wave.size(); ++i)
    wave[i] =
        static_cast<float>(std::sin(2 * pi * 5 * static_cast<double>(i) / static_cast<double>(wave.size())));
  const PhaseSampler sampler(wave, 16, true);
  std::vector<float> out;
  for (double phase = -1; phase <= 1; phase += 1.0 / 96) {
    sampler.sample(phase, out);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double t = (static_cast<double>(i) * 16 + 8 + phase * 16) / static_cast<double>(wave.size());
      ASSERT_NEAR(out[i], std::sin(2 * pi * 5 * t), 1e-6);
    }
  }
}

TEST(BesselThomson, KeepsThePlaceOfSymbolsAndTheMean) {
  const auto levels = random_levels(256, 2, 3);
  const auto wave = staircase(levels, 16);
  const auto filtered = bessel_thomson_filtered(wave, 16, 53.125, 39.84375);
  double before = 0, after = 0;
  for (std::size_t i = 0; i < wave.size(); ++i) {
    before += wave[i];
    after += filtered[i];
  }
  EXPECT_NEAR(after / before, 1, 1e-5);
  EXPECT_THROW(bessel_thomson_filtered(wave, 16, 53.125, 0), ConfigError);
  EXPECT_THROW(bessel_thomson_filtered(wave, 16, 53.125, 500), ConfigError);
  EXPECT_THROW(bessel_thomson_filtered(wave, 16, 53.125, std::nan("")), ConfigError);
}

}  // namespace
}  // namespace lightlane::measure

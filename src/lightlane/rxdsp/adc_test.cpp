#include "lightlane/rxdsp/adc.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

std::vector<float> uniform_samples(std::size_t count) {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> uniform(-1e-4, 1e-4);
  std::vector<float> x(count);
  for (float& v : x) v = static_cast<float>(5e-4 + uniform(engine));
  return x;
}

TEST(Adc, GainControlMeetsTheClipRatioWithoutNoise) {
  EqualizerConfig config;
  config.adc_bits = 0;
  config.adc_enob = 0;
  config.adc_clip_ratio = 0.01;
  const std::vector<float> x = uniform_samples(10000);
  FrozenEqualizer e;
  set_adc(config, x, 0, e);
  const auto beyond = std::count_if(x.begin(), x.end(), [&](float v) {
    return std::fabs(static_cast<double>(v) - e.offset_a) > e.adc_full_scale_a;
  });
  EXPECT_EQ(beyond, 100);
  EXPECT_EQ(e.adc_step_a, 0);
  EXPECT_EQ(e.adc_noise_a, 0);
}

TEST(Adc, GainControlMeetsTheClipRatioWithNoise) {
  // Four levels and Gaussian noise: the share beyond the full scale in closed form.
  const auto levels = testing::random_levels(1 << 15);
  const std::vector<float> x = testing::Link{}.samples(levels);
  for (const double ratio : {1e-2, 1e-4, 1e-6}) {
    EqualizerConfig config;
    config.adc_clip_ratio = ratio;
    FrozenEqualizer e;
    const double variance = 1e-10;  // sigma = 0.1 of half the outer eye
    set_adc(config, x, variance, e);
    const double sigma = std::sqrt(variance + e.adc_noise_a * e.adc_noise_a);
    double share = 0;
    for (const float v : x) {
      const double d = static_cast<double>(v) - e.offset_a;
      share += testing::gaussian_tail((e.adc_full_scale_a - d) / sigma) +
               testing::gaussian_tail((e.adc_full_scale_a + d) / sigma);
    }
    EXPECT_NEAR(share / static_cast<double>(x.size()) / ratio, 1, 5e-3) << ratio;
  }
}

TEST(Adc, NominalBitsAndTheRestMakeTheEffectiveBits) {
  EqualizerConfig config;
  config.adc_bits = 7;
  config.adc_enob = 5.3;
  config.adc_clip_ratio = 1e-9;
  const std::vector<float> x = uniform_samples(200000);
  FrozenEqualizer e;
  set_adc(config, x, 0, e);
  const double peak_to_peak = 2 * e.adc_full_scale_a;
  EXPECT_NEAR(e.adc_step_a, peak_to_peak / 128, 1e-12 * peak_to_peak);
  const double expected = peak_to_peak / (std::exp2(5.3) * std::sqrt(12.0));
  EXPECT_NEAR(std::sqrt(adc_error_variance_a2(e)), expected, 1e-9 * expected);

  std::mt19937_64 engine(5);
  std::normal_distribution<double> normal(0, e.adc_noise_a);
  double square = 0;
  for (const float v : x) {
    const double error =
        convert(e, static_cast<double>(v) + normal(engine)) - (static_cast<double>(v) - e.offset_a);
    square += error * error;
  }
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(x.size())) / expected, 1, 0.01);
}

TEST(Adc, AllEffectiveBitsLeaveNothingButQuantisation) {
  EqualizerConfig config;
  FrozenEqualizer e;
  const std::vector<float> x = uniform_samples(1000);
  config.adc_bits = 6;
  config.adc_enob = 6;
  set_adc(config, x, 0, e);
  EXPECT_EQ(e.adc_noise_a, 0);
  EXPECT_NEAR(e.adc_step_a, e.adc_full_scale_a / 32, 1e-18);
  config.adc_enob = 0;
  set_adc(config, x, 0, e);
  EXPECT_EQ(e.adc_noise_a, 0);
  config.adc_bits = 0;
  config.adc_enob = 5;
  set_adc(config, x, 0, e);
  EXPECT_EQ(e.adc_step_a, 0);
  EXPECT_NEAR(e.adc_noise_a, 2 * e.adc_full_scale_a / (32 * std::sqrt(12.0)), 1e-12 * e.adc_full_scale_a);
}

TEST(Adc, CodesAreTheirMiddlesAndEndAtTheFullScale) {
  FrozenEqualizer e;
  e.adc_full_scale_a = 4;
  e.adc_step_a = 2;  // four codes: -3, -1, 1, 3
  e.offset_a = 10;
  const std::pair<double, double> cases[] = {{10.1, 1}, {9.9, -1}, {11.9, 1}, {12.1, 3}, {13.9, 3}, {14.1, 3},
                                             {99, 3},   {6.1, -3}, {-99, -3}, {7.9, -3}, {8.1, -1}};
  for (const auto& [in, out] : cases) EXPECT_EQ(convert(e, in), out) << in;
  e.adc_step_a = 0;
  EXPECT_EQ(convert(e, 13.9), 3.9000000000000004);
  EXPECT_EQ(convert(e, 99), 4);
}

TEST(Adc, SamplesThatDoNotVaryAreNoError) {
  FrozenEqualizer e;
  set_adc({}, std::vector<float>(100, 1e-4f), 0, e);
  EXPECT_EQ(e.adc_full_scale_a, 0);
  EXPECT_EQ(e.adc_step_a, 0);
  EXPECT_NEAR(e.offset_a, 1e-4, 1e-10);
}

}  // namespace
}  // namespace lightlane::rxdsp

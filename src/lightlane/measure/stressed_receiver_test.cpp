#include "lightlane/measure/stressed_receiver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/edition.hpp"
#include "lightlane/measure/measure_test_tools.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

using test::random_levels;
using test::staircase;

/// Random levels with the runs that OMAouter needs, each level as often as the others (but for one symbol).
std::vector<std::uint8_t> pattern(std::size_t count) {
  auto out = random_levels(count, 4, 12);
  std::array<std::size_t, 4> used{};
  for (std::size_t i = 0; i < count; ++i) {
    if (i < 16) out[i] = i == 0 ? 1 : i < 8 ? 3 : i == 8 ? 2 : i < 15 ? 0 : 1;
    while (used[out[i]] > count / 4) out[i] = (out[i] + 1) % 4;
    ++used[out[i]];
  }
  return out;
}

/// A good transmitter: vertical edges behind 40 GHz.
std::vector<float> transmitter(const std::vector<std::uint8_t>& levels, int m = 16) {
  return bessel_thomson_filtered(staircase(levels, m), m, 53.125, 40);
}

TEST(StressedReceiver, MeetsTheSecqThatIsAskedFor) {
  const auto levels = pattern(2047);
  const auto wave = transmitter(levels);
  for (const double secq : {2.0, 3.4}) {
    for (const double share : {0.5, 1.0}) {
      StressConfig config{.secq_db = secq, .filter_share = share};
      const StressRecipe recipe = stress_receiver(wave, levels, config);
      ASSERT_TRUE(recipe.reached) << recipe.why_not;
      EXPECT_NEAR(recipe.secq_db, secq, 0.01);
      EXPECT_GE(recipe.filter_secq_db, share * secq - 1e-9);
      EXPECT_LE(recipe.filter_secq_db, share * secq + 0.01);
      EXPECT_GT(recipe.filter_ghz, 0);
      // The filter again, from outside.
      const double alone =
          tdecq(bessel_thomson_filtered(wave, 16, 53.125, recipe.filter_ghz), levels, config.tdecq).tdecq_db;
      EXPECT_NEAR(alone, recipe.filter_secq_db, 1e-6);
      if (share == 1.0) {
        EXPECT_LT(recipe.noise_w, 0.06 * recipe.clean.noise_w);
      }
    }
  }
}

/// The noise drawn and in the waveform, many periods: TDECQ as measured is what was booked analytically.
TEST(StressedReceiver, DrawnNoiseGivesTheSameSecq) {
  const auto levels = pattern(2047);
  const auto wave = transmitter(levels);
  StressConfig config{.secq_db = 3.4, .filter_share = 0.6, .jitter_ui = 0.05, .interferer_share = 0.02};
  const StressRecipe recipe = stress_receiver(wave, levels, config);
  ASSERT_TRUE(recipe.reached) << recipe.why_not;
  EXPECT_GT(recipe.clean.tdecq_db, recipe.filter_secq_db);
  EXPECT_GT(recipe.noise_w, 0);
  const auto stressed = apply_stress(recipe, wave, 16, 53.125);
  constexpr int periods = 60;
  std::mt19937 engine(6);
  std::normal_distribution<double> normal;
  const double sigma = std::sqrt(recipe.noise_density_w2_per_hz * 16 * 53.125e9 / 2);
  std::vector<float> noisy;
  for (int p = 0; p < periods; ++p) {
    for (const float x : stressed) noisy.push_back(x + static_cast<float>(sigma * normal(engine)));
  }
  TdecqConfig measured = config.tdecq;
  measured.overlay_periods = periods;
  EXPECT_NEAR(tdecq(noisy, levels, measured).tdecq_db, 3.4, 0.06);
}

TEST(StressedReceiver, InterfererAndJitterArePutInAsAskedFor) {
  const auto levels = pattern(2047);
  const auto wave = transmitter(levels);
  StressConfig config{.secq_db = 3.4, .filter_share = 0.5, .jitter_ui = 0.1, .interferer_share = 0.03};
  const StressRecipe recipe = stress_receiver(wave, levels, config);
  ASSERT_TRUE(recipe.reached);
  const double duration = 2047 / 53.125e9;
  for (const double hz : {recipe.jitter_hz, recipe.interferer_hz})
    EXPECT_NEAR(hz * duration, std::round(hz * duration), 1e-9);
  EXPECT_NEAR(recipe.jitter_hz, 119.2e6, 0.5 / duration);
  EXPECT_NEAR(recipe.interferer_w, 0.03 * recipe.clean.oma_outer_w, 0.02 * recipe.interferer_w);
  // The difference to the filtered waveform without jitter is the interferer.
  StressRecipe still = recipe;
  still.jitter_ui = 0;
  StressRecipe bare = still;
  bare.interferer_w = 0;
  const auto with = apply_stress(still, wave, 16, 53.125), without = apply_stress(bare, wave, 16, 53.125);
  for (std::size_t i = 0; i < with.size(); i += 97) {
    const double expected = recipe.interferer_w * std::sin(2 * std::numbers::pi * recipe.interferer_hz *
                                                           static_cast<double>(i) / (16 * 53.125e9));
    EXPECT_NEAR(with[i] - without[i], expected, 1e-3 * recipe.interferer_w);
  }
}

TEST(StressedReceiver, SaysWhatIsTooMuch) {
  const auto levels = pattern(2047);
  const auto wave = transmitter(levels);
  const auto slow = bessel_thomson_filtered(wave, 16, 53.125, 13);
  const StressRecipe too_slow = stress_receiver(slow, levels, {.secq_db = 0.5});
  EXPECT_FALSE(too_slow.reached);
  EXPECT_NE(too_slow.why_not.find("waveform alone"), std::string::npos);
  const StressRecipe too_much =
      stress_receiver(wave, levels, {.secq_db = 2, .jitter_ui = 0.5, .interferer_share = 0.1});
  EXPECT_FALSE(too_much.reached);
  EXPECT_NE(too_much.why_not.find("interferer"), std::string::npos);
  for (const StressConfig& config :
       {StressConfig{.secq_db = 0}, StressConfig{.secq_db = 3, .filter_share = 1.5},
        StressConfig{.jitter_ui = 1}, StressConfig{.jitter_hz = 0}, StressConfig{.interferer_share = -1},
        StressConfig{.interferer_hz = std::nan("")}}) {
    EXPECT_THROW(stress_receiver(wave, levels, config), ConfigError);
  }
}

TEST(Edition, PatternsThatUseTheirLevelsUnevenlyAreMeasuredToo) {
  auto levels = random_levels(2047, 4, 12);  // 545, 513, 487 and 502 of them
  std::copy_n(pattern(2047).begin(), 16, levels.begin());
  for (const bool fixed : {false, true}) {
    TdecqConfig config;
    if (fixed) config.fixed_phase_ui = 0;
    const TdecqResult result = tdecq(staircase(levels, 16), levels, config);
    EXPECT_FALSE(result.closed);
    EXPECT_NEAR(result.tdecq_db, 0.32, 0.03);  // as PRBS13Q
  }
}

TEST(Edition, EachHasItsRules) {
  EXPECT_EQ(edition_config("bs", 8, 26.5625).thresholds, ThresholdMode::nominal);
  EXPECT_EQ(edition_config("bs", 8, 26.5625).samples_per_ui, 8);
  EXPECT_EQ(edition_config("cd", 16, 53.125).thresholds, ThresholdMode::adjusted);
  EXPECT_EQ(edition_config("cu", 16, 53.125).taps, 5);
  EXPECT_EQ(edition_config("db", 16, 53.125).taps, 9);
  const TdecqConfig dj = edition_config("dj", 16, 106.25);
  EXPECT_EQ(dj.taps, 15);
  EXPECT_EQ(dj.main_positions, 4);
  ASSERT_EQ(dj.limits.after.size(), 14u);
  EXPECT_EQ(dj.limits.after[0], (std::pair<double, double>{-0.4, 0.05}));
  EXPECT_EQ(dj.limits.before[1], (std::pair<double, double>{-0.1, 0.2}));
  EXPECT_EQ(dj.limits.after[13], (std::pair<double, double>{-0.1, 0.1}));
  EXPECT_THROW(edition_config("xx", 16, 53.125), ConfigError);
  // More freedom is never worse; each edition measures an ordinary waveform.
  const auto levels = pattern(2047);
  const auto wave = bessel_thomson_filtered(transmitter(levels), 16, 53.125, 18);
  const double bs = tdecq(wave, levels, edition_config("bs", 16, 53.125)).tdecq_db;
  const double cd = tdecq(wave, levels, edition_config("cd", 16, 53.125)).tdecq_db;
  const double db = tdecq(wave, levels, edition_config("db", 16, 53.125)).tdecq_db;
  EXPECT_LE(cd, bs + 1e-3);
  EXPECT_LE(db, cd + 1e-3);
  EXPECT_GT(db, 0);
  EXPECT_FALSE(tdecq(wave, levels, edition_config("dj", 16, 53.125)).closed);
}

}  // namespace
}  // namespace lightlane::measure

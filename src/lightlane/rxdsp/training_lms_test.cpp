#include <gtest/gtest.h>

#include <numeric>

#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using testing::ideal_adc;
using testing::Link;
using testing::random_levels;
using testing::Theory;

TEST(TrainLms, ExcessErrorIsTheMisadjustment) {
  // mu N E[x^2] = lms_step: the excess is step / (2 - step) of the MMSE equaliser's, a little more in truth
  // (the theory takes the contents of the taps as independent from symbol to symbol).
  const auto levels = random_levels(1 << 20);
  const std::vector<double> channel{0.1, 1, 0.25};
  const double sigma = 0.07;
  const std::vector<float> x = Link{channel, 1e-4, 3e-4, sigma}.samples(levels);
  EqualizerConfig config = ideal_adc(9, 4);
  config.training = Training::lms;
  const Theory theory(channel, sigma, 9, 4);
  for (const double step : {0.02, 0.05, 0.1}) {
    config.lms_step = step;
    const Trained t = train(config, x, levels);
    const auto& history = t.report.mse_history;
    const auto tail = history.end() - static_cast<std::ptrdiff_t>(history.size() / 4);
    const double mse = std::accumulate(tail, history.end(), 0.0) / static_cast<double>(history.end() - tail);
    EXPECT_NEAR(mse / theory.mse - 1, step / (2 - step), 0.25 * step / 2 + 0.004) << step;
    EXPECT_TRUE(t.report.converged);
  }
  config.lms_step = 1e-3;
  const Trained slow = train(config, x, levels);
  EXPECT_NEAR(slow.report.snr_db, 10 * std::log10(theory.snr), 0.05);
  EXPECT_GT(slow.report.mse_history.front(), 2 * slow.report.mse_history.back());
}

double tail_mean(const std::vector<double>& history) {
  const auto tail = history.end() - static_cast<std::ptrdiff_t>(history.size() / 4);
  return std::accumulate(tail, history.end(), 0.0) / static_cast<double>(history.end() - tail);
}

TEST(TrainLms, ComesCloseOverUnequalLevels) {
  const auto levels = random_levels(1 << 19);
  Link link{{0.1, 1, 0.25}, 1e-4, 3e-4, 0.07};
  link.values = {-1, -0.4, 0.3, 1};
  const std::vector<float> x = link.samples(levels);
  EqualizerConfig config = ideal_adc(9, 4);
  const TrainingReport best = train(config, x, levels).report;
  config.training = Training::lms;
  for (const bool sign_sign : {false, true}) {
    config.sign_sign = sign_sign;
    const TrainingReport r = train(config, x, levels).report;
    EXPECT_TRUE(r.converged);
    EXPECT_LT(r.snr_db, best.snr_db + 1e-6);
    EXPECT_GT(r.snr_db, best.snr_db - 0.1);
    // The error is about the levels as they arrive: about equal steps it would be a quarter larger.
    EXPECT_NEAR(tail_mean(r.mse_history) / best.mse, 1, 0.1);
  }
}

TEST(TrainLms, FollowsItsOwnDecisionsInTheSecondHalf) {
  auto levels = random_levels(1 << 17);
  const std::vector<float> x = Link{{0.1, 1, 0.25}, 1e-4, 3e-4, 0.05}.samples(levels);
  EqualizerConfig config = ideal_adc(9, 4);
  config.training = Training::lms;
  const double right = tail_mean(train(config, x, levels).report.mse_history);
  for (std::size_t i = levels.size() / 2 + 100; i < levels.size(); i += 20)
    levels[i] ^= 2;  // what is known is wrong
  EXPECT_EQ(tail_mean(train(config, x, levels).report.mse_history), right);
}

TEST(TrainLms, FindsTheDfeTapAndKeepsTheTargetOfTheMlse) {
  const auto levels = random_levels(1 << 18);
  const std::vector<float> x = Link{{1, 0.5, 0.1}, 1e-4, 0, 0.1}.samples(levels);
  EqualizerConfig config = ideal_adc(7, 3);
  config.dfe_taps = 1;
  const Trained best = train(config, x, levels);
  config.training = Training::lms;
  const Trained t = train(config, x, levels);
  EXPECT_NEAR(t.equalizer.dfe, best.equalizer.dfe, 0.03);  // the optimum is flat
  EXPECT_NEAR(t.report.snr_db, best.report.snr_db, 0.05);
  config.dfe_taps = 0;
  config.mlse = true;
  config.mlse_alpha = 0.2;
  const std::vector<float> steep = Link{{1, 0.7, 0.1}, 1e-4, 0, 0.1}.samples(levels);
  config.lms_step = 5e-3;
  const Trained m = train(config, steep, levels);
  EXPECT_NEAR(m.equalizer.mlse_alpha, 0.2, 0.04);  // the fitted one is above 0.5
  EXPECT_TRUE(m.report.converged);  // as near as that target allows, though a fitted one is better
  config.training = Training::mmse;
  EXPECT_GT(train(config, steep, levels).report.snr_db, m.report.snr_db + 1);
}

TEST(TrainLms, SaysWhereItDidNotConverge) {
  const auto levels = random_levels(2000);
  EqualizerConfig config = ideal_adc(15, 5);
  config.training = Training::lms;
  config.lms_step = 1e-6;
  EXPECT_FALSE(
      train(config, Link{{0.2, 1, 0.5, 0.2}, 1e-4, 0, 0.05}.samples(levels), levels).report.converged);
  // An open eye: still falling, and creeping so slowly that it seems to stand still far above what can be
  // reached.
  const auto more = random_levels(8000);
  const std::vector<float> x = Link{{1, 0.3}, 1e-4, 0, 0.01}.samples(more);
  for (const double step : {1e-3, 1e-4}) {
    config.lms_step = step;
    const Trained t = train(config, x, more);
    EXPECT_FALSE(t.report.converged) << step;
    EXPECT_GT(t.report.snr_db, 12) << step;
  }
  config.lms_step = 3e-3;
  EXPECT_TRUE(train(config, x, more).report.converged);
  // An eye so noisy that one decision in seven is wrong.
  EXPECT_FALSE(train(config, Link{{1}, 1e-4, 0, 0.25}.samples(more), more).report.converged);
  config.lms_step = 1e-2;
  EXPECT_FALSE(
      train(config, Link{{0}, 1e-4, 0, 1}.samples(levels), levels).report.converged);  // nothing but noise
}

}  // namespace
}  // namespace lightlane::rxdsp

#include "lightlane/link/importance_sampling.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/engines_test_tools.hpp"
#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/symbol_engine.hpp"

namespace lightlane::link {
namespace {

using test::lane_model;
using test::SyntheticLane;

SyntheticLane usual_lane() {
  SyntheticLane s;
  s.oma_a = 130e-6;
  s.pulse = {-0.004, 0.012, 0.09, 0.78, 0.11, -0.02, 0.025, 0.007};
  s.cursor = 3;
  s.slope = {0.05, -0.4, -0.9, 0.05, 0.95, 0.3, -0.05};
  s.compression = 0.05;
  s.constant_noise_a2 = 7e-12;
  s.linear_noise_a = 9e-9;
  s.quadratic_noise = 9e-5;
  s.transmitter_noise_a2 = 1e-12;
  s.noise_correlation = {1.0, 0.08, -0.01, 0.002};
  return s;
}

rxdsp::EqualizerConfig seven_taps() {
  rxdsp::EqualizerConfig c;
  c.ffe_taps = 7;
  c.ffe_main = 3;
  return c;
}

/// The estimate against errors counted by the symbol engine.
void expect_counted(const LaneModel& m, const rxdsp::EqualizerConfig& c, std::size_t symbols, double slack) {
  const double attenuation = attenuation_for_ber(m, c, 1e-3);
  const rxdsp::FrozenEqualizer e = evaluate(m, c, attenuation).equalizer;
  const RareErrors r = estimate_rare_errors(m, e, attenuation, {20000, 3, 0});
  const test::Counted counted =
      test::count_errors(SymbolEngine(m, e, attenuation, 3, 0), m.modulation, symbols);
  const double error =
      std::hypot(r.ser_standard_error, std::sqrt(counted.ser() / static_cast<double>(symbols)));
  EXPECT_NEAR(r.ser, counted.ser(), 4 * error + slack * r.ser);
  EXPECT_NEAR(r.ber / r.ser,
              static_cast<double>(counted.bit_errors) / static_cast<double>(counted.symbol_errors) / 2, 0.02);
  EXPECT_GT(r.effective_samples, 500);
}

TEST(ImportanceSampling, AgreesWithCounting) {
  LaneModel m = lane_model(usual_lane());
  expect_counted(m, seven_taps(), 1u << 20, 0.01);
  m.reflections = {{0.02, 30e6, 0}};
  m.even_odd_jitter_ui = 0.05;
  m.jitter_rms_ui = 0.015;
  expect_counted(m, seven_taps(), 1u << 20, 0.01);
}

TEST(ImportanceSampling, AgreesWithCountingBurstsOfDecisionFeedback) {
  SyntheticLane s = usual_lane();
  s.pulse = {0, 0.02, 0.05, 0.62, 0.30, 0.03, 0};
  rxdsp::EqualizerConfig c = seven_taps();
  c.dfe_taps = 1;
  expect_counted(lane_model(s), c, 1u << 20, 0.02);
}

TEST(ImportanceSampling, AgreesWithCountingAViterbisErrors) {
  SyntheticLane s = usual_lane();
  s.pulse = {0, 0.02, 0.05, 0.62, 0.30, 0.03, 0};
  rxdsp::EqualizerConfig c = seven_taps();
  c.mlse = true;
  expect_counted(lane_model(s), c, 1u << 20, 0.03);
}

TEST(ImportanceSampling, AgreesWithTheStatisticalEngineBeyondCounting) {
  SyntheticLane s = usual_lane();
  s.quadratic_noise = 3e-5;  // no floor above the ratios that are looked for
  LaneModel m = lane_model(s);
  m.jitter_rms_ui = 0.005;
  m.reflections = {{0.01, 1e6, 0}, {0.005, 1e6, 0}};
  rxdsp::EqualizerConfig c = seven_taps();
  c.adc_bits = 0;
  c.adc_enob = 6.5;
  c.adc_clip_ratio = 1e-9;  // Gaussian noise of the converter only: the engines' assumption
  for (const double ber : {1e-6, 1e-9, 1e-13}) {
    const double attenuation = attenuation_for_ber(m, c, ber);
    const StatisticalResult r = evaluate(m, c, attenuation);
    const RareErrors rare = estimate_rare_errors(m, r.equalizer, attenuation, {30000, 1, 0});
    EXPECT_NEAR(rare.ber / r.ber, 1, 4 * rare.ber_standard_error / rare.ber + 0.01) << ber;
    EXPECT_LT(rare.ber_standard_error / rare.ber, 0.1) << ber;
    EXPECT_GT(rare.effective_samples, 150) << ber;
  }
}

TEST(ImportanceSampling, ThreadsDoNotMatter) {
  const LaneModel m = lane_model(usual_lane());
  const rxdsp::FrozenEqualizer e = evaluate(m, seven_taps(), 0).equalizer;
  set_threads(1);
  const RareErrors one = estimate_rare_errors(m, e, 0, {2000, 1, 0});
  set_threads(4);
  const RareErrors four = estimate_rare_errors(m, e, 0, {2000, 1, 0});
  set_threads(0);
  EXPECT_EQ(one.ser, four.ser);
  EXPECT_EQ(one.ber_standard_error, four.ber_standard_error);
}

/// P(more than 15 of 544 FEC symbols wrong), each with probability p.
double binomial_tail(double p) {
  double term = std::exp(544 * std::log1p(-p)), sum = 0;
  for (int k = 0; k <= 60; ++k) {
    if (k > 15) sum += term;
    term *= (544.0 - k) / (k + 1) * p / (1 - p);
  }
  return sum;
}

TEST(ImportanceSampling, CodewordsWithoutBursts) {
  // Ten independent bits, or five line symbols, a FEC symbol: the published curve of RS(544,514).
  for (const auto& [ber, failure] : {std::pair{2.4e-4, 8.15e-13}, {3.8e-4, 6.30e-10}, {1e-3, 1.53e-4}}) {
    CodewordConfig c;
    c.symbol_error_ratio = ber;  // a line "symbol" of one bit
    c.line_symbols = 10;
    c.trials = 20000;
    const CodewordEstimate e = estimate_codeword_failures(c);
    EXPECT_NEAR(e.failure_ratio / failure, 1, 4 * e.standard_error / failure + 0.005) << ber;
    EXPECT_NEAR(e.failure_ratio / binomial_tail(1 - std::pow(1 - ber, 10)), 1, 4 * e.standard_error / failure)
        << ber;
    EXPECT_LT(e.standard_error / failure, 0.03);
    EXPECT_GT(e.effective_samples, 1500);
  }
}

TEST(ImportanceSampling, CodewordsWithBursts) {
  // Markov bursts at SER 4.8e-4, alone and with two codewords taking turns: exact values of the trellis.
  struct Row {
    double continuation;
    int interleave;
    double failure, tolerance;
  };
  for (const Row& row : {Row{0, 1, 8.1e-13, 0.01},
                         {0.25, 1, 1.0e-11, 0.05},
                         {0.5, 1, 6.7e-11, 0.01},
                         {0.25, 2, 2.98e-14, 0.005},
                         {0.5, 2, 1.30e-15, 0.005}}) {
    CodewordConfig c;
    c.symbol_error_ratio = 4.8e-4;
    c.burst_continuation = row.continuation;
    c.interleave = row.interleave;
    c.trials = 20000;
    const CodewordEstimate e = estimate_codeword_failures(c);
    EXPECT_NEAR(e.failure_ratio / row.failure, 1, 4 * e.standard_error / row.failure + row.tolerance)
        << row.continuation << ' ' << row.interleave;
    EXPECT_LT(e.standard_error / row.failure, 0.05);
  }
}

TEST(ImportanceSampling, RefusesWhatIsOutOfRange) {
  EXPECT_THROW(estimate_codeword_failures({0}), ConfigError);
  EXPECT_THROW(estimate_codeword_failures({1e-4, 1.0}), ConfigError);
  EXPECT_THROW(estimate_codeword_failures({1e-4, 0, 5, 544, 544}), ConfigError);
  const LaneModel m = lane_model(usual_lane());
  EXPECT_THROW(estimate_rare_errors(m, evaluate(m, seven_taps(), 0).equalizer, 0, {0}), ConfigError);
}

}  // namespace
}  // namespace lightlane::link

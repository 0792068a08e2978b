/// The symbol engine counts, the statistical engine predicts: both of the same lane.

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/link/engines_test_tools.hpp"
#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/symbol_engine.hpp"

namespace lightlane::link {
namespace {

using signal::Modulation;
using test::lane_model;
using test::SyntheticLane;

SyntheticLane usual_lane() {
  SyntheticLane s;
  s.oma_a = 130e-6;
  s.pulse = {-0.004, 0.012, 0.09, 0.78, 0.11, -0.02, 0.025, 0.007};
  s.cursor = 3;
  s.slope = {0.05, -0.4, -0.9, 0.05, 0.95, 0.3, -0.05};
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

/// What the two leave out of each other, relative: 0.02 of the ratio is 0.005 dB of OMA.
struct Slack {
  double ser = 0.02, crossing = 0.04;
};

void expect_engines_agree(const LaneModel& m, rxdsp::EqualizerConfig c, double ber, std::size_t symbols,
                          const char* what, Slack slack = {}) {
  c.modulation = m.modulation;
  const double attenuation = attenuation_for_ber(m, c, ber);
  const StatisticalResult r = evaluate(m, c, attenuation);
  ASSERT_TRUE(r.valid) << what << r.why_not;
  EXPECT_NEAR(r.ber / ber, 1, 2e-3) << what;
  const SymbolEngine engine(m, r.equalizer, attenuation, 7, 1);
  const test::Counted counted = test::count_errors(engine, m.modulation, symbols);
  test::expect_agreement(counted.symbol_errors, counted.symbols, r.ser, slack.ser, what);
  const std::uint64_t bits = m.modulation == Modulation::pam4 ? 2 : 1;
  test::expect_agreement(counted.bit_errors, bits * counted.symbols, r.ber, slack.ser, what);
  for (std::size_t t = 0; t < (bits == 2 ? 3u : 1u); ++t) {
    test::expect_agreement(counted.crossings[t], counted.beside[t], r.crossing[t], slack.crossing, what);
  }
}

void compare_all(std::size_t symbols, double ber) {
  const rxdsp::EqualizerConfig c = seven_taps();
  SyntheticLane s = usual_lane();
  expect_engines_agree(lane_model(s), c, ber, symbols, "interference and coloured noise");
  s.noise_correlation = {1.0, 0.4, 0.1};
  expect_engines_agree(lane_model(s), c, ber, symbols, "strongly coloured noise");
  s = usual_lane();
  s.compression = 0.1;
  expect_engines_agree(lane_model(s), c, ber, symbols, "nonlinearity");
  s.compression = -0.15;
  LaneModel m = lane_model(s);
  m.jitter_rms_ui = 0.02;
  expect_engines_agree(m, c, ber, symbols, "random jitter");
  s = usual_lane();
  m = lane_model(s);
  m.even_odd_jitter_ui = 0.06;
  m.transmitter_noise_correlation = {1.0, -0.4, 0.1};
  for (float& v : m.transmitter_noise_a2) v *= 4;
  expect_engines_agree(m, c, ber, symbols, "even-odd jitter, coloured noise of the transmitter");
  m = lane_model(s);
  m.sinusoidal_jitter_ui = 0.08;
  m.sinusoidal_jitter_hz = 3.1e6;
  expect_engines_agree(m, c, ber, symbols, "sinusoidal jitter");
  m = lane_model(s);
  m.reflections = {{0.01, 30e6, 0}, {0.007, 21e6, 0}, {0.004, 55e6, 0}, {0.002, 1e6, 0}};
  expect_engines_agree(m, c, ber, symbols, "reflections");
  m = lane_model(s);
  m.reflections = {{0.04, 30e6, 0}};
  expect_engines_agree(m, c, ber, symbols, "one strong reflection");
  m = lane_model(s);
  m.crosstalk = {{0.02, 0, 0, false, {}}, {0.03, 0, 0, false, {}}};
  expect_engines_agree(m, c, ber, symbols, "crosstalk");
  m.crosstalk = {{0.06, 0, 0, true, {0.1, 0.45, 0.45}}};
  expect_engines_agree(m, c, ber, symbols, "crosstalk between two symbols");
  m.crosstalk = {{0.06, 0, 0, true, {0.2, 0.8}, m.constant_noise_a2 / (0.03 * m.level_current_a[3])}};
  expect_engines_agree(m, c, ber, symbols, "crosstalk with noise of its own");
  s.modulation = Modulation::nrz;
  s.oma_a = 40e-6;
  m = lane_model(s);
  m.reflections = {{0.02, 30e6, 0}};
  expect_engines_agree(m, c, ber, symbols, "two levels");
  s = usual_lane();
  s.pulse = {0, 0.02, 0.05, 0.70, 0.2, 0.03, 0};
  rxdsp::EqualizerConfig dfe = c;
  dfe.dfe_taps = 1;
  expect_engines_agree(lane_model(s), dfe, ber, symbols, "decision feedback", {0.06, 0.15});
}

TEST(EnginesAgreement, AtOneInAThousand) { compare_all(1u << 20, 1e-3); }
TEST(EnginesAgreementSlow, AtThreeInTenThousand) { compare_all(1u << 26, 3e-4); }
TEST(EnginesAgreementSlow, AtThreeInAHundredThousand) { compare_all(1u << 27, 3e-5); }

TEST(EnginesAgreement, BurstsOfDecisionFeedback) {
  SyntheticLane s = usual_lane();
  s.pulse = {0, 0.02, 0.05, 0.62, 0.30, 0.03, 0};
  rxdsp::EqualizerConfig c = seven_taps();
  c.dfe_taps = 1;
  const LaneModel m = lane_model(s);
  const double attenuation = attenuation_for_ber(m, c, 1e-3);
  const StatisticalResult r = evaluate(m, c, attenuation);
  EXPECT_GT(r.equalizer.dfe, 0.25f);
  const SymbolEngine engine(m, r.equalizer, attenuation, 7, 1);
  const test::Counted counted = test::count_errors(engine, m.modulation, 1u << 22);
  EXPECT_NEAR(counted.continuation() / r.burst_continuation, 1, 0.12) << r.burst_continuation;
  EXPECT_NEAR(counted.ser() / r.ser, 1, 0.06);
}

TEST(EnginesAgreement, SequencesByTheUnionBound) {
  SyntheticLane s = usual_lane();
  s.pulse = {0, 0.02, 0.05, 0.62, 0.30, 0.03, 0};
  rxdsp::EqualizerConfig c = seven_taps();
  c.mlse = true;
  const LaneModel m = lane_model(s);
  const double attenuation = attenuation_for_ber(m, c, 5e-4);
  const StatisticalResult r = evaluate(m, c, attenuation);
  ASSERT_TRUE(r.valid);
  const SymbolEngine engine(m, r.equalizer, attenuation, 7, 1);
  const test::Counted counted = test::count_errors(engine, m.modulation, 1u << 22);
  // An upper bound, and a tight one.
  EXPECT_LT(counted.ser(), r.ser * 1.02);
  EXPECT_GT(counted.ser(), r.ser * 0.85);
  EXPECT_NEAR(counted.continuation() / r.burst_continuation, 1, 0.15);
}

}  // namespace
}  // namespace lightlane::link

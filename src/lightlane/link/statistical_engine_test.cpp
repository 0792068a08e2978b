#include "lightlane/link/statistical_engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

using test::lane_model;
using test::plain_equalizer;
using test::SyntheticLane;

double q(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }
double from_dbm(double dbm) { return 1e-3 * std::pow(10.0, dbm / 10); }

constexpr double electron_charge = 1.602176634e-19;
constexpr double responsivity = 0.8, thermal_density = 16e-12, bandwidth_hz = 27.79e9;

/// The receiver of the closed-form table: 0.8 A/W, 16 pA per root hertz, 27.79 GHz.
SyntheticLane table_lane(double oma_dbm) {
  SyntheticLane s;
  s.oma_a = responsivity * from_dbm(oma_dbm);
  s.constant_noise_a2 = thermal_density * thermal_density * bandwidth_hz;
  return s;
}

rxdsp::EqualizerConfig no_dsp() {
  rxdsp::EqualizerConfig c;
  c.adc_bits = 0;
  c.adc_enob = 0;
  c.ffe_taps = 1;
  c.ffe_main = 0;
  c.adc_clip_ratio = 1e-9;
  return c;
}

TEST(StatisticalEngine, ThermalNoiseAlone) {
  // BER = 0.75 Q(R OMA / 6 sigma): the table of the closed form.
  const std::pair<double, double> table[] = {
      {-10.0, 2.17e-7}, {-11.0, 2.69e-5}, {-11.5, 1.51e-4}, {-12.0, 6.04e-4}};
  for (const auto& [oma_dbm, ber] : table) {
    const SyntheticLane s = table_lane(oma_dbm);
    const StatisticalResult r = evaluate(lane_model(s), plain_equalizer(s), 0);
    const double sigma = std::sqrt(s.constant_noise_a2);
    EXPECT_NEAR(r.ber / (0.75 * q(s.oma_a / 6 / sigma)), 1, 1e-4) << oma_dbm;
    EXPECT_NEAR(r.ber / ber, 1, 0.01) << oma_dbm;
    EXPECT_NEAR(r.ser / (1.5 * q(s.oma_a / 6 / sigma)), 1, 1e-4);
    for (const double c : r.crossing) EXPECT_NEAR(c / q(s.oma_a / 6 / sigma), 1, 1e-3);
    EXPECT_NEAR(r.closest_margin, 1, 1e-5);
    EXPECT_NEAR(r.snr_db, 10 * std::log10(s.oma_a * s.oma_a / 4 * 5 / 9 / s.constant_noise_a2), 0.01);
    EXPECT_TRUE(r.valid);
  }
}

TEST(StatisticalEngine, DeepTails) {
  SyntheticLane s = table_lane(-7.0);
  const double sigma = std::sqrt(s.constant_noise_a2);
  for (const double z : {6.0, 8.0, 9.5, 12.0, 20.0}) {
    s.oma_a = 6 * z * sigma;
    const StatisticalResult r = evaluate(lane_model(s), plain_equalizer(s), 0);
    EXPECT_NEAR(r.ber / (0.75 * q(z)), 1, 2e-4) << z;
  }
}

TEST(StatisticalEngine, AttenuationMovesTheLightNotTheThermalNoise) {
  const LaneModel m = lane_model(table_lane(-8.0));
  EXPECT_NEAR(evaluate(m, no_dsp(), 3.0).ber / 2.69e-5, 1, 0.01);
  EXPECT_NEAR(evaluate(m, no_dsp(), 4.0).ber / 6.04e-4, 1, 0.01);
}

TEST(StatisticalEngine, RelativeIntensityNoiseAndShotNoise) {
  // OMA at BER 2.4e-4 with shot noise and RIN of each level's own power, ER 6 dB, best thresholds.
  const std::pair<double, double> table[] = {
      {-400, -11.530}, {-145, -11.459}, {-142, -11.383}, {-140, -11.287}};
  for (const auto& [rin_db_hz, oma_dbm] : table) {
    SyntheticLane s = table_lane(-8.0);
    s.linear_noise_a = 2 * electron_charge * bandwidth_hz;
    s.quadratic_noise = std::pow(10.0, rin_db_hz / 10) * bandwidth_hz;
    EXPECT_NEAR(-8.0 - attenuation_for_ber(lane_model(s), no_dsp(), 2.4e-4), oma_dbm, 0.0015) << rin_db_hz;
  }
}

TEST(StatisticalEngine, OneReflection) {
  // Penalty at BER 2.4e-4 of one aligned interferer, ER 6 dB, random symbols and phase, best thresholds.
  const SyntheticLane s = table_lane(-8.0);
  LaneModel m = lane_model(s);
  const double without = attenuation_for_ber(m, no_dsp(), 2.4e-4);
  for (const auto& [mpi_db, penalty_db] : {std::pair{-40.0, 0.127}, {-35.0, 0.386}}) {
    m.reflections = {{2 * std::pow(10.0, mpi_db / 20), 1e6, 1000}};
    EXPECT_NEAR(without - attenuation_for_ber(m, no_dsp(), 2.4e-4), penalty_db, 0.002) << mpi_db;
  }
}

TEST(StatisticalEngine, PhasesAtRestAverageToPhasesInMotion) {
  const SyntheticLane s = table_lane(-11.0);
  LaneModel m = lane_model(s);
  m.reflections = {{0.02, 1e5, 0}, {0.01, 1e5, 0}};
  const rxdsp::FrozenEqualizer e = plain_equalizer(s);
  const double mean = evaluate(m, e, 0).ber;
  const std::vector<double> at_rest = ber_over_phases(m, e, 0, 1000, 1);
  double sum = 0, square = 0;
  for (const double b : at_rest) {
    sum += b / static_cast<double>(at_rest.size());
    square += b * b / static_cast<double>(at_rest.size());
  }
  EXPECT_NEAR(sum / mean, 1, 4 * std::sqrt(square / (sum * sum) - 1) / std::sqrt(1000.0));
  // Beats with random symbols: what phases change is the spread, from none to twice its mean square.
  const auto [low, high] = std::minmax_element(at_rest.begin(), at_rest.end());
  m.reflections.clear();
  EXPECT_NEAR(*low / evaluate(m, e, 0).ber, 1, 0.1);
  EXPECT_GT(*high, 1.5 * mean);
}

TEST(StatisticalEngine, SensitivityBeyondReach) {
  SyntheticLane s = table_lane(-8.0);
  s.quadratic_noise = 2e-3;  // RIN: a floor
  EXPECT_EQ(attenuation_for_ber(lane_model(s), no_dsp(), 1e-9), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isfinite(attenuation_for_ber(lane_model(s), no_dsp(), 0.05)));
  s.quadratic_noise = s.constant_noise_a2 = 0;  // nothing that could go wrong
  EXPECT_EQ(attenuation_for_ber(lane_model(s), no_dsp(), 1e-9), std::numeric_limits<double>::infinity());
}

TEST(StatisticalEngine, SensitivityGoesBothWaysFromWhereTheLinkIs) {
  for (const double oma_dbm : {-20.0, -11.0, 3.0}) {
    for (const double ber : {1e-15, 2.4e-4, 0.1}) {
      const SyntheticLane s = table_lane(oma_dbm);
      const double sigma = std::sqrt(s.constant_noise_a2), z = math::normal_tail_inverse(ber / 0.75);
      double expected = oma_dbm - 10 * std::log10(6 * z * sigma / responsivity / 1e-3);
      // Many errors: those over two levels count, too.
      const double tolerance = ber > 0.01 ? 0.3 : 2e-4;
      EXPECT_NEAR(attenuation_for_ber(lane_model(s), no_dsp(), ber), expected, tolerance)
          << oma_dbm << ' ' << ber;
    }
  }
}

/// Bit errors of a staircase with one post-cursor behind nothing but the reference thresholds: closed form.
double closed_form_ser(double h, double sigma) {
  double sum = 0;
  for (int a = 0; a < 4; ++a) {
    for (int b = 0; b < 4; ++b) {
      const double y = (1 - h) * (2.0 * a / 3 - 1) + h * (2.0 * b / 3 - 1);
      if (a < 3) sum += q((2.0 * (a + 0.5) / 3 - 1 - y) / sigma) / 16;
      if (a > 0) sum += q((y - (2.0 * (a - 0.5) / 3 - 1)) / sigma) / 16;
    }
  }
  return sum;
}

/// The largest noise with 4.8e-4 symbol errors, over that of an ideal transmitter: the penalty that TDECQ
/// measures.
double closed_form_penalty_db(double h) {
  double low = 1e-3, high = 1;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (closed_form_ser(h, middle) < 4.8e-4 ? low : high) = middle;
  }
  return 10 * std::log10(2 / (6 * 3.414 * low));
}

TEST(StatisticalEngine, RequiredLightRisesWithTheTransmittersPenalty) {
  // Anchor: TDECQ of 3 % post-cursor, no equaliser, is 0.317 dB; sensitivity follows it dB by dB.
  EXPECT_NEAR(closed_form_penalty_db(0.03), 0.317, 0.005);
  double last_penalty = 0, last_sensitivity = 0;
  for (const double h : {0.0, 0.03, 0.06, 0.09}) {
    SyntheticLane s = table_lane(-8.0);
    s.pulse = {1 - h, h};
    const LaneModel m = lane_model(s);
    double low = 0, high = 10;
    for (int i = 0; i < 20; ++i) {
      const double middle = (low + high) / 2;
      rxdsp::FrozenEqualizer e =
          plain_equalizer(s);  // thresholds at a third and two thirds of the OMA, wherever that is
      const double scale = std::pow(10.0, -middle / 10);
      e.offset_a *= scale;
      for (float& c : e.ffe) c = static_cast<float>(c / scale);
      (evaluate(m, e, middle).ser < 4.8e-4 ? low : high) = middle;
    }
    const double penalty = closed_form_penalty_db(h), sensitivity = -low;
    if (h > 0) {
      EXPECT_NEAR((sensitivity - last_sensitivity) / (penalty - last_penalty), 1, 0.002) << h;
    }
    last_penalty = penalty;
    last_sensitivity = sensitivity;
  }
}

TEST(StatisticalEngine, MoreTapsNeverHurtAndThresholdsAreTheBest) {
  SyntheticLane s = table_lane(-9.0);
  s.pulse = {-0.01, 0.09, 0.78, 0.11, -0.02, 0.025, 0.007};
  s.cursor = 2;
  s.quadratic_noise = 2e-4;
  LaneModel m = lane_model(s);
  m.reflections = {{0.02, 1e6, 0}};
  rxdsp::EqualizerConfig c = no_dsp();
  double last = 1;
  for (const int taps : {1, 3, 5, 9}) {
    c.ffe_taps = taps;
    c.ffe_main = taps / 2;
    const StatisticalResult r = evaluate(m, c, 0);
    EXPECT_LT(r.ber, last) << taps;
    last = r.ber;
    for (std::size_t t = 0; t < 3; ++t) {
      for (const float step : {-0.004f, 0.004f}) {
        rxdsp::FrozenEqualizer moved = r.equalizer;
        moved.thresholds[t] += step;
        EXPECT_GT(evaluate(m, moved, 0).ser, r.ser * 0.999999) << taps << ' ' << t;
      }
    }
  }
}

TEST(StatisticalEngine, SaysWhereItDoesNotHold) {
  SyntheticLane s = table_lane(-9.0);
  rxdsp::FrozenEqualizer e = plain_equalizer(s);
  e.adc_full_scale_a = 0.4 * s.oma_a;  // the outer levels clip
  const StatisticalResult clipped = evaluate(lane_model(s), e, 0);
  EXPECT_FALSE(clipped.valid);
  EXPECT_NE(clipped.why_not.find("clip"), std::string::npos);
  s.constant_noise_a2 *= 400;
  rxdsp::FrozenEqualizer sequence = plain_equalizer(s);
  sequence.mlse = true;
  sequence.mlse_alpha = 0.3f;
  const StatisticalResult noisy = evaluate(lane_model(s), sequence, 0);
  EXPECT_FALSE(noisy.valid);
  EXPECT_NE(noisy.why_not.find("symbol engine"), std::string::npos);
}

TEST(StatisticalEngine, NoLightIsAResult) {
  SyntheticLane s = table_lane(-9.0);
  LaneModel m = lane_model(s);
  std::fill(m.current_a.begin(), m.current_a.end(), 0.f);
  const StatisticalResult r = evaluate(m, rxdsp::EqualizerConfig{}, 0);
  EXPECT_GT(r.ber, 0.2);
  EXPECT_LE(r.ber, 0.5);
}

TEST(StatisticalEngine, RefusesWhatItCannotTake) {
  const SyntheticLane s = table_lane(-9.0);
  const LaneModel m = lane_model(s);
  EXPECT_THROW(evaluate(m, no_dsp(), std::nan("")), ConfigError);
  EXPECT_THROW(evaluate(m, no_dsp(), 1e9), ConfigError);
  EXPECT_THROW(attenuation_for_ber(m, no_dsp(), 0), ConfigError);
  EXPECT_THROW(attenuation_for_ber(m, no_dsp(), 0.5), ConfigError);
  LaneModel bad = m;
  bad.noise_correlation = {0.5};
  EXPECT_THROW(evaluate(bad, no_dsp(), 0), ConfigError);
  bad = m;
  bad.levels[0] = 4;
  EXPECT_THROW(evaluate(bad, no_dsp(), 0), ConfigError);
  rxdsp::EqualizerConfig nrz = no_dsp();
  nrz.modulation = signal::Modulation::nrz;
  EXPECT_THROW(evaluate(m, nrz, 0), ConfigError);
}

}  // namespace
}  // namespace lightlane::link

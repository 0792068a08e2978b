#include "lightlane/link/statistical_engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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

}  // namespace
}  // namespace lightlane::link

#include "lightlane/plan/diagnosis/prediction.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {
namespace {

using catalog::LineCode;

TEST(Prediction, BitErrorRatioOfSnr) {
  // Gray-coded PAM4 in white noise: 2.4e-4 at 17.66 dB.
  EXPECT_NEAR(ber_of_snr(LineCode::pam4, 17.66), 2.4e-4, 0.02e-4);
  EXPECT_NEAR(snr_of_ber(LineCode::pam4, 2.4e-4), 17.66, 0.005);
  // NRZ: Q = 7.034 at 1e-12.
  EXPECT_NEAR(snr_of_ber(LineCode::nrz, 1e-12), 20 * std::log10(7.034), 0.005);
  for (const LineCode code : {LineCode::pam4, LineCode::nrz}) {
    for (const double ber : {1e-3, 2.4e-4, 1e-8, 1e-14}) {
      EXPECT_NEAR(ber_of_snr(code, snr_of_ber(code, ber)) / ber, 1, 1e-9);
      EXPECT_NEAR(ber_at_margin(code, 2.4e-4, margin_of_ber(code, 2.4e-4, ber)) / ber, 1, 1e-9);
    }
    EXPECT_NEAR(ber_at_margin(code, 2.4e-4, 0) / 2.4e-4, 1, 1e-9);
    // One optical dB is two of SNR.
    EXPECT_NEAR(snr_of_ber(code, ber_at_margin(code, 2.4e-4, 1.5)) - snr_of_ber(code, 2.4e-4), 3, 1e-9);
  }
  EXPECT_TRUE(std::isnan(margin_of_ber(LineCode::pam4, 2.4e-4, 0)));
}

Question plant(double length_m, int connectors, double each_db) {
  Question q;
  q.segments = {{nullptr, length_m, 0.4}};
  q.connectors = {{{nullptr, connectors, each_db, std::nullopt}}};
  return q;
}

Readings dr4(double rx_dbm) {
  Readings r;
  r.pmd = &catalog::pmd_named("400GBASE-DR4", "");
  for (std::size_t i = 0; i < 4; ++i) r.set(Reading::rx_power_dbm, i, rx_dbm);
  r.far = std::make_unique<Readings>();
  r.far->pmd = r.pmd;
  for (std::size_t i = 0; i < 4; ++i) r.far->set(Reading::tx_power_dbm, i, 1.0);
  return r;
}

TEST(Prediction, OfWhatTheOtherEndSends) {
  // 300 m of 0.4 dB/km and four joints of 0.12 dB: 0.60 dB.
  const Prediction p = predict(dr4(-2.0), plant(300, 4, 0.12));
  EXPECT_NEAR(p.loss_db, 0.60, 1e-9);
  ASSERT_EQ(p.lanes.size(), 4u);
  for (const LanePrediction& lane : p.lanes) {
    EXPECT_TRUE(lane.from_far_tx);
    EXPECT_NEAR(lane.low_dbm, 0.4, 1e-9);
    EXPECT_NEAR(lane.excess_db, 2.4, 1e-9);
    EXPECT_GT(lane.estimated_ber, 0);
  }
  EXPECT_NEAR(p.worst_excess_db, 2.4, 1e-9);
  EXPECT_NE(p.explanation.find("2.40 dB"), std::string::npos);
  EXPECT_LT(predict(dr4(0.4), plant(300, 4, 0.12)).worst_excess_db, 1e-9);
}

TEST(Prediction, OfTheLimitsWhereNothingWasRead) {
  Readings r = dr4(-2);
  r.far = nullptr;
  const Prediction p = predict(r, plant(0, 0, 0));
  EXPECT_FALSE(p.lanes[0].from_far_tx);
  EXPECT_NEAR(p.lanes[0].low_dbm, -2.9, 1e-9);
  EXPECT_NEAR(p.lanes[0].high_dbm, 4.0, 1e-9);
  EXPECT_LT(p.worst_excess_db, 0);
}

TEST(Prediction, LessLightMeansMoreErrors) {
  double last = 0;
  for (double rx = 2; rx > -8; rx -= 0.5) {
    const double ber = predict(dr4(rx), plant(300, 4, 0.12)).lanes[0].estimated_ber;
    EXPECT_GT(ber, last);
    last = ber;
  }
}

TEST(Prediction, WithoutATypeThereIsNone) {
  Readings r;
  r.set(Reading::rx_power_dbm, 0, -3);
  EXPECT_THROW(predict(r, plant(300, 4, 0.1)), ConfigError);
}

}  // namespace
}  // namespace lightlane::plan

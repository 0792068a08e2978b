#include "lightlane/link/thin_light.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"

namespace lightlane::link {
namespace {

TEST(ThinLight, ClosedForm) {
  Scenario::Optics optics;
  optics.launch_oma_dbm = 0;  // 1 mW
  optics.length_m = 1000;
  optics.attenuation_db_per_km = 1;
  optics.connectors = 4;
  optics.connector_loss_db = 0.5;
  optics.added_attenuation_db = 7;  // 10 dB in all: 0.1 mW
  optics.responsivity_a_per_w = 1;
  optics.thermal_noise_pa_per_sqrt_hz = 100;
  optics.noise_bandwidth_ghz = 10;  // 1e-10 * 1e5 = 10 uA
  const ThinLight light = thin_light(optics, structure_by_name("400g-4lane", "x"));
  EXPECT_NEAR(light.rx_oma_dbm, -10, 1e-12);
  EXPECT_NEAR(light.noise_a, 1e-5, 1e-15);
  EXPECT_NEAR(light.q, 1e-4 / 6 / 1e-5, 1e-9);
  EXPECT_NEAR(light.snr_db, 10 * std::log10(5 * light.q * light.q), 1e-9);
  EXPECT_NEAR(light.ber, 0.75 * 0.5 * std::erfc(light.q / std::sqrt(2.0)), 1e-9);
  const ThinLight nrz = thin_light(optics, structure_by_name("100g-4lane", "x"));
  EXPECT_NEAR(nrz.q, 5, 1e-9);
  EXPECT_NEAR(nrz.ber, 2.8665157e-7, 1e-12);  // Q(5), tables of the normal distribution
}

TEST(ThinLight, StressMeetsTheWantedRatio) {
  Scenario::Optics optics;
  const Structure& dr4 = structure_by_name("400g-4lane", "x");
  const ThinLight calm = thin_light(optics, dr4);
  optics.stress_ber = 2.4e-4;
  const ThinLight stressed = thin_light(optics, dr4);
  EXPECT_NEAR(stressed.ber, 2.4e-4, 1e-12);
  EXPECT_NEAR(calm.rx_oma_dbm - stressed.rx_oma_dbm, stressed.stress_db, 1e-12);
  // 0.75 Q(q) = 2.4e-4 at q = 3.414: the factor of the limit receiver in the TDECQ definition.
  EXPECT_NEAR(stressed.q, 3.414, 1e-3);
  // The added attenuation, set by hand, gives the same.
  optics.stress_ber = 0;
  optics.added_attenuation_db = stressed.stress_db;
  EXPECT_NEAR(thin_light(optics, dr4).ber, 2.4e-4, 1e-9);
  optics.stress_ber = 1e-9;
  EXPECT_THROW(thin_light(optics, dr4), ConfigError);
}

}  // namespace
}  // namespace lightlane::link

#include "lightlane/link/optical_link.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "lightlane/base/error.hpp"
#include "lightlane/link/line.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/math/statistics.hpp"

namespace lightlane::link {
namespace {

using test::lit;
using Assignments = std::vector<std::string>;

OpticalLink link_of(const Scenario& scenario) { return OpticalLink(scenario, structure_of(scenario)); }

/// What is said of a scenario that cannot be; empty where it can.
std::string refusal(const Assignments& assignments) {
  try {
    const Scenario scenario = lit(assignments);
    link_of(scenario);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

void expect_refused(const Assignments& assignments, const std::vector<std::string>& words) {
  const std::string said = refusal(assignments);
  for (const std::string& word : words)
    EXPECT_NE(said.find(word), std::string::npos) << word << " in: " << said;
}

TEST(OpticalLink, PowersAreThoseOfTheBudget) {
  const Scenario scenario =
      lit({"link.pmd=400GBASE-DR4", "tx.oma_outer_dbm=1", "tx.extinction_ratio_db=5", "plant.length_m=1000",
           "plant.attenuation_db_per_km=0.4", "plant.connectors=2", "plant.connector_loss_db=0.3",
           "plant.added_attenuation_db=1.5", "environment.case_temperature_c=45"});
  const OpticalLink link = link_of(scenario);
  for (const OpticalLane& lane : link.lanes()) {
    // 1311 nm: Rayleigh scattering takes next to nothing off the 0.4 dB at 1310 nm.
    const double loss = 0.4 * std::pow(1310 / lane.setup.wavelength_nm, 4) + 0.6 + 1.5;
    const double launched = lane.setup.tx.oma_outer_dbm;
    EXPECT_NEAR(lane.rx_oma_dbm, launched - loss, 1e-6);
    // facts: average - OMA at an extinction ratio of 5 dB is -0.166 dB.
    EXPECT_NEAR(lane.rx_power_dbm - lane.rx_oma_dbm, -0.166, 0.05);
    EXPECT_FALSE(lane.los);
    EXPECT_FALSE(lane.overload);
    EXPECT_TRUE(lane.training.converged);
    EXPECT_LT(lane.statistical.ber, 1e-10);
  }
}

/// Modes and spectral width together, as Gaussians: of a spectrum of rms width sigma, D L sigma is the rms
/// spread in time, and exp(-(2 pi f t)^2 / 2) is a half at sqrt(2 ln 2) / (2 pi t).
double multimode_bandwidth_ghz(double wavelength_nm, double length_km, double modal_mhz_km, double width_nm) {
  const double lambda0 = 1317, slope = 0.098;  // of the fibre catalogue
  const double d = slope / 4 * wavelength_nm * (1 - std::pow(lambda0 / wavelength_nm, 4));
  const double spread_ns = std::fabs(d) * length_km * width_nm * 1e-3;
  const double chromatic = std::sqrt(2 * std::log(2.0)) / (2 * std::numbers::pi * spread_ns);
  const double modal = modal_mhz_km / 1000 / length_km;
  return 1 / std::sqrt(1 / (modal * modal) + 1 / (chromatic * chromatic));
}

TEST(OpticalLink, SpectralWidthAndModesLimitMultimodeFibre) {
  const auto expect = [](const Scenario& scenario, double modal_mhz_km, double width_nm) {
    const OpticalLink link = link_of(scenario);
    for (const OpticalLane& lane : link.lanes()) {
      const double wanted = multimode_bandwidth_ghz(lane.setup.wavelength_nm, scenario.plant.length_m / 1000,
                                                    modal_mhz_km, width_nm);
      EXPECT_NEAR(lane.chain->plant().report().modal_bandwidth_ghz / wanted, 1, 1e-4)
          << lane.setup.wavelength_nm;
    }
  };
  for (const char* pmd :
       {"400GBASE-SR8", "400GBASE-SR4.2", "400GBASE-SR4", "400GBASE-VR4", "100GBASE-SR4", "100GBASE-SR10"}) {
    SCOPED_TRACE(pmd);
    const Scenario scenario = lit({std::string("link.pmd=") + pmd});
    EXPECT_DOUBLE_EQ(scenario.tx.laser_rms_width_nm, 0.45);
    expect(scenario, 4700, 0.45);
  }
  expect(lit({"link.pmd=100GBASE-SR4", "plant.fibre=OM3", "plant.length_m=70", "tx.laser_rms_width_nm=0.6"}),
         2000, 0.6);
  // 100 m of OM4 and 0.6 nm at 850 nm: 31.5 GHz of the spectrum, 47 GHz of the modes.
  EXPECT_NEAR(multimode_bandwidth_ghz(850, 0.1, 4700, 0.6), 26.2, 0.1);
  // A single-mode lane has no such width, whatever is said.
  const OpticalLink dr4 = link_of(lit({"tx.laser_rms_width_nm=5"}));
  EXPECT_EQ(dr4.lanes()[0].chain->plant().report().modal_bandwidth_ghz, 0);
}

TEST(OpticalLink, SpectralWidthCostsMargin) {
  double last = INFINITY;
  for (const char* width : {"0", "0.45", "0.9"}) {
    const OpticalLink link =
        link_of(lit({"link.pmd=400GBASE-SR4", std::string("tx.laser_rms_width_nm=") + width}));
    const double margin = attenuation_for_ber(link.lanes()[0].model, link.lanes()[0].setup.dsp, 2.4e-4);
    EXPECT_LT(margin, last - 0.05) << width;
    last = margin;
  }
}

TEST(OpticalLink, StressMeetsTheRatioThatWasAsked) {
  for (const char* pmd : {"link.pmd=400GBASE-DR4", "link.pmd=400GBASE-FR4", "link.pmd=100GBASE-LR4"}) {
    for (const double ber : {1e-2, 2.4e-4, 1e-6}) {
      SCOPED_TRACE(pmd);
      Scenario scenario = lit({pmd, "plant.stress_ber=" + std::to_string(ber), "rx.los_dbm=-60"});
      const OpticalLink link = link_of(scenario);
      double mean = 0, trained = 0;
      for (const OpticalLane& lane : link.lanes()) {
        mean += evaluate(lane.model, lane.setup.dsp, 0).ber / static_cast<double>(link.lanes().size());
        trained += lane.statistical.ber / static_cast<double>(link.lanes().size());
      }
      // The search attenuates behind the receiver's reflection, the run before it: 0.003 dB.
      EXPECT_NEAR(mean / scenario.plant.stress_ber, 1, 0.02) << ber;
      // Trained on 2^16 symbols instead of statistics.
      EXPECT_NEAR(trained / scenario.plant.stress_ber, 1, 0.03) << ber;
      if (ber < 1e-4) continue;
      scenario.link.engine = "symbol";
      const test::Passed counted = test::pass(scenario, link, 1u << 18, 1u << 16, false);
      std::uint64_t errors = 0, bits = 0;
      for (const pma::LaneErrorCounts& lane : counted.report.lanes) {
        errors += lane.bit_errors;
        bits += lane.symbols * static_cast<std::uint64_t>(structure_of(scenario).modulation);
      }
      const math::RateInterval interval = math::clopper_pearson(errors, bits, 0.9999);
      EXPECT_LT(interval.lower, trained * 1.02) << ber;
      EXPECT_GT(interval.upper, trained * 0.98) << ber;
    }
  }
}

TEST(OpticalLink, StressThatCannotBeIsRefused) {
  expect_refused({"link.pmd=400GBASE-DR4", "plant.added_attenuation_db=13", "plant.stress_ber=1e-6"},
                 {"plant.stress_ber", "1e-06", "without more attenuation"});
  // An NRZ receiver calls it dark before so many bits are wrong.
  expect_refused({"link.pmd=100GBASE-LR4", "rx.los_dbm=-15", "plant.stress_ber=1e-2"},
                 {"plant.stress_ber", "rx.los_dbm = -15", "lane 0"});
}

TEST(OpticalLink, LightThatIsTooMuchOrTooLittleIsAResult) {
  const OpticalLink bright = link_of(lit({"link.pmd=400GBASE-DR4", "rx.overload_dbm=-2"}));
  const OpticalLink dark = link_of(lit({"link.pmd=400GBASE-DR4", "plant.added_attenuation_db=60"}));
  const OpticalLink one =
      link_of(lit({"link.pmd=400GBASE-DR4", "tx.lane_oma_offset_db=[0, 0, -19, 0]", "rx.los_dbm=-12"}));
  for (const OpticalLane& lane : bright.lanes()) {
    EXPECT_TRUE(lane.overload);
    EXPECT_FALSE(lane.los);
  }
  for (const OpticalLane& lane : dark.lanes()) {
    EXPECT_TRUE(lane.los);
    EXPECT_FALSE(lane.overload);
  }
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(one.lanes()[i].los, i == 2);
}

/// Dark lanes are wrong half of the time, and ratios too small to be drawn are still said.
TEST(OpticalLink, WhatIsExpectedOfEveryLane) {
  const Scenario dark = lit({"link.pmd=400GBASE-DR4", "plant.added_attenuation_db=60"}),
                 clean = lit({"link.pmd=100GBASE-LR4"});
  const OpticalLink dark_link = link_of(dark), clean_link = link_of(clean);
  EXPECT_EQ(expected_errors(dark, structure_of(dark), &dark_link, 0).ber, 0.5);
  EXPECT_EQ(expected_errors(dark, structure_of(dark), &dark_link, 0).ser, 0.75);
  const double ber = expected_errors(clean, structure_of(clean), &clean_link, 0).ber;
  EXPECT_GT(ber, 0);
  EXPECT_EQ(ber, clean_link.lanes()[0].statistical.ber);
}

TEST(OpticalLink, ListsOfTheWrongLengthAreNamed) {
  expect_refused({"plant.dispersion_ps_nm=[1, 2, 3]"}, {"plant.dispersion_ps_nm", "3 values", "4"});
  expect_refused({"plant.dgd_ps=[1, 2]"}, {"plant.dgd_ps", "2 values", "4"});
  expect_refused({"tx.lane_oma_offset_db=[0, 1, 2]"}, {"tx.lane_oma_offset_db", "3 values", "4"});
  expect_refused({"tx.level_error=[0.1]"}, {"tx.level_error", "1 values"});
  expect_refused({"plant.segment_length_m=[100, 200]", "plant.joint_loss_db=[0.2, 0.2]",
                  "plant.joint_reflectance_db=[-50, -50, -50]"},
                 {"plant.joint_loss_db", "2 values", "3"});
  expect_refused({"plant.segment_length_m=[100, 200]", "plant.joint_loss_db=[0.2, 0.2, 0.2]",
                  "plant.joint_reflectance_db=[-50]"},
                 {"plant.joint_reflectance_db", "1 values", "3"});
  EXPECT_EQ(refusal({"plant.dispersion_ps_nm=[1, 2, 3, 4]", "plant.dgd_ps=[1]",
                     "tx.lane_oma_offset_db=[0, 0.1, 0.2, 0.3]"}),
            "");
  EXPECT_EQ(refusal({"plant.segment_length_m=[100, 200]", "plant.joint_loss_db=[0.2, 0.3, 0.4]",
                     "plant.joint_reflectance_db=[-50, -55, -60]"}),
            "");
}

TEST(OpticalLink, ListsGoToTheirLanes) {
  const OpticalLink link =
      link_of(lit({"plant.dispersion_ps_nm=[1, 2, 3, 4]", "plant.dgd_ps=[0.5, 1, 1.5, 2]",
                   "tx.lane_oma_offset_db=[0, 0.1, 0.2, 0.3]"}));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto n = static_cast<double>(i);
    EXPECT_DOUBLE_EQ(link.lanes()[i].chain->plant().report().dispersion_ps_nm, n + 1);
    EXPECT_DOUBLE_EQ(link.lanes()[i].chain->plant().report().dgd_ps, 0.5 * (n + 1));
    EXPECT_NEAR(link.lanes()[i].rx_oma_dbm - link.lanes()[0].rx_oma_dbm, 0.1 * n, 1e-9);
  }
}

TEST(OpticalLink, StagesRefuseWhatCannotBe) {
  expect_refused({"tx.extinction_ratio_db=35"},
                 {"tx.extinction_ratio_db", "35"});  // beyond the interferometer's own
  expect_refused({"plant.length_m=-1"}, {"plant.length_m", "-1"});
  expect_refused({"dsp.ffe_taps=5", "dsp.ffe_main=7"}, {"dsp.ffe_main", "7"});
  expect_refused({"tx.dac_ffe=[0.5, -0.5]"}, {"tx.dac.ffe"});
}

TEST(OpticalLink, SpreadMakesLanesDiffer) {
  const OpticalLink alike = link_of(lit({"tx.spread=0"})), apart = link_of(lit({"tx.spread=1"})),
                    again = link_of(lit({"tx.spread=1"}));
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_EQ(alike.lanes()[i].setup.tx.oma_outer_dbm, alike.lanes()[0].setup.tx.oma_outer_dbm);
    EXPECT_NE(apart.lanes()[i].setup.tx.oma_outer_dbm, apart.lanes()[0].setup.tx.oma_outer_dbm);
    EXPECT_EQ(apart.lanes()[i].setup.tx.oma_outer_dbm, again.lanes()[i].setup.tx.oma_outer_dbm);
  }
}

TEST(OpticalLink, TrainingIsDeterministic) {
  for (const char* training : {"dsp.training=mmse", "dsp.training=lms"}) {
    const Scenario scenario = lit({training, "plant.added_attenuation_db=10"});
    const OpticalLink a = link_of(scenario), b = link_of(scenario);
    for (std::size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(a.lanes()[i].equalizer.ffe, b.lanes()[i].equalizer.ffe);
      EXPECT_EQ(a.lanes()[i].equalizer.thresholds, b.lanes()[i].equalizer.thresholds);
      EXPECT_EQ(a.lanes()[i].statistical.ber, b.lanes()[i].statistical.ber);
      EXPECT_EQ(a.lanes()[i].model.current_a, b.lanes()[i].model.current_a);
    }
  }
}

/// Signal to noise as training measures it on samples, and as the statistical engine knows it.
TEST(OpticalLink, TrainingSeesTheSignalToNoiseRatioThatIsPredicted) {
  for (const char* attenuation : {"0", "6", "11"}) {
    const OpticalLink link = link_of(lit({std::string("plant.added_attenuation_db=") + attenuation}));
    for (const OpticalLane& lane : link.lanes())
      EXPECT_NEAR(lane.training.snr_db, lane.statistical.snr_db, 0.1) << attenuation;
  }
}

}  // namespace
}  // namespace lightlane::link

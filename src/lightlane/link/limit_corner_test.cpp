// Links at the limits of their standard: what the budget leaves, what DGD and interference take of it, and that such a link
// fails where it is said to. Closed forms: the arithmetic of the budget tables. Counts: the other two engines.

#include "lightlane/link/limit_corner.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/link/optical_report.hpp"
#include "lightlane/link/optical_test_tools.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {
namespace {

bool has_structure(const catalog::Pmd& pmd) {
  try {
    return pmd.id != eight_lane_800g_pmd && structure_of_pmd(pmd.id, "link.pmd").line_lanes > 0;
  } catch (const ConfigError&) {
    return false;
  }
}

Devices devices_at_limits(const catalog::Pmd& pmd) {
  Scenario scenario;
  scenario.link.pmd = pmd.id;
  scenario.plant.fibre = limit_fibre(pmd, catalog::find_profile(pmd.id)->fibre);
  return devices_of(scenario);
}

/// Types of which the catalogue knows all that is needed.
std::vector<const catalog::Pmd*> known() {
  std::vector<const catalog::Pmd*> all;
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    if (has_structure(pmd) && catalog::find_profile(pmd.id) != nullptr && missing_for_limits(devices_at_limits(pmd)).empty()) {
      all.push_back(&pmd);
    }
  }
  return all;
}

Scenario at_limits(std::string_view pmd) { return test::lit({"link.corner=limits", "link.pmd=" + std::string(pmd)}); }

OpticalReport report_of(const Scenario& scenario) {
  const Structure& structure = structure_of(scenario);
  return optical_report(scenario, structure, OpticalLink(scenario, structure), false);
}

/// Margin of the worst lane with or without what takes of the allocation.
double margin_db(Scenario scenario, bool interference, bool dgd) {
  scenario.plant.interference = scenario.plant.interference && interference;
  if (!dgd) scenario.plant.dgd_ps = {0};
  const OpticalReport report = report_of(scenario);
  return report.lanes[report.worst_lane].margin_db;
}

/// The link with so much less light, and what it does.
OpticalLink attenuated(Scenario& scenario, double db) {
  scenario.tx.config.oma_outer_dbm -= db;
  return OpticalLink(scenario, structure_of(scenario));
}

double statistical_ber(Scenario scenario, std::size_t lane, double attenuation_db) {
  return attenuated(scenario, attenuation_db).lanes()[lane].statistical.ber;
}

double counted_ber(Scenario scenario, const char* engine, std::size_t lane, double attenuation_db, std::size_t symbols) {
  scenario.link.engine = engine;
  scenario.plant.mpi_phase_rate_mhz = 200;  // a short run meets many phases of the reflections
  const OpticalLink link = attenuated(scenario, attenuation_db);
  const pma::LaneErrorCounts counts = test::pass(scenario, link, symbols, 1u << 16, false).report.lanes[lane];
  return static_cast<double>(counts.bit_errors) /
         (static_cast<double>(counts.symbols) * static_cast<double>(structure_of(scenario).modulation));
}

/// The whole acceptance of one type.
void expect_limits_to_hold(const catalog::Pmd& pmd, bool count) {
  SCOPED_TRACE(pmd.id);
  const Scenario scenario = at_limits(pmd.id);
  const double allocation = limit_allocation_db(devices_of(scenario));
  const double bare = margin_db(scenario, false, false);
  EXPECT_NEAR(bare, allocation, 0.03) << "without DGD and interference all of the allocation is left";

  const OpticalReport report = report_of(scenario);
  const std::size_t worst = report.worst_lane;
  const OpticalLaneReport& lane = report.lanes[worst];
  ASSERT_TRUE(lane.limit && report.limit_allocation_db);
  EXPECT_DOUBLE_EQ(*report.limit_allocation_db, allocation);
  EXPECT_NEAR(lane.margin_db, allocation - lane.limit->dgd_db - lane.limit->interference_db, 0.03);
  EXPECT_GE(lane.limit->dgd_db, 0);
  EXPECT_GE(lane.limit->interference_db, 0);
  const double dgd = bare - margin_db(scenario, false, true), interference = bare - margin_db(scenario, true, false);
  EXPECT_NEAR(dgd, lane.limit->dgd_db, 0.03);  // shot noise falls with the light
  // Closures add, decibels do so only as long as they are small (100GBASE-LR4: 1.3 dB of interference).
  const double together = interference > 0.5 ? 0.2 : 0.1;
  EXPECT_NEAR(lane.margin_db, bare - dgd - interference, together) << "each alone: DGD " << dgd << ", interference " << interference;

  const double target = report.target_ber;
  EXPECT_LT(statistical_ber(scenario, worst, lane.margin_db - 0.1), target);
  EXPECT_GT(statistical_ber(scenario, worst, lane.margin_db + 0.1), target);
  if (!count || target < 1e-6) return;
  const auto symbols = static_cast<std::size_t>(500 / target);
  EXPECT_LT(counted_ber(scenario, "symbol", worst, lane.margin_db - 0.2, symbols), target);
  EXPECT_GT(counted_ber(scenario, "symbol", worst, lane.margin_db + 0.2, symbols), target);
}

TEST(LimitCorner, AllocationIsThatOfTheBudget) {
  int checked = 0;
  for (const catalog::Pmd* pmd : known()) {
    SCOPED_TRACE(pmd->id);
    if (!pmd->budget.penalties_db) continue;
    EXPECT_NEAR(limit_allocation_db(devices_at_limits(*pmd)), pmd->budget.penalties_db->value - pmd->tx.tdecq_max_db->value, 1e-9);
    ++checked;
  }
  EXPECT_GE(checked, 15);
}

TEST(LimitCorner, TypesWhoseLimitsAreKnown) {
  std::vector<std::string_view> names;
  for (const catalog::Pmd* pmd : known()) names.push_back(pmd->id);
  for (const char* name : {"400GBASE-DR4", "400GBASE-DR4-2", "400GBASE-FR4", "400GBASE-LR4-6", "400G-LR4-10", "400GBASE-SR8",
                           "400GBASE-SR4.2", "400GBASE-SR4", "400GBASE-VR4", "100GBASE-DR", "100GBASE-FR1", "100GBASE-LR1",
                           "100GBASE-LR4", "100G-CWDM4", "100G-PSM4"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
}

TEST(LimitCorner, NamesWhatIsNotKnown) {
  const auto refusal = [](const char* pmd) -> std::string {
    try {
      at_limits(pmd);
    } catch (const ConfigError& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(refusal("400GBASE-FR8").find("rx.sensitivity_oma_secq_offset_dbm of 400GBASE-FR8 is not known"), std::string::npos);
  EXPECT_NE(refusal("100GBASE-ER4").find("tx.oma_minus_tdecq_min_dbm of 100GBASE-ER4"), std::string::npos);
  EXPECT_NE(refusal("100GBASE-SR4").find("rx.sensitivity_oma_fixed_dbm"), std::string::npos);
  EXPECT_NE(refusal("100G-ZR4").find("channel.insertion_loss_max_db"), std::string::npos);
  EXPECT_NE(refusal("100G-4WDM-40").find("tx.tdecq_max_db of 100G-4WDM-40, tx.er_min_db of 100G-4WDM-40, channel.insertion_loss"),
            std::string::npos);
}

TEST(LimitCorner, TheWorstTransmitterOfDr4IsAtItsLimits) {
  const Scenario scenario = at_limits("400GBASE-DR4");
  const Structure& structure = structure_of(scenario);
  const OpticalLink link(scenario, structure);
  for (const OpticalLane& lane : link.lanes()) {  // 121.8.5.3: histograms at 0.45 and 0.55 UI, about where TDECQ is least
    EXPECT_NEAR(lane.limit->late_middle_ui - lane.limit->early_middle_ui, 0.1, 1e-12);
  }
  const OpticalReport report = optical_report(scenario, structure, link, true);
  const TransmitterMeasurement& m = *report.lanes[0].measurement;
  EXPECT_NEAR(m.tdecq->tdecq_db, 3.4, 0.003);
  EXPECT_NEAR(m.extinction_ratio_db, 3.5, 0.001);
  EXPECT_NEAR(m.oma_outer_dbm - m.tdecq->tdecq_db, -2.2, 0.001);
  EXPECT_NEAR(report.lanes[0].plant.loss_db, 3.0, 1e-9);
  EXPECT_DOUBLE_EQ(report.lanes[0].plant.dgd_ps, 2.24);
  // Without chirp the sign does not matter: of -0.93 and +0.80 ps/nm the larger is the worse.
  EXPECT_NEAR(report.lanes[0].plant.dispersion_ps_nm, -0.93, 0.005);
  for (const LimitResult& limit : report.limits) EXPECT_TRUE(limit.pass) << limit.what << " " << limit.value;
}

/// Where less extinction costs power, the worst transmitter does without it; edges stay as fast as they must be.
TEST(LimitCornerSlow, TheWorstTransmitterOfSr4KeepsItsEdges) {
  const Scenario scenario = at_limits("400GBASE-SR4");
  const Structure& structure = structure_of(scenario);
  const OpticalReport report = optical_report(scenario, structure, OpticalLink(scenario, structure), true);
  const TransmitterMeasurement& m = *report.lanes[0].measurement;
  EXPECT_NEAR(*m.transition_time_ps, 17, 0.05);
  EXPECT_NEAR(m.tdecq->tdecq_db, 4.4, 0.005);
  EXPECT_LT(m.rlm, 0.99);
  for (const LimitResult& limit : report.limits) EXPECT_TRUE(limit.pass) << limit.what << " " << limit.value;
}

/// The reference receiver's filter stands for the fibre: modes and the widest spectrum that is allowed are in TDECQ already.
TEST(LimitCorner, SpectralWidthIsTheWidestAndNotCountedTwice) {
  const Scenario scenario = at_limits("400GBASE-SR8");
  EXPECT_DOUBLE_EQ(scenario.tx.laser_rms_width_nm, 0.6);
  const OpticalReport report = report_of(scenario);
  for (const OpticalLaneReport& lane : report.lanes) {
    EXPECT_EQ(lane.plant.dispersion_ps_nm, 0);
    EXPECT_GT(lane.plant.modal_bandwidth_ghz, 1000);
  }
  const OpticalReport wider = report_of(test::lit({"link.corner=limits", "link.pmd=400GBASE-SR8", "tx.laser_rms_width_nm=0.7"}));
  int checked = 0;
  for (const OpticalReport* r : {&report, &wider}) {
    for (const LimitResult& limit : r->limits) {
      if (limit.name != "tx.rms_spectral_width_max_nm") continue;
      EXPECT_EQ(limit.pass, r == &report) << limit.value;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 16);
}

TEST(LimitCorner, TheShorterChannelRulesAMixedPair) {
  const Scenario scenario = test::lit({"link.corner=limits", "link.pmd=400GBASE-DR4", "link.breakout=4x100g", "link.far_pmd=100GBASE-FR1"});
  EXPECT_NEAR(limit_allocation_db(devices_of(scenario)), -2.2 - 3.0 + 5.9, 1e-9);
  EXPECT_NEAR(scenario.plant.connector_loss_db * static_cast<double>(scenario.plant.connectors), 3.0, 1e-9);
  const Scenario other = test::lit({"link.corner=limits", "link.pmd=100GBASE-FR1", "link.far_pmd=100GBASE-DR"});
  EXPECT_NEAR(limit_allocation_db(devices_of(other)), -1.5 - 3.0 + 5.3, 1e-9);
  EXPECT_DOUBLE_EQ(other.plant.length_m, 500);
  EXPECT_NEAR(other.plant.dispersion_ps_nm.at(0), -0.93, 0.005) << "on the side of the -3.71 ps/nm of FR1 itself";
}

/// Each end's own values, from two types that are made up: 100GBASE-DR with other reflectances, a larger OMA, faster edges.
TEST(LimitCorner, EachEndBringsItsOwn) {
  Devices devices = devices_at_limits(*catalog::find_pmd("100GBASE-DR"));
  catalog::Pmd near = *devices.pmd, far = near;
  near.tx.reflectance_max_db->value = -27;
  far.rx.reflectance_max_db->value = -31;
  near.rx.reflectance_max_db->value = far.tx.reflectance_max_db->value = -40;
  near.tx.oma_outer_min_dbm->value = 4.0;
  near.tx.transition_time_max_ps->value = 15;
  devices.pmd = &near;
  devices.far_pmd = &far;
  Scenario scenario = test::lit({"link.pmd=100GBASE-DR"});
  apply_limits(devices, scenario);
  EXPECT_DOUBLE_EQ(scenario.plant.tx_reflectance_db, -27);
  EXPECT_DOUBLE_EQ(scenario.plant.rx_reflectance_db, -31);
  EXPECT_DOUBLE_EQ(scenario.plant.connector_reflectance_db, -45) << "of four";
  const TransmitterMeasurement m = measure_transmitter(lane_setup(scenario, structure_of(scenario), 0), near, 0, false);
  EXPECT_NEAR(m.tdecq->tdecq_db, 3.4, 0.003);
  EXPECT_NEAR(m.oma_outer_dbm, 4.0, 0.001) << "more than TDECQ asks for";
  EXPECT_NEAR(*m.transition_time_ps, 15, 0.02);
  EXPECT_LT(m.rlm, 0.99) << "slower edges are not allowed: an unequal eye is the rest of the penalty";
}

TEST(LimitCorner, TheLongestMultimodeFibre) {
  const auto fibre = [](const char* pmd) { return limit_fibre(*catalog::find_pmd(pmd), "other"); };
  EXPECT_EQ(fibre("400GBASE-SR8"), "OM4") << "100 m, as OM5";
  EXPECT_EQ(fibre("400GBASE-SR4.2"), "OM5") << "150 m";
  EXPECT_EQ(fibre("400GBASE-DR4"), "other");
}

TEST(LimitCorner, Dr4FailsWhereItIsSaidTo) { expect_limits_to_hold(*catalog::find_pmd("400GBASE-DR4"), true); }
TEST(LimitCorner, Lr4WithoutFecFailsWhereItIsSaidTo) { expect_limits_to_hold(*catalog::find_pmd("100GBASE-LR4"), true); }

TEST(LimitCorner, TheWaveformEngineFailsThereToo) {
  const Scenario scenario = at_limits("100GBASE-DR");
  EXPECT_NEAR(scenario.tx.config.extinction_ratio_db, 5, 0.01) << "below, its OMA would have to be larger";
  const double margin = margin_db(scenario, true, true);
  EXPECT_LT(counted_ber(scenario, "waveform", 0, margin - 0.2, 1'200'000), 2.4e-4);
  EXPECT_GT(counted_ber(scenario, "waveform", 0, margin + 0.2, 1'200'000), 2.4e-4);
}

TEST(LimitCornerSlow, EveryTypeFailsWhereItIsSaidTo) {
  for (const catalog::Pmd* pmd : known()) expect_limits_to_hold(*pmd, true);
}

TEST(LimitCornerSlow, EveryTypeKeepsItsLimits) {
  for (const catalog::Pmd* pmd : known()) {
    SCOPED_TRACE(pmd->id);
    const Scenario scenario = at_limits(pmd->id);
    const Structure& structure = structure_of(scenario);
    const OpticalReport report = optical_report(scenario, structure, OpticalLink(scenario, structure), true);
    for (const LimitResult& limit : report.limits) {
      if (limit.name == "fec.pre_fec_ber") continue;
      EXPECT_TRUE(limit.pass) << limit.what << " " << limit.value << " of " << limit.limit;
    }
  }
}

}  // namespace
}  // namespace lightlane::link

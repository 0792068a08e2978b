// The verdict on each limit, from reports made by hand. Numbers: tables of the clauses as the catalogue has them.

#include "lightlane/link/limits.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace lightlane::link {
namespace {

Devices devices(const char* pmd, const char* far_pmd = "auto", const char* fibre = nullptr) {
  Scenario scenario;
  scenario.link.pmd = pmd;
  scenario.link.far_pmd = far_pmd;
  scenario.plant.fibre = fibre != nullptr ? std::string(fibre) : std::string(catalog::find_profile(catalog::find_pmd(pmd)->id)->fibre);
  return devices_of(scenario);
}

/// A PAM4 transmitter of no fault.
TransmitterMeasurement good_pam4() {
  TransmitterMeasurement m;
  m.tdecq.emplace();
  m.tdecq->tdecq_db = 1.5;
  m.tdecq->ceq = 1.1;
  m.tecq = m.tdecq;
  m.oma_outer_dbm = 1;
  m.average_power_dbm = 0.8;
  m.extinction_ratio_db = 5.5;
  m.rin_oma_db_per_hz = -140;
  m.transition_time_ps = 9;
  return m;
}

TransmitterMeasurement good_nrz() {
  TransmitterMeasurement m = good_pam4();
  m.pam4 = false;
  m.tdecq.reset();
  m.tecq.reset();
  m.transition_time_ps.reset();
  m.penalty_db = 1;
  m.mask_margin = 0.1;
  return m;
}

/// A link of so many lanes without fault: 2 dB of loss, no reflection worth counting.
OpticalReport good(std::size_t lanes, bool pam4 = true) {
  OpticalReport report;
  for (std::size_t l = 0; l < lanes; ++l) {
    OpticalLaneReport lane;
    lane.transmitter.average_power_dbm = 0.8;
    lane.transmitter.oma_outer_dbm = 1;
    lane.cabling.joints.assign(2, optics::JointConfig{0.5, -60});
    lane.cabling.tx_reflectance_db = lane.cabling.rx_reflectance_db = -30;
    lane.plant.length_m = 100;
    lane.plant.fibre_loss_db = 1;
    lane.plant.joint_loss_db = 0.5;
    lane.plant.return_loss_db = 35;
    lane.rx_power_dbm = -0.7;
    lane.rx_oma_dbm = -0.5;
    lane.receiver_sensitivity_oma_dbm = pam4 ? -8 : -12;
    lane.ber_expected = 1e-15;
    lane.measurement = pam4 ? good_pam4() : good_nrz();
    report.lanes.push_back(lane);
  }
  return report;
}

struct Verdicts {
  std::vector<LimitResult> all;
  std::vector<std::string> unknown;

  const LimitResult* find(const std::string& name, bool upper, int lane = 0) const {
    for (const LimitResult& r : all) {
      if (r.name == name && r.upper == upper && (r.lane == lane || r.lane == -1)) return &r;
    }
    return nullptr;
  }
  /// "pass", "fail", or "none" where there is no such verdict.
  std::string operator()(const std::string& name, bool upper, int lane = 0) const {
    const LimitResult* r = find(name, upper, lane);
    return r == nullptr ? "none" : r->pass ? "pass" : "fail";
  }
  std::vector<std::string> failed() const {
    std::vector<std::string> names;
    for (const LimitResult& r : all) {
      if (!r.pass && !r.informative) names.push_back(r.name);
    }
    return names;
  }
};
Verdicts check(const Devices& devices, const OpticalReport& report) {
  Verdicts verdicts;
  verdicts.all = check_limits(devices, report, verdicts.unknown);
  return verdicts;
}

using Names = std::vector<std::string>;
constexpr bool max = true, min = false;

TEST(Limits, AGoodLinkKeepsThemAll) {
  EXPECT_EQ(check(devices("400GBASE-DR4"), good(4)).failed(), Names());
  EXPECT_EQ(check(devices("100GBASE-LR4"), good(4, false)).failed(), Names());
  EXPECT_EQ(check(devices("400GBASE-SR8"), good(8)).failed(), Names());
}

TEST(Limits, EachHasSourceConfidenceAndMargin) {
  const Verdicts v = check(devices("400GBASE-DR4"), good(4));
  const LimitResult& power = *v.find("tx.avg_power_max_dbm", max, 2);
  EXPECT_EQ(power.confidence, catalog::Confidence::sure);
  EXPECT_NE(power.source.find("400GBASE-DR4, IEEE 802.3bs clause 124 [EC-DR4"), std::string::npos) << power.source;
  EXPECT_EQ(power.unit, "dBm");
  EXPECT_DOUBLE_EQ(power.limit, 4.0);
  EXPECT_DOUBLE_EQ(power.margin, 3.2);
  EXPECT_DOUBLE_EQ(v.find("tx.avg_power_min_dbm", min)->margin, 3.7);
  EXPECT_EQ(v.find("rx.sensitivity_oma_dbm", max)->confidence, catalog::Confidence::likely);
}

/// OMAouter >= max(OMAmin, (OMA - TDECQ)min + TDECQ): -0.8 dBm up to TDECQ 1.4 dB, then -2.2 dBm more than TDECQ.
TEST(Limits, OmaOfTheTransmitter) {
  const auto with = [](double oma, double tdecq) {
    OpticalReport report = good(1);
    report.lanes[0].measurement->oma_outer_dbm = oma;
    report.lanes[0].measurement->tdecq->tdecq_db = tdecq;
    report.lanes[0].measurement->tecq = report.lanes[0].measurement->tdecq;
    return check(devices("400GBASE-DR4"), report).failed();
  };
  EXPECT_EQ(with(-0.7, 0.5), Names());
  EXPECT_EQ(with(-0.9, 0.5), Names{"tx.oma_outer_min_dbm"});
  EXPECT_EQ(with(-0.7, 1.4), Names());
  EXPECT_EQ(with(0.5, 2.9), Names{"tx.oma_minus_tdecq_min_dbm"});
  EXPECT_EQ(with(1.2, 3.4), Names()) << "the corner itself";
  EXPECT_EQ(with(2.0, 3.5), Names{"tx.tdecq_max_db"});
  EXPECT_EQ(with(4.3, 1.0), Names{"tx.oma_outer_max_dbm"});
}

TEST(Limits, LowExtinctionAsksForMorePower) {
  const auto with = [](double extinction_db) {
    OpticalReport report = good(1);
    report.lanes[0].measurement->oma_outer_dbm = -0.5;  // less TDECQ 1.5: -2.0 dBm
    report.lanes[0].measurement->extinction_ratio_db = extinction_db;
    return check(devices("100GBASE-DR"), report);
  };
  EXPECT_EQ(with(5.1)("tx.oma_minus_tdecq_min_dbm", min), "pass");
  EXPECT_DOUBLE_EQ(with(5.1).find("tx.oma_minus_tdecq_min_dbm", min)->limit, -2.2);
  EXPECT_EQ(with(4.9)("tx.oma_minus_tdecq_min_low_er_dbm", min), "fail");
  EXPECT_DOUBLE_EQ(with(4.9).find("tx.oma_minus_tdecq_min_low_er_dbm", min)->limit, -1.9);
  EXPECT_EQ(with(3.4)("tx.er_min_db", min), "fail");
}

TEST(Limits, RelativesOfTdecq) {
  OpticalReport report = good(1);
  TransmitterMeasurement& m = *report.lanes[0].measurement;
  m.tdecq->tdecq_db = 3.3;
  m.tdecq->ceq = std::pow(10, -0.02);  // 10 lg Ceq = -0.2 dB: 3.5 dB without noise enhancement
  m.tecq->tdecq_db = 0.7;              // 2.6 dB less without fibre
  EXPECT_EQ(check(devices("100GBASE-DR"), report)("tx.tdecq_minus_ceq_max_db", max), "fail");
  EXPECT_EQ(check(devices("100GBASE-FR1"), report)("tx.tdecq_minus_tecq_max_db", max), "fail");
  m.tdecq->ceq = 1;
  m.tecq->tdecq_db = 0.9;
  EXPECT_EQ(check(devices("100GBASE-DR"), report)("tx.tdecq_minus_ceq_max_db", max), "pass");
  EXPECT_EQ(check(devices("100GBASE-FR1"), report)("tx.tdecq_minus_tecq_max_db", max), "pass");
  EXPECT_EQ(check(devices("400GBASE-DR4"), report)("tx.tdecq_minus_tecq_max_db", max), "none") << "802.3bs has no such limit";
  m.tecq->tdecq_db = 3.3;
  m.tdecq->tdecq_db = 0.7;  // chirp and dispersion: better with fibre, and as far apart
  EXPECT_EQ(check(devices("100GBASE-FR1"), report)("tx.tdecq_minus_tecq_max_db", max), "fail");
  m.transition_time_ps = 17.1;
  EXPECT_EQ(check(devices("100GBASE-DR"), report)("tx.transition_time_max_ps", max), "fail");
}

/// 22 % either way.
TEST(Limits, OvershootAndUndershoot) {
  const auto failed = [](double over_pct, double under_pct) {
    OpticalReport report = good(1);
    report.lanes[0].measurement->overshoot_pct = over_pct;
    report.lanes[0].measurement->undershoot_pct = under_pct;
    std::vector<std::string> what;
    for (const LimitResult& r : check(devices("100GBASE-FR1"), report).all) {
      if (!r.pass) what.push_back(r.what);
    }
    return what;
  };
  EXPECT_EQ(failed(21, 21), Names());
  EXPECT_EQ(failed(23, 21), Names{"overshoot"});
  EXPECT_EQ(failed(21, 23), Names{"undershoot"});
}

TEST(Limits, AClosedEyeIsNoNumberAndFails) {
  OpticalReport report = good(1);
  report.lanes[0].measurement->tdecq->closed = report.lanes[0].measurement->tecq->closed = true;
  const Verdicts v = check(devices("400GBASE-DR4"), report);
  EXPECT_EQ(v("tx.tdecq_max_db", max), "fail");
  EXPECT_TRUE(std::isinf(v.find("tx.tdecq_max_db", max)->value));
  EXPECT_EQ(v("tx.oma_minus_tdecq_min_dbm", min), "fail");
  EXPECT_EQ(v("rx.sensitivity_oma_dbm", max), "none") << "what the receiver must reach with it, nobody says";
}

TEST(Limits, PenaltyAndMaskOfNrz) {
  OpticalReport report = good(4, false);
  report.lanes[2].measurement->penalty_db = 2.3;
  report.lanes[3].measurement->mask_margin = -0.02;
  const Verdicts v = check(devices("100GBASE-LR4"), report);
  EXPECT_EQ(v("tx.tdecq_max_db", max, 2), "fail");
  EXPECT_EQ(v.find("tx.tdecq_max_db", max, 2)->what, "TDP");
  EXPECT_EQ(v("tx.tdecq_max_db", max, 1), "pass");
  EXPECT_EQ(v("eye_mask", min, 3), "fail");
  EXPECT_EQ(v("eye_mask", min, 0), "pass");
}

/// 4 x 4.5 dBm are 10.52 dBm: more than the 10.5 dBm of all lanes, though each is allowed.
TEST(Limits, PowerOfAllLanesTogether) {
  OpticalReport report = good(4, false);
  for (OpticalLaneReport& lane : report.lanes) lane.transmitter.average_power_dbm = lane.measurement->average_power_dbm = 4.5;
  const Verdicts v = check(devices("100GBASE-LR4"), report);
  EXPECT_EQ(v.failed(), Names{"tx.total_avg_power_max_dbm"});
  EXPECT_NEAR(v.find("tx.total_avg_power_max_dbm", max)->value, 4.5 + 10 * std::log10(4), 1e-9);
  for (OpticalLaneReport& lane : report.lanes) lane.transmitter.average_power_dbm = 4.4;
  EXPECT_EQ(check(devices("100GBASE-LR4"), report).failed(), Names());
}

TEST(Limits, LanesAreAlike) {
  OpticalReport report = good(4);
  report.lanes[0].measurement->oma_outer_dbm = 4.4;
  report.lanes[3].measurement->oma_outer_dbm = 0.2;
  report.lanes[0].rx_oma_dbm = 2.4;
  report.lanes[3].rx_oma_dbm = -1.6;
  const Verdicts v = check(devices("400GBASE-FR4"), report);
  EXPECT_EQ(v("tx.lane_oma_difference_max_db", max), "fail") << "4.2 dB of 4.0";
  EXPECT_EQ(v("rx.lane_oma_difference_max_db", max), "pass") << "4.0 dB of 4.1";
  std::swap(report.lanes[3], report.lanes[1]);  // neither is the last one
  EXPECT_NEAR(check(devices("400GBASE-FR4"), report).find("tx.lane_oma_difference_max_db", max)->value, 4.2, 1e-9);
}

/// max(floor, SECQ + offset), SECQ the TECQ of this transmitter: DR4 max(-3.9, SECQ - 5.3), FR4 max(-4.6, SECQ - 6.0).
TEST(Limits, SensitivityFollowsTheSignal) {
  const auto limit = [](const char* pmd, double tecq) {
    OpticalReport report = good(1);
    report.lanes[0].measurement->tecq->tdecq_db = tecq;
    return check(devices(pmd), report).find("rx.sensitivity_oma_dbm", max)->limit;
  };
  EXPECT_DOUBLE_EQ(limit("400GBASE-DR4", 0.9), -3.9);
  EXPECT_DOUBLE_EQ(limit("400GBASE-DR4", 3.4), -1.9);
  EXPECT_DOUBLE_EQ(limit("400GBASE-FR4", 0.9), -4.6);
  EXPECT_DOUBLE_EQ(limit("400GBASE-FR4", 3.4), -2.6);
  OpticalReport report = good(4, false);
  report.lanes[1].receiver_sensitivity_oma_dbm = -8.5;
  EXPECT_EQ(check(devices("100GBASE-LR4"), report).failed(), Names{"rx.sensitivity_oma_dbm"});
  report.lanes[1].receiver_sensitivity_oma_dbm.reset();  // the limit receiver is the limit
  EXPECT_EQ(check(devices("100GBASE-LR4"), report).failed(), Names());
}

TEST(Limits, TooMuchLight) {
  OpticalReport report = good(4);
  report.lanes[1].rx_power_dbm = 4.1;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), Names{"rx.avg_power_max_dbm"});
  report.stress_db = 3;  // that much light comes when it is not stressed
  report.lanes[1].rx_power_dbm = 1.1;
  report.lanes[2].rx_oma_dbm = 1.3;
  for (const std::size_t l : {0, 2, 3}) report.lanes[l].rx_power_dbm = 0.9;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), (Names{"rx.avg_power_max_dbm", "rx.oma_max_dbm"}));
  report = good(4);
  report.lanes[1].rx_power_dbm = 5.1;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), (Names{"rx.damage_threshold_dbm", "rx.avg_power_max_dbm"}));
}

/// What stress adds is a condition of the test: neither loss nor too little light, nor errors that were asked for.
TEST(Limits, StressIsNoFault) {
  OpticalReport report = good(4);
  report.stress_db = 9;
  for (OpticalLaneReport& lane : report.lanes) {
    lane.rx_power_dbm -= 9;
    lane.rx_oma_dbm -= 9;
    lane.ber_expected = 2.5e-4;
  }
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), Names());
}

TEST(Limits, ErrorsThatCountingCannotSee) {
  OpticalReport report = good(4, false);
  report.lanes[2].ber_expected = 1e-11;
  EXPECT_EQ(check(devices("100GBASE-LR4"), report).failed(), Names{"fec.pre_fec_ber"});
  EXPECT_EQ(check(devices("100G-CWDM4"), report)("fec.pre_fec_ber", max, 2), "pass") << "KR4: 5e-5";
  EXPECT_FALSE(ber_limit(devices("400GBASE-DR4"), 0, 2.5e-4).pass);
  EXPECT_TRUE(ber_limit(devices("400GBASE-DR4"), 0, 2.3e-4).pass);
  // Where nobody says what a type must reach: 1e-12.
  Devices unsaid = devices("100GBASE-LR4");
  catalog::Pmd pmd = *unsaid.far_pmd;
  pmd.fec.pre_fec_ber.reset();
  unsaid.far_pmd = &pmd;
  EXPECT_TRUE(ber_limit(unsaid, 0, 0.9e-12).pass);
  EXPECT_FALSE(ber_limit(unsaid, 0, 1.1e-12).pass);
}

/// Table of clause 124: 1:-37, 2:-42, 4:-45, 6:-47 dB; smaller ones than -55 dB do not count.
TEST(Limits, ReflectancesByHowManyThereAre) {
  const auto with = [](std::size_t count, double reflectance_db) {
    OpticalReport report = good(1);
    report.lanes[0].cabling.joints.assign(count, optics::JointConfig{0.2, reflectance_db});
    report.lanes[0].cabling.joints.push_back({0.2, -56});
    report.lanes[0].cabling.segments.assign(count, optics::SegmentConfig{});
    return check(devices("400GBASE-DR4"), report)("channel.discrete_reflectance_max_db", max);
  };
  EXPECT_EQ(with(1, -37), "pass");
  EXPECT_EQ(with(2, -37), "fail");
  EXPECT_EQ(with(2, -42), "pass");
  EXPECT_EQ(with(4, -45), "pass");
  EXPECT_EQ(with(5, -45), "fail") << "that of six";
  EXPECT_EQ(with(5, -47), "pass");
  EXPECT_EQ(with(3, -57), "none");
}

/// Light of n equal joints without loss between them: their sum.
TEST(Limits, ReturnLossOfTheCabling) {
  OpticalReport report = good(1);
  report.lanes[0].cabling.joints.assign(4, optics::JointConfig{0, -40});
  report.lanes[0].cabling.segments.assign(3, optics::SegmentConfig{.length_m = 0});
  const Verdicts v = check(devices("400GBASE-DR4"), report);
  EXPECT_NEAR(v.find("channel.orl_min_db", min)->value, 40 - 10 * std::log10(4), 1e-9);
  EXPECT_EQ(v("channel.orl_min_db", min), "fail") << "37 dB";
  // Behind 3 dB a reflection comes back 6 dB weaker.
  report.lanes[0].cabling.joints = {{3, -200}, {0, -40}};
  report.lanes[0].cabling.segments.assign(1, optics::SegmentConfig{.length_m = 0});
  EXPECT_NEAR(check(devices("400GBASE-DR4"), report).find("channel.orl_min_db", min)->value, 46, 1e-6);
  // And behind 2 km of 0.4 dB/km 1.6 dB more.
  report.lanes[0].cabling.segments[0].length_m = 2000;
  report.lanes[0].cabling.segments[0].attenuation_db_per_km = 0.4;
  EXPECT_NEAR(check(devices("400GBASE-DR4"), report).find("channel.orl_min_db", min)->value, 47.6, 1e-6);
}

TEST(Limits, ReflectancesOfTheModules) {
  OpticalReport report = good(4);
  report.lanes[0].cabling.tx_reflectance_db = -25;
  report.lanes[0].cabling.rx_reflectance_db = -20;
  for (OpticalLaneReport& lane : report.lanes) lane.plant.return_loss_db = 21;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), (Names{"tx.reflectance_max_db", "tx.orl_tolerance_db", "rx.reflectance_max_db"}));
  report = good(4);
  report.lanes[2].plant.return_loss_db = 21;  // one lane is enough
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), Names{"tx.orl_tolerance_db"});
}

TEST(Limits, Channel) {
  OpticalReport report = good(4);
  report.lanes[0].plant.fibre_loss_db = 2.6;  // 3.1 dB with the joints
  report.lanes[1].plant.dispersion_ps_nm = -0.95;
  report.lanes[2].plant.dispersion_ps_nm = 0.85;
  report.lanes[3].plant.dgd_ps = 2.3;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(),
            (Names{"channel.insertion_loss_max_db", "channel.dispersion_min_ps_nm", "channel.dispersion_max_ps_nm", "channel.dgd_max_ps"}));
  report = good(4);
  report.lanes[3].added_attenuation_db = 1.6;  // an attenuator is part of the channel: 3.1 dB
  EXPECT_EQ(check(devices("400GBASE-DR4"), report).failed(), Names{"channel.insertion_loss_max_db"});
}

TEST(Limits, LossOfMultimodeByFibre) {
  OpticalReport report = good(8);
  for (OpticalLaneReport& lane : report.lanes) lane.plant.fibre_loss_db = 1.35;  // 1.85 dB with the joints
  EXPECT_EQ(check(devices("400GBASE-SR8", "auto", "OM3"), report)("channel.insertion_loss_max_db", max), "fail") << "1.8 dB";
  EXPECT_EQ(check(devices("400GBASE-SR8", "auto", "OM4"), report)("channel.insertion_loss_max_db", max), "pass") << "1.9 dB";
  EXPECT_EQ(check(devices("400GBASE-SR8"), report)("channel.dgd_max_ps", max), "none");
}

/// A link may be longer than the type's reach if it keeps everything else.
TEST(Limits, ReachIsInformation) {
  OpticalReport report = good(4);
  for (OpticalLaneReport& lane : report.lanes) lane.plant.length_m = 900;
  report.limits = check(devices("400GBASE-DR4"), report).all;
  const Verdicts v{report.limits, {}};
  EXPECT_DOUBLE_EQ(v.find("reach", max)->margin, -400);
  EXPECT_TRUE(v.find("reach", max)->informative);
  EXPECT_TRUE(report.pass());
  EXPECT_DOUBLE_EQ(check(devices("100GBASE-ER4"), good(4, false)).find("reach", max)->limit, 40000) << "30 km, engineered 40 km";
  report.limits.push_back(ber_limit(devices("400GBASE-DR4"), 0, 1));
  EXPECT_FALSE(report.pass());
}

TEST(Limits, UnknownOnesAreNamedOnce) {
  const Verdicts v = check(devices("400GBASE-LR8"), good(8));
  EXPECT_EQ(v("rx.sensitivity_oma_dbm", max), "none");
  EXPECT_EQ(std::count(v.unknown.begin(), v.unknown.end(), "rx.sensitivity_oma_dbm"), 1);
  EXPECT_EQ(check(devices("400GBASE-DR4"), good(4)).unknown, Names());
}

/// An LR1 transmitter into a DR receiver: its own launch, the receiver's light, the shorter channel.
TEST(Limits, MixedPairs) {
  OpticalReport report = good(1);
  report.lanes[0].measurement->average_power_dbm = 4.6;
  report.lanes[0].measurement->oma_outer_dbm = 4.8;
  report.lanes[0].rx_power_dbm = 4.4;
  report.lanes[0].plant.fibre_loss_db = 3;
  const Verdicts v = check(devices("100GBASE-LR1", "100GBASE-DR"), report);
  EXPECT_EQ(v.failed(), (Names{"channel.insertion_loss_max_db", "rx.avg_power_max_dbm"}));
  EXPECT_NE(v.find("tx.avg_power_max_dbm", max)->source.find("100GBASE-LR1"), std::string::npos);
  EXPECT_NE(v.find("rx.avg_power_max_dbm", max)->source.find("100GBASE-DR"), std::string::npos);
  EXPECT_DOUBLE_EQ(v.find("channel.insertion_loss_max_db", max)->limit, 3.0);
}

TEST(Limits, AValueThatIsTheLimitKeepsIt) {
  OpticalReport report = good(1);
  report.lanes[0].measurement->average_power_dbm = 4.0 + 1e-12;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report)("tx.avg_power_max_dbm", max), "pass");
  report.lanes[0].measurement->average_power_dbm = 4.01;
  EXPECT_EQ(check(devices("400GBASE-DR4"), report)("tx.avg_power_max_dbm", max), "fail");
}

}  // namespace
}  // namespace lightlane::link

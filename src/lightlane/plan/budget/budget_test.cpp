#include "lightlane/plan/budget/budget.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/budget/published.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using catalog::JointKind;

/// A plant of so many dB, and nothing else.
Question loss_only(std::string_view near, std::string_view far, double loss_db) {
  Question q;
  q.near = &catalog::pmd_named(near, "near");
  q.far = &catalog::pmd_named(far, "far");
  const bool multimode = q.near->fibre == catalog::FibreKind::multimode;
  q.segments = {{&fibre_named(multimode ? "OM3" : "G.652.D", "fibre"), 0, 0}};
  q.connectors.emplace();
  q.attenuators_db = loss_db;
  return q;
}

Question plant(std::string_view near, double length_m, double db_per_km, int pairs, double pair_db) {
  Question q;
  q.near = &catalog::pmd_named(near, "near");
  q.segments = {{&fibre_named("G.652.D", "fibre"), length_m, db_per_km}};
  q.connectors = {{{nullptr, pairs, pair_db, std::nullopt}}};
  return q;
}

bool has(const Budget& b, std::string_view code) {
  for (const Reason& reason : b.reasons)
    if (reason.code == code) return true;
  return false;
}

// ---- worked examples

TEST(Budget, W3Lr4AndLr1HaveTheSameMargin) {
  const Budget lr4 = budget(loss_only("100GBASE-LR4", "100GBASE-LR4", 4.0));
  const Budget lr1 = budget(loss_only("100GBASE-LR1", "100GBASE-LR1", 4.0));
  for (int i = 0; i < 2; ++i) {
    EXPECT_NEAR(*lr4.directions[i].available_db, 8.5, 1e-9);
    EXPECT_NEAR(*lr4.directions[i].penalties_db, 2.2, 1e-9);
    EXPECT_NEAR(*lr4.directions[i].margin_db, 2.3, 1e-9);
    EXPECT_NEAR(*lr1.directions[i].available_db, 10.2, 1e-9);
    EXPECT_NEAR(*lr1.directions[i].penalties_db, 3.9, 1e-9);
    EXPECT_NEAR(*lr1.directions[i].margin_db, 2.3, 1e-9);
  }
  for (const char* pmd : {"100GBASE-LR4", "100GBASE-LR1"}) {
    EXPECT_EQ(budget(loss_only(pmd, pmd, 6.3)).verdict, Verdict::pass) << pmd;
    EXPECT_EQ(budget(loss_only(pmd, pmd, 6.31)).verdict, Verdict::fail) << pmd;
  }
}

TEST(Budget, AttenuationBesideTheTableIsCarriedOver) {
  Question q;
  q.near = q.far = catalog::find_pmd("400GBASE-FR4");  // lane 0: 1264.5 to 1277.5 nm; the table has 1310 nm
  q.segments = {{catalog::find_fibre("G.652.D"), 1000, std::nullopt}};
  q.connectors.emplace();
  const double at_1310 = attenuation_db_per_km(*q.segments[0].fibre, 1310, Attenuation::largest)->value;
  const Budget fr4 = budget(q);
  EXPECT_NEAR(fr4.directions[0].lanes[0].loss_db, at_1310 * std::pow(1310 / 1264.5, 4), 1e-9);
  q.near = q.far = catalog::find_pmd("400GBASE-DR4");  // 1304.5 to 1317.5 nm has it within
  EXPECT_NEAR(budget(q).directions[0].lanes[0].loss_db, at_1310, 1e-12);
}

TEST(Budget, W4Dr4Over500m) {
  Question q = plant("400GBASE-DR4", 500, 0.5, 0, 0);
  q.attenuators_db = 2.75;
  Budget b = budget(q);
  EXPECT_NEAR(b.directions[0].loss_db, 3.0, 1e-9);
  EXPECT_NEAR(*b.directions[0].margin_db, 0.0, 1e-9);
  EXPECT_EQ(b.verdict, Verdict::pass);  // on the line
  b = budget(plant("400GBASE-DR4", 500, 0.35, 4, 0.5));
  EXPECT_NEAR(b.directions[0].loss_db, 2.175, 1e-9);
  EXPECT_NEAR(*b.directions[1].margin_db, 0.825, 1e-9);
  EXPECT_EQ(b.verdict, Verdict::pass);
}

TEST(Budget, W5Dr4PowerBudget) {
  const Budget b = budget(loss_only("400GBASE-DR4", "400GBASE-DR4", 0));
  EXPECT_NEAR(*b.directions[0].available_db, 6.5, 1e-9);  // -2.2 + 3.4 + 5.3
  EXPECT_NEAR(*b.directions[0].penalties_db, 3.5, 1e-9);
  EXPECT_NEAR(*b.directions[0].margin_db, 3.0, 1e-9);
  EXPECT_NEAR(*b.directions[0].oma.launch_dbm, 1.2, 1e-9);        // -2.2 + 3.4
  EXPECT_NEAR(*b.directions[0].oma.sensitivity_dbm, -1.9, 1e-9);  // the printed SRS
  EXPECT_EQ(b.directions[0].lanes.size(), 4u);
}

TEST(Budget, W1W2TheGuideAndWhyItDiffers) {
  const PublishedBudget p = published_budget({});
  ASSERT_EQ(p.columns.size(), 2u);
  EXPECT_NEAR(p.columns[0].loss_db, 6.0, 1e-9);
  EXPECT_NEAR(p.columns[0].receive_dbm, -10.3, 1e-9);
  EXPECT_NEAR(p.columns[0].margin_db, 0.3, 1e-9);
  EXPECT_NEAR(p.columns[1].receive_dbm, -7.4, 1e-9);
  EXPECT_NEAR(p.columns[1].margin_db, -0.8, 1e-9);
  EXPECT_NEAR(p.columns[0].margin_without_system_margin_db, 2.3, 1e-9);
  EXPECT_NEAR(p.columns[1].margin_without_system_margin_db, 1.2, 1e-9);
  EXPECT_EQ(p.columns[1].calculator_margin_db, 1.1);
  for (const PublishedColumn& c : p.columns) {
    EXPECT_NEAR(c.correct.directions[0].loss_db, 4.0, 1e-9);
    EXPECT_NEAR(*c.correct.directions[0].margin_db, 2.3, 1e-9);
  }
  EXPECT_GE(p.differences.size(), 4u);
  PublishedPlant bad;
  bad.system_margin_db = -1;
  EXPECT_THROW(published_budget(bad), ConfigError);
  bad = {};
  bad.length_m = -1;
  EXPECT_THROW(published_budget(bad), ConfigError);
}

TEST(Budget, ConnectorsThatFitDr4) {
  const auto verdict = [](double db_per_km, const char* type, int pairs) {
    Question q = plant("400GBASE-DR4", 500, db_per_km, pairs, 0);
    q.connectors = {{{&joint_named(type, "", JointKind::connector), pairs, std::nullopt, std::nullopt}}};
    return budget(q).verdict;
  };
  EXPECT_EQ(verdict(0.4, "mpo-apc", 3), Verdict::pass);
  EXPECT_EQ(verdict(0.4, "mpo-apc", 4), Verdict::fail);
  EXPECT_EQ(verdict(0.4, "mpo-apc-low-loss", 8), Verdict::pass);  // 0.2 + 2.8 = 3.0
  EXPECT_EQ(verdict(0.4, "mpo-apc-low-loss", 9), Verdict::fail);
  EXPECT_EQ(verdict(0.5, "mpo-apc-low-loss", 7), Verdict::pass);
  EXPECT_EQ(verdict(0.5, "mpo-apc-low-loss", 8), Verdict::fail);
}

TEST(Budget, MixedPairs) {
  // DR4 to FR1: -2.2 + 5.9 - 0.4; FR1 to DR4: -1.5 + 5.3 - 0.4.
  const Budget fr1 = budget(loss_only("400GBASE-DR4", "100GBASE-FR1", 0));
  EXPECT_NEAR(*fr1.directions[0].margin_db, 3.3, 1e-9);
  EXPECT_NEAR(*fr1.directions[1].margin_db, 3.4, 1e-9);
  EXPECT_EQ(fr1.rated_reach_m, 500);
  EXPECT_EQ(fr1.verdict, Verdict::pass);
  EXPECT_EQ(budget(loss_only("400GBASE-DR4", "100GBASE-FR1", 3.2)).verdict, Verdict::conditional);
  EXPECT_EQ(budget(loss_only("400GBASE-DR4", "100GBASE-FR1", 3.35)).verdict, Verdict::fail);

  // LR1 may launch 4.8 dBm (MSA 4.5) into 4.0 dBm.
  Budget lr1 = budget(loss_only("400GBASE-DR4", "100GBASE-LR1", 0));
  EXPECT_GE(*lr1.directions[0].overload_margin_db, 0);
  EXPECT_NEAR(*lr1.directions[1].overload_margin_db, -0.8, 1e-9);
  EXPECT_EQ(lr1.verdict, Verdict::conditional);
  EXPECT_TRUE(has(lr1, "OVERLOAD"));
  ASSERT_FALSE(lr1.reasons.empty());
  EXPECT_NE(lr1.reasons[0].cure.find("0.80 dB"), std::string::npos) << lr1.reasons[0].cure;
  EXPECT_EQ(budget(loss_only("400GBASE-DR4", "100GBASE-LR1", 0.8)).verdict, Verdict::pass);
  lr1 = budget(loss_only("400GBASE-DR4", "100G-LR (Lambda MSA)", 0));
  EXPECT_NEAR(*lr1.directions[1].overload_margin_db, -0.5, 1e-9);

  const Budget fr4 = budget(loss_only("400G-FR4 (Lambda MSA r2.0)", "400G-LR4-10", 0));
  EXPECT_NEAR(*fr4.directions[1].overload_margin_db, -1.6, 1e-9);
}

TEST(Budget, OverloadCountsOmaAndAveragePower) {
  catalog::Pmd far = catalog::pmd_named("100GBASE-DR", "far");
  Question q = loss_only("400GBASE-DR4", "100GBASE-DR", 1);
  q.far = &far;
  far.rx.oma_max_dbm->value = 2.5;  // 4.2 arrive, less 1
  EXPECT_NEAR(*budget(q).directions[0].overload_margin_db, -0.7, 1e-9);
  far.rx.avg_power_max_dbm->value = 1.5;  // 4.0 arrive, less 1
  EXPECT_NEAR(*budget(q).directions[0].overload_margin_db, -1.5, 1e-9);
  far.rx.avg_power_max_dbm.reset();
  EXPECT_NEAR(*budget(q).directions[0].overload_margin_db, -0.7, 1e-9);
  far.rx.oma_max_dbm.reset();
  const Budget b = budget(q);
  EXPECT_FALSE(b.directions[0].overload_margin_db);
  EXPECT_TRUE(b.directions[0].margin_db);
  EXPECT_EQ(b.verdict, Verdict::unknown);
  EXPECT_EQ(b.directions[0].unknown.size(), 1u);
}

TEST(Budget, AnAttenuatorThatLeavesNoMarginIsNoCure) {
  catalog::Pmd far = catalog::pmd_named("100GBASE-DR", "far");
  Question q = loss_only("400GBASE-DR4", "100GBASE-DR", 1);
  q.far = &far;
  far.rx.avg_power_max_dbm->value = 0.5;  // 2.5 dB more needed, 2.0 dB of margin left
  const Budget b = budget(q);
  EXPECT_EQ(b.verdict, Verdict::fail);
  EXPECT_TRUE(has(b, "OVERLOAD"));
}

TEST(Budget, PairsThatCannotTalk) {
  const auto codes = [](std::string_view a, std::string_view b) {
    const Budget answer = budget(loss_only(a, b, 0));
    EXPECT_EQ(answer.verdict, Verdict::fail);
    EXPECT_TRUE(answer.directions.empty());
    std::string out;
    for (const Reason& reason : answer.reasons) out += std::string(reason.code) + " ";
    return out;
  };
  EXPECT_EQ(codes("400GBASE-DR4", "100GBASE-LR4").substr(0, 16), "MODULATION BAUD ");
  EXPECT_NE(codes("400GBASE-DR4", "400GBASE-FR4").find("WAVELENGTH"), std::string::npos);
  EXPECT_NE(codes("100GBASE-LR4", "100GBASE-LR1").find("MODULATION"), std::string::npos);
  EXPECT_NE(codes("100GBASE-LR4", "100G-CWDM4").find("WAVELENGTH"), std::string::npos);
  EXPECT_NE(codes("400GBASE-SR8", "400GBASE-DR4").find("MEDIA_KIND"), std::string::npos);
  EXPECT_NE(codes("400GBASE-LR8", "400GBASE-FR4").find("BAUD"), std::string::npos);
}

// ---- identities

TEST(Budget, AtTheChannelsLossTheMarginIsWhatTheStandardLeaves) {
  int closed = 0;
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    const auto& b = pmd.budget;
    if (!b.power_budget_db || !b.penalties_db || !pmd.channel.insertion_loss_max_db) continue;
    const double loss = pmd.channel.insertion_loss_max_db->value;
    const Budget answer = budget(loss_only(pmd.id, pmd.id, loss));
    for (const Direction& d : answer.directions) {
      ASSERT_TRUE(d.available_db && d.penalties_db && d.margin_db) << pmd.id;
      EXPECT_NEAR(*d.available_db, b.power_budget_db->value, 1e-9) << pmd.id;
      EXPECT_NEAR(*d.penalties_db, b.penalties_db->value, 1e-9) << pmd.id;
      EXPECT_NEAR(*d.margin_db, b.power_budget_db->value - b.penalties_db->value - loss, 1e-9) << pmd.id;
      ++closed;
    }
  }
  EXPECT_GE(closed, 40);  // 20 types and more, both ways
}

TEST(Budget, WhateverThePenaltyTheMarginOfOneTypeIsTheSame) {
  // The corner of the transmitter's rule and that of the receiver's are at one TDECQ.
  for (const double tdecq : {0.0, 0.9, 1.4, 2.0, 3.4}) {
    Question q = loss_only("400GBASE-DR4", "400GBASE-DR4", 1.0);
    q.metric_db = tdecq;
    EXPECT_NEAR(*budget(q).directions[0].margin_db, 2.0, 1e-9) << tdecq;
  }
  Question q = loss_only("400GBASE-DR4", "400GBASE-DR4", 1.0);
  q.metric_db = 3.6;
  EXPECT_TRUE(has(budget(q), "TRANSMITTER"));
}

TEST(Budget, SwappingEndsSwapsDirections) {
  int pairs = 0;
  for (const catalog::Pmd& a : catalog::pmds()) {
    for (const catalog::Pmd& b : catalog::pmds()) {
      if (&a == &b || !incompatibilities(a, b).empty() || a.coherent() || a.single_fibre_bidirectional ||
          b.single_fibre_bidirectional)
        continue;
      const Budget one = budget(loss_only(a.id, b.id, 1)), other = budget(loss_only(b.id, a.id, 1));
      ASSERT_EQ(other.directions.size(), 2u);
      for (int i = 0; i < 2; ++i) {
        const Direction &x = one.directions[i], &y = other.directions[1 - i];
        EXPECT_EQ(x.from, y.from);
        EXPECT_EQ(x.margin_db, y.margin_db);
        EXPECT_EQ(x.overload_margin_db, y.overload_margin_db);
        EXPECT_EQ(x.loss_db, y.loss_db);
        EXPECT_EQ(x.limiting_lane, y.limiting_lane);
      }
      EXPECT_EQ(one.verdict, other.verdict) << a.id << " and " << b.id;
      ++pairs;
    }
  }
  EXPECT_GT(pairs, 30);
}

TEST(Budget, EveryTypeAnswersOrNamesWhatIsUnknown) {
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    Question q;
    q.near = &pmd;
    const Budget b = budget(q);
    ASSERT_EQ(b.directions.size(), 2u) << pmd.id;
    EXPECT_FALSE(b.assumed.empty());
    for (const Direction& d : b.directions) {
      EXPECT_EQ(d.margin_db.has_value() && d.overload_margin_db.has_value(), d.unknown.empty()) << pmd.id;
      if (!d.margin_db) {
        EXPECT_TRUE(b.verdict == Verdict::unknown || b.verdict == Verdict::fail) << pmd.id;
        continue;
      }
      // Parts add up, and the limiting lane is the worst.
      double parts = 0;
      for (const Part& part : d.losses) parts += part.db;
      EXPECT_NEAR(parts, d.loss_db, 1e-9) << pmd.id;
      parts = 0;
      for (const Part& part : d.penalties) parts += part.db;
      EXPECT_NEAR(parts, *d.penalties_db, 1e-9) << pmd.id;
      EXPECT_NEAR(*d.available_db - *d.penalties_db - d.loss_db, *d.margin_db, 1e-9) << pmd.id;
      for (const LaneLine& lane : d.lanes) EXPECT_GE(*lane.margin_db, *d.margin_db - 1e-12) << pmd.id;
    }
  }
}

TEST(Budget, UnknownLimitsGiveNoVerdict) {
  const Budget lr8 = budget(loss_only("400GBASE-LR8", "400GBASE-LR8", 3));
  EXPECT_EQ(lr8.verdict, Verdict::unknown);
  EXPECT_FALSE(lr8.directions[0].margin_db);
  ASSERT_FALSE(lr8.directions[0].unknown.empty());
  EXPECT_NE(lr8.directions[0].unknown[0].find("400GBASE-LR8 rx.sensitivity"), std::string::npos);
  EXPECT_FALSE(lr8.reach_m);
  const Budget zr = budget(loss_only("400ZR", "400ZR", 3));
  EXPECT_EQ(zr.verdict, Verdict::unknown);
  ASSERT_EQ(zr.directions[0].unknown.size(), 1u);
  EXPECT_NE(zr.directions[0].unknown[0].find("coherent"), std::string::npos);
}

// ---- fibre

TEST(Budget, ShortWavelengthsLoseMore) {
  Question q;
  q.near = &catalog::pmd_named("400GBASE-FR4", "near");
  q.segments = {{&fibre_named("G.652.D", "fibre"), 2000, std::nullopt}};
  q.attenuation = Attenuation::planning;
  const Direction d = budget(q).directions[0];
  EXPECT_EQ(d.limiting_lane, 0);
  EXPECT_NEAR(d.losses[0].db, 2 * 0.403, 0.001);  // 0.35 dB/km at 1310 nm is 0.403 at 1264.5 nm
  for (std::size_t i = 1; i < d.lanes.size(); ++i) EXPECT_LT(d.lanes[i].loss_db, d.lanes[i - 1].loss_db);
}

TEST(Budget, CoefficientsByKindAndWavelength) {
  const catalog::Fibre& smf = fibre_named("SMF", "fibre");
  EXPECT_DOUBLE_EQ(attenuation_db_per_km(smf, 1310, Attenuation::largest)->value, 0.40);
  EXPECT_DOUBLE_EQ(attenuation_db_per_km(smf, 1310, Attenuation::planning)->value, 0.35);
  EXPECT_DOUBLE_EQ(attenuation_db_per_km(smf, 1310, Attenuation::typical)->value, 0.34);
  EXPECT_DOUBLE_EQ(attenuation_db_per_km(smf, 1550, Attenuation::largest)->value, 0.30);
  EXPECT_NEAR(attenuation_db_per_km(smf, 1264.5, Attenuation::planning)->value, 0.403, 0.0005);
  EXPECT_FALSE(attenuation_db_per_km(smf, 1430, Attenuation::largest));
  EXPECT_FALSE(attenuation_db_per_km(smf, 850, Attenuation::largest));
  // Only the largest is known at 1300 nm: it stands for the others.
  EXPECT_DOUBLE_EQ(attenuation_db_per_km(fibre_named("OM4", "fibre"), 1300, Attenuation::typical)->value,
                   1.5);
  for (const double nm : {845.0, 1271.0, 1311.0, 1340.0, 1550.0}) {
    EXPECT_EQ(attenuation_db_per_km(smf, nm, Attenuation::typical).has_value(),
              smf.typical_attenuation_db_per_km(nm).has_value());
    if (const auto own = smf.typical_attenuation_db_per_km(nm)) {
      EXPECT_DOUBLE_EQ(attenuation_db_per_km(smf, nm, Attenuation::typical)->value, own->value);
    }
  }
}

TEST(Budget, DispersionIsCountedBeyondTheRatedReachOnly) {
  for (const char* pmd : {"400GBASE-DR4", "400GBASE-FR4", "100GBASE-LR1", "100GBASE-LR4"}) {
    Question q;
    q.near = &catalog::pmd_named(pmd, "near");
    const double rated = *rated_reach_m(*q.near, fibre_named("SMF", ""));
    q.segments = {{&fibre_named("SMF", "fibre"), rated, 0.1}};
    const auto dispersion = [&]() -> double {
      const Budget b = budget(q);
      for (const Part& part : b.directions[0].penalties)
        if (part.name == "dispersion") return part.db;
      return NAN;
    };
    EXPECT_EQ(dispersion(), 0) << pmd;
    q.segments[0].length_m = 3 * rated;
    EXPECT_GT(dispersion(), 0) << pmd;
  }
}

TEST(Budget, AtTheReachTheMarginIsUsedUp) {
  for (const char* pmd : {"400GBASE-DR4", "400GBASE-FR4", "100GBASE-LR4", "100GBASE-FR1"}) {
    Question q;
    q.near = &catalog::pmd_named(pmd, "near");
    const Budget b = budget(q);
    ASSERT_TRUE(b.directions[0].reach_m) << pmd;
    q.segments = {{&fibre_named("SMF", "fibre"), *b.directions[0].reach_m, std::nullopt}};
    EXPECT_NEAR(*budget(q).directions[0].margin_db, 0, 1e-6) << pmd;
    EXPECT_LE(*b.reach_m, *b.rated_reach_m);
  }
  Question q = plant("400GBASE-DR4", 100, 0.4, 20, 0.5);
  EXPECT_EQ(budget(q).directions[0].reach_m, 0);
}

TEST(Budget, BeyondTheReach) {
  Budget b = budget(plant("400GBASE-DR4", 800, 0.3, 2, 0.3));
  EXPECT_EQ(b.verdict, Verdict::conditional);
  EXPECT_TRUE(has(b, "REACH"));
  Question q;
  q.near = &catalog::pmd_named("400GBASE-SR8", "near");
  q.segments = {{&fibre_named("OM3", "fibre"), 70, std::nullopt}};
  q.connectors = {{{nullptr, 2, 0.3, std::nullopt}}};
  EXPECT_EQ(budget(q).verdict, Verdict::pass);
  q.segments[0].length_m = 90;  // nothing says what the modes cost
  b = budget(q);
  EXPECT_EQ(b.verdict, Verdict::unknown);
  EXPECT_FALSE(b.directions[0].margin_db);
  ASSERT_FALSE(b.directions[0].unknown.empty());
  EXPECT_NE(b.directions[0].unknown[0].find("modal bandwidth"), std::string::npos);
  q.segments[0].fibre = &fibre_named("OM4", "fibre");
  EXPECT_EQ(budget(q).verdict, Verdict::pass);
}

TEST(Budget, AnUnknownPenaltyDoesNotSaveALinkThatIsShort) {
  // 20 km: 3.75 x 0.2 ps x sqrt(20) = 3.35 ps of DGD, where DR4 is specified up to 2.24 ps.
  Question q = plant("400GBASE-DR4", 20000, 0.4, 2, 0.3);
  Budget b = budget(q);
  EXPECT_EQ(b.verdict, Verdict::fail);
  EXPECT_FALSE(b.directions[0].margin_db);
  EXPECT_LT(*b.directions[0].margin_at_most_db, -5);
  ASSERT_FALSE(b.directions[0].unknown.empty());
  EXPECT_NE(b.directions[0].unknown[0].find("3.35 ps"), std::string::npos) << b.directions[0].unknown[0];
  q.segments[0].attenuation_db_per_km = 0.01;
  b = budget(q);
  EXPECT_EQ(b.verdict, Verdict::unknown);
  EXPECT_NEAR(*b.directions[0].reach_m, 1000 * std::pow(2.24 / 3.75 / 0.2, 2), 1e-6);
}

TEST(Budget, ReflectionsBeyondTheStandard) {
  Question q = plant("400GBASE-DR4", 300, 0.4, 4, 0.25);
  const Budget good = budget(q);
  EXPECT_EQ(good.verdict, Verdict::pass);
  (*q.connectors)[0].reflectance_db = -35;  // the standard allows four of -45 dB
  const Budget bad = budget(q);
  EXPECT_TRUE(has(bad, "REFLECTANCE"));
  EXPECT_LT(*bad.directions[0].margin_db, *good.directions[0].margin_db);
  (*q.connectors)[0].reflectance_db = -45;
  EXPECT_EQ(budget(q).verdict, Verdict::pass);
}

TEST(Budget, AveragePowersClose) {
  // Smallest average receive power = smallest launch less the channel.
  for (const char* pmd :
       {"400GBASE-DR4", "100GBASE-FR1", "100GBASE-LR1", "100GBASE-LR4", "400GBASE-FR4", "400G-LR4-10"}) {
    const double loss = catalog::pmd_named(pmd, "").channel.insertion_loss_max_db->value;
    EXPECT_NEAR(*budget(loss_only(pmd, pmd, loss)).directions[0].average.margin_db, 0, 1e-9) << pmd;
  }
  // OMA of 1.2 dBm at an extinction ratio of 5 dB: 0.5 (R + 1) / (R - 1).
  Question q = loss_only("400GBASE-DR4", "400GBASE-DR4", 0);
  q.extinction_ratio_db = 5;
  const double er = std::pow(10, 0.5);
  EXPECT_NEAR(*budget(q).directions[0].oma.launch_average_dbm, 1.2 + 10 * std::log10((er + 1) / 2 / (er - 1)),
              1e-9);
}

TEST(Budget, LowExtinctionRatiosHaveTheirOwnFloor) {
  Question q = loss_only("100GBASE-DR", "100GBASE-DR", 0);
  q.extinction_ratio_db = 4;  // below 5 dB the floor is -1.9 instead of -2.2 dBm
  EXPECT_NEAR(*budget(q).directions[0].available_db, 6.8, 1e-9);
  q.extinction_ratio_db = 6;
  EXPECT_NEAR(*budget(q).directions[0].available_db, 6.5, 1e-9);
}

// ---- what is assumed, what is wrong

TEST(Budget, AssumesNothingThatWasGiven) {
  const auto mentions = [](const Budget& b, std::string_view what) {
    for (const Assumption& a : b.assumed)
      if (a.what.find(what) != std::string::npos) return true;
    return false;
  };
  Question q;
  q.near = &catalog::pmd_named("400GBASE-DR4", "near");
  const Budget bare = budget(q);
  for (const char* what : {"length", "attenuation", "loss of mpo-apc", "count of mpo-apc", "TDECQ", "ageing"})
    EXPECT_TRUE(mentions(bare, what)) << what;
  q = plant("400GBASE-DR4", 500, 0.4, 2, 0.5);
  q.metric_db = 3.0;
  q.ageing_db = 0.1;
  q.engineering_margin_db = 0.1;
  const Budget full = budget(q);
  for (const char* what : {"length", "attenuation", "loss of", "count of", "TDECQ", "ageing", "engineering"})
    EXPECT_FALSE(mentions(full, what)) << what;
  EXPECT_EQ(full.confidence, catalog::Confidence::likely);  // the sensitivity rule is from memory
}

TEST(Budget, RefusesWhatIsOutOfRange) {
  const auto refused = [](auto change) {
    Question q = plant("400GBASE-DR4", 500, 0.4, 2, 0.5);
    change(q);
    EXPECT_THROW(budget(q), ConfigError);
  };
  refused([](Question& q) { q.segments[0].length_m = -1; });
  refused([](Question& q) { q.segments[0].length_m = NAN; });
  refused([](Question& q) { q.segments[0].length_m = 1e9; });
  refused([](Question& q) { q.segments[0].attenuation_db_per_km = -0.1; });
  refused([](Question& q) { (*q.connectors)[0].count = -1; });
  refused([](Question& q) { (*q.connectors)[0].loss_db = -0.1; });
  refused([](Question& q) { (*q.connectors)[0].reflectance_db = 3; });
  refused([](Question& q) { q.attenuators_db = -1; });
  refused([](Question& q) { q.metric_db = 11; });
  refused([](Question& q) { q.extinction_ratio_db = 0; });
  refused([](Question& q) { q.ageing_db = NAN; });
  refused([](Question& q) { q.engineering_margin_db = -1; });
  refused([](Question& q) { q.segments[0].fibre = &fibre_named("OM4", ""); });
  refused([](Question& q) {
    q.connectors = {
        {{&joint_named("iec-return-loss-1", "", JointKind::connector), 1, std::nullopt, std::nullopt}}};
  });
}

TEST(Budget, RefusesAFibreThatSaysNothingOfTheWavelength) {
  catalog::Attenuation only[1];
  only[0].wavelength_nm = 1550;
  only[0].max_db_per_km.emplace().value = 0.3;
  catalog::Fibre fibre = fibre_named("SMF", "fibre");
  fibre.id = "far infrared";
  fibre.attenuation = only;
  Question q;
  q.near = &catalog::pmd_named("400GBASE-FR4", "near");
  q.segments = {{&fibre, 100, std::nullopt}};
  try {
    budget(q);
    FAIL();
  } catch (const ConfigError& error) {
    EXPECT_NE(std::string(error.what()).find("1271 nm"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("1550"), std::string::npos) << error.what();
  }
  q.segments[0].attenuation_db_per_km = 0.4;  // the question knows
  EXPECT_NEAR(budget(q).directions[0].losses[0].db, 0.04, 1e-12);
}

}  // namespace
}  // namespace lightlane::plan

// Rates (W15 to W19), densities (W6 to W9) and whole comparisons: against hand arithmetic and the catalogue.
#include "lightlane/plan/compare/compare.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/compare/published_performance.hpp"

namespace lightlane::plan {
namespace {

using catalog::FecKind;
using catalog::LineCode;

CompareQuestion of(const std::vector<std::string>& names) {
  CompareQuestion q;
  for (const std::string& name : names) {
    CompareSubject s;
    s.name = name;
    q.subjects.push_back(s);
  }
  return q;
}

TEST(CompareRates, WorkedExamples) {
  EXPECT_NEAR(*line_rate_gbps(100, FecKind::kp4_clause91), 106.25, 1e-12);  // W15
  EXPECT_NEAR(*line_rate_gbps(400, FecKind::kp4_clause119), 425, 1e-12);
  EXPECT_NEAR(8 * 53.125, *line_rate_gbps(400, FecKind::kp4_clause119), 1e-12);
  EXPECT_NEAR(*line_rate_gbps(100, FecKind::none), 103.125, 1e-12);
  EXPECT_NEAR(*line_rate_gbps(100, FecKind::kr4), 103.125, 1e-12);
  EXPECT_FALSE(line_rate_gbps(100, FecKind::other));
  EXPECT_NEAR(symbol_period_ps(25.78125), 38.79, 0.005);  // W16
  EXPECT_NEAR(symbol_period_ps(53.125), 18.82, 0.005);
  EXPECT_NEAR(symbol_period_ps(26.5625), 37.65, 0.005);
  EXPECT_NEAR(receiver_bandwidth_ghz(25.78125), 19.34, 0.005);  // W17
  EXPECT_NEAR(receiver_bandwidth_ghz(53.125), 39.84, 0.005);
  EXPECT_NEAR(level_penalty_electrical_db(4), 9.54, 0.005);  // W18
  EXPECT_NEAR(level_penalty_optical_db(4), 4.77, 0.005);
  EXPECT_EQ(level_penalty_optical_db(2), 0);
  EXPECT_NEAR(code_of(FecKind::kp4_clause119)->rate(), 0.94485, 5e-6);  // W19
  EXPECT_NEAR(code_of(FecKind::kp4_clause91)->overhead(), 0.0584, 5e-5);
  EXPECT_NEAR(code_of(FecKind::kr4)->overhead(), 0.0272, 5e-5);
}

/// Lanes times symbols is the MAC rate with its coding, for every PMD of the catalogue.
TEST(CompareRates, CloseOverTheCatalogue) {
  int closed = 0;
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    const auto line = line_rate_gbps(pmd.rate_gbps, pmd.fec.kind);
    if (!line || pmd.coherent() || pmd.lanes <= 0 || pmd.lane_rate_gbd <= 0) continue;
    EXPECT_NEAR(pmd.lanes * pmd.lane_rate_gbd * bits_per_symbol(pmd.modulation), *line, 1e-9 * *line)
        << pmd.id;
    ++closed;
  }
  EXPECT_GT(closed, 30);
}

TEST(Compare, DensityAndEfficiency) {
  CompareQuestion q = of({"400GBASE-DR4", "100GBASE-LR1"});
  q.subjects[0].power_w = 10;
  q.subjects[1].power_w = 3.5;
  q.cages = 36;
  EXPECT_NEAR(compare(q).types[0].density.capacity_tbps, 14.4, 1e-12);  // W6
  q.cages = 32;
  Comparison c = compare(q);
  EXPECT_NEAR(c.types[0].density.capacity_tbps, 12.8, 1e-12);
  EXPECT_EQ(c.types[0].density.ports_100g, 128);         // W9
  EXPECT_DOUBLE_EQ(*c.types[0].density.typical_w, 320);  // W7
  EXPECT_DOUBLE_EQ(*c.types[0].density.max_w, 384);
  EXPECT_DOUBLE_EQ(*c.types[0].typical_mw_per_gbps, 25);  // W8
  EXPECT_DOUBLE_EQ(*c.types[0].max_mw_per_gbps, 30);
  EXPECT_DOUBLE_EQ(*c.types[1].typical_mw_per_gbps, 35);
  q.cages = 128;
  EXPECT_DOUBLE_EQ(*compare(q).types[1].density.typical_w, 448);
  EXPECT_EQ(c.least_power, 0u);
}

TEST(Compare, CagesOfASwitch) {
  CompareQuestion q = of({"400GBASE-DR4", "100GBASE-LR4"});
  q.host = catalog::find_switch("arista-7060dx4-32");
  ASSERT_NE(q.host, nullptr);
  const Comparison c = compare(q);
  EXPECT_EQ(c.types[0].density.cages, 32);
  EXPECT_NEAR(c.types[0].density.capacity_tbps, 12.8, 1e-12);
  EXPECT_EQ(c.types[1].density.cages, 32);  // QSFP28 fits QSFP-DD
  EXPECT_NEAR(c.types[1].density.capacity_tbps, 3.2, 1e-12);
  q.host = catalog::find_switch("arista-7060px4-32");  // OSFP
  EXPECT_EQ(compare(of({"cisco-qdd-400g-dr4-s"})).types[0].density.cages, 32);
  CompareQuestion dd = of({"cisco-qdd-400g-dr4-s"});
  dd.host = q.host;
  EXPECT_EQ(compare(dd).types[0].density.cages, 0);
}

TEST(Compare, MarginOverTheGuidesPlantIsTheSame) {
  CompareQuestion q = of({"100GBASE-LR4", "100GBASE-LR1"});  // W3
  q.plant.segments = {{nullptr, 10000.0, 0.3}};
  q.plant.connectors = {{Joint{nullptr, 2, 0.4, std::nullopt}}};
  q.plant.splices = {Joint{nullptr, 2, 0.1, std::nullopt}};
  const Comparison c = compare(q);
  EXPECT_NEAR(*c.types[0].margin_db(), 2.3, 1e-9);
  EXPECT_NEAR(*c.types[1].margin_db(), 2.3, 1e-9);
  // Loss grows and margin falls with the length; beyond the reach too.
  for (const ComparedType& t : c.types) {
    double before = INFINITY;
    for (const auto& [length_m, margin_db] : margin_curve(q, t, 15000, 31)) {
      EXPECT_LT(margin_db, before) << t.name << " " << length_m;
      before = margin_db;
    }
    EXPECT_NEAR(margin_curve(q, t, 10000, 11).back().second, 2.3, 1e-9);
  }
}

TEST(Compare, ADegradedSignalLosesItsShare) {
  CompareQuestion q = of({"100GBASE-LR4", "400GBASE-DR4"});
  const Comparison whole = compare(q);
  q.degradation_percent = 20;
  const Comparison less = compare(q);
  EXPECT_NEAR(less.degradation_db, -10 * std::log10(0.8), 1e-12);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(*whole.types[i].margin_db() - *less.types[i].margin_db(), less.degradation_db, 1e-9);
  q.degradation_percent = 100;
  EXPECT_THROW((void)compare(q), ConfigError);
}

TEST(Compare, Delay) {
  CompareQuestion q = of({"100GBASE-LR4", "100GBASE-LR1", "400GBASE-DR4", "400GBASE-FR4"});
  q.plant.segments = {{nullptr, 1000.0, std::nullopt}};
  const Comparison c = compare(q);
  const auto term = [](const ComparedType& t, const std::string& what) {
    for (const DelayTerm& d : t.delay)
      if (d.what == what) return d.ns.value_or(NAN);
    return 0.0;
  };
  for (const ComparedType& t : c.types) EXPECT_NEAR(term(t, "fibre"), 4900, 10) << t.name;  // 4.9 us/km
  EXPECT_EQ(term(c.types[0], "FEC: a codeword arrives"), 0);
  EXPECT_NEAR(term(c.types[1], "FEC: a codeword arrives"), 5440 / 106.25, 1e-9);
  EXPECT_NEAR(term(c.types[2], "FEC: a codeword pair arrives"), 10880 / 425.0, 1e-9);
  // Parallel fibres are not faster than wavelengths on one: the multiplexer is glass.
  EXPECT_NEAR(*c.types[2].delay_ns, *c.types[3].delay_ns, 1e-9);
  EXPECT_EQ(c.least_delay, 0u);  // no FEC, no DSP
}

TEST(Compare, PowerOverTemperature) {
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    const auto curve = power_curve(pmd);
    if (!curve) continue;
    EXPECT_FALSE(curve->source.empty()) << pmd.id;
    double before = 0;
    for (double c = -40; c <= 85; c += 5) {
      EXPECT_GE(curve->at(c), before) << pmd.id;  // no part of ours draws less when hot
      before = curve->at(c);
    }
    EXPECT_GT(curve->at(45), 0.5) << pmd.id;
    if (pmd.power.max_w) {
      EXPECT_LT(curve->at(45), 1.3 * pmd.power.max_w->value) << pmd.id;
    }
  }
  const PowerPart cooler = {"cooler", 0.5, 0.02, 45};
  EXPECT_DOUBLE_EQ(cooler.at(55), 0.7);
  EXPECT_DOUBLE_EQ(cooler.at(0), 0);  // never below
}

TEST(Compare, ModulesOfTwoPortsCountBoth) {
  const catalog::Module* twin = nullptr;
  for (const catalog::Module& m : catalog::modules())
    if (m.ports && m.ports->value == 2 && m.power_max_w) twin = &m;
  ASSERT_NE(twin, nullptr);
  const Comparison c = compare(of({std::string(twin->id)}));
  EXPECT_EQ(c.types[0].rate_gbps, 2 * c.types[0].pmd->rate_gbps);
  EXPECT_EQ(*c.types[0].max_w.value, twin->power_max_w->value);
  EXPECT_NEAR(*c.types[0].max_mw_per_gbps, 1000 * twin->power_max_w->value / c.types[0].rate_gbps, 1e-9);
  EXPECT_FALSE(c.types[0].curve);
}

TEST(Compare, WhatIsUnknownStaysSo) {
  const Comparison c = compare(of({"400GBASE-DR4", "400ZR"}));
  EXPECT_FALSE(c.types[1].margin_db());
  EXPECT_FALSE(c.most_margin);
  EXPECT_FALSE(c.types[0].unit_price);
  EXPECT_FALSE(c.types[0].afr);
  EXPECT_FALSE(c.least_price);
}

TEST(Compare, APlantThatDoesNotSuitIsSaid) {
  CompareQuestion q = of({"400GBASE-DR4", "400GBASE-SR8"});
  q.plant.segments = {{catalog::find_fibre("OM4"), 50.0, std::nullopt}};
  const Comparison c = compare(q);
  EXPECT_FALSE(c.types[0].budget);
  EXPECT_NE(c.types[0].no_budget.find("OM4"), std::string::npos);
  EXPECT_TRUE(c.types[1].budget);
  ASSERT_FALSE(c.reasons.empty());
  EXPECT_EQ(c.reasons[0].code, "PLANT");
}

TEST(Compare, EveryPairOfTheCatalogueIsAnswered) {
  for (const catalog::Pmd& pmd : catalog::pmds()) {
    try {
      const Comparison c = compare(of({std::string(pmd.id), "400GBASE-DR4"}));
      EXPECT_EQ(c.types[0].pmd, &pmd);
      EXPECT_GT(c.length_m, 0);
    } catch (const ConfigError& error) {
      ADD_FAILURE() << pmd.id << ": " << error.what();
    }
  }
  for (const catalog::Module& m : catalog::modules())
    EXPECT_EQ(compare(of({std::string(m.id), "400GBASE-DR4"})).types[0].module, &m);
}

TEST(Compare, Reliability) {
  CompareQuestion q = of({"100GBASE-LR4"});
  q.subjects[0].fit = 137;
  q.years = 5;
  const ComparedType t = compare(q).types[0];
  EXPECT_NEAR(*t.afr, 0.0012, 1e-6);
  EXPECT_NEAR(*t.survival, std::exp(-137e-9 * 5 * 8760), 1e-12);
}

TEST(Compare, RangesAreNamed) {
  const auto refused = [](const CompareQuestion& q) { EXPECT_THROW((void)compare(q), ConfigError); };
  refused({});
  refused(of({"no-such"}));
  CompareQuestion q = of({"400GBASE-DR4"});
  q.case_temperature_c = 200;
  refused(q);
  q = of({"400GBASE-DR4"});
  q.cages = 0;
  refused(q);
  q = of({"400GBASE-DR4"});
  q.subjects[0].unit_price = -1;
  refused(q);
}

TEST(PublishedPerformance, Calculator2) {
  const PublishedPerformance p = published_performance(25, 0, 5);
  EXPECT_EQ(p.columns[0].power_w, 4.2);
  EXPECT_EQ(p.columns[1].power_w, 3.5);
  EXPECT_EQ(p.columns[0].reliability_percent, 95);
  EXPECT_EQ(p.columns[1].reliability_percent, 97);
  EXPECT_NEAR(p.columns[0].survival_percent, 100 * std::pow(1 - 0.0012, 5), 1e-9);
  EXPECT_EQ(p.checks.size(), 8u);
  int differs = 0;
  for (const GuideCheck& c : p.checks) {
    differs += c.fit == GuideFit::differs;
    EXPECT_FALSE(c.why.empty()) << c.what;
  }
  EXPECT_EQ(differs, 4);  // power and latency of LR4, both reliabilities
}

}  // namespace
}  // namespace lightlane::plan

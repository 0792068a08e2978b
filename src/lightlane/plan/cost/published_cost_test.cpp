// The guide's calculators and case studies: its figures, and what its inputs give (rows 71 to 80 of its
// claims).
#include "lightlane/plan/cost/published_cost.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

const GuideCheck& check_of(const PublishedCost& cost, const std::string& what, const std::string& unit = "") {
  for (const GuideCheck& c : cost.checks)
    if (c.what == what && (unit.empty() || c.unit == unit)) return c;
  ADD_FAILURE() << what;
  static const GuideCheck none;
  return none;
}

TEST(PublishedCost, CalculatorsAtTheirDefaults) {
  const PublishedCost p = published_cost({});
  EXPECT_NEAR(p.totals[0].total, 125000, 1e-6);
  EXPECT_NEAR(p.totals[1].total, 92000, 1e-6);
  EXPECT_NEAR(p.saving, 33000, 1e-6);
  EXPECT_NEAR(p.saving_percent, 26.4, 1e-9);
  EXPECT_NEAR(p.totals[0].hidden_cost_per_port, 1228, 0.5);
  EXPECT_NEAR(p.totals[1].hidden_cost_per_port, 902, 0.5);
  EXPECT_NEAR(p.model.alternatives[0].total, 67207.52, 1e-6);
  EXPECT_NEAR(p.model.alternatives[1].total, 46839.60, 1e-6);
  EXPECT_EQ(p.migration_ports, 750);
  EXPECT_NEAR(p.migration_ports_reckoned, 746.5, 0.05);
  EXPECT_EQ(p.migration_saving_kwh, 1200);
  EXPECT_NEAR(p.migration_saving_kwh_reckoned, 1226.4, 1e-9);
}

TEST(PublishedCost, EveryCheck) {
  const PublishedCost p = published_cost({});
  const struct {
    const char *what, *unit;
    double published, reckoned, tolerance;
    GuideFit fit;
  } rows[] = {
      {"calculator 3: total of LR4", "$", 125000, 67207.52, 1e-6, GuideFit::differs},
      {"calculator 3: total of LR1", "$", 92000, 46839.60, 1e-6, GuideFit::differs},
      {"calculator 3: saving", "$", 33000, 20367.92, 1e-6, GuideFit::differs},
      {"calculator 3: saving, of its own totals", "%", 26, 26.4, 1e-9, GuideFit::rounded},
      {"calculator 4: ports in year 5", "", 750, 746.496, 1e-9, GuideFit::rounded},
      {"calculator 4: saving a year", "kWh", 1200, 1226.4, 1e-9, GuideFit::rounded},
      {"case 1: modules", "", 500, 1000, 0, GuideFit::differs},
      {"case 1: power saved", "W", 350, 350, 1e-9, GuideFit::exact},
      {"case 1: energy saved \"annually\"", "kWh", 15330, 3066, 1e-9, GuideFit::differs},
      {"case 1: energy saved in 5 years", "kWh", 15330, 15330, 1e-8, GuideFit::exact},
      {"case 1: its price in 5 years", "$", 1840, 1839.60, 1e-8, GuideFit::rounded},
      {"case 1: capital saved", "%", 35, 30.8, 0.05, GuideFit::differs},
      {"case 1: power saved", "%", 18, 16.7, 0.05, GuideFit::differs},
      {"case 2: availability", "%", 99.999, 99.995, 0, GuideFit::differs},
      {"case 2: loss on LR4 \"within specification\"", "dB", 7, 6.3, 1e-12, GuideFit::differs},
      {"case 3: saving", "$", 400000, 400000, 0, GuideFit::exact},
      {"case 3: saving", "%", 40, 30.8, 0.05, GuideFit::differs},
      {"case 3: growth in 24 months", "%", 45, 96, 1e-9, GuideFit::differs},
  };
  EXPECT_EQ(p.checks.size(), std::size(rows));
  for (const auto& row : rows) {
    const GuideCheck& c = check_of(p, row.what, row.unit);
    EXPECT_EQ(c.published, row.published) << row.what;
    EXPECT_NEAR(c.reckoned, row.reckoned, row.tolerance) << row.what;
    EXPECT_EQ(c.fit, row.fit) << row.what;
    if (row.fit == GuideFit::differs) {
      EXPECT_FALSE(c.why.empty()) << row.what;
    }
  }
  EXPECT_NE(check_of(p, "case 2: availability").why.find("26.3"), std::string::npos);
  EXPECT_NE(check_of(p, "case 2: availability").why.find("5.3"), std::string::npos);
  EXPECT_NE(check_of(p, "case 3: growth in 24 months").why.find("2667"), std::string::npos);
  EXPECT_NE(check_of(p, "case 1: capital saved").why.find("325000 and 225000"), std::string::npos);
}

TEST(PublishedCost, OtherInputsScale) {
  PublishedCostInputs in;
  in.ports = 200;
  const PublishedCost p = published_cost(in);
  EXPECT_NEAR(p.totals[0].total, 250000, 1e-6);
  EXPECT_NEAR(p.model.alternatives[1].total, 2 * 46839.60, 1e-6);
  in = {};
  in.growth_percent = 0;
  EXPECT_EQ(published_cost(in).migration_ports_reckoned, 300);
  in.growth_percent = -100;
  EXPECT_THROW(published_cost(in), ConfigError);
  in = {};
  in.ports = -1;
  EXPECT_THROW(published_cost(in), ConfigError);
}

TEST(PublishedGuide, ComponentPowers) {
  const Guide& g = published_guide();
  EXPECT_NEAR(g.modules[0].component_power_low_w, 3.9, 1e-12);
  EXPECT_NEAR(g.modules[0].component_power_high_w, 4.4, 1e-12);
  EXPECT_NEAR(g.modules[1].component_power_low_w, 3.5, 1e-12);
  EXPECT_NEAR(g.modules[1].component_power_high_w, 3.8, 1e-12);
  EXPECT_EQ(g.confidence, "unverified");
  EXPECT_EQ(g.source, "published guide");
}

}  // namespace
}  // namespace lightlane::plan

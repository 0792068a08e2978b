// Delay and power, term by term: sums, and closed forms of the terms.

#include "lightlane/link/latency.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "lightlane/link/optical_link.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {
namespace {

OpticalReport report_of(const std::vector<std::string>& assignments) {
  const Scenario scenario = build_scenario("", assignments, "", true);
  const Structure& structure = structure_of(scenario);
  return optical_report(scenario, structure, OpticalLink(scenario, structure), false);
}

double term(const OpticalReport& report, std::string_view what) {
  double ns = 0;
  for (const LatencyTerm& t : report.latency) {
    if (t.what.find(what) != std::string::npos) ns += t.ns;
  }
  return ns;
}

double sum(const std::vector<LatencyTerm>& terms) {
  return std::accumulate(terms.begin(), terms.end(), 0.0, [](double s, const LatencyTerm& t) { return s + t.ns; });
}

TEST(Latency, FibreIsFiveMicrosecondsForEachKilometre) {
  const OpticalReport report = report_of({"link.pmd=400GBASE-DR4"});
  EXPECT_NEAR(term(report, "fibre"), 500 * 4.9, 500 * 0.005);  // group index 1.467 to 1.468
  EXPECT_NEAR(term(report_of({"link.pmd=400GBASE-DR4", "plant.length_m=0"}), "fibre"), 0, 1e-9);
  EXPECT_DOUBLE_EQ(report.latency_ns, sum(report.latency));
}

/// 544 symbols of 10 bits at the rate of the line; two codewords together at 400G.
TEST(Latency, BlocksOfTheCode) {
  const OpticalReport dr4 = report_of({"link.pmd=400GBASE-DR4"});
  EXPECT_NEAR(term(dr4, "codeword pair arrives"), 2 * 5440 / 425.0, 1e-9);
  EXPECT_NEAR(2 * 5440 / 425.0, 25.6, 1e-12);
  const OpticalReport dr1 = report_of({"link.pmd=100GBASE-DR"});
  EXPECT_NEAR(term(dr1, "codeword arrives"), 51.2, 1e-9);
  EXPECT_NEAR(term(dr1, "decoding"), 51.2, 1e-9);
  const OpticalReport cwdm4 = report_of({"link.pmd=100G-CWDM4"});
  EXPECT_NEAR(term(cwdm4, "codeword arrives"), 5280 / 103.125, 1e-9);
}

/// What PAM4 and its FEC cost: the question of 100GBASE-LR4 against 100GBASE-LR1, over the same fibre.
TEST(Latency, Lr4AgainstLr1) {
  const OpticalReport lr4 = report_of({"link.pmd=100GBASE-LR4"}), lr1 = report_of({"link.pmd=100GBASE-LR1"});
  EXPECT_EQ(term(lr4, "FEC"), 0) << "without FEC there is nothing to wait for";
  EXPECT_NEAR(term(lr1, "FEC"), 2 * 51.2, 1e-9);
  EXPECT_NEAR(term(lr4, "fibre"), term(lr1, "fibre"), 1e-9);
  const double dsp4 = term(lr4, "sending module") + term(lr4, "receiving module");
  const double dsp1 = term(lr1, "sending module") + term(lr1, "receiving module");
  EXPECT_LT(dsp4, 10) << "clock recoveries, no DSP";
  EXPECT_GT(dsp1, 50);
  EXPECT_NEAR(lr1.latency_ns - lr4.latency_ns, dsp1 - dsp4 + 2 * 51.2, 1e-9) << "the terms are the whole difference";
  for (const LatencyTerm& t : lr1.latency) EXPECT_FALSE(t.basis.empty()) << t.what;
}

TEST(ModulePower, ComponentsAddUpAndFollowTheTemperature) {
  const OpticalReport cool = report_of({"link.pmd=400GBASE-FR4"}), hot = report_of({"link.pmd=400GBASE-FR4", "environment.case_temperature_c=70"});
  double w = 0;
  for (const PowerTerm& t : cool.module_power) w += t.w;
  EXPECT_DOUBLE_EQ(cool.module_power_w, w);
  EXPECT_GT(hot.module_power_w, cool.module_power_w + 0.5) << "coolers first";
  const catalog::ModulePower& known = catalog::find_pmd("400GBASE-FR4")->power;
  EXPECT_LT(hot.module_power_w, known.max_w->value);
  EXPECT_NEAR(cool.module_power_w, known.typical_w->value, 0.25 * known.typical_w->value);
}

/// Typical modules of every type draw what the catalogue says of their kind, roughly.
TEST(ModulePower, OfEveryTypeIsBelowItsClass) {
  for (const char* pmd : {"400GBASE-DR4", "400GBASE-FR4", "400GBASE-LR8", "400GBASE-SR8", "400GBASE-SR4", "100GBASE-DR", "100GBASE-LR1",
                          "100GBASE-LR4", "100G-CWDM4", "100GBASE-SR4"}) {
    const OpticalReport report = report_of({std::string("link.pmd=") + pmd});
    const catalog::ModulePower& known = catalog::find_pmd(pmd)->power;
    EXPECT_LT(report.module_power_w, known.max_w ? known.max_w->value : 100) << pmd;
    EXPECT_GT(report.module_power_w, 0.8) << pmd;
  }
}

}  // namespace
}  // namespace lightlane::link

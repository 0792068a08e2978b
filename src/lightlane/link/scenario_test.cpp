#include <gtest/gtest.h>

#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {
namespace {

std::string error_of(std::string_view text) {
  Scenario scenario;
  try {
    read_toml(text, "x.toml", scenario);
    validate(scenario);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Scenario, PmdAloneIsAWholeScenario) {
  Scenario scenario;
  read_toml("[link]\npmd = \"100GBASE-DR\"\n", "x.toml", scenario);
  validate(scenario);
  EXPECT_EQ(structure_of(scenario).name, "100g-1lane");
}

TEST(Scenario, PrintedConfigurationReadsBackTheSame) {
  Scenario scenario;
  for (const char* text : {"plant.length_m=2000", "errors.ber=2.4e-4", "errors.model=bursts", "errors.burst_continuation=0.5",
                           "phy.skew_bits=[1, 2, 3]", "errors.lane_ber=[1e-3, 0]", "phy.precoding=true",
                           "traffic.capture=a \"b\\ c.pcap", "run.seed=42"}) {
    assign(text, scenario);
  }
  scenario.events.push_back({"skew_step", 3, 12.5, 0, -7, 1});
  const std::string text = to_toml(scenario);
  Scenario again;
  read_toml(text, "printed", again);
  EXPECT_EQ(to_toml(again), text);
  EXPECT_EQ(again.phy.skew_bits, scenario.phy.skew_bits);
  EXPECT_EQ(again.traffic.capture, "a \"b\\ c.pcap");
  EXPECT_EQ(again.errors.ber, 2.4e-4);
  ASSERT_EQ(again.events.size(), 1u);
  EXPECT_EQ(again.events[0].bits, -7);
}

TEST(Scenario, PortsAreTheWholeWithChanges) {
  Scenario scenario;
  read_toml("[link]\npmd = \"400GBASE-DR4\"\nbreakout = \"4x100g\"\n[errors]\nmodel = \"symbols\"\nber = 1e-5\n"
            "[[ports]]\n[[ports]]\nphy.tx_clock_ppm = 80\nerrors.ber = 1e-3\n[[ports.events]]\nkind = \"cut\"\ntime_us = 9\n",
            "x.toml", scenario);
  ASSERT_EQ(scenario.ports.size(), 2u);
  EXPECT_EQ(scenario.ports[0].errors.ber, 1e-5);
  EXPECT_EQ(scenario.ports[1].errors.ber, 1e-3);
  EXPECT_EQ(scenario.ports[1].errors.model, "symbols");
  EXPECT_EQ(scenario.ports[1].events.size(), 1u);
  Scenario again;
  read_toml(to_toml(scenario), "printed", again);
  EXPECT_EQ(to_toml(again), to_toml(scenario));
  assign("run.seed=9", scenario);
  EXPECT_EQ(scenario.ports[1].run.seed, 9);
}

TEST(Scenario, ErrorsNameLineKeyValueAndRange) {
  EXPECT_EQ(error_of("[plant]\nlength_m = -5\n"),
            "x.toml: line 2: plant.length_m: is -5; allowed: a number from 0 to 200000 m");
  EXPECT_EQ(error_of("[plant]\nlenght_m = 5\n"),
            "x.toml: line 2: plant.lenght_m: is no key of a scenario (did you mean plant.length_m?)");
  EXPECT_NE(error_of("[plant]\nlength_m = \"5 km\"\n").find("is \"5 km\""), std::string::npos);
  EXPECT_NE(error_of("[run]\nseed = 1.5\n").find("an integer from 0"), std::string::npos);
  EXPECT_NE(error_of("[errors]\nmodel = \"magic\"\n").find("none, symbols, bursts"), std::string::npos);
  EXPECT_NE(error_of("[plant\n").find("x.toml: line 1"), std::string::npos);
  EXPECT_NE(error_of("[errors]\nmodel = \"symbols\"\nber = 1e-3\nburst_continuation = 0.3\n").find("is 0.3 with errors.model"),
            std::string::npos);
  EXPECT_NE(error_of("[errors]\nmodel = \"awgn\"\nber = 1e-3\n").find("errors.ber: is 0.001 with errors.model"),
            std::string::npos);
  EXPECT_NE(error_of("[errors]\nlane_ber = [0, 0, 0, 1e-3]\n").find("errors.lane_ber: is given"), std::string::npos);
  EXPECT_NE(error_of("[phy]\nlane_order = [0, 1, 1]\n").find("is no permutation"), std::string::npos);
  EXPECT_NE(error_of("[phy]\nskew_bits = [1, 2]\n").find("has 2 values"), std::string::npos);
  EXPECT_NE(error_of("[link]\npmd = \"400GBASE-XR\"\n").find("400GBASE-DR4"), std::string::npos);
  EXPECT_NE(error_of("[[events]]\nkind = \"cut\"\nlane = 4\n").find("0 to 3"), std::string::npos);
  EXPECT_NE(error_of("# \u0432\n[run]\n\u0432 = 1\n").find("x.toml: line 3"), std::string::npos);
  EXPECT_EQ(error_of("\xef\xbb\xbf[traffic] # \u0432\ncapture = \"\u0432 \\\" '.pcap\"\n"), "");
  EXPECT_NE(error_of("[[events]]\nlane = 1\n").find("events.kind: is missing"), std::string::npos);
}

TEST(Structure, RatesCloseWithTheStandard) {
  // 802.3: 425 Gb/s on the lanes of a KP4 400G PHY, 53.125 GBd on each of four PAM4 lanes; 25.78125 GBd NRZ.
  EXPECT_EQ(structure_by_name("400g-4lane", "x").symbol_rate_gbd(), Rational(53125, 1000));
  EXPECT_EQ(structure_by_name("400g-8lane", "x").symbol_rate_gbd(), Rational(265625, 10000));
  EXPECT_EQ(structure_by_name("100g-1lane", "x").symbol_rate_gbd(), Rational(53125, 1000));
  EXPECT_EQ(structure_by_name("100g-4lane", "x").symbol_rate_gbd(), Rational(2578125, 100000));
  EXPECT_EQ(structure_by_name("100g-4lane-nofec", "x").symbol_rate_gbd(), Rational(2578125, 100000));
  for (const Structure& s : structures()) {
    EXPECT_EQ(s.pcs_lanes % s.line_lanes, 0) << s.name;
    const Rational line = s.lane_rate_gbps * Rational(s.pcs_lanes);
    const Rational expected = s.fec() == nullptr ? Rational(s.rate_gbps) * Rational(66, 64)
                                                 : Rational(s.rate_gbps) * Rational(257, 256) * Rational(s.fec()->n, 514);
    EXPECT_EQ(line, expected) << s.name;
  }
}

}  // namespace
}  // namespace lightlane::link

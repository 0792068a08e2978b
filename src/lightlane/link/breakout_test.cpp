// Ports of a breakout, each a PHY of its own.
#include "lightlane/link/breakout.hpp"

#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/phy_test_tools.hpp"

namespace lightlane::link {
namespace {

using namespace test;

constexpr const char* four = "[link]\nbreakout = \"4x100g\"\n";
constexpr const char* two = "[link]\nbreakout = \"2x200g\"\n";

std::string error_of(const std::string& text) {
  try {
    validate(scenario_of(text));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(Breakout, PortsTakeTheirShareOfTheModule) {
  const Scenario scenario =
      scenario_of(std::string(four) +
                  "[errors]\nlane_ber = [0.1, 0.2, 0.25, 0.3]\n"
                  "[phy]\nskew_bits = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]\n"
                  "lane_order = [1,0,2,3, 7,6,5,4, 8,9,10,11, 12,13,15,14]\n"
                  "[[events]]\nkind = \"cut\"\nlane = 2\n[[events]]\nkind = \"bit_slip\"\nlane = 13\n");
  const std::vector<Scenario> ports = ports_of(scenario);
  ASSERT_EQ(ports.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(structure_of(ports[i]).name, "100g-1lane");
    EXPECT_EQ(ports[i].place.port, i);
    EXPECT_EQ(ports[i].place.first_lane, i);
    EXPECT_EQ(ports[i].phy.skew_bits[0], static_cast<std::int64_t>(4 * i));
  }
  EXPECT_EQ(ports[2].errors.lane_ber, std::vector<double>{0.25});
  EXPECT_EQ(ports[1].phy.lane_order, (std::vector<std::int64_t>{3, 2, 1, 0}));
  EXPECT_TRUE(ports[0].events.empty());
  ASSERT_EQ(ports[2].events.size(), 1u);
  EXPECT_EQ(ports[2].events[0].lane, 0);
  ASSERT_EQ(ports[3].events.size(), 1u);
  EXPECT_EQ(ports[3].events[0].lane, 1);
}

TEST(Breakout, TwoPortsOfTwoLanes) {
  const std::vector<Scenario> ports =
      ports_of(scenario_of(std::string(two) + "[errors]\nlane_ber = [0.1, 0.2, 0.25, 0.3]\n"));
  ASSERT_EQ(ports.size(), 2u);
  EXPECT_EQ(structure_of(ports[1]).name, "200g-2lane");
  EXPECT_EQ(ports[1].place.first_lane, 2u);
  EXPECT_EQ(ports[1].errors.lane_ber, (std::vector<double>{0.25, 0.3}));
}

TEST(Breakout, WhatDoesNotFitIsRefused) {
  EXPECT_NE(error_of("[link]\npmd = \"100GBASE-DR\"\nbreakout = \"4x100g\"\n").find("link.breakout"),
            std::string::npos);
  EXPECT_NE(error_of(std::string(four) + "[[ports]]\n[[ports]]\n").find("has 2 tables"), std::string::npos);
  EXPECT_NE(error_of("[[ports]]\n").find("link.breakout"), std::string::npos);
  EXPECT_NE(error_of(std::string(four) + "[phy]\nlane_order = [4,1,2,3,0,5,6,7,8,9,10,11,12,13,14,15]\n")
                .find("share no lanes"),
            std::string::npos);
  EXPECT_NE(error_of(std::string(four) + "[[events]]\nkind = \"cut\"\nlane = 4\n").find("events.lane"),
            std::string::npos);
  EXPECT_NE(
      error_of(std::string(four) + "[[ports]]\n[[ports]]\n[[ports]]\n[[ports]]\nphy.skew_bits = [1, 2]\n")
          .find("port 3: phy.skew_bits"),
      std::string::npos);
  EXPECT_NE(
      error_of(std::string(four) + "[[ports]]\n[[ports]]\n[[ports]]\n[[ports]]\nlink.pmd = \"100GBASE-DR\"\n")
          .find("port 3"),
      std::string::npos);
  EXPECT_NE(error_of("[reverse]\nerrors.ber = 0.1\n").find("link.duplex"), std::string::npos);
  EXPECT_NE(error_of("[link]\nduplex = true\n[reverse]\nphy.tx_clock_ppm = 1.0\n")
                .find("a clock belongs to a side"),
            std::string::npos);
}

TEST(Breakout, PrintedConfigurationReadsBackTheSame) {
  const std::string text =
      std::string(four) +
      "duplex = true\n[[events]]\nkind = \"cut\"\nlane = 3\ntime_us = 5\n[reverse]\nerrors.ber = 0.01\n"
      "[[reverse.events]]\nkind = \"cut\"\nlane = 1\n"
      "[[ports]]\nphy.tx_clock_ppm = 50.0\n[[ports]]\nevents = []\n[[ports]]\n[ports.reverse]\nerrors.ber = "
      "0.02\n"
      "[[ports]]\n[[ports.events]]\nkind = \"cut\"\nlane = 0\n";
  const Scenario scenario = scenario_of(text);
  validate(scenario);
  Scenario again;
  read_toml(to_toml(scenario), "printed", again);
  EXPECT_EQ(to_toml(again), to_toml(scenario));
  const auto a = ports_of(scenario), b = ports_of(again);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(a[i].events.size(), i == 3 ? 1u : 0u);
    EXPECT_EQ(b[i].events.size(), a[i].events.size());
    const Scenario reverse = reverse_of(a[i]), reverse_again = reverse_of(b[i]);
    EXPECT_EQ(reverse.events.size(), i == 1 ? 1u : 0u);
    EXPECT_EQ(reverse_again.events.size(), reverse.events.size());
    EXPECT_EQ(reverse.errors.ber, i == 2 ? 0.02 : 0.01);
    EXPECT_EQ(reverse_again.errors.ber, reverse.errors.ber);
    EXPECT_EQ(reverse.phy.rx_clock_ppm, i == 0 ? 50.0 : 0.0);
  }
}

/// Ports with clocks, skews and error ratios of their own.
std::string varied(const std::string& failing) {
  return std::string(four) +
         "[errors]\nmodel = \"symbols\"\nber = 1e-4\n[traffic]\nframes = 120\n"
         "[[ports]]\nphy.tx_clock_ppm = 100.0\nphy.rx_clock_ppm = -100.0\n[[ports]]\nphy.skew_bits = [0, 40, "
         "3, 700]\n" +
         failing + "[[ports]]\nerrors.ber = 2e-4\n[[ports]]\n";
}

TEST(Breakout, EveryPortHasItsOwnClocksSkewsAndErrors) {
  const PhyRunReport all = run_all(scenario_of(varied("")));
  ASSERT_EQ(all.ports.size(), 4u);
  EXPECT_TRUE(all.pass());
  for (const PhyReport& port : all.ports) {
    expect_clean(port);
    EXPECT_GT(port.fec->counters.corrected_symbols, 100u);
  }
  EXPECT_EQ(all.ports[1].receive.lanes.size(), 4u);
  for (const ReceivedLane& lane : all.ports[1].receive.lanes) {
    EXPECT_EQ(lane.skew_bits,
              (std::vector<std::uint64_t>{0, 40, 3, 700})[static_cast<std::size_t>(lane.pcs_lane)]);
  }
  EXPECT_LT(all.ports[0].mac_receive.words, all.ports[0].transmit.words - 50);
  EXPECT_NEAR(all.ports[2].lanes[0].ber, 2e-4, 1e-5);
  EXPECT_NEAR(all.ports[3].lanes[0].ber, 1e-4, 1e-5);
  EXPECT_NE(digest(all.ports[3].lanes), digest(all.ports[1].lanes));
}

TEST(Breakout, OneFailingLaneLeavesTheOthersUntouched) {
  const PhyRunReport good = run_all(scenario_of(varied("")));
  for (const char* failing :
       {"errors.ber = 0.02\n", "[[ports.events]]\nkind = \"cut\"\nlane = 0\ntime_us = 240\n"}) {
    const PhyRunReport bad = run_all(scenario_of(varied(failing)));
    EXPECT_FALSE(bad.pass());
    EXPECT_GT(bad.ports[1].frames.lost, 0u);
    expect_honest(bad.ports[1]);
    for (const std::size_t i : {0u, 2u, 3u})
      EXPECT_EQ(digest(bad.ports[i]), digest(good.ports[i])) << failing << i;
  }
}

TEST(Breakout, ThreadsChangeNothing) {
  const Scenario scenario = scenario_of(varied(""));
  std::string expected;
  for (const unsigned count : {1u, 2u, 4u}) {
    set_threads(count);
    std::string all;
    for (const PhyReport& port : run_all(scenario).ports) all += digest(port);
    if (expected.empty()) expected = all;
    EXPECT_EQ(all, expected) << count << " threads";
  }
  set_threads(0);
}

TEST(Breakout, TwoByTwoHundred) {
  const PhyRunReport all = run_all(
      scenario_of(std::string(two) + "[errors]\nmodel = \"symbols\"\nlane_ber = [1e-4, 1e-4, 2e-2, 1e-5]\n"));
  ASSERT_EQ(all.ports.size(), 2u);
  expect_clean(all.ports[0]);
  expect_honest(all.ports[1]);
  EXPECT_EQ(all.ports[1].frames.delivered, 0u);
}

TEST(Breakout, EveryPortAndDirectionHasItsOwnPayload) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::uint8_t>> first;
  for (std::uint32_t port = 0; port < 4; ++port) first[{port, 0}] = first[{port, 1}] = {};
  PhyRun run(scenario_of(std::string(four) + "duplex = true\n[traffic]\nframes = 3\n"), false,
             [&](const Scenario::Place& place) -> Street::Delivered {
               return [&octets = first.at({place.port, place.direction})](const signal::Frames& frames) {
                 octets.insert(octets.end(), frames.octets.begin(), frames.octets.end());
               };
             });
  while (run.step()) {
  }
  run.finish();
  for (const auto& [place, octets] : first) {
    EXPECT_GT(octets.size(), 3 * 9000u);
    for (const auto& [other, its] : first) EXPECT_EQ(octets == its, place == other);
  }
}

TEST(Breakout, NoTwoLanesDrawTheSame) {
  std::set<std::uint32_t> taken;
  const auto take = [&](std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t lane = first; lane < first + count; ++lane) EXPECT_TRUE(taken.insert(lane).second) << lane;
  };
  for (Scenario port : ports_of(scenario_of(std::string(four) + "duplex = true\n"))) {
    for (const Scenario& direction : {port, reverse_of(port)}) {
      take(first_line_lane(direction), 1);
      take(first_host_lane(direction, HostEnd::sender), 2);
      take(first_host_lane(direction, HostEnd::receiver), 2);
    }
  }
  EXPECT_EQ(taken.size(), 4u * 2 * 5);
}

/// A port draws what its lane of the whole module draws.
TEST(Breakout, LineErrorsAreThoseOfTheWholeModulesLanes) {
  Scenario whole = on("400g-4lane", 20);
  whole.errors.model = "symbols";
  whole.errors.ber = 1e-4;
  const Scenario broken = scenario_of(std::string(two) + "[errors]\nmodel = \"symbols\"\nber = 1e-4\n");
  const pma::SymbolErrorsConfig a = symbol_errors(whole, structure_of(whole), nullptr);
  const Scenario port = ports_of(broken)[1];
  const pma::SymbolErrorsConfig b = symbol_errors(port, structure_of(port), nullptr);
  signal::SymbolLanes all(4), share(2);
  for (auto* lanes : {&all, &share}) {
    for (auto& lane : lanes->lanes) lane.levels.resize(200000);
  }
  pma::SymbolErrors(a).process(all);
  pma::SymbolErrors(b).process(share);
  EXPECT_TRUE(share[0].levels == all[2].levels);
  EXPECT_TRUE(share[1].levels == all[3].levels);
  EXPECT_FALSE(share[0].levels == all[0].levels);
}

}  // namespace
}  // namespace lightlane::link

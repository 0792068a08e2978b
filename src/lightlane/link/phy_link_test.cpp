// Both directions of a link, and what each tells the other.
#include "lightlane/link/phy_link.hpp"

#include "lightlane/base/parallel.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/phy_test_tools.hpp"

namespace lightlane::link {
namespace {

using namespace test;

Scenario duplex(std::string_view structure, std::int64_t frames) {
  Scenario scenario = on(structure, frames);
  scenario.link.duplex = true;
  return scenario;
}

TEST(PhyLink, BothDirectionsRunWithTheirOwnStreamsAndSwappedClocks) {
  for (const std::string_view name : {"400g-4lane", "100g-1lane", "100g-4lane-nofec"}) {
    Scenario scenario = duplex(name, 100);
    scenario.phy.tx_clock_ppm = 100;
    scenario.phy.rx_clock_ppm = -100;
    scenario.errors.model = "symbols";
    scenario.errors.ber = structure_of(scenario).fec() == nullptr ? 0 : 1e-5;
    const PhyReport report = run(scenario);
    expect_clean(report);
    ASSERT_EQ(report.reverse.size(), 1u);
    const PhyReport& reverse = report.reverse[0];
    expect_clean(reverse);
    EXPECT_EQ(reverse.scenario.phy.tx_clock_ppm, -100);
    EXPECT_LT(report.mac_receive.words, report.transmit.words);
    EXPECT_GT(reverse.mac_receive.words, reverse.transmit.words);
    EXPECT_EQ(report.mac_receive.link_fault, ethernet::LinkFault::ok);
    EXPECT_EQ(reverse.mac_receive.link_fault, ethernet::LinkFault::ok);
    // Until both were aligned each side told the other that it was not.
    EXPECT_GT(report.mac_receive.remote_fault_sets + reverse.mac_receive.remote_fault_sets, 0u);
    if (scenario.errors.ber > 0) {
      EXPECT_NE(digest(report.lanes), digest(reverse.lanes));
    }
  }
}

void cut_on(std::string_view name, double time_us, std::int64_t frames) {
  Scenario scenario = duplex(name, frames);
  scenario.events = {{"cut", 0, time_us, 40, 1, 1}};
  const PhyReport report = run(scenario);
  ASSERT_EQ(report.reverse.size(), 1u);
  const PhyReport& reverse = report.reverse[0];
  expect_honest(report);
  expect_honest(reverse);
  // Side B lost its lanes, sent remote fault instead of frames; side A saw that, and sent idle instead of
  // frames.
  EXPECT_GE(report.receive.losses, 1u) << name;
  EXPECT_GE(report.receive.alignments, 2u) << name;
  EXPECT_GT(report.mac_receive.local_fault_sets, 0u) << name;
  EXPECT_EQ(reverse.receive.losses, 0u) << name;
  EXPECT_GT(reverse.mac_receive.remote_fault_sets, 1000u) << name;
  EXPECT_GE(reverse.mac_receive.link_fault_changes, 2u) << name;
  EXPECT_GT(report.frames.inhibited, 0u) << name;
  EXPECT_GT(reverse.frames.inhibited, 0u) << name;
  // Nothing was cut on the way back: all that was sent arrived.
  EXPECT_EQ(reverse.frames.lost, 0u) << name;
  EXPECT_GT(report.frames.lost, 0u) << name;
  // And it came back.
  EXPECT_TRUE(report.receive.align_status) << name;
  EXPECT_EQ(report.mac_receive.link_fault, ethernet::LinkFault::ok) << name;
  EXPECT_EQ(reverse.mac_receive.link_fault, ethernet::LinkFault::ok) << name;
  EXPECT_EQ(report.frames.sent + report.frames.inhibited, static_cast<std::uint64_t>(frames)) << name;
  EXPECT_EQ(reverse.frames.sent + reverse.frames.inhibited, static_cast<std::uint64_t>(frames)) << name;
  ASSERT_FALSE(report.lost.empty());
  EXPECT_LT(report.lost.back().sequence, static_cast<std::uint64_t>(frames) - 1) << name;
  EXPECT_FALSE(report.pass());
}

TEST(PhyLink, CutTellsTheFarEndAndBothRecover) {
  cut_on("400g-4lane", 160, 3000);
  cut_on("100g-1lane", 500, 2500);
}
TEST(PhyLinkSlow, CutTellsTheFarEndAndBothRecover) {
  cut_on("400g-8lane", 160, 3000);
  cut_on("200g-2lane", 300, 2500);
  cut_on("100g-4lane", 500, 2500);
  cut_on("100g-4lane-nofec", 500, 2500);
}

TEST(PhyLink, DirectionThatStaysDarkEndsTheRun) {
  Scenario scenario = duplex("400g-4lane", 200);
  scenario.events = {{"cut", 0, 0, 0, 1, 1}};
  const PhyReport report = run(scenario);
  EXPECT_FALSE(report.receive.align_status);
  EXPECT_EQ(report.frames.inhibited, 200u);
  EXPECT_EQ(report.reverse[0].frames.inhibited, 200u);
  EXPECT_TRUE(report.reverse[0].receive.align_status);
  EXPECT_EQ(report.reverse[0].mac_receive.link_fault, ethernet::LinkFault::remote_fault);
}

TEST(PhyLink, ShortDirectionGoesOnSpeakingForTheLongOne) {
  // The direction that is cut has long sent all its frames; the other one hears of the cut all the same.
  for (const bool forward_is_short : {true, false}) {
    Scenario scenario = duplex("400g-4lane", 2000);
    scenario.reverse = {scenario};
    Scenario& shorter = forward_is_short ? scenario : scenario.reverse[0];
    shorter.traffic.frames = 20;
    shorter.events = {{"cut", 1, 250, 20, 1, 1}};
    const PhyReport report = run(scenario);
    const PhyReport& cut = forward_is_short ? report : report.reverse[0];
    const PhyReport& other = forward_is_short ? report.reverse[0] : report;
    EXPECT_EQ(cut.frames.delivered, 20u);
    EXPECT_EQ(cut.frames.inhibited, 0u);
    EXPECT_GE(cut.receive.losses, 1u);
    EXPECT_GT(other.frames.inhibited, 0u);
    EXPECT_GT(other.frames.delivered, 0u);
    EXPECT_EQ(other.frames.lost, 0u);
  }
}

TEST(PhyLink, DegradeIsToldByTheStatusBits) {
  Scenario scenario = duplex("400g-4lane", 4000);
  scenario.phy.degrade_enable = true;
  scenario.phy.degrade_interval_codewords = 1024;
  scenario.phy.degrade_activate_threshold = 100;
  scenario.phy.degrade_deactivate_threshold = 50;
  const PhyReport good = run(scenario);
  EXPECT_FALSE(good.receive.received.remote_degraded);
  EXPECT_FALSE(good.reverse[0].receive.received.remote_degraded);
  // Only the forward line has errors: its receiver is degraded, and says so on the way back.
  scenario.errors.model = "symbols";
  scenario.reverse = {scenario};
  scenario.errors.ber = 1e-4;
  const PhyReport report = run(scenario);
  expect_clean(report);
  expect_clean(report.reverse[0]);
  EXPECT_TRUE(report.receive.degraded);
  EXPECT_FALSE(report.reverse[0].receive.degraded);
  EXPECT_TRUE(report.reverse[0].receive.received.remote_degraded);
  EXPECT_FALSE(report.receive.received.remote_degraded);
  EXPECT_FALSE(report.reverse[0].receive.received.local_degraded);
}

TEST(PhyLink, ThreadsChangeNothing) {
  Scenario scenario = duplex("400g-4lane", 1000);
  scenario.errors.model = "symbols";
  scenario.errors.ber = 3e-4;
  scenario.events = {{"cut", 3, 150, 10, 1, 1}};
  std::string expected;
  for (const unsigned count : {1u, 2u, 4u}) {
    set_threads(count);
    const std::string text = digest(run(scenario));
    if (expected.empty()) expected = text;
    EXPECT_EQ(text, expected) << count << " threads";
  }
  set_threads(0);
}

TEST(PhyLink, PortsOfABreakoutMayBeDuplex) {
  Scenario scenario = scenario_of(
      "[link]\nbreakout = \"4x100g\"\nduplex = true\n[traffic]\nframes = 60\n"
      "[[reverse.events]]\nkind = \"cut\"\nlane = 2\ntime_us = 0\n");
  const PhyRunReport all = run_all(scenario);
  ASSERT_EQ(all.ports.size(), 4u);
  for (const std::size_t i : {0u, 1u, 3u}) {
    expect_clean(all.ports[i]);
    expect_clean(all.ports[i].reverse.at(0));
  }
  EXPECT_EQ(all.ports[2].frames.inhibited, 60u);
  EXPECT_FALSE(all.ports[2].reverse.at(0).receive.align_status);
  EXPECT_FALSE(all.pass());
}

}  // namespace
}  // namespace lightlane::link

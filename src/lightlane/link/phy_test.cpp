// Whole PHYs of every structure, one direction: what goes in comes out, and what is done to the line is seen.
#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/phy_test_tools.hpp"

namespace lightlane::link {
namespace {

using namespace test;

class EveryStructure : public testing::TestWithParam<std::string_view> {};

std::string name_of(const testing::TestParamInfo<std::string_view>& info) {
  std::string name(info.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::vector<std::string_view> all_structures() {
  std::vector<std::string_view> names;
  for (const Structure& structure : structures()) names.push_back(structure.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Structures, EveryStructure, testing::ValuesIn(all_structures()), name_of);
class EveryStructureSlow : public EveryStructure {};
INSTANTIATE_TEST_SUITE_P(Structures, EveryStructureSlow, testing::ValuesIn(all_structures()), name_of);

/// 180 ns in bits of a PCS lane, rounded down: clause 119, KP4, KR4 and clause 82 lanes (facts, section 0).
std::int64_t skew_limit(const Structure& structure) {
  return (structure.lane_rate_gbps * Rational(180)).floor_times(1);
}

TEST_P(EveryStructure, FindsOrderAndSkewAndLosesNothing) {
  Scenario scenario = on(GetParam(), 100);
  const Structure& structure = structure_of(scenario);
  scenario.phy.lane_order = shuffled(structure.pcs_lanes, 7);
  scenario.phy.line_order = shuffled(structure.line_lanes, 8);
  scenario.phy.skew_bits = numbers(structure.pcs_lanes, skew_limit(structure), 9);
  scenario.phy.skew_bits[0] = 0;
  scenario.phy.skew_bits[1] = skew_limit(structure);
  const PhyReport report = run(scenario);
  expect_clean(report);
  ASSERT_EQ(report.receive.lanes.size(), static_cast<std::size_t>(structure.pcs_lanes));
  std::vector<int> seen;
  for (const ReceivedLane& lane : report.receive.lanes) {
    ASSERT_TRUE(lane.locked);
    seen.push_back(lane.pcs_lane);
    EXPECT_EQ(static_cast<std::int64_t>(lane.skew_bits),
              scenario.phy.skew_bits[static_cast<std::size_t>(lane.pcs_lane)]);
    EXPECT_EQ(lane.marker_errors + lane.losses + lane.bip_errors, 0u);
  }
  // Lanes of one line lane come out together: the multiplexer's groups, in the order of the wires.
  const auto share = static_cast<std::size_t>(structure.pcs_lanes_per_line_lane());
  for (std::size_t line = 0; line < scenario.phy.line_order.size(); ++line) {
    const auto from = static_cast<std::size_t>(scenario.phy.line_order[line]) * share;
    std::vector<int> sent(scenario.phy.lane_order.begin() + static_cast<std::ptrdiff_t>(from),
                          scenario.phy.lane_order.begin() + static_cast<std::ptrdiff_t>(from + share));
    std::vector<int> received(seen.begin() + static_cast<std::ptrdiff_t>(line * share),
                              seen.begin() + static_cast<std::ptrdiff_t>((line + 1) * share));
    std::sort(sent.begin(), sent.end());
    std::sort(received.begin(), received.end());
    EXPECT_EQ(received, sent) << "line lane " << line;
  }
}

TEST(Phy, LaneOrderFoundIsThatOfTheMultiplexers) {
  // 16 -> 8 -> 4: an optical lane is a0 c0 b0 d0 of host lanes (a, b) and (c, d).
  const PhyReport report = run(on("400g-4lane", 10));
  const std::vector<int> expected = {0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(report.receive.lanes[i].pcs_lane, expected[i]);
}

TEST(Phy, TooMuchSkewIsNoAlignment) {
  for (const std::string_view name : {"400g-4lane", "200g-2lane", "100g-1lane", "100g-4lane-nofec"}) {
    Scenario scenario = on(name, 20);
    const Structure& structure = structure_of(scenario);
    scenario.phy.skew_bits.assign(static_cast<std::size_t>(structure.pcs_lanes), 0);
    scenario.phy.skew_bits[2] = skew_limit(structure) + 300;
    const PhyReport report = run(scenario);
    expect_honest(report);
    EXPECT_FALSE(report.receive.align_status) << name;
    EXPECT_EQ(report.receive.alignments, 0u) << name;
    EXPECT_EQ(report.frames.delivered, 0u) << name;
    EXPECT_EQ(report.frames.lost, 20u) << name;
    EXPECT_GT(report.receive.local_fault_words, 0u) << name;
    EXPECT_EQ(report.mac_receive.link_fault, ethernet::LinkFault::local_fault) << name;
  }
}

/// Long enough after an event for all lanes to lose and to find their markers again.
Scenario with_event(std::string_view structure_name, Event event) {
  Scenario scenario = on(structure_name, 0);
  const Structure& structure = structure_of(scenario);
  scenario.traffic.frames = structure.rate_gbps == 100 ? 2800 : structure.rate_gbps * 9;
  event.time_us = structure.rate_gbps == 100 ? 500 : 280;
  scenario.events = {event};
  return scenario;
}

void expect_relock(const PhyReport& report, std::string_view what) {
  expect_honest(report);
  EXPECT_GE(report.receive.losses, 1u) << report.structure << ' ' << what;
  EXPECT_GE(report.receive.alignments, 2u) << report.structure << ' ' << what;
  EXPECT_TRUE(report.receive.align_status) << report.structure << ' ' << what;
  EXPECT_EQ(report.mac_receive.link_fault, ethernet::LinkFault::ok) << report.structure << ' ' << what;
  EXPECT_GT(report.frames.lost, 0u) << report.structure << ' ' << what;
  EXPECT_GT(report.frames.delivered, report.frames.sent / 10) << report.structure << ' ' << what;
  // The last frame sent is not among the lost ones.
  ASSERT_FALSE(report.lost.empty());
  EXPECT_LT(report.lost.back().sequence, report.frames.sent - 1) << report.structure << ' ' << what;
}

void skew_step_on(std::string_view name) {
  Scenario scenario = with_event(name, {"skew_step", 1, 0, 0, 41, 1});
  const PhyReport report = run(scenario);
  expect_relock(report, "skew step");
  for (const ReceivedLane& lane : report.receive.lanes) {
    EXPECT_EQ(lane.skew_bits, lane.pcs_lane == 1 ? 41u : 0u) << name;
  }
}

void bit_slips_on(std::string_view name) {
  for (const std::int64_t bits : {1, -1}) {
    const PhyReport report = run(with_event(name, {"bit_slip", 0, 0, 0, bits, 1}));
    expect_relock(report, "bit slip");
    const auto lane_of = [&](int pcs_lane) {
      return std::find_if(report.receive.lanes.begin(), report.receive.lanes.end(),
                          [&](const ReceivedLane& lane) { return lane.pcs_lane == pcs_lane; });
    };
    EXPECT_EQ(lane_of(0)->skew_bits, bits > 0 ? 1u : 0u) << name;
    EXPECT_EQ(lane_of(1)->skew_bits, bits > 0 ? 0u : 1u) << name;
  }
}

void cut_on(std::string_view name) {
  const PhyReport report = run(with_event(name, {"cut", 0, 0, 30, 1, 1}));
  expect_relock(report, "cut");
  EXPECT_GT(report.lanes[0].symbol_errors, 0u);
  for (std::size_t lane = 1; lane < report.lanes.size(); ++lane)
    EXPECT_EQ(report.lanes[lane].symbol_errors, 0u);
}

TEST(PhyEvents, SkewStepLosesLockAndRelocks) { skew_step_on("400g-4lane"); }
TEST(PhyEvents, BitSlipLosesLockAndRelocks) { bit_slips_on("100g-4lane-nofec"); }
TEST(PhyEvents, CutLosesLockAndRelocks) { cut_on("100g-1lane"); }
TEST_P(EveryStructureSlow, EventsLoseLockAndRelock) {
  skew_step_on(GetParam());
  bit_slips_on(GetParam());
  cut_on(GetParam());
}

TEST(PhyEvents, ListedErrorsHitWhatTheyName) {
  Scenario scenario = on("400g-4lane", 200);
  Event event{"errors", 2, 130, 0, 1, 3};
  scenario.events = {event};
  const PhyReport report = run(scenario);
  expect_clean(report);
  EXPECT_EQ(report.lanes[2].symbol_errors, 3u);
  EXPECT_EQ(report.fec->counters.corrected_bits, 3u);
}

void clocks_on(std::string_view name, double tx, double rx, std::int64_t frames) {
  Scenario scenario = on(name, frames);
  scenario.traffic.frame_octets = 16384;
  scenario.phy.tx_clock_ppm = tx;
  scenario.phy.rx_clock_ppm = rx;
  const PhyReport report = run(scenario);
  expect_clean(report);
  // Over the traffic alone: words at the receiver over words at the sender, beside the markers' share.
  const double words = static_cast<double>(report.transmit.words);
  const double gain = static_cast<double>(report.mac_receive.words) / words - 1;
  EXPECT_NEAR(gain * 1e6, rx - tx, 5.0 + 300 / words * 1e6) << name;
}

TEST(PhyClocks, TwoHundredPpmAndMinimumGapsLoseNothing) {
  clocks_on("400g-4lane", 100, -100, 700);
  clocks_on("400g-4lane", -100, 100, 700);
  clocks_on("100g-1lane", 100, -100, 300);
}
TEST_P(EveryStructureSlow, TwoHundredPpmAndMinimumGapsLoseNothing) {
  clocks_on(GetParam(), 100, -100, 3000);
  clocks_on(GetParam(), -100, 100, 3000);
}

TEST(Phy, PrecodingGoesThroughAndCorrects) {
  for (const std::string_view name : {"400g-4lane", "100g-2lane"}) {
    Scenario scenario = on(name, 100);
    scenario.phy.precoding = true;
    scenario.errors.model = "bursts";
    scenario.errors.ber = 1e-5;
    scenario.errors.burst_continuation = 0.5;
    const PhyReport report = run(scenario);
    expect_clean(report);
    EXPECT_GT(report.fec->counters.corrected_symbols, 0u);
  }
}

TEST(Phy, ErrorIndicationBypassIsGuardedByHiSer) {
  for (const std::string_view name : {"400g-4lane", "100g-1lane"}) {
    Scenario scenario = on(name, name[0] == '4' ? 2500 : 1500);
    scenario.errors.model = "symbols";
    scenario.errors.ber = 3e-4;
    EXPECT_EQ(run(scenario).receive.hi_ser_events, 0u) << name;
    scenario.phy.error_indication_bypass = true;
    const PhyReport report = run(scenario);
    expect_honest(report);
    EXPECT_TRUE(report.receive.hi_ser) << name;
    EXPECT_GE(report.receive.hi_ser_events, 1u) << name;
    EXPECT_GT(report.frames.lost, 0u) << name;
    EXPECT_GT(report.frames.delivered, 0u) << name;
  }
}

TEST(Phy, KeptFcsErrorsAreNotDeliveries) {
  Scenario scenario = on("100g-4lane-nofec", 1000);
  scenario.errors.model = "symbols";
  scenario.errors.ber = 1e-6;
  scenario.traffic.keep_fcs_errors = true;
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GT(report.frames.fcs_errors, 0u);
  EXPECT_GT(report.frames.delivered, 0u);
  std::uint64_t bip = 0;
  for (const ReceivedLane& lane : report.receive.lanes) bip += lane.bip_errors;
  EXPECT_GT(bip, 0u);
}

void high_ber_on(std::string_view name, double ber, std::int64_t frames = 3000) {
  Scenario scenario = on(name, frames);
  scenario.traffic.frame_octets = 1518;
  scenario.errors.model = "symbols";
  scenario.errors.ber = ber;
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GT(report.frames.lost, 0u) << name << ' ' << ber;
  EXPECT_GT(report.fec->counters.uncorrectable_codewords, 0u) << name << ' ' << ber;
  if (report.receive.restarts > 0)
    return;  // then codewords that were never looked at are missing from the ratio
  EXPECT_GT(*report.fec->codeword_error_ratio_predicted,
            0.7 * report.fec->codeword_error_ratio_interval.lower);
  EXPECT_LT(*report.fec->codeword_error_ratio_predicted,
            1.4 * report.fec->codeword_error_ratio_interval.upper);
}

TEST(PhyHighBer, FramesAreLostAndNoneIsWrong) {
  high_ber_on("400g-4lane", 2e-3);
  high_ber_on("100g-1lane", 2e-3);
}
TEST_P(EveryStructureSlow, HighBerLosesFramesAndNoneIsWrong) {
  Scenario scenario = on(GetParam(), 1);
  if (structure_of(scenario).fec() == nullptr) GTEST_SKIP() << "no FEC";
  const bool kr4 = structure_of(scenario).coding == Coding::clause91_kr4;
  high_ber_on(GetParam(), kr4 ? 5e-4 : 1e-3, 30000);
  high_ber_on(GetParam(), 2e-3);
  high_ber_on(GetParam(), 1e-2);
}

/// A run that has something of everything.
Scenario eventful(std::string_view name, std::int64_t frames) {
  Scenario scenario = on(name, frames);
  const Structure& structure = structure_of(scenario);
  scenario.phy.tx_clock_ppm = 60;
  scenario.phy.rx_clock_ppm = -40;
  scenario.phy.skew_bits = numbers(structure.pcs_lanes, 500, 3);
  scenario.errors.model = "symbols";
  scenario.errors.ber = structure.fec() == nullptr                 ? 1e-7
                        : structure.coding == Coding::clause91_kr4 ? 5e-5
                                                                   : 5e-4;
  scenario.events = {{"cut", 0, structure.rate_gbps == 100 ? 480.0 : 240.0, 2, 1, 1}};
  return scenario;
}

std::vector<Variant> supported_variants() {
  std::vector<Variant> list;
  for (const Variant variant : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    if (variant <= supported_variant()) list.push_back(variant);
  }
  return list;
}

void same_with_all_threads_and_variants(const Scenario& scenario, bool with_ref) {
  const std::string expected = digest(run(scenario));
  for (const unsigned count : {1u, 2u}) {
    set_threads(count);
    EXPECT_EQ(digest(run(scenario)), expected) << count << " threads";
  }
  set_threads(0);
  for (const Variant variant : supported_variants()) {
    if (variant == Variant::ref && !with_ref) continue;
    force_variant(variant);
    EXPECT_EQ(digest(run(scenario)), expected) << name(variant);
  }
  force_variant(supported_variant());
}

TEST(Phy, ThreadsAndVariantsChangeNothing) {
  same_with_all_threads_and_variants(eventful("400g-4lane", 200), false);
  same_with_all_threads_and_variants(eventful("100g-1lane", 50), false);
}
TEST_P(EveryStructureSlow, ThreadsAndVariantsChangeNothing) {
  same_with_all_threads_and_variants(eventful(GetParam(), 500), true);
}

TEST(Phy, AnotherSeedIsAnotherRun) {
  Scenario scenario = eventful("400g-4lane", 100);
  const std::string first = digest(run(scenario));
  EXPECT_EQ(digest(run(scenario)), first);
  scenario.run.seed = 2;
  EXPECT_NE(digest(run(scenario)), first);
}

}  // namespace
}  // namespace lightlane::link

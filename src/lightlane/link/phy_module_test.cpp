// KP4 inside the modules, and host lanes with errors of their own.
#include "lightlane/link/phy_module.hpp"

#include <numeric>

#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/phy_test_tools.hpp"

namespace lightlane::link {
namespace {

using namespace test;

Scenario in_module(std::string_view structure, std::int64_t frames) {
  Scenario scenario = on(structure, frames);
  scenario.link.fec_placement = "module";
  return scenario;
}

std::uint64_t bit_errors(const std::vector<LaneResult>& lanes) {
  return std::accumulate(lanes.begin(), lanes.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const LaneResult& lane) { return sum + lane.bit_errors; });
}

std::uint64_t bip_errors(const HostReport& host) {
  return std::accumulate(host.pcs_lanes.begin(), host.pcs_lanes.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const ReceivedLane& lane) { return sum + lane.bip_errors; });
}

TEST(PhyModule, CleanRunLosesNothingAndFindsTheLinesLanes) {
  for (const std::string_view name : {"100g-1lane", "100g-2lane"}) {
    Scenario scenario = in_module(name, 50);
    scenario.phy.lane_order = {2, 0, 3, 1};
    scenario.phy.skew_bits = {0, 4000, 17, 300};
    scenario.phy.tx_clock_ppm = 100;
    scenario.phy.rx_clock_ppm = -100;
    const PhyReport report = run(scenario);
    expect_clean(report);
    ASSERT_EQ(report.receive.lanes.size(), 4u);
    for (const ReceivedLane& lane : report.receive.lanes) {
      EXPECT_EQ(static_cast<std::int64_t>(lane.skew_bits),
                scenario.phy.skew_bits[static_cast<std::size_t>(lane.pcs_lane)]);
    }
    for (const HostReport* host : {&report.transmit.host, &report.receive.host}) {
      EXPECT_TRUE(host->align_status);
      EXPECT_EQ(host->alignments, 1u);
      EXPECT_EQ(host->pcs_lanes.size(), 20u);
      EXPECT_EQ(bip_errors(*host), 0u);
    }
  }
}

TEST(PhyModule, LineErrorsAreCorrectedInTheModule) {
  Scenario scenario = in_module("100g-1lane", 200);
  scenario.errors.model = "symbols";
  scenario.errors.ber = 2e-4;
  const PhyReport report = run(scenario);
  expect_clean(report);
  EXPECT_GT(report.fec->counters.corrected_symbols, 1000u);
  EXPECT_EQ(bip_errors(report.receive.host), 0u);
}

TEST(PhyModule, HostErrorsAreUnprotectedAndParityCountsThemEndToEnd) {
  Scenario scenario = in_module("100g-1lane", 4000);
  scenario.phy.host_ber = 2e-8;
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GT(report.frames.lost, 0u);
  EXPECT_EQ(report.fec->counters.corrected_symbols, 0u);
  ASSERT_EQ(report.sender_host_lanes.size(), 4u);
  const std::uint64_t sender = bit_errors(report.sender_host_lanes),
                      receiver = bit_errors(report.receiver_host_lanes);
  EXPECT_GT(sender, 2u);
  EXPECT_GT(receiver, 2u);
  // So few that no two meet in one parity bit. Those before alignment and behind the last marker are not
  // counted.
  const std::uint64_t in_sender_module = bip_errors(report.transmit.host),
                      at_receiver = bip_errors(report.receive.host);
  EXPECT_GT(in_sender_module, 0u);
  EXPECT_LE(in_sender_module, sender);
  EXPECT_GE(at_receiver, in_sender_module / 2);
  EXPECT_GT(at_receiver, 0u);
  EXPECT_LE(at_receiver, sender + receiver);
}

/// Four frames of 2040 words with little idle between them: of control blocks the transcoder drops a nibble,
/// which mends or spreads some errors.
signal::MiiWords long_frames(std::uint64_t position) {
  signal::MiiWords words;
  words.first_index = position;
  for (int frame = 0; frame < 4; ++frame) {
    words.push(0xd5555555555555fbu, 0x01);
    for (int i = 0; i < 2038; ++i) words.push(0x0123456789abcdefu, 0);
    words.push(0x07070707070707fdu, 0xff);
    words.push_idle(8);
  }
  return words;
}

/// BIP errors by PCS lane.
std::vector<std::uint64_t> parity(const HostReport& host) {
  std::vector<std::uint64_t> lanes(20);
  for (const ReceivedLane& lane : host.pcs_lanes) {
    if (lane.pcs_lane >= 0) lanes[static_cast<std::size_t>(lane.pcs_lane)] = lane.bip_errors;
  }
  return lanes;
}

TEST(PhyModule, SenderSideParityReachesTheFarHost) {
  // Errors only between the sending host and its module, and no line errors: what that module sees in the
  // parity of a marker period the far host sees too, lane by lane. Seeds whose errors hit no sync header,
  // which would make four error blocks of it.
  for (const std::int64_t seed : {1, 4}) {
    Scenario scenario = in_module("100g-1lane", 0);
    scenario.run.seed = seed;
    const Structure& structure = structure_of(scenario);
    PhyReceiveModule receive(scenario, structure, host_lanes(scenario, structure));
    scenario.phy.host_ber = 2e-7;
    PhyTransmitModule transmit(scenario, structure, host_lanes(scenario, structure));
    std::uint64_t position = 0;
    const auto send_until = [&](std::uint64_t end) {
      while (position < end) {
        const signal::MiiWords words = long_frames(position);
        position += words.size();
        signal::SymbolLanes symbols;
        signal::MiiWords received;
        transmit.process(words, symbols);
        if (symbols.size() > 0) receive.process(symbols, received);
      }
    };
    // Half way between markers, so that both ends have counted as many of them.
    constexpr std::uint64_t period = 327680;
    send_until(6 * period + period / 2);
    ASSERT_TRUE(receive.align_status());
    const auto near_before = parity(transmit.report().host), far_before = parity(receive.report().host);
    send_until(11 * period + period / 2);
    const auto near = parity(transmit.report().host), far = parity(receive.report().host);
    std::uint64_t all = 0;
    for (std::size_t lane = 0; lane < 20; ++lane) {
      all += near[lane] - near_before[lane];
      EXPECT_EQ(far[lane] - far_before[lane], near[lane] - near_before[lane]) << "lane " << lane;
    }
    EXPECT_GT(all, 10u);
  }
}

TEST(PhyModule, UncorrectableCodewordsDamageWhatTheyTouch) {
  Scenario scenario = in_module("100g-2lane", 3000);
  scenario.traffic.frame_octets = 1518;
  scenario.errors.model = "symbols";
  scenario.errors.ber = 1.3e-3;
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GT(report.fec->counters.uncorrectable_codewords, 3u);
  EXPECT_GT(report.frames.lost, report.fec->counters.uncorrectable_codewords / 2);
  EXPECT_GT(report.frames.delivered, 0u);
}

TEST(PhyModule, FewBadCodewordsAreNoHiBer) {
  // Of each the module marks 12 blocks; eight of them in 500 us stay below the 97 headers of hi_ber.
  Scenario scenario = in_module("100g-1lane", 3000);
  scenario.traffic.frame_octets = 1518;
  scenario.errors.model = "symbols";
  scenario.errors.ber = 1.15e-3;
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GT(report.fec->counters.uncorrectable_codewords, 5u);
  EXPECT_LT(report.fec->counters.uncorrectable_codewords, 16u);
  EXPECT_EQ(report.receive.hi_ber_events, 0u);
  EXPECT_GT(report.frames.delivered, 2900u);
}

TEST(PhyModule, CutLineIsSeenByTheFarHostAndComesBack) {
  Scenario scenario = in_module("100g-1lane", 4500);
  scenario.events = {{"cut", 0, 1150, 60, 1, 1}};
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GE(report.receive.losses, 1u);
  EXPECT_GE(report.receive.host.losses, 1u);
  EXPECT_GE(report.receive.host.alignments, 2u);
  EXPECT_EQ(report.transmit.host.alignments, 1u);
  EXPECT_TRUE(report.receive.align_status);
  EXPECT_GT(report.frames.lost, 0u);
  EXPECT_GT(report.frames.delivered, 0u);
  EXPECT_EQ(report.mac_receive.link_fault, ethernet::LinkFault::ok);
}

/// Errors of the host lanes in front of and behind the line's, with KP4 in the host.
TEST(PhyHostLanes, KP4InTheHostCorrectsThem) {
  for (const Structure& structure : structures()) {
    if (structure.fec() == nullptr) continue;
    Scenario scenario = on(structure.name, 100);
    scenario.phy.lane_order = shuffled(structure.pcs_lanes, 5);
    scenario.phy.host_ber = 1e-5;
    const PhyReport report = run(scenario);
    expect_clean(report);
    EXPECT_EQ(report.sender_host_lanes.size(), static_cast<std::size_t>(structure.host_lanes));
    EXPECT_EQ(bit_errors(report.lanes), 0u);
    EXPECT_GT(bit_errors(report.sender_host_lanes), 100u);
    EXPECT_GT(bit_errors(report.receiver_host_lanes), 100u);
    const double all =
        static_cast<double>(bit_errors(report.sender_host_lanes) + bit_errors(report.receiver_host_lanes));
    // The decoder sees those since alignment.
    EXPECT_GT(static_cast<double>(report.fec->counters.corrected_bits), 0.1 * all) << structure.name;
    EXPECT_LT(static_cast<double>(report.fec->counters.corrected_bits), all) << structure.name;
    EXPECT_NE(digest(report.sender_host_lanes), digest(report.receiver_host_lanes));
  }
}

TEST(PhyHostLanes, TwoStepsOfMultiplexingAreOneWithoutErrors) {
  for (const Structure& structure : structures()) {
    Scenario scenario = on(structure.name, 50);
    scenario.phy.lane_order = shuffled(structure.pcs_lanes, 6);
    scenario.phy.skew_bits = numbers(structure.pcs_lanes, 900, 6);
    const PhyReport one = run(scenario);
    scenario.phy.host_ber = 1e-300;  // never hits
    const PhyReport two = run(scenario);
    expect_clean(two);
    EXPECT_EQ(digest(two.receive.lanes), digest(one.receive.lanes)) << structure.name;
    EXPECT_EQ(digest(two.lanes), digest(one.lanes)) << structure.name;
  }
}

TEST(PhyModuleSlow, ThreadsAndVariantsChangeNothing) {
  Scenario scenario = in_module("100g-1lane", 60);
  scenario.errors.model = "symbols";
  scenario.errors.ber = 1e-4;
  scenario.phy.host_ber = 1e-7;
  const std::string expected = digest(run(scenario));
  for (const unsigned count : {1u, 2u}) {
    set_threads(count);
    EXPECT_EQ(digest(run(scenario)), expected) << count << " threads";
  }
  set_threads(0);
  for (const Variant variant : {Variant::portable, Variant::avx2}) {
    if (variant > supported_variant()) continue;
    force_variant(variant);
    EXPECT_EQ(digest(run(scenario)), expected) << name(variant);
  }
  force_variant(supported_variant());
}

}  // namespace
}  // namespace lightlane::link

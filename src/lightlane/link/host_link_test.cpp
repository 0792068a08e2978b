// Host lanes with a channel of their own: their keys, their errors in a run, and what predictions make of
// them.
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/host_lanes.hpp"
#include "lightlane/link/host_prediction.hpp"
#include "lightlane/link/phy_test_tools.hpp"
#include "lightlane/link/replay.hpp"

namespace lightlane::link {
namespace {

using namespace test;

/// Both ends of a structure over channels of so much loss.
Scenario lossy(std::string_view structure, double loss_db, std::int64_t frames) {
  Scenario scenario = on(structure, frames);
  assign("host.enable=true", scenario);
  assign("host.loss_db=" + std::to_string(loss_db), scenario);
  return scenario;
}

/// Clopper-Pearson at 1 - 1e-6: a right model fails one check in a million.
void expect_within(std::uint64_t errors, std::uint64_t bits, double expected, const std::string& what) {
  const math::RateInterval interval = math::clopper_pearson(errors, bits, 1 - 1e-6);
  EXPECT_LE(interval.lower, expected) << what << ": " << errors << " of " << bits;
  EXPECT_GE(interval.upper, expected) << what << ": " << errors << " of " << bits;
}

std::uint64_t expect_lanes_as_evaluated(const HostSide& side, const std::vector<LaneResult>& lanes,
                                        const std::string& what) {
  EXPECT_EQ(lanes.size(), side.lanes.size());
  std::uint64_t errors = 0;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    EXPECT_GT(lanes[lane].bits, 0u);
    EXPECT_EQ(lanes[lane].ber_expected, side.lanes[lane].ber);
    expect_within(lanes[lane].bit_errors, lanes[lane].bits, side.lanes[lane].ber,
                  what + ", lane " + std::to_string(lane));
    errors += lanes[lane].bit_errors;
  }
  return errors;
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

class File {
 public:
  explicit File(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("host_link_test." + std::to_string(++count_))) {
    std::ofstream(path_) << text;
  }
  ~File() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

TEST(HostKeys, FarEndIsAsTheNearOneButForItsOwnKeys) {
  Scenario far_first, near_first;
  for (const char* text : {"far_host.loss_db=4", "host.enable=true", "host.loss_db=12", "host.swing_mv=600"})
    assign(text, far_first);
  for (const char* text : {"host.swing_mv=600", "host.loss_db=12", "host.enable=true", "far_host.loss_db=4"})
    assign(text, near_first);
  for (const Scenario& s :
       {far_first, near_first,
        scenario_of("[host]\nenable = true\nloss_db = 12\nswing_mv = 600\n[far_host]\nloss_db = 4\n")}) {
    EXPECT_EQ(s.host.config.loss_db, 12);
    EXPECT_EQ(s.far_host.config.loss_db, 4);
    EXPECT_EQ(s.far_host.config.swing_mv, 600);
    EXPECT_TRUE(s.far_host.enable);
    Scenario again;
    read_toml(to_toml(s), "printed", again);
    EXPECT_EQ(to_toml(again), to_toml(s));
  }
}

TEST(HostKeys, KeysThatNothingReadsAreRefused) {
  const auto refused = [](const std::string& toml) {
    const Scenario scenario = scenario_of(toml);
    return message_of([&] { validate(scenario); });
  };
  EXPECT_NE(refused("[host]\nloss_db = 20\n").find("host.loss_db: is 20 with host.enable = false"),
            std::string::npos);
  EXPECT_NE(refused("[host]\nenable = true\n[far_host]\nenable = false\ntx_ffe = [1, 2]\n")
                .find("far_host.tx_ffe: is [1, 2]"),
            std::string::npos);
  EXPECT_EQ(refused("[host]\nenable = true\nloss_db = 20\n[far_host]\nenable = false\n"), "");
  EXPECT_NE(refused("[host]\nenable = true\nloss_db = 9\npulse_file = \"x\"\n")
                .find("host.loss_db: is 9 beside a pulse"),
            std::string::npos);
  EXPECT_NE(refused("[host]\nenable = true\nlane_loss_offset_db = [1, 2]\n")
                .find("host.lane_loss_offset_db: has 2 values"),
            std::string::npos);
  EXPECT_EQ(refused("[host]\nenable = true\nloss_db = 9\n"), "");
}

TEST(HostKeys, WhatALaneRefusesNamesTheKeyOfItsEnd) {
  const auto refused = [](std::initializer_list<const char*> assignments) {
    Scenario scenario;
    assign("host.enable=true", scenario);
    for (const char* text : assignments) assign(text, scenario);
    return message_of([&] { host_lanes(scenario, structure_of(scenario)); });
  };
  EXPECT_NE(refused({"host.tx_ffe_main=3"}).find("host.tx_ffe_main: is 3"), std::string::npos);
  EXPECT_NE(refused({"far_host.bandwidth_ghz=1"}).find("far_host.bandwidth_ghz: is 1"), std::string::npos);
  EXPECT_NE(refused({"host.pulse_file=/no/such"}).find("host.pulse_file: /no/such: cannot be read"),
            std::string::npos);
  const File coarse("samples_per_ui 1\n1\n"), broken("samples_per_ui 8\n0.1\nx\n");
  EXPECT_NE(refused({("far_host.pulse_file=" + coarse.path()).c_str()}).find("far_host.pulse_file: is 1"),
            std::string::npos);
  EXPECT_NE(refused({("far_host.pulse_file=" + broken.path()).c_str()})
                .find("far_host.pulse_file: " + broken.path() + ": line 3"),
            std::string::npos);
}

TEST(HostLanes, CarryTheBitsOfTheirStructure) {
  for (const Structure& structure : structures()) {
    const Scenario scenario = lossy(structure.name, 8, 1);
    const HostLanes lanes = host_lanes(scenario, structure);
    const Rational lane_bits = lanes.symbol_rate_gbd * Rational(static_cast<int>(lanes.modulation));
    EXPECT_EQ(lane_bits * Rational(static_cast<std::int64_t>(lanes.count)),
              structure.lane_rate_gbps * Rational(structure.pcs_lanes))
        << structure.name;
    EXPECT_EQ(lanes.sender.lanes.size(), static_cast<std::size_t>(structure.host_lanes));
    for (const HostLane& lane : lanes.sender.lanes)
      EXPECT_EQ(lane.channel, lanes.receiver.lanes[0].channel) << "evaluated twice";
    EXPECT_FALSE(lanes.sender.simulated) << "8 dB leave no errors worth a draw";
  }
  Scenario module = lossy("100g-1lane", 8, 1);
  module.link.fec_placement = "module";
  const HostLanes lanes = host_lanes(module, structure_of(module));
  EXPECT_EQ(lanes.count, 4u);
  EXPECT_EQ(lanes.symbol_rate_gbd, Rational(825, 32));
  EXPECT_EQ(lanes.modulation, signal::Modulation::nrz);
}

TEST(HostLanes, SpreadIsEachLanesOwn) {
  Scenario scenario = lossy("400g-4lane", 12, 1);
  assign("host.loss_spread_db=1", scenario);
  assign("host.ctle_search=false", scenario);
  assign("host.ctle_db=9", scenario);
  HostEvaluations known;
  const HostLanes lanes = host_lanes(scenario, structure_of(scenario), known);
  Scenario reverse = scenario;
  reverse.place.direction = 1;
  const HostLanes back = host_lanes(reverse, structure_of(reverse), known),
                  again = host_lanes(scenario, structure_of(scenario), known);
  std::vector<double> losses;
  for (const HostLanes* all : {&lanes, &back}) {
    for (const HostSide* side : {&all->sender, &all->receiver}) {
      for (const HostLane& lane : side->lanes) losses.push_back(*lane.loss_db);
    }
  }
  ASSERT_EQ(losses.size(), 32u);
  std::sort(losses.begin(), losses.end());
  EXPECT_EQ(std::adjacent_find(losses.begin(), losses.end()), losses.end());
  const double mean = std::accumulate(losses.begin(), losses.end(), 0.0) / 32;
  double square = 0;
  for (const double loss : losses) square += (loss - mean) * (loss - mean);
  EXPECT_NEAR(mean, 12, 4 / std::sqrt(32.0));
  EXPECT_NEAR(std::sqrt(square / 31), 1, 0.5);
  for (std::size_t lane = 0; lane < 8; ++lane) {
    EXPECT_EQ(again.sender.lanes[lane].channel, lanes.sender.lanes[lane].channel);
    for (std::size_t other = 0; other < 8; ++other) {
      if (*lanes.sender.lanes[lane].loss_db > *lanes.sender.lanes[other].loss_db) {
        EXPECT_GT(lanes.sender.lanes[lane].ber, lanes.sender.lanes[other].ber);
      }
    }
  }
}

TEST(HostLink, KP4SurvivesALossyHostAndCountsItsErrors) {
  Scenario scenario = lossy("400g-4lane", 13, 400);
  assign("far_host.loss_db=12.5", scenario);
  const PhyReport report = run(scenario);
  expect_clean(report);
  ASSERT_TRUE(report.host.sender.simulated && report.host.receiver.simulated);
  EXPECT_GT(report.host.sender.lanes[0].ber, report.host.receiver.lanes[0].ber);
  const std::uint64_t sender =
                          expect_lanes_as_evaluated(report.host.sender, report.sender_host_lanes, "sender"),
                      receiver = expect_lanes_as_evaluated(report.host.receiver, report.receiver_host_lanes,
                                                           "receiver");
  EXPECT_GT(sender, 200u);
  EXPECT_GT(receiver, 20u);
  EXPECT_GT(report.fec->counters.corrected_bits, 50u);
}

TEST(HostLink, TwentyDecibelsNeedAnEqualiser) {
  Scenario closed = lossy("400g-4lane", 20, 20);
  const PhyReport without = run(closed);
  expect_honest(without);
  EXPECT_EQ(without.frames.delivered, 0u);
  EXPECT_LT(without.host.sender.lanes[0].channel->eye_height_mv, 0);
  expect_lanes_as_evaluated(without.host.sender, without.sender_host_lanes, "closed");
  assign("host.rx_dfe_taps=1", closed);
  assign("host.noise_rms_mv=4", closed);
  const PhyReport with = run(closed);
  expect_clean(with);
  EXPECT_GT(expect_lanes_as_evaluated(with.host.sender, with.sender_host_lanes, "equalised"), 0u);
}

TEST(HostLink, UnprotectedCaui4LosesWhatItsErrorsHit) {
  Scenario scenario = lossy("100g-1lane", 24.6, 4000);
  scenario.link.fec_placement = "module";
  scenario.traffic.frame_octets = 1518;
  const PhyReport report = run(scenario);
  expect_honest(report);
  EXPECT_GT(expect_lanes_as_evaluated(report.host.sender, report.sender_host_lanes, "sender") +
                expect_lanes_as_evaluated(report.host.receiver, report.receiver_host_lanes, "receiver"),
            50u);
  EXPECT_EQ(report.fec->counters.corrected_symbols, 0u);
  EXPECT_GT(report.frames.lost, 20u);
  ASSERT_TRUE(report.frames.loss_ratio_predicted);
  // Some errors share a frame, some fall into gaps and markers; a scrambler's echoes reach the frame behind.
  EXPECT_NEAR(static_cast<double>(report.frames.lost) / 4000 / *report.frames.loss_ratio_predicted, 1,
              0.1 + 5 / std::sqrt(static_cast<double>(report.frames.lost)));
  const HostLanes& host = report.host;
  const double sender = host.sender.lanes[0].ber, receiver = host.receiver.lanes[0].ber;
  const double ber = sender + receiver - 2 * sender * receiver;
  EXPECT_NEAR(*report.frames.loss_ratio_predicted / (1 - std::pow(1 - ber, 66.0 / 8 * 1526)), 1, 1e-6);
}

/// Host lane h carries PCS lanes 2h and 2h + 1 (docs/conventions.md): errors of one lane are found on these.
TEST(HostLink, OneBadLaneSpoilsTheTwoPcsLanesThatItCarries) {
  for (const char* end : {"host", "far_host"}) {
    Scenario scenario = on("400g-4lane", 200);
    scenario.phy.line_order = {2, 3, 0, 1};
    assign("far_host.enable=false", scenario);
    assign(std::string(end) + ".enable=true", scenario);
    assign(std::string(end) + ".lane_loss_offset_db=[0,0,0,5.5,0,0,0,0]", scenario);
    const PhyReport report = run(scenario);
    expect_clean(report);
    const bool sender = std::string(end) == "host";
    const std::vector<LaneResult>& lanes = sender ? report.sender_host_lanes : report.receiver_host_lanes;
    EXPECT_TRUE((sender ? report.receiver_host_lanes : report.sender_host_lanes).empty());
    ASSERT_EQ(lanes.size(), 8u);
    for (std::size_t lane = 0; lane < 8; ++lane)
      EXPECT_EQ(lanes[lane].bit_errors > 0, lane == 3) << end << " " << lane;
    // Host lane 3 is half of line position 1; at the receiver that position is wired to line lane 3, host
    // lanes 6 and 7.
    const int first = sender ? 6 : 14;
    for (const ReceivedLane& lane : report.receive.lanes) {
      EXPECT_EQ(lane.fec_symbol_errors > 0, lane.pcs_lane == first || lane.pcs_lane == first + 1)
          << end << " " << lane.pcs_lane;
    }
    const std::vector<double> load =
        host_errors_per_line_symbol(scenario, structure_of(scenario), report.host);
    for (std::size_t line = 0; line < 4; ++line)
      EXPECT_EQ(load[line] > 1e-12, line == (sender ? 1u : 3u)) << end << " " << line;
    EXPECT_NEAR(
        load[sender ? 1 : 3] / report.host.at(sender ? HostEnd::sender : HostEnd::receiver).lanes[3].ber, 1,
        1e-6);
  }
}

TEST(HostLink, GivenRatioOverridesTheChannel) {
  Scenario scenario = lossy("100g-4lane", 60, 50);
  scenario.phy.host_ber = 1e-6;
  const PhyReport report = run(scenario);
  expect_clean(report);
  EXPECT_EQ(report.host.sender.lanes.at(0).channel, nullptr);
  EXPECT_EQ(report.sender_host_lanes.at(0).ber_expected, 1e-6);
}

TEST(HostLink, LanesTooGoodToDrawPassUntouchedAndCountWhatPassed) {
  for (const std::string_view name : {"400g-4lane", "100g-4lane-nofec", "100g-1lane"}) {
    for (const std::string_view placement : {"host", "module"}) {
      if (placement == "module" && name != "100g-1lane") continue;
      Scenario plain = on(name, 50);
      plain.link.fec_placement = placement;
      Scenario good = plain;
      assign("host.enable=true", good);
      const PhyReport a = run(plain), b = run(good);
      EXPECT_EQ(digest(a.lanes), digest(b.lanes));
      EXPECT_EQ(digest(a.receive.lanes), digest(b.receive.lanes));
      EXPECT_TRUE(a.sender_host_lanes.empty());
      ASSERT_EQ(b.sender_host_lanes.size(), b.host.count);
      std::uint64_t host_bits = 0, line_bits = 0;
      for (const LaneResult& lane : b.sender_host_lanes) host_bits += lane.bits;
      for (const LaneResult& lane : b.lanes) line_bits += lane.bits;
      // KP4 made in the module adds 1/33.
      const double ratio = placement == "module" ? 33.0 / 34 : 1;
      EXPECT_NEAR(static_cast<double>(host_bits) / static_cast<double>(line_bits), ratio, 1e-4);
      EXPECT_EQ(b.prediction_note, a.prediction_note);
    }
  }
}

TEST(HostLink, ClosedLaneIsNoise) {
  Scenario scenario = on("100g-4lane-nofec", 5);
  for (const char* text :
       {"host.enable=true", "host.loss_db=60", "host.noise_rms_mv=1000", "far_host.enable=false"})
    assign(text, scenario);
  const PhyReport report = run(scenario);
  EXPECT_FALSE(report.receive.align_status);
  EXPECT_EQ(report.frames.delivered, 0u);
  ASSERT_EQ(report.host.sender.lanes.at(0).ber, 0.5);
  EXPECT_NEAR(report.sender_host_lanes.at(0).ber, 0.5, 0.001);
}

TEST(HostLink, PulseFromAFile) {
  // A clean pulse that spends 30 % of its symbol's voltage on the one behind: a slicer alone sees 0.7 and
  // 0.3.
  const File pulse("samples_per_ui 1\n0.7\n0.3\n");
  Scenario scenario = on("100g-4lane", 5);
  for (const char* text :
       {"host.enable=true", "host.ctle=false", "host.bandwidth_ghz=0", "host.noise_v2_per_ghz=0",
        "host.jitter_rms_ui=0", "host.tx_sndr_db=0", "host.noise_rms_mv=40"}) {
    assign(text, scenario);
  }
  assign("host.pulse_file=" + pulse.path(), scenario);
  const HostLanes lanes = host_lanes(scenario, structure_of(scenario));
  const HostLane& lane = lanes.sender.lanes.at(0);
  EXPECT_FALSE(lane.loss_db);
  // +-400 mV: 280 mV with 120 mV beside or against them, over 40 mV of noise.
  const auto tail = [](double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); };
  EXPECT_NEAR(lane.ber / (0.5 * (tail(160 / 40.0) + tail(400 / 40.0))), 1, 0.01);
  EXPECT_EQ(lanes.receiver.lanes.at(3).channel, lane.channel);
}

TEST(HostLink, ReplayGoesOnWhileHostLanesAreClean) {
  Scenario scenario = on("400g-4lane", 20);
  assign("host.enable=true", scenario);
  EXPECT_FALSE(replay(scenario, nullptr, {7, 0, 1}, {}).lost);
  assign("far_host.loss_db=14", scenario);
  EXPECT_NE(message_of([&] {
              replay(scenario, nullptr, {7, 0, 1}, {});
            }).find("far_host.enable: is true and gives host lanes a BER of"),
            std::string::npos);
}

TEST(HostLink, BreakoutDealsOffsetsAndDuplexKeepsThem) {
  Scenario scenario = scenario_of(
      "[link]\nbreakout = \"4x100g\"\nduplex = true\n[traffic]\nframes = 20\n"
      "[host]\nenable = true\nlane_loss_offset_db = [0, 0, 0, 0, 0, 6, 0, 0]\n[far_host]\nenable = false\n");
  const PhyRunReport all = run_all(scenario);
  ASSERT_EQ(all.ports.size(), 4u);
  for (std::size_t port = 0; port < 4; ++port) {
    for (const PhyReport* report : {&all.ports[port], &all.ports[port].reverse.at(0)}) {
      expect_clean(*report);
      EXPECT_TRUE(report->receiver_host_lanes.empty());
      ASSERT_EQ(report->sender_host_lanes.size(), 2u);
      EXPECT_EQ(report->sender_host_lanes[0].bit_errors, 0u);
      EXPECT_EQ(report->sender_host_lanes[1].bit_errors > 0, port == 2) << port;
    }
  }
  EXPECT_NE(digest(all.ports[2].sender_host_lanes), digest(all.ports[2].reverse.at(0).sender_host_lanes));
}

TEST(HostLink, ThreadsChangeNothing) {
  Scenario scenario = lossy("400g-4lane", 13, 60);
  assign("host.loss_spread_db=0.5", scenario);
  std::string expected;
  for (const unsigned count : {1u, 2u, 4u}) {
    set_threads(count);
    const std::string text = digest(run(scenario));
    if (expected.empty()) expected = text;
    EXPECT_EQ(text, expected) << count << " threads";
  }
  set_threads(0);
}

TEST(HostPrediction, PrecodingKeepsSmallHostErrorsOutAndRefusesLargeOnes) {
  Scenario scenario = lossy("400g-4lane", 12.5, 20);
  scenario.phy.precoding = true;
  scenario.errors.model = "symbols";
  scenario.errors.ber = 5e-4;
  const PhyReport few = run(scenario);
  EXPECT_TRUE(few.frames.loss_ratio_predicted);
  EXPECT_NE(few.prediction_note.find("less than 1 %"), std::string::npos);
  scenario.errors.ber = 1e-6;
  const PhyReport many = run(scenario);
  EXPECT_FALSE(many.frames.loss_ratio_predicted);
  EXPECT_NE(many.prediction_note.find("no prediction"), std::string::npos);
}

TEST(HostPrediction, SharesOfTheFirstBit) {
  for (const bool same : {false, true}) {
    EXPECT_NEAR(first_bit_share(1e-3, 0, same), 1.0 / 3, 1e-12);
    EXPECT_NEAR(first_bit_share(0, 1e-3, same), 1.0 / 3, 1e-12);
  }
  // Four PCS lanes with errors (l + h)(1 +- d): d as the variance of +-l/3 on one pair and +-h/3 on a
  // crossing one.
  const double l = 2, h = 1, d = 1 - 2 * first_bit_share(l, h, false);
  double variance = 0;
  for (const double line : {-l / 3, l / 3}) {
    for (const double host : {-h / 3, h / 3}) variance += (line + host) * (line + host) / 4;
  }
  EXPECT_NEAR(d * d * (l + h) * (l + h), variance, 1e-12);
  EXPECT_NEAR(with_more_errors(fec::independent_errors(0.1), 0.5).error[0], 0.55, 1e-12);
}

/// Counted bins of the real decoder against the loss model with host errors in it.
void expect_predicted(const Scenario& scenario, std::uint64_t least_failures) {
  const PhyReport report = run(scenario);
  EXPECT_EQ(report.frames.wrong, 0u);
  const fec::FecCounters& fec = report.fec->counters;
  const std::string name = report.structure;
  ASSERT_TRUE(report.fec->codeword_error_ratio_predicted) << name;
  EXPECT_GE(fec.uncorrectable_codewords, least_failures) << name;
  expect_within(fec.uncorrectable_codewords, fec.codewords, *report.fec->codeword_error_ratio_predicted,
                name + " codewords");
  for (std::size_t i = 0; i < (name == "100g-4lane" ? 8u : 16u); ++i) {
    expect_within(fec.bins[i], fec.codewords, report.fec->bins_predicted[i],
                  name + " bin " + std::to_string(i));
  }
}

TEST(HostPrediction, BinsOfHostErrorsAlone) { expect_predicted(lossy("400g-4lane", 13.7, 1500), 0); }

// At 1.2e-3 in all: above, errors that meet on one bit begin to show.
TEST(HostPredictionSlow, HostAndLineErrorsTogether) {
  Scenario scenario = lossy("400g-4lane", 13.7, 40000);
  scenario.errors.model = "symbols";
  scenario.errors.ber = 3e-4;
  expect_predicted(scenario, 50);
  scenario.errors.model = "bursts";
  scenario.errors.burst_continuation = 0.5;
  expect_predicted(scenario, 50);
  for (const char* name : {"400g-8lane", "200g-2lane"}) {
    scenario.link.structure = name;
    expect_predicted(scenario, 50);
  }
}

}  // namespace
}  // namespace lightlane::link

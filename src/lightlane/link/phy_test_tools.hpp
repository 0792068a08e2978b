#pragma once
/// Runs of whole PHYs for the tests of this floor.

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/link/phy_run.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link::test {

/// A scenario from TOML, over few and long frames of the generator.
inline Scenario scenario_of(std::string_view toml) {
  Scenario scenario;
  scenario.traffic.frames = 200;
  scenario.traffic.frame_octets = 9018;
  read_toml(toml, "test", scenario);
  return scenario;
}

inline Scenario on(std::string_view structure, std::int64_t frames) {
  Scenario scenario = scenario_of("");
  scenario.link.structure = structure;
  scenario.traffic.frames = frames;
  return scenario;
}

/// Runs it all; delivered frames have to come in the order in which they were sent, ports and directions
/// apart.
inline PhyRunReport run_all(const Scenario& scenario) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<bool, std::uint64_t>> order;
  for (std::uint32_t port = 0; port < 4; ++port) {
    for (std::uint32_t direction = 0; direction < 2; ++direction) order[{port, direction}] = {true, 0};
  }
  PhyRun run(scenario, false, [&](const Scenario::Place& place) -> Street::Delivered {
    return [&state = order.at({place.port, place.direction})](const signal::Frames& frames) {
      for (const signal::FrameRecord& record : frames.records) {
        if (record.fcs_error) continue;
        if (record.sequence + 1 <= state.second) state.first = false;
        state.second = record.sequence + 1;
      }
    };
  });
  while (run.step()) {
  }
  run.finish();
  for (const auto& [place, state] : order)
    EXPECT_TRUE(state.first) << "port " << place.first << " direction " << place.second;
  return run.report(1.0, false);
}

inline PhyReport run(const Scenario& scenario) { return run_all(scenario).ports.at(0); }

/// What holds after every run, whatever happened to the line.
inline void expect_honest(const PhyReport& report) {
  EXPECT_EQ(report.frames.wrong, 0u);
  EXPECT_EQ(report.frames.delivered + report.frames.lost, report.frames.sent);
  EXPECT_LE(report.frames.damaged, report.frames.lost);
}

inline void expect_clean(const PhyReport& report) {
  expect_honest(report);
  EXPECT_EQ(report.frames.lost, 0u);
  EXPECT_EQ(report.frames.inhibited, 0u);
  EXPECT_GT(report.frames.delivered, 0u);
  EXPECT_TRUE(report.receive.align_status);
  EXPECT_EQ(report.receive.alignments, 1u);
  EXPECT_EQ(report.receive.losses, 0u);
  EXPECT_EQ(report.receive.overflows + report.transmit.overflows, 0u);
}

template <class... Values>
std::string line_of(const Values&... values) {
  std::ostringstream text;
  ((text << values << ' '), ...);
  return text.str() + '\n';
}

inline std::string digest(const std::vector<ReceivedLane>& lanes) {
  std::string text;
  for (const ReceivedLane& l : lanes) {
    text += line_of(l.locked, l.pcs_lane, l.skew_bits, l.marker_errors, l.losses, l.bip_errors,
                    l.fec_symbol_errors);
  }
  return text;
}

inline std::string digest(const std::vector<LaneResult>& lanes) {
  std::string text;
  for (const LaneResult& l : lanes) text += line_of(l.symbols, l.symbol_errors, l.bits, l.bit_errors);
  return text;
}

/// Everything a run counted, as text: equal texts, equal runs. Wall time is not in it.
inline std::string digest(const PhyReport& r) {
  std::string text = line_of(r.structure, r.frames.sent, r.frames.delivered, r.frames.lost, r.frames.damaged,
                             r.frames.fcs_errors, r.frames.wrong, r.frames.inhibited);
  text += digest(r.lanes) + digest(r.sender_host_lanes) + digest(r.receiver_host_lanes) + '\n';
  if (r.fec) {
    const auto& c = r.fec->counters;
    text += line_of(c.codewords, c.corrected_codewords, c.uncorrectable_codewords, c.corrected_symbols,
                    c.corrected_bits);
    for (const auto bin : c.bins) text += line_of(bin);
    text += '\n';
  }
  const PhyTransmitReport& t = r.transmit;
  text += line_of(t.words, t.words_deleted, t.max_debt_words, t.overflows, t.error_blocks,
                  digest(t.host.pcs_lanes));
  const PhyReceiveReport& x = r.receive;
  text +=
      line_of(x.align_status, x.alignments, x.losses, x.restarts, x.hi_ber, x.hi_ser, x.degraded,
              x.hi_ber_events, x.hi_ser_events, x.degrade_events, x.error_blocks, x.local_fault_words,
              x.words_inserted, x.words_deleted, x.max_debt_words, digest(x.lanes), digest(x.host.pcs_lanes));
  const auto& m = r.mac_receive;
  text += line_of(m.words, m.frames, m.octets, m.damaged, m.error_words, m.local_fault_sets,
                  m.remote_fault_sets, m.link_fault_changes, ethernet::name(m.link_fault));
  for (const auto& lost : r.lost) text += line_of(lost.sequence);
  text += line_of(r.traffic_start_word, r.time.simulated_us);
  for (const PhyReport& reverse : r.reverse) text += "reverse " + digest(reverse);
  return text;
}

/// A permutation of 0 .. count - 1, or numbers up to `limit`, from a stream of their own.
inline std::vector<std::int64_t> shuffled(int count, std::uint64_t seed) {
  std::vector<std::int64_t> list(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = static_cast<std::int64_t>(i);
  const RandomStream random(seed, "test.order", 0);
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.bits(i) % i]);
  return list;
}
inline std::vector<std::int64_t> numbers(int count, std::int64_t limit, std::uint64_t seed) {
  std::vector<std::int64_t> list;
  const RandomStream random(seed, "test.numbers", 0);
  for (int i = 0; i < count; ++i) {
    list.push_back(static_cast<std::int64_t>(random.bits(static_cast<std::uint64_t>(i)) %
                                             static_cast<std::uint64_t>(limit + 1)));
  }
  return list;
}

}  // namespace lightlane::link::test

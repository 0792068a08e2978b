#include "lightlane/link/street.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

/// Times of the shipped capture's frames at the far end, by number.
std::map<std::uint64_t, std::int64_t> arrivals(const char* pacing, double scale) {
  Scenario scenario;
  scenario.traffic.capture = shipped_capture;
  scenario.traffic.pacing = pacing;
  scenario.traffic.gap_scale = scale;
  std::map<std::uint64_t, std::int64_t> times;
  Street street(scenario, nullptr, [&](const signal::Frames& frames) {
    for (const signal::FrameRecord& record : frames.records) times[record.sequence] = record.time_ps;
  });
  while (street.step()) {
  }
  street.finish();
  return times;
}

std::vector<std::int64_t> captured() {
  Scenario::Traffic traffic;
  traffic.capture = shipped_capture;
  TrafficSource source(traffic, 1);
  signal::Frames frames;
  while (source.read(frames, 1 << 20)) {
  }
  std::vector<std::int64_t> times;
  for (const signal::FrameRecord& record : frames.records) times.push_back(record.time_ps);
  return times;
}

TEST(Street, CapturedGapsAreKeptThoughTheyAreFastForwarded) {
  const std::vector<std::int64_t> sent = captured();
  constexpr std::int64_t jitter_ps = 600'000;  // elastic stores, and frames that wait for a jumbo before them
  for (const double scale : {1.0, 0.25}) {
    const auto times = arrivals(scale == 1.0 ? "timestamps" : "scaled", scale);
    ASSERT_EQ(times.size(), sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
      const auto wanted = static_cast<std::int64_t>(static_cast<double>(sent[i] - sent[0]) * scale);
      ASSERT_LT(std::llabs(times.at(i) - times.at(0) - wanted), jitter_ps) << "frame " << i << " at scale " << scale;
    }
  }
}

TEST(Street, BackToBackLeavesNoGaps) {
  const auto times = arrivals("back_to_back", 1);
  EXPECT_LT(times.rbegin()->second - times.begin()->second, 10'000'000);  // 276 kB at 400 Gb/s take 6 us
  std::int64_t last = 0;
  for (const auto& [sequence, time] : times) {
    EXPECT_GT(time, last) << sequence;
    last = time;
  }
}

TEST(Street, AStoppedRunLosesNothing) {
  Scenario scenario;
  scenario.traffic.frames = 1'000'000;
  Street street(scenario, nullptr);
  int steps = 0;
  while (street.step()) {
    if (++steps == 80) street.stop();
  }
  street.finish();
  EXPECT_GT(street.ledger().counts().sent, 100u);
  EXPECT_LT(street.ledger().counts().sent, 1'000'000u);
  EXPECT_EQ(street.ledger().counts().lost, 0u);
}

}  // namespace
}  // namespace lightlane::link

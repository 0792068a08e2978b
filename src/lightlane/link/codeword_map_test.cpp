#include "lightlane/link/codeword_map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <random>
#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/link/replay.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/link/street.hpp"
#include "lightlane/pma/gray.hpp"

namespace lightlane::link {
namespace {

Scenario disturbed(std::string_view name, double ber, unsigned seed) {
  Scenario scenario;
  scenario.link.structure = std::string(name);
  scenario.errors.model = "symbols";
  scenario.errors.ber = ber;
  scenario.traffic.frames = 200;
  scenario.run.seed = seed;
  const auto lanes = static_cast<std::size_t>(structure_of(scenario).pcs_lanes);
  std::mt19937 random(seed);
  scenario.phy.lane_order.resize(lanes);
  std::iota(scenario.phy.lane_order.begin(), scenario.phy.lane_order.end(), 0);
  std::shuffle(scenario.phy.lane_order.begin(), scenario.phy.lane_order.end(), random);
  for (std::size_t i = 0; i < lanes; ++i) scenario.phy.skew_bits.push_back(static_cast<std::int64_t>(random() % 4000));
  validate(scenario);
  return scenario;
}

/// The histogram of wrong symbols that the map makes of the injected errors is the one that the receiver counts.
void map_agrees_with_the_receiver(std::string_view name) {
  const Scenario scenario = disturbed(name, 5e-4, 7);
  const Structure& structure = structure_of(scenario);
  Street street(scenario, nullptr, {}, {0, UINT64_MAX});
  while (street.step()) {
  }
  street.finish();
  const pma::SymbolErrorsReport errors = street.errors();
  ASSERT_FALSE(errors.log_full);
  const fec::FecCounters counters = *street.phy_receive().fec;
  ASSERT_GT(counters.codewords, 100u) << name;
  ASSERT_EQ(street.phy_receive().alignments, 1u);

  const CodewordMap map(scenario, structure);
  const auto width = static_cast<unsigned>(structure.modulation);
  std::map<std::uint64_t, std::set<int>> wrong;
  for (const pma::ErrorRecord& error : errors.log) {
    const std::uint64_t bits = width == 1 ? 1 : pma::gray_unmap(error.sent) ^ pma::gray_unmap(error.decided);
    for (unsigned b = 0; b < width; ++b) {
      if ((bits >> b & 1) == 0) continue;
      const CodewordPlace place = map.place(error.lane, error.symbol * width + b);
      if (!place.before_first) wrong[place.codeword].insert(place.symbol);
    }
  }
  // Alignment begins with the second marker group: one period behind the first.
  const std::uint64_t first = (structure.rate_gbps == 200 ? 2048u : 4096u) * static_cast<unsigned>(map.group());
  std::array<std::uint64_t, 16> bins{};
  std::uint64_t symbols = 0;
  for (std::uint64_t c = first; c < first + counters.codewords; ++c) {
    ASSERT_LE(wrong[c].size(), static_cast<std::size_t>(structure.fec()->t));
    ++bins[wrong[c].size()];
    symbols += wrong[c].size();
  }
  EXPECT_EQ(bins, counters.bins) << name;
  EXPECT_EQ(symbols, counters.corrected_symbols) << name;
}

TEST(CodewordMap, AgreesWithTheReceiver) {
  for (const char* name : {"400g-4lane", "400g-8lane", "200g-2lane", "200g-4lane", "100g-1lane", "100g-2lane"}) {
    map_agrees_with_the_receiver(name);
  }
}

TEST(CodewordMap, BlocksFillGroups) {
  Scenario scenario;
  const CodewordMap map(scenario, structure_of(scenario));
  EXPECT_EQ(map.group_of_block(0), 0u);
  EXPECT_EQ(map.group_of_block(127), 0u);
  EXPECT_EQ(map.group_of_block(128), 1u);
  EXPECT_EQ(map.group_of_block(128 + 160 * 4095 - 1), 4095u);
  EXPECT_EQ(map.group_of_block(128 + 160 * 4095), 4096u);
}

TEST(Replay, NamesTheCodewordThatCostTheFrame) {
  Scenario scenario = disturbed("400g-4lane", 1e-3, 3);
  scenario.traffic.frames = 20000;
  const Replay found = replay(scenario, nullptr, {}, {});
  EXPECT_TRUE(found.lost);
  int failed = 0;
  for (const ReplayedCodeword& c : found.codewords) failed += !c.correctable;
  EXPECT_GE(failed, 1) << found.cause;
  EXPECT_NE(found.cause.find("wrong symbols"), std::string::npos) << found.cause;
  // The frame right before it arrived.
  const Replay before = replay(scenario, nullptr, {found.frame.sequence - 1, 0, 1}, {});
  EXPECT_EQ(before.frame.sequence, found.frame.sequence - 1);
  EXPECT_LE(before.last_group, found.first_group);
  if (!before.lost) {
    for (const ReplayedCodeword& c : before.codewords) EXPECT_TRUE(!c.touches_frame || c.correctable);
  }
}

TEST(Replay, RefusesFramesThatAreNotThere) {
  Scenario scenario;
  scenario.traffic.frames = 10;
  EXPECT_THROW(replay(scenario, nullptr, {}, {}), ConfigError);               // none is lost
  EXPECT_THROW(replay(scenario, nullptr, {std::uint64_t{10}, 0, 1}, {}), ConfigError);
  EXPECT_FALSE(replay(scenario, nullptr, {std::uint64_t{9}, 0, 1}, {}).lost);
}

}  // namespace
}  // namespace lightlane::link

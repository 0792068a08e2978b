#include "lightlane/link/scrambled_idle.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"

namespace lightlane::link {
namespace {

/// Symbols per lane that are enough to lock and go on for a while.
constexpr std::uint64_t enough = 12'000'000;

TEST(ScrambledIdle, ReceiverLocksAndFindsOnlyIdle) {
  const Structure& structure = structure_by_name("400g-4lane", "x");
  const ScrambledIdleReport report = check_scrambled_idle(structure, scrambled_idle(structure, enough));
  EXPECT_TRUE(report.phy.align_status);
  EXPECT_EQ(report.phy.losses, 0u);
  EXPECT_EQ(report.phy.fec->corrected_symbols, 0u);
  EXPECT_GT(report.idle_words, 100'000u);
  EXPECT_LE(report.other_words, 4u);  // the first block of all, before the descrambler has settled
}

TEST(ScrambledIdle, ErrorsAreCountedAndASlipIsSeen) {
  const Structure& structure = structure_by_name("400g-4lane", "x");
  signal::SymbolLanes lanes = scrambled_idle(structure, enough);
  for (std::size_t i = 0; i < 1000; ++i) lanes[1].levels.flip(2 * (7'000'000 + 4001 * i));
  const ScrambledIdleReport errors = check_scrambled_idle(structure, lanes);
  EXPECT_EQ(errors.phy.fec->corrected_symbols, 1000u);
  EXPECT_LE(errors.other_words, 4u);

  lanes = scrambled_idle(structure, enough);
  signal::SymbolLanes slipped(lanes.size(), lanes.modulation);
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) slipped[lane].levels.append(lanes[lane].levels);
  slipped[2].levels.clear();
  slipped[2].levels.append(lanes[2].levels, 0, 16'000'000);
  slipped[2].levels.append(lanes[2].levels, 16'000'002, lanes[2].levels.size() - 16'000'002);
  const ScrambledIdleReport slip = check_scrambled_idle(structure, slipped);
  EXPECT_EQ(slip.phy.losses, 1u);
  EXPECT_GT(slip.phy.fec->uncorrectable_codewords, 0u);
}

TEST(ScrambledIdle, RefusesWhatIsNoPattern) {
  const Structure& structure = structure_by_name("400g-4lane", "x");
  EXPECT_THROW(scrambled_idle(structure, 0), ConfigError);
  EXPECT_THROW(check_scrambled_idle(structure, signal::SymbolLanes(3)), InputError);
}

}  // namespace
}  // namespace lightlane::link

#include "lightlane/fec/fec_counters.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"

namespace lightlane::fec {
namespace {

using signal::Correction;
using signal::DecodeOutcome;

TEST(FecCounter, CountsABatchByHand) {
  LaneMap lanes{2, std::vector<std::uint16_t>(2 * 544)};
  for (int s = 0; s < 544; ++s) {
    lanes.lane[s] = s % 4;              // codeword A
    lanes.lane[544 + s] = (s + 1) % 4;  // codeword B
  }
  FecCounter counter(signal::kp4, lanes);
  const std::vector<DecodeOutcome> outcomes{
      {0, 0}, {2, 5}, {DecodeOutcome::uncorrectable, 0}, {15, 30}, {18, 40}};
  const std::vector<Correction> corrections{{1, 0, 7}, {1, 5, 3}, {3, 3, 1}, {4, 3, 1}};
  counter.add(outcomes, corrections);
  FecCounters expected;
  expected.codewords = 5;
  expected.corrected_codewords = 3;
  expected.uncorrectable_codewords = 1;
  expected.corrected_symbols = 35;
  expected.corrected_bits = 75;
  expected.bins[0] = expected.bins[2] = expected.bins[15] = 1;
  expected.lane_symbol_errors = {1, 1, 1, 1};
  EXPECT_EQ(counter.report(), expected);

  counter.add(outcomes, corrections, 1);  // the phases change places
  EXPECT_EQ(counter.report().lane_symbol_errors, (std::vector<std::uint64_t>{3, 2, 1, 2}));
  FecCounters sum = expected;
  sum.merge(expected);
  sum.lane_symbol_errors = counter.report().lane_symbol_errors;
  EXPECT_EQ(counter.report(), sum);
  counter.reset();
  EXPECT_EQ(counter.report().codewords, 0u);
  EXPECT_EQ(counter.report().lane_symbol_errors, std::vector<std::uint64_t>(4));
}

TEST(FecCounter, MergeTakesTheWiderLaneList) {
  FecCounters a, b;
  a.lane_symbol_errors = {1};
  b.lane_symbol_errors = {2, 3};
  b.bins[7] = 4;
  a.merge(b);
  EXPECT_EQ(a.lane_symbol_errors, (std::vector<std::uint64_t>{3, 3}));
  EXPECT_EQ(a.bins[7], 4u);
}

TEST(FecCounter, RefusesAMapOfTheWrongSize) {
  EXPECT_THROW(FecCounter(signal::kr4, LaneMap{2, std::vector<std::uint16_t>(528)}), ConfigError);
}

}  // namespace
}  // namespace lightlane::fec

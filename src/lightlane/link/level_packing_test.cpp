#include "lightlane/link/level_packing.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/random.hpp"

namespace lightlane::link {
namespace {

using signal::Modulation;

std::vector<std::uint8_t> random_levels_of(Modulation modulation, std::size_t count, std::uint32_t stream) {
  const RandomStream random(3, "test.packing", stream);
  std::vector<std::uint8_t> levels(count);
  const unsigned mask = modulation == Modulation::pam4 ? 3 : 1;
  for (std::size_t i = 0; i < count; ++i) levels[i] = static_cast<std::uint8_t>(random.bits(i) & mask);
  return levels;
}

TEST(LevelPacking, BitsAreTheLevelsInOrder) {
  BitVector pam4, nrz;
  pack_levels(std::vector<std::uint8_t>{2, 1, 3, 0}, Modulation::pam4, pam4);
  pack_levels(std::vector<std::uint8_t>{1, 0, 0, 1, 1}, Modulation::nrz, nrz);
  // Symbol k in bits 2k (low) and 2k + 1 (high): signal/lanes.hpp.
  EXPECT_EQ(pam4.size(), 8u);
  EXPECT_EQ(pam4.read(0, 8), 2u | 1u << 2 | 3u << 4 | 0u << 6);
  EXPECT_EQ(nrz.size(), 5u);
  EXPECT_EQ(nrz.read(0, 5), 0b11001u);
}

TEST(LevelPacking, RoundTripsOfAnyLength) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    for (std::size_t count = 0; count < 200; ++count) {
      const std::vector<std::uint8_t> levels =
          random_levels_of(modulation, count, static_cast<std::uint32_t>(count));
      BitVector packed;
      pack_levels(levels, modulation, packed);
      EXPECT_EQ(packed.size(), count * static_cast<std::size_t>(modulation));
      std::vector<std::uint8_t> again{7};  // appended, not overwritten
      unpack_levels(packed, modulation, again);
      ASSERT_EQ(again.size(), count + 1);
      EXPECT_EQ(again[0], 7);
      EXPECT_TRUE(std::equal(levels.begin(), levels.end(), again.begin() + 1)) << count;
    }
  }
}

TEST(LevelPacking, PiecesAppendToTheWhole) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    const std::vector<std::uint8_t> levels = random_levels_of(modulation, 5000, 1);
    BitVector whole, pieces;
    pack_levels(levels, modulation, whole);
    for (std::size_t at = 0, piece = 1; at < levels.size(); at += piece, piece = piece * 7 % 131 + 1) {
      pack_levels(std::span(levels).subspan(at, std::min(piece, levels.size() - at)), modulation, pieces);
      piece = std::min(piece, levels.size() - at);
    }
    EXPECT_EQ(whole, pieces);
  }
}

/// Gray code of 802.3 120.5.7: 00, 01, 11, 10 for levels 0 to 3, the first bit on the left.
constexpr int first_bit[] = {0, 0, 1, 1}, second_bit[] = {0, 1, 1, 0};

TEST(CountErrors, BySymbolBitAndStep) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    const std::vector<std::uint8_t> sent = random_levels_of(modulation, 1003, 2),
                                    noise = random_levels_of(modulation, 1003, 3);
    std::vector<std::uint8_t> decided = sent;
    for (std::size_t i = 0; i < sent.size(); i += 1 + i % 17) decided[i] = noise[i];
    pma::LaneErrorCounts expected;
    expected.symbols = sent.size();
    std::vector<std::uint64_t> places;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (sent[i] == decided[i]) continue;
      places.push_back(100 + i);
      ++expected.symbol_errors;
      const bool pam4 = modulation == Modulation::pam4;
      const bool first = pam4 ? first_bit[sent[i]] != first_bit[decided[i]] : true;
      const bool second = pam4 && second_bit[sent[i]] != second_bit[decided[i]];
      expected.first_bit_errors += first ? 1 : 0;
      expected.second_bit_errors += second ? 1 : 0;
      expected.bit_errors += (first ? 1 : 0) + (second ? 1 : 0);
      expected.non_adjacent += std::abs(sent[i] - decided[i]) > 1 ? 1 : 0;
    }
    pma::SymbolErrorsReport report;
    report.lanes.resize(3);
    count_errors(1, 100, sent, decided, modulation, {0, UINT64_MAX, 1u << 20}, report);
    const pma::LaneErrorCounts& found = report.lanes[1];
    EXPECT_EQ(found.symbols, expected.symbols);
    EXPECT_EQ(found.symbol_errors, expected.symbol_errors);
    EXPECT_EQ(found.bit_errors, expected.bit_errors);
    EXPECT_EQ(found.first_bit_errors, expected.first_bit_errors);
    EXPECT_EQ(found.second_bit_errors, expected.second_bit_errors);
    EXPECT_EQ(found.non_adjacent, expected.non_adjacent);
    EXPECT_EQ(report.lanes[0].symbols + report.lanes[2].symbols, 0u);
    ASSERT_EQ(report.log.size(), places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      EXPECT_EQ(report.log[i].lane, 1u);
      EXPECT_EQ(report.log[i].symbol, places[i]);
      EXPECT_EQ(report.log[i].sent, sent[places[i] - 100]);
      EXPECT_EQ(report.log[i].decided, decided[places[i] - 100]);
    }
  }
}

TEST(CountErrors, TheLogKeepsItsWindowAndItsLimit) {
  const std::vector<std::uint8_t> sent(100, 1), decided(100, 2);
  pma::SymbolErrorsReport report;
  report.lanes.resize(1);
  count_errors(0, 50, sent, decided, Modulation::pam4, {60, 70, 1000}, report);
  ASSERT_EQ(report.log.size(), 10u);
  EXPECT_EQ(report.log.front().symbol, 60u);
  EXPECT_EQ(report.log.back().symbol, 69u);
  EXPECT_FALSE(report.log_full);
  count_errors(0, 150, sent, decided, Modulation::pam4, {0, 1000, 15}, report);
  EXPECT_EQ(report.log.size(), 15u);
  EXPECT_TRUE(report.log_full);
  EXPECT_EQ(report.lanes[0].symbol_errors, 200u);  // all are counted
}

}  // namespace
}  // namespace lightlane::link

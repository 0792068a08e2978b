#include "lightlane/link/frame_ledger.hpp"

#include <gtest/gtest.h>

namespace lightlane::link {
namespace {

ethernet::SentFrame frame(std::uint64_t sequence, std::uint64_t word, std::uint32_t fcs) {
  ethernet::SentFrame sent;
  sent.sequence = sequence;
  sent.word_index = word;
  sent.words = 10;
  sent.octets = 64;
  sent.fcs = fcs;
  return sent;
}

TEST(FrameLedger, LostFramesAreThoseThatDidNotArrive) {
  FrameLedger ledger(1, 10);
  for (std::uint64_t i = 0; i < 5; ++i) ledger.sent(frame(i, 100 * i, static_cast<std::uint32_t>(i)));
  EXPECT_EQ(ledger.delivered(0, 64, 1000).value().sequence, 0u);
  EXPECT_EQ(ledger.delivered(2, 64, 1200).value().sequence, 2u);
  EXPECT_EQ(ledger.delivered(3, 64, 1300).value().sequence, 3u);
  EXPECT_FALSE(ledger.delivered(9, 64, 1350));  // never sent
  ledger.finish();
  EXPECT_EQ(ledger.counts().sent, 5u);
  EXPECT_EQ(ledger.counts().delivered, 3u);
  EXPECT_EQ(ledger.counts().lost, 2u);
  EXPECT_EQ(ledger.counts().wrong, 1u);
  ASSERT_EQ(ledger.lost().size(), 2u);
  EXPECT_EQ(ledger.lost()[0].sequence, 1u);
  EXPECT_EQ(ledger.lost()[1].sequence, 4u);
}

TEST(FrameLedger, LossesInARow) {
  FrameLedger ledger(1, 10);
  for (std::uint64_t i = 0; i < 10; ++i) ledger.sent(frame(i, 100 * i, static_cast<std::uint32_t>(i)));
  for (const std::uint32_t arrived : {0u, 2u, 6u, 7u}) ledger.delivered(arrived, 64, 1000 + 100 * arrived);
  ledger.finish();  // lost: 1 | 3 4 5 | 8 9
  EXPECT_EQ(ledger.counts().lost, 6u);
  EXPECT_EQ(ledger.counts().lost_in_a_row_squared, 1u + 9u + 4u);
}

TEST(FrameLedger, AmongEqualFramesThePlaceDecides) {
  FrameLedger ledger(1, 10);
  for (std::uint64_t i = 0; i < 6; ++i) ledger.sent(frame(i, 1000 * i, i < 2 ? static_cast<std::uint32_t>(i) : 7));
  ledger.delivered(0, 64, 500);  // latency 500
  ledger.delivered(1, 64, 1500);
  EXPECT_EQ(ledger.delivered(7, 64, 4502).value().sequence, 4u);  // 2 and 3, alike, are the lost ones
  EXPECT_EQ(ledger.delivered(7, 64, 5499).value().sequence, 5u);
  EXPECT_EQ(ledger.lost()[0].sequence, 2u);
  EXPECT_EQ(ledger.lost()[1].sequence, 3u);
}

TEST(FrameLedger, FramesAllAlikeBehindALongDelay) {
  FrameLedger ledger(1, 10);
  for (std::uint64_t i = 0; i < 50; ++i) ledger.sent(frame(i, 12 * i, 7));
  for (std::uint64_t i = 0; i < 50; ++i)
    EXPECT_EQ(ledger.delivered(7, 64, 12 * i + 1000).value().sequence, i);
  EXPECT_EQ(ledger.counts().delivered, 50u);
  EXPECT_EQ(ledger.counts().wrong, 0u);
}

TEST(FrameLedger, FramesAllAlikeWhenTheDelayChanges) {
  FrameLedger ledger(1, 10);
  for (std::uint64_t i = 0; i < 50; ++i) ledger.sent(frame(i, 12 * i, 7));
  ledger.watch(28);
  for (std::uint64_t i = 0; i < 20; ++i) ledger.delivered(7, 64, 12 * i + 1000);
  for (std::uint64_t i = 25; i < 50; ++i) EXPECT_TRUE(ledger.delivered(7, 64, 12 * i + 1100));
  ledger.finish();
  EXPECT_EQ(ledger.counts().delivered, 45u);
  EXPECT_EQ(ledger.counts().lost, 5u);
  EXPECT_EQ(ledger.counts().wrong, 0u);
  EXPECT_EQ(ledger.lost().size(), 5u);
  EXPECT_LE(ledger.counts().lost_in_a_row_squared, 25u);
  EXPECT_FALSE(ledger.delivered(8, 64, 2000));  // alike in nothing
  EXPECT_EQ(ledger.counts().wrong, 1u);
}

TEST(FrameLedger, ClockOffsetMovesTheDuePlace) {
  FrameLedger ledger(Rational(10002, 10000), 10);
  ledger.sent(frame(0, 1'000'000'000, 7));
  ledger.sent(frame(1, 1'000'100'000, 7));
  EXPECT_EQ(ledger.delivered(7, 64, 1'000'200'100).value().sequence, 0u);
  EXPECT_EQ(ledger.delivered(7, 64, 1'000'300'120).value().sequence, 1u);
}

}  // namespace
}  // namespace lightlane::link

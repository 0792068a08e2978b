#include "lightlane/pcs/clause119_receive.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pcs/clause119_transmit.hpp"
#include "lightlane/pcs/rate_compensation.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;
using Outcomes = std::vector<signal::DecodeOutcome>;

signal::MiiWords frames(std::size_t words, std::size_t length, std::size_t gap) {
  signal::MiiWords out;
  const RandomStream random(length, "receive", 0);
  for (std::uint64_t k = 0; out.size() < words; ++k) {
    out.push(0xd5555555555555fb, 1);
    for (std::size_t i = 0; i < length; ++i) out.push(random.bits(k << 20 | i), 0);
    out.push(mii::idle_word - 7 + 0xfd, 0xff);
    out.push_idle(gap);
  }
  out.push_idle();
  return out;
}

std::vector<std::uint64_t> without_idles(const signal::MiiWords& words, std::size_t from = 0) {
  std::vector<std::uint64_t> kept;
  for (std::size_t i = from; i < words.size(); ++i) {
    if (words.control[i] == 0xff && words.data[i] == mii::idle_word) continue;
    kept.push_back(words.data[i]);
    kept.push_back(words.control[i]);
  }
  return kept;
}

/// 16 kB frames at minimum gap, 100 ppm either way at both ends, more than one marker period: no frame is
/// touched.
TEST(Clause119Receive, JumboFramesAtMinimumGapSurviveClocksAndMarkers) {
  for (const int rate : {400, 200}) {
    for (const double ppm : {-100.0, 100.0}) {
      const std::size_t periods_words = clause119_sizes(rate).period_pairs * pair_words;
      signal::MiiWords words;
      words.push_idle(8);
      const signal::MiiWords body = frames(periods_words + 50000, 2048, 1);
      words.data.insert(words.data.end(), body.data.begin(), body.data.end());
      words.control.insert(words.control.end(), body.control.begin(), body.control.end());
      Clause119Transmit transmit({.rate_gbps = rate, .clock_ratio = clock_ratio_from_ppm(ppm)});
      Clause119Receive receive({.rate_gbps = rate});
      RateCompensation restore({clause119_insertion_ratio() * clock_ratio_from_ppm(ppm), 64});
      signal::Codewords messages;
      transmit.process(words, messages);
      transmit.finish(messages);
      signal::MiiWords received, restored;
      receive.process(messages, Outcomes(messages.count), received);
      receive.finish(received);
      restore.process(received, restored);
      // The first 257-bit block after lock is lost: four of the eight idles.
      EXPECT_EQ(std::count(restored.data.begin(), restored.data.end(), mii::error_word), 4);
      EXPECT_EQ(without_idles(restored, 4), without_idles(words));
      EXPECT_EQ(transmit.report().rate.overflows, 0u);
      EXPECT_EQ(restore.report().overflows, 0u);
      EXPECT_EQ(receive.report().blocks.error_blocks, 4u);
      EXPECT_EQ(transmit.report().marker_groups, 2u);
    }
  }
}

/// A stream of four idles per 66-bit group would hide much; data words carry their number.
struct Numbered {
  signal::Codewords messages;
  std::size_t first_words;
  explicit Numbered(int rate, std::size_t pairs)
      : first_words(pair_words - clause119_sizes(rate).marker_words()) {
    signal::MiiWords words;
    const std::size_t count = first_words + (pairs - 1) * pair_words;
    words.push_idle(7);
    words.push(0xd5555555555555fb, 1);
    for (std::size_t i = 8; i < count; ++i) words.push(i * 0x0101010101u, 0);
    Clause119Transmit transmit({.rate_gbps = rate, .status = remote_degraded_bit, .delete_idles = false});
    transmit.process(words, messages);
    transmit.finish(messages);
  }
};

TEST(Clause119Receive, UncorrectableSpoilsThePairAndFourMoreBlocks) {
  for (const int rate : {400, 200}) {
    const Numbered sent(rate, 6);
    for (const std::size_t bad : {std::size_t{6}, std::size_t{7}}) {  // A, then B, of pair 3
      Clause119Receive receive({.rate_gbps = rate});
      Clause119ReceiveTaps taps;
      receive.tap(&taps);
      Outcomes outcomes(sent.messages.count);
      outcomes[bad].symbols = signal::DecodeOutcome::uncorrectable;
      signal::MiiWords words;
      receive.process(sent.messages, outcomes, words);
      receive.finish(words);
      const std::size_t from = sent.first_words + 2 * pair_words, to = from + pair_words + 4;
      ASSERT_EQ(words.size(), sent.first_words + 5 * pair_words);
      for (std::size_t i = 8; i < words.size(); ++i) {
        const bool spoilt = i >= from && i < to;
        ASSERT_EQ(words.data[i], spoilt ? mii::error_word : i * 0x0101010101u) << i;
        ASSERT_EQ(taps.blocks66.header[i], spoilt ? signal::invalid_header : signal::data_header) << i;
      }
      EXPECT_EQ(receive.report().marked_pairs, 1u);
      EXPECT_TRUE(receive.report().rx_rm_degraded);
      EXPECT_FALSE(receive.report().rx_local_degraded);
    }
    Clause119Receive bypassed({.rate_gbps = rate, .bypass_error_indication = true});
    Outcomes outcomes(sent.messages.count);
    outcomes[6].symbols = signal::DecodeOutcome::uncorrectable;
    signal::MiiWords words;
    bypassed.process(sent.messages, outcomes, words);
    for (std::size_t i = 8; i + 1 < words.size(); ++i) ASSERT_EQ(words.data[i], i * 0x0101010101u);
    EXPECT_EQ(bypassed.report().marked_pairs, 0u);
  }
}

TEST(Clause119Receive, StatusBitsFollowEachMarkerGroup) {
  Clause119Transmit transmit({.rate_gbps = 200, .status = local_degraded_bit});
  Clause119Receive receive({.rate_gbps = 200});
  signal::MiiWords words, out;
  words.push_idle(2048 * pair_words);
  signal::Codewords messages;
  transmit.process(words, messages);
  receive.process(messages, Outcomes(messages.count), out);
  EXPECT_TRUE(receive.report().rx_local_degraded);
  EXPECT_FALSE(receive.report().rx_rm_degraded);
  transmit.set_status(remote_degraded_bit);
  messages.resize(0);
  words.clear();
  words.push_idle(400);
  transmit.process(words, messages);
  receive.process(messages, Outcomes(messages.count), out);
  EXPECT_FALSE(receive.report().rx_local_degraded);
  EXPECT_TRUE(receive.report().rx_rm_degraded);
  EXPECT_EQ(receive.report().status, remote_degraded_bit);
}

TEST(Clause119Receive, HiSerHoldsBlocksBad) {
  // 4096 pairs a window; 0.512 ms are 20000 pairs of 400G, 10000 of 200G.
  for (const int rate : {400, 200}) {
    Clause119Receive receive({.rate_gbps = rate, .bypass_error_indication = true, .hi_ser_hold_ms = 0.512});
    const std::uint64_t hold = rate == 400 ? 20000 : 10000;
    signal::Codewords one;
    one.resize(2);
    signal::MiiWords out;
    Outcomes outcomes(2);
    const auto window = [&](std::uint64_t symbols) {
      for (std::size_t p = 0; p < 4096; ++p) {
        outcomes[0].symbols = static_cast<std::int16_t>(symbols / 4096 + (p < symbols % 4096));
        receive.process(one, outcomes, out);
        out.clear();
      }
    };
    window(5560);
    EXPECT_FALSE(receive.report().hi_ser);
    window(5561);
    EXPECT_TRUE(receive.report().hi_ser);
    EXPECT_EQ(receive.report().hi_ser_events, 1u);
    EXPECT_EQ(receive.report().marked_pairs, 0u);
    for (int i = 0; i < 5; ++i) window(0);
    EXPECT_EQ(receive.report().marked_pairs, std::min<std::uint64_t>(hold, 5 * 4096));
    EXPECT_EQ(receive.report().hi_ser, false);
  }
}

TEST(Clause119Receive, DegradeHasTwoThresholds) {
  Clause119Receive receive({.degrade = {true, 4, 10, 5}});
  signal::Codewords one;
  one.resize(2);
  signal::MiiWords out;
  const auto interval = [&](int first, int second) {
    Outcomes outcomes(2);
    for (const int symbols : {first, second}) {
      outcomes[1].symbols = static_cast<std::int16_t>(symbols);
      receive.process(one, outcomes, out);
    }
    return receive.report().fec_degraded_ser;
  };
  EXPECT_FALSE(interval(5, 5));
  EXPECT_TRUE(interval(5, 6));
  EXPECT_TRUE(interval(0, 5));
  EXPECT_FALSE(interval(0, 4));
  EXPECT_FALSE(interval(3, 7));
  EXPECT_TRUE(interval(-1, 0)) << "an uncorrectable codeword counts as 16";
  EXPECT_EQ(receive.report().fec_degraded_ser_events, 2u);
}

TEST(Clause119Receive, BreaksGiveLocalFaultAndANewPeriod) {
  const Numbered sent(400, 3);
  Clause119Aligned batch;
  batch.codewords.resize(8);
  std::copy_n(sent.messages.at(0), 4 * 85, batch.codewords.at(0));
  std::copy_n(sent.messages.at(0), 4 * 85, batch.codewords.at(4));
  batch.breaks = {{0, 128}, {2, 256}, {4, 1}};
  const Outcomes outcomes(8);
  Clause119Receive receive({});
  signal::MiiWords words;
  receive.process(batch, outcomes, words);
  EXPECT_EQ(receive.report().fault_words, 20479u * 3 + 159);
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.control[i] == 1 && (words.data[i] & 0xff) == mii::start) starts.push_back(i);
  }
  EXPECT_EQ(starts, (std::vector<std::size_t>{20479 + 7, 20479 * 3 + 288 + 7}));
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(words.data[20479 + i], mii::error_word);
    EXPECT_EQ(words.data[20479 * 3 + 288 + i], mii::error_word);
  }
  EXPECT_EQ(words.data[20478], mii::local_fault);
  EXPECT_EQ(words.data.back(), mii::local_fault);
  // Only what the FEC loop lets through.
  Clause119Receive limited({});
  signal::MiiWords few;
  limited.process(batch, outcomes, few, 1);
  EXPECT_EQ(few.size(), 20479u + 288 - 1);
  EXPECT_THROW(limited.process(batch, Outcomes(7), few), InputError);
}

TEST(Clause119Receive, RefusesBadConfigs) {
  EXPECT_THROW(Clause119Receive({.rate_gbps = 800}), ConfigError);
  EXPECT_THROW(Clause119Receive({.hi_ser_hold_ms = 76}), ConfigError);
  EXPECT_THROW(Clause119Receive({.hi_ser_hold_ms = 0}), ConfigError);
  EXPECT_THROW(Clause119Receive({.degrade = {true, 3, 10, 5}}), ConfigError);
  EXPECT_THROW(Clause119Receive({.degrade = {true, 4, 10, 12}}), ConfigError);
}

}  // namespace
}  // namespace lightlane::pcs

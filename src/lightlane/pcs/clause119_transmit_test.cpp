#include "lightlane/pcs/clause119_transmit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::pcs {
namespace {

namespace mii = signal::mii;

signal::MiiWords traffic(std::size_t words, std::uint64_t seed) {
  signal::MiiWords out;
  const RandomStream random(seed, "clause119.traffic", 0);
  std::uint64_t k = 0;
  while (out.size() < words) {
    const std::uint64_t r = random.bits(k++);
    out.push_idle(1 + r % 3);
    out.push(0xd5555555555555fb, 1);
    for (std::uint64_t i = 0; i < (r >> 8) % 60; ++i) out.push(random.bits(k++), 0);
    const unsigned lane = (r >> 20) & 7;
    out.push((random.bits(k++) & ((std::uint64_t{1} << (8 * lane)) - 1)) | (mii::idle_word - 7 + 0xfd)
                                                                               << (8 * lane),
             static_cast<std::uint8_t>(0xff << lane));
  }
  out.data.resize(words);
  out.control.resize(words);
  return out;
}

/// The clause, bit by bit, on a vector of bits: 66-bit blocks to the stream of one run of pairs.
std::vector<bool> slow_stream(const signal::Blocks66& blocks, const Clause119Sizes& sizes,
                              std::uint64_t state, unsigned pad_state, unsigned status) {
  std::vector<bool> stream, shift;
  for (unsigned i = 0; i < 58; ++i) shift.push_back(state >> i & 1);  // oldest first
  PadGenerator pad(pad_state);
  std::size_t next = 0, block_index = 0;
  while (next < blocks.size()) {
    if (block_index % (sizes.period_pairs * 40) == 0) {
      const BitVector group = marker_group(sizes, pad, status);
      for (std::size_t i = 0; i < group.size(); ++i) stream.push_back(group[i]);
      block_index += sizes.marker_blocks;
    }
    const Block257 block = transcode(&blocks.payload[next], &blocks.header[next]);
    for (unsigned i = 0; i < 257; ++i) {
      const bool in = i == 0 ? block.first : (block.rest[(i - 1) / 64] >> ((i - 1) % 64) & 1);
      const bool out = in ^ shift[shift.size() - 39] ^ shift[shift.size() - 58];
      shift.push_back(out);
      stream.push_back(out);
    }
    next += 4;
    ++block_index;
  }
  return stream;
}

TEST(Clause119Transmit, StreamFollowsTheClauseBitByBit) {
  for (const int rate : {400, 200}) {
    const Clause119Sizes& sizes = clause119_sizes(rate);
    const std::size_t count = pair_words * 5 - sizes.marker_words();
    const signal::MiiWords words = traffic(count, 1);
    Clause119TransmitConfig config{.rate_gbps = rate,
                                   .scrambler_state = 0x1234567890abcdeull,
                                   .pad_state = 0x155,
                                   .status = 0b110,
                                   .delete_idles = false};
    Clause119Transmit stage(config);
    Clause119TransmitTaps taps;
    stage.tap(&taps);
    signal::Codewords messages;
    stage.process(words, messages);
    stage.finish(messages);
    ASSERT_EQ(messages.count, 10u);
    Block66Encoder encoder(block66_kernels().front().function);
    signal::Blocks66 blocks;
    encoder.process(words, blocks);
    EXPECT_EQ(taps.blocks66.payload, blocks.payload);
    EXPECT_EQ(taps.blocks66.header, blocks.header);
    EXPECT_EQ(taps.blocks257.size(), count / 4 * 257);
    const auto expected = slow_stream(blocks, sizes, config.scrambler_state, config.pad_state, config.status);
    ASSERT_EQ(expected.size(), 5 * pair_bits);
    ASSERT_EQ(taps.stream.size(), 5 * pair_bits);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(taps.stream[i], expected[i]) << i;
      const std::size_t pair = i / pair_bits, symbol = i % pair_bits / 10;
      const unsigned value = signal::get_symbol(messages.at(2 * pair + symbol % 2), symbol / 2);
      ASSERT_EQ(value >> (i % 10) & 1, expected[i] ? 1u : 0u);
    }
  }
}

TEST(Clause119Transmit, MarkerGroupsComeEveryPeriodAndIdlesMakeRoom) {
  for (const int rate : {400, 200}) {
    const Clause119Sizes& sizes = clause119_sizes(rate);
    Clause119Transmit stage({.rate_gbps = rate});
    signal::Codewords messages;
    // Two periods of time at the MII.
    const std::size_t time = 2 * sizes.period_pairs * pair_words;
    signal::MiiWords words;
    words.push_idle(time);
    stage.process(words, messages);
    EXPECT_EQ(messages.count, 4 * sizes.period_pairs);
    const auto report = stage.report();
    EXPECT_EQ(report.marker_groups, 2u);
    EXPECT_EQ(report.rate.deleted, 2 * sizes.marker_words());
    EXPECT_EQ(report.rate.overflows, 0u);
    for (const std::size_t pair : {std::size_t{0}, sizes.period_pairs}) {
      signal::BitLanes lanes(sizes.lanes);
      signal::Codewords one;
      one.resize(2);
      std::copy_n(messages.at(2 * pair), 170, one.words.begin());
      Clause119Distribute distribute(rate);
      distribute.process(one, lanes);
      for (unsigned l = 0; l < sizes.lanes; ++l) {
        const Marker& marker = clause119_marker(rate, l);
        for (unsigned bit = 0; bit < 120; bit += 8) ASSERT_EQ(lanes[l].bits.read(bit, 8), marker[bit / 8]);
      }
    }
  }
}

TEST(Clause119Transmit, ChunksDoNotMatter) {
  const signal::MiiWords words = traffic(5000, 9);
  Clause119Transmit whole({});
  signal::Codewords expected;
  whole.process(words, expected);
  whole.finish(expected);
  for (const std::size_t chunk : {1u, 33u, 160u, 999u}) {
    Clause119Transmit stage({});
    signal::Codewords messages;
    for (std::size_t i = 0; i < words.size(); i += chunk) {
      signal::MiiWords part;
      for (std::size_t j = i; j < std::min(words.size(), i + chunk); ++j)
        part.push(words.data[j], words.control[j]);
      stage.process(part, messages);
    }
    stage.finish(messages);
    EXPECT_EQ(messages.words, expected.words);
  }
  whole.reset();
  signal::Codewords again;
  whole.process(words, again);
  whole.finish(again);
  EXPECT_EQ(again.words, expected.words);
}

TEST(Clause119Transmit, VectorModeWantsWholePairs) {
  Clause119Transmit stage({.delete_idles = false});
  signal::Codewords messages;
  stage.process(traffic(129, 2), messages);
  EXPECT_EQ(messages.count, 2u);
  EXPECT_THROW(stage.finish(messages), InputError);
}

TEST(Clause119Transmit, RefusesBadConfigs) {
  EXPECT_THROW(Clause119Transmit({.rate_gbps = 100}), ConfigError);
  EXPECT_THROW(Clause119Transmit({.scrambler_state = std::uint64_t{1} << 58}), ConfigError);
  EXPECT_THROW(Clause119Transmit({.pad_state = 512}), ConfigError);
  EXPECT_THROW(Clause119Transmit({.status = 8}), ConfigError);
  EXPECT_THROW(Clause119Transmit({.clock_ratio = Rational(2)}), ConfigError);
}

}  // namespace
}  // namespace lightlane::pcs

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/pcs/block66.hpp"
#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"

namespace lightlane::pcs {
namespace {

using clause82::block_bits;
using clause82::blocks_per_period;
using clause82::lanes;
using signal::BitLanes;
using signal::Blocks66;
using signal::MiiWords;

/// Idles, frames of 60 to 300 octets, now and then an ordered set.
MiiWords traffic(std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed, "clause82.test", 0);
  MiiWords words;
  std::uint64_t draw = 0;
  while (words.size() < count) {
    words.push_idle(1 + random.bits(draw++) % 4);
    if (random.bits(draw++) % 16 == 0) words.push(signal::mii::remote_fault, 1);
    words.push(random.bits(draw++) << 8 | signal::mii::start, 1);
    const std::uint64_t length = 7 + random.bits(draw++) % 30;
    for (std::uint64_t i = 0; i < length; ++i) words.push(random.bits(draw++), 0);
    words.push(signal::mii::idle_word - signal::mii::idle + signal::mii::terminate, 0xff);
  }
  words.data.resize(count);
  words.control.resize(count);
  return words;
}

Blocks66 marked(const MiiWords& words) {
  Block66Encoder encoder;
  Clause82Mark mark;
  Blocks66 encoded, out;
  encoder.process(words, encoded);
  mark.process(encoded, out);
  return out;
}

BitLanes distributed(const Blocks66& blocks) {
  Clause82Distribute distribute;
  BitLanes out;
  distribute.process(blocks, out);
  return out;
}

/// Lane i of the result is lane order[i] behind `skew[i]` random bits.
BitLanes disturbed(const BitLanes& in, const std::vector<unsigned>& order, const std::vector<unsigned>& skew) {
  BitLanes out(lanes);
  for (unsigned l = 0; l < lanes; ++l) {
    const RandomStream random(7, "clause82.lead", l);
    for (unsigned i = 0; i < skew[l]; ++i) out[l].bits.append(random.bits(i), 1);
    out[l].bits.append(in[order[l]].bits);
  }
  return out;
}

std::vector<unsigned> shuffled(std::uint64_t seed) {
  const RandomStream random(seed, "clause82.order", 0);
  std::vector<unsigned> order(lanes);
  std::iota(order.begin(), order.end(), 0u);
  for (unsigned i = lanes - 1; i > 0; --i) std::swap(order[i], order[random.bits(i) % (i + 1)]);
  return order;
}

std::vector<unsigned> skews(std::uint64_t seed, unsigned limit) {
  const RandomStream random(seed, "clause82.skew", 0);
  std::vector<unsigned> skew(lanes);
  for (unsigned i = 0; i < lanes; ++i) skew[i] = static_cast<unsigned>(random.bits(i) % (limit + 1));
  skew[3] = 0;
  skew[11] = limit;
  return skew;
}

std::size_t first_aligned(const Blocks66& blocks, std::size_t from = 0) {
  while (from < blocks.size() && blocks.header[from] == clause82::unaligned_header) ++from;
  return from;
}

void expect_equal(const Blocks66& a, const Blocks66& b) {
  ASSERT_EQ(a.size(), b.size());
  EXPECT_TRUE(a.payload == b.payload);
  EXPECT_TRUE(a.header == b.header);
}

TEST(Clause82Markers, FollowTheTable) {
  // Whole octets of four lanes as table 82-2 prints them.
  EXPECT_EQ(clause82::marker_payload(0, 0), 0xffde973e002168c1u);
  EXPECT_EQ(clause82::marker_payload(6, 0xff), 0x00d9b565ff264a9au);
  EXPECT_EQ(clause82::marker_payload(16, 0x5a), 0xa5b3ce3b5a4c31c4u);
  EXPECT_EQ(clause82::marker_payload(19, 0), 0xff1a0f3f00e5f0c0u);
  for (unsigned lane = 0; lane < lanes; ++lane) {
    const std::uint64_t marker = clause82::marker_payload(lane, static_cast<std::uint8_t>(lane * 11));
    EXPECT_EQ(std::popcount(marker), 32);
    EXPECT_EQ(clause82::lane_of_marker(marker, signal::control_header), static_cast<int>(lane));
    EXPECT_EQ(clause82::lane_of_marker(marker, signal::data_header), -1);
    EXPECT_EQ(clause82::lane_of_marker(marker ^ 1u << 23, signal::control_header), -1);
    EXPECT_EQ(clause82::lane_of_marker(marker ^ std::uint64_t{1} << 55, signal::control_header), -1);
    EXPECT_EQ(clause82::lane_of_marker(marker ^ 0x80000001'80000001u ^ 0x0000000100000001u, signal::control_header),
              static_cast<int>(lane));
  }
}

TEST(Clause82Markers, BipCountsTheBitsOfTheTable) {
  const RandomStream random(1, "clause82.bip", 0);
  for (unsigned blocks = 0; blocks < 40; ++blocks) {
    clause82::Bip bip;
    unsigned parity = 0;
    for (unsigned i = 0; i < blocks; ++i) {
      const std::uint64_t payload = random.bits(2 * i + 100 * blocks);
      const auto header = static_cast<std::uint8_t>(random.bits(2 * i + 1 + 100 * blocks) & 3);
      bip.add(payload, header);
      for (unsigned b = 0; b < block_bits; ++b) {
        const bool bit = b < 2 ? header >> b & 1 : payload >> (b - 2) & 1;
        // Rows of table 82-4: 2,10,..58 | 3,..59 | 4,..60 | 0,5,..61 | 1,6,..62 | 7,..63 | 8,..64 | 9,..65
        static constexpr unsigned row_of[10] = {3, 4, 0, 1, 2, 3, 4, 5, 6, 7};
        const unsigned row = row_of[b < 10 ? b : 2 + (b - 2) % 8];
        ASSERT_EQ(clause82::bip_bit_of(b), row);
        parity ^= unsigned{bit} << row;
      }
    }
    ASSERT_EQ(bip.value(), parity) << blocks;
  }
}

TEST(Clause82Kernels, EveryVariantEqualsTheReference) {
  const RandomStream random(2, "clause82.kernels", 0);
  const auto& ref = clause82::kernels().front().function;
  for (const auto& kernel : clause82::kernels()) {
    if (kernel.variant > supported_variant()) continue;
    SCOPED_TRACE(name(kernel.variant));
    for (std::size_t count = 0; count < 70; ++count) {
      std::vector<std::uint64_t> in(count), a(count), b(count);
      std::vector<std::uint8_t> header(count), header_a(count), header_b(count);
      for (std::size_t i = 0; i < count; ++i) {
        in[i] = random.bits(i + 1000 * count);
        header[i] = static_cast<std::uint8_t>(random.bits(i + 1000 * count + 500) & 3);
      }
      clause82::ScramblerWord last_a = random.bits(count), last_b = last_a;
      ref.scramble(last_a, in.data(), a.data(), count);
      kernel.function.scramble(last_b, in.data(), b.data(), count);
      EXPECT_EQ(a, b);
      EXPECT_EQ(last_a, last_b);
      clause82::ScramblerWord last_c = random.bits(count);
      last_b = last_c;
      ref.descramble(last_c, in.data(), b.data(), count);
      std::vector<std::uint64_t> c(count);
      kernel.function.descramble(last_b, in.data(), c.data(), count);
      EXPECT_EQ(b, c);
      EXPECT_EQ(last_c, last_b);
      for (const std::size_t stride : {1u, 3u, 20u}) {
        const std::size_t of_lane = count / stride, bit = random.bits(count + 77) % 130;
        BitVector lane_a(bit + of_lane * block_bits), lane_b(bit + of_lane * block_bits);
        for (std::size_t i = 0; i < bit; ++i) {
          lane_a.set(i, random.bits(i) & 1);
          lane_b.set(i, random.bits(i) & 1);
        }
        ref.pack(in.data(), header.data(), of_lane, stride, lane_a.words(), bit);
        kernel.function.pack(in.data(), header.data(), of_lane, stride, lane_b.words(), bit);
        ASSERT_TRUE(lane_a == lane_b) << count << " " << stride << " " << bit;
        ref.unpack(lane_a.words(), bit, of_lane, stride, a.data(), header_a.data());
        kernel.function.unpack(lane_a.words(), bit, of_lane, stride, b.data(), header_b.data());
        for (std::size_t i = 0; i < of_lane; ++i) {
          ASSERT_EQ(a[i * stride], in[i * stride]);
          ASSERT_EQ(b[i * stride], in[i * stride]) << bit;
          ASSERT_EQ(header_a[i * stride], header[i * stride]);
          ASSERT_EQ(header_b[i * stride], header[i * stride]);
        }
      }
    }
  }
}

TEST(Clause82Kernels, ScramblerFollowsItsPolynomial) {
  const RandomStream random(3, "clause82.scrambler", 0);
  std::vector<int> bits(58);  // out[-58] .. out[-1]
  const std::uint64_t s = random.bits(0) >> 6;
  for (unsigned i = 0; i < 58; ++i) bits[i] = static_cast<int>(s >> i & 1);
  std::vector<std::uint64_t> in(50), out(50);
  for (unsigned i = 0; i < 50; ++i) in[i] = random.bits(i + 1);
  clause82::ScramblerWord last = clause82::scrambler_word(s);
  select(clause82::kernels()).function.scramble(last, in.data(), out.data(), in.size());
  for (std::size_t n = 0; n < 50 * 64; ++n) {
    const int expected = static_cast<int>(in[n / 64] >> n % 64 & 1) ^ bits[n + 58 - 39] ^ bits[n];
    ASSERT_EQ(static_cast<int>(out[n / 64] >> n % 64 & 1), expected) << n;
    bits.push_back(expected);
  }
}

TEST(Clause82Mark, RefusesAStateOfMoreThan58Bits) {
  EXPECT_THROW(Clause82Mark({std::uint64_t{1} << 58}), ConfigError);
}

TEST(Clause82Mark, PutsARowOfMarkersIntoEveryPeriodAndCountsParity) {
  const MiiWords words = traffic(2 * clause82::words_per_period + 1000, 4);
  Block66Encoder encoder;
  Blocks66 encoded;
  encoder.process(words, encoded);
  Clause82Mark mark({0x123456789abcdu});
  Blocks66 out;
  mark.process(encoded, out);
  ASSERT_EQ(out.size(), encoded.size() + 3 * lanes);
  EXPECT_EQ(mark.report().marker_rows, 3u);
  unsigned parity[lanes] = {};
  clause82::ScramblerWord last = clause82::scrambler_word(0x123456789abcdu);
  std::size_t plain = 0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const unsigned lane = n % lanes;
    if (n % blocks_per_period < lanes) {
      ASSERT_EQ(clause82::lane_of_marker(out.payload[n], out.header[n]), static_cast<int>(lane));
      ASSERT_EQ(out.payload[n] >> 24 & 0xff, parity[lane]);
      ASSERT_EQ(out.payload[n] >> 56, parity[lane] ^ 0xff);
      parity[lane] = 0;
    } else {
      std::uint64_t descrambled;
      clause82::kernels().front().function.descramble(last, &out.payload[n], &descrambled, 1);
      ASSERT_EQ(descrambled, encoded.payload[plain]);
      ASSERT_EQ(out.header[n], encoded.header[plain++]);
    }
    for (unsigned b = 0; b < block_bits; ++b) {
      const bool bit = b < 2 ? out.header[n] >> b & 1 : out.payload[n] >> (b - 2) & 1;
      parity[lane] ^= unsigned{bit} << clause82::bip_bit_of(b);
    }
  }
}

TEST(Clause82Mark, AnyChunksGiveTheSameStreamAndLanes) {
  const MiiWords words = traffic(clause82::words_per_period + 5000, 5);
  Block66Encoder encoder;
  Blocks66 encoded;
  encoder.process(words, encoded);
  Blocks66 whole;
  Clause82Mark mark_whole(Clause82MarkConfig{}, clause82::kernels().front().function);
  mark_whole.process(encoded, whole);
  Clause82Distribute distribute_whole(clause82::kernels().front().function);
  BitLanes lanes_whole;
  distribute_whole.process(whole, lanes_whole);

  const RandomStream random(6, "clause82.chunks", 0);
  Clause82Mark mark;
  Clause82Distribute distribute;
  Blocks66 all;
  BitLanes lanes_all;
  std::uint64_t draw = 0;
  for (std::size_t i = 0; i < encoded.size();) {
    const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 3000, encoded.size() - i);
    Blocks66 chunk, out;
    for (std::size_t k = i; k < i + count; ++k) chunk.push(encoded.payload[k], encoded.header[k]);
    mark.process(chunk, out);
    EXPECT_EQ(out.first_index, all.size());
    BitLanes part;
    distribute.process(out, part);
    if (lanes_all.size() == 0) lanes_all.lanes.resize(lanes);
    for (unsigned l = 0; l < lanes && part.size() != 0; ++l) {
      if (!part[l].bits.empty()) {
        EXPECT_EQ(part[l].first_index, lanes_all[l].bits.size());
      }
      lanes_all[l].bits.append(part[l].bits);
    }
    all.payload.insert(all.payload.end(), out.payload.begin(), out.payload.end());
    all.header.insert(all.header.end(), out.header.begin(), out.header.end());
    i += count;
  }
  expect_equal(all, whole);
  for (unsigned l = 0; l < lanes; ++l) EXPECT_TRUE(lanes_all[l].bits == lanes_whole[l].bits) << l;
  // Round robin, block by block.
  for (std::size_t n = 0; n < whole.size(); n += 997) {
    const std::size_t at = n / lanes * block_bits;
    EXPECT_EQ(lanes_all[n % lanes].bits.read(at, 2), whole.header[n]);
    EXPECT_EQ(lanes_all[n % lanes].bits.read(at + 2, 64), whole.payload[n]);
  }
}

class Clause82Street : public testing::Test {
 protected:
  // Four periods and a bit, made once.
  static void SetUpTestSuite() {
    words = new MiiWords(traffic(4 * clause82::words_per_period + 20000, 8));
    sent = new Blocks66(marked(*words));
    wire = new BitLanes(distributed(*sent));
  }
  static void TearDownTestSuite() {
    delete words;
    delete sent;
    delete wire;
  }
  /// The stretch of `got` from `from` equals what was sent from block `at` on.
  static void expect_sent(const Blocks66& got, std::size_t from, std::size_t at, std::size_t count) {
    ASSERT_LE(from + count, got.size());
    ASSERT_LE(at + count, sent->size());
    EXPECT_TRUE(std::equal(got.payload.begin() + static_cast<std::ptrdiff_t>(from),
                           got.payload.begin() + static_cast<std::ptrdiff_t>(from + count),
                           sent->payload.begin() + static_cast<std::ptrdiff_t>(at)));
    EXPECT_TRUE(std::equal(got.header.begin() + static_cast<std::ptrdiff_t>(from),
                           got.header.begin() + static_cast<std::ptrdiff_t>(from + count),
                           sent->header.begin() + static_cast<std::ptrdiff_t>(at)));
  }
  static inline MiiWords* words;
  static inline Blocks66* sent;
  static inline BitLanes* wire;
};

TEST(Clause82Transmit, DeletesTwentyIdleWordsPerPeriodAndTakesAnyChunks) {
  const MiiWords in = traffic(2 * blocks_per_period - 7, 21);
  Clause82Transmit whole_transmit, transmit;
  Blocks66 whole, all, encoded;
  whole_transmit.process(in, whole, &encoded);
  EXPECT_NEAR(static_cast<double>(whole.size()), static_cast<double>(in.size()), 5);
  EXPECT_NEAR(static_cast<double>(whole_transmit.report().compensation.deleted), 2.0 * lanes, 5);
  EXPECT_EQ(encoded.size() + 2 * lanes, whole.size());
  EXPECT_EQ(whole_transmit.report().encoder.error_blocks, 0u);
  const RandomStream random(22, "clause82.chunks", 0);
  std::uint64_t draw = 0;
  for (std::size_t i = 0; i < in.size();) {
    const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 5000, in.size() - i);
    MiiWords chunk;
    for (std::size_t k = i; k < i + count; ++k) chunk.push(in.data[k], in.control[k]);
    transmit.process(chunk, all);
    i += count;
  }
  expect_equal(all, whole);
  transmit.finish(all);
  EXPECT_EQ(all.size() % 80, 0u);
  EXPECT_THROW(Clause82Transmit({0, true, Rational(1002, 1000)}), ConfigError);
  // Back again: idles come where markers were, and no frame is touched.
  Clause82Receive receive;
  RateCompensation insertion({clause82_insertion_ratio()});
  MiiWords words, back;
  receive.process(whole, words);
  receive.finish(words);
  insertion.process(words, back);
  EXPECT_NEAR(static_cast<double>(back.size()), static_cast<double>(in.size()), 8);
  const auto frames = [](const MiiWords& from) {
    std::vector<std::uint64_t> data;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from.control[i] != 0xff && from.control[i] != 1) data.push_back(from.data[i]);
    }
    return data;
  };
  // The first block is lost behind alignment; it is an idle.
  EXPECT_TRUE(frames(back) == frames(in));
}

TEST_F(Clause82Street, AlignsAnyOrderSkewAndPhase) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto order = shuffled(seed);
    const auto skew = skews(seed, seed == 0 ? 928 : 500);
    const BitLanes in = disturbed(*wire, order, skew);
    Clause82Align align;
    Blocks66 got;
    align.process(in, got);
    const auto report = align.report();
    ASSERT_TRUE(report.align_status);
    EXPECT_EQ(report.alignments, 1u);
    for (unsigned l = 0; l < lanes; ++l) {
      EXPECT_EQ(report.lanes[l].pcs_lane, static_cast<int>(order[l]));
      EXPECT_EQ(report.lanes[l].skew_bits, skew[l]);
      EXPECT_EQ(report.bip[l].errored_bits, 0u);
      EXPECT_EQ(report.bip[l].markers, 2u);
    }
    const std::size_t from = first_aligned(got);
    // Block lock takes 64 blocks and more, so the first row of markers is missed and the second and third count.
    const std::size_t at = 2 * blocks_per_period;
    EXPECT_EQ(from % lanes, 0u);
    EXPECT_EQ(report.unaligned_blocks, from);
    EXPECT_GE(got.size() - from, sent->size() - at - 15 * lanes);
    expect_sent(got, from, at, got.size() - from);
  }
}

TEST_F(Clause82Street, ReceivesTheWordsThatWereSent) {
  const BitLanes in = disturbed(*wire, shuffled(9), skews(9, 900));
  Clause82Align align;
  Clause82Receive receive;
  Blocks66 got;
  MiiWords out;
  align.process(in, got);
  receive.process(got, out);
  receive.finish(out);
  // Neither markers nor their time without alignment give words.
  std::size_t from = first_aligned(got);
  from -= lanes * ((from + blocks_per_period - 1) / blocks_per_period);
  for (std::size_t i = 0; i < from; ++i) {
    ASSERT_EQ(out.data[i], signal::mii::local_fault);
    ASSERT_EQ(out.control[i], 1);
  }
  // The first block behind alignment is lost; a frame that began before it is lost to its end.
  const std::size_t at = 2 * clause82::words_per_period;
  std::size_t start = 1;
  while (words->control[at + start] == 0) ++start;
  ASSERT_LT(start, 60u);
  std::size_t compared = 0;
  for (std::size_t i = start + 1; from + i + 2 < out.size(); ++i, ++compared) {
    const std::size_t period_words = at + i;
    ASSERT_EQ(out.data[from + i], words->data[period_words]) << i;
    ASSERT_EQ(out.control[from + i], words->control[period_words]) << i;
  }
  EXPECT_GT(compared, clause82::words_per_period);
  EXPECT_EQ(receive.report().local_fault_words, from);
  EXPECT_EQ(receive.report().bad_headers, 0u);
}

TEST_F(Clause82Street, ChunksDoNotMatterNeitherForLanesApart) {
  BitLanes in = disturbed(*wire, shuffled(10), skews(10, 900));
  // A hundred random bits wrong, and a lane that slips in the middle.
  const RandomStream random(11, "clause82.errors", 0);
  for (unsigned i = 0; i < 100; ++i) in[i % lanes].bits.flip(random.bits(i) % in[i % lanes].bits.size());
  BitVector slipped;
  slipped.append(in[5].bits, 0, 3'000'000);
  slipped.append(in[5].bits, 3'000'001, in[5].bits.size() - 3'000'001);
  in[5].bits = slipped;
  Clause82Align whole_align, align;
  Blocks66 whole, all;
  whole_align.process(in, whole);
  std::vector<std::size_t> at(lanes, 0);
  std::uint64_t draw = 1000;
  for (bool more = true; more;) {
    more = false;
    BitLanes part(lanes);
    for (unsigned l = 0; l < lanes; ++l) {
      const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 60000, in[l].bits.size() - at[l]);
      part[l].first_index = at[l];
      part[l].bits.append(in[l].bits, at[l], count);
      at[l] += count;
      more = more || at[l] < in[l].bits.size();
    }
    Blocks66 out;
    align.process(part, out);
    EXPECT_EQ(out.first_index, all.size());
    all.payload.insert(all.payload.end(), out.payload.begin(), out.payload.end());
    all.header.insert(all.header.end(), out.header.begin(), out.header.end());
  }
  expect_equal(all, whole);
  const auto a = align.report(), b = whole_align.report();
  EXPECT_EQ(a.losses, 1u);
  EXPECT_EQ(a.losses, b.losses);
  EXPECT_EQ(a.blocks, b.blocks);
  EXPECT_EQ(a.lanes[5].block_lock_losses, 1u);
  for (unsigned l = 0; l < lanes; ++l) EXPECT_EQ(a.bip[l].errored_bits, b.bip[l].errored_bits);

  // The same for the upper part.
  Clause82Receive whole_receive, receive;
  MiiWords whole_words, all_words;
  whole_receive.process(whole, whole_words);
  whole_receive.finish(whole_words);
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 9000, all.size() - i);
    Blocks66 chunk;
    for (std::size_t k = i; k < i + count; ++k) chunk.push(all.payload[k], all.header[k]);
    receive.process(chunk, all_words);
    i += count;
  }
  receive.finish(all_words);
  EXPECT_TRUE(whole_words.data == all_words.data);
  EXPECT_TRUE(whole_words.control == all_words.control);
}

TEST_F(Clause82Street, LosesAlignmentAndFindsItAgain) {
  // Lane 4 slips by one bit early in the third period, after alignment at the second row of markers.
  BitLanes in = disturbed(*wire, shuffled(12), std::vector<unsigned>(lanes, 66 * 100));
  const std::size_t slip = 66 * 100 + 66 * (2 * clause82::marker_period + 500) + 17;
  BitVector slipped;
  slipped.append(in[4].bits, 0, slip);
  slipped.append(1, 1);
  slipped.append(in[4].bits, slip, in[4].bits.size() - slip);
  in[4].bits = slipped;
  Clause82Align align;
  Blocks66 got;
  align.process(in, got);
  const auto report = align.report();
  EXPECT_EQ(report.alignments, 2u);
  EXPECT_EQ(report.losses, 1u);
  EXPECT_TRUE(report.align_status);
  EXPECT_EQ(report.lanes[4].skew_bits, 1u);
  const std::size_t first = first_aligned(got);
  std::size_t lost = first;
  while (got.header[lost] != clause82::unaligned_header) ++lost;
  EXPECT_EQ(first, (100 + 2 * clause82::marker_period) * lanes);
  // 65 bad headers among random ones take about 130 blocks, but each window of 1024 begins afresh.
  EXPECT_GT(lost - first, (500 + 65) * lanes);
  EXPECT_LT(lost - first, (500 + 1300) * lanes);
  expect_sent(got, first, 2 * blocks_per_period, 500 * lanes);
  const std::size_t again = first_aligned(got, lost);
  // Relocked by the rows of markers of period 3 and 4 (counted from 0).
  expect_sent(got, again, 4 * blocks_per_period, got.size() - again);
  EXPECT_GT(got.size() - again, 900 * lanes);
}

TEST_F(Clause82Street, FourBadMarkersInARowAreTooMany) {
  // One letter per marker: good or bad.
  for (const std::string markers : {"ggbbbgg", "ggbbbgbbbg", "ggbbbbg"}) {
    clause82::LaneSync sync;
    signal::BitLanes::Lane lane;
    const RandomStream random(13, "clause82.markers", 0);
    for (std::uint64_t block = 0; block < markers.size() * clause82::marker_period; ++block) {
      const bool marker = block % clause82::marker_period == 100;
      lane.bits.append(marker ? 1 : 2, 2);
      std::uint64_t payload = marker ? clause82::marker_payload(7, 3) : random.bits(block);
      if (marker && markers[block / clause82::marker_period] == 'b') payload ^= 4;
      lane.bits.append(payload, 64);
    }
    sync.append(lane);
    const bool lost = markers.find("bbbb") != std::string::npos;
    EXPECT_EQ(sync.report().marker_lock_losses, lost ? 1u : 0u) << markers;
    EXPECT_EQ(sync.report().bad_markers, static_cast<std::uint64_t>(std::count(markers.begin(), markers.end(), 'b')));
    EXPECT_EQ(sync.report().pcs_lane, lost ? -1 : 7);
  }
}

TEST_F(Clause82Street, BlockLockTakes65BadHeadersIn1024) {
  for (const unsigned bad : {64u, 65u}) {
    clause82::LaneSync sync;
    signal::BitLanes::Lane lane;
    for (unsigned block = 0; block < 64 + 2 * 1024; ++block) {
      // At the end of one window, and 64 more at the beginning of the next.
      const bool invalid = block >= 64 + 1024 - bad && block < 64 + 1024 + 64;
      lane.bits.append(invalid ? 3 : 2, 2);
      lane.bits.append(0x5555555555555555u, 64);
    }
    sync.append(lane);
    EXPECT_EQ(sync.report().block_lock_losses, bad == 64 ? 0u : 1u);
    if (bad == 64) {
      EXPECT_EQ(sync.report().invalid_headers, 128u);
    }
  }
}

TEST_F(Clause82Street, RefusesTooMuchSkewAndTwins) {
  auto skew = skews(14, 928);
  skew[11] = 929;
  Clause82Align align;
  Blocks66 got;
  align.process(disturbed(*wire, shuffled(14), skew), got);
  EXPECT_FALSE(align.report().align_status);
  EXPECT_TRUE(align.report().excessive_skew);
  EXPECT_EQ(first_aligned(got), got.size());

  Clause82Align wider({1000});
  got.clear();
  wider.process(disturbed(*wire, shuffled(14), skew), got);
  EXPECT_TRUE(wider.report().align_status);

  auto order = shuffled(14);
  order[2] = order[3];
  align.reset();
  align.process(disturbed(*wire, order, skews(14, 100)), got);
  EXPECT_FALSE(align.report().align_status);
  EXPECT_TRUE(align.report().duplicate_lanes);
  EXPECT_THROW(Clause82Align({400'001}), ConfigError);
  EXPECT_THROW(align.process(BitLanes(4), got), InputError);
}

TEST_F(Clause82Street, CountsParityErrorsPerLane) {
  BitLanes in = *wire;
  const std::size_t third = 66 * 2 * clause82::marker_period;
  in[3].bits.flip(third + 66 * 50 + 10);  // payload
  in[3].bits.flip(third + 66 * 51 + 11);  // payload, next BIP bit
  in[8].bits.flip(third + 66 * 60);       // header
  in[9].bits.flip(third + 66 * 61 + 2);   // twice the same BIP bit: not seen
  in[9].bits.flip(third + 66 * 62 + 2);
  Clause82Align align;
  Blocks66 got;
  align.process(in, got);
  const auto report = align.report();
  ASSERT_TRUE(report.align_status);
  EXPECT_EQ(report.bip[3].errored_markers, 1u);
  EXPECT_EQ(report.bip[3].errored_bits, 2u);
  EXPECT_EQ(report.bip[8].errored_bits, 1u);
  EXPECT_EQ(report.bip[9].errored_bits, 0u);
  EXPECT_EQ(report.bip[4].errored_bits, 0u);
}

TEST_F(Clause82Street, HiBerNeeds97BadHeadersInAWindow) {
  for (const unsigned bad : {96u, 97u}) {
    Blocks66 in;  // the four periods twice
    for (std::size_t i = 0; i < 8 * blocks_per_period; ++i) {
      in.push(sent->payload[i % (4 * blocks_per_period)], sent->header[i % (4 * blocks_per_period)]);
    }
    for (unsigned i = 0; i < bad; ++i) in.header[1000 + 200 * i] = signal::invalid_header;
    for (unsigned i = 0; i < 300; ++i) in.header[40000 + i] = clause82::suppressed_header;
    Clause82Receive receive;
    MiiWords out;
    receive.process(in, out);
    const auto report = receive.report();
    EXPECT_EQ(report.hi_ber_windows, bad == 97 ? 1u : 0u);
    EXPECT_FALSE(report.hi_ber);
    EXPECT_EQ(report.suppressed_blocks, 300u);
    const std::size_t turns = 1000 + 200 * 96;
    EXPECT_EQ(out.data[turns - lanes - 1] == signal::mii::local_fault, bad == 97);
    EXPECT_NE(out.data[turns - lanes - 2], signal::mii::local_fault);
    // It lasts to the end of that window and of the next one, which has no bad header.
    const std::size_t window = clause82::hi_ber_window;
    const auto word = [&](std::size_t block) { return block - lanes * (block / blocks_per_period + 1); };
    if (bad == 97) {
      for (std::size_t i = turns; i < window; i += 1000) EXPECT_EQ(out.data[word(i + 30)], signal::mii::local_fault);
      EXPECT_EQ(report.local_fault_words, word(2 * window) - word(turns) + 1) << "hi_ber ends with a clean window";
    }
  }
}

TEST_F(Clause82Street, OfflineNeedsOneMarkerPerLane) {
  const MiiWords few = traffic(20 * 200, 15);
  const Blocks66 blocks = marked(few);
  const auto order = shuffled(15);
  const auto skew = skews(15, 928);
  BitLanes in = disturbed(distributed(blocks), order, skew);
  const auto plain = clause82_align_offline(in);
  ASSERT_TRUE(plain.has_value());
  for (unsigned l = 0; l < lanes; ++l) {
    EXPECT_EQ(plain->pcs_lane[l], static_cast<int>(order[l]));
    EXPECT_EQ(plain->skew[l], skew[l]);
  }
  expect_equal(plain->blocks, blocks);
  for (unsigned l = 0; l < lanes; ++l) {  // three errors in every marker, one in a header
    in[l].bits.flip(skew[l] + l % 2);
    in[l].bits.flip(skew[l] + 5);
    in[l].bits.flip(skew[l] + 37);
  }
  const auto hit = clause82_align_offline(in);
  ASSERT_TRUE(hit.has_value());
  EXPECT_EQ(hit->pcs_lane, plain->pcs_lane);
  EXPECT_EQ(hit->skew, plain->skew);
  in[6].bits.flip(skew[6] + 7);
  EXPECT_FALSE(clause82_align_offline(in).has_value());
  EXPECT_FALSE(clause82_align_offline(BitLanes(20)).has_value());
}

}  // namespace
}  // namespace lightlane::pcs

#include "lightlane/pcs/clause82_test_support.hpp"

namespace lightlane::pcs {
namespace {

using namespace test82;

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
    EXPECT_EQ(
        clause82::lane_of_marker(marker ^ 0x80000001'80000001u ^ 0x0000000100000001u, signal::control_header),
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

}  // namespace
}  // namespace lightlane::pcs

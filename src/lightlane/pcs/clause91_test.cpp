#include "lightlane/pcs/clause91_test_support.hpp"

namespace lightlane::pcs {
namespace {

using namespace test91;

TEST(Clause91Markers, GroupOpensAsPublished) {
  std::array<std::uint64_t, lanes> markers;
  for (unsigned l = 0; l < lanes; ++l)
    markers[l] = clause82::marker_payload(l, static_cast<std::uint8_t>(37 * l));
  for (const bool four_lane_pmd : {false, true}) {
    for (unsigned group = 0; group < 3; ++group) {
      const auto bits = clause91::map_markers(markers, four_lane_pmd, group).bits;
      for (unsigned s = 0; s < 8; ++s) EXPECT_EQ(signal::get_symbol(bits.data(), s), s < 4 ? 0x0c1u : 0x05au);
      // The constant of a public line monitor, as an 80-bit number with the first bit least.
      EXPECT_EQ(bits[0], 0xa16'85a3'04c1'304c1u);
      EXPECT_EQ(bits[1] & 0xffff, 0x1685u);
      EXPECT_EQ(text(bits[20], 5), group % 2 == 0 ? "00101" : "11010");
      EXPECT_EQ(bits[20] >> 5, 0u);
      // Lane bodies: amp l, l+4, ..; whose M octets each of them carries, and its own BIP.
      for (unsigned x = 0; x < lanes; ++x) {
        std::uint64_t amp = 0;
        for (unsigned i = 0; i < 64; ++i) {
          const unsigned of_lane = 64 * (x / 4) + i, bit = 10 * (4 * (of_lane / 10) + x % 4) + of_lane % 10;
          amp |= (bits[bit / 64] >> bit % 64 & 1) << i;
        }
        const unsigned source = x < 4 ? 0 : x >= 17 && four_lane_pmd ? 16 : x;
        EXPECT_EQ(amp, clause82::marker_payload(source, static_cast<std::uint8_t>(37 * x))) << x;
      }
      EXPECT_EQ(clause91::unmap_markers(bits.data()), markers);
    }
  }
}

TEST(Clause91Kernels, EveryVariantEqualsTheReference) {
  const RandomStream random(1, "clause91.kernels", 0);
  const auto& ref = clause91::kernels().front().function;
  for (const auto& kernel : clause91::kernels()) {
    if (kernel.variant > supported_variant()) continue;
    SCOPED_TRACE(name(kernel.variant));
    for (std::size_t blocks = 0; blocks <= 70; ++blocks) {
      std::vector<std::uint64_t> a(283), b;
      for (std::size_t i = 0; i < a.size(); ++i) a[i] = random.bits(i + 100 * blocks);
      b = a;
      ref.whiten(a.data(), blocks);
      kernel.function.whiten(b.data(), blocks);
      ASSERT_EQ(a, b);
    }
    for (std::size_t run = 0; run < 3 * 135; ++run) {
      const std::size_t columns = 2 + run % 135;
      const std::size_t size = (40 * columns + 63) / 64;
      std::vector<std::uint64_t> codeword(size), back_a(size), back_b(size);
      for (std::size_t i = 0; i < size; ++i) codeword[i] = random.bits(i + 1000 * columns);
      if (40 * columns % 64 != 0) codeword.back() &= (std::uint64_t{1} << 40 * columns % 64) - 1;
      BitVector a[4], b[4];
      std::uint64_t *words_a[4], *words_b[4];
      std::size_t bit[4];
      for (unsigned l = 0; l < 4; ++l) {
        bit[l] = random.bits(4 * run + l) % 131;
        if (run < 2 * 135) bit[l] &= ~std::size_t{7};  // whole octets have a fast way
        a[l].append(random.bits(l), static_cast<unsigned>(std::min<std::size_t>(bit[l], 64)));
        a[l].resize(bit[l]);
        a[l].resize(bit[l] + 10 * columns + 128);
        words_a[l] = a[l].words();
        const std::size_t end = (bit[l] + 10 * columns) / 64;  // what stands there must go
        for (std::size_t w = bit[l] / 64 + 1; w <= end; ++w) words_a[l][w] = random.bits(w);
        words_a[l][end + 1] = ~std::uint64_t{0};  // this must stay, and be ignored
        b[l] = a[l];
        words_b[l] = b[l].words();
      }
      ref.distribute(codeword.data(), columns, words_a, bit);
      kernel.function.distribute(codeword.data(), columns, words_b, bit);
      for (unsigned l = 0; l < 4; ++l) ASSERT_TRUE(a[l] == b[l]) << columns << " " << l;
      for (std::size_t s = 0; s < 4 * columns; ++s) {
        const std::uint64_t expected =
            codeword[10 * s / 64] >> 10 * s % 64 |
            (10 * s % 64 > 54 ? codeword[10 * s / 64 + 1] << (64 - 10 * s % 64) : 0);
        ASSERT_EQ(a[s % 4].read(bit[s % 4] + 10 * (s / 4), 10), expected & 1023);
      }
      ref.collect(words_a, bit, columns, back_a.data());
      kernel.function.collect(words_b, bit, columns, back_b.data());
      ASSERT_EQ(back_a, codeword);
      ASSERT_EQ(back_b, codeword) << columns;
    }
  }
}

TEST(Clause91Transmit, MessagesFollowTheClauseBitByBit) {
  for (const FecCode& code : {signal::kp4, signal::kr4}) {
    Blocks66 blocks = marked(traffic(60 + 80 * 30, 2));
    blocks.header[100] = 3;  // what an upstream receiver may hand on
    blocks.header[203] = 0;
    blocks.header[307] = clause82::suppressed_header;
    Clause91Transmit transmit({code, code == signal::kr4});
    Codewords out;
    BitVector blocks257;
    transmit.process(blocks, out, &blocks257);
    ASSERT_EQ(out.count, 31u);
    EXPECT_EQ(transmit.report().codewords, 31u);
    std::string all257;
    for (std::size_t c = 0; c < out.count; ++c) {
      std::string expected;
      std::size_t first = 0;
      if (c == 0) {
        std::array<std::uint64_t, lanes> markers;
        std::copy_n(blocks.payload.begin(), lanes, markers.begin());
        const auto group = clause91::map_markers(markers, code == signal::kr4, 0);
        for (const std::uint64_t word : group.bits) expected += text(word, 64);
        expected.resize(1285);
        first = 5;
      }
      for (std::size_t b = first; b < 20; ++b) {
        std::uint8_t header[4];
        for (std::size_t j = 0; j < 4; ++j) header[j] = blocks.header[80 * c + 4 * b + j] & 3;
        expected += block257_by_hand(&blocks.payload[80 * c + 4 * b], header);
      }
      all257 += expected.substr(first == 0 ? 0 : 1285);
      expected.resize(code.words * 64, '0');  // parity zero
      ASSERT_EQ(message_text(out, c), expected) << c;
    }
    std::string taken;
    for (std::size_t i = 0; i < blocks257.size(); ++i) taken += blocks257[i] ? '1' : '0';
    EXPECT_EQ(taken, all257);
  }
}

TEST(Clause91Transmit, AnyChunksAndVariantsGiveTheSameMessages) {
  const Blocks66 blocks = marked(traffic(clause82::words_per_period + 4000, 3));
  Clause91Transmit reference({signal::kp4, false}, clause91::kernels().front().function,
                             transcode_kernels().front().function);
  Codewords expected, got;
  reference.process(blocks, expected);
  EXPECT_EQ(reference.report().marker_groups, 2u);
  EXPECT_EQ(signal::get_symbol(expected.at(4096), 0), 0x0c1u);
  Clause91Transmit transmit;
  const RandomStream random(4, "clause91.chunks", 0);
  std::uint64_t draw = 0;
  for (std::size_t i = 0; i < blocks.size();) {
    const std::size_t count = std::min<std::size_t>(random.bits(draw++) % 700, blocks.size() - i);
    Blocks66 chunk;
    for (std::size_t k = i; k < i + count; ++k) chunk.push(blocks.payload[k], blocks.header[k]);
    transmit.process(chunk, got);
    i += count;
  }
  EXPECT_EQ(got.count, expected.count);
  EXPECT_TRUE(got.words == expected.words);
}

TEST(Clause91Transmit, LostAlignmentKeepsTheGroupsGoing) {
  const Blocks66 few = marked(traffic(60 + 80 * 4, 6));
  Blocks66 stream = few;
  for (std::size_t i = 0; i < blocks_per_period; ++i) stream.push(0, clause82::unaligned_header);
  Clause91Transmit fec;
  Codewords messages;
  fec.process(stream, messages);
  ASSERT_EQ(messages.count, 5u + 4096u);
  EXPECT_EQ(fec.report().marker_groups, 2u);
  EXPECT_EQ(signal::get_symbol(messages.at(4096), 0), 0x0c1u);
  // Four invalid blocks: header 0 1111, whitened with bits 8..12 that are zero.
  EXPECT_EQ(messages.at(5)[0] & 31, 0x1eu);
}

}  // namespace
}  // namespace lightlane::pcs

#include "lightlane/pcs/clause119_distribute.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::pcs {
namespace {

signal::Codewords random_codewords(std::size_t count, std::uint64_t seed) {
  signal::Codewords codewords;
  codewords.resize(count);
  const RandomStream random(seed, "codewords", 0);
  for (std::size_t i = 0; i < codewords.words.size(); ++i) codewords.words[i] = random.bits(i);
  return codewords;
}

TEST(Clause119Distribute, SplitDealsSymbolsInTurn) {
  for (const auto& kernel : clause119_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    std::array<std::uint64_t, pair_buffer_words> stream{};
    std::fill(stream.begin() + 161, stream.end(), ~std::uint64_t{0});  // what lies behind does not matter
    stream[160] = ~std::uint64_t{0} << 40;
    for (std::size_t s = 0; s < 1028; ++s) signal::xor_symbol(stream.data(), s, s % 1024 ^ 0x155);
    std::vector<std::uint64_t> codewords(2 * codeword_words, ~std::uint64_t{0});
    kernel.function.split(stream.data(), codewords.data());
    for (std::size_t s = 0; s < 514; ++s) {
      ASSERT_EQ(signal::get_symbol(codewords.data(), s), (2 * s % 1024 ^ 0x155))
          << name(kernel.variant) << " " << s;
      ASSERT_EQ(signal::get_symbol(codewords.data() + 85, s), ((2 * s + 1) % 1024 ^ 0x155));
    }
    for (std::size_t s = 514; s < 544; ++s) {
      ASSERT_EQ(signal::get_symbol(codewords.data(), s), 0u);
      ASSERT_EQ(signal::get_symbol(codewords.data() + 85, s), 0u);
    }
  }
}

TEST(Clause119Distribute, JoinIsTheInverseWhateverTheParity) {
  for (const auto& kernel : clause119_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    const signal::Codewords codewords = random_codewords(2, 3);
    std::array<std::uint64_t, pair_buffer_words> stream, expected;
    stream.fill(7);
    expected.fill(7);
    clause119_kernels().front().function.join(codewords.words.data(), expected.data());
    kernel.function.join(codewords.words.data(), stream.data());
    EXPECT_TRUE(std::equal(stream.begin(), stream.begin() + 161, expected.begin())) << name(kernel.variant);
    std::vector<std::uint64_t> back(170);
    kernel.function.split(stream.data(), back.data());
    for (std::size_t s = 0; s < 514; ++s) {
      ASSERT_EQ(signal::get_symbol(back.data(), s), signal::get_symbol(codewords.at(0), s));
      ASSERT_EQ(signal::get_symbol(back.data() + 85, s), signal::get_symbol(codewords.at(1), s));
    }
  }
}

TEST(Clause119Distribute, LanesAreThoseOfTheClause) {
  for (const int rate : {400, 200}) {
    const unsigned lanes = clause119_sizes(rate).lanes, half = lanes / 2;
    signal::Codewords codewords;
    codewords.resize(2);
    // Symbol value says where it came from: bit 9 the codeword, bits 0..8 the symbol, modulo 512.
    for (std::size_t s = 0; s < 544; ++s) {
      signal::xor_symbol(codewords.at(0), s, s % 512);
      signal::xor_symbol(codewords.at(1), s, 512 | s % 512);
    }
    signal::BitLanes out(lanes);
    Clause119Distribute stage(rate);
    stage.process(codewords, out);
    const auto table = clause119_symbol_lanes(rate);
    for (unsigned k = 0; k < 544 / half; ++k) {
      for (unsigned j = 0; j < half; ++j) {
        const std::uint64_t symbol = half * k + j;
        const std::uint64_t first = out[2 * j].bits.read(10 * k, 10),
                            second = out[2 * j + 1].bits.read(10 * k, 10);
        ASSERT_EQ(first, (k % 2 ? 512 : 0) + symbol % 512);
        ASSERT_EQ(second, (k % 2 ? 0 : 512) + symbol % 512);
        ASSERT_EQ(table[(k % 2 ? 544 : 0) + symbol], 2 * j);
        ASSERT_EQ(table[(k % 2 ? 0 : 544) + symbol], 2 * j + 1);
      }
    }
  }
}

TEST(Clause119Distribute, EveryVariantEqualsTheReference) {
  for (const int rate : {400, 200}) {
    const unsigned lanes = clause119_sizes(rate).lanes;
    const std::size_t octets = clause119_sizes(rate).lane_bits() / 8;
    for (const std::size_t pairs : {0u, 1u, 2u, 3u, 8u, 9u, 17u}) {
      const signal::Codewords codewords = random_codewords(2 * pairs, 11 + pairs);
      for (const auto& kernel : clause119_kernels()) {
        if (kernel.variant > supported_variant()) continue;
        // All octet alignments of the lanes, and what lies before and far behind them stays.
        std::vector<std::vector<std::uint8_t>> got(lanes), expected(lanes);
        std::vector<std::uint8_t*> to, to_expected;
        for (unsigned l = 0; l < lanes; ++l) {
          got[l].assign(octets * pairs + 32, 0xcc);
          expected[l] = got[l];
          to.push_back(got[l].data() + l % 9);
          to_expected.push_back(expected[l].data() + l % 9);
        }
        clause119_kernels().front().function.distribute(lanes, codewords.words.data(), pairs,
                                                        to_expected.data());
        kernel.function.distribute(lanes, codewords.words.data(), pairs, to.data());
        for (unsigned l = 0; l < lanes; ++l) {
          for (std::size_t i = 0; i < 7; ++i) got[l][l % 9 + octets * pairs + i] = 0xcc;
          ASSERT_EQ(got[l], expected[l]) << name(kernel.variant) << " lane " << l << " pairs " << pairs;
        }
        // Back, from every bit phase.
        std::vector<BitVector> shifted(lanes);
        std::vector<const std::uint64_t*> from;
        std::vector<std::size_t> position;
        for (unsigned l = 0; l < lanes; ++l) {
          position.push_back(static_cast<std::size_t>(l * 13 + pairs) % 131);
          shifted[l].resize(position[l]);
          for (std::size_t i = 0; i < octets * pairs; ++i) shifted[l].append(expected[l][l % 9 + i], 8);
          from.push_back(shifted[l].words());
        }
        signal::Codewords back;
        back.resize(2 * pairs);
        kernel.function.collect(lanes, from.data(), position.data(), pairs, back.words.data());
        ASSERT_EQ(back.words, codewords.words) << name(kernel.variant) << " " << pairs;
      }
    }
  }
}

TEST(Clause119Distribute, AppendsInAnyPhaseAndChunks) {
  const signal::Codewords codewords = random_codewords(12, 5);
  signal::BitLanes whole(16), parts(16), odd(16);
  for (auto& lane : odd.lanes) lane.bits.resize(3);
  Clause119Distribute a(400), b(400), c(400);
  a.process(codewords, whole);
  c.process(codewords, odd);
  for (std::size_t p = 0; p < 6; ++p) {
    signal::Codewords pair;
    pair.resize(2);
    std::copy_n(codewords.at(2 * p), 170, pair.words.begin());
    b.process(pair, parts);
  }
  for (unsigned l = 0; l < 16; ++l) {
    EXPECT_EQ(whole[l].bits, parts[l].bits);
    EXPECT_EQ(whole[l].bits.words()[(whole[l].bits.size() + 63) / 64], 0u);
    odd[l].bits.drop_front(3);
    EXPECT_EQ(whole[l].bits, odd[l].bits);
  }
  signal::Codewords back;
  const std::vector<std::size_t> zero(16, 0);
  clause119_collect(400, whole, zero, back);
  EXPECT_EQ(back.words, codewords.words);
  signal::Codewords three = random_codewords(3, 1);
  EXPECT_THROW(a.process(three, whole), InputError);
}

}  // namespace
}  // namespace lightlane::pcs

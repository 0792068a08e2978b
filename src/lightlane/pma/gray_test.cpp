#include "lightlane/pma/gray.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::pma {
namespace {

using signal::BitLanes;
using signal::Modulation;
using signal::SymbolLanes;

std::string digits(const BitVector& levels) {
  std::string text;
  for (std::size_t k = 0; 2 * k < levels.size(); ++k) text += static_cast<char>('0' + levels.read(2 * k, 2));
  return text;
}

BitVector random_bits(std::size_t count, std::uint64_t seed) {
  const RandomStream random(seed, "gray", 0);
  BitVector bits;
  for (std::size_t b = 0; b < count; b += 64) {
    bits.append(random.bits(b), static_cast<unsigned>(std::min<std::size_t>(64, count - b)));
  }
  return bits;
}

TEST(Gray, MapOfClause120) {
  // First bit then second bit: 00 -> 0, 01 -> 1, 11 -> 2, 10 -> 3.
  EXPECT_EQ(gray_map(0b00), 0u);
  EXPECT_EQ(gray_map(0b10), 1u);  // first 0, second 1
  EXPECT_EQ(gray_map(0b11), 2u);
  EXPECT_EQ(gray_map(0b01), 3u);  // first 1, second 0
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::uint64_t word = RandomStream(seed, "word", 0).bits(0);
    EXPECT_EQ(gray_unmap(gray_map(word)), word);
    for (unsigned k = 0; k < 64; k += 2) EXPECT_EQ(gray_map(word) >> k & 3, gray_map(word >> k & 3));
  }
}

TEST(Gray, PrecodingExampleOf8023bjContribution) {
  const std::string g = "2222032013300002303", p = "0202211321222220312";  // P(-1) = 2
  std::uint64_t levels = 0;
  for (std::size_t k = 0; k < g.size(); ++k) levels |= static_cast<std::uint64_t>(g[k] - '0') << (2 * k);
  unsigned last = 2;
  const std::uint64_t coded = precode(levels, last);
  for (std::size_t k = 0; k < g.size(); ++k)
    EXPECT_EQ(coded >> (2 * k) & 3, static_cast<unsigned>(p[k] - '0')) << k;
  last = 2;
  EXPECT_EQ(unprecode(coded, last) & ((1ull << 38) - 1), levels);
}

TEST(Gray, PrecodingFollowsTheClauseSymbolBySymbol) {
  unsigned state = 3, last = 3;
  for (std::uint64_t w = 0; w < 200; ++w) {
    const std::uint64_t g = RandomStream(1, "g", 0).bits(w);
    const std::uint64_t p = precode(g, last);
    for (unsigned k = 0; k < 64; k += 2) {
      state = ((g >> k & 3) + 4 - state) & 3;
      ASSERT_EQ(p >> k & 3, state);
    }
    ASSERT_EQ(last, state);
  }
}

TEST(Gray, EncoderAndDecoderRoundTripInAnyCuts) {
  for (const bool precoding : {false, true}) {
    for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
      if (precoding && modulation == Modulation::nrz) continue;
      GrayConfig config{2, modulation, {precoding, precoding}, {1, 2}};
      BitLanes in(2);
      in[0].bits = random_bits(5001, 1);
      in[1].bits = random_bits(4998, 2);
      in[1].first_index = 7;  // odd: with PAM4 the first bit belongs to no symbol
      GrayEncoder whole(config);
      SymbolLanes want;
      whole.process(in, want);
      for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const RandomStream random(seed, "cut", 0);
        GrayEncoder encoder(config);
        GrayDecoder decoder(config);
        SymbolLanes all, piece;
        BitLanes back;
        std::size_t position[2] = {0, 0};
        std::uint64_t draw = 0;
        while (position[0] < in[0].bits.size() || position[1] < in[1].bits.size()) {
          BitLanes chunk(2);
          for (std::size_t l = 0; l < 2; ++l) {
            const std::size_t take =
                std::min<std::size_t>(in[l].bits.size() - position[l], random.bits(draw++) % 301);
            chunk[l].first_index = in[l].first_index + position[l];
            chunk[l].bits.append(in[l].bits, position[l], take);
            position[l] += take;
          }
          for (auto& lane : piece.lanes) lane.levels.clear();
          encoder.process(chunk, piece);
          decoder.process(piece, back);
          if (all.lanes.empty()) all = SymbolLanes(2, modulation);
          for (std::size_t l = 0; l < 2; ++l) all[l].levels.append(piece[l].levels);
        }
        for (std::size_t l = 0; l < 2; ++l) {
          EXPECT_EQ(all[l].levels, want[l].levels);
          const std::size_t skip = modulation == Modulation::pam4 ? in[l].first_index % 2 : 0;
          const std::size_t kept =
              modulation == Modulation::pam4 ? (in[l].bits.size() - skip) / 2 * 2 : in[l].bits.size();
          BitVector expected;
          expected.append(in[l].bits, skip, kept);
          EXPECT_EQ(back[l].bits, expected);
          EXPECT_EQ(back[l].first_index, in[l].first_index + skip);
        }
      }
    }
  }
}

TEST(Gray, LevelsAreDigitsOfTheMap) {
  BitLanes in(1);
  for (const char c : std::string("00011110")) in[0].bits.append(c == '1', 1);
  GrayEncoder encoder({1, Modulation::pam4, {}, {}});
  SymbolLanes out;
  encoder.process(in, out);
  EXPECT_EQ(digits(out[0].levels), "0123");
}

TEST(Gray, BadConfigsAreNamed) {
  EXPECT_THROW(GrayEncoder({2, Modulation::pam4, {true}, {}}), ConfigError);
  EXPECT_THROW(GrayEncoder({1, Modulation::nrz, {true}, {}}), ConfigError);
  EXPECT_THROW(GrayDecoder({1, Modulation::pam4, {}, {4}}), ConfigError);
}

}  // namespace
}  // namespace lightlane::pma

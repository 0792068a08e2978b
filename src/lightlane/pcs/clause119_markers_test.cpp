#include "lightlane/pcs/clause119_markers.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {
namespace {

TEST(Clause119Markers, Invariants) {
  for (const int rate : {400, 200}) {
    std::set<std::uint64_t> unique;
    for (unsigned lane = 0; lane < clause119_sizes(rate).lanes; ++lane) {
      const Marker& m = clause119_marker(rate, lane);
      for (const std::size_t base : {std::size_t{0}, std::size_t{8}}) {
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(m[base + i] ^ m[base + i + 4], 0xff);
      }
      EXPECT_EQ(m[7] ^ m[11], 0xff) << "UP2 = ~UP1, lane " << lane;
      EXPECT_EQ(m[0], 0x9a);
      EXPECT_EQ(m[1], 0x4a);
      EXPECT_EQ(m[2], 0x26);
      unique.insert(unique_marker(rate, lane));
    }
    EXPECT_EQ(unique.size(), clause119_sizes(rate).lanes);
  }
  EXPECT_EQ(common_marker(), 0xd9b565264a9au);
  EXPECT_EQ(clause119_marker(400, 0)[8], 0x01);
  EXPECT_EQ(clause119_marker(400, 15)[14], 0x86);
  EXPECT_EQ(clause119_marker(200, 0)[3], 0x05);
  EXPECT_EQ(clause119_marker(200, 3), clause119_marker(400, 3));
}

TEST(Clause119Markers, NoTwoLanesAreNear) {
  // Three wrong nibbles each way must still tell the lanes apart.
  for (const int rate : {400, 200}) {
    for (unsigned a = 0; a < clause119_sizes(rate).lanes; ++a) {
      for (unsigned b = 0; b < a; ++b) {
        unsigned different = 0;
        const std::uint64_t x = unique_marker(rate, a) ^ unique_marker(rate, b);
        for (unsigned n = 0; n < 12; ++n) different += (x >> (4 * n) & 15) != 0;
        EXPECT_GE(different, 7u) << a << " " << b;
      }
    }
  }
}

TEST(Clause119Markers, PadIsPrbs9) {
  PadGenerator pad(1);
  std::vector<bool> bits;
  for (int i = 0; i < 1022; ++i) bits.push_back(pad.next());
  for (int i = 0; i < 511; ++i) EXPECT_EQ(bits[i], bits[i + 511]);
  // x^9 + x^5 + 1: each bit is the XOR of those 9 and 5 earlier, and a period holds 256 ones.
  for (std::size_t i = 9; i < bits.size(); ++i) EXPECT_EQ(bits[i], bits[i - 9] ^ bits[i - 5]);
  EXPECT_EQ(std::count(bits.begin(), bits.begin() + 511, true), 256);
  // P<0:8> = 100000000: the one arrives at P8 after eight steps.
  for (int i = 0; i < 8; ++i) EXPECT_FALSE(bits[i]);
  EXPECT_TRUE(bits[8]);
}

TEST(Clause119Markers, GroupGivesEachLaneItsMarker) {
  for (const int rate : {400, 200}) {
    const Clause119Sizes& sizes = clause119_sizes(rate);
    PadGenerator pad(1);
    const BitVector group = marker_group(sizes, pad, 0b110);
    ASSERT_EQ(group.size(), sizes.group_bits());
    EXPECT_EQ(group.size(), sizes.lanes * 120 + sizes.pad_bits + 3);
    EXPECT_EQ(group.read(group.size() - 3, 3), 0b110u);
    // Walk the symbols as clause 119.2.4.5 and .7 do: even symbols A, odd B; turn k gives lane 2j A (k even)
    // or B.
    std::vector<std::vector<bool>> lanes(sizes.lanes);
    const unsigned half = sizes.lanes / 2;
    for (unsigned k = 0; k < 12; ++k) {
      for (unsigned j = 0; j < half; ++j) {
        for (unsigned lane = 2 * j; lane < 2 * j + 2; ++lane) {
          const bool from_a = (lane % 2 == 0) == (k % 2 == 0);
          const std::size_t symbol = 2 * (half * k + j) + (from_a ? 0 : 1);
          for (unsigned b = 0; b < 10; ++b) lanes[lane].push_back(group[10 * symbol + b]);
        }
      }
    }
    for (unsigned lane = 0; lane < sizes.lanes; ++lane) {
      const Marker& marker = clause119_marker(rate, lane);
      for (unsigned bit = 0; bit < 120; ++bit) {
        ASSERT_EQ(lanes[lane][bit], (marker[bit / 8] >> (bit % 8) & 1) != 0)
            << rate << " " << lane << " " << bit;
      }
    }
  }
}

TEST(Clause119Markers, SizesAgreeWithEachOther) {
  for (const auto& sizes : {clause119_400g, clause119_200g}) {
    EXPECT_EQ(sizes.period_bits(), 2785280u);
    EXPECT_EQ(sizes.lanes * 120 + sizes.pad_bits + 3, sizes.group_bits());
    // 32 | 16 words displaced among 20480 times as many.
    EXPECT_EQ(sizes.marker_words() * 20480, sizes.period_pairs * pair_words);
  }
  EXPECT_THROW(clause119_sizes(100), ConfigError);
  EXPECT_THROW(clause119_marker(200, 8), ConfigError);
}

}  // namespace
}  // namespace lightlane::pcs

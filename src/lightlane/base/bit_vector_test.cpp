#include "lightlane/base/bit_vector.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "lightlane/base/error.hpp"

namespace lightlane {
namespace {

// A plain string of '0' and '1' is the model.
std::string text(const BitVector& bits) {
  std::string out;
  for (std::size_t i = 0; i < bits.size(); ++i) out += bits[i] ? '1' : '0';
  return out;
}

TEST(BitVector, AppendReadDropAgreeWithText) {
  std::string model;
  BitVector bits;
  std::uint64_t seed = 1;
  for (int step = 0; step < 2000; ++step) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    const auto count = static_cast<unsigned>((seed >> 33) % 65);
    const std::uint64_t value = seed * 0x9e3779b97f4a7c15u;
    bits.append(value, count);
    for (unsigned i = 0; i < count; ++i) model += ((value >> i) & 1) ? '1' : '0';
    if (step % 50 == 49) {
      const std::size_t drop = (seed >> 20) % 777;
      bits.drop_front(drop);
      model.erase(0, drop);
    }
    ASSERT_EQ(bits.size(), model.size());
  }
  EXPECT_EQ(text(bits), model);
  for (std::size_t position = 0; position < model.size(); position += 13) {
    for (unsigned count : {1u, 7u, 63u, 64u}) {
      std::uint64_t want = 0;
      for (unsigned i = 0; i < count && position + i < model.size(); ++i) {
        want |= std::uint64_t{model[position + i] == '1'} << i;
      }
      ASSERT_EQ(bits.read(position, count), want);
    }
  }
}

TEST(BitVector, ResizeClearsWhatItDrops) {
  BitVector bits;
  bits.append(~0ull, 64);
  bits.append(~0ull, 64);
  bits.resize(70);
  bits.resize(128);
  EXPECT_EQ(bits.read(64, 64), 0x3fu);
}

TEST(BitVector, HexIsTimeOrder) {
  BitVector bits;
  bits.append(1, 1);  // first bit = bit 0 of the first byte
  bits.append(0, 7);
  bits.append(0x5, 4);
  EXPECT_EQ(bits.to_hex(), "0105");
  EXPECT_EQ(BitVector::from_hex("0105", "x", 12), bits);
  EXPECT_THROW(BitVector::from_hex("0115", "x", 12), InputError);  // padding set
  EXPECT_THROW(BitVector::from_hex("010", "x"), InputError);
  EXPECT_THROW(BitVector::from_hex("0g", "x"), InputError);
}

}  // namespace
}  // namespace lightlane

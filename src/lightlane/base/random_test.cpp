#include "lightlane/base/random.hpp"

#include <gtest/gtest.h>
#include <Random123/philox.h>

namespace lightlane {
namespace {

TEST(Random, PhiloxKnownAnswer) {
  // Known-answer vector of Philox4x32-10 published with Random123 (kat_vectors): zero counter, zero key.
  const auto out = r123::Philox4x32{}({{0, 0, 0, 0}}, {{0, 0}});
  EXPECT_EQ(out[0], 0x6627e8d5u);
  EXPECT_EQ(out[1], 0xe169c58du);
  EXPECT_EQ(out[2], 0xbc57ac4cu);
  EXPECT_EQ(out[3], 0x9b00dbd8u);
}

TEST(Random, StreamsDifferAndRepeat) {
  const RandomStream a(1, "x", 0), b(1, "x", 1), c(1, "y", 0), d(2, "x", 0);
  EXPECT_EQ(a.bits(12345), RandomStream(1, "x", 0).bits(12345));
  EXPECT_NE(a.bits(0), b.bits(0));
  EXPECT_NE(a.bits(0), c.bits(0));
  EXPECT_NE(a.bits(0), d.bits(0));
  double mean = 0;
  for (int k = 0; k < 100000; ++k) {
    const double u = a.uniform(static_cast<std::uint64_t>(k));
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    mean += u / 100000;
  }
  EXPECT_NEAR(mean, 0.5, 0.005);  // 5.5 standard deviations
}

}  // namespace
}  // namespace lightlane

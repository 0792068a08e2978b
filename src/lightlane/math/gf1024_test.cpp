#include "lightlane/math/gf1024.hpp"

#include <gtest/gtest.h>

namespace lightlane::math {
namespace {

TEST(Gf1024, AlphaIsPrimitive) {
  std::array<bool, 1024> seen{};
  for (unsigned i = 0; i < gf1024_order; ++i) {
    EXPECT_FALSE(seen[gf_power(i)]);
    seen[gf_power(i)] = true;
  }
  EXPECT_FALSE(seen[0]);
  EXPECT_EQ(gf_power(10), 9u);  // x^10 = x^3 + 1
}

TEST(Gf1024, TablesEqualShiftsForAllPairs) {
  unsigned wrong = 0;
  for (unsigned a = 0; a < 1024; ++a) {
    for (unsigned b = 0; b < 1024; ++b) wrong += gf_multiply(a, b) != gf_multiply_by_shifts(a, b);
  }
  EXPECT_EQ(wrong, 0u);
}

TEST(Gf1024, DivisionUndoesMultiplication) {
  unsigned wrong = 0;
  for (unsigned a = 0; a < 1024; ++a) {
    for (unsigned b = 1; b < 1024; ++b) wrong += gf_divide(gf_multiply(a, b), b) != a;
  }
  EXPECT_EQ(wrong, 0u);
}

}  // namespace
}  // namespace lightlane::math

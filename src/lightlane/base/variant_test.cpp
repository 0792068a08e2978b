#include "lightlane/base/variant.hpp"

#include <gtest/gtest.h>

namespace lightlane {
namespace {

TEST(Variant, SelectTakesTheBestAllowed) {
  static constexpr Kernel<int> table[] = {{Variant::ref, 0}, {Variant::avx2, 2}};
  EXPECT_EQ(select(std::span<const Kernel<int>>(table), Variant::ref).function, 0);
  EXPECT_EQ(select(std::span<const Kernel<int>>(table), Variant::portable).function, 0);
  EXPECT_EQ(select(std::span<const Kernel<int>>(table), Variant::avx512).function, 2);
}

TEST(Variant, NamesRoundTrip) {
  for (auto v : {Variant::ref, Variant::portable, Variant::avx2, Variant::avx512}) {
    EXPECT_EQ(variant_from_name(name(v)), v);
  }
  EXPECT_FALSE(variant_from_name("avx9"));
}

}  // namespace
}  // namespace lightlane

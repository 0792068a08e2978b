#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/tdecq.hpp"
#include "lightlane/measure/tdecq_test_tools.hpp"

namespace lightlane::measure {
namespace {

using namespace test;

constexpr int m = 16;
constexpr std::array<double, 4> ideal{1.0, 2.0, 3.0, 4.0};

TEST(Alignment, FindsShiftAndPolarity) {
  const LevelVector p = prbs13q();
  Transmitter tx;
  tx.bandwidth = 0.4;
  tx.noise = 0.02;
  const auto good = transmit(p, m, tx);
  for (const std::size_t shift :
       {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{4711 * 16 + 5}, good.size() - 1}) {
    auto wave = good;
    std::rotate(wave.begin(), wave.end() - static_cast<std::ptrdiff_t>(shift), wave.end());
    for (const bool inverted : {false, true}) {
      if (inverted) {
        for (float& x : wave) x = 2e-3f - x;
      }
      const auto found = align_pattern(wave, m, p);
      ASSERT_TRUE(found) << shift;
      const std::size_t apart = (found->shift_samples + good.size() - shift) % good.size();
      EXPECT_TRUE(apart <= 1 || apart >= good.size() - 1) << shift << ' ' << found->shift_samples;
      EXPECT_EQ(found->inverted, inverted);
      EXPECT_GT(std::fabs(found->correlation), 0.9);
    }
  }
  const auto ideal_stairs = stairs(p, m, ideal);
  EXPECT_EQ(align_pattern(ideal_stairs, m, p)->shift_samples, 0u);
  EXPECT_NEAR(align_pattern(ideal_stairs, m, p)->correlation, 1.0, 1e-6);
  auto twice = good;
  twice.insert(twice.end(), good.begin(), good.end());
  EXPECT_TRUE(align_pattern(twice, m, p));
}

TEST(Alignment, NoneForAnotherPattern) {
  LevelVector other(8191);
  std::mt19937 engine(3);
  for (auto& level : other) level = static_cast<std::uint8_t>(engine() % 4);
  EXPECT_FALSE(align_pattern(stairs(other, m, ideal), m, prbs13q()));
  EXPECT_THROW(align_pattern(std::vector<float>(100, 1.0f), m, prbs13q()), InputError);
  EXPECT_THROW(align_pattern(std::vector<float>(64, 1.0f), m, LevelVector{1, 2, 3, 0}), InputError);
  EXPECT_THROW(align_pattern(std::vector<float>{1.0f, 2.0f}, 1, LevelVector{2, 2}), InputError);
}

}  // namespace
}  // namespace lightlane::measure

#include "lightlane/link/de_bruijn.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "lightlane/base/error.hpp"

namespace lightlane::link {
namespace {

std::string text(const std::vector<std::uint8_t>& sequence) {
  std::string s;
  for (const auto level : sequence) s += static_cast<char>('0' + level);
  return s;
}

TEST(DeBruijn, EveryWordOccursOnce) {
  for (const auto& [alphabet, order] :
       {std::pair{4, 7}, {2, 11}, {4, 5}, {4, 1}, {2, 1}, {2, 6}, {4, 2}, {4, 8}}) {
    const auto sequence = de_bruijn(alphabet, order);
    std::set<std::string> words;
    std::string cyclic = text(sequence);
    EXPECT_EQ(cyclic.substr(0, static_cast<std::size_t>(order)),
              std::string(static_cast<std::size_t>(order), '0'));
    cyclic += cyclic.substr(0, static_cast<std::size_t>(order));
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      ASSERT_LT(sequence[i], alphabet);
      words.insert(cyclic.substr(i, static_cast<std::size_t>(order)));
    }
    EXPECT_EQ(words.size(), sequence.size()) << alphabet << ' ' << order;
    std::size_t expected = 1;
    for (int i = 0; i < order; ++i) expected *= static_cast<std::size_t>(alphabet);
    EXPECT_EQ(sequence.size(), expected);
  }
}

/// What makes it fit for training: products of levels at all distances that matter average to zero, but for
/// the windows that the additional zero is in.
TEST(DeBruijn, LooksRandomBeyondItsOrder) {
  for (const auto& [alphabet, order] : {std::pair{4, 7}, {2, 11}}) {
    const auto sequence = de_bruijn(alphabet, order);
    const std::size_t n = sequence.size();
    const auto value = [&](std::size_t i) { return 2.0 * sequence[i % n] / (alphabet - 1) - 1; };
    for (std::size_t lag = 1; lag < 200; ++lag) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) sum += value(i) * value(i + lag);
      EXPECT_LT(std::fabs(sum), 2 + 3.5 * std::sqrt(static_cast<double>(lag))) << alphabet << " lag " << lag;
    }
    const double bound = 27;
    for (std::size_t a = 1; a < 26; ++a) {
      for (std::size_t b = a; b < 26; ++b) {
        double three = 0, four = 0;
        for (std::size_t i = 0; i < n; ++i) {
          three += value(i) * value(i + a) * value(i + b);
          four += value(i) * value(i + a) * value(i + b) * value(i + 25);
        }
        EXPECT_LT(std::fabs(three), bound) << alphabet << ' ' << a << ' ' << b;
        if (a < b && b < 25) {
          EXPECT_LT(std::fabs(four), bound) << alphabet << ' ' << a << ' ' << b;
        }
      }
    }
  }
}

TEST(DeBruijn, RefusesWhatHasNone) {
  EXPECT_THROW(de_bruijn(3, 3), ConfigError);
  EXPECT_THROW(de_bruijn(4, 0), ConfigError);
  EXPECT_THROW(de_bruijn(4, 9), ConfigError);
}

}  // namespace
}  // namespace lightlane::link

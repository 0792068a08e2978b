#include "lightlane/link/de_bruijn.hpp"

#include <gtest/gtest.h>

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

TEST(DeBruijn, SmallOnesAreThePublishedOnes) {
  EXPECT_EQ(text(de_bruijn(2, 3)), "00010111");
  EXPECT_EQ(text(de_bruijn(2, 4)), "0000100110101111");
  EXPECT_EQ(text(de_bruijn(4, 2)), "0010203112132233");
  EXPECT_EQ(text(de_bruijn(3, 1)), "012");
}

TEST(DeBruijn, EveryWordOccursOnce) {
  for (const auto& [alphabet, order] : {std::pair{4, 7}, {2, 11}, {4, 5}, {4, 1}, {2, 1}, {3, 6}}) {
    const auto sequence = de_bruijn(alphabet, order);
    std::set<std::string> words;
    std::string cyclic = text(sequence);
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

TEST(DeBruijn, RefusesWhatHasNone) {
  EXPECT_THROW(de_bruijn(1, 3), ConfigError);
  EXPECT_THROW(de_bruijn(4, 0), ConfigError);
  EXPECT_THROW(de_bruijn(4, 13), ConfigError);
}

}  // namespace
}  // namespace lightlane::link

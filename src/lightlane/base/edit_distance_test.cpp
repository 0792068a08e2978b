#include "lightlane/base/edit_distance.hpp"

#include <gtest/gtest.h>

namespace lightlane {
namespace {

/// Textbook pairs, and what holds for any distance.
TEST(EditDistance, CountsChanges) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("saturday", "sunday"), 3u);
  EXPECT_EQ(edit_distance("400gbase-dr4", "400gbase-dr5"), 1u);
  EXPECT_EQ(edit_distance("flaw", "lawn"), edit_distance("lawn", "flaw"));
}

}  // namespace
}  // namespace lightlane

#include "lightlane/base/similar_names.hpp"

#include <gtest/gtest.h>

namespace lightlane {
namespace {

TEST(SimilarNames, HoldersThenNeighbours) {
  const std::vector<std::string_view> names = {"G.652.D", "G.657.A1",   "OM3",
                                               "OM4",     "mpo12-b-sm", "mpo12-b-mm"};
  EXPECT_EQ(similar_names("G652D", names), "G.652.D");
  EXPECT_EQ(similar_names("om", names), "OM3, OM4");
  EXPECT_EQ(similar_names("MPO12 B SN", names), "mpo12-b-sm, mpo12-b-mm");
  EXPECT_EQ(similar_names("nothing-like-it", names), "");
  EXPECT_EQ(similar_names("", names), "");
  EXPECT_EQ(similar_names(std::string(1 << 20, 'x'), names), "");
}

TEST(SimilarNames, AtMostFive) {
  const std::vector<std::string_view> names = {"a1", "a2", "a3", "a4", "a5", "a6"};
  EXPECT_EQ(similar_names("a", names), "a1, a2, a3, a4, a5");
  EXPECT_EQ(similar_names("a6", names), "a6, a1, a2, a3, a4");  // the nearest first
}

TEST(SimilarNames, CaseSpacesAndUnderscoresAreTheSame) {
  EXPECT_EQ(folded_name("MPO_12 Type B"), "mpo-12-type-b");
  EXPECT_EQ(name_distance("om4", "OM4"), 0u);
  EXPECT_EQ(name_distance("om4", "OM5"), 1u);
}

}  // namespace
}  // namespace lightlane

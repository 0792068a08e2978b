#include "lightlane/plan/budget/plan_file.hpp"
#include "lightlane/plan/names.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {
namespace {

using catalog::JointKind;

TEST(Names, ProposeWhatMayBeMeant) {
  const auto message = [](auto find) {
    try {
      find();
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message([] { catalog::pmd_named("400GBASE-DR5", "PMD"); }).find("400GBASE-DR4"), std::string::npos);
  EXPECT_NE(message([] { fibre_named("G652D", "--fibre"); }).find("G.652.D"), std::string::npos);
  EXPECT_NE(message([] { joint_named("mpo-low-lost", "", JointKind::connector); }).find("mpo-low-loss"),
            std::string::npos);
  EXPECT_NE(message([] { joint_named("splice", "--connector", JointKind::connector); }).find("splice"),
            std::string::npos);
  EXPECT_NE(message([] { catalog::pmd_named("zzzzzzzz", "PMD"); }).find("catalog list"), std::string::npos);
}

TEST(PlanFile, IsTheSameAsTheQuestion) {
  const Question q = read_plan(R"(
[link]
near = "400GBASE-DR4"
far = "100GBASE-FR1"
attenuation = "planning"
engineering_margin_db = 0.5
[[segment]]
fibre = "SMF"
length_m = 200
[[segment]]
fibre = "G.657.A1"
length_m = 100
attenuation_db_per_km = 0.3
[[connector]]
type = "mpo-apc-low-loss"
count = 3
[[splice]]
type = "splice"
count = 2
loss_db = 0.1
)",
                               "plan.toml");
  EXPECT_EQ(q.segments.size(), 2u);
  const Budget b = budget(q);
  EXPECT_EQ(b.length_m, 300);
  EXPECT_NEAR(b.directions[0].loss_db, 0.2 * 0.35 + 0.03 + 3 * 0.35 + 0.2, 1e-9);
  EXPECT_NEAR(*b.directions[0].margin_db, 3.3 - 0.5 - b.directions[0].loss_db, 1e-9);
}

TEST(PlanFile, ErrorsSayTheLine) {
  const auto message = [](const std::string& text) {
    try {
      read_plan(text, "plan.toml");
    } catch (const InputError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(message("[link]\nnear = \"400GBASE-DR4\"\nfra = \"x\"\n").find("plan.toml:3: link.fra"),
            std::string::npos);
  EXPECT_NE(message("[link]\nnear = \"400GBASE-DR5\"\n").find("plan.toml:2"), std::string::npos);
  EXPECT_NE(message("[link]\nnear = 4\n").find("plan.toml:2"), std::string::npos);
  EXPECT_NE(message("[link]\n").find("near"), std::string::npos);
  EXPECT_NE(message("x = [\n").find("plan.toml:"), std::string::npos);
  EXPECT_NE(message("").find("link"), std::string::npos);
  const std::string head = "[link]\nnear = \"400GBASE-DR4\"\n";
  EXPECT_NE(message(head + "[[segment]]\nfibre = \"SMF\"\n").find("length_m"), std::string::npos);
  EXPECT_NE(message(head + "[[segment]]\nfibre = \"SMF\"\nlength_m = \"5\"\n").find("plan.toml:5"),
            std::string::npos);
  EXPECT_NE(message(head + "[[connector]]\ntype = \"splice\"\n").find("plan.toml:4"), std::string::npos);
  EXPECT_NE(message(head + "[[connector]]\ntype = \"LC\"\ncount = 1.5\n").find("1.5"), std::string::npos);
  EXPECT_NE(message(head + "segment = 4\n").find("segment"), std::string::npos);
  EXPECT_NE(message(head + "[[segment]]\nfibre = \"SMF\"\nlength_m = nan\n").find("plan.toml:5"),
            std::string::npos);
}

}  // namespace
}  // namespace lightlane::plan

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/fabric/fabric.hpp"

namespace lightlane::plan {
namespace {

FabricQuestion question(FabricKind kind, std::int64_t hosts, const char* leaf, int gbps) {
  FabricQuestion q;
  q.kind = kind;
  q.hosts = hosts;
  q.host_gbps = gbps;
  q.leaf = fabric_switch_named(leaf, "leaf");
  return q;
}

TEST(FabricAnswer, LengthsInClosedForm) {
  RackLayout l;
  l.rack_pitch_m = 0.6;
  l.row_pitch_m = 3;
  l.racks_per_row = 10;
  l.drop_m = 2;
  l.slack_m = 2;
  l.slack_percent = 10;
  EXPECT_DOUBLE_EQ(cable_length_m(l, 3, 3), 2);
  EXPECT_DOUBLE_EQ(cable_length_m(l, 3, 7), 4 * 0.6 + 4 + 2);
  EXPECT_DOUBLE_EQ(cable_length_m(l, 7, 3), cable_length_m(l, 3, 7));
  EXPECT_DOUBLE_EQ(cable_length_m(l, 3, 27), (3 + 7) * 0.6 + 2 * 3 + 4 + 2);
  l.trays_across = true;
  EXPECT_DOUBLE_EQ(cable_length_m(l, 3, 27), 4 * 0.6 + 2 * 3 + 4 + 2);
  l.racks_per_row = 100;
  EXPECT_DOUBLE_EQ(cable_length_m(l, 0, 99), (99 * 0.6 + 4) * 1.1);
  EXPECT_EQ(stock_length_m(l, 6.6), 7);
  EXPECT_EQ(stock_length_m(l, 7), 7);
  EXPECT_EQ(stock_length_m(l, 7.01), 10);
  EXPECT_EQ(stock_length_m(l, 2001), 2100);
}

TEST(FabricAnswer, CopperWithinItsReachAlone) {
  FabricQuestion q = question(FabricKind::leaf_spine, 64, "32x100", 100);
  q.layout.hosts_per_rack = 16;
  const Fabric f = fabric(q);
  EXPECT_EQ(f.links[0].dac, 64);  // every leaf in the rack of its hosts
  EXPECT_EQ(f.links[0].lower_modules, 0);
  EXPECT_FALSE(f.links[0].budget);
  q.layout.in_rack_m = 3;
  EXPECT_EQ(fabric(q).links[0].dac, 0);
  q.aoc_reach_m = 5;
  EXPECT_EQ(fabric(q).links[0].aoc, 64);
}

TEST(FabricAnswer, OpticsThatDoNotReachFail) {
  FabricQuestion q = question(FabricKind::rail, 4096, "64x400", 400);
  q.leaf_optics.upper = fabric_optic_named("400GBASE-SR8", "");
  q.layout.racks_per_row = 100;
  q.layout.row_pitch_m = 90;
  const Fabric f = fabric(q);
  EXPECT_EQ(f.links[1].lower_pmd->id, "400GBASE-SR8");
  EXPECT_GT(f.links[1].most_m, *f.links[1].reach_m);
  EXPECT_NE(f.verdict, Verdict::pass);
  EXPECT_FALSE(f.reasons.empty());
  // What reaches is named: 10 km types for some 2 km of single-mode fibre.
  FabricQuestion far = question(FabricKind::rail, 2048, "64x400", 400);
  far.layout.row_pitch_m = 90;
  far.layout.racks_per_row = 3;
  const Fabric g = fabric(far);
  EXPECT_NE(g.verdict, Verdict::pass);
  const auto types = std::find_if(g.reasons.begin(), g.reasons.end(),
                                  [](const Reason& r) { return r.severity == Severity::advice; });
  ASSERT_NE(types, g.reasons.end());
  EXPECT_NE(types->cure.find("400G-LR4-10"), std::string::npos) << types->cure;
  EXPECT_EQ(types->cure.find("400GBASE-DR4,"), std::string::npos) << types->cure;
  // So far that the light does not suffice either.
  far.layout.racks_per_row = 1;
  far.layout.row_pitch_m = 100;
  const Fabric dark = fabric(far);
  EXPECT_LT(*dark.links[1].margin_db, 0);
  EXPECT_EQ(dark.verdict, Verdict::fail);
  // A single lane type against four lanes of another kind cannot talk.
  FabricQuestion wrong = question(FabricKind::leaf_spine, 64, "64x400", 400);
  wrong.leaf_optics.upper = fabric_optic_named("400GBASE-FR4", "");
  wrong.leaf_optics.lower = fabric_optic_named("400GBASE-DR4", "");
  EXPECT_EQ(fabric(wrong).verdict, Verdict::fail);
}

TEST(FabricAnswer, BillPowerAndCost) {
  FabricQuestion q = question(FabricKind::rail, 1024, "64x400", 400);
  q.dac_reach_m = 0;
  q.spares_percent = 2;
  Fabric f = fabric(q);
  EXPECT_FALSE(f.power.wall_w);  // nobody knows the base power of a 64x400G
  EXPECT_FALSE(f.cost.all());
  EXPECT_EQ(f.bill.spares("switch"), 1 + 1);
  q.leaf.base_w = 700;
  q.spine.base_w = 650;
  q.prices = {{"64x400G", {30000, 0}},
              {"qsfp-dd-400g-dr4", {500, 0}},
              {"nvidia-mms4x00-ns400", {450, 0}},
              {"mpo12-b-sm", {20, 2}},
              {"no such part", {1, 0}}};
  f = fabric(q);
  double cost = 0, length = 0;
  std::int64_t cords = 0;
  for (const BillLine& line : f.bill.lines) {
    const auto all = static_cast<double>(line.quantity + line.spares);
    if (line.kind == "cord") {
      cords += line.quantity;
      length += static_cast<double>(line.quantity) * *line.length_m;
      cost += all * (20 + 2 * *line.length_m);
    } else {
      cost += all * (line.kind == "switch" ? 30000 : line.part == "qsfp-dd-400g-dr4" ? 500 : 450);
    }
  }
  EXPECT_EQ(cords, 2048);
  EXPECT_GT(length, 2048 * 5);
  ASSERT_TRUE(f.cost.all());
  EXPECT_NEAR(*f.cost.all(), cost, 1e-6);
  // 32 leaves of 700 W, 16 spines of 650 W, 3,072 modules of 10 W and 1,024 of 9 W.
  EXPECT_NEAR(*f.power.devices_w.all(), 32 * 700 + 16 * 650 + 3072 * 10 + 1024 * 9, 1e-6);
  EXPECT_NEAR(*f.power.wall_w, (32 * 700 + 16 * 650 + 3072 * 10 + 1024 * 9) / 0.93, 1e-6);
  EXPECT_TRUE(
      std::any_of(f.reasons.begin(), f.reasons.end(), [](const Reason& r) { return r.code == "PRICE"; }));
}

std::string refusal(FabricQuestion q) {
  try {
    (void)fabric(q);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(FabricAnswer, RefusalsSayWhatIsNearest) {
  EXPECT_NE(refusal(question(FabricKind::three_tier, 100, "63x400", 400)).find("62 or 64"),
            std::string::npos);
  FabricQuestion q = question(FabricKind::leaf_spine, 512, "64x400", 400);
  q.spines = 12;
  EXPECT_NE(refusal(q).find("8 or 16"), std::string::npos) << refusal(q);
  q = question(FabricKind::leaf_spine, 2048, "64x400", 400);
  q.spines = 8;
  EXPECT_NE(refusal(q).find("32 spines"), std::string::npos) << refusal(q);
  EXPECT_NE(refusal(question(FabricKind::leaf_spine, 2049, "64x400", 400))
                .find("64 leaves (2048 hosts), or 3 tiers"),
            std::string::npos);
  EXPECT_NE(
      refusal(question(FabricKind::rail, 100000, "64x400", 400)).find("2048 leaves (65536 hosts) at most"),
      std::string::npos)
      << refusal(question(FabricKind::rail, 100000, "64x400", 400));
  for (const std::int64_t hosts : {0, -5, 20000000})
    EXPECT_NE(refusal(question(FabricKind::leaf_spine, hosts, "64x400", 400)).find("hosts"),
              std::string::npos);
  EXPECT_NE(refusal(question(FabricKind::rail, 64, "64x400", 0)).find("nic_gbps"), std::string::npos);
  q = question(FabricKind::rail, 64, "64x400", 400);
  q.planes = 3;
  EXPECT_NE(refusal(q).find("planes"), std::string::npos);
  q = question(FabricKind::leaf_spine, 64, "64x400", 400);
  q.downlinks = 40;
  q.uplinks = 40;
  EXPECT_NE(refusal(q).find("24 downlinks at most"), std::string::npos) << refusal(q);
  EXPECT_NE(refusal(question(FabricKind::leaf_spine, 64, "64x400", 150)).find("no module is known"),
            std::string::npos);
  q = question(FabricKind::leaf_spine, 9000000, "4096x400", 400);
  q.downlinks = 1;
  q.uplinks = 4000;
  q.tiers = 3;
  q.core = fabric_switch_named("4096x3200", "");
  EXPECT_FALSE(refusal(q).empty());
  q = question(FabricKind::leaf_spine, 64, "64x400", 400);
  q.oversubscription = NAN;
  EXPECT_NE(refusal(q).find("oversubscription"), std::string::npos);
  EXPECT_THROW(fabric_switch_named("64x", "leaf"), ConfigError);
  EXPECT_THROW(fabric_switch_named("0x400", "leaf"), ConfigError);
  EXPECT_THROW(fabric_switch_named("x", "leaf"), ConfigError);
}

}  // namespace
}  // namespace lightlane::plan

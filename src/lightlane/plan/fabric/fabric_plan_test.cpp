#include "lightlane/plan/fabric/fabric_plan.hpp"

#include <gtest/gtest.h>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

TEST(FabricPlan, Reads) {
  const FabricQuestion q = read_fabric_plan(R"(
[fabric]
kind = "three-tier"
hosts = 512
host_gbps = 100
planes = 1
oversubscription = 2
pod_oversubscription = 1.5
uplink_gbps = 100
core_gbps = 400
tiers = 3
basis = "typical"
spares_percent = 3
[leaf]
switch = "48x100"
downlinks = 32
uplinks = 16
base_w = 200
[spine]
switch = "32x400G"
base_w = 400
[core]
switch = "SN4700"
[optics.host]
lower = "100GBASE-DR"
[optics.fabric]
upper = "qsfp-dd-400g-dr4"
lower = "qsfp28-100g-fr1"
[optics.core]
lower = "400GBASE-FR4"
[media]
dac_reach_m = 3
aoc_reach_m = 20
[layout]
rack_pitch_m = 0.8
row_pitch_m = 2.5
racks_per_row = 12
drop_m = 1.5
slack_percent = 5
slack_m = 1
in_rack_m = 1.5
trays_across = true
hosts_per_rack = 20
switches_per_rack = 6
stock_m = [1, 2, 5, 10, 50]
[prices]
"48x100G" = 9000
"lc-duplex-sm" = { each = 5, per_m = 0.5 }
)",
                                            "fabric.toml");
  EXPECT_EQ(q.kind, FabricKind::three_tier);
  EXPECT_EQ(q.hosts, 512);
  EXPECT_EQ(q.pod_oversubscription, 1.5);
  EXPECT_EQ(q.core_gbps, 400);
  EXPECT_EQ(q.downlinks, 32);
  EXPECT_EQ(q.uplinks, 16);
  EXPECT_EQ(q.leaf.base_w, 200);
  EXPECT_EQ(q.spine.cages, 32);
  EXPECT_EQ(q.core.device->id, "nvidia-sn4700");
  EXPECT_EQ(q.leaf_optics.lower->module->id, "qsfp28-100g-fr1");
  EXPECT_EQ(q.core_optics.lower->pmd->id, "400GBASE-FR4");
  EXPECT_EQ(q.aoc_reach_m, 20);
  EXPECT_EQ(q.layout.stock_m.size(), 5u);
  EXPECT_TRUE(q.layout.trays_across);
  EXPECT_EQ(q.layout.switches_per_rack, 6);
  EXPECT_EQ(q.prices.at("48x100G").each, 9000);
  EXPECT_EQ(q.prices.at("lc-duplex-sm").per_m, 0.5);
  EXPECT_EQ(q.basis, PowerBasis::typical);
  const Fabric f = fabric(q);
  EXPECT_EQ(f.clos.tiers, 3);
  EXPECT_EQ(f.links[1].gbps, 100);
  EXPECT_EQ(f.links[2].gbps, 400);
  EXPECT_LE(f.pod_oversubscription, 1.5);
}

std::string refusal(const std::string& text) {
  try {
    (void)read_fabric_plan(text, "f.toml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(FabricPlan, NamesTheLine) {
  const std::string begin = "[fabric]\nkind = \"leaf-spine\"\nhosts = 5\nhost_gbps = 100\n";
  const auto has = [](const std::string& message, const char* what) {
    EXPECT_NE(message.find(what), std::string::npos) << message;
  };
  has(refusal(""), "fabric: is missing");
  has(refusal(begin), "leaf: is missing");
  has(refusal("[fabric]\nkind = \"mesh\"\n"), "f.toml:2: fabric.kind");
  has(refusal("[fabric]\nkind = \"leaf-spine\"\nhosts = 0\n"), "f.toml:3: fabric.hosts");
  has(refusal("[fabric]\nkind = \"leaf-spine\"\nhosts = 2.5\n"), "f.toml:3: fabric.hosts");
  has(refusal("[fabric]\nkind = \"leaf-spine\"\ngpus = 5\n"), "f.toml:3: fabric.gpus");
  has(refusal("[fabric]\nkind = \"rail\"\nhosts = 5\n"), "f.toml:3: fabric.hosts");
  has(refusal(begin + "[leaf]\nswitch = \"64x\"\n"), "f.toml:6: leaf.switch");
  has(refusal(begin + "[leaf]\nports = 64\n"), "f.toml:6: leaf.ports");
  has(refusal(begin + "[leaf]\nswitch = \"64x400\"\n[optics.host]\nlower = \"FR9\"\n"),
      "f.toml:8: optics.host.lower");
  has(refusal(begin + "[leaf]\nswitch = \"64x400\"\n[prices]\nx = \"many\"\n"), "f.toml:8: prices.x");
  has(refusal(begin + "[leaf]\nswitch = \"64x400\"\n[prices]\nx = -3\n"), "f.toml:8: prices.x");
  has(refusal(begin + "[leaf]\nswitch = \"64x400\"\n[layout]\nstock_m = [0]\n"), "f.toml:8: layout.stock_m");
  has(refusal(begin + "prices = 3\n[leaf]\nswitch = \"64x400\"\n"), "fabric.prices");
}

}  // namespace
}  // namespace lightlane::plan

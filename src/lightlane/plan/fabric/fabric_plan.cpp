#include "lightlane/plan/fabric/fabric_plan.hpp"

#include <fmt/format.h>

#include "lightlane/plan/power/power_plan.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

/// fabric() knows the ranges, and names what is outside.
constexpr double any = 1e300;
constexpr long many = 1'000'000'000;

void take(const TomlTable& t, const char* key, int& out) {
  out = static_cast<int>(t.integer(key, -many, many).value_or(out));
}

void take(const TomlTable& t, const char* key, double& out) { out = t.number(key, -any, any).value_or(out); }

void take(const TomlTable& t, const char* key, std::optional<int>& out) {
  if (const auto value = t.integer(key, -many, many)) out = static_cast<int>(*value);
}

void read_sizes(const TomlTable& t, FabricQuestion& q) {
  t.only({"kind", "gpus", "gpus_per_server", "nic_gbps", "hosts", "host_gbps", "planes", "oversubscription",
          "pod_oversubscription", "uplink_gbps", "core_gbps", "tiers", "basis", "spares_percent"});
  q.kind = t.named("kind", [](const std::string& word) { return fabric_kind_named(word, ""); });
  const bool rail = q.kind == FabricKind::rail;
  for (const char* key : {"gpus", "gpus_per_server", "nic_gbps"})
    if (!rail && t.contains(key)) t.fail(key, "belongs to kind = \"rail\"", "hosts, host_gbps");
  for (const char* key : {"hosts", "host_gbps"})
    if (rail && t.contains(key)) t.fail(key, "does not belong to kind = \"rail\"", "gpus, nic_gbps");
  q.hosts = t.need_integer(rail ? "gpus" : "hosts", 1, 10'000'000);
  q.host_gbps = static_cast<int>(t.need_integer(rail ? "nic_gbps" : "host_gbps", 1, 3200));
  take(t, "gpus_per_server", q.gpus_per_server);
  take(t, "planes", q.planes);
  take(t, "oversubscription", q.oversubscription);
  take(t, "pod_oversubscription", q.pod_oversubscription);
  take(t, "uplink_gbps", q.uplink_gbps);
  take(t, "core_gbps", q.core_gbps);
  take(t, "tiers", q.tiers);
  take(t, "spares_percent", q.spares_percent);
  if (t.contains("basis"))
    q.basis = t.named("basis", [](const std::string& word) { return basis_named(word, ""); });
}

void read_tier(const TomlTable& t, FabricSwitch& out) {
  if (t.contains("switch"))
    out = t.named("switch", [](const std::string& name) { return fabric_switch_named(name, ""); });
  if (const auto base = t.number("base_w", 0, 20000)) out.base_w = base;
}

void read_tiers(const TomlTable& plan, FabricQuestion& q) {
  const auto leaf = plan.table("leaf");
  if (!leaf) plan.fail("leaf", "is missing: [leaf] with switch = \"...\"");
  leaf->only({"switch", "downlinks", "uplinks", "base_w"});
  (void)leaf->need_text("switch");
  read_tier(*leaf, q.leaf);
  take(*leaf, "downlinks", q.downlinks);
  take(*leaf, "uplinks", q.uplinks);
  if (const auto spine = plan.table("spine")) {
    spine->only({"switch", "count", "base_w"});
    read_tier(*spine, q.spine);
    take(*spine, "count", q.spines);
  }
  if (const auto core = plan.table("core")) {
    core->only({"switch", "base_w"});
    read_tier(*core, q.core);
  }
}

void read_ends(const TomlTable& optics, const char* key, FabricEnds& out) {
  const auto table = optics.table(key);
  if (!table) return;
  table->only({"lower", "upper"});
  const auto optic = [](const std::string& name) { return fabric_optic_named(name, ""); };
  if (table->contains("lower")) out.lower = table->named("lower", optic);
  if (table->contains("upper")) out.upper = table->named("upper", optic);
}

void read_layout(const TomlTable& t, RackLayout& l) {
  t.only({"rack_pitch_m", "row_pitch_m", "racks_per_row", "drop_m", "slack_percent", "slack_m", "in_rack_m",
          "trays_across", "hosts_per_rack", "switches_per_rack", "stock_m"});
  take(t, "rack_pitch_m", l.rack_pitch_m);
  take(t, "row_pitch_m", l.row_pitch_m);
  take(t, "racks_per_row", l.racks_per_row);
  take(t, "drop_m", l.drop_m);
  take(t, "slack_percent", l.slack_percent);
  take(t, "slack_m", l.slack_m);
  take(t, "in_rack_m", l.in_rack_m);
  take(t, "hosts_per_rack", l.hosts_per_rack);
  take(t, "switches_per_rack", l.switches_per_rack);
  l.trays_across = t.flag("trays_across").value_or(false);
  if (const auto stock = t.numbers("stock_m", 0.1, 100000)) l.stock_m = *stock;
}

void read_prices(const catalog::Node& root, const std::string& file, FabricQuestion& q) {
  const catalog::Node* prices = root.get("prices");
  if (prices == nullptr) return;
  if (!prices->is_table()) TomlTable(root, file).fail("prices", "is no table: [prices]");
  const TomlTable table(*prices, file, "prices.");
  for (const catalog::Member& member : prices->members) {
    FabricPrice price;
    if (member.node.is_table()) {
      const TomlTable both(member.node, file, fmt::format("prices.{}.", member.key));
      both.only({"each", "per_m"});
      price = {both.number("each", 0, 1e12).value_or(0), both.number("per_m", 0, 1e12).value_or(0)};
    } else {
      price.each = table.need_number(member.key, 0, 1e12);
    }
    q.prices[member.key] = price;
  }
}

}  // namespace

FabricQuestion read_fabric_plan(const std::string& text, const std::string& file) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable plan(root, file);
  plan.only({"fabric", "leaf", "spine", "core", "optics", "media", "layout", "prices"});
  const auto sizes = plan.table("fabric");
  if (!sizes) plan.fail("fabric", "is missing: [fabric] with kind = \"...\"");
  FabricQuestion q;
  read_sizes(*sizes, q);
  read_tiers(plan, q);
  if (const auto optics = plan.table("optics")) {
    optics->only({"host", "fabric", "core"});
    read_ends(*optics, "host", q.host_optics);
    read_ends(*optics, "fabric", q.leaf_optics);
    read_ends(*optics, "core", q.core_optics);
  }
  if (const auto media = plan.table("media")) {
    media->only({"dac_reach_m", "aoc_reach_m"});
    take(*media, "dac_reach_m", q.dac_reach_m);
    take(*media, "aoc_reach_m", q.aoc_reach_m);
  }
  if (const auto layout = plan.table("layout")) read_layout(*layout, q.layout);
  read_prices(root, file, q);
  return q;
}

}  // namespace lightlane::plan

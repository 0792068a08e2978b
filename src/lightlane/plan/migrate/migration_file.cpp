#include <fmt/format.h>

#include "lightlane/plan/migrate/migration.hpp"
#include "lightlane/plan/names.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

void read_growth(const TomlTable& table, GrowthModel& growth) {
  table.only({"kind", "rate", "capacity"});
  const std::string kind = table.text("kind").value_or("compound");
  bool found = false;
  for (const GrowthKind k : {GrowthKind::linear, GrowthKind::compound, GrowthKind::logistic}) {
    if (kind != name(k)) continue;
    growth.kind = k;
    found = true;
  }
  if (!found) table.fail("kind", fmt::format("is '{}'", kind), "linear, compound, logistic");
  growth.rate = table.need_number("rate", -0.99, 10);
  growth.capacity = table.number("capacity", 1e-9, 1e15).value_or(0);
  if (growth.kind == GrowthKind::logistic && growth.capacity == 0) table.fail("capacity", "is missing");
}

void read_plant(const TomlTable& table, Question& plant) {
  table.only({"length_m", "fibre", "attenuation_db_per_km", "connectors", "connector", "ageing_db",
              "engineering_margin_db"});
  if (table.contains("length_m") || table.contains("fibre") || table.contains("attenuation_db_per_km")) {
    Segment segment;
    if (table.contains("fibre"))
      segment.fibre = table.named("fibre", [](const std::string& name) { return &fibre_named(name, ""); });
    segment.length_m = table.number("length_m", 0, 1e6);
    segment.attenuation_db_per_km = table.number("attenuation_db_per_km", 0, 20);
    plant.segments = {segment};
  }
  if (table.contains("connectors") || table.contains("connector")) {
    Joint joint;
    if (const auto count = table.integer("connectors", 0, 1000)) joint.count = static_cast<int>(*count);
    if (table.contains("connector"))
      joint.type = table.named("connector", [](const std::string& name) {
        return &joint_named(name, "", catalog::JointKind::connector);
      });
    plant.connectors = {{joint}};
  }
  plant.ageing_db = table.number("ageing_db", 0, 30).value_or(0);
  plant.engineering_margin_db = table.number("engineering_margin_db", 0, 30).value_or(0);
}

void read_phases(const TomlTable& table, PhaseRules& r) {
  table.only({"audit_months", "pilot_months", "rollout_months", "parallel_months", "pilot_share",
              "links_per_window", "hours_per_link"});
  const auto months = [&](std::string_view key, double& value) {
    value = table.number(key, 0, 600).value_or(value);
  };
  months("audit_months", r.audit_months);
  months("pilot_months", r.pilot_months);
  months("rollout_months", r.rollout_months);
  months("parallel_months", r.parallel_months);
  r.pilot_share = table.number("pilot_share", 0, 1).value_or(r.pilot_share);
  r.links_per_window =
      static_cast<int>(table.integer("links_per_window", 1, 100000).value_or(r.links_per_window));
  r.hours_per_link = table.number("hours_per_link", 0, 1000).value_or(r.hours_per_link);
}

}  // namespace

MigrationQuestion read_migration(const std::string& text, const std::string& file,
                                 const std::function<std::string(const std::string&)>& load) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable document(root, file);
  document.only({"migration", "growth", "plant", "switch", "phases", "price"});
  const auto table = document.table("migration");
  if (!table) document.fail("migration", "is missing: [migration] with inventory = \"...\"");
  table->only({"inventory", "target_gbps", "years", "new_fibre", "assume_type", "pue", "utilisation"});
  MigrationQuestion q;
  q.target_gbps = static_cast<int>(table->integer("target_gbps", 1, 10000).value_or(q.target_gbps));
  q.years = table->number("years", 0, 50).value_or(q.years);
  q.new_fibre = table->flag("new_fibre").value_or(q.new_fibre);
  q.pue = table->number("pue", 1, 5).value_or(q.pue);
  q.utilisation = table->number("utilisation", 0, 1).value_or(q.utilisation);
  if (table->contains("assume_type")) {
    q.defaults.type = table->named("assume_type", [](const std::string& name) {
      (void)link_end(name, "");
      return name;
    });
  }
  if (const auto growth = document.table("growth")) read_growth(*growth, q.growth);
  if (const auto plant = document.table("plant")) read_plant(*plant, q.defaults.plant);
  if (const auto phases = document.table("phases")) read_phases(*phases, q.phases);
  for (const TomlTable& entry : document.tables("switch")) {
    entry.only({"device", "seat"});
    NewSeat at;
    at.device = entry.need_text("device");
    at.seat = entry.named("seat", [](const std::string& name) {
      LinkEnd end;
      plug_into(end, name, "");
      return name;
    });
    q.seats.push_back(at);
  }
  for (const TomlTable& entry : document.tables("price")) {
    entry.only({"name", "each"});
    Price price;
    price.name = entry.need_text("name");
    if (catalog::find_pmd(price.name) == nullptr && catalog::find_module(price.name) == nullptr)
      entry.fail("name", fmt::format("is '{}', no PMD and no module", price.name), "a name of the catalogue");
    price.each = entry.need_number("each", 0, 1e9);
    q.prices.push_back(price);
  }
  const std::string inventory = table->need_text("inventory");
  q.inventory = read_inventory(load(inventory), inventory);
  return q;
}

}  // namespace lightlane::plan

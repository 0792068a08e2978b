#include "lightlane/plan/power/power_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/names.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

/// power_answer() knows the ranges, and names what is outside.
constexpr double any = 1e300;

void read_switch(const TomlTable& table, PowerQuestion& q) {
  table.only({"name", "ports", "rate_gbps", "cage", "port_power_max_w", "base_w", "fan_w", "fan_speed",
              "optics_allowance_w", "basis"});
  if (table.contains("name")) {
    for (const char* key : {"ports", "rate_gbps", "cage"})
      if (table.contains(key)) table.fail(key, "stands beside name", "", "the catalogue knows it");
    q.device = table.named("name", [](const std::string& name) { return &switch_named(name, ""); });
  } else {
    q.ports = static_cast<int>(table.need_integer("ports", 1, 1024));
    q.rate_gbps = table.number("rate_gbps", 0, 10000).value_or(0);
    if (table.contains("cage")) {
      q.cage = table.named("cage", [](const std::string& name) {
        const catalog::Cage* cage = catalog::find_cage(name);
        if (cage != nullptr) return cage;
        std::vector<std::string_view> names;
        for (const catalog::Cage& c : catalog::cages()) names.push_back(c.id);
        throw ConfigError(
            {"", fmt::format("'{}' is no cage", name), fmt::format("{}", fmt::join(names, ", ")), ""});
      });
    }
  }
  q.port_power_max_w = table.number("port_power_max_w", -any, any);
  q.base_w = table.number("base_w", -any, any);
  q.fan_w = table.number("fan_w", -any, any);
  q.fan_speed = table.number("fan_speed", -any, any).value_or(1);
  q.optics_allowance_w = table.number("optics_allowance_w", -any, any);
  if (table.contains("basis"))
    q.basis = table.named("basis", [](const std::string& word) { return basis_named(word, ""); });
}

PortLoad read_load(const TomlTable& table) {
  table.only({"ports", "module", "lanes", "utilisation", "power_w"});
  PortLoad out;
  out.ports = table.named("ports", [](const std::string& text) { return port_list(text, ""); });
  out.module = table.named("module", [](const std::string& name) { return &module_named(name, ""); });
  if (const auto lanes = table.integer("lanes", 0, 64)) out.lanes = static_cast<int>(*lanes);
  out.utilisation = table.number("utilisation", 0, 1).value_or(1);
  out.power_w = table.number("power_w", 0, 100);
  return out;
}

void read_air(const TomlTable& table, PowerQuestion& q) {
  table.only({"inlet_c", "altitude_m", "cfm", "speed_mps", "direction", "row", "depth", "resistance_k_per_w",
              "exponent"});
  q.inlet_c = table.number("inlet_c", -any, any);
  q.altitude_m = table.number("altitude_m", -any, any);
  q.cfm = table.number("cfm", -any, any);
  q.speed_mps = table.number("speed_mps", -any, any);
  if (table.contains("direction"))
    q.airflow = table.named("direction", [](const std::string& word) { return airflow_named(word, ""); });
  for (const std::string& word : table.texts("row").value_or(std::vector<std::string>())) {
    try {
      q.neighbours.push_back(airflow_named(word, ""));
    } catch (const ConfigError& error) {
      table.fail("row", error.detail().problem, error.detail().allowed, error.detail().hint);
    }
  }
  if (const auto depth = table.integer("depth", 1, 16)) q.depth = static_cast<int>(*depth);
  q.resistance_k_per_w = table.number("resistance_k_per_w", -any, any);
  q.exponent = table.number("exponent", -any, any);
}

}  // namespace

const catalog::Module& module_named(std::string_view name, const std::string& place) {
  if (const catalog::Module* module = catalog::find_module(name)) return *module;
  std::vector<std::string_view> names;
  for (const catalog::Module& m : catalog::modules()) names.push_back(m.id);
  const catalog::NameAnswer answer = catalog::resolve_name(name);
  std::vector<std::string_view> akin;
  for (const catalog::NameMatch& match : answer.matches)
    for (const catalog::Module& m : catalog::modules())
      if (match.id == m.id || (match.kind == "pmd" && match.id == m.pmd)) akin.push_back(m.id);
  if (answer.one() && akin.size() == 1) return *catalog::find_module(akin.front());
  const std::string similar =
      akin.empty() ? similar_names(name, names) : fmt::format("{}", fmt::join(akin, ", "));
  throw ConfigError({place,
                     akin.size() > 1 ? fmt::format("'{}' may be any of several modules", name)
                                     : fmt::format("'{}' is no module of the catalogue", name),
                     similar, "see lightlane catalog list --kind module"});
}

const catalog::Switch& switch_named(std::string_view name, const std::string& place) {
  if (const catalog::Switch* device = catalog::find_switch(name)) return *device;
  std::vector<std::string_view> names;
  for (const catalog::Switch& s : catalog::switches()) names.push_back(s.id);
  throw ConfigError({place, fmt::format("'{}' is no switch of the catalogue", name),
                     fmt::format("{}", fmt::join(names, ", ")),
                     "or the number of its ports, their rate and their limit"});
}

PowerBasis basis_named(std::string_view word, const std::string& place) {
  for (const PowerBasis basis : {PowerBasis::typical, PowerBasis::max, PowerBasis::module_class})
    if (word == name(basis)) return basis;
  throw ConfigError({place, fmt::format("is '{}'", word), "typical, max, class", ""});
}

PowerQuestion read_power_plan(const std::string& text, const std::string& file) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable plan(root, file);
  plan.only({"switch", "port", "supply", "air"});
  const auto device = plan.table("switch");
  if (!device) plan.fail("switch", "is missing: [switch] with name = \"...\" or ports = ...");
  PowerQuestion q;
  read_switch(*device, q);
  for (const TomlTable& table : plan.tables("port")) q.loads.push_back(read_load(table));
  if (const auto supply = plan.table("supply")) {
    supply->only({"count", "rating_w", "failed", "efficiency"});
    if (const auto count = supply->integer("count", 1, 32)) q.supplies = static_cast<int>(*count);
    q.supply_w = supply->number("rating_w", -any, any);
    q.supplies_failed = static_cast<int>(supply->integer("failed", 0, 32).value_or(1));
    q.efficiency = supply->number("efficiency", -any, any);
  }
  if (const auto air = plan.table("air")) read_air(*air, q);
  return q;
}

}  // namespace lightlane::plan

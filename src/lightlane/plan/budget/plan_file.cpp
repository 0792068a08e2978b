#include "lightlane/plan/budget/plan_file.hpp"

#include <fmt/format.h>

#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/names.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

Attenuation attenuation_of(const TomlTable& link) {
  const std::string which = link.text("attenuation").value_or("max");
  for (const Attenuation a : {Attenuation::largest, Attenuation::planning, Attenuation::typical})
    if (which == name(a)) return a;
  link.fail("attenuation", fmt::format("is '{}'", which), "max, planning, typical");
}

/// budget() knows the ranges, and names what is outside.
constexpr double any = 1e300;

void read_link(const TomlTable& link, Question& q) {
  link.only({"near", "far", "attenuation", "attenuator_db", "ageing_db", "engineering_margin_db", "tdecq_db",
             "extinction_ratio_db"});
  const auto pmd = [](const std::string& name) { return &catalog::pmd_named(name, ""); };
  q.near = link.named("near", pmd);
  if (link.contains("far")) q.far = link.named("far", pmd);
  q.attenuation = attenuation_of(link);
  q.attenuators_db = link.number("attenuator_db", -any, any).value_or(0);
  q.ageing_db = link.number("ageing_db", -any, any).value_or(0);
  q.engineering_margin_db = link.number("engineering_margin_db", -any, any).value_or(0);
  q.metric_db = link.number("tdecq_db", -any, any);
  q.extinction_ratio_db = link.number("extinction_ratio_db", -any, any);
}

Segment segment(const TomlTable& table) {
  table.only({"fibre", "length_m", "attenuation_db_per_km"});
  Segment out;
  out.fibre = table.named("fibre", [](const std::string& name) { return &fibre_named(name, ""); });
  out.length_m = table.need_number("length_m", -any, any);
  out.attenuation_db_per_km = table.number("attenuation_db_per_km", -any, any);
  return out;
}

Joint joint(const TomlTable& table, catalog::JointKind kind) {
  table.only({"type", "count", "loss_db", "reflectance_db"});
  Joint out;
  out.type = table.named("type", [&](const std::string& name) { return &joint_named(name, "", kind); });
  out.count = static_cast<int>(table.integer("count", 0, 1000).value_or(1));
  out.loss_db = table.number("loss_db", -any, any);
  out.reflectance_db = table.number("reflectance_db", -any, any);
  return out;
}

}  // namespace

Question read_plant(const TomlTable& plan) {
  const auto link = plan.table("link");
  if (!link) plan.fail("link", "is missing: [link] with near = \"...\"");
  Question q;
  read_link(*link, q);
  for (const TomlTable& table : plan.tables("segment")) q.segments.push_back(segment(table));
  if (plan.contains("connector")) q.connectors.emplace();
  for (const TomlTable& table : plan.tables("connector"))
    q.connectors->push_back(joint(table, catalog::JointKind::connector));
  for (const TomlTable& table : plan.tables("splice"))
    q.splices.push_back(joint(table, catalog::JointKind::splice));
  return q;
}

Question read_plan(const std::string& text, const std::string& file) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable plan(root, file);
  plan.only({"link", "segment", "connector", "splice"});
  return read_plant(plan);
}

}  // namespace lightlane::plan

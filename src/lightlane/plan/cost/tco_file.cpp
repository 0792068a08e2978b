#include "lightlane/plan/cost/tco_file.hpp"

#include <fmt/format.h>

#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {
namespace {

/// Figures that may stand in a table of this scope.
std::vector<std::string_view> keys_of(CostScope scope) {
  std::vector<std::string_view> keys = {"mtbf_hours", "afr_percent"};
  for (const CostTerm& term : cost_terms())
    if (term.scope <= scope) keys.push_back(term.name);
  return keys;
}

CostFigures figures_of(const TomlTable& table, CostScope scope) {
  CostFigures out;
  for (const CostTerm& term : cost_terms())
    if (term.scope <= scope) out[term.key] = table.number(term.name, term.low, term.high);
  const int given = table.contains("fit") + table.contains("mtbf_hours") + table.contains("afr_percent");
  if (given > 1) {
    table.fail(table.contains("afr_percent") ? "afr_percent" : "mtbf_hours", "is said twice",
               "one of fit, mtbf_hours, afr_percent");
  }
  if (const auto mtbf = table.number("mtbf_hours", 1, 1e15)) out[CostKey::fit] = fit_of_mtbf(*mtbf);
  if (const auto afr = table.number("afr_percent", 0, 99.9)) out[CostKey::fit] = fit_of_afr(*afr / 100);
  return out;
}

constexpr long most = 1000000000;

void read_count(const TomlTable& table, TcoItem& item) {
  item.quantity = static_cast<double>(table.need_integer("quantity", 0, most));
  if (const auto spares = table.integer("spares", 0, most)) item.spares = static_cast<double>(*spares);
  if (const auto in_path = table.integer("in_path", 0, 1000)) item.in_path = static_cast<int>(*in_path);
}

TcoItem item_of(const TomlTable& table) {
  std::vector<std::string_view> keys = keys_of(CostScope::item);
  keys.insert(keys.end(), {"part", "quantity", "spares", "in_path"});
  table.only(keys);
  TcoItem item;
  item.part = table.need_text("part");
  read_count(table, item);
  item.figures = figures_of(table, CostScope::item);
  return item;
}

void read_items(const TomlTable& table, TcoPlan& plan, std::size_t index, TcoFile& out) {
  const int ways = table.contains("quantity") + table.contains("item") + table.contains("bill");
  if (ways != 1) {
    table.fail(ways == 0 ? "quantity" : "name",
               ways == 0 ? "is missing" : "has more than one list of what is bought",
               "one of quantity, [[alternative.item]], bill");
  }
  if (table.contains("quantity")) {
    TcoItem item;
    item.part = plan.name;
    read_count(table, item);
    plan.items.push_back(std::move(item));
    return;
  }
  for (const std::string_view key : {"spares", "in_path", "type"})
    if (table.contains(key)) table.fail(key, "is of one kind of thing", "beside quantity, or in the items");
  for (const TomlTable& item : table.tables("item")) plan.items.push_back(item_of(item));
  if (const auto bill = table.text("bill")) {
    out.bills.push_back({index, *bill, fmt::format("line {}: alternative.bill", table.line())});
  } else if (plan.items.empty()) {
    table.fail("item", "is empty", "one or more");
  }
}

TcoPlan plan_of(const TomlTable& table, std::size_t index, TcoFile& out) {
  std::vector<std::string_view> keys = keys_of(CostScope::alternative);
  keys.insert(keys.end(),
              {"name", "type", "quantity", "spares", "in_path", "item", "bill", "paths", "paths_needed"});
  table.only(keys);
  TcoPlan plan;
  const auto type = table.text("type");
  plan.name = type && !table.contains("name") ? *type : table.need_text("name");
  plan.paths = static_cast<int>(table.integer("paths", 1, 64).value_or(1));
  plan.paths_needed = static_cast<int>(table.integer("paths_needed", 1, plan.paths).value_or(1));
  plan.figures = figures_of(table, CostScope::alternative);
  read_items(table, plan, index, out);
  if (type) {
    table.named("type", [&](const std::string& name) {
      add_type(name, "type", plan, out.question);
      return 0;
    });
  }
  return plan;
}

void read_study(const TomlTable& study, TcoQuestion& q) {
  std::vector<std::string_view> keys = keys_of(CostScope::study);
  keys.insert(keys.end(), {"years", "currency", "target_availability", "sensitivity_percent"});
  study.only(keys);
  if (const auto years = study.integer("years", 1, 100)) {
    q.years = static_cast<int>(*years);
    q.years_given = true;
  }
  q.currency = study.text("currency").value_or(q.currency);
  q.target_availability = study.number("target_availability", 0, 1);
  q.sensitivity = study.number("sensitivity_percent", 0, 100).value_or(100 * q.sensitivity) / 100;
  q.figures = figures_of(study, CostScope::study);
}

bool passive(std::string_view kind) {
  return kind == bill_kind::cord || kind == bill_kind::trunk || kind == bill_kind::harness ||
         kind == bill_kind::labour;
}

}  // namespace

TcoFile read_tco_plan(const std::string& text, const std::string& file) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable plan(root, file);
  plan.only({"study", "alternative"});
  TcoFile out;
  if (const auto study = plan.table("study")) read_study(*study, out.question);
  const std::vector<TomlTable> tables = plan.tables("alternative");
  if (tables.empty()) plan.fail("alternative", "is missing: [[alternative]] with name and quantity");
  for (const TomlTable& table : tables) {
    TcoPlan alternative = plan_of(table, out.question.alternatives.size(), out);
    for (const TcoPlan& other : out.question.alternatives)
      if (other.name == alternative.name) table.fail("name", fmt::format("'{}' is there twice", other.name));
    out.question.alternatives.push_back(std::move(alternative));
  }
  for (TcoBillFile& bill : out.bills) bill.place = file + ": " + bill.place;
  return out;
}

void add_bill(const Bill& bill, TcoPlan& plan) {
  for (const BillLine& line : bill.lines) {
    TcoItem item;
    item.part = line.part;
    item.quantity = static_cast<double>(line.quantity);
    item.spares = static_cast<double>(line.spares);
    item.figures[CostKey::unit_price] = line.unit_cost;
    item.figures[CostKey::power_w] = line.power_w;
    if (!line.power_w && passive(line.kind)) item.figures[CostKey::power_w] = 0;
    plan.items.push_back(std::move(item));
  }
}

void add_type(const std::string& type, const std::string& place, TcoPlan& plan, TcoQuestion& question) {
  const catalog::Module* module = catalog::find_module(type);
  const catalog::Pmd& pmd =
      module != nullptr ? catalog::pmd_named(module->pmd, place) : catalog::pmd_named(type, place);
  if (plan.figures[CostKey::power_w] || question.figures[CostKey::power_w]) return;
  const catalog::Limit& typical = module != nullptr && module->power_typical_w ? module->power_typical_w
                                  : module != nullptr && module->power_max_w   ? module->power_max_w
                                  : pmd.power.typical_w                        ? pmd.power.typical_w
                                                                               : pmd.power.max_w;
  if (!typical) return;
  plan.figures[CostKey::power_w] = typical->value;
  question.assumed.push_back({"power_w of " + plan.name, typical->value, "W",
                              catalog::name(typical->confidence), std::string(typical->source)});
}

}  // namespace lightlane::plan

#include "lightlane/plan/cost/published_guide.hpp"

#include <cmath>

#include "lightlane/base/embedded_file.hpp"
#include "lightlane/plan/toml_reader.hpp"

LIGHTLANE_EMBED(lightlane_lr4_lr1_guide, LIGHTLANE_DATA "/published/lr4-lr1-guide.toml")

namespace lightlane::plan {
namespace {

double number(const TomlTable& table, std::string_view key) { return table.need_number(key, 0, 1e9); }

std::vector<double> pair(const TomlTable& table, std::string_view key) {
  std::vector<double> list = table.numbers(key, 0, 1e9).value_or(std::vector<double>());
  if (list.size() != 2) table.fail(key, "is no pair");
  return list;
}

TomlTable need(const TomlTable& document, std::string_view key) {
  const auto table = document.table(key);
  if (!table) document.fail(key, "is missing");
  return *table;
}

GuideModule module_of(const TomlTable& table) {
  GuideModule m;
  m.name = table.need_text("name");
  m.pmd = table.need_text("pmd");
  m.unit_price = number(table, "unit_price");
  m.power_w = number(table, "power_w");
  m.reliability_percent = number(table, "reliability_percent");
  m.afr_percent = number(table, "afr_percent");
  const std::vector<double> latency = pair(table, "latency_ns");
  m.latency_low_ns = latency[0];
  m.latency_high_ns = latency[1];
  for (const double w : table.numbers("component_power_w", 0, 100).value_or(std::vector<double>()))
    m.component_power_low_w += w;
  m.component_power_high_w = m.component_power_low_w + number(table, "component_power_extra_w");
  return m;
}

void read_calculators(const TomlTable& document, Guide& g) {
  const TomlTable performance = need(document, "performance");
  g.performance = {number(performance, "temperature_c"), number(performance, "degradation_percent")};
  const TomlTable t = need(document, "tco");
  g.tco = {number(t, "ports"),
           number(t, "electricity_per_kwh"),
           static_cast<int>(t.need_integer("years", 1, 100)),
           pair(t, "totals"),
           number(t, "saving"),
           number(t, "saving_percent")};
  const TomlTable m = need(document, "migration");
  g.migration = {number(m, "existing_ports"), number(m, "new_ports"),
                 number(m, "growth_percent"), static_cast<int>(m.need_integer("years", 1, 100)),
                 number(m, "ports"),          number(m, "saving_kwh"),
                 m.need_text("status"),       m.need_text("recommendation")};
}

void read_cases(const TomlTable& document, Guide& g) {
  const TomlTable one = need(document, "case_1"), two = need(document, "case_2"),
                  three = need(document, "case_3");
  g.case_1 = {number(one, "modules"),      number(one, "links"),        number(one, "power_saving_w"),
              number(one, "saving_kwh"),   number(one, "saving_money"), number(one, "capital_percent"),
              number(one, "power_percent")};
  g.case_2 = {number(two, "required_percent"), number(two, "reached_percent"), number(two, "target_percent"),
              pair(two, "length_m"), pair(two, "loss_db")};
  g.case_3 = {number(three, "ports"),          number(three, "saving_per_port"),
              number(three, "saving"),         number(three, "saving_percent"),
              number(three, "new_ports"),      number(three, "share_over_baseline_percent"),
              number(three, "growth_percent"), number(three, "months")};
}

Guide read_guide() {
  const std::string file = "lr4-lr1-guide.toml";
  const catalog::Node root = read_toml(lightlane_lr4_lr1_guide(), file);
  const TomlTable document(root, file);
  Guide g;
  g.source = document.need_text("source");
  g.confidence = document.need_text("confidence");
  for (const TomlTable& table : document.tables("module")) g.modules.push_back(module_of(table));
  LIGHTLANE_ASSERT(g.modules.size() == 2);
  read_calculators(document, g);
  read_cases(document, g);
  return g;
}

}  // namespace

const Guide& published_guide() {
  static const Guide guide = read_guide();
  return guide;
}

std::string_view name(GuideFit fit) noexcept {
  switch (fit) {
    case GuideFit::exact:
      return "exact";
    case GuideFit::rounded:
      return "rounded";
    case GuideFit::within:
      return "within";
    case GuideFit::differs:
      return "differs";
  }
  return "";
}

GuideCheck guide_check(std::string what, double published, double reckoned, std::string unit, double rounding,
                       std::string why) {
  const double off = std::abs(published - reckoned);
  const GuideFit fit = off <= 1e-9 * std::abs(published)  ? GuideFit::exact
                       : off <= rounding / 2 * (1 + 1e-9) ? GuideFit::rounded
                                                          : GuideFit::differs;
  return {std::move(what), published, reckoned, std::move(unit), fit, std::move(why)};
}

GuideCheck guide_range_check(std::string what, double published, double reckoned, double low, double high,
                             double inside, std::string unit, std::string why) {
  const GuideFit fit = inside >= low && inside <= high ? GuideFit::within : GuideFit::differs;
  return {std::move(what), published, reckoned, std::move(unit), fit, std::move(why)};
}

}  // namespace lightlane::plan

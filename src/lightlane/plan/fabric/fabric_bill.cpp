#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/plan/fabric/fabric_terms.hpp"
#include "lightlane/plan/names.hpp"
#include "lightlane/plan/power/power.hpp"

namespace lightlane::plan {
namespace {

std::optional<double> watts_of(const FabricOptic& optic, PowerBasis basis) {
  if (optic.module != nullptr) {
    const auto used = module_watts(*optic.module).used(basis);
    return used ? std::optional(used->watts) : std::nullopt;
  }
  const catalog::ModulePower& power = optic.pmd->power;
  const catalog::Limit& first = basis == PowerBasis::typical ? power.typical_w : power.max_w;
  const catalog::Limit& second = basis == PowerBasis::typical ? power.max_w : power.typical_w;
  if (first) return first->value;
  return second ? std::optional(second->value) : std::nullopt;
}

void add_modules(Fabric& f, const FabricLinks& links, const FabricEndPair& ends) {
  const auto add = [&](const FabricEnd& end, std::int64_t count, std::string_view where) {
    f.bill.add({end.part,
                std::string(bill_kind::module),
                fmt::format("{}, at the {}", links.name, where),
                count,
                0,
                {},
                watts_of(end.optic, f.question.basis),
                {}});
    f.optics += count;
  };
  const std::size_t to = links.name.find(" to ");
  add(ends.lower, links.lower_modules, std::string_view(links.name).substr(0, to));
  add(ends.upper, links.upper_modules, std::string_view(links.name).substr(to + 4));
  const std::string_view kind = links.harnesses > 0 ? bill_kind::harness : bill_kind::cord;
  const std::string part =
      links.cable.empty() ? fmt::format("{} to {}", links.lower_part, links.upper_part) : links.cable;
  for (const auto& [length, count] : links.stock)
    f.bill.add({part, std::string(kind), links.name, count, 0, {}, 0.0, length});
}

void add_prices(Fabric& f) {
  const FabricQuestion& q = f.question;
  std::vector<std::string> used;
  for (BillLine& line : f.bill.lines) {
    line.spares = static_cast<std::int64_t>(
        std::ceil(static_cast<double>(line.quantity) * q.spares_percent / 100 - 1e-9));
    const auto price = q.prices.find(line.part);
    if (price == q.prices.end()) continue;
    used.push_back(line.part);
    line.unit_cost = price->second.each + price->second.per_m * line.length_m.value_or(0);
  }
  std::vector<std::string_view> parts;
  for (const BillLine& line : f.bill.lines)
    if (std::find(parts.begin(), parts.end(), line.part) == parts.end()) parts.push_back(line.part);
  for (const auto& [part, price] : q.prices) {
    if (std::find(used.begin(), used.end(), part) != used.end()) continue;
    f.reasons.push_back({"PRICE", fmt::format("a price is given for {}, which is not in the bill", part),
                         similar_names(part, parts), Severity::advice});
  }
}

/// What the layout has that nobody gave.
void add_assumptions(Fabric& f) {
  const RackLayout& l = f.question.layout;
  const RackLayout usual;
  const auto assume = [&](const char* what, double value, double other, std::string_view unit) {
    if (value == other) f.assumed.push_back({what, value, unit, "", "default"});
  };
  assume("racks in a row", l.racks_per_row, usual.racks_per_row, "");
  assume("from rack to rack", l.rack_pitch_m, usual.rack_pitch_m, "m");
  assume("from row to row", l.row_pitch_m, usual.row_pitch_m, "m");
  assume("between tray and port, at each end", l.drop_m, usual.drop_m, "m");
  assume("slack, at least", l.slack_m, usual.slack_m, "m");
  assume("slack", l.slack_percent, usual.slack_percent, "%");
  assume("cable within a rack", l.in_rack_m, usual.in_rack_m, "m");
  assume("servers in a rack", l.hosts_per_rack, f.question.kind == FabricKind::rail ? 4 : 16, "");
  assume("switches in a rack of switches", l.switches_per_rack, usual.switches_per_rack, "");
  if (f.bill.quantity(bill_kind::dac) > 0) {
    f.assumed.push_back(
        {"copper reaches", f.question.dac_reach_m, "m", "unverified", "GUIDE-UBYTE: 2.5 m at 400G"});
    f.assumed.push_back(
        {"power of a copper cable", 0.1, "W", "unverified", "data sheet of a 200G cable, at most"});
  }
  f.assumed.push_back(
      {"efficiency of the supplies", supply_efficiency, "", "unverified", "0.92 to 0.94 are common"});
}

}  // namespace

void fill_bill(Fabric& f, const FabricSizes& sizes) {
  const FabricEndPair* ends[] = {&sizes.host, &sizes.leaf, &sizes.core};
  Bill cables = std::move(f.bill);  // copper, as it was counted
  f.bill = {};
  for (const FabricTier& t : f.tiers)
    f.bill.add({t.switch_name, std::string(bill_kind::switches), t.name, t.count, 0, {}, t.base_w, {}});
  for (std::size_t i = 0; i < f.links.size(); ++i) add_modules(f, f.links[i], *ends[i]);
  for (const BillLine& line : cables.lines) f.bill.add(line);
  add_prices(f);
  add_assumptions(f);
  f.cost = f.bill.cost();
  f.power.efficiency = supply_efficiency;
  f.power.devices_w = f.bill.power_w();
  if (const auto all = f.power.devices_w.all()) {
    f.power.wall_w = *all / supply_efficiency;
    f.power.per_host_w = *f.power.wall_w / static_cast<double>(f.question.hosts);
  }
}

void fabric_verdict(Fabric& f) {
  const auto any = [&](Verdict v) {
    return std::any_of(f.links.begin(), f.links.end(), [&](const FabricLinks& l) { return l.budget == v; });
  };
  const Severity severity = worst(f.reasons);
  if (severity == Severity::refusal || any(Verdict::fail)) {
    f.verdict = Verdict::fail;
  } else if (severity == Severity::unknown || any(Verdict::unknown)) {
    f.verdict = Verdict::unknown;
  } else {
    f.verdict =
        severity == Severity::condition || any(Verdict::conditional) ? Verdict::conditional : Verdict::pass;
  }
}

}  // namespace lightlane::plan

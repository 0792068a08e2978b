// From what was said to what is reckoned with: ranges, defaults, what stays unknown.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/cost/tco_resolved.hpp"

namespace lightlane::plan {
namespace {

using enum CostKey;

void check_number(const std::string& place, double value, double low, double high, bool whole = false) {
  if (!(value >= low && value <= high) || (whole && value != std::floor(value))) {
    throw ConfigError({place, fmt::format("is {:g}", value),
                       fmt::format("{}{:g} to {:g}", whole ? "a whole number, " : "", low, high), ""});
  }
}

void check_figures(const std::string& of, const CostFigures& figures) {
  for (const CostTerm& term : cost_terms())
    if (figures[term.key]) check_number(std::string(term.name) + of, *figures[term.key], term.low, term.high);
}

void check_question(const TcoQuestion& q) {
  if (q.alternatives.empty()) throw ConfigError({"alternatives", "are missing", "one or more", ""});
  check_number("years", q.years, 1, 100);
  check_number("sensitivity", q.sensitivity, 0, 1);
  if (q.target_availability) check_number("target_availability", *q.target_availability, 0, 1);
  check_figures("", q.figures);
  for (const TcoPlan& plan : q.alternatives) {
    const std::string of = " of " + plan.name;
    check_figures(of, plan.figures);
    if (plan.items.empty()) throw ConfigError({"items" + of, "are missing", "one or more", ""});
    check_number("paths" + of, plan.paths, 1, 64);
    check_number("paths_needed" + of, plan.paths_needed, 1, plan.paths);
    for (const TcoItem& item : plan.items) {
      const std::string of_item =
          plan.items.size() == 1 ? of : fmt::format(" of {} in {}", item.part, plan.name);
      check_figures(of_item, item.figures);
      check_number("quantity" + of_item, item.quantity, 0, 1e9, true);
      if (item.spares) check_number("spares" + of_item, *item.spares, 0, 1e9, true);
      if (item.in_path) check_number("in_path" + of_item, *item.in_path, 0, 1000);
    }
  }
}

/// Which alternatives rest on a default.
class Defaults {
 public:
  void use(CostKey key, const std::string& plan) {
    auto& names = names_[static_cast<std::size_t>(key)];
    if (std::find(names.begin(), names.end(), plan) == names.end()) names.push_back(plan);
  }
  void list(std::size_t plans, const std::string& currency, std::vector<Assumption>& assumed) const {
    for (const CostTerm& term : cost_terms()) {
      const auto& names = names_[static_cast<std::size_t>(term.key)];
      if (names.empty()) continue;
      std::string what(term.name);
      if (names.size() < plans) what += fmt::format(" of {}", fmt::join(names, ", "));
      const bool money = term.unit.starts_with("money");
      if (money) what += fmt::format(" [{}{}]", currency, term.unit.substr(5));
      assumed.push_back({what,
                         term.fallback,
                         money ? "" : term.unit,
                         {},
                         fmt::format("{} ({})", term.source, term.meaning)});
    }
  }

 private:
  std::array<std::vector<std::string>, cost_key_count> names_;
};

struct Sources {
  const CostFigures* item;  ///< may be null
  const CostFigures* plan;
  const CostFigures* study;
};

ResolvedFigures resolved(const Sources& sources) {
  ResolvedFigures out;
  for (const CostTerm& term : cost_terms()) {
    const auto i = static_cast<std::size_t>(term.key);
    if (sources.item != nullptr && (*sources.item)[term.key]) {
      out.values[i] = *(*sources.item)[term.key];
    } else if ((*sources.plan)[term.key]) {
      out.values[i] = *(*sources.plan)[term.key];
    } else {
      out.shared[i] = true;
      out.values[i] = (*sources.study)[term.key].value_or(term.fallback.value_or(unknown_cost));
    }
  }
  return out;
}

bool given(CostKey key, const Sources& sources) {
  return (sources.item != nullptr && (*sources.item)[key]) || (*sources.plan)[key] || (*sources.study)[key];
}

/// Notes what an alternative leaves open, a line for each figure.
void note_unknown(const ResolvedPlan& plan, std::vector<std::string>& unknown) {
  const auto note = [&](std::string_view figure, std::string_view what, auto open) {
    std::vector<std::string> parts;
    for (const ResolvedItem& item : plan.items) {
      if (item.quantity == 0 && item.spares.value_or(0) == 0) continue;
      if (open(item.figures) && std::find(parts.begin(), parts.end(), item.part) == parts.end())
        parts.push_back(item.part);
    }
    if (parts.empty()) return;
    const bool itself = parts.size() == 1 && parts[0] == plan.name;
    unknown.push_back(fmt::format("{} of {}{}: {}", figure, plan.name,
                                  itself ? "" : fmt::format(" ({})", fmt::join(parts, ", ")), what));
  };
  using F = ResolvedFigures;
  note("unit_price", "no capex, no totals", [](const F& f) { return std::isnan(f[unit_price]); });
  note("power_w", "no energy, no totals", [](const F& f) { return std::isnan(f[power_w]); });
  note("fit (or mtbf_hours, afr_percent)", "failures, repairs, downtime and spares are not counted",
       [](const F& f) { return std::isnan(f[fit]); });
  note("temperature_c", "the FIT are taken as they are",
       [](const F& f) { return std::isnan(f[temperature_c]) && !std::isnan(f[fit_temperature_c]); });
  note("fit_temperature_c", "the FIT are taken as they are",
       [](const F& f) { return !std::isnan(f[temperature_c]) && std::isnan(f[fit_temperature_c]); });
}

/// Notes the defaults that an item's or (item null) an alternative's figures rest on.
void note_defaults(const Sources& from, const ResolvedFigures& f, bool spares_given, const std::string& plan,
                   Defaults& defaults) {
  const auto use = [&](std::initializer_list<CostKey> keys) {
    for (const CostKey key : keys)
      if (!given(key, from)) defaults.use(key, plan);
  };
  const bool fails = !std::isnan(f[fit]);
  if (from.item == nullptr) {
    use({labour_per_hour, cabling, maintenance_per_year, residual_share, discount_rate});
    return;
  }
  use({install_hours});
  if (!std::isnan(f[unit_price])) use({discount});
  if (!std::isnan(f[power_w])) use({utilisation, electricity_per_kwh, electricity_growth, pue});
  if (!fails) return;
  use({warranty_years, repair_hours, mttr_hours, downtime_per_hour, common_fit});
  if (!spares_given) use({lead_time_days, service_level});
  if (!std::isnan(f[temperature_c]) && !std::isnan(f[fit_temperature_c])) use({activation_energy_ev});
}

}  // namespace

std::vector<ResolvedPlan> resolve(const TcoQuestion& q, Tco& answer) {
  check_question(q);
  std::vector<ResolvedPlan> out;
  Defaults defaults;
  for (const TcoPlan& plan : q.alternatives) {
    ResolvedPlan r;
    r.name = plan.name;
    r.paths = plan.paths;
    r.paths_needed = plan.paths_needed;
    const Sources sources = {nullptr, &plan.figures, &q.figures};
    r.figures = resolved(sources);
    note_defaults(sources, r.figures, false, plan.name, defaults);
    for (const TcoItem& item : plan.items) {
      const Sources from = {&item.figures, &plan.figures, &q.figures};
      ResolvedItem i = {item.part, item.quantity, item.spares,
                        item.in_path.value_or(plan.items.size() == 1 ? 1 : 0), resolved(from)};
      note_defaults(from, i.figures, item.spares.has_value(), plan.name, defaults);
      r.items.push_back(std::move(i));
    }
    note_unknown(r, answer.unknown);
    out.push_back(std::move(r));
  }
  answer.assumed = q.assumed;
  if (!q.years_given) {
    answer.assumed.push_back({"years",
                              static_cast<double>(q.years),
                              "y",
                              {},
                              "published guide, unverified (the time that is looked at)"});
  }
  defaults.list(q.alternatives.size(), q.currency, answer.assumed);
  return out;
}

}  // namespace lightlane::plan

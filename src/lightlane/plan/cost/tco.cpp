#include "lightlane/plan/cost/tco.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/cost/tco_resolved.hpp"

namespace lightlane::plan {
namespace {

using enum CostKey;

TcoItemCost item_cost(const ResolvedItem& item) {
  const ResolvedFigures& f = item.figures;
  TcoItemCost out;
  out.part = item.part;
  out.quantity = item.quantity;
  out.price = f[unit_price] * (1 - f[discount]);
  out.power_w = f[power_w];
  if (!std::isnan(f[temperature_c]) && !std::isnan(f[fit_temperature_c]))
    out.arrhenius = arrhenius_factor(f[activation_energy_ev], f[fit_temperature_c], f[temperature_c]);
  out.fit = f[fit] * out.arrhenius;
  out.afr = afr_of_fit(out.fit);
  out.failures_per_year = item.quantity * out.afr;
  if (item.spares) {
    out.spares = *item.spares;
  } else if (!std::isnan(out.fit)) {
    out.spares =
        static_cast<double>(spares_for(out.failures_per_year * f[lead_time_days] / 365, f[service_level]));
  }
  return out;
}

std::optional<TcoAvailability> availability(const ResolvedPlan& plan, const std::vector<TcoItemCost>& items) {
  std::vector<double> parts;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (plan.items[i].in_path == 0) continue;
    const double down = unavailability_of(items[i].fit, plan.figures[mttr_hours]);
    if (std::isnan(down)) return std::nullopt;
    parts.push_back(series_unavailability(down, plan.items[i].in_path));
  }
  if (parts.empty()) return std::nullopt;
  TcoAvailability out;
  const double paths = parallel_unavailability(series_unavailability(parts), plan.paths_needed, plan.paths);
  out.unavailability =
      series_unavailability({paths, unavailability_of(plan.figures[common_fit], plan.figures[mttr_hours])});
  out.nines = nines_of(out.unavailability);
  out.minutes_per_year = minutes_down_per_year(out.unavailability);
  return out;
}

/// Hours that links are down in a year, all together.
double downtime_hours(const ResolvedPlan& plan, const TcoCost& cost) {
  if (cost.availability) {
    for (const ResolvedItem& item : plan.items) {
      if (item.in_path == 0) continue;
      return item.quantity / (item.in_path * plan.paths) * cost.availability->unavailability * hours_per_year;
    }
  }
  return std::isnan(cost.failures_per_year) ? 0 : cost.failures_per_year * plan.figures[mttr_hours];
}

void add_purchase(const ResolvedPlan& plan, TcoCost& out) {
  const ResolvedFigures& all = plan.figures;
  bool any_failures = false;
  double failures = 0;
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const ResolvedItem& item = plan.items[i];
    const TcoItemCost& cost = out.items[i];
    if (item.quantity > 0) {
      out.equipment += item.quantity * cost.price;
      out.power_w += item.quantity * cost.power_w;
      out.kwh_per_year += energy_kwh(item.quantity * cost.power_w, 1, item.figures[utilisation], all[pue]);
    }
    if (cost.spares > 0) out.spares_cost += cost.spares * cost.price;
    if (!std::isnan(cost.price)) out.capex_known += (item.quantity + cost.spares) * cost.price;
    if (!std::isnan(cost.power_w)) out.power_known_w += item.quantity * cost.power_w;
    out.spares += cost.spares;
    out.installation += item.quantity * item.figures[install_hours] * all[labour_per_hour];
    if (!std::isnan(cost.fit)) {
      any_failures = true;
      failures += cost.failures_per_year;
    }
  }
  out.failures_per_year = any_failures ? failures : unknown_cost;
  out.cabling = all[cabling];
  out.capex = out.equipment + out.spares_cost + out.cabling + out.installation;
  out.capex_known += out.cabling + out.installation;
}

TcoYear year_of(const ResolvedPlan& plan, const TcoCost& cost, int year, int years) {
  const ResolvedFigures& all = plan.figures;
  TcoYear out;
  out.year = year;
  out.energy = cost.kwh_per_year * all[electricity_per_kwh] * compounded(all[electricity_growth], year);
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    const TcoItemCost& item = cost.items[i];
    if (std::isnan(item.fit) || item.quantity == 0) continue;
    const ResolvedFigures& f = plan.items[i].figures;
    const double covered = std::clamp(f[warranty_years] - (year - 1), 0.0, 1.0);
    const double parts = covered == 1 ? 0 : item.price * (1 - covered);
    out.repair += item.failures_per_year * (parts + f[repair_hours] * all[labour_per_hour]);
  }
  out.downtime = downtime_hours(plan, cost) * all[downtime_per_hour];
  out.maintenance = all[maintenance_per_year];
  if (year == years && all[residual_share] > 0) out.residual = all[residual_share] * cost.equipment;
  out.total = out.energy + out.repair + out.downtime + out.maintenance - out.residual;
  return out;
}

std::string percent(double share) { return fmt::format("{:.6g} %", 100 * share); }

void judge_target(const TcoQuestion& q, Tco& answer) {
  if (!q.target_availability) return;
  answer.target_met = true;
  for (const TcoCost& cost : answer.alternatives) {
    if (!cost.availability) {
      answer.target_met = false;
      answer.reasons.push_back(
          {"AVAILABILITY", cost.name + ": unknown", "give FIT, mtbf_hours or afr_percent"});
    } else if (cost.availability->unavailability > (1 - *q.target_availability) * (1 + 1e-9)) {
      answer.target_met = false;
      answer.reasons.push_back(
          {"AVAILABILITY",
           fmt::format("{}: {} of {}, {:.3g} min/y instead of {:.3g}", cost.name,
                       percent(cost.availability->availability()), percent(*q.target_availability),
                       cost.availability->minutes_per_year,
                       minutes_down_per_year(1 - *q.target_availability)),
           "a second path, a shorter repair, fewer failures"});
    }
  }
}

/// A link that cannot be built from what is bought.
void note_short(const std::vector<ResolvedPlan>& plans, Tco& answer) {
  for (const ResolvedPlan& plan : plans) {
    for (const ResolvedItem& item : plan.items) {
      const double needed = static_cast<double>(item.in_path) * plan.paths;
      if (item.quantity == 0 || item.quantity >= needed) continue;
      answer.reasons.push_back(
          {"QUANTITY",
           fmt::format("{}: {:g} of {} for a link of {:g}", plan.name, item.quantity, item.part, needed),
           "count the modules of all paths"});
    }
  }
}

/// Failures of one and not of another tilt the comparison.
void note_uneven(const std::vector<ResolvedPlan>& plans, Tco& answer) {
  const auto all_known = [](const ResolvedPlan& plan) {
    return std::none_of(plan.items.begin(), plan.items.end(), [](const ResolvedItem& i) {
      return i.quantity > 0 && std::isnan(i.figures[fit]) && !(i.figures[power_w] == 0);
    });
  };
  std::string with, without;
  for (const ResolvedPlan& plan : plans) {
    std::string& list = all_known(plan) ? with : without;
    list += (list.empty() ? "" : ", ") + plan.name;
  }
  if (with.empty() || without.empty()) return;
  answer.reasons.push_back(
      {"UNEVEN", fmt::format("failures are counted for {} and not, or not wholly, for {}", with, without),
       "give fit, mtbf_hours or afr_percent for all, or for none"});
}

}  // namespace

TcoCost cost_of(const ResolvedPlan& plan, int years) {
  TcoCost out;
  out.name = plan.name;
  for (const ResolvedItem& item : plan.items) out.items.push_back(item_cost(item));
  add_purchase(plan, out);
  out.availability = availability(plan, out.items);
  out.kwh = out.kwh_per_year * years;
  TcoYear purchase;
  purchase.capex = purchase.total = purchase.present = out.capex;
  purchase.cumulative = purchase.cumulative_present = out.capex;
  out.years.push_back(purchase);
  const double rate = plan.figures[discount_rate];
  for (int y = 1; y <= years; ++y) {
    TcoYear year = year_of(plan, out, y, years);
    const TcoYear& last = out.years.back();
    year.present = year.total / compounded(rate, y);
    year.cumulative = last.cumulative + year.total;
    year.cumulative_present = last.cumulative_present + year.present;
    out.energy += year.energy;
    out.repair += year.repair;
    out.downtime += year.downtime;
    out.maintenance += year.maintenance;
    out.residual += year.residual;
    out.years.push_back(year);
  }
  out.total = out.years.back().cumulative;
  out.npv = out.years.back().cumulative_present;
  return out;
}

TcoSaving saving_of(const TcoCost& first, const TcoCost& other) {
  const auto share = [](double saving, double of) { return of > 0 ? saving / of : unknown_cost; };
  TcoSaving s;
  s.capex = first.capex - other.capex;
  s.power_w = first.power_w - other.power_w;
  s.kwh_per_year = first.kwh_per_year - other.kwh_per_year;
  s.kwh = first.kwh - other.kwh;
  s.energy = first.energy - other.energy;
  s.repair = first.repair - other.repair;
  s.total = first.total - other.total;
  s.npv = first.npv - other.npv;
  s.capex_share = share(s.capex, first.capex);
  s.energy_share = share(s.energy, first.energy);
  s.total_share = share(s.total, first.total);
  s.npv_share = share(s.npv, first.npv);
  const auto ahead = [&](std::size_t y) {
    return first.years[y].cumulative_present - other.years[y].cumulative_present;
  };
  s.cheaper_at_first = ahead(0) > 0;
  s.cheaper_at_end = ahead(first.years.size() - 1) > 0;
  for (std::size_t y = 1; y < first.years.size(); ++y) {
    const double before = ahead(y - 1), after = ahead(y);
    if (!(before * after < 0 || (before != 0 && after == 0))) continue;
    s.break_even_year = static_cast<double>(y - 1) + before / (before - after);
    break;
  }
  return s;
}

Tco tco(const TcoQuestion& question) {
  Tco answer;
  answer.years = question.years;
  answer.currency = question.currency;
  const std::vector<ResolvedPlan> plans = resolve(question, answer);
  for (const ResolvedPlan& plan : plans) answer.alternatives.push_back(cost_of(plan, question.years));
  for (std::size_t i = 0; i < plans.size(); ++i) {
    answer.savings.push_back(saving_of(answer.alternatives.front(), answer.alternatives[i]));
    if (i == 0 && plans.size() > 1)
      answer.swings.emplace_back();
    else
      answer.swings.push_back(swings_of(plans, i, question.years, question.sensitivity));
  }
  std::size_t cheapest = 0;
  bool known = true;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (std::isnan(answer.alternatives[i].npv)) known = false;
    if (answer.alternatives[i].npv < answer.alternatives[cheapest].npv) cheapest = i;
  }
  if (known) answer.cheapest = cheapest;
  judge_target(question, answer);
  note_uneven(plans, answer);
  note_short(plans, answer);
  return answer;
}

}  // namespace lightlane::plan

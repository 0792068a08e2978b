#include <algorithm>
#include <cmath>

#include "lightlane/plan/cost/tco_resolved.hpp"

namespace lightlane::plan {
namespace {

double result(const std::vector<ResolvedPlan>& plans, std::size_t which, int years) {
  const double npv = cost_of(plans[which], years).npv;
  return which == 0 ? npv : cost_of(plans.front(), years).npv - npv;
}

/// One figure, in all the places that move together.
struct Lever {
  std::string what;
  std::optional<CostKey> key;  ///< none: quantities
  bool shared = false;
  std::size_t plan = 0;  ///< whose, where it is not shared
};

double moved(double value, double factor, const std::optional<CostKey>& key) {
  if (!key) return value * factor;
  const CostTerm& term = term_of(*key);
  return std::clamp(value * factor, term.low, term.high);
}

/// Calls `touch` with every value that the lever moves.
template <class Touch>
void each_value(const Lever& lever, std::vector<ResolvedPlan>& plans, Touch touch) {
  for (std::size_t p = 0; p < plans.size(); ++p) {
    if (!lever.key) {
      for (ResolvedItem& item : plans[p].items) touch(item.quantity);
      continue;
    }
    const auto i = static_cast<std::size_t>(*lever.key);
    const auto visit = [&](ResolvedFigures& f) {
      if (lever.shared ? f.shared[i] : !f.shared[i] && p == lever.plan) touch(f.values[i]);
    };
    visit(plans[p].figures);
    for (ResolvedItem& item : plans[p].items) visit(item.figures);
  }
}

std::vector<ResolvedPlan> with(std::vector<ResolvedPlan> plans, const Lever& lever, double factor) {
  each_value(lever, plans, [&](double& value) { value = moved(value, factor, lever.key); });
  return plans;
}

/// The value, where all that move together are the same; else NaN.
double common_value(const Lever& lever, std::vector<ResolvedPlan> plans) {
  double value = unknown_cost;
  bool same = true;
  each_value(lever, plans, [&](double& v) {
    if (std::isnan(v)) return;
    if (!std::isnan(value) && v != value) same = false;
    value = v;
  });
  return same ? value : unknown_cost;
}

}  // namespace

std::vector<TcoSwing> swings_of(const std::vector<ResolvedPlan>& plans, std::size_t which, int years,
                                double share) {
  std::vector<Lever> levers = {{"quantity", std::nullopt, true, 0}};
  for (const CostTerm& term : cost_terms()) {
    levers.push_back({std::string(term.name), term.key, true, 0});
    for (std::size_t p = 0; p < plans.size(); ++p) {
      if (p != 0 && p != which) continue;
      levers.push_back({std::string(term.name) + " of " + plans[p].name, term.key, false, p});
    }
  }
  std::vector<TcoSwing> out;
  for (const Lever& lever : levers) {
    TcoSwing swing;
    swing.what = lever.what;
    swing.base = common_value(lever, plans);
    swing.low = moved(swing.base, 1 - share, lever.key);
    swing.high = moved(swing.base, 1 + share, lever.key);
    swing.npv_at_low = result(with(plans, lever, 1 - share), which, years);
    swing.npv_at_high = result(with(plans, lever, 1 + share), which, years);
    if (swing.low > swing.high) {
      std::swap(swing.low, swing.high);
      std::swap(swing.npv_at_low, swing.npv_at_high);
    }
    if (swing.swing() > 0) out.push_back(std::move(swing));
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const TcoSwing& a, const TcoSwing& b) { return a.swing() > b.swing(); });
  return out;
}

}  // namespace lightlane::plan

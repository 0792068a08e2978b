#pragma once
/// A question with every figure in its place: what the arithmetic of one alternative needs, and no more.

#include <array>
#include <limits>

#include "lightlane/plan/cost/tco.hpp"

namespace lightlane::plan {

inline constexpr double unknown_cost = std::numeric_limits<double>::quiet_NaN();

/// NaN where it is unknown.
struct ResolvedFigures {
  std::array<double, cost_key_count> values{};
  std::array<bool, cost_key_count> shared{};  ///< comes from the study or a default: the same for all

  double& operator[](CostKey key) noexcept { return values[static_cast<std::size_t>(key)]; }
  double operator[](CostKey key) const noexcept { return values[static_cast<std::size_t>(key)]; }
};

struct ResolvedItem {
  std::string part;
  double quantity = 0;
  std::optional<double> spares;
  int in_path = 0;
  ResolvedFigures figures;
};

struct ResolvedPlan {
  std::string name;
  std::vector<ResolvedItem> items;
  ResolvedFigures figures;
  int paths = 1, paths_needed = 1;
};

/// Fills in defaults, and notes those that were used and what stays unknown in `answer`. Throws ConfigError
/// where a number is out of its range.
std::vector<ResolvedPlan> resolve(const TcoQuestion& question, Tco& answer);

TcoCost cost_of(const ResolvedPlan& plan, int years);
TcoSaving saving_of(const TcoCost& first, const TcoCost& other);
/// Of `plans[which]` against the first; of its cost where it is the first. The widest first.
std::vector<TcoSwing> swings_of(const std::vector<ResolvedPlan>& plans, std::size_t which, int years,
                                double share);

}  // namespace lightlane::plan

#pragma once
#include <cstdint>
#include <string>

#include "cli/plan/plant_options.hpp"

namespace lightlane::cli {

struct BudgetOptions {
  std::string near, far;  ///< PMDs; far empty = as near
  std::string plan;       ///< a plan file instead of PMDs and plant
  PlantOptions plant;
  int draws = 0;  ///< of the yield; 0 = none
  std::uint64_t seed = 1;
  double tx_better_db = 0, tx_sigma_db = 0, rx_better_db = 0, rx_sigma_db = 0;
  bool as_published = false;
  std::string svg;
  std::string format = "text";
};
/// Exit status 0 where the verdict is pass, 1 with any other.
int run_budget(const BudgetOptions& options);

}  // namespace lightlane::cli

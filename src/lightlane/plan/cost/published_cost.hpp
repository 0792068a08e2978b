#pragma once
/// Calculators 3 and 4 of a published guide (cost; migration), and its case studies, beside what their own
/// inputs give.

#include <vector>

#include "lightlane/plan/cost/published_guide.hpp"
#include "lightlane/plan/cost/tco.hpp"

namespace lightlane::plan {

/// The defaults are the guide's.
struct PublishedCostInputs {
  double ports = 100;  ///< 1 to 1e9
  double electricity_per_kwh = 0.12;
  int years = 5;
  double existing_ports = 200, new_ports = 100, growth_percent = 20;
};

/// A column of calculator 3. What it shows is matched by a cost for each port that the guide does not say,
/// and the energy.
struct PublishedTotal {
  std::string name;
  double hidden_cost_per_port = 0, energy = 0, total = 0;
};

struct PublishedCost {
  PublishedCostInputs inputs;
  std::vector<PublishedTotal> totals;
  double saving = 0, saving_percent = 0;
  Tco model;  ///< the same question with the guide's own prices and powers, nothing else counted
  double migration_ports = 0, migration_saving_kwh = 0;  ///< as the guide rounds
  double migration_ports_reckoned = 0, migration_saving_kwh_reckoned = 0;
  std::string status, recommendation;
  std::vector<GuideCheck> checks;
  std::vector<std::string> differences;  ///< why calculator 3 and the model disagree
};

/// ConfigError where an input is out of range.
PublishedCost published_cost(const PublishedCostInputs& inputs);

}  // namespace lightlane::plan

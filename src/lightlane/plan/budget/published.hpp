#pragma once
/// The power budget of 100GBASE-LR4 and 100GBASE-LR1 as a published guide reckons it, in average power, and
/// why it differs from budget(). Kept to be compared with, never used elsewhere.

#include <string>
#include <string_view>
#include <vector>

#include "lightlane/plan/budget/budget.hpp"

namespace lightlane::plan {

/// The defaults are the guide's.
struct PublishedPlant {
  double length_m = 10000;             ///< 0 to 1e6
  double attenuation_db_per_km = 0.3;  ///< 0 to 20
  int connectors = 2;
  double connector_db = 0.4;
  int splices = 2;
  double splice_db = 0.1;
  double system_margin_db = 2.0;
};

struct PublishedColumn {
  std::string_view type;               ///< as the guide says it: "LR4"
  const catalog::Pmd* pmd;             ///< what the guide's figures come from
  double launch_dbm, sensitivity_dbm;  ///< the guide's figures
  double loss_db;      ///< fibre, connectors, splices and the system margin, as the guide adds them up
  double receive_dbm;  ///< launch less that
  double margin_db;    ///< receive less sensitivity
  double margin_without_system_margin_db;
  double calculator_margin_db;  ///< what the guide's calculator shows at its defaults
  Budget correct;               ///< the same plant; the system margin left out
};

struct PublishedBudget {
  PublishedPlant plant;
  std::vector<PublishedColumn> columns;
  std::vector<std::string> differences;  ///< why the two disagree
};

/// ConfigError as budget().
PublishedBudget published_budget(const PublishedPlant& plant);

}  // namespace lightlane::plan

#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace lightlane::cli {

struct BudgetOptions {
  std::string near, far;  ///< PMDs; far empty = as near
  std::string plan;       ///< a plan file instead of PMDs and plant
  std::optional<double> length_m;
  std::string fibre;
  std::string attenuation = "max";  ///< max | planning | typical
  std::optional<double> attenuation_db_per_km;
  std::optional<int> connectors, splices;
  std::string connector, splice;
  std::optional<double> connector_loss_db, connector_reflectance_db, splice_loss_db;
  double attenuator_db = 0;
  std::optional<double> tdecq_db, extinction_ratio_db;
  double ageing_db = 0;
  std::optional<double> engineering_margin_db;
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

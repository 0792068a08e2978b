#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lightlane::cli {

struct CompareOptions {
  std::vector<std::string> types;  ///< PMDs or modules
  std::optional<double> length_m;
  std::string fibre;
  std::string attenuation = "max";
  std::optional<double> attenuation_db_per_km;
  std::optional<int> connectors, splices;
  std::string connector;
  std::optional<double> connector_loss_db, splice_loss_db;
  double attenuator_db = 0, ageing_db = 0, engineering_margin_db = 0;
  std::optional<double> temperature_c;
  double low_c = 0, high_c = 70;
  std::vector<double> price, power, fit, mtbf_hours, afr_percent;
  std::optional<int> cages;
  std::string host;
  std::optional<double> years;
  std::string currency = "$";
  bool as_published = false;
  std::string power_svg, margin_svg;
  std::string format = "text";
};
int run_compare(const CompareOptions& options);

}  // namespace lightlane::cli

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/plan/plant_options.hpp"

namespace lightlane::cli {

struct CompareOptions {
  std::vector<std::string> types;  ///< PMDs or modules
  PlantOptions plant;
  std::optional<double> temperature_c, degradation_percent;
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

#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/cost/cost_terms.hpp"

namespace lightlane::cli {

struct TcoOptions {
  std::vector<std::string> types;  ///< PMDs or modules, an alternative each
  std::vector<std::string> bills;  ///< bills of materials, an alternative each
  std::string plan;                ///< a plan file instead
  std::optional<double> ports, links;
  std::optional<int> years;
  /// By CostKey: one value for all, or one for each alternative.
  std::array<std::vector<double>, plan::cost_key_count> figures;
  std::vector<double> mtbf_hours, afr_percent;
  std::vector<std::string> redundancy;  ///< "1of2", "1+1"
  std::optional<double> target_availability;
  std::optional<double> sensitivity_percent;
  std::string currency;
  bool as_published = false;
  std::optional<double> existing_ports, new_ports, growth_percent;  ///< of --as-published alone
  std::string svg, tornado_svg;
  std::string format = "text";
};
/// Exit status 1 where a target of availability is not met.
int run_tco(const TcoOptions& options);

}  // namespace lightlane::cli

#pragma once
/// Calculator 2 of a published guide (performance comparison of LR4 and LR1), beside what the catalogue and
/// arithmetic give.

#include <vector>

#include "lightlane/plan/compare/compare.hpp"
#include "lightlane/plan/cost/published_guide.hpp"

namespace lightlane::plan {

struct PublishedColumnOfTwo {
  std::string name;
  double power_w = 0, reliability_percent = 0;     ///< as published, at its defaults
  double latency_low_ns = 0, latency_high_ns = 0;  ///< as published, of the modules
  double component_power_low_w = 0, component_power_high_w = 0;
  double afr_percent = 0;       ///< as published
  double survival_percent = 0;  ///< over `years` at that rate
  double module_delay_ns = 0;   ///< by typical devices and the FEC; NaN: unknown
};

struct PublishedPerformance {
  double case_temperature_c = 0;  ///< asked for; the guide's figures hold at its own
  double degradation_percent = 0, years = 0;
  std::vector<PublishedColumnOfTwo> columns;
  Comparison correct;
  std::vector<GuideCheck> checks;
  std::vector<std::string> differences;
};

/// ConfigError as compare().
PublishedPerformance published_performance(double case_temperature_c, double degradation_percent,
                                           double years);

}  // namespace lightlane::plan

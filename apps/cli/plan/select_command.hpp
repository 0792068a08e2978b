#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/plan/plant_options.hpp"

namespace lightlane::cli {

struct SelectOptions {
  int rate_gbps = 0;
  PlantOptions plant;
  std::string plant_connector, in, far, far_in, rank_by;
  std::optional<int> fibres;
  std::optional<double> power_max_w, latency_max_ns, price_max, case_temperature_c;
  std::vector<std::string> prices;  ///< name=price
  bool all = false;                 ///< the refused ones too
  std::string format = "text";
};
/// Exit status 0 where something suits, at least on conditions; 1 where nothing does.
int run_select(const SelectOptions& options);

}  // namespace lightlane::cli

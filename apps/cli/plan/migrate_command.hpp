#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/plan/plant_options.hpp"

namespace lightlane::cli {

struct MigrateOptions {
  std::string plan;       ///< a plan file
  std::string inventory;  ///< or an inventory, and flags
  std::string assume_type;
  std::optional<int> target_gbps;
  std::optional<double> growth, years;
  std::vector<std::string> seats;   ///< device=seat
  std::vector<std::string> prices;  ///< name=price
  bool keep_fibre = false;
  PlantOptions plant;
  std::string bill, svg;  ///< files to write
  bool all = false;
  std::string format = "text";
};
/// Exit status 0 where every link is ok and enough at the end of the years, 1 otherwise.
int run_migrate(const MigrateOptions& options);

}  // namespace lightlane::cli

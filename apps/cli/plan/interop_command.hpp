#pragma once
#include <string>
#include <vector>

#include "cli/plan/plant_options.hpp"

namespace lightlane::cli {

/// What one end is plugged into and set to.
struct EndOptions {
  std::string in, mode, fec, host_vendor, coded_for;
};

struct InteropOptions {
  std::vector<std::string> types;  ///< two ends; with `matrix` any number, none = every PMD
  EndOptions a, b;
  PlantOptions plant;
  std::string path;  ///< cables from A to B
  std::string file;  ///< a link file instead of ends, plant and path
  bool matrix = false;
  std::string inventory;    ///< a file of links instead of two ends
  std::string assume_type;  ///< of the inventory's ends that have none
  bool all = false;         ///< a line for every link of the inventory
  std::string format = "text";
};
/// Exit status 0 where the verdict is ok, 1 with any other; a matrix has none.
int run_interop(const InteropOptions& options);

}  // namespace lightlane::cli

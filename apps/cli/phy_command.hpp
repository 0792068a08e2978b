#pragma once
#include <string>
#include <vector>

#include "lightlane/link/scenario.hpp"

namespace lightlane::cli {

/// Options of `lightlane phy` and `lightlane link`.
struct PhyOptions {
  std::string format;                    ///< text | json
  std::string scenario;                  ///< TOML file; empty = defaults
  std::vector<std::string> assignments;  ///< "table.key=value", after the file
  std::string out;                       ///< capture of the delivered frames; empty = none
  std::string report;                    ///< HTML report; empty = none
  bool print_config = false;             ///< print the effective scenario and stop
  link::Scenario names;                  ///< where the keys of the command line are bound while it is parsed
};

/// The scenario that the options ask for, checked; with light over the PMD's typical devices. `default_capture` stands where
/// nothing names another.
link::Scenario read_scenario(const PhyOptions& options, const char* default_capture, bool with_light);

/// Frames through the digital PHY, with symbol errors on the lanes.
int run_phy(const PhyOptions& options);
/// The same over light: launch power, plant and receiver decide the errors.
int run_link(const PhyOptions& options);

}  // namespace lightlane::cli

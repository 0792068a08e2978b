#pragma once
#include "cli/plan/interop_command.hpp"
#include "lightlane/plan/acceptance/acceptance.hpp"

namespace lightlane::cli {

struct AcceptanceOptions {
  InteropOptions link;  ///< without its matrix
  plan::AcceptanceConfig config;
  std::string format = "text";  ///< text | json | csv | md
};
/// Exit status 0 where the link is ok as it stands, 1 with conditions, unknown limits, or no link at all.
int run_acceptance(const AcceptanceOptions& options);

/// The same for every link of an inventory, one after the other; links that cannot be asked about are named.
int run_acceptance_inventory(const AcceptanceOptions& options);

}  // namespace lightlane::cli

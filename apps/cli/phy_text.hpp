#pragma once
#include "lightlane/link/phy_run.hpp"

namespace lightlane::cli {

/// The report on stdout, verdict first: of a breakout one line for each port and direction, else of the one PHY in full.
void print_text(const link::PhyRunReport& report);

}  // namespace lightlane::cli

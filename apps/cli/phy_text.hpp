#pragma once
#include "lightlane/link/phy_report.hpp"

namespace lightlane::cli {

/// The report on stdout, verdict first.
void print_text(const link::PhyReport& report);

}  // namespace lightlane::cli

#pragma once
#include <string>

#include "lightlane/link/phy_run.hpp"

namespace lightlane::cli {

/// The report as one self-contained HTML page, verdict first: a section for each port and direction, with the
/// facts of the text and JSON as tables and charts, and the effective scenario. `replay_command` is the
/// command line that repeats the run, up to the frame: "lightlane replay --light --set ..."; it stands beside
/// each lost frame that a replay can explain.
std::string html_report(const link::PhyRunReport& report, const std::string& replay_command);

}  // namespace lightlane::cli

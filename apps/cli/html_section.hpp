#pragma once
#include <string>

#include "lightlane/link/phy_report.hpp"

namespace lightlane::cli {

/// Bit errors over bits of all line lanes.
double pre_fec_ber(const link::PhyReport& report);

/// Everything about one direction of one PHY as HTML, from headline figures and verdict down to the counters;
/// no heading, no lost frames.
std::string html_section(const link::PhyReport& report);

}  // namespace lightlane::cli

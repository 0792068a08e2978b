#pragma once
#include "lightlane/link/optical_report.hpp"

namespace lightlane::cli {

/// The light of a direction as text: lanes, margins, limits, what breaks first, budget, delay, power.
void print_light(const link::OpticalReport& report);

}  // namespace lightlane::cli

#pragma once
/// What breaks first: how the margin of a lane moves with each key of the scenario.

#include <vector>

#include "lightlane/link/optical_report.hpp"

namespace lightlane::link {

/// Every number of tx, plant, rx and dsp is moved by one standard deviation of its device, or by a tenth where the
/// catalogue knows none, towards either side; the worse one counts. Keys that do not matter are left out; strongest
/// first. `margin_db` is the lane's margin to the bit error ratio that is asked for. About 20 ms for each key and core.
std::vector<Sensitivity> what_breaks_first(const Scenario& scenario, const Structure& structure, std::size_t lane, double stress_db,
                                           double margin_db);

}  // namespace lightlane::link

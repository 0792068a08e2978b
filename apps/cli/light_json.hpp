#pragma once
#include <nlohmann/json_fwd.hpp>

#include "lightlane/link/optical_report.hpp"

namespace lightlane::cli {

/// Keys that light adds to a report: limits, light (budget, what breaks first, delay, power).
nlohmann::ordered_json light_json(const link::OpticalReport& report);
/// Keys that light adds to a line lane.
nlohmann::ordered_json light_lane_json(const link::OpticalLaneReport& lane);

}  // namespace lightlane::cli

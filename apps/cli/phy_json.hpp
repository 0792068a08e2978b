#pragma once
#include <nlohmann/json_fwd.hpp>

#include "lightlane/link/phy_report.hpp"

namespace lightlane::cli {

/// The report with the same facts as the text; keys are the field names of link::PhyReport.
nlohmann::ordered_json to_json(const link::PhyReport& report);
nlohmann::ordered_json to_json(const link::Scenario& scenario);

}  // namespace lightlane::cli

#pragma once
#include <nlohmann/json_fwd.hpp>

#include "lightlane/link/phy_run.hpp"

namespace lightlane::cli {

/// The report with the same facts as the text; keys are the field names of link::PhyReport.
nlohmann::ordered_json to_json(const link::PhyReport& report);
/// Without a breakout the one PHY's report; with one `breakout`, the verdict of all, and `ports`, a report each.
nlohmann::ordered_json to_json(const link::PhyRunReport& report);
nlohmann::ordered_json to_json(const link::Scenario& scenario);
/// What a receiver found, its FEC counters apart.
nlohmann::ordered_json receiver_json(const link::PhyReceiveReport& report);

}  // namespace lightlane::cli

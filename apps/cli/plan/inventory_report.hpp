#pragma once
/// The links of an inventory, judged, as text, JSON and CSV.

#include <nlohmann/json.hpp>

#include "lightlane/plan/inventory/inventory_check.hpp"

namespace lightlane::cli {

/// `all`: a line for every link, else for the twenty worst that are not ok.
void print_inventory_text(const plan::Inventory& inventory, const plan::InventoryReport& report, bool all);
nlohmann::ordered_json inventory_json(const plan::Inventory& inventory, const plan::InventoryReport& report);
void print_inventory_csv(const plan::InventoryReport& report);

}  // namespace lightlane::cli

#pragma once
/// Power and heat of a switch as text and JSON; both carry the same facts.

#include <nlohmann/json.hpp>

#include "lightlane/plan/power/power.hpp"

namespace lightlane::cli {

void print_text(const plan::ModuleWatts& module);
nlohmann::ordered_json to_json(const plan::ModuleWatts& module);

void print_text(const plan::PowerAnswer& answer);
nlohmann::ordered_json to_json(const plan::PowerAnswer& answer);
/// A row for each port with a module.
std::string power_csv(const plan::PowerAnswer& answer);

}  // namespace lightlane::cli

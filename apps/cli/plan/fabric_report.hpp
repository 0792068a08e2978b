#pragma once
/// A fabric as text, JSON and picture; text and JSON carry the same facts.

#include <nlohmann/json.hpp>
#include <string>

#include "lightlane/plan/fabric/fabric.hpp"

namespace lightlane::cli {

void print_text(const plan::Fabric& fabric);
nlohmann::ordered_json to_json(const plan::Fabric& fabric);
/// Tiers one above the other: every switch where there are few, else the first, the last and how many.
std::string fabric_svg(const plan::Fabric& fabric);

}  // namespace lightlane::cli

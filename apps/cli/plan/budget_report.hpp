#pragma once
/// A power budget as text, JSON and picture; all three carry the same facts.

#include <nlohmann/json.hpp>
#include <string>

#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/budget/published.hpp"

namespace lightlane::cli {

void print_text(const plan::Budget& budget);
nlohmann::ordered_json to_json(const plan::Budget& budget);

void print_text(const plan::PublishedBudget& budget);
nlohmann::ordered_json to_json(const plan::PublishedBudget& budget);

/// A picture of its own: from the available budget down to the margin, one column a term, both directions.
std::string waterfall_svg(const plan::Budget& budget);

}  // namespace lightlane::cli

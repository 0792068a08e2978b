#pragma once
/// A selection of optics as text, JSON and CSV.

#include <nlohmann/json.hpp>

#include "lightlane/plan/select/select.hpp"

namespace lightlane::cli {

/// `all`: with a line for each that is refused.
void print_text(const plan::Selection& selection, bool all);
nlohmann::ordered_json to_json(const plan::Selection& selection);
void print_csv(const plan::Selection& selection);

}  // namespace lightlane::cli

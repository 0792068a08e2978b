#pragma once
/// A migration as text, JSON, CSV and picture.

#include <nlohmann/json.hpp>
#include <string>

#include "lightlane/plan/migrate/migration.hpp"

namespace lightlane::cli {

/// `all`: a line for every link, else for the first twenty that change or do not suit.
void print_text(const plan::Migration& migration, const plan::Inventory& inventory, bool all);
nlohmann::ordered_json to_json(const plan::Migration& migration, const plan::Inventory& inventory);
void print_csv(const plan::Migration& migration);
/// Demand and capacity over the years, above the phases.
std::string migration_svg(const plan::Migration& migration);

}  // namespace lightlane::cli

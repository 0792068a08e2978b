#pragma once
/// Cost of ownership as text, JSON, table and pictures; text and JSON carry the same facts.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "lightlane/plan/cost/published_cost.hpp"
#include "lightlane/plan/cost/tco.hpp"

namespace lightlane::cli {

void print_text(const plan::Tco& tco, double sensitivity);
nlohmann::ordered_json to_json(const plan::Tco& tco, double sensitivity);
/// Year by year, a row for each alternative and year.
std::string tco_csv(const plan::Tco& tco);

void print_text(const plan::PublishedCost& cost);
nlohmann::ordered_json to_json(const plan::PublishedCost& cost);
/// What a published guide prints against what its inputs give.
void print_checks(const std::vector<plan::GuideCheck>& checks);
nlohmann::ordered_json to_json(const std::vector<plan::GuideCheck>& checks);

/// Cumulative cost, discounted, over the years.
std::string cumulative_svg(const plan::Tco& tco);
/// The swings of every alternative, widest first.
std::string tornado_svg(const plan::Tco& tco, double sensitivity);

/// 67207.52 -> "67,207.52"; "?" where it is unknown
std::string money(double value);
/// With the digits that its nines ask for: "99.997 %"
std::string availability_text(double unavailability);
/// null where it is not finite
nlohmann::ordered_json json_finite(double value);

}  // namespace lightlane::cli

#pragma once
/// PMDs side by side as text, JSON, table and pictures; text and JSON carry the same facts.

#include <nlohmann/json.hpp>
#include <string>

#include "lightlane/plan/compare/compare.hpp"
#include "lightlane/plan/compare/published_performance.hpp"

namespace lightlane::cli {

void print_text(const plan::Comparison& comparison, const std::string& currency);
nlohmann::ordered_json to_json(const plan::Comparison& comparison);
std::string compare_csv(const plan::Comparison& comparison);

void print_text(const plan::PublishedPerformance& published);
nlohmann::ordered_json to_json(const plan::PublishedPerformance& published);

/// Power over case temperature: by typical devices, and the catalogue's figures.
std::string power_curve_svg(const plan::Comparison& comparison);
/// Margin over length, to a quarter beyond the longest reach.
std::string margin_curve_svg(const plan::Comparison& comparison, const plan::CompareQuestion& question);

}  // namespace lightlane::cli

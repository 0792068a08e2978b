#pragma once
/// What every planning answer carries, as text and JSON: reasons, assumptions, limits, unknown numbers.

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/answer.hpp"

namespace lightlane::cli {

/// null where it is unknown
nlohmann::ordered_json json_number(const std::optional<double>& value);
nlohmann::ordered_json to_json(const std::vector<plan::Reason>& reasons);
nlohmann::ordered_json to_json(const std::vector<plan::Assumption>& assumed);
nlohmann::ordered_json to_json(const std::vector<plan::UsedLimit>& limits);

/// Each with its heading; nothing where the list is empty.
void print_reasons(const std::vector<plan::Reason>& reasons);
void print_assumed(const std::vector<plan::Assumption>& assumed);
void print_limits(const std::vector<plan::UsedLimit>& limits);

}  // namespace lightlane::cli

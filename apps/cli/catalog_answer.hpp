#pragma once
/// What `lightlane catalog search` says of a name, as text and as JSON alike.

#include <nlohmann/json.hpp>
#include <string>

#include "lightlane/catalog/resolver.hpp"

namespace lightlane::cli {

void print_text(const std::string& name, const catalog::NameAnswer& answer);
nlohmann::ordered_json to_json(const std::string& name, const catalog::NameAnswer& answer);

}  // namespace lightlane::cli

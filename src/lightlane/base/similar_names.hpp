#pragma once
/// Which known names a misspelt one may mean.

#include <string>
#include <string_view>
#include <vector>

namespace lightlane {

/// In lower case, with hyphens for spaces and underscores.
std::string folded_name(std::string_view name);

/// How many letters `candidate` is away from the folded name `wanted`; 0 where it holds it.
std::size_t name_distance(std::string_view wanted, std::string_view candidate);

/// Names of `names` that look like `wrong`: those that hold it, then those a few letters away; at most five,
/// joined by ", ".
std::string similar_names(std::string_view wrong, const std::vector<std::string_view>& names);

}  // namespace lightlane

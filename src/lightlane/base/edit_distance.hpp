#pragma once
/// How far two names are apart, to propose the one that was meant.

#include <cstddef>
#include <string_view>

namespace lightlane {

/// Levenshtein distance: the fewest characters to insert, delete or replace that make `a` to `b`. Takes
/// |a| |b| steps.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace lightlane

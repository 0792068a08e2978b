#pragma once
/// Symbol errors at given places, from a text file.

#include <string>
#include <string_view>
#include <vector>

#include "lightlane/pma/symbol_errors.hpp"

namespace lightlane::link {

/// Lines of `lane symbol [what]`: the line lane, the absolute symbol index, and +1, -1 ... (a step, default +1) or =2
/// (the level decided). `#` starts a comment. Returns one list for each lane.
/// Throws InputError naming `place`, line and value for anything else.
std::vector<std::vector<pma::ListedError>> parse_error_list(std::string_view text, std::string_view place, int lanes,
                                                            int levels);
/// The same from a file.
std::vector<std::vector<pma::ListedError>> read_error_list(const std::string& path, int lanes, int levels);

}  // namespace lightlane::link

#pragma once
#include "cli/pattern_command.hpp"

namespace lightlane::cli {

/// `lightlane pattern generate|check scrambled_idle`: a pattern of all line lanes of a PHY, a line of digits for each.
int run_scrambled_idle_generate(const PatternGenerateOptions& options);
int run_scrambled_idle_check(const PatternCheckOptions& options);

}  // namespace lightlane::cli

#pragma once
/// The planning verbs: each is added by its own <verb>_verb.cpp.

#include "cli/verb.hpp"

namespace lightlane::cli {

void add_budget(CLI::App& app, Common& common, Run& run);

/// All of them.
void add_planning_verbs(CLI::App& app, Common& common, Run& run);

}  // namespace lightlane::cli

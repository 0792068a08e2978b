#pragma once
/// The planning verbs: each is added by its own <verb>_verb.cpp.

#include "cli/verb.hpp"

namespace lightlane::cli {

struct InteropOptions;
struct PlantOptions;

/// The flags of the plant, for any verb that has one.
void add_plant_options(CLI::App* verb, PlantOptions& options);
/// Ends, path, link file and plant, for any verb that is about a link; the two types are the verb's own.
void add_link_options(CLI::App* verb, InteropOptions& options);

void add_breakout(CLI::App& app, Common& common, Run& run);
void add_acceptance(CLI::App& app, Common& common, Run& run);
void add_explain(CLI::App& app, Common& common, Run& run);
void add_budget(CLI::App& app, Common& common, Run& run);
void add_interop(CLI::App& app, Common& common, Run& run);
void add_select(CLI::App& app, Common& common, Run& run);
void add_migrate(CLI::App& app, Common& common, Run& run);
void add_fabric(CLI::App& app, Common& common, Run& run);
void add_power(CLI::App& app, Common& common, Run& run);
void add_compare(CLI::App& app, Common& common, Run& run);
void add_tco(CLI::App& app, Common& common, Run& run);
void add_diagnose(CLI::App& app, Common& common, Run& run);

/// All of them.
void add_planning_verbs(CLI::App& app, Common& common, Run& run);

}  // namespace lightlane::cli

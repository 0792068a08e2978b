#pragma once
/// A link plan in TOML: the two ends, the plant segment by segment, and what to count.
///
///     [link]
///     near = "400GBASE-DR4"
///     far = "100GBASE-FR1"        # else as near
///     attenuation = "planning"    # max | planning | typical
///     attenuator_db = 0  ageing_db = 0  engineering_margin_db = 0  tdecq_db, extinction_ratio_db: else
///     limits
///     [[segment]]
///     fibre = "G.652.D"  length_m = 300  attenuation_db_per_km = 0.35 (else the fibre's)
///     [[connector]]               # or [[splice]]
///     type = "mpo-apc-low-loss"  count = 4  loss_db, reflectance_db: else those of the type
///
/// Unknown keys, names and types are errors that say the line.

#include <string>

#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/toml_reader.hpp"

namespace lightlane::plan {

/// Link, segments, connectors and splices of a document that may hold more. InputError with file and line.
Question read_plant(const TomlTable& document);

/// Throws InputError, with file and line, where the text is no plan.
Question read_plan(const std::string& text, const std::string& file);

}  // namespace lightlane::plan

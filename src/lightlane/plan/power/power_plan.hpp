#pragma once
/// A power plan in TOML: the switch, its ports with modules, supplies, air.
///
///     [switch]
///     name = "nvidia-sn5400"        # or ports = 32, rate_gbps = 400, cage = "qsfp-dd-cage"
///     port_power_max_w = 14         # where the catalogue has no limit
///     base_w = 400  fan_w = 60  fan_speed = 0.7  optics_allowance_w = 500
///     basis = "max"                 # typical | max | class
///     [[port]]
///     ports = "1-16,18"             # 1-61/4: every fourth
///     module = "cisco-qdd-400g-dr4-s"
///     lanes = 4  utilisation = 1  power_w = 11.2
///     [supply]
///     count = 2  rating_w = 1600  failed = 1  efficiency = 0.93
///     [air]
///     inlet_c = 27  altitude_m = 0  cfm = 120  speed_mps = 3.5  direction = "front-to-rear"
///     row = ["front-to-rear"]       # of the other devices of the row
///     depth = 2  resistance_k_per_w = 2.75  exponent = 0.65
///
/// Unknown keys, names and values out of range are errors that say the line.

#include <string>

#include "lightlane/plan/power/power.hpp"

namespace lightlane::plan {

/// Throws InputError, with file and line, where the text is no plan.
PowerQuestion read_power_plan(const std::string& text, const std::string& file);

/// A module by its id or alias, or the only one of the catalogue with that PMD. Throws ConfigError, naming
/// `place`, with what may be meant.
const catalog::Module& module_named(std::string_view name, const std::string& place);
const catalog::Switch& switch_named(std::string_view name, const std::string& place);
/// Throws ConfigError, naming `place`.
PowerBasis basis_named(std::string_view word, const std::string& place);

}  // namespace lightlane::plan

#pragma once
/// A link in TOML: a budget's plan file (budget/plan_file.hpp) with what is plugged at both ends and the
/// cables between them.
///
///     [link]
///     near = "400GBASE-DR4"       # or a module
///     far = "100GBASE-FR1"
///     [near]                      # and [far]; every key may be left out
///     in = "nvidia-sn5400:17"     # a switch's port, a cage
///     mode = "4x100G"
///     fec = "none"                # none | kr4 | kp4
///     host_vendor = "Arista"  coded_for = "Arista"
///     [[cable]]                   # from the near end to the far one
///     type = "mpo12-b-sm"  length_m = 10  turned = false

#include <string>

#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::plan {

/// Throws InputError, with file and line.
InteropQuestion read_link_file(const std::string& text, const std::string& file);

/// "none", "kr4", "kp4"; also "rs528", "rs544", "rs". ConfigError at `place`.
HostFec host_fec_named(std::string_view text, std::string_view place);

/// Cables by name, with length and direction: "mpo12-b-sm:10,mpo12-4lc-sm:5:turned"; a + separates as well,
/// which tables need not quote. ConfigError at `place`.
std::vector<PathCable> path_of(std::string_view text, std::string_view place);

/// By id or alias; ConfigError that proposes what may be meant.
const catalog::Cable& cable_named(std::string_view name, std::string_view place);

}  // namespace lightlane::plan

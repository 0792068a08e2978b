#pragma once
/// What can stand at the far end of the children of a breakout, and who runs which FEC.

#include <string>
#include <vector>

#include "lightlane/plan/breakout/module_modes.hpp"

namespace lightlane::plan {

/// The catalogue's partners of the PMD with the rate of these children, those of the applications that carry
/// them, and types that a slower port reaches. Not broken out: the same type.
std::vector<BreakoutPartner> breakout_partners(const BreakoutSubject& subject,
                                               const std::vector<BreakoutChild>& children);

/// Modes in which the host lanes run slower than they can, that are known to work.
std::vector<std::string> slower_modes(const BreakoutSubject& subject);

/// FEC of the near host at so many Gb/s on a host lane. `in_module`: the module ends it; `line`: the type on
/// the fibre, null where it is not known.
std::string breakout_host_fec(double lane_gbps, bool in_module, const catalog::Pmd* line);

}  // namespace lightlane::plan

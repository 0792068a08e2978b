#pragma once
/// What a single link can become.

#include "lightlane/plan/migrate/migration.hpp"

namespace lightlane::plan {

/// The seat that a device gets; null where it keeps its own.
const NewSeat* new_seat(const MigrationQuestion& question, const std::string& device);
bool replaced(const MigrationQuestion& question, const std::string& device);

/// Ways that `allowed` names, tried in the order of MoveKind's cost: keep where it is enough, else new
/// optics, breakout, new fibre, bond.
struct AllowedMoves {
  bool optics = true, breakout = true, new_fibre = true, bond = true;
};
LinkMove plan_link(const MigrationQuestion& question, const InventoryLink& link, const AllowedMoves& allowed,
                   std::map<std::string, std::size_t>& assumed);

/// Power of what an end has: typical, of the module or else its PMD; else the largest, alike. None: unknown.
std::optional<double> end_watts(const LinkEnd& end);
/// "qsfp-dd-400g-dr4", or the PMD.
std::string part_name(const LinkEnd& end);

}  // namespace lightlane::plan

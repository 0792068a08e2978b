#pragma once
/// What moves of links need and leave over, and the order in which they are made.

#include "lightlane/plan/migrate/migration.hpp"

namespace lightlane::plan {

struct Materials {
  Bill bill, stranded;
  std::optional<double> power_change_w;  ///< of the modules; none: some are unknown
};
/// A module that is broken out is shared by the links of its port: so many of them that its children need.
Materials materials_of(const std::vector<LinkMove>& moves);

/// Lines of modules with the price of their name.
Bill with_prices(const Bill& bill, const std::vector<Price>& prices);

/// The audit, new ports, pilot, rollout, new fibre, more links, and taking out what is left: those that there
/// is work for. Sets `phase` of the moves.
std::vector<MigrationPhase> phases_of(const MigrationQuestion& question, std::vector<LinkMove>& moves);

}  // namespace lightlane::plan

#pragma once
/// Fibres, connectors and splices by the names that people give them, and proposals where there is none.

#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/plant.hpp"

namespace lightlane::plan {

/// As people write them: "MPO-12", "duplex LC", "APC", "PAM4", "single-mode fibre".
std::string_view shown(catalog::PmdConnector connector) noexcept;
std::string_view shown(catalog::Polish polish) noexcept;
std::string_view shown(catalog::LineCode code) noexcept;
std::string_view shown(catalog::FibreKind kind) noexcept;

/// Names of `names` that look like `wrong`: those that hold it, then those a few letters away; at most five,
/// joined by ", ".
std::string similar_names(std::string_view wrong, const std::vector<std::string_view>& names);
/// By name or alias; ConfigError that says `place` and proposes what may be meant.
const catalog::Fibre& fibre_named(std::string_view name, const std::string& place);
const catalog::Connector& joint_named(std::string_view name, const std::string& place,
                                      catalog::JointKind kind);

}  // namespace lightlane::plan

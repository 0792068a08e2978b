#pragma once
/// Fibres, connectors and splices by the names that people give them, and words for them.

#include <string>
#include <string_view>

#include "lightlane/base/similar_names.hpp"
#include "lightlane/catalog/plant.hpp"

namespace lightlane::plan {

/// As people write them: "MPO-12", "duplex LC", "APC", "PAM4", "single-mode fibre".
std::string_view shown(catalog::PmdConnector connector) noexcept;
std::string_view shown(catalog::Polish polish) noexcept;
std::string_view shown(catalog::LineCode code) noexcept;
std::string_view shown(catalog::FibreKind kind) noexcept;

using lightlane::similar_names;
/// By name or alias; ConfigError that says `place` and proposes what may be meant.
const catalog::Fibre& fibre_named(std::string_view name, const std::string& place);
const catalog::Connector& joint_named(std::string_view name, const std::string& place,
                                      catalog::JointKind kind);

}  // namespace lightlane::plan

#include "lightlane/plan/names.hpp"

#include <fmt/format.h>

#include <span>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"

namespace lightlane::plan {
namespace {

[[noreturn]] void unknown_name(std::string_view wrong, const std::string& place, std::string_view kind) {
  throw ConfigError(catalog::name_refusal(place, wrong, std::span(&kind, 1)));
}

}  // namespace

std::string_view shown(catalog::PmdConnector connector) noexcept {
  constexpr std::string_view words[] = {
      "an unknown connector", "duplex LC", "simplex LC", "MPO-12", "MPO-16", "MPO-24"};
  return words[static_cast<int>(connector)];
}

std::string_view shown(catalog::Polish polish) noexcept {
  constexpr std::string_view words[] = {"an unknown polish", "UPC", "APC", "flat"};
  return words[static_cast<int>(polish)];
}

std::string_view shown(catalog::LineCode code) noexcept {
  constexpr std::string_view words[] = {"an unknown line code", "NRZ", "PAM4", "DP-DQPSK", "DP-16QAM"};
  return words[static_cast<int>(code)];
}

std::string_view shown(catalog::FibreKind kind) noexcept {
  constexpr std::string_view words[] = {"single-mode fibre", "multimode fibre"};
  return words[static_cast<int>(kind)];
}

const catalog::Fibre& fibre_named(std::string_view name, const std::string& place) {
  if (const catalog::Fibre* fibre = catalog::find_fibre(name)) return *fibre;
  unknown_name(name, place, "fibre");
}

const catalog::Connector& joint_named(std::string_view name, const std::string& place,
                                      catalog::JointKind kind) {
  const catalog::Connector* joint = catalog::find_connector(name);
  if (joint == nullptr) unknown_name(name, place, "connector");
  if (joint->kind != kind) {
    throw ConfigError({place, fmt::format("is '{}', a {}", joint->id, catalog::name(joint->kind)),
                       fmt::format("a {}", catalog::name(kind)), ""});
  }
  return *joint;
}

}  // namespace lightlane::plan

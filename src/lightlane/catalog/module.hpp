#pragma once
/// What is plugged, and into what: form factors, cages, power classes, modules.

#include <span>
#include <string_view>

#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

enum class Management : std::uint8_t { unknown, cmis, sff8636, sff8472, mdio };
std::string_view name(Management management) noexcept;

struct FormFactor {
  std::string_view id;  ///< "QSFP-DD": the words of pmd.form_factors
  std::span<const std::string_view> aliases;
  std::string_view summary;
  std::string_view identifier;  ///< SFF-8024 byte 0, "0x18"; empty: unknown
  Management management = Management::unknown;
  Provenance provenance;
  Limit host_lanes;               ///< pairs of each direction
  Limit host_lane_rate_max_gbps;  ///< line rate of one, FEC included
};

/// A power class of a management specification: modules of class `number` draw at most `max_w`.
struct PowerClass {
  std::string_view id;  ///< "cmis-6"
  Management management = Management::unknown;
  int number = 0;
  Limit max_w;
};

/// Whether a module of a form factor works in a cage.
struct CageFit {
  std::string_view form_factor;
  bool fits = false;
  std::string_view text;  ///< the condition, or why not; may be empty where it fits
  Provenance provenance;
  Limit host_lanes;  ///< of the cage that are in use; absent where it does not fit
};

struct Cage {
  std::string_view id;  ///< "qsfp-dd"
  std::span<const std::string_view> aliases;
  std::string_view summary;
  std::string_view form_factor;  ///< its own
  std::span<const CageFit> fits;

  /// Null where nothing is known of that form factor.
  const CageFit* fit(std::string_view form_factor) const noexcept;
};

/// An application that the module advertises (CMIS): codes of SFF-8024, lanes of each instance, and the host
/// lanes at which one may begin, bit 0 = lane 1.
struct ModuleApplication {
  std::string_view host_id, media_id;  ///< "0x11", "0x1C"
  int host_lanes = 0, media_lanes = 0;
  std::string_view host_assignment;  ///< "0x55"
  Provenance provenance;
};

struct Module {
  std::string_view id;  ///< "qsfp-dd-400g-dr4"
  std::span<const std::string_view> aliases;
  std::string_view summary;
  std::string_view form_factor;  ///< id of one
  std::string_view pmd;          ///< id of the PMD of each of its ports
  std::string_view host_interface;
  bool fec_in_module = false;  ///< the module ends the FEC of the line; the host must run none
  Provenance provenance;
  std::span<const ModuleApplication> applications;
  Limit ports;  ///< of that PMD: 2 of a twin-port module
  Limit host_lanes, host_lane_rate_gbps;
  Limit power_class, power_typical_w, power_max_w;
  Limit case_temperature_min_c, case_temperature_max_c;
};

}  // namespace lightlane::catalog

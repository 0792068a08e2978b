#pragma once
/// The shapes of a PHY that this program can build: rate, code, lanes and modulation, and which PMD uses which.

#include <cstdint>
#include <span>
#include <string_view>

#include "lightlane/base/rational.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// FEC of a structure: KP4 as part of the clause 119 PCS, KP4 or KR4 of clause 91, or none (clause 82 alone).
enum class Coding : std::uint8_t { clause119, clause91_kp4, clause91_kr4, clause82 };

/// One lane structure, from PCS lanes to line lanes.
struct Structure {
  std::string_view name;     ///< "400g-4lane"
  int rate_gbps;             ///< MAC rate
  Coding coding;
  int pcs_lanes;             ///< lanes that the PCS or RS-FEC hands to the PMA: 16, 8, 4 (FEC lanes) or 20
  int host_lanes;            ///< lanes of the host interface between the two multiplexing steps
  int line_lanes;            ///< PMD lanes
  signal::Modulation modulation;
  Rational lane_rate_gbps;   ///< bits per PCS lane and nanosecond, nominal
  std::string_view host_interface;  ///< "400GAUI-8"

  int pcs_lanes_per_line_lane() const { return pcs_lanes / line_lanes; }
  /// Line symbols per second and lane, nominal, in GBd.
  Rational symbol_rate_gbd() const;
  /// RS code, or null without FEC.
  const signal::FecCode* fec() const;
};

std::span<const Structure> structures();
/// Throws ConfigError naming `place` and listing what there is.
const Structure& structure_by_name(std::string_view name, std::string_view place);

/// An 800G PMD is here as two 400G ones (link.breakout = "2x400g"): the 800G PCS of clause 172 is not.
inline constexpr std::string_view eight_lane_800g_pmd = "800GBASE-DR8";

/// PMDs whose digital side is known here (802.3 clauses as in the table's source).
struct PmdEntry {
  std::string_view pmd;
  std::string_view structure;
};
std::span<const PmdEntry> pmds();
/// Throws ConfigError naming `place` and listing what there is.
const Structure& structure_of_pmd(std::string_view pmd, std::string_view place);

}  // namespace lightlane::link

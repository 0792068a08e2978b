#pragma once
/// Ethernet over twinax, and cables with a module fixed to every end: direct attach, of copper or active
/// optical. They have no light to budget and no connector to mate: a planner asks which form factors they
/// join, at which rate, how far, and what they draw.

#include <span>
#include <string_view>

#include "lightlane/catalog/pmd.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

/// A type of Ethernet over copper: "400GBASE-CR8".
struct Copper {
  std::string_view id;
  std::span<const std::string_view> aliases;
  std::string_view publisher;                  ///< "IEEE", "ETC"
  std::string_view standard, edition, clause;  ///< empty where there is none
  int rate_gbps = 0;                           ///< MAC rate
  int lanes = 0;                               ///< pairs of each direction
  double lane_rate_gbd = 0;
  LineCode modulation = LineCode::unknown;
  std::string_view host_id;  ///< SFF-8024, "0x1D"; empty: unknown
  Provenance provenance;
  std::span<const std::string_view> notes;
  Limit reach_m;  ///< the class of the lane rate: longer ones work where the host has loss to spare

  /// Line rate of a lane [Gb/s], FEC included.
  double lane_rate_gbps() const noexcept { return lane_rate_gbd * (modulation == LineCode::pam4 ? 2 : 1); }
};

enum class DirectAttachKind : std::uint8_t {
  passive_copper,
  active_copper,   ///< with chips in the ends
  active_optical,  ///< fibre inside, not to be taken out
};
std::string_view name(DirectAttachKind kind) noexcept;

/// One end; of several legs, each.
struct DirectAttachEnd {
  std::string_view form_factor;  ///< id of one
  Limit lanes;                   ///< of each direction
  Limit lane_rate_gbps;          ///< line rate, FEC included
  Limit power_max_w;
};

struct DirectAttach {
  std::string_view id;  ///< "qsfp-dd-400g-dac"
  std::span<const std::string_view> aliases;
  DirectAttachKind kind = DirectAttachKind::passive_copper;
  std::string_view summary;
  std::string_view copper;  ///< id of the type of end a; empty: none or not known
  bool gearbox = false;     ///< turns fewer fast lanes into more slow ones
  int legs = 1;             ///< at end b
  Provenance provenance;
  DirectAttachEnd a, b;
  Limit rate_gbps;     ///< MAC rate of end a, all legs together
  Limit length_max_m;  ///< of the longest one sold
};

}  // namespace lightlane::catalog

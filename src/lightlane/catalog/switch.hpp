#pragma once
/// Switches as planning sees them: ports with their cages, power of each, power supplies.

#include <span>
#include <string_view>

#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

/// Ports that are alike: first, first + step ... up to last, as the front panel counts.
struct SwitchPorts {
  int first = 1, last = 1, step = 1;
  std::string_view cage;  ///< id of one
  Provenance provenance;
  Limit rate_gbps;    ///< MAC rate of a port
  Limit power_max_w;  ///< of a module in such a port; absent where unknown

  int count() const noexcept { return (last - first) / step + 1; }
  bool has(int port) const noexcept { return port >= first && port <= last && (port - first) % step == 0; }
};

struct Switch {
  std::string_view id;  ///< "arista-7060dx4-32"
  std::span<const std::string_view> aliases;
  std::string_view summary;
  Provenance provenance;
  std::span<const SwitchPorts> ports;
  Limit supplies;            ///< power supplies, redundant ones included
  Limit supply_max_w;        ///< largest draw of one
  Limit supply_allocated_w;  ///< draw of one to plan with, without what is plugged

  int port_count() const noexcept;
  /// Null where there is no such port.
  const SwitchPorts* port(int number) const noexcept;
};

}  // namespace lightlane::catalog

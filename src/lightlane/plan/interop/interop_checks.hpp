#pragma once
/// The single checks of interop(), each a pure function of what it needs.

#include <vector>

#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::plan {

/// How the lanes of two types share out: `more` has at least as many as `fewer`.
struct Sharing {
  bool swapped = false;  ///< B is `more`
  int children = 1;
  bool possible = false;  ///< the lanes come out even, and each can be reached alone
};
Sharing share_lanes(const catalog::Pmd& a, const catalog::Pmd& b);

/// CAGE, POWER, HOST_LANE of one end; `label`: "A" or "B".
void check_seat(const LinkEnd& end, std::string_view label, std::vector<Reason>& reasons);
/// CONNECTOR, POLISH, POLARITY, FIBRE_COUNT where no path is given.
void check_connectors(const catalog::Pmd& more, const catalog::Pmd& fewer, int children,
                      std::vector<Reason>& reasons);
/// LANE_COUNT and RATE, with the count that was asked for.
void check_lanes(const catalog::Pmd& more, const catalog::Pmd& fewer, const Sharing& sharing, int asked,
                 std::vector<Reason>& reasons);
/// The code of both ends, who runs it, and what the hosts are set to.
void check_fec(const LinkEnd& a, const LinkEnd& b, const Sharing& sharing, std::vector<Reason>& reasons);
/// The mode of the ports.
void check_port_mode(const LinkEnd& end, std::string_view label, int children, int child_gbps,
                     std::vector<Reason>& reasons);
/// MGMT and VENDOR_LOCK.
void check_management(const LinkEnd& end, std::string_view label, int children, int child_gbps,
                      const catalog::Pmd& child, std::vector<Reason>& reasons);

}  // namespace lightlane::plan

#pragma once
/// A scenario taken apart into PHYs: the ports of a breakout, the two directions of a duplex link.
///
/// What stands outside of [[ports]] is common to all ports. There, a list with as many entries as the whole
/// module has lanes (4 line lanes, 16 PCS or FEC lanes) is dealt out to the ports, one with as many as a port
/// has lanes is every port's, and events name lanes of the whole module. Inside [[ports]] everything speaks
/// of the port's own lanes.

#include <vector>

#include "lightlane/link/scenario.hpp"

namespace lightlane::link {

/// 4x100g: four 100g-1lane PHYs, port i on line lane i. 2x200g: two 200g-2lane PHYs on line lanes 0 1 and
/// 2 3. Without a breakout the scenario itself. Ports have link.structure set and no ports; `place` says
/// where they stand. Throws ConfigError: a structure that cannot break out, [[ports]] that are not as many as
/// ports, a change of link.* that is not the port's to make, lists and events that do not fit.
std::vector<Scenario> ports_of(const Scenario& scenario);

/// The other direction of one PHY: [reverse] or the same without its events; clocks swapped.
/// Throws ConfigError if [reverse] changes link.*.
Scenario reverse_of(const Scenario& forward);

}  // namespace lightlane::link

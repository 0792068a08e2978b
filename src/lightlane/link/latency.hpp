#pragma once
/// How long a bit takes from the sending host's PCS to the receiving one's, term by term.

#include <vector>

#include "lightlane/link/optical_report.hpp"

namespace lightlane::link {

/// FEC block, interleave, decoding, the DSPs of both modules, fibre. Group delay of fibre from its index; blocks from the
/// code and the rate; the rest is the catalogue's.
std::vector<LatencyTerm> latency_of(const Scenario& scenario, const Structure& structure, double fibre_delay_ns);

/// Power of one module by component, at the scenario's case temperature.
std::vector<PowerTerm> module_power_of(const Scenario& scenario, const Structure& structure);

}  // namespace lightlane::link

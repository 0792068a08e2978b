#pragma once
/// Bits through the electrical lanes between host and module, with errors of their own beside those of the
/// line.

#include <cstdint>
#include <vector>

#include "lightlane/link/host_lanes.hpp"
#include "lightlane/pma/gray.hpp"
#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

struct HostInterfaceConfig {
  std::size_t lanes = 4;
  signal::Modulation modulation = signal::Modulation::nrz;
  std::vector<double> ber;  ///< one for each lane; empty: nothing happens to the bits
  std::uint64_t seed = 1;
  std::uint32_t first_lane = 0;  ///< for the draws
};

/// Of one end of a scenario.
HostInterfaceConfig host_interface(const Scenario& scenario, const HostLanes& lanes, HostEnd end);

/// Bits through the symbols of the host lanes, with errors to adjacent levels. Cost: as the Gray map; nothing
/// without a bit error ratio.
class HostInterface {
 public:
  explicit HostInterface(const HostInterfaceConfig& config);
  /// In place. Half a symbol at the end of a chunk is held back.
  void process(signal::BitLanes& lanes);
  /// Errors per lane; empty where nothing happens to the bits.
  const std::vector<pma::LaneErrorCounts>& counts() const noexcept { return errors_.report().lanes; }

 private:
  bool clean_;
  pma::GrayEncoder encoder_;
  pma::SymbolErrors errors_;
  pma::GrayDecoder decoder_;
  signal::SymbolLanes symbols_;
};

}  // namespace lightlane::link

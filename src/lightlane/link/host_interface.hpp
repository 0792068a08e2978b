#pragma once
/// The electrical lanes between host and module, with bit errors of their own (phy.host_ber), beside those of
/// the line.

#include <cstdint>
#include <vector>

#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/pma/gray.hpp"
#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// Which of the two host interfaces of a direction.
enum class HostEnd : std::uint8_t { sender, receiver };

struct HostInterfaceConfig {
  std::size_t lanes = 4;
  signal::Modulation modulation = signal::Modulation::nrz;
  double ber = 0;  ///< phy.host_ber
  std::uint64_t seed = 1;
  std::uint32_t first_lane = 0;  ///< for the draws
};

/// Number of the first host lane for the draws: never that of a line lane, of the other end, of another port
/// or of the other direction.
std::uint32_t first_host_lane(const Scenario& scenario, HostEnd end);
/// Number of the first line lane for the draws.
std::uint32_t first_line_lane(const Scenario& scenario);

/// Bits through the symbols of the host lanes, with errors to adjacent levels. Cost: as the Gray map; nothing
/// without a bit error ratio.
class HostInterface {
 public:
  explicit HostInterface(const HostInterfaceConfig& config);
  /// In place. Half a symbol at the end of a chunk is held back.
  void process(signal::BitLanes& lanes);
  /// Errors per lane; empty without a bit error ratio.
  const std::vector<pma::LaneErrorCounts>& counts() const noexcept { return errors_.report().lanes; }

 private:
  bool clean_;
  pma::GrayEncoder encoder_;
  pma::SymbolErrors errors_;
  pma::GrayDecoder decoder_;
  signal::SymbolLanes symbols_;
};

}  // namespace lightlane::link

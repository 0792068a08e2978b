#pragma once
/// The PMA and the lanes: PCS (or FEC) lanes to line symbols, the errors on the way, and back to lanes.

#include <cstdint>
#include <memory>
#include <optional>

#include "lightlane/link/host_interface.hpp"
#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/link/optical_link.hpp"
#include "lightlane/pma/bit_mux.hpp"
#include "lightlane/pma/gray.hpp"
#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// PCS lane at each position of the last multiplexer: two stages of round robin (16 -> 8 -> 4), on top of
/// phy.lane_order.
std::vector<std::size_t> mux_order(const Scenario& scenario, const Structure& structure);

/// Lanes -> line symbols: skew, bit multiplexing, Gray map, precoding. Where the host lanes have errors the multiplexing
/// is done in its two steps, host interface and module, with those errors between them; without errors the result is the
/// same.
class LineTransmit {
 public:
  LineTransmit(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(const signal::BitLanes& in, signal::SymbolLanes& out);
  void finish(signal::SymbolLanes& out);
  /// Errors of the host lanes; empty where they have none.
  std::vector<pma::LaneErrorCounts> host_errors() const;

 private:
  struct Host {
    pma::BitMux mux;
    HostInterface lanes;
    signal::BitLanes bits;
  };
  std::optional<Host> host_;
  pma::BitMux mux_;
  pma::GrayEncoder gray_;
  signal::BitLanes muxed_;
};

/// Line symbols -> lanes, wired as phy.line_order says.
class LineReceive {
 public:
  LineReceive(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(signal::SymbolLanes& in, signal::BitLanes& out);
  void finish(signal::BitLanes& out);
  std::vector<pma::LaneErrorCounts> host_errors() const;

 private:
  struct Host {
    HostInterface lanes;
    pma::BitDemux demux;
    signal::BitLanes bits;
  };
  std::vector<std::size_t> order_;
  pma::GrayDecoder gray_;
  std::optional<Host> host_;
  pma::BitDemux demux_;
  signal::BitLanes bits_;
};

/// The symbol-error models of a scenario for its line lanes: errors.*, events, and, with link.engine = "statistical", what
/// the statistical engine says of the light. `light` may be null.
pma::SymbolErrorsConfig symbol_errors(const Scenario& scenario, const Structure& structure, const OpticalLink* light);

/// Mean error ratios of one lane: what the statistical engine says of its light, and of the models of errors.* by themselves
/// (events apart).
pma::ExpectedErrors expected_errors(const Scenario& scenario, const Structure& structure, const OpticalLink* light,
                                    std::size_t lane);

}  // namespace lightlane::link

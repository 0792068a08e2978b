#pragma once
/// KP4 inside the modules (QSFP28 DR, FR1, LR1): the hosts speak clause 82 without FEC over a CAUI-4 of four
/// NRZ lanes at 25.78125 Gb/s, which nothing protects, and each module makes or ends clause 91.
///
/// host: clause 82, 20 lanes -> 4 host lanes -> module: 20 lanes, block and marker lock, deskew -> clause 91
/// with KP4 -> line, and back. phy.lane_order, skew_bits and line_order are those of the FEC lanes on the
/// line.

#include "lightlane/link/host_interface.hpp"
#include "lightlane/link/phy_clause91.hpp"
#include "lightlane/pma/bit_mux.hpp"

namespace lightlane::link {

/// CAUI-4, one direction: marked stream to marked stream, with the errors of the four lanes.
class Caui4 {
 public:
  Caui4(const Scenario& scenario, const HostLanes& lanes, HostEnd end);
  void process(const signal::Blocks66& in, signal::Blocks66& out);
  bool align_status() const { return align_.report().align_status; }
  HostReport report() const;

 private:
  pcs::Clause82Distribute distribute_;
  pma::BitMux mux_;
  HostInterface host_;
  pma::BitDemux demux_;
  pcs::Clause82Align align_;
  signal::BitLanes lanes_, muxed_;
};

class PhyTransmitModule : public PhyTransmit {
 public:
  PhyTransmitModule(const Scenario& scenario, const Structure& structure, const HostLanes& host)
      : caui_(scenario, host, HostEnd::sender), fec_(scenario, structure, host) {}
  void process(const signal::MiiWords& in, signal::SymbolLanes& out) override;
  PhyTransmitReport report() const override;

 private:
  pcs::Clause82Transmit upper_;
  Caui4 caui_;
  FecTransmit91 fec_;
  signal::Blocks66 blocks_, in_module_;
};

class PhyReceiveModule : public PhyReceive {
 public:
  PhyReceiveModule(const Scenario& scenario, const Structure& structure, const HostLanes& host)
      : fec_(scenario, structure, host), caui_(scenario, host, HostEnd::receiver), upper_(scenario) {}
  void process(signal::SymbolLanes& in, signal::MiiWords& out) override;
  void finish(signal::MiiWords& out) override { upper_.finish(out); }
  /// Of the host.
  bool align_status() const override { return caui_.align_status(); }
  /// Lanes, alignments and losses are those of the module's FEC; align_status needs the host too.
  PhyReceiveReport report() const override;

 private:
  FecReceive91 fec_;
  Caui4 caui_;
  MarkedReceive upper_;
  signal::Blocks66 in_module_, blocks_;
};

}  // namespace lightlane::link

#pragma once
/// 100GBASE-R with RS-FEC: clause 82 above clause 91 with KP4 or KR4, the FEC in the host.

#include <vector>

#include "lightlane/fec/fec_counters.hpp"
#include "lightlane/fec/reed_solomon.hpp"
#include "lightlane/link/phy_clause82.hpp"
#include "lightlane/pcs/clause91_align.hpp"
#include "lightlane/pcs/clause91_distribute.hpp"
#include "lightlane/pcs/clause91_receive.hpp"
#include "lightlane/pcs/clause91_transmit.hpp"

namespace lightlane::link {

/// Marked stream -> line symbols: what stands behind clause 82, in a host or in a module.
class FecTransmit91 {
 public:
  FecTransmit91(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(const signal::Blocks66& marked, signal::SymbolLanes& out);
  std::vector<pma::LaneErrorCounts> host_errors() const { return line_.host_errors(); }

 private:
  pcs::Clause91Transmit transcode_;
  fec::ReedSolomon fec_;
  pcs::Clause91Distribute distribute_;
  LineTransmit line_;
  signal::Codewords codewords_;
  signal::BitLanes lanes_;
};

/// Line symbols -> marked stream.
class FecReceive91 {
 public:
  FecReceive91(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(signal::SymbolLanes& in, signal::Blocks66& marked);
  bool align_status() const { return align_.report().align_status; }
  void add_to(PhyReceiveReport& report) const;

 private:
  std::optional<std::uint64_t> decode_batch(signal::Blocks66& marked);

  double lane_bits_per_ns_;
  LineReceive line_;
  pcs::Clause91Align align_;
  fec::ReedSolomon fec_;
  fec::FecCounter counter_;
  pcs::Clause91Receive receive_;
  signal::BitLanes lanes_;
  pcs::Clause91Batch batch_;
  std::vector<signal::DecodeOutcome> outcomes_;
  std::vector<signal::Correction> corrections_;
};

class PhyTransmit91 : public PhyTransmit {
 public:
  PhyTransmit91(const Scenario& scenario, const Structure& structure, const HostLanes& host)
      : fec_(scenario, structure, host) {}
  void process(const signal::MiiWords& in, signal::SymbolLanes& out) override;
  PhyTransmitReport report() const override {
    PhyTransmitReport report = transmit_report(upper_.report());
    report.host.lanes = fec_.host_errors();
    return report;
  }

 private:
  pcs::Clause82Transmit upper_;
  FecTransmit91 fec_;
  signal::Blocks66 blocks_;
};

class PhyReceive91 : public PhyReceive {
 public:
  PhyReceive91(const Scenario& scenario, const Structure& structure, const HostLanes& host)
      : fec_(scenario, structure, host), upper_(scenario) {}
  void process(signal::SymbolLanes& in, signal::MiiWords& out) override;
  void finish(signal::MiiWords& out) override { upper_.finish(out); }
  bool align_status() const override { return fec_.align_status(); }
  PhyReceiveReport report() const override;

 private:
  FecReceive91 fec_;
  MarkedReceive upper_;
  signal::Blocks66 blocks_;
};

}  // namespace lightlane::link

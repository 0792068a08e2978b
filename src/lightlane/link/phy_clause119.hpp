#pragma once
/// 400GBASE-R and 200GBASE-R: clause 119 with KP4 in the PCS.

#include <vector>

#include "lightlane/fec/fec_counters.hpp"
#include "lightlane/fec/reed_solomon.hpp"
#include "lightlane/link/line.hpp"
#include "lightlane/link/phy.hpp"
#include "lightlane/pcs/clause119_align.hpp"
#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_receive.hpp"
#include "lightlane/pcs/clause119_transmit.hpp"
#include "lightlane/pcs/rate_compensation.hpp"

namespace lightlane::link {

class PhyTransmit119 : public PhyTransmit {
 public:
  PhyTransmit119(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(const signal::MiiWords& in, signal::SymbolLanes& out) override;
  void set_status(const DegradeStatus& status) override;
  PhyTransmitReport report() const override;

 private:
  pcs::Clause119Transmit pcs_;
  fec::ReedSolomon fec_;
  pcs::Clause119Distribute distribute_;
  LineTransmit line_;
  signal::Codewords codewords_;
  signal::BitLanes lanes_;
};

class PhyReceive119 : public PhyReceive {
 public:
  PhyReceive119(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(signal::SymbolLanes& in, signal::MiiWords& out) override;
  void finish(signal::MiiWords& out) override;
  bool align_status() const override { return align_.report().align_status; }
  PhyReceiveReport report() const override;

 private:
  std::optional<std::size_t> decode_batch();

  LineReceive line_;
  pcs::Clause119Align align_;
  fec::ReedSolomon fec_;
  fec::FecCounter counter_;
  pcs::FecSyncMonitor monitor_;
  pcs::Clause119Receive pcs_;
  pcs::RateCompensation compensation_;
  signal::BitLanes lanes_;
  pcs::Clause119Aligned batch_;
  std::vector<signal::DecodeOutcome> outcomes_;
  std::vector<signal::Correction> corrections_;
  signal::MiiWords words_;
};

}  // namespace lightlane::link

#pragma once
/// 100GBASE-R without FEC: clause 82 with 20 lanes over the line (100GBASE-LR4: 20 -> 4 NRZ lanes).

#include "lightlane/link/line.hpp"
#include "lightlane/link/phy.hpp"
#include "lightlane/pcs/clause82_align.hpp"
#include "lightlane/pcs/clause82_distribute.hpp"
#include "lightlane/pcs/clause82_receive.hpp"
#include "lightlane/pcs/clause82_transmit.hpp"
#include "lightlane/pcs/rate_compensation.hpp"

namespace lightlane::link {

/// Marked stream -> MII words at the receiver's clock: what clauses 82 and 91 share.
class MarkedReceive {
 public:
  explicit MarkedReceive(const Scenario& scenario);
  void process(const signal::Blocks66& marked, signal::MiiWords& out);
  void finish(signal::MiiWords& out);
  void add_to(PhyReceiveReport& report) const;

 private:
  pcs::Clause82Receive receive_;
  pcs::RateCompensation compensation_;
  signal::MiiWords words_;
};

PhyTransmitReport transmit_report(const pcs::Clause82TransmitReport& report);

class PhyTransmit82 : public PhyTransmit {
 public:
  PhyTransmit82(const Scenario& scenario, const Structure& structure, const HostLanes& host)
      : line_(scenario, structure, host) {}
  void process(const signal::MiiWords& in, signal::SymbolLanes& out) override;
  PhyTransmitReport report() const override {
    PhyTransmitReport report = transmit_report(upper_.report());
    report.host.lanes = line_.host_errors();
    return report;
  }

 private:
  pcs::Clause82Transmit upper_;
  pcs::Clause82Distribute distribute_;
  LineTransmit line_;
  signal::Blocks66 blocks_;
  signal::BitLanes lanes_;
};

class PhyReceive82 : public PhyReceive {
 public:
  PhyReceive82(const Scenario& scenario, const Structure& structure, const HostLanes& host);
  void process(signal::SymbolLanes& in, signal::MiiWords& out) override;
  void finish(signal::MiiWords& out) override { upper_.finish(out); }
  bool align_status() const override { return align_.report().align_status; }
  PhyReceiveReport report() const override;

 private:
  double lane_bits_per_ns_;
  LineReceive line_;
  pcs::Clause82Align align_;
  MarkedReceive upper_;
  signal::BitLanes lanes_;
  signal::Blocks66 blocks_;
};

/// Lanes of an aligner of clause 82, for a report.
std::vector<ReceivedLane> received_lanes(const pcs::Clause82AlignReport& report, double lane_bits_per_ns);

}  // namespace lightlane::link

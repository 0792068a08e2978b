#include "lightlane/link/phy_clause82.hpp"

namespace lightlane::link {

MarkedReceive::MarkedReceive(const Scenario& scenario)
    : compensation_({clock_ratio(scenario) * pcs::clause82_insertion_ratio()}) {}

void MarkedReceive::process(const signal::Blocks66& marked, signal::MiiWords& out) {
  words_.clear();
  receive_.process(marked, words_);
  compensation_.process(words_, out);
}

void MarkedReceive::finish(signal::MiiWords& out) {
  words_.clear();
  receive_.finish(words_);
  compensation_.process(words_, out);
}

void MarkedReceive::add_to(PhyReceiveReport& report) const {
  const pcs::Clause82ReceiveReport receive = receive_.report();
  report.hi_ber = receive.hi_ber;
  report.hi_ber_events = receive.hi_ber_windows;
  report.error_blocks = receive.error_blocks;
  report.local_fault_words = receive.local_fault_words;
  add_compensation(compensation_.report(), report);
}

PhyTransmitReport transmit_report(const pcs::Clause82TransmitReport& report) {
  return {report.compensation.words_in, report.compensation.deleted, report.compensation.max_debt,
          report.compensation.overflows, report.encoder.error_blocks};
}

void PhyTransmit82::process(const signal::MiiWords& in, signal::SymbolLanes& out) {
  blocks_.clear();
  upper_.process(in, blocks_);
  lanes_.clear();
  distribute_.process(blocks_, lanes_);
  line_.process(lanes_, out);
}

PhyReceive82::PhyReceive82(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : lane_bits_per_ns_(structure.lane_rate_gbps.value()), line_(scenario, structure, host), upper_(scenario) {}

void PhyReceive82::process(signal::SymbolLanes& in, signal::MiiWords& out) {
  lanes_.clear();
  line_.process(in, lanes_);
  blocks_.clear();
  align_.process(lanes_, blocks_);
  upper_.process(blocks_, out);
}

PhyReceiveReport PhyReceive82::report() const {
  const pcs::Clause82AlignReport align = align_.report();
  PhyReceiveReport report;
  report.align_status = align.align_status;
  report.alignments = align.alignments;
  report.losses = align.losses;
  report.lanes = received_lanes(align, lane_bits_per_ns_);
  upper_.add_to(report);
  report.host.lanes = line_.host_errors();
  return report;
}

std::vector<ReceivedLane> received_lanes(const pcs::Clause82AlignReport& report, double lane_bits_per_ns) {
  std::vector<ReceivedLane> lanes;
  for (const auto& lane : report.lanes) {
    ReceivedLane received;
    received.locked = lane.marker_lock;
    received.pcs_lane = lane.pcs_lane;
    received.marker_errors = lane.bad_markers;
    received.losses = lane.marker_lock_losses;
    received.skew_bits = lane.skew_bits;
    received.skew_ns = static_cast<double>(lane.skew_bits) / lane_bits_per_ns;
    if (received.pcs_lane >= 0) {
      received.bip_errors = report.bip[static_cast<std::size_t>(received.pcs_lane)].errored_bits;
    }
    lanes.push_back(received);
  }
  return lanes;
}

}  // namespace lightlane::link

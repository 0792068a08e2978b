#include "lightlane/link/phy_clause119.hpp"

namespace lightlane::link {
namespace {

pcs::Clause119TransmitConfig transmit_config(const Structure& structure) {
  pcs::Clause119TransmitConfig config;
  config.rate_gbps = structure.rate_gbps;
  return config;
}

pcs::Clause119ReceiveConfig receive_config(const Scenario& scenario, const Structure& structure) {
  pcs::Clause119ReceiveConfig config;
  config.rate_gbps = structure.rate_gbps;
  config.bypass_error_indication = scenario.phy.error_indication_bypass;
  config.degrade = degrade_config(scenario);
  return config;
}

/// PCS lane of every symbol of codewords A and B.
fec::LaneMap lane_map(const Structure& structure) {
  const auto lanes = pcs::clause119_symbol_lanes(structure.rate_gbps);
  return {2, {lanes.begin(), lanes.end()}};
}

}  // namespace

PhyTransmit119::PhyTransmit119(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : pcs_(transmit_config(structure)),
      fec_(signal::kp4),
      distribute_(structure.rate_gbps),
      line_(scenario, structure, host) {}

void PhyTransmit119::process(const signal::MiiWords& in, signal::SymbolLanes& out) {
  codewords_.resize(0);
  pcs_.process(in, codewords_);
  fec_.encode(codewords_);
  lanes_.clear();
  distribute_.process(codewords_, lanes_);
  line_.process(lanes_, out);
}

void PhyTransmit119::set_status(const DegradeStatus& status) {
  pcs_.set_status((status.local_degraded ? pcs::local_degraded_bit : 0) |
                  (status.remote_degraded ? pcs::remote_degraded_bit : 0));
}

PhyTransmitReport PhyTransmit119::report() const {
  const pcs::Clause119TransmitReport report = pcs_.report();
  PhyTransmitReport all{report.rate.words_in, report.rate.deleted, report.rate.max_debt, report.rate.overflows,
                        report.blocks.error_blocks};
  all.host.lanes = line_.host_errors();
  return all;
}

PhyReceive119::PhyReceive119(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : line_(scenario, structure, host),
      align_({structure.rate_gbps}),
      fec_(signal::kp4),
      counter_(signal::kp4, lane_map(structure)),
      pcs_(receive_config(scenario, structure)),
      compensation_({clock_ratio(scenario) * pcs::clause119_insertion_ratio()}) {}

void PhyReceive119::process(signal::SymbolLanes& in, signal::MiiWords& out) {
  lanes_.clear();
  line_.process(in, lanes_);
  batch_.clear();
  align_.process(lanes_, batch_);
  words_.clear();
  while (const auto bad = decode_batch()) {
    align_.restart(batch_.first_pair + *bad);
    lanes_.clear();
    batch_.clear();
    align_.process(lanes_, batch_);
  }
  compensation_.process(words_, out);
}

/// Decodes and delivers what the aligner gave; the pair after which it has to search anew, if there is one.
std::optional<std::size_t> PhyReceive119::decode_batch() {
  outcomes_.resize(batch_.codewords.count);
  corrections_.clear();
  fec_.decode(batch_.codewords, outcomes_, &corrections_);
  const std::optional<std::size_t> bad = monitor_.process(outcomes_);
  const std::size_t codewords = bad ? 2 * (*bad + 1) : batch_.codewords.count;
  while (!corrections_.empty() && corrections_.back().codeword >= codewords) corrections_.pop_back();
  counter_.add(std::span(outcomes_).first(codewords), corrections_);
  pcs_.process(batch_, outcomes_, words_, bad);
  return bad;
}

void PhyReceive119::finish(signal::MiiWords& out) {
  words_.clear();
  pcs_.finish(words_);
  compensation_.process(words_, out);
}

PhyReceiveReport PhyReceive119::report() const {
  const pcs::Clause119AlignReport align = align_.report();
  const pcs::Clause119ReceiveReport pcs = pcs_.report();
  PhyReceiveReport report;
  report.align_status = align.align_status;
  report.alignments = align.alignments;
  report.losses = align.marker_losses + align.fec_restarts;
  report.restarts = align.fec_restarts;
  report.fec = counter_.report();
  for (const pcs::Clause119LaneReport& lane : align.lanes) {
    ReceivedLane received;
    received.locked = lane.locked;
    received.pcs_lane = lane.pcs_lane;
    received.skew_bits = lane.skew_bits;
    received.skew_ns = lane.skew_ns;
    received.marker_errors = lane.marker_errors;
    received.losses = lane.losses_of_lock;
    if (lane.pcs_lane >= 0) {
      received.fec_symbol_errors = report.fec->lane_symbol_errors[static_cast<std::size_t>(lane.pcs_lane)];
    }
    report.lanes.push_back(received);
  }
  report.hi_ser = pcs.hi_ser;
  report.hi_ser_events = pcs.hi_ser_events;
  report.degraded = pcs.fec_degraded_ser;
  report.degrade_events = pcs.fec_degraded_ser_events;
  report.received = {pcs.rx_local_degraded, pcs.rx_rm_degraded};
  report.error_blocks = pcs.blocks.error_blocks;
  report.local_fault_words = pcs.fault_words;
  add_compensation(compensation_.report(), report);
  report.host.lanes = line_.host_errors();
  return report;
}

}  // namespace lightlane::link

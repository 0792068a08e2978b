#include "lightlane/link/phy_clause91.hpp"

namespace lightlane::link {
namespace {

/// four_lane_pmd is a matter of 25G-class lanes: KR4 over four NRZ lanes (802.3 91.5.2.6).
pcs::Clause91TransmitConfig transmit_config(const Structure& structure) {
  return {*structure.fec(), structure.coding == Coding::clause91_kr4};
}

pcs::Clause91AlignConfig align_config(const Structure& structure) {
  pcs::Clause91AlignConfig config;
  config.code = *structure.fec();
  return config;
}

pcs::Clause91ReceiveConfig receive_config(const Scenario& scenario, const Structure& structure) {
  pcs::Clause91ReceiveConfig config;
  config.code = *structure.fec();
  // Between module and host only two header bits go on the wire: a module marks what the clause says and no more, or the
  // host would count every marked block towards hi_ber.
  config.mark_all_blocks = scenario.link.fec_placement == "host";
  config.bypass_indication = scenario.phy.error_indication_bypass;
  config.degrade = degrade_config(scenario);
  return config;
}

fec::LaneMap lane_map(const signal::FecCode& code) {
  fec::LaneMap map;
  for (unsigned symbol = 0; symbol < static_cast<unsigned>(code.n); ++symbol) {
    map.lane.push_back(static_cast<std::uint16_t>(pcs::clause91::lane_of_symbol(symbol)));
  }
  return map;
}

}  // namespace

FecTransmit91::FecTransmit91(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : transcode_(transmit_config(structure)),
      fec_(*structure.fec()),
      distribute_(*structure.fec()),
      line_(scenario, structure, host) {
  codewords_.code = *structure.fec();
}

void FecTransmit91::process(const signal::Blocks66& marked, signal::SymbolLanes& out) {
  codewords_.resize(0);
  transcode_.process(marked, codewords_);
  fec_.encode(codewords_);
  lanes_.clear();
  distribute_.process(codewords_, lanes_);
  line_.process(lanes_, out);
}

FecReceive91::FecReceive91(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : lane_bits_per_ns_(structure.lane_rate_gbps.value()),
      line_(scenario, structure, host),
      align_(align_config(structure)),
      fec_(*structure.fec()),
      counter_(*structure.fec(), lane_map(*structure.fec())),
      receive_(receive_config(scenario, structure)) {}

void FecReceive91::process(signal::SymbolLanes& in, signal::Blocks66& marked) {
  lanes_.clear();
  line_.process(in, lanes_);
  align_.process(lanes_, batch_);
  while (const auto bad = decode_batch(marked)) {
    align_.restart(*bad);
    lanes_.clear();
    align_.process(lanes_, batch_);
  }
}

/// Decodes and delivers what the aligner gave; the codeword after which it has to search anew, if there is one.
std::optional<std::uint64_t> FecReceive91::decode_batch(signal::Blocks66& marked) {
  outcomes_.resize(batch_.codewords.count);
  corrections_.clear();
  fec_.decode(batch_.codewords, outcomes_, &corrections_);
  const std::uint64_t before = receive_.report().codewords;
  const std::optional<std::uint64_t> bad = receive_.process(batch_, outcomes_, marked);
  const auto taken = static_cast<std::size_t>(receive_.report().codewords - before);
  while (!corrections_.empty() && corrections_.back().codeword >= taken) corrections_.pop_back();
  counter_.add(std::span(outcomes_).first(taken), corrections_);
  return bad;
}

void FecReceive91::add_to(PhyReceiveReport& report) const {
  const pcs::Clause91AlignReport align = align_.report();
  const pcs::Clause91ReceiveReport receive = receive_.report();
  report.align_status = align.align_status;
  report.alignments = align.alignments;
  report.losses = align.losses + align.restarts;
  report.restarts = align.restarts;
  report.fec = counter_.report();
  for (const auto& lane : align.lanes) {
    ReceivedLane received;
    received.locked = lane.marker_lock;
    received.pcs_lane = lane.fec_lane;
    received.skew_bits = lane.skew_bits;
    received.skew_ns = static_cast<double>(lane.skew_bits) / lane_bits_per_ns_;
    received.marker_errors = lane.bad_markers;
    received.losses = lane.losses;
    if (lane.fec_lane >= 0) {
      received.fec_symbol_errors = report.fec->lane_symbol_errors[static_cast<std::size_t>(lane.fec_lane)];
    }
    report.lanes.push_back(received);
  }
  report.hi_ser = receive.hi_ser;
  report.hi_ser_events = receive.hi_ser_events;
  report.degraded = receive.fec_degraded_ser;
  report.degrade_events = receive.fec_degraded_ser_events;
  report.host.lanes = line_.host_errors();
}

void PhyTransmit91::process(const signal::MiiWords& in, signal::SymbolLanes& out) {
  blocks_.clear();
  upper_.process(in, blocks_);
  fec_.process(blocks_, out);
}

void PhyReceive91::process(signal::SymbolLanes& in, signal::MiiWords& out) {
  blocks_.clear();
  fec_.process(in, blocks_);
  upper_.process(blocks_, out);
}

PhyReceiveReport PhyReceive91::report() const {
  PhyReceiveReport report;
  upper_.add_to(report);
  fec_.add_to(report);
  return report;
}

}  // namespace lightlane::link

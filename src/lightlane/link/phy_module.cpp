#include "lightlane/link/phy_module.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t pcs_lanes = pcs::clause82::lanes;
constexpr double pcs_lane_bits_per_ns = 5.15625;

pma::BitMuxConfig mux_config() {
  pma::BitMuxConfig config;
  config.lanes_in = pcs_lanes;
  config.lanes_out = caui4_lanes;
  return config;
}

pma::BitDemuxConfig demux_config() {
  pma::BitDemuxConfig config;
  config.lanes_in = caui4_lanes;
  config.lanes_out = pcs_lanes;
  return config;
}

}  // namespace

Caui4::Caui4(const Scenario& scenario, const HostLanes& lanes, HostEnd end)
    : mux_(mux_config()), host_(host_interface(scenario, lanes, end)), demux_(demux_config()) {}

void Caui4::process(const signal::Blocks66& in, signal::Blocks66& out) {
  lanes_.clear();
  distribute_.process(in, lanes_);
  muxed_.clear();
  mux_.process(lanes_, muxed_);
  if (muxed_.size() == 0) return;
  host_.process(muxed_);
  lanes_.clear();
  demux_.process(muxed_, lanes_);
  align_.process(lanes_, out);
}

HostReport Caui4::report() const {
  const pcs::Clause82AlignReport align = align_.report();
  return {host_.counts(), received_lanes(align, pcs_lane_bits_per_ns), align.align_status, align.alignments, align.losses};
}

void PhyTransmitModule::process(const signal::MiiWords& in, signal::SymbolLanes& out) {
  blocks_.clear();
  upper_.process(in, blocks_);
  in_module_.clear();
  caui_.process(blocks_, in_module_);
  fec_.process(in_module_, out);
}

PhyTransmitReport PhyTransmitModule::report() const {
  PhyTransmitReport report = transmit_report(upper_.report());
  report.host = caui_.report();
  return report;
}

void PhyReceiveModule::process(signal::SymbolLanes& in, signal::MiiWords& out) {
  in_module_.clear();
  fec_.process(in, in_module_);
  blocks_.clear();
  caui_.process(in_module_, blocks_);
  upper_.process(blocks_, out);
}

PhyReceiveReport PhyReceiveModule::report() const {
  PhyReceiveReport report;
  upper_.add_to(report);
  fec_.add_to(report);
  report.host = caui_.report();
  report.align_status = report.align_status && report.host.align_status;
  return report;
}

}  // namespace lightlane::link

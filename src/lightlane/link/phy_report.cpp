#include "lightlane/link/phy_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/fec/loss_model.hpp"
#include "lightlane/link/limits.hpp"
#include "lightlane/link/profile.hpp"

namespace lightlane::link {
namespace {

/// The interface as the loss model sees it, with the scenario's own lane order.
fec::LossStructure loss_structure_of(const Scenario& scenario, const Structure& structure) {
  fec::LossStructure loss = fec::loss_structure(structure.name);
  const std::vector<std::size_t> order = mux_order(scenario, structure);
  const std::size_t share = order.size() / loss.mux.size();
  for (std::size_t i = 0; i < order.size(); ++i) loss.mux[i / share][i % share] = static_cast<int>(order[i]);
  return loss;
}

fec::ErrorProcess process_of(const Scenario& scenario, const OpticalLink* light, std::size_t lane,
                             const pma::ExpectedErrors& expected) {
  if (light != nullptr) {
    const double continuation = light->lanes()[lane].statistical.burst_continuation;
    return continuation > 0 ? fec::burst_errors(expected.ser, continuation) : fec::independent_errors(expected.ser);
  }
  const Scenario::Errors& errors = scenario.errors;
  if (errors.model == "bursts") return fec::burst_errors(expected.ser, errors.burst_continuation);
  if (errors.model == "gilbert_elliott") {
    return fec::gilbert_elliott(errors.good_to_bad, errors.bad_to_good, errors.good_ser, errors.bad_ser);
  }
  return fec::independent_errors(expected.ser);
}

/// Where theory has no say.
std::string prediction_note(const Scenario& scenario, const Structure& structure, const OpticalLink* light) {
  if (structure.fec() == nullptr) return "no FEC, no prediction";
  if (scenario.errors.model == "list") return "errors from a list: no prediction";
  if (light && scenario.errors.model != "none") return "noise and an error model together: no prediction";
  if (scenario.phy.host_ber > 0) return "errors of the host lanes: no prediction";
  if (!scenario.events.empty()) return "events are not part of the prediction";
  return "";
}

void predict(const Scenario& scenario, const OpticalLink* light, const Street& street, PhyReport& report) {
  const Structure& structure = street.structure();
  report.prediction_note = prediction_note(scenario, structure, light);
  if (structure.fec() == nullptr || scenario.errors.model == "list" || (light && scenario.errors.model != "none")) return;
  if (scenario.phy.host_ber > 0) return;
  std::vector<fec::ErrorProcess> processes;
  double total = 0;
  for (std::size_t lane = 0; lane < report.lanes.size(); ++lane) {
    const pma::ExpectedErrors expected = expected_errors(scenario, structure, light, lane);
    processes.push_back(process_of(scenario, light, lane, expected));
    total += expected.ser;
  }
  FecResult& result = *report.fec;
  if (!(total > 1e-30)) {  // no run sees any
    report.frames.loss_ratio_predicted = result.codeword_error_ratio_predicted = result.post_fec_ber_predicted = 0;
    result.bins_predicted.assign(16, 0);
    result.bins_predicted[0] = 1;
    return;
  }
  fec::LossModelConfig config;
  config.structure = loss_structure_of(scenario, structure);
  config.code = *structure.fec();
  config.precoding = scenario.phy.precoding;
  config.skew_bits = scenario.phy.skew_bits;
  const fec::LossModel model(config);
  const fec::LossPoint point = model.at(processes);
  result.codeword_error_ratio_predicted = point.codeword_error_ratio;
  result.post_fec_ber_predicted = point.post_fec_ber;
  result.bins_predicted.assign(point.bins.begin(), point.bins.begin() + 16);
  std::vector<fec::LengthCount> lengths;
  for (const auto& [octets, count] : street.traffic().lengths()) {
    lengths.push_back({static_cast<double>(octets), static_cast<double>(count)});
  }
  if (!lengths.empty()) report.frames.loss_ratio_predicted = model.frame_loss_ratio(point, lengths);
}

LaneResult lane_result(const pma::LaneErrorCounts& counts, double bits_per_symbol, double expected) {
  LaneResult lane;
  lane.symbols = counts.symbols;
  lane.symbol_errors = counts.symbol_errors;
  lane.bits = static_cast<std::uint64_t>(static_cast<double>(counts.symbols) * bits_per_symbol);
  lane.bit_errors = counts.bit_errors;
  lane.ber = lane.bits == 0 ? 0 : static_cast<double>(lane.bit_errors) / static_cast<double>(lane.bits);
  lane.ber_interval = math::clopper_pearson(lane.bit_errors, lane.bits, report_confidence);
  lane.ber_expected = expected;
  return lane;
}

/// Frames that one bad codeword takes are lost together. Kish's effective number of independent losses is
/// (sum of c)^2 / (sum of c^2) over the numbers c of frames lost in a row; trials shrink alike, so the ratio
/// stays.
math::RateInterval loss_interval(const FrameLedger::Counts& counts) {
  if (counts.lost == 0) return math::clopper_pearson(0, counts.sent, report_confidence);
  const auto lost = static_cast<double>(counts.lost);
  const double events =
      std::max(1.0, std::floor(lost / static_cast<double>(counts.lost_in_a_row_squared) * lost));
  const double trials = events / lost * static_cast<double>(counts.sent);
  return math::clopper_pearson(static_cast<std::uint64_t>(events), static_cast<std::uint64_t>(trials),
                               report_confidence);
}

FramesResult frames_result(const Street& street) {
  const FrameLedger::Counts& counts = street.ledger().counts();
  const ethernet::MacReceiveReport mac = street.mac_receive();
  FramesResult frames;
  frames.sent = counts.sent;
  frames.delivered = counts.delivered;
  frames.lost = counts.lost;
  frames.wrong = counts.wrong;
  frames.damaged = mac.frames_lost_here();
  frames.fcs_errors = mac.fcs_errors;
  frames.inhibited = street.mac_transmit().frames_inhibited;
  frames.late = street.mac_transmit().late_frames;
  frames.cut = street.traffic().report().cut_frames;
  if (frames.sent > 0) frames.loss_ratio = static_cast<double>(frames.lost) / static_cast<double>(frames.sent);
  frames.loss_ratio_interval = loss_interval(counts);
  return frames;
}

}  // namespace

std::string PhyReport::title() const {
  const std::string name = scenario.link.structure == "auto" ? scenario.link.pmd : structure;
  return light ? fmt::format("{}, {:g} m", name, scenario.plant.length_m) : name;
}

PhyReport collect(const Scenario& scenario, const OpticalLink* light, const Street& street, double wall_s,
                  bool interrupted) {
  const Structure& structure = street.structure();
  PhyReport report;
  report.scenario = scenario;
  report.structure = structure.name;
  report.traffic = street.traffic().report().source;
  report.frames = frames_result(street);
  report.transmit = street.phy_transmit();
  report.receive = street.phy_receive();
  report.mac_receive = street.mac_receive();
  report.lost = street.ledger().lost();
  report.traffic_start_word = street.traffic_start_word();
  report.interrupted = interrupted;

  const double bits_per_symbol = static_cast<double>(structure.modulation);
  // CAUI-4 to a FEC in the module is NRZ; else host lanes are modulated as the line is.
  const double bits_per_host_symbol = scenario.link.fec_placement == "module" ? 1 : bits_per_symbol;
  double bits = 0;
  const pma::SymbolErrorsReport errors = street.errors();
  for (std::size_t lane = 0; lane < errors.lanes.size(); ++lane) {
    const double expected = expected_errors(scenario, structure, light, lane).ber;
    report.lanes.push_back(lane_result(errors.lanes[lane], bits_per_symbol, expected));
    bits += static_cast<double>(report.lanes.back().bits);
  }
  for (const auto& counts : report.transmit.host.lanes) {
    report.sender_host_lanes.push_back(lane_result(counts, bits_per_host_symbol, scenario.phy.host_ber));
  }
  for (const auto& counts : report.receive.host.lanes) {
    report.receiver_host_lanes.push_back(lane_result(counts, bits_per_host_symbol, scenario.phy.host_ber));
  }
  if (report.receive.fec) {
    report.fec.emplace();
    report.fec->counters = *report.receive.fec;
    const auto failed = report.fec->counters.uncorrectable_codewords, all = report.fec->counters.codewords;
    report.fec->codeword_error_ratio = all == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(all);
    report.fec->codeword_error_ratio_interval = math::clopper_pearson(failed, all, report_confidence);
  }
  if (light != nullptr) {
    report.light = optical_report(scenario, structure, *light, true);
    const Devices devices = devices_of(scenario);
    for (std::size_t lane = 0; lane < report.lanes.size(); ++lane) {
      report.light->limits.push_back(ber_limit(devices, static_cast<int>(lane), report.lanes[lane].ber));
    }
  }
  predict(scenario, light, street, report);
  const std::uint64_t deaf = report.receive.hi_ber_events + report.receive.hi_ser_events + report.receive.restarts;
  if (report.frames.loss_ratio_predicted && deaf > 0) {
    if (!report.prediction_note.empty()) report.prediction_note += "; ";
    report.prediction_note += "hi_ber, hi_ser or a restart made the receiver deaf for a while, which no prediction counts";
  }

  report.time.simulated_us = street.time_us(street.words_sent());
  report.time.warmup_us = street.time_us(street.traffic_start_word());
  report.time.wall_s = wall_s;
  report.time.simulated_gbps = wall_s > 0 ? bits / wall_s * 1e-9 : 0;
  return report;
}

}  // namespace lightlane::link

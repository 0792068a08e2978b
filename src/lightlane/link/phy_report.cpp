#include "lightlane/link/phy_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/fec/loss_model.hpp"
#include "lightlane/link/host_prediction.hpp"
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

/// Time that a codeword, or a pair of interleaved ones, takes on the line.
double codeword_us(const Structure& structure, const fec::LossModelConfig& config) {
  const double bits = static_cast<double>(config.code.n) * config.structure.fec_symbol_bits * config.structure.codewords;
  return bits / (structure.lane_rate_gbps.value() * structure.pcs_lanes) * 1e-3;
}

/// Turns of the fastest reflection's phase within a codeword: below, phases count as at rest there, above as averaged.
constexpr double slow_turns = 0.5, unclear_turns = 0.1;

double turns_of(const Scenario& scenario, const Structure& structure, const fec::LossModelConfig& config) {
  return scenario.plant.mpi_phase_rate_mhz * codeword_us(structure, config);
}

/// Enough to be spoken of.
bool hears_phases(const OpticalReport& light) {
  return std::any_of(light.lanes.begin(), light.lanes.end(),
                     [](const OpticalLaneReport& lane) { return lane.phases && lane.phases->ber_p99 > 1.1 * lane.phases->ber_median; });
}

fec::ErrorProcess process_with_light(double ser, double continuation) {
  return continuation > 0 ? fec::burst_errors(ser, continuation) : fec::independent_errors(ser);
}

/// A lane at each of its reflections' phases, where these are slow.
fec::ProcessMixture mixture_with_light(const OpticalLane& lane, const OpticalLaneReport& report, bool slow, double ser) {
  const double continuation = lane.statistical.burst_continuation;
  if (!slow || !report.phases || !report.phases->audible) return {{process_with_light(ser, continuation)}, {1.0}};
  fec::ProcessMixture mixture;
  for (const double s : report.phases->ser) mixture.processes.push_back(process_with_light(s, continuation));
  mixture.weights = report.phases->weight;
  return mixture;
}

fec::ErrorProcess process_without_light(const Scenario& scenario, const pma::ExpectedErrors& expected) {
  const Scenario::Errors& errors = scenario.errors;
  if (errors.model == "bursts") return fec::burst_errors(expected.ser, errors.burst_continuation);
  if (errors.model == "gilbert_elliott") {
    return fec::gilbert_elliott(errors.good_to_bad, errors.bad_to_good, errors.good_ser, errors.bad_ser);
  }
  return fec::independent_errors(expected.ser);
}

/// Where theory has no say.
std::string no_prediction(const Scenario& scenario, const Structure& structure, const OpticalLink* light) {
  if (structure.fec() == nullptr) return "no FEC, no prediction";
  if (scenario.errors.model == "list") return "errors from a list: no prediction";
  if (light && scenario.errors.model != "none") return "noise and an error model together: no prediction";
  return "";
}

void add_note(PhyReport& report, const std::string& note) {
  report.prediction_note += (report.prediction_note.empty() ? "" : "; ") + note;
}

/// The error processes of the line lanes, errors of the host lanes among them.
struct Processes {
  std::vector<fec::ProcessMixture> lanes;
  double line = 0, host = 0;  ///< errors per symbol, sums of the lanes
};

Processes processes_of(const Scenario& scenario, const Structure& structure, const OpticalLink* light, bool slow_phases,
                       const PhyReport& report) {
  Processes all;
  const std::vector<double> more = host_errors_per_line_symbol(scenario, structure, report.host);
  for (std::size_t lane = 0; lane < more.size(); ++lane) {
    const pma::ExpectedErrors expected = expected_errors(scenario, structure, light, lane);
    if (light != nullptr) {
      all.lanes.push_back(mixture_with_light(light->lanes()[lane], report.light->lanes[lane], slow_phases, expected.ser));
    } else {
      all.lanes.push_back({{process_without_light(scenario, expected)}, {1.0}});
    }
    // Precoding doubles line errors alone: there host errors are left out, or forbid a prediction.
    for (fec::ErrorProcess& process : all.lanes.back().processes) {
      if (!scenario.phy.precoding) process = with_more_errors(std::move(process), more[lane]);
    }
    all.line += expected.ser;
    all.host += more[lane];
  }
  return all;
}

/// False where they forbid a prediction.
bool take_host_errors(const Scenario& scenario, const Processes& processes, PhyReport& report) {
  if (processes.host == 0) return true;
  if (!scenario.phy.precoding) {
    add_note(report, "errors of the host lanes are predicted as independent wrong bits of the line lanes");
    return true;
  }
  const bool few = processes.host < 0.01 * processes.line;
  add_note(report, few ? "errors of the host lanes, less than 1 % of the line's, are no part of the prediction"
                       : "errors of the host lanes beside precoded ones of the line: no prediction");
  return few;
}

fec::LossModelConfig loss_config(const Scenario& scenario, const Structure& structure, const Processes& processes) {
  fec::LossModelConfig config;
  config.structure = loss_structure_of(scenario, structure);
  config.code = *structure.fec();
  config.precoding = scenario.phy.precoding;
  config.skew_bits = scenario.phy.skew_bits;
  if (processes.host > 0 && !config.precoding && structure.modulation == signal::Modulation::pam4) {
    config.first_bit_share = first_bit_share(processes.line, processes.host, structure.host_lanes == structure.line_lanes);
  }
  return config;
}

void note_phases(double turns, PhyReport& report) {
  if (turns < slow_turns) add_note(report, "phases of reflections rest within a codeword: what FEC leaves is predicted at each of them, then averaged");
  if (turns > unclear_turns && turns < 1 / unclear_turns) {
    add_note(report, fmt::format("phases of reflections turn by up to {:.2g} turns within a codeword: the truth lies between phases at "
                                 "rest and their average",
                                 turns));
  }
}

/// Codewords, and frames that they take with them.
void predict_fec(const fec::LossModelConfig& config, const Processes& processes, std::span<const fec::LengthCount> lengths,
                 PhyReport& report) {
  FecResult& result = *report.fec;
  if (!(processes.line + processes.host > 1e-30)) {  // no run sees any
    report.frames.loss_ratio_predicted = result.codeword_error_ratio_predicted = result.post_fec_ber_predicted = 0;
    result.bins_predicted.assign(16, 0);
    result.bins_predicted[0] = 1;
    return;
  }
  const fec::LossModel model(config);
  const fec::LossPoint point = model.at(processes.lanes);
  result.codeword_error_ratio_predicted = point.codeword_error_ratio;
  result.post_fec_ber_predicted = point.post_fec_ber;
  result.bins_predicted.assign(point.bins.begin(), point.bins.begin() + 16);
  if (!lengths.empty()) report.frames.loss_ratio_predicted = model.frame_loss_ratio(point, lengths);
}

void predict(const Scenario& scenario, const OpticalLink* light, const Street& street, PhyReport& report) {
  const Structure& structure = street.structure();
  report.prediction_note = no_prediction(scenario, structure, light);
  if (!report.prediction_note.empty()) return;
  const fec::LossModelConfig plain = loss_config(scenario, structure, {});
  const double turns = light != nullptr ? turns_of(scenario, structure, plain) : 0;
  const Processes processes = processes_of(scenario, structure, light, turns < slow_turns, report);
  if (!take_host_errors(scenario, processes, report)) return;
  if (light != nullptr && hears_phases(*report.light)) note_phases(turns, report);
  if (!scenario.events.empty()) add_note(report, "events are not part of the prediction");
  std::vector<fec::LengthCount> lengths;
  for (const auto& [octets, count] : street.traffic().lengths()) {
    lengths.push_back({static_cast<double>(octets), static_cast<double>(count)});
  }
  predict_fec(loss_config(scenario, structure, processes), processes, lengths, report);
  std::optional<double>& lost = report.frames.loss_ratio_predicted;
  const double unprotected = scenario.link.fec_placement == "module" ? unprotected_frame_loss(report.host, lengths) : 0;
  if (!lost || unprotected == 0) return;
  lost = *lost + unprotected - *lost * unprotected;
  add_note(report, "nothing corrects errors of the host lanes: they take every frame that they hit");
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

/// One end's host lanes.
std::vector<LaneResult> host_results(const HostLanes& host, HostEnd end, const std::vector<pma::LaneErrorCounts>& counted,
                                     const Structure& structure, std::uint64_t line_symbols) {
  const HostSide& side = host.at(end);
  pma::LaneErrorCounts passed;
  const Rational per_line_symbol = host.symbol_rate_gbd / structure.symbol_rate_gbd();
  passed.symbols = static_cast<std::uint64_t>(per_line_symbol.floor_times(static_cast<std::int64_t>(line_symbols)));
  std::vector<LaneResult> lanes;
  for (std::size_t lane = 0; lane < side.lanes.size(); ++lane) {
    lanes.push_back(lane_result(side.simulated ? counted[lane] : passed, static_cast<double>(host.modulation), side.lanes[lane].ber));
  }
  return lanes;
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
  double bits = 0;
  const pma::SymbolErrorsReport errors = street.errors();
  for (std::size_t lane = 0; lane < errors.lanes.size(); ++lane) {
    const double expected = expected_errors(scenario, structure, light, lane).ber;
    report.lanes.push_back(lane_result(errors.lanes[lane], bits_per_symbol, expected));
    bits += static_cast<double>(report.lanes.back().bits);
  }
  report.host = street.host();
  const std::uint64_t line_symbols = errors.lanes.empty() ? 0 : errors.lanes[0].symbols;
  report.sender_host_lanes = host_results(report.host, HostEnd::sender, report.transmit.host.lanes, structure, line_symbols);
  report.receiver_host_lanes = host_results(report.host, HostEnd::receiver, report.receive.host.lanes, structure, line_symbols);
  if (report.receive.fec) {
    report.fec.emplace();
    report.fec->counters = *report.receive.fec;
    const auto failed = report.fec->counters.uncorrectable_codewords, all = report.fec->counters.codewords;
    report.fec->codeword_error_ratio = all == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(all);
    report.fec->codeword_error_ratio_interval = math::clopper_pearson(failed, all, report_confidence);
  }
  if (light != nullptr) {
    report.light = optical_report(scenario, structure, *light, scenario.run.measure);
    const Devices devices = devices_of(scenario);
    for (std::size_t lane = 0; lane < report.lanes.size(); ++lane) {
      report.light->limits.push_back(ber_limit(devices, static_cast<int>(lane), report.lanes[lane].ber));
    }
  }
  predict(scenario, light, street, report);
  const std::uint64_t deaf = report.receive.hi_ber_events + report.receive.hi_ser_events + report.receive.restarts;
  if (report.frames.loss_ratio_predicted && deaf > 0) {
    add_note(report, "hi_ber, hi_ser or a restart made the receiver deaf for a while, which no prediction counts");
  }

  report.time.simulated_us = street.time_us(street.words_sent());
  report.time.warmup_us = street.time_us(street.traffic_start_word());
  report.time.wall_s = wall_s;
  report.time.simulated_gbps = wall_s > 0 ? bits / wall_s * 1e-9 : 0;
  return report;
}

}  // namespace lightlane::link

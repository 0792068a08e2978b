#include "lightlane/link/line.hpp"

#include <algorithm>

#include "lightlane/link/error_list.hpp"

namespace lightlane::link {
namespace {

std::size_t as_size(int n) { return static_cast<std::size_t>(n); }

/// Index of the bit or symbol that is on a lane of `rate` per nanosecond at a time.
std::uint64_t index_at(double time_us, Rational rate_per_ns) {
  // Times are given in decimal microseconds: 1 ps is fine enough, and exact from there on.
  return static_cast<std::uint64_t>((rate_per_ns / Rational(1000)).floor_times(static_cast<std::int64_t>(time_us * 1e6)));
}

/// The host lanes of a FEC in the host have errors of their own; those of a FEC in the module are not here.
bool in_two_steps(const Scenario& scenario, const HostLanes& host, HostEnd end) {
  return host.at(end).simulated && scenario.link.fec_placement == "host";
}

/// Lane at each position of a multiplexer that does both steps at once.
std::vector<std::size_t> both_steps(const Structure& structure) {
  std::vector<std::size_t> stages;
  if (structure.host_lanes < structure.pcs_lanes) stages.push_back(as_size(structure.host_lanes));
  if (structure.line_lanes < structure.host_lanes || stages.empty()) stages.push_back(as_size(structure.line_lanes));
  return pma::composed_order(as_size(structure.pcs_lanes), stages);
}

/// The multiplexer that takes the PCS lanes: the only one, or the first of two.
pma::BitMuxConfig mux_config(const Scenario& scenario, const Structure& structure, bool first_step) {
  pma::BitMuxConfig config;
  config.lanes_in = as_size(structure.pcs_lanes);
  config.lanes_out = as_size(first_step ? structure.host_lanes : structure.line_lanes);
  if (first_step) {
    config.order.assign(scenario.phy.lane_order.begin(), scenario.phy.lane_order.end());
  } else {
    config.order = mux_order(scenario, structure);
  }
  config.skew_bits.assign(scenario.phy.skew_bits.begin(), scenario.phy.skew_bits.end());
  for (const Event& event : scenario.events) {
    if (event.kind != "bit_slip" && event.kind != "skew_step") continue;
    const std::int64_t bits = event.kind == "bit_slip" ? (event.bits < 0 ? -1 : 1) : event.bits;
    if (bits == 0) continue;
    config.steps.push_back({static_cast<std::size_t>(event.lane), index_at(event.time_us, structure.lane_rate_gbps), bits});
  }
  return config;
}

pma::BitMuxConfig second_mux(const Structure& structure) {
  pma::BitMuxConfig config;
  config.lanes_in = as_size(structure.host_lanes);
  config.lanes_out = as_size(structure.line_lanes);
  return config;
}

pma::GrayConfig gray_config(const Scenario& scenario, const Structure& structure) {
  pma::GrayConfig config;
  config.lanes = as_size(structure.line_lanes);
  config.modulation = structure.modulation;
  if (scenario.phy.precoding) config.precoding.assign(config.lanes, true);
  return config;
}

pma::BitDemuxConfig demux_config(int lanes_in, int lanes_out) {
  pma::BitDemuxConfig config;
  config.lanes_in = as_size(lanes_in);
  config.lanes_out = as_size(lanes_out);
  return config;
}

/// The second of two demultiplexers, with every lane where the one of a single step puts it.
pma::BitDemuxConfig second_demux(const Structure& structure) {
  pma::BitDemuxConfig config = demux_config(structure.host_lanes, structure.pcs_lanes);
  const std::vector<std::size_t> order = both_steps(structure);
  config.order.resize(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) config.order[order[i]] = i;
  return config;
}

/// A lane's light as the statistical engine sees it; none where errors are rarer than any run can show.
std::optional<pma::ErrorModel> light_model(const OpticalLane& lane) {
  if (lane.los) return pma::LaneCut{0, UINT64_MAX, pma::LaneCut::Decides::noise};
  const StatisticalResult& result = lane.statistical;
  if (!(result.ser > 1e-30)) return std::nullopt;
  if (result.burst_continuation > 0) return pma::BurstErrors{result.ser, 0, result.burst_continuation};
  return pma::ThresholdErrors{result.crossing};
}

std::vector<pma::ErrorModel> steady_models(const Scenario& scenario, const OpticalLink* light, std::size_t lane) {
  const Scenario::Errors& errors = scenario.errors;
  const double ber = errors.lane_ber.empty() ? errors.ber : errors.lane_ber[lane];
  std::vector<pma::ErrorModel> models;
  if (light != nullptr) {
    if (const auto model = light_model(light->lanes()[lane])) models.push_back(*model);
  }
  if (errors.model == "symbols" && ber > 0) models.push_back(pma::IndependentErrors{0, ber});
  if (errors.model == "bursts" && ber > 0) models.push_back(pma::BurstErrors{0, ber, errors.burst_continuation});
  if (errors.model == "awgn") models.push_back(pma::AwgnErrors{errors.snr_db});
  if (errors.model == "gilbert_elliott") {
    models.push_back(pma::GilbertElliottErrors{errors.good_to_bad, errors.bad_to_good, errors.good_ser, errors.bad_ser});
  }
  return models;
}

}  // namespace

std::vector<std::size_t> mux_order(const Scenario& scenario, const Structure& structure) {
  std::vector<std::size_t> order = both_steps(structure);
  if (!scenario.phy.lane_order.empty()) {
    for (std::size_t& lane : order) lane = static_cast<std::size_t>(scenario.phy.lane_order[lane]);
  }
  return order;
}

LineTransmit::LineTransmit(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : mux_(in_two_steps(scenario, host, HostEnd::sender) ? second_mux(structure) : mux_config(scenario, structure, false)),
      gray_(gray_config(scenario, structure)) {
  if (!in_two_steps(scenario, host, HostEnd::sender)) return;
  host_.emplace(Host{pma::BitMux(mux_config(scenario, structure, true)),
                     HostInterface(host_interface(scenario, host, HostEnd::sender)), signal::BitLanes()});
}

void LineTransmit::process(const signal::BitLanes& in, signal::SymbolLanes& out) {
  muxed_.clear();
  if (host_) {
    host_->bits = signal::BitLanes();
    host_->mux.process(in, host_->bits);
    if (host_->bits.size() == 0) return;
    host_->lanes.process(host_->bits);
    mux_.process(host_->bits, muxed_);
  } else {
    mux_.process(in, muxed_);
  }
  gray_.process(muxed_, out);
}

std::vector<pma::LaneErrorCounts> LineTransmit::host_errors() const {
  return host_ ? host_->lanes.counts() : std::vector<pma::LaneErrorCounts>();
}

void LineTransmit::finish(signal::SymbolLanes& out) {
  muxed_.clear();
  mux_.finish(muxed_);
  if (muxed_.size() > 0) gray_.process(muxed_, out);
  gray_.finish(out);
}

LineReceive::LineReceive(const Scenario& scenario, const Structure& structure, const HostLanes& host)
    : order_(scenario.phy.line_order.begin(), scenario.phy.line_order.end()),
      gray_(gray_config(scenario, structure)),
      demux_(demux_config(structure.line_lanes, in_two_steps(scenario, host, HostEnd::receiver) ? structure.host_lanes
                                                                                                : structure.pcs_lanes)) {
  if (!in_two_steps(scenario, host, HostEnd::receiver)) return;
  host_.emplace(Host{HostInterface(host_interface(scenario, host, HostEnd::receiver)),
                     pma::BitDemux(second_demux(structure)), signal::BitLanes()});
}

void LineReceive::process(signal::SymbolLanes& in, signal::BitLanes& out) {
  if (!order_.empty()) in = pma::permute(std::move(in), order_, "phy.line_order");
  bits_.clear();
  gray_.process(in, bits_);
  if (!host_) {
    demux_.process(bits_, out);
    return;
  }
  host_->bits = signal::BitLanes();
  demux_.process(bits_, host_->bits);
  host_->lanes.process(host_->bits);
  host_->demux.process(host_->bits, out);
}

std::vector<pma::LaneErrorCounts> LineReceive::host_errors() const {
  return host_ ? host_->lanes.counts() : std::vector<pma::LaneErrorCounts>();
}

void LineReceive::finish(signal::BitLanes& out) { demux_.finish(out); }

pma::SymbolErrorsConfig symbol_errors(const Scenario& scenario, const Structure& structure, const OpticalLink* light) {
  pma::SymbolErrorsConfig config;
  config.seed = static_cast<std::uint64_t>(scenario.run.seed);
  config.modulation = structure.modulation;
  config.first_lane = first_line_lane(scenario);
  const Rational symbol_rate = structure.symbol_rate_gbd();
  const int levels = structure.modulation == signal::Modulation::pam4 ? 4 : 2;
  std::vector<std::vector<pma::ListedError>> listed(as_size(structure.line_lanes));
  if (scenario.errors.model == "list") listed = read_error_list(scenario.errors.list, structure.line_lanes, levels);
  for (const Event& event : scenario.events) {
    if (event.kind != "errors") continue;
    const std::uint64_t first = index_at(event.time_us, symbol_rate);
    for (std::int64_t i = 0; i < event.count; ++i) {
      listed[static_cast<std::size_t>(event.lane)].push_back({first + static_cast<std::uint64_t>(i)});
    }
  }
  for (std::size_t lane = 0; lane < as_size(structure.line_lanes); ++lane) {
    const bool draw_light = light != nullptr && scenario.link.engine == "statistical";
    std::vector<pma::ErrorModel> models = steady_models(scenario, draw_light ? light : nullptr, lane);
    if (!listed[lane].empty()) models.push_back(pma::ListedErrors{std::move(listed[lane])});
    for (const Event& event : scenario.events) {
      if (event.kind != "cut" || static_cast<std::size_t>(event.lane) != lane) continue;
      pma::LaneCut cut;
      // A receiver without light turns its gain up and decides noise; a line of zeros would be valid RS codewords.
      cut.decides = pma::LaneCut::Decides::noise;
      cut.from = index_at(event.time_us, symbol_rate);
      if (event.duration_us > 0) cut.to = index_at(event.time_us + event.duration_us, symbol_rate);
      models.push_back(cut);
    }
    config.lanes.push_back(std::move(models));
  }
  return config;
}

namespace {

/// Ratios too small to be drawn as well; a dark lane decides noise.
pma::ExpectedErrors expected_of_light(const OpticalLane& lane, signal::Modulation modulation) {
  pma::ExpectedErrors errors;
  const double levels = modulation == signal::Modulation::pam4 ? 4 : 2;
  errors.ser = lane.los ? 1 - 1 / levels : lane.statistical.ser;
  errors.ber = lane.los ? 0.5 : lane.statistical.ber;
  return errors;
}

}  // namespace

pma::ExpectedErrors expected_errors(const Scenario& scenario, const Structure& structure,
                                    const OpticalLink* light, std::size_t lane) {
  pma::ExpectedErrors sum;
  if (light != nullptr) sum = expected_of_light(light->lanes()[lane], structure.modulation);
  for (const pma::ErrorModel& model : steady_models(scenario, nullptr, lane)) {
    const pma::ExpectedErrors one = pma::expected_errors(model, structure.modulation);
    sum.ser += one.ser;
    sum.ber += one.ber;
    sum.second_bit_share = one.second_bit_share;
  }
  sum.ser = std::min(sum.ser, 1.0);
  sum.ber = std::min(sum.ber, 0.5);
  return sum;
}

}  // namespace lightlane::link

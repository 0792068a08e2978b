#include "lightlane/link/line.hpp"

#include <algorithm>

#include "lightlane/link/error_list.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

std::size_t as_size(int n) { return static_cast<std::size_t>(n); }

/// Index of the bit or symbol that is on a lane of `rate` per nanosecond at a time.
std::uint64_t index_at(double time_us, Rational rate_per_ns) {
  // Times are given in decimal microseconds: 1 ps is fine enough, and exact from there on.
  return static_cast<std::uint64_t>((rate_per_ns / Rational(1000)).floor_times(static_cast<std::int64_t>(time_us * 1e6)));
}

pma::BitMuxConfig mux_config(const Scenario& scenario, const Structure& structure) {
  pma::BitMuxConfig config;
  config.lanes_in = as_size(structure.pcs_lanes);
  config.lanes_out = as_size(structure.line_lanes);
  config.order = mux_order(scenario, structure);
  config.skew_bits.assign(scenario.phy.skew_bits.begin(), scenario.phy.skew_bits.end());
  for (const Event& event : scenario.events) {
    if (event.kind != "bit_slip" && event.kind != "skew_step") continue;
    const std::int64_t bits = event.kind == "bit_slip" ? (event.bits < 0 ? -1 : 1) : event.bits;
    if (bits == 0) continue;
    config.steps.push_back({static_cast<std::size_t>(event.lane), index_at(event.time_us, structure.lane_rate_gbps), bits});
  }
  return config;
}

pma::GrayConfig gray_config(const Scenario& scenario, const Structure& structure) {
  pma::GrayConfig config;
  config.lanes = as_size(structure.line_lanes);
  config.modulation = structure.modulation;
  if (scenario.phy.precoding) config.precoding.assign(config.lanes, true);
  return config;
}

pma::BitDemuxConfig demux_config(const Structure& structure) {
  pma::BitDemuxConfig config;
  config.lanes_in = as_size(structure.line_lanes);
  config.lanes_out = as_size(structure.pcs_lanes);
  return config;
}

/// Signal-to-noise ratio as AwgnErrors means it, from half the level spacing over sigma.
double awgn_snr_db(double q, signal::Modulation modulation) {
  const double power = modulation == signal::Modulation::pam4 ? 5.0 : 1.0;  // in half spacings squared
  return 10 * math::log(power * q * q) / math::log(10);
}

std::vector<pma::ErrorModel> steady_models(const Scenario& scenario, const Structure& structure,
                                           const std::optional<ThinLight>& light, std::size_t lane) {
  const Scenario::Errors& errors = scenario.errors;
  const double ber = errors.lane_ber.empty() ? errors.ber : errors.lane_ber[lane];
  std::vector<pma::ErrorModel> models;
  if (light) {
    // Below 1e-30 no run is long enough to see one, and the noise is beyond what the model takes.
    if (light->ber > 1e-30) models.push_back(pma::AwgnErrors{awgn_snr_db(light->q, structure.modulation)});
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
  std::vector<std::size_t> stages;
  if (structure.host_lanes < structure.pcs_lanes) stages.push_back(as_size(structure.host_lanes));
  if (structure.line_lanes < structure.host_lanes || stages.empty()) stages.push_back(as_size(structure.line_lanes));
  std::vector<std::size_t> order = pma::composed_order(as_size(structure.pcs_lanes), stages);
  if (!scenario.phy.lane_order.empty()) {
    for (std::size_t& lane : order) lane = static_cast<std::size_t>(scenario.phy.lane_order[lane]);
  }
  return order;
}

LineTransmit::LineTransmit(const Scenario& scenario, const Structure& structure)
    : mux_(mux_config(scenario, structure)), gray_(gray_config(scenario, structure)) {}

void LineTransmit::process(const signal::BitLanes& in, signal::SymbolLanes& out) {
  muxed_ = signal::BitLanes();
  mux_.process(in, muxed_);
  gray_.process(muxed_, out);
}

void LineTransmit::finish(signal::SymbolLanes& out) {
  muxed_ = signal::BitLanes();
  mux_.finish(muxed_);
  if (muxed_.size() > 0) gray_.process(muxed_, out);
  gray_.finish(out);
}

LineReceive::LineReceive(const Scenario& scenario, const Structure& structure)
    : order_(scenario.phy.line_order.begin(), scenario.phy.line_order.end()),
      gray_(gray_config(scenario, structure)),
      demux_(demux_config(structure)) {}

void LineReceive::process(signal::SymbolLanes& in, signal::BitLanes& out) {
  if (!order_.empty()) in = pma::permute(std::move(in), order_, "phy.line_order");
  bits_ = signal::BitLanes();
  gray_.process(in, bits_);
  demux_.process(bits_, out);
}

void LineReceive::finish(signal::BitLanes& out) { demux_.finish(out); }

pma::SymbolErrorsConfig symbol_errors(const Scenario& scenario, const Structure& structure,
                                      const std::optional<ThinLight>& light) {
  pma::SymbolErrorsConfig config;
  config.seed = static_cast<std::uint64_t>(scenario.run.seed);
  config.modulation = structure.modulation;
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
    std::vector<pma::ErrorModel> models = steady_models(scenario, structure, light, lane);
    if (!listed[lane].empty()) models.push_back(pma::ListedErrors{std::move(listed[lane])});
    for (const Event& event : scenario.events) {
      if (event.kind != "cut" || static_cast<std::size_t>(event.lane) != lane) continue;
      pma::LaneCut cut;
      cut.from = index_at(event.time_us, symbol_rate);
      if (event.duration_us > 0) cut.to = index_at(event.time_us + event.duration_us, symbol_rate);
      models.push_back(cut);
    }
    config.lanes.push_back(std::move(models));
  }
  return config;
}

pma::ExpectedErrors expected_errors(const Scenario& scenario, const Structure& structure,
                                    const std::optional<ThinLight>& light, std::size_t lane) {
  pma::ExpectedErrors sum;
  for (const pma::ErrorModel& model : steady_models(scenario, structure, light, lane)) {
    const pma::ExpectedErrors one = pma::expected_errors(model, structure.modulation);
    sum.ser += one.ser;
    sum.ber += one.ber;
    sum.second_bit_share = one.second_bit_share;
  }
  return sum;
}

}  // namespace lightlane::link

#include "lightlane/link/optical_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/parallel.hpp"
#include "lightlane/link/breaks_first.hpp"
#include "lightlane/link/lane_extraction.hpp"
#include "lightlane/link/latency.hpp"
#include "lightlane/link/limit_corner.hpp"
#include "lightlane/link/limits.hpp"
#include "lightlane/link/profile.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr std::size_t curve_points = 17;

OpticalLaneReport lane_report(const OpticalLane& lane, const OpticalLink& link, double target_ber, bool curve) {
  OpticalLaneReport r;
  r.wavelength_nm = lane.setup.wavelength_nm;
  r.transmitter = lane.chain->transmitter().report();
  r.plant = lane.chain->plant().report();
  r.cabling = lane.setup.plant;
  r.added_attenuation_db = lane.setup.plant.added_attenuation_db - link.stress_db();
  r.rx_power_dbm = lane.rx_power_dbm;
  r.rx_oma_dbm = lane.rx_oma_dbm;
  r.los = lane.los;
  r.overload = lane.overload;
  r.phase_ui = lane.phase_ui;
  r.training = lane.training;
  r.snr_db = lane.statistical.snr_db;
  r.ber_expected = lane.los ? 0.5 : lane.statistical.ber;
  r.margin_db = r.sensitivity_oma_dbm = -INFINITY;
  if (lane.los) return r;
  r.phases = over_phases(lane.model, lane.equalizer, 0, lane.statistical);
  const std::vector<float>& ffe = lane.equalizer.ffe;
  const float main = *std::max_element(ffe.begin(), ffe.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
  for (const float tap : ffe) r.ffe.push_back(tap / main);
  r.ffe_before = lane.equalizer.ffe_before;
  if (lane.limit) {
    r.limit = limit_margin(*lane.chain, lane.model, *lane.limit);
    r.margin_db = r.limit->margin_db;
  } else {
    r.margin_db = attenuation_for_ber(lane.model, lane.setup.dsp, target_ber);
  }
  r.sensitivity_oma_dbm = r.rx_oma_dbm - r.margin_db;
  if (!curve || lane.limit || !std::isfinite(r.margin_db)) return r;
  for (std::size_t i = 0; i < curve_points; ++i) {
    const double attenuation = r.margin_db + 2 - 4.0 * static_cast<double>(i) / (curve_points - 1);
    r.ber_curve.push_back({r.rx_oma_dbm - attenuation, evaluate(lane.model, lane.setup.dsp, attenuation).ber});
  }
  return r;
}

/// Lanes whose transmitters cannot be told apart are measured once.
bool same_transmitter(const LaneSetup& a, const LaneSetup& b, const Scenario& scenario) {
  return scenario.tx.spread == 0 && a.wavelength_nm == b.wavelength_nm && a.tx.oma_outer_dbm == b.tx.oma_outer_dbm;
}

/// OMA that the receiver needs from this transmitter, without plant between them.
double receiver_sensitivity(const OpticalLane& lane, double target_ber, std::uint64_t seed) {
  const LaneSetup setup = back_to_back(lane.setup, lane.chain->plant().report().loss_db);
  const LaneChain chain(setup, seed);
  const LaneModel model = extract(chain, recovered_phase(chain, seed), {}, 0, 0);
  return lane.rx_oma_dbm - attenuation_for_ber(model, setup.dsp, target_ber);
}

void measure_all(const Scenario& scenario, const OpticalLink& link, const catalog::Pmd& pmd, OpticalReport& report) {
  std::vector<std::size_t> like(link.lanes().size());
  for (std::size_t l = 0; l < like.size(); ++l) {
    like[l] = l;
    for (std::size_t k = 0; k < l && like[l] == l; ++k) {
      if (same_transmitter(link.lanes()[k].setup, link.lanes()[l].setup, scenario)) like[l] = like[k];
    }
  }
  parallel_for(like.size(), [&](std::size_t l) {
    if (like[l] != l) return;
    report.lanes[l].measurement =
        measure_transmitter(link.lanes()[l].setup, pmd, static_cast<int>(scenario.place.first_lane + l), true);
    if (link.lanes()[l].los || link.lanes()[l].limit) return;
    report.lanes[l].receiver_sensitivity_oma_dbm =
        receiver_sensitivity(link.lanes()[l], report.target_ber, static_cast<std::uint64_t>(scenario.run.seed));
  });
  for (std::size_t l = 0; l < like.size(); ++l) {
    if (like[l] == l) continue;
    report.lanes[l].measurement = report.lanes[like[l]].measurement;
    report.lanes[l].receiver_sensitivity_oma_dbm = report.lanes[like[l]].receiver_sensitivity_oma_dbm;
  }
}

std::vector<BudgetStep> budget_of(const Scenario& scenario, const OpticalLaneReport& lane, double stress_db) {
  std::vector<BudgetStep> steps;
  const auto add = [&](std::string what, double db) {
    if (db != 0) steps.push_back({std::move(what), db});
  };
  add(fmt::format("fibre, {:g} m", lane.plant.length_m), lane.plant.fibre_loss_db);
  add("connectors and splices", lane.plant.joint_loss_db);
  add("wavelength multiplexers", scenario.plant.mux_loss_db);
  add("attenuator", lane.added_attenuation_db);
  add("added for stress", stress_db);
  return steps;
}

}  // namespace

bool OpticalReport::transmitters_measured() const {
  return std::any_of(lanes.begin(), lanes.end(), [](const OpticalLaneReport& l) { return l.measurement.has_value(); });
}

bool OpticalReport::pass() const {
  return std::all_of(limits.begin(), limits.end(), [](const LimitResult& l) { return l.pass || l.informative; });
}

OpticalReport optical_report(const Scenario& scenario, const Structure& structure, const OpticalLink& link, bool measure) {
  const Devices devices = devices_of(scenario);
  OpticalReport report;
  report.pmd = devices.pmd->id;
  report.far_pmd = devices.far_pmd->id;
  report.target_ber = devices.far_pmd->fec.pre_fec_ber ? devices.far_pmd->fec.pre_fec_ber->value : 1e-12;
  report.stress_db = link.stress_db();
  if (scenario.link.corner == "limits") report.limit_allocation_db = limit_allocation_db(devices);
  report.lanes.resize(link.lanes().size());
  parallel_for(report.lanes.size(),
               [&](std::size_t l) { report.lanes[l] = lane_report(link.lanes()[l], link, report.target_ber, measure); });
  if (measure) measure_all(scenario, link, *devices.pmd, report);
  for (std::size_t l = 1; l < report.lanes.size(); ++l) {
    if (report.lanes[l].margin_db < report.lanes[report.worst_lane].margin_db) report.worst_lane = l;
  }
  const OpticalLaneReport& worst = report.lanes[report.worst_lane];
  report.limits = check_limits(devices, report, report.unknown_limits);
  report.budget = budget_of(scenario, worst, report.stress_db);
  if (measure && scenario.link.corner == "typical") {
    report.breaks_first = what_breaks_first(scenario, structure, report.worst_lane, report.stress_db, worst.margin_db);
  }
  report.latency = latency_of(scenario, structure, worst.plant.delay_ns);
  for (const LatencyTerm& term : report.latency) report.latency_ns += term.ns;
  report.module_power = module_power_of(scenario, structure);
  for (const PowerTerm& term : report.module_power) report.module_power_w += term.w;
  return report;
}

}  // namespace lightlane::link

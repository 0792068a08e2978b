#include "cli/light_json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using namespace link;

/// JSON has no infinity: what there is none of is null.
Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json tdecq_json(const measure::TdecqResult& t) {
  Json json = {{"closed", t.closed},
               {"tdecq_db", t.closed ? Json(nullptr) : Json(t.tdecq_db)},
               {"ceq", t.ceq},
               {"taps", t.taps},
               {"main_tap", t.main_tap},
               {"phase_ui", t.phase_ui},
               {"thresholds_w", t.thresholds_w},
               {"noise_w", t.noise_w}};
  json["causes"] = {{"isi_db", t.causes.isi_db},
                    {"noise_enhancement_db", t.causes.noise_enhancement_db},
                    {"nonlinearity_db", t.causes.nonlinearity_db},
                    {"noise_db", t.causes.noise_db},
                    {"interaction_db", t.causes.interaction_db}};
  return json;
}

Json measurement_json(const TransmitterMeasurement& m) {
  Json json = {{"pattern", m.pattern}, {"dispersion_ps_nm", m.dispersion_ps_nm}};
  if (m.tdecq) json["tdecq"] = tdecq_json(*m.tdecq);
  if (m.tecq) json["tecq"] = tdecq_json(*m.tecq);
  if (m.penalty_db) json["penalty_db"] = finite(*m.penalty_db);
  if (m.mask_margin) json["mask_margin"] = *m.mask_margin;
  json["oma_outer_dbm"] = finite(m.oma_outer_dbm);
  json["average_power_dbm"] = finite(m.average_power_dbm);
  json["extinction_ratio_db"] = finite(m.extinction_ratio_db);
  json["rlm"] = m.rlm;
  json["rin_oma_db_per_hz"] = finite(m.rin_oma_db_per_hz);
  json["overshoot_pct"] = m.overshoot_pct;
  json["undershoot_pct"] = m.undershoot_pct;
  json["power_excursion_dbm"] = finite(m.power_excursion_dbm);
  if (m.transition_time_ps) json["transition_time_ps"] = *m.transition_time_ps;
  return json;
}

Json tdecq_db(const OpticalLaneReport& lane) {
  if (!lane.measurement) return nullptr;
  const TransmitterMeasurement& m = *lane.measurement;
  if (m.tdecq && !m.tdecq->closed) return m.tdecq->tdecq_db;
  return m.penalty_db ? finite(*m.penalty_db) : Json(nullptr);
}

}  // namespace

Json light_lane_json(const OpticalLaneReport& l) {
  Json json = {{"wavelength_nm", l.wavelength_nm},
               {"tdecq_db", tdecq_db(l)},
               {"oma_outer_dbm", finite(l.rx_oma_dbm)},
               {"rx_power_dbm", finite(l.rx_power_dbm)},
               {"snr_db", l.los ? Json(nullptr) : finite(l.snr_db)},
               {"los", l.los},
               {"overload", l.overload},
               {"margin_db", finite(l.margin_db)},
               {"sensitivity_oma_dbm", finite(l.sensitivity_oma_dbm)},
               {"receiver_sensitivity_oma_dbm", l.receiver_sensitivity_oma_dbm ? finite(*l.receiver_sensitivity_oma_dbm) : Json(nullptr)},
               {"pre_fec_ber_expected", l.ber_expected},
               {"pre_fec_ber_median_phase", l.phases ? Json(l.phases->ber_median) : Json(nullptr)},
               {"pre_fec_ber_p99_phase", l.phases ? Json(l.phases->ber_p99) : Json(nullptr)},
               {"pre_fec_ber_worst_phase", l.phases ? Json(l.phases->ber_worst) : Json(nullptr)},
               {"sampling_phase_ui", l.phase_ui}};
  if (l.limit) {
    json["limit_margin"] = {{"margin_db", finite(l.limit->margin_db)},
                            {"dgd_db", finite(l.limit->dgd_db)},
                            {"interference_db", finite(l.limit->interference_db)}};
  }
  json["transmitter"] = {{"level_w", l.transmitter.level_w},
                         {"average_power_dbm", finite(l.transmitter.average_power_dbm)},
                         {"oma_outer_dbm", finite(l.transmitter.oma_outer_dbm)},
                         {"extinction_ratio_db", finite(l.transmitter.extinction_ratio_db)},
                         {"rlm", l.transmitter.rlm}};
  json["plant"] = {{"length_m", l.plant.length_m},
                   {"loss_db", l.plant.loss_db},
                   {"dispersion_ps_nm", l.plant.dispersion_ps_nm},
                   {"dgd_ps", l.plant.dgd_ps},
                   {"delay_ns", l.plant.delay_ns},
                   {"reflection_paths", l.plant.reflections.size()},
                   {"mpi_amplitude_bound", l.plant.mpi_bound}};
  json["training"] = {{"symbols", l.training.symbols},
                      {"converged", l.training.converged},
                      {"snr_db", finite(l.training.snr_db)},
                      {"mse", finite(l.training.mse)},
                      {"mse_history", l.training.mse_history},
                      {"ffe", l.ffe},
                      {"ffe_before", l.ffe_before}};
  json["ber_curve"] = Json::array();
  for (const auto& [oma, ber] : l.ber_curve) json["ber_curve"].push_back({{"oma_outer_dbm", oma}, {"ber", ber}});
  json["measurement"] = l.measurement ? measurement_json(*l.measurement) : Json(nullptr);
  return json;
}

Json light_json(const OpticalReport& r) {
  Json json;
  json["limits"] = Json::array();
  for (const LimitResult& l : r.limits) {
    json["limits"].push_back({{"name", l.name},
                              {"what", l.what},
                              {"lane", l.lane < 0 ? Json(nullptr) : Json(l.lane)},
                              {"value", finite(l.value)},
                              {"limit", l.limit},
                              {"kind", l.upper ? "max" : "min"},
                              {"unit", l.unit},
                              {"margin", finite(l.margin)},
                              {"pass", l.pass},
                              {"informative", l.informative},
                              {"confidence", catalog::name(l.confidence)},
                              {"source", l.source}});
  }
  Json light = {{"pmd", r.pmd},
                {"far_pmd", r.far_pmd},
                {"target_ber", r.target_ber},
                {"stress_db", r.stress_db},
                {"worst_lane", r.worst_lane},
                {"margin_db", finite(r.lanes[r.worst_lane].margin_db)},
                {"unknown_limits", r.unknown_limits}};
  if (r.limit_allocation_db) light["limit_allocation_db"] = *r.limit_allocation_db;
  for (const BudgetStep& s : r.budget) light["budget"].push_back({{"what", s.what}, {"loss_db", s.db}});
  light["breaks_first"] = Json::array();
  for (const Sensitivity& s : r.breaks_first) {
    light["breaks_first"].push_back({{"key", s.key},
                                     {"unit", s.unit},
                                     {"value", s.value},
                                     {"step", s.step},
                                     {"margin_change_db", s.margin_change_db},
                                     {"per_unit_db", s.per_unit_db}});
  }
  light["latency_ns"] = r.latency_ns;
  for (const LatencyTerm& t : r.latency) light["latency"].push_back({{"what", t.what}, {"ns", t.ns}, {"basis", t.basis}});
  light["module_power_w"] = r.module_power_w;
  for (const PowerTerm& t : r.module_power) {
    light["module_power"].push_back(
        {{"what", t.what}, {"w", t.w}, {"confidence", catalog::name(t.confidence)}, {"basis", t.basis}});
  }
  json["light"] = std::move(light);
  return json;
}

}  // namespace lightlane::cli

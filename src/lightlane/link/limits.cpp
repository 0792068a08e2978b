#include "lightlane/link/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/link/limit_corner.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr double counted_reflectance_db = -55;  ///< smaller ones do not count (802.3 tables of discrete reflectances)

std::string source_of(const catalog::Pmd& pmd, const catalog::Value& value) {
  std::string text(pmd.id);
  if (!pmd.standard.empty()) text += fmt::format(", {}", pmd.standard);
  if (!pmd.clause.empty()) text += fmt::format(" clause {}", pmd.clause);
  return fmt::format("{} [{}]", text, value.source);
}

/// What a value is called: the catalogue's word, ours, unit.
struct Name {
  const char* key;
  std::string what;
  const char* unit;
};

/// Limits have one decimal or two: what is nearer than this is the limit itself, and keeps it.
constexpr double resolution = 0.005;

/// Collects verdicts; what has no limit is noted by name.
class Checker {
 public:
  Checker(const catalog::Pmd& pmd, std::vector<std::string>& unknown, std::vector<LimitResult>& results)
      : pmd_(pmd), unknown_(unknown), results_(results) {}

  void upper(const catalog::Limit& limit, const Name& name, int lane, double value) { check(limit, name, lane, value, true); }
  void lower(const catalog::Limit& limit, const Name& name, int lane, double value) { check(limit, name, lane, value, false); }
  /// Limits that only some documents have are not missed.
  void upper_if_any(const catalog::Limit& limit, const Name& name, int lane, double value) {
    if (limit) upper(limit, name, lane, value);
  }
  void information() { results_.back().informative = true; }

 private:
  void check(const catalog::Limit& limit, const Name& name, int lane, double value, bool is_upper) {
    if (!limit) {
      if (std::find(unknown_.begin(), unknown_.end(), name.key) == unknown_.end()) unknown_.push_back(name.key);
      return;
    }
    LimitResult r;
    r.name = name.key;
    r.what = name.what;
    r.lane = lane;
    r.value = value;
    r.limit = limit->value;
    r.unit = name.unit;
    r.upper = is_upper;
    r.margin = is_upper ? limit->value - value : value - limit->value;
    r.pass = r.margin >= -resolution;
    r.confidence = limit->confidence;
    r.source = source_of(pmd_, *limit);
    results_.push_back(std::move(r));
  }

  const catalog::Pmd& pmd_;
  std::vector<std::string>& unknown_;
  std::vector<LimitResult>& results_;
};

/// TDECQ, TDEC or TDP of a lane; infinite where the eye is closed.
double penalty_of(const TransmitterMeasurement& m) {
  if (m.tdecq) return m.tdecq->closed ? INFINITY : m.tdecq->tdecq_db;
  return m.penalty_db.value_or(NAN);
}

void check_launch(const catalog::Pmd& pmd, const TransmitterMeasurement& m, int lane, Checker& check) {
  const catalog::TxLimits& tx = pmd.tx;
  check.upper(tx.avg_power_max_dbm, {"tx.avg_power_max_dbm", "average launch power", "dBm"}, lane, m.average_power_dbm);
  check.lower(tx.avg_power_min_dbm, {"tx.avg_power_min_dbm", "average launch power", "dBm"}, lane, m.average_power_dbm);
  check.upper(tx.oma_outer_max_dbm, {"tx.oma_outer_max_dbm", "outer OMA", "dBm"}, lane, m.oma_outer_dbm);
  check.lower(tx.oma_outer_min_dbm, {"tx.oma_outer_min_dbm", "outer OMA", "dBm"}, lane, m.oma_outer_dbm);
  check.lower(tx.er_min_db, {"tx.er_min_db", "extinction ratio", "dB"}, lane, m.extinction_ratio_db);
  check.upper(tx.rin_oma_max_db_per_hz, {"tx.rin_oma_max_db_per_hz", "RIN OMA", "dB/Hz"}, lane, m.rin_oma_db_per_hz);
  const double penalty = penalty_of(m);
  if (std::isnan(penalty)) return;
  const std::string metric = m.pam4 ? "TDECQ" : tx.penalty_metric == catalog::PenaltyMetric::tdec ? "TDEC" : "TDP";
  check.upper(tx.tdecq_max_db, {"tx.tdecq_max_db", metric, "dB"}, lane, penalty);
  const bool low_er = tx.oma_minus_tdecq_min_low_er_dbm && tx.er_threshold_db && m.extinction_ratio_db < tx.er_threshold_db->value;
  check.lower(low_er ? tx.oma_minus_tdecq_min_low_er_dbm : tx.oma_minus_tdecq_min_dbm,
              {low_er ? "tx.oma_minus_tdecq_min_low_er_dbm" : "tx.oma_minus_tdecq_min_dbm",
               m.pam4 ? "outer OMA less TDECQ" : "OMA less penalty", "dBm"},
              lane, m.oma_outer_dbm - penalty);
}

void check_shape(const catalog::Pmd& pmd, const TransmitterMeasurement& m, int lane, Checker& check) {
  const catalog::TxLimits& tx = pmd.tx;
  if (m.mask_margin && pmd.eye_mask.x1_ui) {
    catalog::Limit none = pmd.eye_mask.x1_ui;  // whose confidence and source are the mask's
    none->value = 0;
    check.lower(none, {"eye_mask", "eye mask, room to grow", "%"}, lane, 100 * *m.mask_margin);
  }
  if (!m.tdecq) return;
  check.upper_if_any(tx.overshoot_max_pct, {"tx.overshoot_max_pct", "overshoot", "%"}, lane, m.overshoot_pct);
  check.upper_if_any(tx.overshoot_max_pct, {"tx.overshoot_max_pct", "undershoot", "%"}, lane, m.undershoot_pct);
  if (m.transition_time_ps) {
    check.upper_if_any(tx.transition_time_max_ps, {"tx.transition_time_max_ps", "transition time", "ps"}, lane, *m.transition_time_ps);
  }
  if (m.tdecq->closed) return;
  check.upper_if_any(tx.tdecq_minus_ceq_max_db, {"tx.tdecq_minus_ceq_max_db", "TDECQ less 10 lg Ceq", "dB"}, lane,
                     m.tdecq->tdecq_db - math::to_db(m.tdecq->ceq));
  if (m.tecq && !m.tecq->closed) {
    check.upper_if_any(tx.tdecq_minus_tecq_max_db, {"tx.tdecq_minus_tecq_max_db", "|TDECQ - TECQ|", "dB"}, lane,
                       std::abs(m.tdecq->tdecq_db - m.tecq->tdecq_db));
  }
}

void check_transmitter(const catalog::Pmd& pmd, const OpticalReport& report, Checker check) {
  double total_w = 0, largest = -1e9, smallest = 1e9;
  for (std::size_t l = 0; l < report.lanes.size(); ++l) {
    const OpticalLaneReport& lane = report.lanes[l];
    total_w += math::from_db(lane.transmitter.average_power_dbm);
    if (!lane.measurement) continue;
    const TransmitterMeasurement& m = *lane.measurement;
    largest = std::max(largest, m.oma_outer_dbm);
    smallest = std::min(smallest, m.oma_outer_dbm);
    check_launch(pmd, m, static_cast<int>(l), check);
    check_shape(pmd, m, static_cast<int>(l), check);
  }
  if (pmd.fibre == catalog::FibreKind::multimode) {
    for (std::size_t l = 0; l < report.lanes.size(); ++l) {
      check.upper_if_any(pmd.tx.rms_spectral_width_max_nm, {"tx.rms_spectral_width_max_nm", "rms spectral width", "nm"},
                         static_cast<int>(l), report.lanes[l].cabling.source_rms_width_nm);
    }
  }
  const bool several = report.lanes.size() > 1;
  if (several) {
    check.upper_if_any(pmd.tx.total_avg_power_max_dbm, {"tx.total_avg_power_max_dbm", "launch power of all lanes", "dBm"}, -1,
                       math::to_db(total_w));
  }
  if (several && largest >= smallest) {
    check.upper_if_any(pmd.tx.lane_oma_difference_max_db, {"tx.lane_oma_difference_max_db", "OMA between lanes", "dB"}, -1,
                       largest - smallest);
  }
  if (pmd.fibre != catalog::FibreKind::single_mode || report.lanes.empty()) return;
  check.upper_if_any(pmd.tx.reflectance_max_db, {"tx.reflectance_max_db", "reflectance of the transmitter", "dB"}, -1,
                     report.lanes[0].cabling.tx_reflectance_db);
  double return_loss = INFINITY;
  for (const OpticalLaneReport& lane : report.lanes) return_loss = std::min(return_loss, lane.plant.return_loss_db);
  catalog::Limit tolerance = pmd.tx.orl_tolerance_db;
  if (tolerance) check.lower(tolerance, {"tx.orl_tolerance_db", "return loss that the transmitter sees", "dB"}, -1, return_loss);
}

/// Light that the joints send back, over the light that came, at the sending end.
double return_loss_db(const optics::PlantConfig& plant) {
  double sum = 0, loss_db = 0;
  for (std::size_t i = 0; i < plant.joints.size(); ++i) {
    sum += math::from_db(plant.joints[i].reflectance_db - 2 * loss_db);
    loss_db += plant.joints[i].loss_db;
    if (i < plant.segments.size()) loss_db += plant.segments[i].attenuation_db_per_km * plant.segments[i].length_m / 1000;
  }
  return -math::to_db(sum);
}

void check_reflections(const catalog::Pmd& pmd, const optics::PlantConfig& plant, Checker& check) {
  int count = 0;
  double worst = -INFINITY;
  for (const optics::JointConfig& joint : plant.joints) {
    if (joint.reflectance_db > counted_reflectance_db) ++count;
    worst = std::max(worst, joint.reflectance_db);
  }
  if (count == 0) return;
  check.upper(pmd.channel.discrete_reflectance_max(count),
              {"channel.discrete_reflectance_max_db", fmt::format("reflectance of each of {} joints", count), "dB"}, -1, worst);
  check.lower(pmd.channel.orl_min_db, {"channel.orl_min_db", "return loss of the cabling", "dB"}, -1, return_loss_db(plant));
}

void check_reach(const catalog::Pmd& pmd, std::string_view fibre, double length_m, Checker& check) {
  const catalog::Reach* longest = nullptr;
  for (const catalog::Reach& reach : pmd.reach) {
    const bool same = pmd.fibre == catalog::FibreKind::single_mode || fibre.starts_with(reach.fibre);
    if (same && (longest == nullptr || reach.length_m.value > longest->length_m.value)) longest = &reach;
  }
  if (longest == nullptr) return;
  check.upper(longest->length_m, {"reach", "length (for information)", "m"}, -1, length_m);
  check.information();
}

void check_channel(const Devices& devices, const OpticalReport& report, Checker check) {
  const catalog::Pmd& pmd = ruling_channel(devices);
  const bool single_mode = devices.fibre->kind == catalog::FibreKind::single_mode;
  const catalog::Limit loss_limit = insertion_loss_limit(pmd, devices.fibre->id);
  for (std::size_t l = 0; l < report.lanes.size(); ++l) {
    const optics::PlantReport& plant = report.lanes[l].plant;
    const int n = static_cast<int>(l);
    const double channel_db = plant.fibre_loss_db + plant.joint_loss_db + report.lanes[l].added_attenuation_db;
    check.upper(loss_limit, {"channel.insertion_loss_max_db", "insertion loss of the channel", "dB"}, n, channel_db);
    if (!single_mode) continue;
    check.upper(pmd.channel.dispersion_max_ps_nm, {"channel.dispersion_max_ps_nm", "dispersion", "ps/nm"}, n, plant.dispersion_ps_nm);
    check.lower(pmd.channel.dispersion_min_ps_nm, {"channel.dispersion_min_ps_nm", "dispersion", "ps/nm"}, n, plant.dispersion_ps_nm);
    check.upper(pmd.channel.dgd_max_ps, {"channel.dgd_max_ps", "differential group delay", "ps"}, n, plant.dgd_ps);
  }
  if (report.lanes.empty()) return;
  if (single_mode) check_reflections(pmd, report.lanes[0].cabling, check);
  check_reach(pmd, devices.fibre->id, report.lanes[0].plant.length_m, check);
}

/// Receiver sensitivity: max(floor, SECQ + offset) for the quality of this transmitter without fibre, or one fixed value.
catalog::Limit sensitivity_limit(const catalog::Pmd& pmd, const OpticalLaneReport& lane) {
  if (pmd.modulation != catalog::LineCode::pam4) return pmd.rx.sensitivity_oma_fixed_dbm;
  catalog::Limit limit = pmd.rx.sensitivity_oma_secq_offset_dbm;
  if (!limit || !lane.measurement || !lane.measurement->tecq || lane.measurement->tecq->closed) return std::nullopt;
  const catalog::Limit& floor = pmd.rx.sensitivity_oma_floor_dbm;
  limit->value += lane.measurement->tecq->tdecq_db;
  if (floor && floor->value > limit->value) limit = floor;
  return limit;
}

void check_receiver(const catalog::Pmd& pmd, const OpticalReport& report, Checker check) {
  double largest = -1e9, smallest = 1e9;
  for (std::size_t l = 0; l < report.lanes.size(); ++l) {
    const OpticalLaneReport& lane = report.lanes[l];
    const int n = static_cast<int>(l);
    const double power = lane.rx_power_dbm + report.stress_db, oma = lane.rx_oma_dbm + report.stress_db;
    largest = std::max(largest, oma);
    smallest = std::min(smallest, oma);
    check.upper(pmd.rx.damage_threshold_dbm, {"rx.damage_threshold_dbm", "receive power, damage", "dBm"}, n, power);
    check.upper(pmd.rx.avg_power_max_dbm, {"rx.avg_power_max_dbm", "average receive power", "dBm"}, n, power);
    check.lower(pmd.rx.avg_power_min_dbm, {"rx.avg_power_min_dbm", "average receive power", "dBm"}, n, power);
    check.upper(pmd.rx.oma_max_dbm, {"rx.oma_max_dbm", "receive OMA", "dBm"}, n, oma);
    if (!lane.receiver_sensitivity_oma_dbm) continue;
    check.upper(sensitivity_limit(pmd, lane), {"rx.sensitivity_oma_dbm", "receiver sensitivity, OMA", "dBm"}, n,
                *lane.receiver_sensitivity_oma_dbm);
  }
  if (report.lanes.size() > 1) {
    check.upper_if_any(pmd.rx.lane_oma_difference_max_db, {"rx.lane_oma_difference_max_db", "receive OMA between lanes", "dB"}, -1,
                       largest - smallest);
  }
  if (pmd.fibre != catalog::FibreKind::single_mode || report.lanes.empty()) return;
  check.upper_if_any(pmd.rx.reflectance_max_db, {"rx.reflectance_max_db", "reflectance of the receiver", "dB"}, -1,
                     report.lanes[0].cabling.rx_reflectance_db);
}

LimitResult ber_result(const catalog::Pmd& pmd, const char* what, int lane, double ber) {
  LimitResult r;
  const catalog::Limit& limit = pmd.fec.pre_fec_ber;
  r.name = "fec.pre_fec_ber";
  r.what = what;
  r.lane = lane;
  r.value = ber;
  r.limit = limit ? limit->value : 1e-12;
  r.margin = r.limit - ber;
  r.pass = ber <= r.limit;
  if (limit) {
    r.confidence = limit->confidence;
    r.source = source_of(pmd, *limit);
  }
  return r;
}

}  // namespace

std::vector<LimitResult> check_limits(const Devices& devices, const OpticalReport& report, std::vector<std::string>& unknown) {
  std::vector<LimitResult> results;
  check_transmitter(*devices.pmd, report, Checker(*devices.pmd, unknown, results));
  check_channel(devices, report, Checker(ruling_channel(devices), unknown, results));
  check_receiver(*devices.far_pmd, report, Checker(*devices.far_pmd, unknown, results));
  // Counting cannot see a ratio of 1e-12; what is expected can. Attenuation for a stress is meant to bring it to the limit.
  for (std::size_t l = 0; l < report.lanes.size() && report.stress_db == 0; ++l) {
    results.push_back(ber_result(*devices.far_pmd, "pre-FEC BER, expected", static_cast<int>(l), report.lanes[l].ber_expected));
  }
  return results;
}

LimitResult ber_limit(const Devices& devices, int lane, double ber) {
  return ber_result(*devices.far_pmd, "pre-FEC BER", lane, ber);
}

}  // namespace lightlane::link

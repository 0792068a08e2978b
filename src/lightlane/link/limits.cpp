#include "lightlane/link/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

std::string source_of(const catalog::Pmd& pmd, const catalog::Value& value) {
  std::string text(pmd.id);
  if (!pmd.standard.empty()) text += fmt::format(", {}", pmd.standard);
  if (!pmd.clause.empty()) text += fmt::format(" clause {}", pmd.clause);
  return fmt::format("{} [{}]", text, value.source);
}

/// Collects verdicts; what has no limit is noted by name.
class Checker {
 public:
  explicit Checker(std::vector<std::string>& unknown) : unknown_(unknown) {}

  void upper(const catalog::Pmd& pmd, const catalog::Limit& limit, const char* name, const char* what, int lane, double value,
             const char* unit) {
    check(pmd, limit, name, what, lane, value, unit, true);
  }
  void lower(const catalog::Pmd& pmd, const catalog::Limit& limit, const char* name, const char* what, int lane, double value,
             const char* unit) {
    check(pmd, limit, name, what, lane, value, unit, false);
  }
  std::vector<LimitResult> take() { return std::move(results_); }

 private:
  void check(const catalog::Pmd& pmd, const catalog::Limit& limit, const char* name, const char* what, int lane, double value,
             const char* unit, bool is_upper) {
    if (!limit) {
      if (std::find(unknown_.begin(), unknown_.end(), name) == unknown_.end()) unknown_.push_back(name);
      return;
    }
    LimitResult r;
    r.name = name;
    r.what = what;
    r.lane = lane;
    r.value = value;
    r.limit = limit->value;
    r.unit = unit;
    r.upper = is_upper;
    r.margin = is_upper ? limit->value - value : value - limit->value;
    r.pass = r.margin >= -1e-9;  // a value that is the limit keeps it
    r.confidence = limit->confidence;
    r.source = source_of(pmd, *limit);
    results_.push_back(std::move(r));
  }

  std::vector<std::string>& unknown_;
  std::vector<LimitResult> results_;
};

void check_transmitter(const catalog::Pmd& pmd, const OpticalReport& report, Checker& check) {
  double total_w = 0, largest = -1e9, smallest = 1e9;
  for (std::size_t l = 0; l < report.lanes.size(); ++l) {
    const OpticalLaneReport& lane = report.lanes[l];
    const int n = static_cast<int>(l);
    total_w += math::from_db(lane.transmitter.average_power_dbm);
    if (!lane.measurement) continue;
    const TransmitterMeasurement& m = *lane.measurement;
    largest = std::max(largest, m.oma_outer_dbm);
    smallest = std::min(smallest, m.oma_outer_dbm);
    check.upper(pmd, pmd.tx.avg_power_max_dbm, "tx.avg_power_max_dbm", "average launch power", n, m.average_power_dbm, "dBm");
    check.lower(pmd, pmd.tx.avg_power_min_dbm, "tx.avg_power_min_dbm", "average launch power", n, m.average_power_dbm, "dBm");
    check.upper(pmd, pmd.tx.oma_outer_max_dbm, "tx.oma_outer_max_dbm", "outer OMA", n, m.oma_outer_dbm, "dBm");
    check.lower(pmd, pmd.tx.oma_outer_min_dbm, "tx.oma_outer_min_dbm", "outer OMA", n, m.oma_outer_dbm, "dBm");
    check.lower(pmd, pmd.tx.er_min_db, "tx.er_min_db", "extinction ratio", n, m.extinction_ratio_db, "dB");
    check.upper(pmd, pmd.tx.rin_oma_max_db_per_hz, "tx.rin_oma_max_db_per_hz", "RIN OMA", n, m.rin_oma_db_per_hz, "dB/Hz");
    const double penalty = m.tdecq ? (m.tdecq->closed ? INFINITY : m.tdecq->tdecq_db) : m.penalty_db.value_or(NAN);
    if (std::isnan(penalty)) continue;
    check.upper(pmd, pmd.tx.tdecq_max_db, "tx.tdecq_max_db", m.pam4 ? "TDECQ" : catalog::name(pmd.tx.penalty_metric).data(), n, penalty, "dB");
    const bool low_er = pmd.tx.oma_minus_tdecq_min_low_er_dbm && pmd.tx.er_threshold_db && m.extinction_ratio_db < pmd.tx.er_threshold_db->value;
    check.lower(pmd, low_er ? pmd.tx.oma_minus_tdecq_min_low_er_dbm : pmd.tx.oma_minus_tdecq_min_dbm, "tx.oma_minus_tdecq_min_dbm",
                m.pam4 ? "outer OMA less TDECQ" : "OMA less penalty", n, m.oma_outer_dbm - penalty, "dBm");
    if (!m.pam4) continue;
    if (pmd.tx.overshoot_max_pct) {
      check.upper(pmd, pmd.tx.overshoot_max_pct, "tx.overshoot_max_pct", "overshoot", n, m.overshoot_pct, "%");
      check.upper(pmd, pmd.tx.overshoot_max_pct, "tx.overshoot_max_pct", "undershoot", n, m.undershoot_pct, "%");
    }
    if (pmd.tx.tdecq_minus_tecq_max_db && m.tecq && !m.tecq->closed) {
      check.upper(pmd, pmd.tx.tdecq_minus_tecq_max_db, "tx.tdecq_minus_tecq_max_db", "|TDECQ - TECQ|", n,
                  std::abs(penalty - m.tecq->tdecq_db), "dB");
    }
  }
  if (pmd.tx.total_avg_power_max_dbm && report.lanes.size() > 1) {
    check.upper(pmd, pmd.tx.total_avg_power_max_dbm, "tx.total_avg_power_max_dbm", "launch power of all lanes", -1, math::to_db(total_w), "dBm");
  }
  if (pmd.tx.lane_oma_difference_max_db && largest >= smallest) {
    check.upper(pmd, pmd.tx.lane_oma_difference_max_db, "tx.lane_oma_difference_max_db", "OMA between lanes", -1, largest - smallest, "dB");
  }
}

void check_channel(const Devices& devices, const OpticalReport& report, Checker& check) {
  // Of two PMDs the one whose channel is shorter rules.
  const auto loss = [](const catalog::Pmd& p) { return p.channel.insertion_loss_max_db ? p.channel.insertion_loss_max_db->value : 1e9; };
  const catalog::Pmd& pmd = loss(*devices.far_pmd) < loss(*devices.pmd) ? *devices.far_pmd : *devices.pmd;
  catalog::Limit loss_limit = pmd.channel.insertion_loss_max_db;
  const std::string_view fibre = devices.fibre->id;
  if (fibre.starts_with("OM3") && pmd.channel.insertion_loss_om3_max_db) loss_limit = pmd.channel.insertion_loss_om3_max_db;
  if (fibre.starts_with("OM4") && pmd.channel.insertion_loss_om4_max_db) loss_limit = pmd.channel.insertion_loss_om4_max_db;
  if (fibre.starts_with("OM5") && pmd.channel.insertion_loss_om5_max_db) loss_limit = pmd.channel.insertion_loss_om5_max_db;
  const bool single_mode = devices.fibre->kind == catalog::FibreKind::single_mode;
  for (std::size_t l = 0; l < report.lanes.size(); ++l) {
    const optics::PlantReport& plant = report.lanes[l].plant;
    const int n = static_cast<int>(l);
    const double channel_db = plant.fibre_loss_db + plant.joint_loss_db + report.lanes[l].added_attenuation_db;
    check.upper(pmd, loss_limit, "channel.insertion_loss_max_db", "insertion loss of the channel", n, channel_db, "dB");
    if (!single_mode) continue;
    check.upper(pmd, pmd.channel.dispersion_max_ps_nm, "channel.dispersion_max_ps_nm", "dispersion", n, plant.dispersion_ps_nm, "ps/nm");
    check.lower(pmd, pmd.channel.dispersion_min_ps_nm, "channel.dispersion_min_ps_nm", "dispersion", n, plant.dispersion_ps_nm, "ps/nm");
    check.upper(pmd, pmd.channel.dgd_max_ps, "channel.dgd_max_ps", "differential group delay", n, plant.dgd_ps, "ps");
  }
}

void check_receiver(const catalog::Pmd& pmd, const OpticalReport& report, Checker& check) {
  for (std::size_t l = 0; l < report.lanes.size(); ++l) {
    const OpticalLaneReport& lane = report.lanes[l];
    const int n = static_cast<int>(l);
    const double power = lane.rx_power_dbm + report.stress_db, oma = lane.rx_oma_dbm + report.stress_db;
    check.upper(pmd, pmd.rx.damage_threshold_dbm, "rx.damage_threshold_dbm", "receive power, damage", n, power, "dBm");
    check.upper(pmd, pmd.rx.avg_power_max_dbm, "rx.avg_power_max_dbm", "average receive power", n, power, "dBm");
    check.lower(pmd, pmd.rx.avg_power_min_dbm, "rx.avg_power_min_dbm", "average receive power", n, power, "dBm");
    check.upper(pmd, pmd.rx.oma_max_dbm, "rx.oma_max_dbm", "receive OMA", n, oma, "dBm");
    if (!std::isfinite(lane.sensitivity_oma_dbm)) continue;
    // Receiver sensitivity: max(floor, SECQ + offset) with the quality of the signal that it gets, or one fixed value.
    catalog::Limit sensitivity = pmd.rx.sensitivity_oma_fixed_dbm;
    if (pmd.rx.sensitivity_oma_secq_offset_dbm && lane.measurement && lane.measurement->tdecq && !lane.measurement->tdecq->closed) {
      sensitivity = pmd.rx.sensitivity_oma_secq_offset_dbm;
      sensitivity->value += lane.measurement->tdecq->tdecq_db;
      if (pmd.rx.sensitivity_oma_floor_dbm) sensitivity->value = std::max(sensitivity->value, pmd.rx.sensitivity_oma_floor_dbm->value);
    }
    check.upper(pmd, sensitivity, "rx.sensitivity_oma_dbm", "receiver sensitivity, OMA", n, lane.sensitivity_oma_dbm, "dBm");
  }
}

}  // namespace

std::vector<LimitResult> check_limits(const Devices& devices, const OpticalReport& report, std::vector<std::string>& unknown) {
  Checker check(unknown);
  check_transmitter(*devices.pmd, report, check);
  check_channel(devices, report, check);
  check_receiver(*devices.far_pmd, report, check);
  return check.take();
}

LimitResult ber_limit(const Devices& devices, int lane, double ber) {
  LimitResult r;
  const catalog::Pmd& pmd = *devices.far_pmd;
  const catalog::Limit& limit = pmd.fec.pre_fec_ber;
  r.name = "fec.pre_fec_ber";
  r.what = "pre-FEC BER";
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

}  // namespace lightlane::link

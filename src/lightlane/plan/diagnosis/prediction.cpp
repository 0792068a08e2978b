#include "lightlane/plan/diagnosis/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"

namespace lightlane::plan {
namespace {

using catalog::LineCode;

struct Law {
  double share;    // BER = share * erfc(x)
  double snr_per;  // x = sqrt(SNR / snr_per)
};

Law law(LineCode code) { return code == LineCode::nrz ? Law{0.5, 2} : Law{0.375, 10}; }

double x_of_ber(LineCode code, double ber) noexcept {
  return math::normal_tail_inverse(std::min(ber / (2 * law(code).share), 0.5)) / std::sqrt(2.0);
}

/// The same plant with every loss that was not given at its typical value.
Question typical(const Question& asked) {
  Ledger ledger;
  Question q = completed(asked, ledger);
  const auto ease = [](std::vector<Joint>& joints, const std::vector<Joint>* given) {
    for (std::size_t i = 0; i < joints.size(); ++i) {
      const bool own = given != nullptr && i < given->size() && (*given)[i].loss_db.has_value();
      if (!own && joints[i].type != nullptr && joints[i].type->loss_typical_db)
        joints[i].loss_db = joints[i].type->loss_typical_db->value;
    }
  };
  if (q.connectors) ease(*q.connectors, asked.connectors ? &*asked.connectors : nullptr);
  ease(q.splices, &asked.splices);
  q.attenuation = Attenuation::typical;
  return q;
}

/// Average power to OMA at the receiver's penalty-free sensitivity: how far a lane stands above the limit.
double margin_at(const catalog::Pmd& tx, const catalog::Pmd& rx, double average_dbm) {
  const auto& er = tx.tx.er_min_db;
  if (!er) return NAN;
  const double ratio = math::from_db(er->value);
  const double oma_dbm = average_dbm + math::to_db(2 * (ratio - 1) / (ratio + 1));
  const double metric = tx.tx.tdecq_max_db ? tx.tx.tdecq_max_db->value : 0;
  if (rx.rx.sensitivity_oma_secq_offset_dbm) {
    double sensitivity = metric + rx.rx.sensitivity_oma_secq_offset_dbm->value;
    if (rx.rx.sensitivity_oma_floor_dbm)
      sensitivity = std::max(sensitivity, rx.rx.sensitivity_oma_floor_dbm->value);
    return oma_dbm - sensitivity;
  }
  if (rx.rx.sensitivity_oma_fixed_dbm) return oma_dbm - rx.rx.sensitivity_oma_fixed_dbm->value - metric;
  return NAN;
}

std::string explain(double excess) {
  if (std::isnan(excess)) return "";
  if (excess <= 0) return "the measured powers are within what this plant lets one expect";
  std::string text = fmt::format("{:.2f} dB more are lost than this plant accounts for", excess);
  if (excess <= monitor_accuracy_db)
    text += fmt::format("; monitors may be off by {:g} dB each, so measure with a power meter first",
                        monitor_accuracy_db);
  if (excess < 1.5) return text + "; a dirty connector or one pair more than was counted would explain it";
  if (excess < 4)
    return text + "; dirt on an end face, a tight bend, or APC against UPC (about 1 dB and a reflection)";
  return text + "; a cracked or half-mated connector, a broken fibre, or the wrong kind of fibre";
}

}  // namespace

double ber_of_snr(LineCode code, double snr_db) noexcept {
  const Law l = law(code);
  return l.share * math::erfc(std::sqrt(math::from_db(snr_db) / l.snr_per));
}

double snr_of_ber(LineCode code, double ber) noexcept {
  const double x = x_of_ber(code, ber);
  return math::to_db(x * x * law(code).snr_per);
}

double ber_at_margin(LineCode code, double limit_ber, double margin_db) noexcept {
  return law(code).share * math::erfc(x_of_ber(code, limit_ber) * math::from_db(margin_db));
}

double margin_of_ber(LineCode code, double limit_ber, double ber) noexcept {
  if (!(ber > 0) || !(limit_ber > 0)) return NAN;
  const double x = x_of_ber(code, ber), limit = x_of_ber(code, limit_ber);
  return x > 0 ? math::to_db(x / limit) : NAN;
}

Prediction predict(const Readings& r, Question plant) {
  if (plant.near == nullptr) plant.near = r.pmd;
  if (plant.far == nullptr && r.far != nullptr) plant.far = r.far->pmd;
  if (plant.near == nullptr)
    throw ConfigError({"PMD", "is not known: nothing can be expected of the plant", "--pmd", ""});
  Prediction out;
  out.budget = budget(plant);
  if (out.budget.directions.empty()) {
    out.explanation = "these two types cannot talk: see reasons";
    return out;
  }
  const Direction& here = out.budget.directions.back();  // far to near
  out.loss_db = here.loss_db;
  out.channel_loss_max_db = here.channel_loss_max_db;
  const Budget easy = budget(typical(plant));
  if (!easy.directions.empty()) out.typical_loss_db = easy.directions.back().loss_db;
  const catalog::Pmd &tx = *here.from, &rx = *here.to;
  const std::size_t lanes = std::max<std::size_t>(r.lanes(), 1);
  for (std::size_t i = 0; i < lanes; ++i) {
    LanePrediction p;
    p.lane = i;
    double loss = here.loss_db, least = out.typical_loss_db.value_or(0);
    if (i < here.lanes.size()) loss = here.lanes[i].loss_db;
    if (!easy.directions.empty() && i < easy.directions.back().lanes.size())
      least = easy.directions.back().lanes[i].loss_db;
    const double sent = r.far != nullptr ? r.far->get(Reading::tx_power_dbm, i) : NAN;
    p.from_far_tx = !std::isnan(sent);
    const auto& low = tx.tx.avg_power_min_dbm;
    const auto& high = tx.tx.avg_power_max_dbm;
    p.low_dbm = (p.from_far_tx ? sent : low ? low->value : NAN) - loss;
    p.high_dbm = (p.from_far_tx ? sent : high ? high->value : NAN) - std::min(least, loss);
    p.measured_dbm = r.get(Reading::rx_power_dbm, i);
    p.measured_ber = r.get(Reading::ber, i);
    p.excess_db = p.low_dbm - p.measured_dbm;
    if (rx.fec.pre_fec_ber && p.measured_dbm > dark_dbm)
      p.estimated_ber =
          ber_at_margin(rx.modulation, rx.fec.pre_fec_ber->value, margin_at(tx, rx, p.measured_dbm));
    if (!std::isnan(p.excess_db) && !(p.excess_db <= out.worst_excess_db)) out.worst_excess_db = p.excess_db;
    out.lanes.push_back(p);
  }
  out.explanation = explain(out.worst_excess_db);
  return out;
}

}  // namespace lightlane::plan

#include "lightlane/catalog/closure.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "lightlane/math/elementary.hpp"

namespace lightlane::catalog {
namespace {

/// What an identity computes, and what is printed.
struct Pair {
  double computed, printed;
};
using Answer = std::optional<Pair>;

template <class... Limits>
bool known(const Limits&... limits) {
  return (limits.has_value() && ...);
}

/// Sensitivity in OMA at SECQ 0 dB; NRZ: the sensitivity.
const Limit& sensitivity(const Pmd& p) {
  return p.rx.sensitivity_oma_secq_offset_dbm ? p.rx.sensitivity_oma_secq_offset_dbm
                                              : p.rx.sensitivity_oma_fixed_dbm;
}

Answer tx_corner(const Pmd& p) {
  const TxLimits& t = p.tx;
  if (!known(t.oma_minus_tdecq_min_dbm, t.tdecq_floor_db, t.oma_outer_min_dbm)) return {};
  return Pair{t.oma_minus_tdecq_min_dbm->value + t.tdecq_floor_db->value, t.oma_outer_min_dbm->value};
}

Answer rx_corner(const Pmd& p) {
  const RxLimits& r = p.rx;
  if (!known(r.sensitivity_oma_secq_offset_dbm, p.tx.tdecq_floor_db, r.sensitivity_oma_floor_dbm)) return {};
  return Pair{r.sensitivity_oma_secq_offset_dbm->value + p.tx.tdecq_floor_db->value,
              r.sensitivity_oma_floor_dbm->value};
}

Answer stressed_sensitivity(const Pmd& p) {
  if (!known(sensitivity(p), p.rx.secq_db, p.rx.stressed_sensitivity_oma_dbm)) return {};
  return Pair{sensitivity(p)->value + p.rx.secq_db->value, p.rx.stressed_sensitivity_oma_dbm->value};
}

Answer stressed_penalty(const Pmd& p) {
  if (p.tx.penalty_metric != PenaltyMetric::tdecq || !known(p.tx.tdecq_max_db, p.rx.secq_db)) return {};
  return Pair{p.tx.tdecq_max_db->value, p.rx.secq_db->value};
}

Answer power_budget(const Pmd& p) {
  const TxLimits& t = p.tx;
  if (!known(sensitivity(p), p.budget.power_budget_db)) return {};
  const double printed = p.budget.power_budget_db->value;
  if (known(t.oma_minus_tdecq_min_dbm, t.tdecq_max_db)) {
    return Pair{t.oma_minus_tdecq_min_dbm->value + t.tdecq_max_db->value - sensitivity(p)->value, printed};
  }
  if (t.oma_outer_min_dbm) return Pair{t.oma_outer_min_dbm->value - sensitivity(p)->value, printed};
  return {};
}

Answer budget_sum(const Pmd& p) {
  const Budget& b = p.budget;
  if (!known(b.power_budget_db, b.penalties_db, p.channel.insertion_loss_max_db)) return {};
  return Pair{p.channel.insertion_loss_max_db->value + b.penalties_db->value +
                  (b.additional_loss_db ? b.additional_loss_db->value : 0),
              b.power_budget_db->value};
}

Answer average_power(const Pmd& p) {
  if (!known(p.tx.avg_power_min_dbm, p.rx.avg_power_min_dbm, p.channel.insertion_loss_max_db)) return {};
  return Pair{p.tx.avg_power_min_dbm->value - p.rx.avg_power_min_dbm->value,
              p.channel.insertion_loss_max_db->value};
}

Answer average_floor(const Pmd& p) {
  constexpr double infinite_extinction_db = 3.0103;  // average = OMA / 2
  if (p.standard != "IEEE 802.3cu" || !known(p.tx.oma_outer_min_dbm, p.tx.avg_power_min_dbm)) return {};
  return Pair{p.tx.oma_outer_min_dbm->value - infinite_extinction_db, p.tx.avg_power_min_dbm->value};
}

double rated_single_mode_m(const Pmd& p) {
  double length = 0;
  for (const Reach& reach : p.reach)
    if (reach.fibre.starts_with("SMF")) length = std::max(length, reach.length_m.value);
  return length;
}

/// The worst of `at` over the edges of all lanes.
template <class At, class Worse>
std::optional<double> over_edges(const Pmd& p, At at, Worse worse) {
  std::optional<double> result;
  for (const Wavelength& w : p.wavelengths) {
    if (!w.min_nm || !w.max_nm) return {};
    for (const double edge : {*w.min_nm, *w.max_nm}) result = result ? worse(*result, at(edge)) : at(edge);
  }
  return result;
}

Answer dispersion_min(const Pmd& p) {
  const double length = rated_single_mode_m(p);
  const auto computed = over_edges(
      p, [&](double nm) { return limit_dispersion_min_ps_nm(nm, length); },
      [](double a, double b) { return std::min(a, b); });
  if (!computed || !p.channel.dispersion_min_ps_nm) return {};
  return Pair{*computed, p.channel.dispersion_min_ps_nm->value};
}

Answer dispersion_max(const Pmd& p) {
  const double length = rated_single_mode_m(p);
  const auto computed = over_edges(
      p, [&](double nm) { return limit_dispersion_max_ps_nm(nm, length); },
      [](double a, double b) { return std::max(a, b); });
  if (!computed || !p.channel.dispersion_max_ps_nm) return {};
  return Pair{*computed, p.channel.dispersion_max_ps_nm->value};
}

Answer reflectance_sum(const Pmd& p) {
  const Limit& ten = p.channel.discrete_reflectance_10_max_db;
  if (!known(ten, p.rx.reflectance_max_db, p.tx.orl_tolerance_db)) return {};
  // Amplitudes add: 10^(R / 20) = from_db(R / 2).
  const double sum = math::from_db(p.rx.reflectance_max_db->value / 2) + 10 * math::from_db(ten->value / 2);
  return Pair{-2 * math::to_db(sum), p.tx.orl_tolerance_db->value};
}

Answer return_loss(const Pmd& p) {
  if (!known(p.channel.discrete_reflectance_1_max_db, p.channel.orl_min_db)) return {};
  return Pair{-p.channel.discrete_reflectance_1_max_db->value, p.channel.orl_min_db->value};
}

Answer channel_loss(const Pmd& p) {
  const ChannelLimits& c = p.channel;
  if (!known(c.connection_loss_db, c.fibre_attenuation_db_per_km, c.insertion_loss_max_db)) return {};
  return Pair{
      c.connection_loss_db->value + c.fibre_attenuation_db_per_km->value * rated_single_mode_m(p) / 1000,
      c.insertion_loss_max_db->value};
}

constexpr double tenth = 0.0501;  // printed to 0.1 dB
constexpr ClosureRule rules[] = {
    {"tx_corner", "smallest OMA = smallest OMA - TDECQ + TDECQ of the corner", 0.001},
    {"rx_corner", "floor of the sensitivity = offset + TDECQ of the corner", 0.001},
    {"stressed_sensitivity",
     "stressed sensitivity = sensitivity at SECQ 0 dB + SECQ (NRZ: eye closure penalty)", 0.001},
    {"stressed_penalty", "SECQ of the test = largest TDECQ", 0.001},
    {"power_budget", "power budget = smallest OMA - TDECQ + largest TDECQ - sensitivity at SECQ 0 dB", 0.001},
    {"budget_sum", "power budget = channel insertion loss + penalties", 0.001},
    {"average_power",
     "smallest average launch power - smallest average receive power = channel insertion loss", tenth},
    {"average_floor", "802.3cu: smallest average launch power = smallest OMA - 3.01 dB", tenth},
    {"dispersion_min", "dispersion of the 802.3 formula, lambda0 = 1324 nm, worst edge of the worst lane",
     0.011},
    {"dispersion_max", "dispersion of the 802.3 formula, lambda0 = 1300 nm, worst edge of the worst lane",
     0.011},
    {"reflectance_sum",
     "return loss tolerance = ten reflections of the table and the receiver's, amplitudes added", 0.25},
    {"return_loss", "return loss of the cabling = limit of a single reflection", 0.001},
    {"channel_loss", "channel insertion loss = connections + attenuation x reach", tenth},
};
constexpr Answer (*answers[])(const Pmd&) = {
    tx_corner,       rx_corner,     stressed_sensitivity, stressed_penalty, power_budget,
    budget_sum,      average_power, average_floor,        dispersion_min,   dispersion_max,
    reflectance_sum, return_loss,   channel_loss};
static_assert(std::size(rules) == std::size(answers));

double limit_dispersion(double wavelength_nm, double zero_nm, double length_m) noexcept {
  constexpr double slope = 0.093;
  const double square = (zero_nm / wavelength_nm) * (zero_nm / wavelength_nm);
  return slope / 4 * wavelength_nm * (1 - square * square) * (length_m / 1000);
}

}  // namespace

std::span<const ClosureRule> closure_rules() noexcept { return rules; }

double limit_dispersion_min_ps_nm(double wavelength_nm, double length_m) noexcept {
  return limit_dispersion(wavelength_nm, 1324, length_m);
}
double limit_dispersion_max_ps_nm(double wavelength_nm, double length_m) noexcept {
  return limit_dispersion(wavelength_nm, 1300, length_m);
}

std::vector<Closure> closures(const Tables& tables) {
  std::vector<Closure> out;
  for (const Pmd& pmd : tables.pmds) {
    for (std::size_t i = 0; i < std::size(rules); ++i) {
      const Answer answer = answers[i](pmd);
      const auto exception = std::find_if(pmd.exceptions.begin(), pmd.exceptions.end(),
                                          [&](const ClosureException& e) { return e.rule == rules[i].name; });
      Closure closure{&pmd, &rules[i], 0, 0, true, {}};
      if (exception != pmd.exceptions.end()) closure.exception = exception->reason;
      if (answer) {
        closure.computed = answer->computed;
        closure.printed = answer->printed;
        closure.holds = std::fabs(answer->computed - answer->printed) <= rules[i].tolerance;
      }
      if (answer || !closure.exception.empty()) out.push_back(closure);
    }
  }
  return out;
}

}  // namespace lightlane::catalog

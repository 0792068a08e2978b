#include "cli/light_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace link;

void heading(std::string_view text) { fmt::print("\n{}\n", bold(text)); }

/// Four characters or so; what there is none of is a dash.
std::string number(double value, int decimals = 2) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value < 0 ? "none" : "inf";
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  return text.find_first_of("123456789") == std::string::npos && text[0] == '-' ? text.substr(1) : text;
}

std::string tdecq(const OpticalLaneReport& lane) {
  if (!lane.measurement) return "-";
  const TransmitterMeasurement& m = *lane.measurement;
  if (m.tdecq) return m.tdecq->closed ? "closed" : number(m.tdecq->tdecq_db);
  return m.penalty_db ? number(*m.penalty_db) : "-";
}

void print_lanes(const OpticalReport& r) {
  heading("Light");
  const bool pam4 = std::any_of(r.lanes.begin(), r.lanes.end(), [](const auto& l) { return l.measurement && l.measurement->pam4; });
  fmt::print("  {:>4} {:>8} {:>10} {:>8} {:>8} {:>8} {:>7} {:>9} {:>9} {:>10} {:>10} {:>8} {:>12} {:>8}\n", "lane", "nm", "launch OMA",
             "average", "ER", pam4 ? "TDECQ" : "penalty", "loss", "disp.", "DGD", "rx OMA", "rx power", "SNR", "sensitivity", "margin");
  fmt::print("  {:>4} {:>8} {:>10} {:>8} {:>8} {:>8} {:>7} {:>9} {:>9} {:>10} {:>10} {:>8} {:>12} {:>8}\n", "", "", "dBm", "dBm", "dB",
             "dB", "dB", "ps/nm", "ps", "dBm", "dBm", "dB", "dBm OMA", "dB");
  for (std::size_t i = 0; i < r.lanes.size(); ++i) {
    const OpticalLaneReport& l = r.lanes[i];
    fmt::print("  {:>4} {:>8} {:>10} {:>8} {:>8} {:>8} {:>7} {:>9} {:>9} {:>10} {:>10} {:>8} {:>12} {:>8}{}\n", i, number(l.wavelength_nm),
               number(l.transmitter.oma_outer_dbm), number(l.transmitter.average_power_dbm), number(l.transmitter.extinction_ratio_db),
               tdecq(l), number(l.plant.loss_db), number(l.plant.dispersion_ps_nm), number(l.plant.dgd_ps), number(l.rx_oma_dbm),
               number(l.rx_power_dbm), l.los ? "LOS" : number(l.snr_db), number(l.sensitivity_oma_dbm), number(l.margin_db),
               l.overload ? "  overload" : "");
  }
  fmt::print("  margin and sensitivity: attenuation and OMA at which the lane meets a BER of {:g} (statistical engine)\n", r.target_ber);
  // Where it makes a difference that anyone would see.
  const auto rough = [](const OpticalLaneReport& l) { return l.phases && l.phases->ber_p99 > 1.5 * l.phases->ber_median && l.phases->ber_worst > 1e-15; };
  for (std::size_t i = 0; i < r.lanes.size(); ++i) {
    if (!rough(r.lanes[i])) continue;
    const PhaseSpread& p = *r.lanes[i].phases;
    fmt::print("  reflections of lane {}: BER {} at half of their phases or less, {} or more at one in a hundred, {} at the worst\n", i,
               ratio(p.ber_median), ratio(p.ber_p99), ratio(p.ber_worst));
  }
  if (r.stress_db > 0) fmt::print("  {:.2f} dB of the loss were added to stress the link\n", r.stress_db);
}

void print_why(const OpticalReport& r) {
  const OpticalLaneReport& worst = r.lanes[r.worst_lane];
  if (!worst.measurement || !worst.measurement->tdecq || worst.measurement->tdecq->closed) return;
  const measure::TdecqResult& t = *worst.measurement->tdecq;
  fmt::print("  TDECQ of lane {} at {:+.2f} ps/nm: ISI {:.2f} dB, noise enhancement {:.2f}, nonlinearity {:.2f}, noise {:.2f}, together "
             "{:+.2f}; Ceq {:.3f}\n",
             r.worst_lane, worst.measurement->dispersion_ps_nm, t.causes.isi_db, t.causes.noise_enhancement_db, t.causes.nonlinearity_db,
             t.causes.noise_db, t.causes.interaction_db, t.ceq);
}

/// Limits of a kind in one line: the lane that is worst.
void print_limits(const OpticalReport& r) {
  heading("Limits");
  fmt::print("  {:<30} {:>5} {:>10} {:>4} {:>10} {:<8} {:>9} {:<4}  {:<10}  {}\n", "", "lane", "value", "", "limit", "", "margin", "",
             "confidence", "source");
  std::vector<const LimitResult*> worst;
  for (const LimitResult& l : r.limits) {
    const auto same = std::find_if(worst.begin(), worst.end(), [&](const LimitResult* w) { return w->name == l.name && w->what == l.what; });
    if (same == worst.end()) {
      worst.push_back(&l);
    } else if (l.margin < (*same)->margin) {
      *same = &l;
    }
  }
  for (const LimitResult* l : worst) {
    const bool ber = l->unit.empty();
    fmt::print("  {:<30} {:>5} {:>10} {:>4} {:>10} {:<8} {:>9} {}  {:<10}  {}\n", l->what, l->lane < 0 ? "all" : std::to_string(l->lane),
               ber ? ratio(l->value) : number(l->value), l->upper ? "<=" : ">=", ber ? ratio(l->limit) : number(l->limit), l->unit,
               ber ? "" : number(l->margin), l->informative ? "info" : verdict(l->pass), catalog::name(l->confidence), l->source);
  }
  if (!r.transmitters_measured()) {
    fmt::print("  transmitters were not measured (run.measure = false): their limits are not checked\n");
  }
  if (r.unknown_limits.empty()) return;
  std::string names;
  for (const std::string& name : r.unknown_limits) names += (names.empty() ? "" : ", ") + name;
  fmt::print("  unknown, and so not checked: {}\n", names);
}

void print_breaks_first(const OpticalReport& r) {
  if (r.breaks_first.empty()) return;
  heading(fmt::format("What breaks first (lane {}: margin lost by one standard deviation, or a tenth)", r.worst_lane));
  const std::size_t shown = std::min<std::size_t>(r.breaks_first.size(), 8);
  for (std::size_t i = 0; i < shown; ++i) {
    const Sensitivity& s = r.breaks_first[i];
    fmt::print("  {:<40} {:>12g} {:+.3g} {:<14} {:>8.3f} dB   {:+.3g} dB per {}\n", s.key, s.value, s.step, s.unit, s.margin_change_db,
               s.per_unit_db, s.unit.empty() ? "unit" : s.unit);
  }
}

void print_budget(const OpticalReport& r) {
  const OpticalLaneReport& worst = r.lanes[r.worst_lane];
  heading(fmt::format("Power budget in OMA (lane {})", r.worst_lane));
  fmt::print("  {:<32} {:>8.2f} dBm\n", "launch", worst.transmitter.oma_outer_dbm);
  for (const BudgetStep& step : r.budget) fmt::print("  {:<32} {:>8.2f} dB\n", step.what, -step.db);
  fmt::print("  {:<32} {:>8.2f} dBm\n", "at the receiver", worst.rx_oma_dbm);
  if (std::isfinite(worst.margin_db)) {
    fmt::print("  {:<32} {:>8.2f} dBm\n  {:<32} {:>8.2f} dB\n", "sensitivity", worst.sensitivity_oma_dbm, "margin", worst.margin_db);
  }
  if (!worst.limit || !r.limit_allocation_db) return;
  fmt::print("  of the budget's {:.2f} dB for interference and DGD, DGD takes {:.2f} dB and interference {:.2f} dB\n", *r.limit_allocation_db,
             worst.limit->dgd_db, worst.limit->interference_db);
}

void print_delay_and_power(const OpticalReport& r) {
  heading(fmt::format("Delay, PCS to PCS: {:.1f} ns", r.latency_ns));
  for (const LatencyTerm& term : r.latency) fmt::print("  {:<32} {:>9.1f} ns   {}\n", term.what, term.ns, term.basis);
  heading(fmt::format("Power of a module: {:.2f} W", r.module_power_w));
  for (const PowerTerm& term : r.module_power) {
    fmt::print("  {:<32} {:>9.2f} W    {} ({})\n", term.what, term.w, term.basis, catalog::name(term.confidence));
  }
}

}  // namespace

void print_light(const OpticalReport& report) {
  print_lanes(report);
  print_why(report);
  print_limits(report);
  print_breaks_first(report);
  print_budget(report);
  print_delay_and_power(report);
}

}  // namespace lightlane::cli

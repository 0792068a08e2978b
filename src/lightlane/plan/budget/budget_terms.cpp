#include "lightlane/plan/budget/budget_terms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/closure.hpp"
#include "lightlane/plan/budget/reflections.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

/// Smaller (larger) of those that are known; NaN of none.
double least(double a, double b) { return std::isnan(a) || b < a ? b : a; }
double most(double a, double b) { return std::isnan(a) || b > a ? b : a; }

struct Window {
  double low = 0, high = 0;
};
Window window(const Wavelength& w) {
  return {w.min_nm.value_or(w.nominal_nm), w.max_nm.value_or(w.nominal_nm)};
}

/// Wavelengths that an end sends, by lane.
std::vector<Wavelength> sent(const Pmd& pmd, bool near) {
  std::vector<Wavelength> out;
  for (const Wavelength& w : pmd.wavelengths)
    if (w.end == End::both || (w.end == End::a) == near) out.push_back(w);
  std::stable_sort(out.begin(), out.end(),
                   [](const Wavelength& a, const Wavelength& b) { return a.lane < b.lane; });
  return out;
}

// ---- powers

/// Smallest launch OMA [dBm] of a transmitter of this penalty metric; NaN where unknown.
double launch_oma(const Pmd& pmd, double metric_db, const std::optional<double>& er_db, Ledger& ledger) {
  const TxLimits& tx = pmd.tx;
  const bool low_er =
      er_db && tx.oma_minus_tdecq_min_low_er_dbm && tx.er_threshold_db && *er_db < tx.er_threshold_db->value;
  const double floor = ledger.use(pmd, "tx.oma_outer_min_dbm", tx.oma_outer_min_dbm);
  const double less =
      low_er ? ledger.use(pmd, "tx.oma_minus_tdecq_min_low_er_dbm", tx.oma_minus_tdecq_min_low_er_dbm)
             : ledger.use(pmd, "tx.oma_minus_tdecq_min_dbm", tx.oma_minus_tdecq_min_dbm);
  return most(floor, less + metric_db);
}

/// Sensitivity in OMA [dBm] for a signal of this metric; `clean`: less that metric, which the budget counts
/// as a penalty. NRZ sensitivities are those of a clean signal already.
struct Sensitivity {
  double signal_dbm = NAN, clean_dbm = NAN;
};
Sensitivity sensitivity(const Pmd& pmd, double metric_db, Ledger& ledger) {
  const RxLimits& rx = pmd.rx;
  const double fixed = ledger.use(pmd, "rx.sensitivity_oma_fixed_dbm", rx.sensitivity_oma_fixed_dbm);
  if (!std::isnan(fixed)) return {fixed, fixed};
  const double floor = ledger.use(pmd, "rx.sensitivity_oma_floor_dbm", rx.sensitivity_oma_floor_dbm);
  const double offset =
      ledger.use(pmd, "rx.sensitivity_oma_secq_offset_dbm", rx.sensitivity_oma_secq_offset_dbm);
  const double signal = most(floor, offset + metric_db);
  return {signal, signal - metric_db};
}

struct Powers {
  double launch_dbm = NAN, sensitivity_dbm = NAN, available_db = NAN;
};

/// Falls back on the power budget that the standard prints, which holds within one PMD at the largest metric.
Powers powers(const Pmd& from, const Pmd& to, double metric_db, const std::optional<double>& er_db,
              Ledger& ledger) {
  const Sensitivity rx = sensitivity(to, metric_db, ledger);
  Powers out = {launch_oma(from, metric_db, er_db, ledger), rx.signal_dbm, NAN};
  out.available_db = out.launch_dbm - rx.clean_dbm;
  const bool at_limit = from.tx.tdecq_max_db && from.tx.tdecq_max_db->value == metric_db;
  if (std::isnan(out.available_db) && &from == &to && at_limit)
    out.available_db = ledger.use(from, "budget.power_budget_db", from.budget.power_budget_db);
  return out;
}

/// The standard's allocation for MPI and DGD: penalties less the metric. Where it prints none, what its
/// channel leaves of its power budget.
double allocation(const Pmd& pmd, Ledger& ledger) {
  const double metric = ledger.use(pmd, "tx.tdecq_max_db", pmd.tx.tdecq_max_db);
  if (pmd.budget.penalties_db)
    return std::max(ledger.use(pmd, "budget.penalties_db", pmd.budget.penalties_db) - metric, 0.0);
  Ledger scratch;
  const double available = powers(pmd, pmd, metric, std::nullopt, scratch).available_db;
  const double loss = ledger.use(pmd, "channel.insertion_loss_max_db", pmd.channel.insertion_loss_max_db);
  const double left = available - metric - loss;
  if (std::isnan(left)) return NAN;
  ledger.assume(fmt::format("{}: allocation for MPI and DGD", pmd.id), std::max(left, 0.0), "dB",
                "what the standard's channel leaves of its power budget");
  return std::max(left, 0.0);
}

/// Largest receive power less largest launch power, average and OMA: the smaller of those that are known.
double headroom(const Pmd& from, const Pmd& to, Ledger& ledger) {
  const double average = ledger.use(to, "rx.avg_power_max_dbm", to.rx.avg_power_max_dbm) -
                         ledger.use(from, "tx.avg_power_max_dbm", from.tx.avg_power_max_dbm);
  const double oma = ledger.use(to, "rx.oma_max_dbm", to.rx.oma_max_dbm) -
                     ledger.use(from, "tx.oma_outer_max_dbm", from.tx.oma_outer_max_dbm);
  return least(average, oma);
}

// ---- fibre

double dispersion_ps_nm_per_m(double wavelength_nm, double zero_nm, double slope) {
  const double square = (zero_nm / wavelength_nm) * (zero_nm / wavelength_nm);
  return slope / 4 * wavelength_nm * (1 - square * square) / 1000;
}

/// Range of the dispersion over wavelengths, zero-dispersion wavelengths and slopes.
void fill_dispersion(SegmentTerms& terms, const Fibre& fibre, const Window& w, Ledger& ledger) {
  const Limit& slope = fibre.dispersion_slope_max_ps_nm2_km;
  if (!slope || !fibre.zero_dispersion_min_nm || !fibre.zero_dispersion_max_nm) return;
  ledger.assume(fmt::format("{}: zero dispersion at least", fibre.id), *fibre.zero_dispersion_min_nm, "nm");
  ledger.assume(fmt::format("{}: zero dispersion at most", fibre.id), *fibre.zero_dispersion_max_nm, "nm");
  ledger.assume(fmt::format("{}: dispersion slope at most", fibre.id), *slope, "ps/(nm2 km)");
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double nm : {w.low, w.high}) {
    low = std::min(low, dispersion_ps_nm_per_m(nm, fibre.zero_dispersion_max_nm->value, slope->value));
    high = std::max(high, dispersion_ps_nm_per_m(nm, fibre.zero_dispersion_min_nm->value, slope->value));
  }
  terms.dispersion_min_ps_nm_per_m = low;
  terms.dispersion_max_ps_nm_per_m = high;
}

/// Where the fibre's table has a value within the window, there: the standards reckon their channels with it
/// over the whole window. Else both edges.
std::vector<double> attenuation_wavelengths_nm(const Fibre& fibre, const Window& w) {
  for (const catalog::Attenuation& entry : fibre.attenuation)
    if (entry.wavelength_nm >= w.low && entry.wavelength_nm <= w.high) return {entry.wavelength_nm};
  return {w.low, w.high};
}

SegmentTerms segment_terms(const Segment& segment, const Wavelength& wavelength, Attenuation which,
                           Ledger& ledger) {
  const Window w = window(wavelength);
  SegmentTerms terms;
  if (segment.attenuation_db_per_km) {
    terms.loss_db_per_m = terms.least_loss_db_per_m = *segment.attenuation_db_per_km / 1000;
  } else {
    double most_loss = 0, least_loss = std::numeric_limits<double>::infinity();
    for (const double nm : attenuation_wavelengths_nm(*segment.fibre, w)) {
      const Limit loss = attenuation_db_per_km(*segment.fibre, nm, which);
      const Limit lowest = attenuation_db_per_km(*segment.fibre, nm, Attenuation::typical);
      if (!loss || !lowest) continue;
      if (loss->value > most_loss) most_loss = loss->value;
      least_loss = std::min({least_loss, lowest->value, loss->value});
    }
    const Limit at_nominal = attenuation_db_per_km(*segment.fibre, wavelength.nominal_nm, which);
    LIGHTLANE_ASSERT(at_nominal.has_value());  // completed() has seen to it
    if (!(least_loss < std::numeric_limits<double>::infinity())) most_loss = least_loss = at_nominal->value;
    ledger.assume(
        fmt::format("{}: attenuation ({}) at {:g} nm", segment.fibre->id, name(which), wavelength.nominal_nm),
        *at_nominal, "dB/km");
    terms.loss_db_per_m = most_loss / 1000;
    terms.least_loss_db_per_m = least_loss / 1000;
  }
  if (segment.fibre->kind == FibreKind::single_mode) fill_dispersion(terms, *segment.fibre, w, ledger);
  return terms;
}

/// The dispersion that the transmitter's metric contains: the standard's compliance fibre.
void fill_rated_dispersion(LaneTerms& terms, const Pmd& from, const Fibre& fibre, const Window& w) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  terms.rated_dispersion_min_ps_nm = -infinite;
  terms.rated_dispersion_max_ps_nm = infinite;
  if (from.fibre == FibreKind::multimode) return;
  const double reach = rated_reach_m(from, fibre).value_or(0);
  terms.rated_dispersion_min_ps_nm =
      std::min({limit_dispersion_min_ps_nm(w.low, reach), limit_dispersion_min_ps_nm(w.high, reach), 0.0});
  terms.rated_dispersion_max_ps_nm =
      std::max({limit_dispersion_max_ps_nm(w.low, reach), limit_dispersion_max_ps_nm(w.high, reach), 0.0});
}

// ---- reflections

/// The penalty of reflections that the standard's channel would not have; 0 within it.
double reflections_db(const Question& q, const Pmd& from, const Pmd& to, std::vector<std::string>& unknown,
                      Ledger& ledger) {
  constexpr double counted_db = -55;
  std::vector<double> all;
  int count = 0;
  double worst = -200;
  for (const Joint& joint : joints(q)) {
    if (joint.type->kind == JointKind::splice || joint.count == 0) continue;
    std::optional<double> reflectance = joint.reflectance_db;
    if (!reflectance) {
      const Limit& own = joint.type->reflectance_max_db ? joint.type->reflectance_max_db
                                                        : joint.type->reflectance_typical_db;
      if (!own) {
        ledger.assume(fmt::format("{}: reflectance unknown, taken as within the standard's", joint.type->id),
                      counted_db, "dB");
        continue;
      }
      ledger.assume(fmt::format("reflectance of {}", joint.type->id), *own, "dB");
      reflectance = own->value;
    }
    all.insert(all.end(), static_cast<std::size_t>(*joint.count), *reflectance);
    if (*reflectance <= counted_db) continue;
    count += *joint.count;
    worst = std::max(worst, *reflectance);
  }
  if (count == 0) return 0;
  double allowed = NAN;
  for (const Pmd* pmd : {&from, &to}) {
    allowed = least(allowed, ledger.use(*pmd, fmt::format("channel.discrete_reflectance_max_db ({})", count),
                                        pmd->channel.discrete_reflectance_max(count)));
  }
  if (std::isnan(allowed)) {
    ledger.assume("reflectances: the standard's limits are unknown, its allocation is taken to cover them",
                  count, "pairs");
    return 0;
  }
  if (worst <= allowed) return 0;
  ledger.reasons.push_back(
      {"REFLECTANCE",
       fmt::format("{} joint{} reflect{} up to {:g} dB, the standard allows {:g} dB each", count,
                   count == 1 ? "" : "s", count == 1 ? "s" : "", worst, allowed),
       fmt::format("joints of at most {:g} dB", allowed)});
  const double er =
      q.extinction_ratio_db ? *q.extinction_ratio_db : ledger.use(from, "tx.er_min_db", from.tx.er_min_db);
  const double tx = ledger.use(from, "tx.reflectance_max_db", from.tx.reflectance_max_db);
  const double rx = ledger.use(to, "rx.reflectance_max_db", to.rx.reflectance_max_db);
  if (std::isnan(er)) unknown.push_back(fmt::format("{} tx.er_min_db", from.id));
  if (!std::isnan(tx)) all.push_back(tx);
  if (!std::isnan(rx)) all.push_back(rx);
  return std::isnan(er) ? NAN : worst_mpi_penalty_db(all, er, from.modulation == LineCode::nrz ? 2 : 4);
}

// ---- one direction

void check_dgd(const Question& q, DirectionTerms& out, Ledger& ledger) {
  constexpr double largest_over_mean = 3.75;  // exceeded with a probability of 8e-8 (Maxwell)
  double square = 0, worst = 0;
  for (const Segment& segment : q.segments) {
    const Limit& pmd = segment.fibre->pmd_max_ps_sqrt_km;
    if (!pmd) continue;
    square += pmd->value * pmd->value * *segment.length_m / 1000;
    worst = std::max(worst, pmd->value);
  }
  const double dgd = largest_over_mean * std::sqrt(square);
  const double allowed = ledger.use(*out.from, "channel.dgd_max_ps", out.from->channel.dgd_max_ps);
  if (worst > 0 && allowed > 0) {
    const double root_km = allowed / largest_over_mean / worst;
    out.reach_limit_m = std::min(out.reach_limit_m, root_km * root_km * 1000);
  }
  if (dgd > allowed) {
    out.unknown_penalties.push_back(fmt::format(
        "the penalty of a DGD of {:.2f} ps: {} is specified up to {:g} ps", dgd, out.from->id, allowed));
  }
}

void check_modal_bandwidth(const Question& q, DirectionTerms& out) {
  if (out.from->fibre != FibreKind::multimode) return;
  double used = 0;  // share of the reach, fibre by fibre
  for (const Segment& segment : q.segments) {
    const auto reach = rated_reach_m(*out.from, *segment.fibre);
    if (!reach) {
      out.unknown_penalties.push_back(fmt::format("the reach of {} on {}", out.from->id, segment.fibre->id));
      out.reach_limit_m = 0;
      return;
    }
    used += *segment.length_m / *reach;
    out.reach_limit_m = std::min(out.reach_limit_m, *reach);
  }
  if (used > 1 + 1e-9) {
    out.unknown_penalties.push_back(
        fmt::format("the penalty of modal bandwidth beyond the reach of {}", out.from->id));
  }
}

DirectionTerms direction(const Question& q, bool there, Ledger& ledger) {
  const Pmd& from = there ? *q.near : *q.far;
  const Pmd& to = there ? *q.far : *q.near;
  DirectionTerms out;
  out.from = &from;
  out.to = &to;
  const auto need = [&](double value, const Pmd& pmd, std::string_view key) {
    if (std::isnan(value)) out.unknown.push_back(fmt::format("{} {}", pmd.id, key));
    return value;
  };
  if (from.coherent()) {
    out.unknown.push_back(
        fmt::format("{} is coherent: limits of OSNR and received power, not of OMA", from.id));
    return out;
  }
  const double limit = ledger.use(from, "tx.tdecq_max_db", from.tx.tdecq_max_db);
  const double metric = need(q.metric_db.value_or(limit), from, "tx.tdecq_max_db");
  if (!q.metric_db && limit == limit)
    ledger.assume(fmt::format("{}: {}, the limit", from.id, metric_name(from)), limit, "dB");
  const Powers power = powers(from, to, metric, q.extinction_ratio_db, ledger);
  out.launch_oma_dbm = power.launch_dbm;
  out.sensitivity_dbm = power.sensitivity_dbm;
  if (std::isnan(power.available_db)) {
    if (metric == metric) need(power.launch_dbm, from, "tx.oma_outer_min_dbm");
    if (std::isnan(power.sensitivity_dbm)) need(NAN, to, "rx.sensitivity_oma");
  }
  if (to.rx.secq_db && metric > to.rx.secq_db->value && !to.rx.sensitivity_oma_fixed_dbm) {
    ledger.assume(
        fmt::format("{}: sensitivity rule beyond the {:g} dB of its test, to", to.id, to.rx.secq_db->value),
        metric, "dB", "extrapolated");
  }
  const double mpi_dgd = most(need(allocation(from, ledger), from, "budget.penalties_db"),
                              &from == &to ? NAN : need(allocation(to, ledger), to, "budget.penalties_db"));
  const double head = headroom(from, to, ledger);
  if (std::isnan(head)) {
    out.unknown_headroom = fmt::format(
        "{} rx.avg_power_max_dbm or {} tx.avg_power_max_dbm, and the same of OMA", to.id, from.id);
  }

  const std::vector<Wavelength> waves = sent(from, there);
  if (waves.empty()) out.unknown.push_back(fmt::format("{} wavelengths", from.id));
  for (const Wavelength& wave : waves) {
    for (const Segment& segment : q.segments)
      out.segments.push_back(segment_terms(segment, wave, q.attenuation, ledger));
  }
  for (std::size_t i = 0; i < waves.size(); ++i) {
    LaneTerms lane;
    lane.available_db = power.available_db;
    lane.metric_db = metric;
    lane.allocation_db = mpi_dgd;
    lane.headroom_db = head;
    fill_rated_dispersion(lane, from, *q.segments.front().fibre, window(waves[i]));
    lane.phase_per_ps_nm = phase_per_ps_nm(waves[i].nominal_nm, from.lane_rate_gbd);
    lane.segments = std::span(out.segments).subspan(i * q.segments.size(), q.segments.size());
    out.lanes.push_back(lane);
    out.lane_numbers.push_back(waves[i].lane);
    out.nominal_nm.push_back(waves[i].nominal_nm);
  }
  for (const Joint& joint : joints(q)) out.plant.joints_db += *joint.count * *joint.loss_db;
  out.plant.attenuators_db = q.attenuators_db;
  out.plant.ageing_db = q.ageing_db;
  out.plant.engineering_db = q.engineering_margin_db;
  out.plant.mpi_db = reflections_db(q, from, to, out.unknown, ledger);
  out.reach_limit_m = std::numeric_limits<double>::infinity();
  check_dgd(q, out, ledger);
  check_modal_bandwidth(q, out);
  return out;
}

}  // namespace

std::string metric_name(const Pmd& pmd) {
  std::string out(name(pmd.tx.penalty_metric));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

namespace {

/// Lanes of one wavelength each, in the order of their first ones.
std::vector<Wavelength> colours(const std::vector<Wavelength>& lanes) {
  std::vector<Wavelength> out;
  for (const Wavelength& lane : lanes) {
    const auto same = [&](const Wavelength& other) { return other.nominal_nm == lane.nominal_nm; };
    if (std::none_of(out.begin(), out.end(), same)) out.push_back(lane);
  }
  return out;
}

}  // namespace

bool wavelength_multiplexed(const Pmd& pmd) {
  return std::any_of(pmd.wavelengths.begin(), pmd.wavelengths.end(), [&](const Wavelength& w) {
    return w.nominal_nm != pmd.wavelengths.front().nominal_nm && w.end == pmd.wavelengths.front().end;
  });
}

std::vector<Reason> incompatibilities(const Pmd& from, const Pmd& to) {
  std::vector<Reason> out;
  const auto differ = [&](std::string_view code, const std::string& a, const std::string& b) {
    out.push_back({code, fmt::format("{} is {}, {} is {}", from.id, a, to.id, b), "", Severity::refusal});
  };
  if (from.fibre != to.fibre)
    differ("MEDIA_KIND", fmt::format("for {}", shown(from.fibre)), fmt::format("for {}", shown(to.fibre)));
  if (from.modulation != to.modulation)
    differ("MODULATION", std::string(shown(from.modulation)), std::string(shown(to.modulation)));
  if (from.lane_rate_gbd != to.lane_rate_gbd)
    differ("BAUD", fmt::format("{:.7g} GBd a lane", from.lane_rate_gbd),
           fmt::format("{:.7g} GBd", to.lane_rate_gbd));
  if (&from == &to || from.fibre != to.fibre) return out;
  const bool coloured = wavelength_multiplexed(from) || wavelength_multiplexed(to);
  std::vector<Wavelength> a = sent(from, true), b = sent(to, true);
  if (a.size() != b.size() && coloured) {
    // The same few wavelengths on more fibres: 400GBASE-SR4.2 is four times 100G-SR1.2.
    const std::vector<Wavelength> few = colours(a), few_too = colours(b);
    if (few.size() > 1 && few.size() == few_too.size()) {
      a = few;
      b = few_too;
    }
  }
  if (coloured && a.size() != b.size())
    differ("LANE_COUNT", fmt::format("of {} wavelengths", a.size()), fmt::format("of {}", b.size()));
  if (from.single_fibre_bidirectional != to.single_fibre_bidirectional) {
    const Pmd& one = from.single_fibre_bidirectional ? from : to;
    out.push_back({"WAVELENGTH",
                   fmt::format("{} sends and listens at different wavelengths on one fibre", one.id), "",
                   Severity::refusal});
    return out;
  }
  for (std::size_t i = 0; i < a.size() && !b.empty(); ++i) {
    constexpr double slack_nm = 0.05;
    const Window tx = window(a[i]), rx = window(b[i % b.size()]);
    const bool overlap = tx.low <= rx.high + slack_nm && rx.low <= tx.high + slack_nm;
    const bool inside = tx.low >= rx.low - slack_nm && tx.high <= rx.high + slack_nm;
    if (coloured ? inside : overlap) continue;
    out.push_back({"WAVELENGTH",
                   fmt::format("lane {} of {} sends at {:g} to {:g} nm, {} listens at {:g} to {:g} nm",
                               a[i].lane, from.id, tx.low, tx.high, to.id, rx.low, rx.high),
                   "", Severity::refusal});
    break;
  }
  return out;
}

LinkTerms resolve(const Question& question, Ledger& ledger) {
  LinkTerms out;
  out.question = completed(question, ledger);
  const Question& q = out.question;
  for (const Segment& segment : q.segments) out.lengths_m.push_back(*segment.length_m);
  for (const Segment& segment : q.segments) {
    for (const Pmd* pmd : {q.near, q.far}) {
      const auto reach = rated_reach_m(*pmd, *segment.fibre);
      if (reach) out.rated_reach_m = std::min(*reach, out.rated_reach_m.value_or(*reach));
    }
  }
  out.there = direction(q, true, ledger);
  out.back = direction(q, false, ledger);
  return out;
}

}  // namespace lightlane::plan

#include "lightlane/plan/budget/budget.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

constexpr double rounding_db = 1e-9;  // 3.0 dB of loss meets a limit of 3.0 dB, whatever the binary fractions

std::optional<double> known(double value) { return std::isnan(value) ? std::nullopt : std::optional(value); }

void add(std::vector<Reason>& reasons, std::string_view code, std::string text, std::string cure,
         Severity severity = Severity::condition) {
  const bool there = std::any_of(reasons.begin(), reasons.end(),
                                 [&](const Reason& r) { return r.code == code && r.text == text; });
  if (!there) reasons.push_back({code, std::move(text), std::move(cure), severity});
}

/// Total length at which the margin is used up, the longest segment lengthened or shortened.
std::optional<double> power_reach_m(const DirectionTerms& terms, std::vector<double> lengths_m) {
  constexpr double longest_m = 1e6;
  const auto segment = std::max_element(lengths_m.begin(), lengths_m.end());
  const auto margin = [&](double length) {
    *segment = length;
    return evaluate_worst(terms.lanes, terms.plant, lengths_m).budget.margin_db;
  };
  double others = 0;
  for (auto it = lengths_m.begin(); it != lengths_m.end(); ++it)
    if (it != segment) others += *it;
  double low = 0, high = longest_m;
  const double best = margin(0);
  if (std::isnan(best)) return std::nullopt;
  if (best < -rounding_db) return 0.0;
  if (margin(high) >= 0) return others + high;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (margin(middle) >= -rounding_db ? low : high) = middle;
  }
  return others + low;
}

void fill_parts(Direction& out, const DirectionTerms& terms, const Question& q, const WorstLane& found) {
  const LaneTerms& lane = terms.lanes[found.lane];
  const LaneBudget& worst = found.budget;
  for (std::size_t i = 0; i < q.segments.size(); ++i) {
    const Segment& segment = q.segments[i];
    const double per_m = lane.segments[i].loss_db_per_m;
    out.losses.push_back({std::string(segment.fibre->id), per_m * *segment.length_m,
                          fmt::format("{:g} m of {:.4g} dB/km", *segment.length_m, per_m * 1000)});
  }
  for (const Joint& joint : joints(q)) {
    if (*joint.count == 0) continue;
    out.losses.push_back({std::string(joint.type->id), *joint.count * *joint.loss_db,
                          fmt::format("{} of {:g} dB", *joint.count, *joint.loss_db)});
  }
  if (q.attenuators_db > 0) out.losses.push_back({"attenuator", q.attenuators_db, ""});

  const auto penalty = [&](std::string text, double db, std::string detail) {
    if (!std::isnan(db)) out.penalties.push_back({std::move(text), db, std::move(detail)});
  };
  penalty(metric_name(*terms.from), lane.metric_db,
          q.metric_db ? "as given" : "the limit; with dispersion up to the rated reach");
  const bool beyond = terms.plant.mpi_db > lane.allocation_db;
  penalty("MPI and DGD", worst.mpi_dgd_db,
          beyond ? "worst case of these reflections, beyond the standard's" : "the standard's allocation");
  penalty("dispersion", worst.dispersion_db,
          worst.dispersion_db > 0 ? "beyond the rated reach; an estimate" : "within the rated reach");
  penalty("ageing and repairs", terms.plant.ageing_db, "");
  penalty("engineering margin", terms.plant.engineering_db, "");
}

/// The standard's channel on these fibres, the smallest of them.
double channel_loss_max(const Pmd& pmd, const Question& q, Ledger& ledger) {
  double out = NAN;
  for (const Segment& segment : q.segments) {
    const ChannelLimits& c = pmd.channel;
    const bool om3 = segment.fibre->id == "OM3", om4 = segment.fibre->id == "OM4",
               om5 = segment.fibre->id == "OM5";
    double loss = NAN;
    if (om3) loss = ledger.use(pmd, "channel.insertion_loss_om3_max_db", c.insertion_loss_om3_max_db);
    if (om4) loss = ledger.use(pmd, "channel.insertion_loss_om4_max_db", c.insertion_loss_om4_max_db);
    if (om5) loss = ledger.use(pmd, "channel.insertion_loss_om5_max_db", c.insertion_loss_om5_max_db);
    if (std::isnan(loss)) loss = ledger.use(pmd, "channel.insertion_loss_max_db", c.insertion_loss_max_db);
    if (!(out <= loss)) out = loss;
  }
  return out;
}

void fill_powers(Direction& out, const DirectionTerms& terms, const Question& q, Ledger& ledger) {
  const Pmd &from = *terms.from, &to = *terms.to;
  out.oma.launch_dbm = known(terms.launch_oma_dbm);
  out.oma.receive_dbm = known(terms.launch_oma_dbm - out.loss_db);
  out.oma.sensitivity_dbm = known(terms.sensitivity_dbm);
  const double er_db =
      q.extinction_ratio_db ? *q.extinction_ratio_db : ledger.use(from, "tx.er_min_db", from.tx.er_min_db);
  const double er = math::from_db(er_db);
  out.oma.launch_average_dbm = known(terms.launch_oma_dbm + math::to_db((er + 1) / (2 * (er - 1))));

  const double launch = ledger.use(from, "tx.avg_power_min_dbm", from.tx.avg_power_min_dbm);
  const double receive = ledger.use(to, "rx.avg_power_min_dbm", to.rx.avg_power_min_dbm);
  out.average = {known(launch), known(launch - out.loss_db), known(receive),
                 known(launch - out.loss_db - receive)};
  for (const Pmd* pmd : {&from, &to}) {
    const double loss = channel_loss_max(*pmd, q, ledger);
    if (!std::isnan(loss)) out.channel_loss_max_db = std::min(loss, out.channel_loss_max_db.value_or(loss));
  }
}

Direction answer(const LinkTerms& link, const DirectionTerms& terms, Ledger& ledger) {
  Direction out;
  out.from = terms.from;
  out.to = terms.to;
  out.unknown = terms.unknown;
  if (terms.lanes.empty()) return out;
  std::vector<LaneBudget> lanes(terms.lanes.size());
  const WorstLane worst = evaluate_worst(terms.lanes, terms.plant, link.lengths_m, lanes.data());
  out.limiting_lane = terms.lane_numbers[worst.lane];
  out.loss_db = worst.budget.loss_db;
  out.available_db = known(terms.lanes[worst.lane].available_db);
  out.overload_margin_db = known(worst.overload_margin_db);
  const bool all_known = terms.unknown.empty() && terms.unknown_penalties.empty();
  out.unknown.insert(out.unknown.end(), terms.unknown_penalties.begin(), terms.unknown_penalties.end());
  if (terms.unknown.empty()) out.margin_at_most_db = known(worst.budget.margin_db);
  if (!terms.unknown_headroom.empty()) out.unknown.push_back(terms.unknown_headroom);
  if (all_known) {
    out.penalties_db = known(worst.budget.penalties_db);
    out.margin_db = known(worst.budget.margin_db);
  }
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    LaneLine line = {terms.lane_numbers[i],
                     terms.nominal_nm[i],
                     lanes[i].loss_db,
                     lanes[i].penalties_db,
                     std::nullopt,
                     known(lanes[i].overload_margin_db),
                     0,
                     0};
    if (all_known) line.margin_db = known(lanes[i].margin_db);
    for (std::size_t s = 0; s < link.lengths_m.size(); ++s) {
      line.dispersion_min_ps_nm += terms.lanes[i].segments[s].dispersion_min_ps_nm_per_m * link.lengths_m[s];
      line.dispersion_max_ps_nm += terms.lanes[i].segments[s].dispersion_max_ps_nm_per_m * link.lengths_m[s];
    }
    out.lanes.push_back(line);
  }
  fill_parts(out, terms, link.question, worst);
  fill_powers(out, terms, link.question, ledger);
  if (terms.unknown.empty()) {
    out.reach_m = power_reach_m(terms, link.lengths_m);
    if (out.reach_m) out.reach_m = std::min(*out.reach_m, terms.reach_limit_m);
  }
  return out;
}

std::string arrow(const Direction& d) { return fmt::format("{} to {}", d.from->id, d.to->id); }

void judge_direction(Budget& out, const Direction& d, const Question& q) {
  if (d.margin_at_most_db && *d.margin_at_most_db < -rounding_db) {
    const char* least = d.margin_db ? "" : "at least ";
    add(out.reasons, "LOSS", fmt::format("{}: {}{:.2f} dB short", arrow(d), least, -*d.margin_at_most_db),
        fmt::format("{}{:.2f} dB less loss", least, -*d.margin_at_most_db), Severity::refusal);
  } else if (d.channel_loss_max_db && d.loss_db > *d.channel_loss_max_db + rounding_db) {
    add(out.reasons, "CHANNEL_LOSS",
        fmt::format("{}: {:.2f} dB of loss, the standard's channel has {:g} dB", arrow(d), d.loss_db,
                    *d.channel_loss_max_db),
        fmt::format("{:.2f} dB less loss", d.loss_db - *d.channel_loss_max_db));
  }
  if (d.overload_margin_db && *d.overload_margin_db < -rounding_db) {
    const double needed = -*d.overload_margin_db;
    const bool fits = !d.margin_db || *d.margin_db >= needed - rounding_db;
    add(out.reasons, "OVERLOAD",
        fmt::format("{}: up to {:.2f} dB more power than the receiver may get", arrow(d), needed),
        fits ? fmt::format("an attenuator of {:.2f} dB or more in this direction", needed) : "",
        fits ? Severity::condition : Severity::refusal);
  }
  if (q.metric_db && d.from->tx.tdecq_max_db && *q.metric_db > d.from->tx.tdecq_max_db->value + rounding_db) {
    add(out.reasons, "TRANSMITTER",
        fmt::format("{}: a penalty of {:g} dB exceeds the {:g} dB of the standard", d.from->id, *q.metric_db,
                    d.from->tx.tdecq_max_db->value),
        "");
  }
  for (const std::string& what : d.unknown)
    add(out.reasons, "UNKNOWN", fmt::format("{}: unknown: {}", arrow(d), what), "", Severity::unknown);
}

void judge(Budget& out, const Question& q) {
  for (const Direction& d : out.directions) judge_direction(out, d, q);
  if (out.rated_reach_m && out.length_m > *out.rated_reach_m * (1 + 1e-12)) {
    add(out.reasons, "REACH",
        fmt::format("{:g} m is longer than the reach of {:g} m", out.length_m, *out.rated_reach_m),
        fmt::format("at most {:g} m, or a longer-reach type", *out.rated_reach_m));
  }
  const Severity severity = worst(out.reasons);
  out.verdict = severity == Severity::refusal     ? Verdict::fail
                : severity == Severity::unknown   ? Verdict::unknown
                : severity == Severity::condition ? Verdict::conditional
                                                  : Verdict::pass;
}

}  // namespace

std::string_view name(Verdict verdict) noexcept {
  constexpr std::string_view names[] = {"pass", "conditional", "fail", "unknown"};
  return names[static_cast<int>(verdict)];
}

Budget budget(const Question& question) {
  Budget out;
  out.near = question.near;
  out.far = question.far != nullptr ? question.far : question.near;
  out.reasons = incompatibilities(*out.near, *out.far);
  if (!out.reasons.empty()) {
    out.verdict = Verdict::fail;
    return out;
  }
  Ledger ledger;
  const LinkTerms link = resolve(question, ledger);
  for (const double length : link.lengths_m) out.length_m += length;
  out.rated_reach_m = link.rated_reach_m;
  out.reach_m = link.rated_reach_m;
  for (const DirectionTerms* terms : {&link.there, &link.back}) {
    out.directions.push_back(answer(link, *terms, ledger));
    const auto& reach = out.directions.back().reach_m;
    if (!reach) {
      out.reach_m.reset();
    } else if (out.reach_m) {
      out.reach_m = std::min(*out.reach_m, *reach);
    }
  }
  for (Reason& reason : ledger.reasons)
    add(out.reasons, reason.code, std::move(reason.text), std::move(reason.cure));
  if (question.yield) out.yield = yield(link, question, *question.yield, ledger);
  if (question.ageing_db == 0) ledger.assume("ageing and repairs", 0, "dB");
  if (question.engineering_margin_db == 0) ledger.assume("engineering margin", 0, "dB");
  ledger.assume("least loss: joints", 0, "dB", "default, for overload");
  out.assumed = std::move(ledger.assumed);
  out.limits = std::move(ledger.limits);
  for (const UsedLimit& limit : out.limits) out.confidence = std::min(out.confidence, limit.confidence);
  judge(out, link.question);
  return out;
}

}  // namespace lightlane::plan

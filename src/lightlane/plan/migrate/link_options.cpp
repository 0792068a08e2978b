#include "lightlane/plan/migrate/link_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

bool works(InteropVerdict verdict) {
  return verdict == InteropVerdict::ok || verdict == InteropVerdict::conditional;
}

/// The link with other ends, in the ports that it gets.
struct Trial {
  InteropQuestion question;
  Interop answer;
  std::optional<double> margin_db;
};

std::optional<double> least_margin_db(const Interop& answer) {
  std::optional<double> out;
  if (!answer.budget) return out;
  for (const Direction& d : answer.budget->directions) {
    if (!d.margin_db) return std::nullopt;
    out = std::min(*d.margin_db, out.value_or(*d.margin_db));
  }
  return out;
}

std::optional<Trial> attempt(InteropQuestion q) {
  Trial out;
  try {
    out.answer = interop(q);
  } catch (const ConfigError&) {  // the plant does not carry its wavelengths
    return std::nullopt;
  }
  out.margin_db = least_margin_db(out.answer);
  out.question = std::move(q);
  return out;
}

void seat(LinkEnd& end, const MigrationQuestion& q, const std::string& device) {
  if (const NewSeat* at = new_seat(q, device)) {
    end.port_mode.clear();
    end.fec.reset();
    plug_into(end, at->seat, "switch.seat");
  }
}

std::vector<LinkEnd> types_of_rate(int gbps) {
  std::vector<LinkEnd> out;
  for (const Pmd& pmd : pmds()) {
    if (pmd.rate_gbps != gbps) continue;
    bool any = false;
    for (const Module& module : modules()) {
      // A module of several ports needs a port that is as fast, and shares its ports out: no like for like.
      if (find_pmd(module.pmd) != &pmd || (module.ports && module.ports->value > 1)) continue;
      any = true;
      out.emplace_back();
      out.back().pmd = &pmd;
      out.back().module = &module;
    }
    if (any) continue;
    out.emplace_back();
    out.back().pmd = &pmd;
  }
  return out;
}

/// Verdict, price, what can be bought as a module of the catalogue, power, then the larger margin.
bool better(const Trial& x, const LinkEnd& of_x, const Trial& y, const LinkEnd& of_y,
            const std::vector<Price>& prices) {
  if (x.answer.verdict != y.answer.verdict) return x.answer.verdict < y.answer.verdict;
  constexpr double unknown = std::numeric_limits<double>::infinity();
  const double cost_x = price_of(of_x, prices).value_or(unknown),
               cost_y = price_of(of_y, prices).value_or(unknown);
  if (cost_x != cost_y) return cost_x < cost_y;
  if ((of_x.module != nullptr) != (of_y.module != nullptr)) return of_x.module != nullptr;
  const double watts_x = end_watts(of_x).value_or(1e9), watts_y = end_watts(of_y).value_or(1e9);
  if (watts_x != watts_y) return watts_x < watts_y;
  return x.margin_db.value_or(-1e9) > y.margin_db.value_or(-1e9);
}

void replace(LinkEnd& end, const LinkEnd& type) {
  end.pmd = type.pmd;
  end.module = type.module;
  end.fec.reset();
  end.port_mode.clear();
}

/// New modules of the target rate at both ends. `same_plant`: what they plug into has to be what is there.
std::optional<Trial> new_optics(const MigrationQuestion& q, const InteropQuestion& now, bool same_plant) {
  std::optional<Trial> best;
  for (const LinkEnd& type : types_of_rate(q.target_gbps)) {
    const Pmd& old = *now.a.pmd;
    if (same_plant && (type.pmd->connector != old.connector || type.pmd->fibre_count > old.fibre_count ||
                       type.pmd->fibre != old.fibre || type.pmd->polish != old.polish))
      continue;
    InteropQuestion trial = now;
    replace(trial.a, type);
    replace(trial.b, type);
    if (!same_plant) {  // terminated anew: what is there now says nothing of it
      trial.path.clear();
      trial.plant.connectors.reset();
      if (!trial.plant.segments.empty() && type.pmd->fibre != old.fibre)
        trial.plant.segments[0].fibre = nullptr;
    }
    const auto result = attempt(std::move(trial));
    if (!result || !works(result->answer.verdict) || result->answer.children != 1) continue;
    if (!best || better(*result, type, *best, best->question.a, q.prices)) best = result;
  }
  return best;
}

/// A faster module at one end, of which the other end, as it is, takes a lane or some.
std::optional<Trial> breakout(const MigrationQuestion& q, const InteropQuestion& now, bool at_a) {
  std::optional<Trial> best;
  for (const LinkEnd& type : types_of_rate(q.target_gbps)) {
    InteropQuestion trial = now;
    replace(at_a ? trial.a : trial.b, type);
    trial.path.clear();
    const auto result = attempt(std::move(trial));
    if (!result || !works(result->answer.verdict) || result->answer.children < 2) continue;
    if (!(at_a ? result->answer.a_breaks_out : result->answer.b_breaks_out)) continue;
    const LinkEnd& held = best && at_a ? best->question.a : best ? best->question.b : type;
    if (!best || better(*result, type, *best, held, q.prices)) best = result;
  }
  return best;
}

/// Coherent types that get so far with amplifiers: a hint, since their OSNR decides.
std::string amplified_way(int gbps, const InteropQuestion& now) {
  double length_m = 0;
  for (const Segment& segment : now.plant.segments) length_m += segment.length_m.value_or(0);
  for (const Pmd& pmd : pmds()) {
    if (pmd.rate_gbps != gbps || !pmd.coherent() || length_m <= 0) continue;
    for (const Reach& reach : pmd.reach)
      if (reach.length_m.value >= length_m)
        return fmt::format(" ({} goes {:g} m on {}; its OSNR decides)", pmd.id, reach.length_m.value,
                           reach.fibre);
  }
  return "";
}

void adopt(LinkMove& move, const Trial& trial, MoveKind kind, double gbps, std::string why) {
  move.kind = kind;
  move.a_changes = trial.question.a.pmd != move.a.pmd || trial.question.a.module != move.a.module;
  move.b_changes = trial.question.b.pmd != move.b.pmd || trial.question.b.module != move.b.module;
  move.a = trial.question.a;
  move.b = trial.question.b;
  move.after = trial.answer.verdict;
  move.after_reasons = trial.answer.reasons;
  move.children = trial.answer.children;
  move.margin_db = trial.margin_db;
  move.gbps_after = gbps;
  move.why = std::move(why);
}

void bond(LinkMove& move, int links, std::string why) {
  move.kind = MoveKind::bond;
  move.links = links;
  move.gbps_after = links * move.gbps_before;
  move.why = std::move(why);
}

}  // namespace

const NewSeat* new_seat(const MigrationQuestion& q, const std::string& device) {
  for (const NewSeat& at : q.seats) {
    const bool prefix = at.device.ends_with('*');
    if (prefix ? device.starts_with(std::string_view(at.device).substr(0, at.device.size() - 1))
               : device == at.device)
      return &at;
  }
  return nullptr;
}

bool replaced(const MigrationQuestion& q, const std::string& device) {
  return q.seats.empty() || new_seat(q, device) != nullptr;
}

std::optional<double> end_watts(const LinkEnd& end) {
  const auto value = [](const Limit& limit) { return limit ? std::optional(limit->value) : std::nullopt; };
  if (end.module != nullptr && end.module->power_typical_w) return value(end.module->power_typical_w);
  if (end.pmd != nullptr && end.pmd->power.typical_w) return value(end.pmd->power.typical_w);
  if (end.module != nullptr && end.module->power_max_w) return value(end.module->power_max_w);
  return end.pmd != nullptr ? value(end.pmd->power.max_w) : std::nullopt;
}

std::string part_name(const LinkEnd& end) {
  return std::string(end.module != nullptr ? end.module->id : end.pmd->id);
}

LinkMove plan_link(const MigrationQuestion& q, const InventoryLink& link, const AllowedMoves& allowed,
                   std::map<std::string, std::size_t>& assumed) {
  LinkMove move;
  move.link = link;
  InteropQuestion now;
  try {
    now = question_of(link, q.defaults, assumed);
    const Interop before = interop(now);
    move.before = before.verdict;
    move.before_reasons = before.reasons;
  } catch (const ConfigError& error) {
    move.before_reasons = {{"ROW", error.what(), "", Severity::unknown}};
    move.after_reasons = move.before_reasons;
    move.why = "what it is now is not known";
    return move;
  }
  move.a = move.a_before = now.a;
  move.b = move.b_before = now.b;
  move.gbps_before = move.gbps_after = std::min(now.a.pmd->rate_gbps, now.b.pmd->rate_gbps);
  move.gbps_needed = growth(q.growth, move.gbps_before, q.years);
  seat(now.a, q, link.a.device);
  seat(now.b, q, link.b.device);
  if (const auto kept = attempt(now)) adopt(move, *kept, MoveKind::keep, move.gbps_before, "");
  const bool enough = move.gbps_needed <= move.gbps_before * (1 + 1e-9);
  const bool new_a = replaced(q, link.a.device), new_b = replaced(q, link.b.device);
  if (move.gbps_before >= q.target_gbps) {
    move.why = fmt::format("carries {:g} Gb/s already", move.gbps_before);
    return move;
  }
  if (move.before == InteropVerdict::no) {
    move.why = "does not work by the standards as it is: mend it, or its entry, before it is moved";
    return move;
  }
  if (enough) {
    move.why = fmt::format("{:g} Gb/s are enough for {:.0f}", move.gbps_before, move.gbps_needed);
    return move;
  }
  if (allowed.optics && new_a && new_b) {
    if (const auto trial = new_optics(q, now, true)) {
      adopt(move, *trial, MoveKind::optics, q.target_gbps,
            fmt::format("{} over the fibre that is there", trial->question.a.pmd->id));
      return move;
    }
  }
  if (allowed.breakout && new_a != new_b) {
    if (const auto trial = breakout(q, now, new_a)) {
      adopt(move, *trial, MoveKind::breakout, move.gbps_before,
            fmt::format("{} at {} feeds {} x {}; {} stays as it is",
                        (new_a ? trial->question.a : trial->question.b).pmd->id,
                        new_a ? link.a.device : link.b.device, trial->answer.children,
                        (new_a ? trial->question.b : trial->question.a).pmd->id,
                        new_a ? link.b.device : link.a.device));
      return move;
    }
  }
  if (allowed.new_fibre && q.new_fibre && new_a && new_b) {
    if (const auto trial = new_optics(q, now, false)) {
      adopt(move, *trial, MoveKind::new_fibre, q.target_gbps,
            fmt::format("{} needs {}, {} fibres, {}", trial->question.a.pmd->id,
                        shown(trial->question.a.pmd->connector), trial->question.a.pmd->fibre_count,
                        shown(trial->question.a.pmd->fibre)));
      return move;
    }
  }
  if (allowed.bond) {
    const int links = static_cast<int>(std::ceil(move.gbps_needed / move.gbps_before - 1e-9));
    bond(move, links,
         fmt::format("no type of {} Gb/s is known to suit its ends and fibre: {} links in parallel{}",
                     q.target_gbps, links, amplified_way(q.target_gbps, now)));
  } else {
    move.why = fmt::format("stays at {:g} Gb/s", move.gbps_before);
  }
  return move;
}

}  // namespace lightlane::plan

#include "lightlane/plan/migrate/migration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/migrate/link_options.hpp"
#include "lightlane/plan/migrate/phases.hpp"

namespace lightlane::plan {
namespace {

using Counts = std::map<std::string, std::size_t>;

void check(const MigrationQuestion& q) {
  const auto range = [](double value, double low, double high, std::string_view place) {
    if (!(value >= low && value <= high))
      throw ConfigError(
          {std::string(place), fmt::format("is {:g}", value), fmt::format("{:g} to {:g}", low, high), ""});
  };
  range(q.target_gbps, 1, 10000, "target_gbps");
  range(q.years, 0, 50, "years");
  range(q.pue, 1, 5, "pue");
  range(q.utilisation, 0, 1, "utilisation");
  range(q.phases.pilot_share, 0, 1, "pilot_share");
  range(q.phases.links_per_window, 1, 100000, "links_per_window");
  range(q.phases.hours_per_link, 0, 1000, "hours_per_link");
  for (const double months :
       {q.phases.audit_months, q.phases.pilot_months, q.phases.rollout_months, q.phases.parallel_months})
    range(months, 0, 600, "months of a phase");
  plan::check(q.growth);
  check_ranges(q.defaults.plant);
  for (const NewSeat& at : q.seats) {
    LinkEnd end;
    plug_into(end, at.seat, "switch.seat");
  }
}

std::vector<LinkMove> plan_links(const MigrationQuestion& q, const AllowedMoves& allowed, Counts& assumed) {
  constexpr std::size_t piece = 16;
  std::vector<LinkMove> out(q.inventory.links.size());
  std::vector<Counts> counts((out.size() + piece - 1) / piece);
  parallel_for(counts.size(), [&](std::size_t p) {
    for (std::size_t i = p * piece; i < std::min((p + 1) * piece, out.size()); ++i)
      out[i] = plan_link(q, q.inventory.links[i], allowed, counts[p]);
  });
  for (const Counts& part : counts)
    for (const auto& [what, rows] : part) assumed[what] += rows;
  return out;
}

bool short_of(const LinkMove& move, double years, const GrowthModel& model) {
  return move.gbps_after + 1e-9 < growth(model, move.gbps_before, years);
}

Strategy strategy(std::string name, const MigrationQuestion& q, const std::vector<LinkMove>& moves) {
  Strategy out;
  out.name = std::move(name);
  const Materials materials = materials_of(moves);
  out.modules_new = materials.bill.quantity(bill_kind::module);
  out.modules_stranded = materials.stranded.quantity(bill_kind::module);
  out.power_change_w = materials.power_change_w;
  Bill priced = with_prices(materials.bill, q.prices);
  if (!q.prices.empty()) out.cost = priced.cost().all();
  for (const LinkMove& move : moves) {
    out.capacity_gbps += move.gbps_after;
    const bool fine = move.after == InteropVerdict::ok || move.after == InteropVerdict::conditional;
    if (fine) ++out.links_ok;
    if (!fine || short_of(move, q.years, q.growth)) ++out.links_short;
  }
  return out;
}

/// Capacity in a year: a phase counts from the month when it is done.
std::vector<GrowthYear> years_of(const MigrationQuestion& q, const Migration& m) {
  std::vector<GrowthYear> out;
  for (int year = 0; year <= static_cast<int>(std::ceil(q.years)); ++year) {
    GrowthYear now;
    now.year = year;
    for (const LinkMove& move : m.moves) {
      const bool done =
          move.phase > 0 && m.phases[static_cast<std::size_t>(move.phase)].to_month <= 12.0 * year;
      const double gbps = done ? move.gbps_after : move.gbps_before;
      const double needed = growth(q.growth, move.gbps_before, year);
      now.demand_gbps += needed;
      now.capacity_gbps += gbps;
      if (gbps + 1e-9 < needed) ++now.links_short;
    }
    out.push_back(now);
  }
  return out;
}

std::string counted(std::size_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

void recommend(const MigrationQuestion& q, Migration& m) {
  std::map<MoveKind, std::size_t> kinds;
  std::map<std::string, std::size_t> types;
  std::size_t unknown = 0, at_target = 0;
  for (const LinkMove& move : m.moves) {
    ++kinds[move.kind];
    if (move.gbps_before == 0) ++unknown;
    if (move.gbps_before >= q.target_gbps) ++at_target;
    if (move.kind == MoveKind::optics || move.kind == MoveKind::new_fibre) ++types[part_name(move.a)];
  }
  m.status = at_target == 0 ? "Not started" : at_target == m.moves.size() ? "Complete" : "Progressing";
  std::string deployed;
  std::size_t links = 0;
  for (const auto& [type, count] : types) {
    deployed += fmt::format("{}{} on {}", deployed.empty() ? "" : ", ", type, count);
    links += count;
  }
  const std::size_t changing = m.moves.size() - kinds[MoveKind::keep];
  if (m.moves.empty()) {
    m.recommendation = "No link could be read";
  } else if (changing == 0) {
    m.recommendation = fmt::format("Stay: no link has to change within {:g} years", q.years);
  } else if (links > 0) {
    m.recommendation = fmt::format("Deploy {} Gb/s optics on {} of {}: {}", q.target_gbps, links,
                                   counted(m.moves.size(), "link"), deployed);
  } else if (kinds[MoveKind::breakout] >= kinds[MoveKind::bond]) {
    m.recommendation = fmt::format("Break out {} Gb/s ports to {}", q.target_gbps,
                                   counted(kinds[MoveKind::breakout], "link"));
  } else {
    m.recommendation =
        fmt::format("Stay at the rate of today and bond {}", counted(kinds[MoveKind::bond], "link"));
  }
  const auto say = [&](MoveKind kind, std::string_view text) {
    if (kinds[kind] > 0)
      m.recommendation_reasons.push_back(fmt::format("{} {}", counted(kinds[kind], "link"), text));
  };
  say(MoveKind::optics, "with new optics over the fibre that is there");
  say(MoveKind::breakout, "with the far end kept, the near one part of a faster port");
  say(MoveKind::new_fibre, "with other fibre or terminations");
  say(MoveKind::bond, "bonded: no faster type is known to suit them");
  say(MoveKind::keep, "as they are");
  if (unknown > 0)
    m.recommendation_reasons.push_back(
        fmt::format("{} could not be judged: their types are not known", counted(unknown, "link")));
  const std::size_t repair =
      static_cast<std::size_t>(std::count_if(m.moves.begin(), m.moves.end(), [](const LinkMove& move) {
        return move.before == InteropVerdict::no || move.before == InteropVerdict::conditional;
      }));
  if (repair > 0)
    m.recommendation_reasons.push_back(
        fmt::format("{} not as the standards want today: look at them in the audit",
                    repair == 1 ? "1 link is" : counted(repair, "link") + " are"));
  const GrowthYear& last = m.years.back();
  m.recommendation_reasons.push_back(
      last.links_short == 0
          ? fmt::format("afterwards {:.0f} Gb/s carry the {:.0f} Gb/s of year {}", last.capacity_gbps,
                        last.demand_gbps, last.year)
          : fmt::format("{} short in year {}: ports or switches have to be added there",
                        last.links_short == 1 ? "1 link is" : counted(last.links_short, "link") + " are",
                        last.year));
}

void list_assumed(const MigrationQuestion& q, Migration& m) {
  const auto assume = [&](std::string what, std::optional<double> value, std::string_view unit) {
    m.assumed.push_back({std::move(what), value, unit, "", "default, or the plan"});
  };
  assume(fmt::format("growth, {}", name(q.growth.kind)), 100 * q.growth.rate, "% a year");
  assume("links per maintenance window", q.phases.links_per_window, "");
  assume("hours down per link", q.phases.hours_per_link, "h");
  assume("PUE", q.pue, "");
  assume("utilisation", q.utilisation, "");
  assume("power of a module: typical, of itself or its PMD, else largest", std::nullopt, "");
  if (q.prices.empty()) assume("prices: none given, cost is unknown", std::nullopt, "");
  if (q.seats.empty()) assume("new switches: wherever a link needs them, of any kind", std::nullopt, "");
}

}  // namespace

std::string_view name(MoveKind kind) noexcept {
  constexpr std::string_view names[] = {"keep", "new optics", "breakout", "new fibre", "bond"};
  return names[static_cast<int>(kind)];
}

Migration migrate(const MigrationQuestion& q) {
  check(q);
  Migration out;
  Counts ignored;
  const AllowedMoves none = {false, false, false, false}, optics = {true, false, false, false},
                     broken_out = {false, true, false, false}, all = {};
  out.strategies.push_back(strategy("port reuse", q, plan_links(q, none, ignored)));
  out.strategies.push_back(strategy("breakout", q, plan_links(q, broken_out, ignored)));
  out.strategies.push_back(strategy("new optics", q, plan_links(q, optics, ignored)));
  out.moves = plan_links(q, all, out.assumed_rows);
  out.strategies.push_back(strategy("as recommended", q, out.moves));
  out.phases = phases_of(q, out.moves);
  out.years = years_of(q, out);
  const Materials materials = materials_of(out.moves);
  out.bill = with_prices(materials.bill, q.prices);
  out.stranded = materials.stranded;
  out.power_change_w = materials.power_change_w;
  if (out.power_change_w) out.energy_change_kwh = energy_kwh(*out.power_change_w, 1, q.utilisation, q.pue);
  if (!q.prices.empty()) out.cost = out.bill.cost().all();
  recommend(q, out);
  list_assumed(q, out);
  return out;
}

}  // namespace lightlane::plan

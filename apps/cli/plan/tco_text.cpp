#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/tco_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using plan::Tco;
using plan::TcoCost;
using plan::TcoSaving;

constexpr int label_width = 30;

std::string grouped_number(double value, int digits) {
  if (!std::isfinite(value)) return "?";
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find_first_of("123456789") == std::string::npos && text[0] == '-') text.erase(0, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > (text[0] == '-' ? 4u : 3u); i -= 3) text.insert(i - 3, ",");
  return text;
}

std::string with_share(double value, double share) {
  return std::isfinite(share) ? fmt::format("{} ({:.1f} %)", money(value), 100 * share) : money(value);
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return "?";
  return value == 0 ? "0" : std::abs(value) >= 100 ? grouped_number(value, 0) : fmt::format("{:.3g}", value);
}

int column_width(const Tco& t) {
  std::size_t width = 16;
  for (const TcoCost& a : t.alternatives) width = std::max(width, a.name.size() + 3);
  return static_cast<int>(std::min<std::size_t>(width, 30));
}

std::string clipped(const std::string& name, int width) {
  const auto room = static_cast<std::size_t>(width - 2);
  return name.size() <= room ? name : name.substr(0, room - 2) + "..";
}

/// A row with a text for each alternative; left out where every one is empty.
void row(std::string_view label, const std::vector<std::string>& cells, int width) {
  if (std::all_of(cells.begin(), cells.end(), [](const std::string& c) { return c.empty(); })) return;
  std::string line = fmt::format("  {:<{}}", label, label_width - 2);
  for (const std::string& cell : cells) line += fmt::format("{:>{}}", cell, width);
  fmt::print("{}\n", line);
}

template <class Get>
std::vector<std::string> each(const Tco& t, Get get) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < t.alternatives.size(); ++i)
    cells.push_back(get(t.alternatives[i], t.savings[i], i));
  return cells;
}

void heading(std::string_view label, const Tco& t, int width) {
  std::string line = fmt::format("{:<{}}", label, label_width);
  for (const TcoCost& a : t.alternatives) line += fmt::format("{:>{}}", clipped(a.name, width), width);
  fmt::print("\n{}\n", bold(line));
}

void print_answer(const Tco& t) {
  const std::string span = fmt::format("{} year{}", t.years, t.years == 1 ? "" : "s");
  if (t.alternatives.size() == 1) {
    const TcoCost& only = t.alternatives.front();
    fmt::print("{}\n", bold(std::isnan(only.npv)
                                ? fmt::format("{}: what it costs is not known: see Unknown", only.name)
                                : fmt::format("{} costs {} {} over {}", only.name, money(only.npv),
                                              t.currency, span)));
    return;
  }
  if (!t.cheapest) {
    fmt::print("{}\n", bold("Which is cheapest is not known: see Unknown"));
    return;
  }
  const TcoCost& best = t.alternatives[*t.cheapest];
  std::string text =
      fmt::format("{} is cheapest over {}: {} {}", best.name, span, money(best.npv), t.currency);
  if (*t.cheapest != 0) {
    const TcoSaving& s = t.savings[*t.cheapest];
    text += fmt::format(", {} {}{} less than {}", money(s.npv), t.currency,
                        std::isfinite(s.npv_share) ? fmt::format(" ({:.1f} %)", 100 * s.npv_share) : "",
                        t.alternatives.front().name);
  } else {
    double next = INFINITY;
    std::string name;
    for (std::size_t i = 1; i < t.alternatives.size(); ++i) {
      if (t.alternatives[i].npv < next) {
        next = t.alternatives[i].npv;
        name = t.alternatives[i].name;
      }
    }
    text += next == best.npv ? fmt::format(", as much as {}", name)
                             : fmt::format(", {} {} less than {}", money(next - best.npv), t.currency, name);
  }
  fmt::print("{}\n", bold(text));
}

void print_costs(const Tco& t, int width) {
  heading(fmt::format("Cost [{}]", t.currency), t, width);
  const auto line = [&](std::string_view label, double TcoCost::*member, bool always) {
    const bool any = std::any_of(t.alternatives.begin(), t.alternatives.end(),
                                 [&](const TcoCost& a) { return std::isnan(a.*member) || a.*member != 0; });
    if (any || always)
      row(label, each(t, [&](const TcoCost& a, const auto&, auto) { return money(a.*member); }), width);
  };
  line("equipment", &TcoCost::equipment, true);
  line("spares", &TcoCost::spares_cost, false);
  line("cabling", &TcoCost::cabling, false);
  line("installation", &TcoCost::installation, false);
  line("capex", &TcoCost::capex, true);
  const auto open = [&](double TcoCost::*member) {
    return std::any_of(t.alternatives.begin(), t.alternatives.end(),
                       [&](const TcoCost& a) { return std::isnan(a.*member); });
  };
  if (open(&TcoCost::capex)) line("  of that known", &TcoCost::capex_known, true);
  line("energy", &TcoCost::energy, true);
  line("repair", &TcoCost::repair, false);
  line("downtime", &TcoCost::downtime, false);
  line("maintenance", &TcoCost::maintenance, false);
  line("residual value", &TcoCost::residual, false);
  line("total, as paid", &TcoCost::total, true);
  line("net present value", &TcoCost::npv, true);
}

void print_quantities(const Tco& t, int width) {
  heading("Energy and failures", t, width);
  row("power [W]", each(t, [](const TcoCost& a, auto&, auto) { return grouped_number(a.power_w, 1); }),
      width);
  if (std::any_of(t.alternatives.begin(), t.alternatives.end(),
                  [](const TcoCost& a) { return std::isnan(a.power_w); })) {
    row("  of that known [W]",
        each(t, [](const TcoCost& a, auto&, auto) { return grouped_number(a.power_known_w, 1); }), width);
  }
  row("energy [kWh/y]",
      each(t, [](const TcoCost& a, auto&, auto) { return grouped_number(a.kwh_per_year, 0); }), width);
  row("energy in all [kWh]", each(t, [](const TcoCost& a, auto&, auto) { return grouped_number(a.kwh, 0); }),
      width);
  row("failures a year",
      each(t, [](const TcoCost& a, auto&, auto) { return short_number(a.failures_per_year); }), width);
  row("spares in stock", each(t, [](const TcoCost& a, auto&, auto) { return grouped_number(a.spares, 0); }),
      width);
  const auto available = [&](std::string_view label, auto get) {
    row(label,
        each(t, [&](const TcoCost& a, auto&, auto) { return a.availability ? get(*a.availability) : "?"; }),
        width);
  };
  using A = plan::TcoAvailability;
  if (std::none_of(t.alternatives.begin(), t.alternatives.end(),
                   [](const TcoCost& a) { return a.availability.has_value(); }))
    return;
  available("availability of a link", [](const A& a) { return availability_text(a.unavailability); });
  available("nines", [](const A& a) {
    return std::isfinite(a.nines) ? fmt::format("{:.2f}", a.nines) : std::string("all");
  });
  available("down [min/y]", [](const A& a) { return fmt::format("{:.3g}", a.minutes_per_year); });
}

std::string break_even(const TcoSaving& s) {
  if (std::isnan(s.npv)) return "?";
  if (s.break_even_year)
    return fmt::format("{} year {:.2f}", s.cheaper_at_first ? "dearer from" : "after", *s.break_even_year);
  return s.cheaper_at_end ? "at once" : s.npv == 0 ? "the same" : "not in time";
}

void print_savings(const Tco& t, int width) {
  if (t.alternatives.size() < 2) return;
  heading("Less than " + clipped(t.alternatives.front().name, 18), t, width);
  const auto line = [&](std::string_view label, auto get) {
    row(label,
        each(t, [&](const TcoCost&, const TcoSaving& s,
                    std::size_t i) { return i == 0 ? std::string() : get(s); }),
        width);
  };
  line("capex", [](const TcoSaving& s) { return money(s.capex); });
  line("  [%]", [](const TcoSaving& s) { return grouped_number(100 * s.capex_share, 1); });
  line("power [W]", [](const TcoSaving& s) { return grouped_number(s.power_w, 1); });
  line("energy [kWh/y]", [](const TcoSaving& s) { return grouped_number(s.kwh_per_year, 0); });
  line("energy in all [kWh]", [](const TcoSaving& s) { return grouped_number(s.kwh, 0); });
  line("energy", [](const TcoSaving& s) { return money(s.energy); });
  line("repair", [](const TcoSaving& s) { return money(s.repair); });
  line("total, as paid", [](const TcoSaving& s) { return money(s.total); });
  line("  [%]", [](const TcoSaving& s) { return grouped_number(100 * s.total_share, 1); });
  line("net present value", [](const TcoSaving& s) { return money(s.npv); });
  line("  [%]", [](const TcoSaving& s) { return grouped_number(100 * s.npv_share, 1); });
  line("pays", [](const TcoSaving& s) { return break_even(s); });
}

void print_years(const Tco& t, int width) {
  if (std::all_of(t.alternatives.begin(), t.alternatives.end(),
                  [](const TcoCost& a) { return std::isnan(a.npv); }))
    return;
  heading(fmt::format("Cumulative [{}], discounted", t.currency), t, width);
  for (std::size_t y = 0; y <= static_cast<std::size_t>(t.years); ++y) {
    row(y == 0 ? "bought" : fmt::format("year {}", y),
        each(t, [&](const TcoCost& a, auto&, auto) { return money(a.years[y].cumulative_present); }), width);
  }
}

void print_swings(const Tco& t, double sensitivity) {
  constexpr std::size_t shown = 10;
  for (std::size_t i = 0; i < t.alternatives.size(); ++i) {
    if (t.swings[i].empty()) continue;
    fmt::print("\n{}\n",
               bold(fmt::format(
                   "{:<46}{:>14}{:>14}{:>16}{:>16}",
                   i == 0 ? fmt::format("Cost [{}], figures {:g} % off", t.currency, 100 * sensitivity)
                          : fmt::format("Saving by {} [{}], figures {:g} % off",
                                        clipped(t.alternatives[i].name, 20), t.currency, 100 * sensitivity),
                   "from", "to", "at from", "at to")));
    for (std::size_t k = 0; k < std::min(shown, t.swings[i].size()); ++k) {
      const plan::TcoSwing& s = t.swings[i][k];
      const auto value = [](double v) {
        return std::isfinite(v) ? fmt::format("{:.5g}", v) : std::string("each");
      };
      fmt::print("  {:<44}{:>14}{:>14}{:>16}{:>16}\n", s.what, value(s.low), value(s.high),
                 money(s.npv_at_low), money(s.npv_at_high));
    }
  }
}

std::string plain(double value) { return std::isfinite(value) ? fmt::format("{}", value) : std::string(); }

}  // namespace

std::string money(double value) { return grouped_number(value, 2); }

std::string availability_text(double unavailability) {
  const double nines = unavailability > 0 ? -std::log10(unavailability) : 12;
  const int digits = std::clamp(static_cast<int>(std::ceil(nines)) - 1, 2, 12);
  std::string text = fmt::format("{:.{}f}", 100 - 100 * unavailability, digits);
  while (text.back() == '0' && text[text.size() - 3] != '.') text.pop_back();
  return text + " %";
}

void print_text(const Tco& t, double sensitivity) {
  const int width = column_width(t);
  print_answer(t);
  print_costs(t, width);
  print_quantities(t, width);
  print_savings(t, width);
  print_years(t, width);
  print_swings(t, sensitivity);
  print_reasons(t.reasons);
  if (!t.unknown.empty()) fmt::print("\n{}\n", bold("Unknown"));
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(most, t.unknown.size()); ++i) fmt::print("  {}\n", t.unknown[i]);
  if (t.unknown.size() > most)
    fmt::print("  and {} more: --format json has them all\n", t.unknown.size() - most);
  print_assumed(t.assumed);
}

std::string tco_csv(const Tco& t) {
  std::string out = plan::csv_line(
      std::vector<std::string>{"alternative", "year", "capex", "energy", "repair", "downtime", "maintenance",
                               "residual", "total", "cumulative", "present", "cumulative_present"});
  for (const TcoCost& a : t.alternatives) {
    for (const plan::TcoYear& y : a.years) {
      out += plan::csv_line(std::vector<std::string>{
          a.name, fmt::format("{}", y.year), plain(y.capex), plain(y.energy), plain(y.repair),
          plain(y.downtime), plain(y.maintenance), plain(y.residual), plain(y.total), plain(y.cumulative),
          plain(y.present), plain(y.cumulative_present)});
    }
  }
  return out;
}

void print_checks(const std::vector<plan::GuideCheck>& checks) {
  fmt::print("\n{}\n", bold(fmt::format("{:<46}{:>12}{:>12}", "The guide's figures, checked", "published",
                                        "reckoned")));
  for (const plan::GuideCheck& c : checks) {
    const std::string what = c.unit.empty() ? c.what : fmt::format("{} [{}]", c.what, c.unit);
    const auto number = [](double v) {
      return v == std::floor(v) || std::abs(v) >= 1000 ? grouped_number(v, v == std::floor(v) ? 0 : 2)
                                                       : fmt::format("{:.5g}", v);
    };
    fmt::print("  {:<44}{:>12}{:>12}  {:<9}{}\n", what, number(c.published), number(c.reckoned),
               plan::name(c.fit), c.why);
  }
}

void print_text(const plan::PublishedCost& p) {
  const plan::PublishedCostInputs& in = p.inputs;
  fmt::print(
      "{}\n",
      bold(fmt::format("As published: {} saves {:.0f} $ of {:.0f} $ ({:.0f} %); from the guide's own prices "
                       "and powers it is {} of {} $ ({:.1f} %)",
                       p.totals[1].name, p.saving, p.totals[0].total, p.saving_percent,
                       money(p.model.savings[1].total), money(p.model.alternatives[0].total),
                       100 * p.model.savings[1].total_share)));
  fmt::print("\n{}\n", bold(fmt::format("{:<30}{:>16}{:>16}{:>16}",
                                        fmt::format("Calculator 3 [$], {:g} ports", in.ports),
                                        p.totals[0].name, p.totals[1].name, "saving")));
  fmt::print("  {:<28}{:>16.0f}{:>16.0f}{:>16}\n", "as published", p.totals[0].total, p.totals[1].total,
             fmt::format("{:.0f} ({:.0f} %)", p.saving, p.saving_percent));
  fmt::print("  {:<28}{:>16}{:>16}\n", "  of that energy", money(p.totals[0].energy),
             money(p.totals[1].energy));
  fmt::print("  {:<28}{:>16}{:>16}\n", "  the rest, a port", money(p.totals[0].hidden_cost_per_port),
             money(p.totals[1].hidden_cost_per_port));
  const TcoSaving& s = p.model.savings[1];
  fmt::print("  {:<28}{:>16}{:>16}{:>27}\n", "from its prices and powers",
             money(p.model.alternatives[0].total), money(p.model.alternatives[1].total),
             with_share(s.total, s.total_share));
  fmt::print("  {:g} $/kWh, {} years, PUE 1\n", in.electricity_per_kwh, in.years);
  fmt::print("\n{}\n", bold("Why they differ"));
  for (const std::string& text : p.differences) fmt::print("  * {}\n", text);
  fmt::print("\n{}\n",
             bold(fmt::format("{:<46}{:>12}{:>12}", "Calculator 4: migration", "published", "reckoned")));
  fmt::print(
      "  {:<44}{:>12g}{:>12.1f}\n",
      fmt::format("ports in year {}, from {:g} and {:g} by {:g} %", plan::published_guide().migration.years,
                  in.existing_ports, in.new_ports, in.growth_percent),
      p.migration_ports, p.migration_ports_reckoned);
  fmt::print("  {:<44}{:>12g}{:>12.1f}\n", "power saved [kWh/y]", p.migration_saving_kwh,
             p.migration_saving_kwh_reckoned);
  fmt::print("  status \"{}\", recommendation \"{}\": shown whatever is put in, as far as the guide says\n",
             p.status, p.recommendation);
  print_checks(p.checks);
}

}  // namespace lightlane::cli

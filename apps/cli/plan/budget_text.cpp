#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/budget_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::cli {
namespace {

using Numbers = std::vector<std::optional<double>>;

std::string number(const std::optional<double>& value) {
  if (!value) return "?";
  return fmt::format("{:.2f}", *value == 0 || std::abs(*value) < 0.005 ? 0.0 : *value);
}

void row(std::string_view name, const Numbers& numbers, const std::string& detail = "") {
  std::string text = fmt::format("  {:<26}", name);
  for (const auto& value : numbers) text += fmt::format("{:>14}", number(value));
  if (!detail.empty()) text += "   " + detail;
  fmt::print("{}\n", text);
}

template <class Get>
Numbers each(const plan::Budget& b, Get get) {
  Numbers out;
  for (const plan::Direction& d : b.directions) out.push_back(get(d));
  return out;
}

/// One row for each name, in the order of the direction that has it.
void part_rows(const plan::Budget& b, std::vector<plan::Part> plan::Direction::*list) {
  std::vector<std::string> names;
  for (const plan::Direction& d : b.directions) {
    for (std::size_t i = 0; i < (d.*list).size(); ++i) {
      // The plant is the same both ways: by place. Penalties carry different names.
      const std::string name =
          fmt::format("{}\x1f{}", (d.*list)[i].name, list == &plan::Direction::losses ? i : 0);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  for (const std::string& name : names) {
    std::string detail;
    const Numbers numbers = each(b, [&](const plan::Direction& d) -> std::optional<double> {
      for (std::size_t i = 0; i < (d.*list).size(); ++i) {
        const plan::Part& part = (d.*list)[i];
        if (fmt::format("{}\x1f{}", part.name, list == &plan::Direction::losses ? i : 0) != name) continue;
        if (detail.empty()) detail = part.detail;
        return -part.db;
      }
      return d.lanes.empty() ? std::nullopt : std::optional(0.0);
    });
    row(name.substr(0, name.find('\x1f')), numbers, detail);
  }
}

std::string metres(const std::optional<double>& length) {
  return length ? fmt::format("{:.5g} m", *length) : "?";
}

void print_lanes(const plan::Budget& b) {
  for (const plan::Direction& d : b.directions) {
    fmt::print("\n{}\n", bold(fmt::format("Lanes, {} to {}", d.from->id, d.to->id)));
    fmt::print("  {:>4}{:>10}{:>10}{:>11}{:>10}{:>11}{:>22}\n", "lane", "nm", "loss dB", "penalties",
               "margin", "overload", "dispersion ps/nm");
    for (const plan::LaneLine& lane : d.lanes) {
      fmt::print("  {:>4}{:>10.2f}{:>10.2f}{:>11}{:>10}{:>11}{:>22}{}\n", lane.lane, lane.nominal_nm,
                 lane.loss_db, number(d.penalties_db ? std::optional(lane.penalties_db) : std::nullopt),
                 number(lane.margin_db), number(lane.overload_margin_db),
                 fmt::format("{:.2f} .. {:.2f}", lane.dispersion_min_ps_nm, lane.dispersion_max_ps_nm),
                 lane.lane == d.limiting_lane ? "  limits" : "");
    }
  }
}

void print_powers(const plan::Budget& b) {
  fmt::print("\n{}\n", bold("Power, dBm"));
  row("launch OMA, least", each(b, [](const auto& d) { return d.oma.launch_dbm; }));
  row("received OMA", each(b, [](const auto& d) { return d.oma.receive_dbm; }));
  row("sensitivity, OMA", each(b, [](const auto& d) { return d.oma.sensitivity_dbm; }));
  row("average of that launch OMA", each(b, [](const auto& d) { return d.oma.launch_average_dbm; }),
      "at the smallest extinction ratio, or the given one");
  row("launch average, least", each(b, [](const auto& d) { return d.average.launch_min_dbm; }));
  row("received average", each(b, [](const auto& d) { return d.average.receive_dbm; }));
  row("receive average, least", each(b, [](const auto& d) { return d.average.receive_min_dbm; }));
  row("margin of averages", each(b, [](const auto& d) { return d.average.margin_db; }),
      "informative: average power says nothing of the eye");
}

void print_yield(const plan::Yield& y) {
  fmt::print("\n{}\n", bold("Yield"));
  fmt::print("  {} of {} links fail: {:.3g} in 1,000 (seed {})\n",
             grouped(static_cast<std::uint64_t>(y.failing)), grouped(static_cast<std::uint64_t>(y.draws)),
             1000 * y.failing_share(), y.seed);
  fmt::print(
      "  smallest margin of a link: mean {} dB, sigma {:.3f} dB, median {}, 1 % below {}, 0.1 % below {} "
      "dB\n",
      number(y.mean_db), y.sigma_db, number(y.median_db), number(y.p1_db), number(y.p0_1_db));
  fmt::print("  what makes the spread (limiting lane):\n");
  for (const plan::Contributor& c : y.contributors)
    fmt::print("    {:<22}{:>6.1f} %  mean {:.3f} dB, sigma {:.3f} dB  {}\n", c.name, 100 * c.variance_share,
               c.mean_db, c.sigma_db, c.distribution);
}

std::string title_of(const plan::Budget& b) {
  std::string word(plan::name(b.verdict));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  const bool coloured = b.verdict == plan::Verdict::pass || b.verdict == plan::Verdict::fail;
  return coloured ? verdict(b.verdict == plan::Verdict::pass) : word;
}

void print_notes(const plan::Budget& b) {
  print_reasons(b.reasons);
  print_assumed(b.assumed);
  print_limits(b.limits);
}

}  // namespace

void print_text(const plan::Budget& b) {
  fmt::print("{}  {} and {}", title_of(b), b.near->id, b.far->id);
  if (b.directions.empty()) {
    fmt::print("\n");
    print_notes(b);
    return;
  }
  fmt::print(", {:.6g} m; rests on limits of which the weakest is {}\n", b.length_m,
             catalog::name(b.confidence));
  fmt::print("\n{}\n", bold(fmt::format("{:<28}{:>14}{:>14}", "Budget, dB (worst lane)", "near to far",
                                        "far to near")));
  row("available", each(b, [](const auto& d) { return d.available_db; }),
      "least launch OMA less sensitivity");
  part_rows(b, &plan::Direction::penalties);
  part_rows(b, &plan::Direction::losses);
  row("margin", each(b, [](const auto& d) { return d.margin_db; }));
  const bool bound = std::any_of(b.directions.begin(), b.directions.end(), [](const plan::Direction& d) {
    return !d.margin_db && d.margin_at_most_db;
  });
  if (bound) {
    row("margin, at most", each(b, [](const auto& d) { return d.margin_at_most_db; }),
        "without the penalties that are unknown");
  }
  row("loss",
      each(b, [](const auto& d) { return d.lanes.empty() ? std::nullopt : std::optional(d.loss_db); }));
  row("loss that the standard has", each(b, [](const auto& d) { return d.channel_loss_max_db; }));
  row("penalties", each(b, [](const auto& d) { return d.penalties_db; }));
  row("overload margin", each(b, [](const auto& d) { return d.overload_margin_db; }));
  fmt::print("  reach: {} by power and dispersion, {} by the standards, {} in all\n", metres([&] {
               std::optional<double> least;
               for (const plan::Direction& d : b.directions) {
                 if (!d.reach_m) return std::optional<double>();
                 least = std::min(*d.reach_m, least.value_or(*d.reach_m));
               }
               return least;
             }()),
             metres(b.rated_reach_m), metres(b.reach_m));
  print_powers(b);
  print_lanes(b);
  if (b.yield) print_yield(*b.yield);
  print_notes(b);
}

void print_text(const plan::PublishedBudget& b) {
  const plan::PublishedPlant& p = b.plant;
  fmt::print(
      "{:g} m at {:g} dB/km, {} connectors of {:g} dB, {} splices of {:g} dB, system margin {:g} dB\n\n",
      p.length_m, p.attenuation_db_per_km, p.connectors, p.connector_db, p.splices, p.splice_db,
      p.system_margin_db);
  std::string head = fmt::format("{:<28}", "As published");
  for (const plan::PublishedColumn& c : b.columns) head += fmt::format("{:>14}", c.type);
  fmt::print("{}\n", bold(head));
  const auto line = [&](std::string_view name, auto get) {
    Numbers numbers;
    for (const plan::PublishedColumn& c : b.columns) numbers.push_back(get(c));
    row(name, numbers);
  };
  using Column = plan::PublishedColumn;
  line("average launch power", [](const Column& c) { return c.launch_dbm; });
  line("total loss", [](const Column& c) { return c.loss_db; });
  line("receive power", [](const Column& c) { return c.receive_dbm; });
  line("receiver sensitivity", [](const Column& c) { return c.sensitivity_dbm; });
  line("margin", [](const Column& c) { return c.margin_db; });
  line("without system margin", [](const Column& c) { return c.margin_without_system_margin_db; });
  line("calculator, at defaults", [](const Column& c) { return c.calculator_margin_db; });
  std::string correct = fmt::format("\n{:<28}", "Correct, in OMA");
  for (const plan::PublishedColumn& c : b.columns) correct += fmt::format("{:>14}", c.type);
  fmt::print("{}\n", bold(correct));
  const auto side = [](const Column& c) -> const plan::Direction& { return c.correct.directions.front(); };
  line("available", [&](const Column& c) { return side(c).available_db; });
  line("penalties", [&](const Column& c) { return side(c).penalties_db; });
  line("loss", [&](const Column& c) { return std::optional(side(c).loss_db); });
  line("margin", [&](const Column& c) { return side(c).margin_db; });
  fmt::print("\n{}\n", bold("Why they differ"));
  for (const std::string& text : b.differences) fmt::print("  * {}\n", text);
}

}  // namespace lightlane::cli

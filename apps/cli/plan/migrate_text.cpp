#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/interop_report.hpp"
#include "cli/plan/migrate_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/csv.hpp"
#include "lightlane/plan/migrate/link_options.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

std::string padded(InteropVerdict verdict) {
  const std::string word(name(verdict));
  return toned(word, tone_of(verdict)) + std::string(12 - word.size(), ' ');
}

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "unknown";
}

std::string types(const LinkEnd& a, const LinkEnd& b) {
  if (a.pmd == nullptr) return "?";
  const std::string left = part_name(a), right = part_name(b);
  return left == right ? left : left + " - " + right;
}

void print_bill(std::string_view title, const Bill& bill) {
  if (bill.lines.empty()) return;
  fmt::print("\n{}\n", bold(title));
  for (const BillLine& line : bill.lines) {
    fmt::print("  {:>7}  {:<36}{:<16}{}{}\n", grouped(static_cast<std::uint64_t>(line.quantity)), line.part,
               line.role, line.power_w ? fmt::format("{:.1f} W each", *line.power_w) : "power unknown",
               line.unit_cost ? fmt::format(", {:g} each", *line.unit_cost) : "");
  }
}

void print_phases(const Migration& m) {
  fmt::print("\n{}\n", bold(fmt::format("{:<14}{:>12}{:>8}{:>9}{:>11}{:>10}  {}", "Phase", "months", "links",
                                        "windows", "hours down", "W change", "modules to buy / taken out")));
  for (const MigrationPhase& p : m.phases) {
    fmt::print("  {:<12}{:>12}{:>8}{:>9}{:>11.1f}{:>10}  {} / {}\n", p.name,
               fmt::format("{:g} - {:g}", p.from_month, p.to_month), p.links, p.windows, p.hours_down,
               p.power_change_w ? fmt::format("{:+.0f}", *p.power_change_w) : "?",
               p.bill.quantity(bill_kind::module), p.stranded.quantity(bill_kind::module));
    fmt::print("    do:   {}\n    back: {}\n", p.work, p.rollback);
  }
}

void print_strategies(const Migration& m) {
  fmt::print("\n{}\n",
             bold(fmt::format("{:<16}{:>10}{:>12}{:>16}{:>10}{:>12}{:>12}{:>12}", "Ways to go", "links ok",
                              "links short", "capacity Gb/s", "modules", "taken out", "W change", "cost")));
  for (const Strategy& s : m.strategies) {
    fmt::print("  {:<14}{:>10}{:>12}{:>16.0f}{:>10}{:>12}{:>12}{:>12}\n", s.name, s.links_ok, s.links_short,
               s.capacity_gbps, s.modules_new, s.modules_stranded,
               s.power_change_w ? fmt::format("{:+.0f}", *s.power_change_w) : "?",
               s.cost ? fmt::format("{:.0f}", *s.cost) : "?");
  }
}

void print_links(const Migration& m, bool all) {
  std::vector<const LinkMove*> shown;
  for (const LinkMove& move : m.moves)
    if (all || move.kind != MoveKind::keep || move.before != InteropVerdict::ok ||
        move.after != InteropVerdict::ok)
      shown.push_back(&move);
  if (shown.empty()) return;
  const std::size_t most = all ? shown.size() : std::min<std::size_t>(shown.size(), 20);
  fmt::print("\n{}\n", bold(fmt::format("{:>6} {:<40}{:<12}{:<12}{:<12}{}", "row", "link", "before", "move",
                                        "after", "to")));
  for (std::size_t i = 0; i < most; ++i) {
    const LinkMove& l = *shown[i];
    fmt::print("{:>6} {:<40}{}{:<12}{}{}\n", l.link.row,
               fmt::format("{} {} - {} {}", l.link.a.device, l.link.a.port, l.link.b.device, l.link.b.port),
               padded(l.before), name(l.kind), padded(l.after), types(l.a, l.b));
    if (!l.why.empty()) fmt::print("       {}\n", l.why);
    const bool same = l.kind == MoveKind::keep || l.kind == MoveKind::bond;
    const auto reasons = [](std::string_view when, const std::vector<Reason>& list) {
      bool unknown = false;
      for (const Reason& reason : list) {
        if (reason.severity < Severity::condition ||
            (reason.severity == Severity::unknown && std::exchange(unknown, true)))
          continue;
        fmt::print("       {}{:<12} {}{}\n", when, reason.code, reason.text,
                   reason.cure.empty() ? "" : "; cure: " + reason.cure);
      }
    };
    reasons(same ? "" : "before: ", l.before_reasons);
    if (!same) reasons("after:  ", l.after_reasons);
  }
  if (shown.size() > most) fmt::print("  and {} more (--all)\n", shown.size() - most);
}

}  // namespace

void print_text(const Migration& m, const Inventory& inventory, bool all) {
  fmt::print("{}\n", bold(m.recommendation));
  for (const std::string& reason : m.recommendation_reasons) fmt::print("  * {}\n", reason);
  fmt::print("  status: {}; modules draw {} W more; {} kWh a year; cost {}\n", m.status,
             m.power_change_w ? fmt::format("{:+.0f}", *m.power_change_w) : "an unknown number of",
             m.energy_change_kwh ? fmt::format("{:+.0f}", *m.energy_change_kwh) : "unknown",
             number(m.cost, 0));
  print_strategies(m);
  print_phases(m);
  fmt::print("\n{}\n", bold(fmt::format("{:<8}{:>16}{:>16}{:>14}", "Year", "demand Gb/s", "capacity Gb/s",
                                        "links short")));
  for (const GrowthYear& y : m.years)
    fmt::print("  {:<6}{:>16.0f}{:>16.0f}{:>14}\n", y.year, y.demand_gbps, y.capacity_gbps, y.links_short);
  print_bill("To buy", m.bill);
  print_bill("Taken out", m.stranded);
  print_links(m, all);
  print_assumed(m.assumed);
  for (const auto& [what, rows] : m.assumed_rows) fmt::print("  {:<58}{:>10} rows\n", what, rows);
  if (!inventory.notes.empty())
    fmt::print("\n{}\n", bold(fmt::format("Rows of {}: {} skipped", inventory.file, inventory.skipped())));
  for (std::size_t i = 0; i < std::min<std::size_t>(20, inventory.notes.size()); ++i)
    fmt::print("  {} {}{}\n", inventory.notes[i].row, inventory.notes[i].text,
               inventory.notes[i].skipped ? ": skipped" : "");
}

void print_csv(const Migration& m) {
  fmt::print(
      "row,id,a_device,a_port,b_device,b_port,before,move,after,a_type,b_type,links,gbps_before,gbps_needed,"
      "gbps_after,phase,why\n");
  for (const LinkMove& l : m.moves) {
    const auto type = [](const LinkEnd& end) { return end.pmd == nullptr ? std::string() : part_name(end); };
    const std::string row[] = {
        std::to_string(l.link.row),
        l.link.id,
        l.link.a.device,
        l.link.a.port,
        l.link.b.device,
        l.link.b.port,
        std::string(name(l.before)),
        std::string(name(l.kind)),
        std::string(name(l.after)),
        type(l.a),
        type(l.b),
        std::to_string(l.links),
        fmt::format("{:g}", l.gbps_before),
        fmt::format("{:.0f}", l.gbps_needed),
        fmt::format("{:g}", l.gbps_after),
        m.phases.empty() || l.phase == 0 ? "" : m.phases[static_cast<std::size_t>(l.phase)].name,
        l.why};
    fmt::print("{}", csv_line(row));
  }
}

}  // namespace lightlane::cli

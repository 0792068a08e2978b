// The recipe as a table and as a work order.

#include <fmt/format.h>

#include "cli/plan/acceptance_report.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

std::string number(const std::optional<double>& value) { return value ? fmt::format("{:.10g}", *value) : ""; }

/// Text in a cell of a Markdown table.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

}  // namespace

void print_csv_header(bool labelled) {
  fmt::print(
      "{}step,id,what,where,unit,see,expected,expected_min,expected_max,pass_min,pass_max,confidence,source,"
      "unknown,measured\n",
      labelled ? "link," : "");
}

void print_csv_rows(const Acceptance& answer, const std::string& label) {
  const std::string before = label.empty() ? "" : csv_cell(label) + ",";
  int step_number = 0;
  for (const AcceptanceStep& step : answer.steps) {
    ++step_number;
    for (const AcceptanceCheck& c : step.checks) {
      const std::string row[] = {std::to_string(step_number),
                                 std::string(name(step.task)),
                                 c.what,
                                 c.where,
                                 std::string(c.unit),
                                 c.see,
                                 number(c.expected),
                                 number(c.range.low),
                                 number(c.range.high),
                                 number(c.pass.low),
                                 number(c.pass.high),
                                 std::string(c.confidence),
                                 c.source,
                                 c.unknown,
                                 ""};
      fmt::print("{}{}", before, csv_line(row));
    }
  }
}

void print_work_order(const Acceptance& answer, const std::string& label) {
  const Interop& link = answer.interop;
  fmt::print("# Acceptance: {}{}\n\n", label.empty() ? "" : label + ", ", link_title(link));
  if (answer.steps.empty()) {
    fmt::print("No recipe: the link does not work.\n\n");
    for (const Reason& r : link.reasons)
      fmt::print("* {} {}: {}{}\n", name(r.severity), r.code, r.text,
                 r.cure.empty() ? "" : "; cure: " + r.cure);
    return;
  }
  fmt::print("Verdict before the work: {}. Link: ____________  Date: ____________  Name: ____________\n",
             name(link.verdict));
  int step_number = 0;
  for (const AcceptanceStep& step : answer.steps) {
    fmt::print("\n## {}. {}\n\n", ++step_number, step.title);
    if (!step.instrument.empty()) fmt::print("With: {}\n\n", step.instrument);
    for (const std::string& action : step.actions) fmt::print("- [ ] {}\n", action);
    if (step.checks.empty()) continue;
    fmt::print("\n| | what | where | see | pass | measured | A / B |\n|---|---|---|---|---|---|---|\n");
    for (const AcceptanceCheck& c : step.checks) {
      const std::string pass = shown_pass(c);
      fmt::print("| [ ] | {} | {} | {} | {}{} | | |\n", cell(c.what), cell(c.where),
                 cell(shown_expectation(c)), cell(pass),
                 c.confidence.empty() || pass.empty() ? "" : fmt::format(" ({})", c.confidence));
    }
  }
  if (link.assumed.empty()) return;
  fmt::print("\n## Assumed\n\n");
  for (const Assumption& a : link.assumed)
    fmt::print("* {}{}\n", a.what, a.value ? fmt::format(": {:.5g} {}", *a.value, a.unit) : "");
}

}  // namespace lightlane::cli

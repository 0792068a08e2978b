#include <fmt/format.h>

#include "cli/plan/acceptance_report.hpp"
#include "cli/plan/answer_report.hpp"
#include "cli/plan/wrapped_text.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

std::string end_title(const LinkEnd& end) {
  std::string out(end.module != nullptr ? end.module->id : end.pmd->id);
  if (end.host != nullptr) return fmt::format("{} in {} port {}", out, end.host->id, end.port);
  return end.cage != nullptr ? fmt::format("{} in {}", out, end.cage->id) : out;
}

void print_line(int indent, const std::string& head, const std::string& text) {
  const int begun = indent + static_cast<int>(head.size());
  fmt::print("{:{}}{}{}\n", "", indent, head, wrapped(text, begun, begun, text_columns()));
}

void print_check(const AcceptanceCheck& check, bool alarm) {
  const std::string pass = shown_pass(check), seen = shown_expectation(check);
  const std::string title = check.what + (check.where.empty() ? "" : ", " + check.where);
  const std::string joint = check.confidence.empty() || check.source.empty() ? "" : "; ";
  const bool trusted = !check.confidence.empty() || !check.source.empty();
  const std::string trust = trusted ? fmt::format(" ({}{}{})", check.confidence, joint, check.source) : "";
  if (pass.empty()) {
    print_line(4, "", fmt::format("{}{}{}", title, seen.empty() ? "" : ": " + seen, trust));
    return;
  }
  print_line(4, "", title);
  const bool limits = check.pass.any();
  print_line(8,
             fmt::format("{:<9}", !limits ? ""
                                  : alarm ? "alarm"
                                          : "pass"),
             (alarm && limits ? "outside " : "") + pass + trust);
  if (!seen.empty())
    print_line(8, fmt::format("{:<9}", alarm ? "warning" : "see"), (alarm ? "outside " : "") + seen);
}

}  // namespace

std::string link_title(const Interop& answer) {
  const std::string many = fmt::format("{} x ", answer.children);
  return fmt::format("{}{} to {}{}", answer.b_breaks_out ? many : "", end_title(answer.a),
                     answer.a_breaks_out ? many : "", end_title(answer.b));
}

std::string shown_value(double value, std::string_view unit) {
  const double plain = value == 0 ? 0 : value;  // no -0
  if (unit == "dB" || unit == "dBm" || unit == "V") return fmt::format("{:.2f}", plain);
  if (unit.empty() && plain != 0 && plain < 0.01) return fmt::format("{:.1e}", plain);
  return fmt::format("{:.4g}", plain);
}

std::string shown_range(const AcceptanceRange& range, std::string_view unit) {
  const std::string behind = unit.empty() ? "" : fmt::format(" {}", unit);
  if (range.low && range.high)
    return fmt::format("{} to {}{}", shown_value(*range.low, unit), shown_value(*range.high, unit), behind);
  if (range.high && *range.high == 0 && unit.empty()) return "none";
  if (range.high) return fmt::format("at most {}{}", shown_value(*range.high, unit), behind);
  if (range.low) return fmt::format("at least {}{}", shown_value(*range.low, unit), behind);
  return "";
}

std::string shown_expectation(const AcceptanceCheck& check) {
  std::string out = check.see;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) out += (out.empty() ? "" : "; ") + text;
  };
  const std::string behind = check.unit.empty() ? "" : fmt::format(" {}", check.unit);
  if (check.expected) add(fmt::format("typically {}{}", shown_value(*check.expected, check.unit), behind));
  if (check.see.empty()) add(shown_range(check.range, check.unit));
  return out;
}

std::string shown_pass(const AcceptanceCheck& check) {
  std::string out = shown_range(check.pass, check.unit);
  if (!check.unknown.empty()) out += (out.empty() ? "unknown: " : "; unknown: ") + check.unknown;
  return out;
}

void print_text(const Acceptance& answer, const std::string& label) {
  const std::string of = label.empty() ? "" : label + ": ";
  const Interop& link = answer.interop;
  if (answer.steps.empty()) {
    fmt::print("{}  {}{}: no recipe, the link does not work\n", toned("NO", Tone::bad), of, link_title(link));
    print_reasons(link.reasons);
    return;
  }
  fmt::print("{}  {}{}{}\n", bold("ACCEPTANCE"), of, link_title(link),
             link.verdict == InteropVerdict::ok ? "" : fmt::format(" ({})", name(link.verdict)));
  int number = 0;
  for (const AcceptanceStep& step : answer.steps) {
    fmt::print("\n{}\n", bold(fmt::format("{}. {}", ++number, step.title)));
    if (!step.instrument.empty()) fmt::print("    with: {}\n", step.instrument);
    for (const std::string& action : step.actions) print_line(4, "- ", action);
    for (const AcceptanceCheck& check : step.checks) print_check(check, step.task == AcceptanceTask::alarms);
  }
  print_assumed(link.assumed);
}

}  // namespace lightlane::cli

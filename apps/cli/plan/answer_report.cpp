#include "cli/plan/answer_report.hpp"

#include <fmt/format.h>

#include "cli/terminal.hpp"

namespace lightlane::cli {

using Json = nlohmann::ordered_json;

Json json_number(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json to_json(const std::vector<plan::Reason>& reasons) {
  Json out = Json::array();
  for (const plan::Reason& r : reasons) {
    out.push_back(
        {{"code", r.code}, {"severity", plan::name(r.severity)}, {"text", r.text}, {"cure", r.cure}});
  }
  return out;
}

Json to_json(const std::vector<plan::Assumption>& assumed) {
  Json out = Json::array();
  for (const plan::Assumption& a : assumed) {
    out.push_back({{"what", a.what},
                   {"value", json_number(a.value)},
                   {"unit", a.unit},
                   {"confidence", a.confidence.empty() ? Json() : Json(a.confidence)},
                   {"source", a.source}});
  }
  return out;
}

Json to_json(const std::vector<plan::UsedLimit>& limits) {
  Json out = Json::array();
  for (const plan::UsedLimit& l : limits) {
    out.push_back({{"what", l.what},
                   {"value", l.value},
                   {"confidence", catalog::name(l.confidence)},
                   {"source", l.source}});
  }
  return out;
}

void print_reasons(const std::vector<plan::Reason>& reasons) {
  if (!reasons.empty()) fmt::print("\n{}\n", bold("Reasons"));
  for (const plan::Reason& r : reasons)
    fmt::print("  {:<10} {:<12} {}{}\n", plan::name(r.severity), r.code, r.text,
               r.cure.empty() ? "" : "; cure: " + r.cure);
}

void print_assumed(const std::vector<plan::Assumption>& assumed) {
  if (!assumed.empty()) fmt::print("\n{}\n", bold("Assumed"));
  for (const plan::Assumption& a : assumed) {
    fmt::print("  {:<58}{:>10} {:<12} {}{}\n", a.what, a.value ? fmt::format("{:.5g}", *a.value) : "", a.unit,
               a.confidence.empty() ? "" : fmt::format("{}, ", a.confidence), a.source);
  }
}

void print_limits(const std::vector<plan::UsedLimit>& limits) {
  if (!limits.empty()) fmt::print("\n{}\n", bold("Limits"));
  for (const plan::UsedLimit& l : limits)
    fmt::print("  {:<58}{:>10.5g} {:<11} {}\n", l.what, l.value, catalog::name(l.confidence), l.source);
}

}  // namespace lightlane::cli

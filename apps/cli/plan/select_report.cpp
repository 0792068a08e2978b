#include "cli/plan/select_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/interop_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

std::string number(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "?";
}

std::string codes_of(const Candidate& c, Severity least) {
  std::vector<std::string_view> codes;
  for (const Reason& reason : c.reasons)
    if (reason.severity >= least && std::find(codes.begin(), codes.end(), reason.code) == codes.end())
      codes.push_back(reason.code);
  return fmt::format("{}", fmt::join(codes, " "));
}

void print_why(const Candidate& c) {
  const auto unknowns = std::count_if(c.reasons.begin(), c.reasons.end(),
                                      [](const Reason& r) { return r.severity == Severity::unknown; });
  bool named = false;
  for (const Reason& reason : c.reasons) {
    if (reason.severity < Severity::setup) continue;
    const bool unknown = reason.severity == Severity::unknown;
    if (unknown && std::exchange(named, true)) continue;
    fmt::print("      {:<10} {:<12} {}{}{}\n", name(reason.severity), reason.code, reason.text,
               reason.cure.empty() ? "" : "; cure: " + reason.cure,
               unknown && unknowns > 1 ? fmt::format(" (and {} more)", unknowns - 1) : "");
  }
}

}  // namespace

void print_text(const Selection& s, bool all) {
  const auto count = [&](InteropVerdict verdict) {
    return std::count_if(s.candidates.begin(), s.candidates.end(),
                         [&](const Candidate& c) { return c.verdict == verdict; });
  };
  const long fit = count(InteropVerdict::ok), conditional = count(InteropVerdict::conditional);
  const Candidate& best = s.candidates.front();
  if (fit + conditional == 0) {
    fmt::print("{}  nothing in the catalogue suits\n", toned("NONE", Tone::bad));
  } else {
    fmt::print("{}  {}\n", toned(fit > 0 ? "BEST" : "ON CONDITIONS", fit > 0 ? Tone::good : Tone::warning),
               best.end.module != nullptr ? best.end.module->summary : best.end.pmd->id);
  }
  fmt::print("{} suit, {} on conditions, {} unknown, {} not; ranked by {}\n\n", fit, conditional,
             count(InteropVerdict::unknown), count(InteropVerdict::no), name(s.ranked_by));
  fmt::print("{}\n",
             bold(fmt::format("{:>3} {:<28}{:<28}{:<12}{:>9}{:>10}{:>9}{:>9}{:>10}", "", "module or type",
                              "PMD", "verdict", "reach m", "margin dB", "W a port", "price", "delay ns")));
  int place = 0, refused = 0;
  for (const Candidate& c : s.candidates) {
    if (c.verdict == InteropVerdict::no && (!all && fit + conditional > 0)) continue;
    if (c.verdict == InteropVerdict::no && !all && ++refused > 5) break;
    const std::string verdict(name(c.verdict));
    fmt::print("{:>3} {:<28}{:<28}{}{}{:>9}{:>10}{:>9}{:>9}{:>10.0f}\n", ++place, label(c.end), c.end.pmd->id,
               toned(verdict, tone_of(c.verdict)), std::string(12 - verdict.size(), ' '),
               number(c.reach_m, 0), number(c.margin_db, 2),
               c.power_max_w ? number(*c.power_max_w / c.ports, 1) : "?", c.price ? number(c.price, 0) : "-",
               c.latency_ns);
    if (c.verdict == InteropVerdict::ok || c.verdict == InteropVerdict::conditional ||
        c.verdict == InteropVerdict::unknown) {
      print_why(c);
    } else {
      fmt::print("      {}\n", codes_of(c, Severity::refusal));
    }
  }
  if (!all && fit + conditional > 0) fmt::print("\n--all shows those that are refused, and why\n");
  print_assumed(s.assumed);
}

Json to_json(const Selection& s) {
  Json out = {{"verdict", plan::name(s.candidates.front().verdict)},
              {"ranked_by", name(s.ranked_by)},
              {"candidates", Json::array()},
              {"assumed", to_json(s.assumed)}};
  for (const Candidate& c : s.candidates) {
    out["candidates"].push_back({{"name", label(c.end)},
                                 {"pmd", c.end.pmd->id},
                                 {"module", c.end.module == nullptr ? Json() : Json(c.end.module->id)},
                                 {"verdict", plan::name(c.verdict)},
                                 {"children", c.children},
                                 {"ports", c.ports},
                                 {"reach_m", json_number(c.reach_m)},
                                 {"margin_db", json_number(c.margin_db)},
                                 {"power_max_w", json_number(c.power_max_w)},
                                 {"power_typical_w", json_number(c.power_typical_w)},
                                 {"price", json_number(c.price)},
                                 {"latency_min_ns", c.latency_ns},
                                 {"reasons", to_json(c.reasons)}});
  }
  return out;
}

void print_csv(const Selection& s) {
  fmt::print("rank,name,pmd,verdict,reach_m,margin_db,power_max_w,price,latency_min_ns,codes\n");
  int place = 0;
  const auto cell = [](const std::optional<double>& value) {
    return value ? fmt::format("{:g}", *value) : "";
  };
  for (const Candidate& c : s.candidates) {
    const std::string row[] = {std::to_string(++place),
                               std::string(label(c.end)),
                               std::string(c.end.pmd->id),
                               std::string(name(c.verdict)),
                               cell(c.reach_m),
                               cell(c.margin_db),
                               cell(c.power_max_w),
                               cell(c.price),
                               fmt::format("{:.1f}", c.latency_ns),
                               codes_of(c, Severity::condition)};
    fmt::print("{}", csv_line(row));
  }
}

}  // namespace lightlane::cli

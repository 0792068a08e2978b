#include "cli/plan/inventory_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/plan/answer_report.hpp"
#include "cli/plan/interop_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

constexpr InteropVerdict verdicts[] = {InteropVerdict::no, InteropVerdict::unknown,
                                       InteropVerdict::conditional, InteropVerdict::ok};

std::string end_name(const InventoryEnd& end) {
  return end.port.empty() ? end.device : end.device.empty() ? end.port : end.device + " " + end.port;
}

std::string codes_of(const LinkVerdict& link) {
  std::vector<std::string_view> codes;
  for (const Reason& reason : link.reasons)
    if (std::find(codes.begin(), codes.end(), reason.code) == codes.end()) codes.push_back(reason.code);
  return fmt::format("{}", fmt::join(codes, " "));
}

/// Worst verdict first, then the smallest margin.
std::vector<const LinkVerdict*> worst_first(const InventoryReport& report) {
  std::vector<const LinkVerdict*> out;
  for (const InteropVerdict verdict : verdicts) {
    const auto begin = static_cast<std::ptrdiff_t>(out.size());
    for (const LinkVerdict& link : report.links)
      if (link.verdict == verdict) out.push_back(&link);
    std::stable_sort(out.begin() + begin, out.end(), [](const LinkVerdict* x, const LinkVerdict* y) {
      return x->margin_db.value_or(1e9) < y->margin_db.value_or(1e9);
    });
  }
  return out;
}

void print_link(const LinkVerdict& l) {
  const std::string verdict(name(l.verdict));
  fmt::print("{:>7} {}{}{:<52}{:>9}{:>9}{:>9}\n", l.link.row, toned(verdict, tone_of(l.verdict)),
             std::string(12 - verdict.size(), ' '),
             fmt::format("{} - {}", end_name(l.link.a), end_name(l.link.b)),
             l.length_m > 0 ? fmt::format("{:.0f}", l.length_m) : "-",
             l.loss_db ? fmt::format("{:.2f}", *l.loss_db) : "-",
             l.margin_db ? fmt::format("{:.2f}", *l.margin_db) : "-");
  for (const Reason& reason : l.reasons)
    fmt::print("        {:<12}{}{}\n", reason.code, reason.text,
               reason.cure.empty() ? "" : "; cure: " + reason.cure);
}

void print_counts(std::string_view title, const std::map<std::string, std::size_t>& counts, std::size_t of) {
  if (counts.empty()) return;
  fmt::print("\n{}\n", bold(title));
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& x, const auto& y) { return x.second > y.second; });
  for (const auto& [what, rows] : sorted)
    fmt::print("  {:<60}{:>10}{:>8.1f} %\n", what, grouped(rows),
               100.0 * static_cast<double>(rows) / static_cast<double>(of));
}

void print_notes(const Inventory& inventory) {
  if (inventory.notes.empty()) return;
  constexpr std::size_t shown = 20;
  fmt::print("\n{}\n", bold(fmt::format("Rows: {} skipped, {} remarked on", grouped(inventory.skipped()),
                                        grouped(inventory.notes.size() - inventory.skipped()))));
  for (std::size_t i = 0; i < std::min(shown, inventory.notes.size()); ++i) {
    const InventoryNote& note = inventory.notes[i];
    fmt::print("  {}:{} {}{}\n", inventory.file, note.row, note.text, note.skipped ? ": skipped" : "");
  }
  if (inventory.notes.size() > shown)
    fmt::print("  and {} more (JSON has them)\n", grouped(inventory.notes.size() - shown));
}

}  // namespace

void print_inventory_text(const Inventory& inventory, const InventoryReport& report, bool all) {
  const std::size_t links = report.links.size();
  const std::size_t good = report.count(InteropVerdict::ok);
  const bool bad = report.count(InteropVerdict::no) > 0;
  fmt::print("{}  {} of {} links ok, {} conditional, {} no, {} unknown; {} of {} rows skipped ({}, {})\n",
             good == links && links > 0 && inventory.skipped() == 0 ? toned("OK", Tone::good)
             : bad                                                  ? toned("NO", Tone::bad)
                                                                    : toned("CONDITIONAL", Tone::warning),
             grouped(good), grouped(links), grouped(report.count(InteropVerdict::conditional)),
             grouped(report.count(InteropVerdict::no)), grouped(report.count(InteropVerdict::unknown)),
             grouped(inventory.skipped()), grouped(inventory.rows), inventory.file, inventory.format);
  if (!report.complete)
    fmt::print("interrupted: {} links were not judged\n", grouped(inventory.links.size() - links));
  const std::vector<const LinkVerdict*> order = worst_first(report);
  const std::size_t most = all ? order.size() : std::min<std::size_t>(20, links - good);
  if (most > 0) {
    fmt::print("\n{}\n", bold(fmt::format("{:>7} {:<12}{:<52}{:>9}{:>9}{:>9}", "row", "verdict", "link", "m",
                                          "loss dB", "margin")));
    for (std::size_t i = 0; i < most; ++i) print_link(*order[i]);
    if (!all && links - good > most)
      fmt::print("  and {} more that are not ok (--all)\n", grouped(links - good - most));
  }
  print_counts("Reasons, rows", report.reason_rows, links);
  print_counts("Assumed, rows", report.assumed_rows, links);
  print_notes(inventory);
}

Json inventory_json(const Inventory& inventory, const InventoryReport& report) {
  const auto end = [](const InventoryEnd& e) -> Json {
    return {{"device", e.device}, {"port", e.port}, {"type", e.type.empty() ? Json() : Json(e.type)}};
  };
  Json out = {{"file", inventory.file},
              {"format", inventory.format},
              {"rows", inventory.rows},
              {"skipped", inventory.skipped()},
              {"complete", report.complete},
              {"verdicts", Json::object()},
              {"reason_rows", report.reason_rows},
              {"assumed_rows", report.assumed_rows},
              {"links", Json::array()},
              {"notes", Json::array()}};
  for (const InteropVerdict verdict : verdicts)
    out["verdicts"][std::string(name(verdict))] = report.count(verdict);
  for (const LinkVerdict& l : report.links) {
    out["links"].push_back({{"row", l.link.row},
                            {"id", l.link.id},
                            {"a", end(l.link.a)},
                            {"b", end(l.link.b)},
                            {"verdict", name(l.verdict)},
                            {"children", l.children},
                            {"length_m", l.length_m > 0 ? Json(l.length_m) : Json()},
                            {"loss_db", json_number(l.loss_db)},
                            {"margin_db", json_number(l.margin_db)},
                            {"reasons", to_json(l.reasons)}});
  }
  for (const InventoryNote& note : inventory.notes)
    out["notes"].push_back({{"row", note.row}, {"skipped", note.skipped}, {"text", note.text}});
  return out;
}

void print_inventory_csv(const InventoryReport& report) {
  fmt::print("row,id,a_device,a_port,b_device,b_port,verdict,length_m,loss_db,margin_db,codes\n");
  const auto cell = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.4g}", *value) : std::string();
  };
  for (const LinkVerdict& l : report.links) {
    const std::string row[] = {std::to_string(l.link.row),
                               l.link.id,
                               l.link.a.device,
                               l.link.a.port,
                               l.link.b.device,
                               l.link.b.port,
                               std::string(name(l.verdict)),
                               l.length_m > 0 ? fmt::format("{:g}", l.length_m) : "",
                               cell(l.loss_db),
                               cell(l.margin_db),
                               codes_of(l)};
    fmt::print("{}", csv_line(row));
  }
}

}  // namespace lightlane::cli

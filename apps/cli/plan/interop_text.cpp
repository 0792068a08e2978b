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

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

std::string counted(const Interop& answer, bool a) {
  const bool many = answer.children > 1 && (a ? answer.b_breaks_out : answer.a_breaks_out);
  const LinkEnd& end = a ? answer.a : answer.b;
  return many ? fmt::format("{} x {}", answer.children, label(end)) : std::string(label(end));
}

void print_margins(const Interop& answer) {
  if (!answer.budget || answer.budget->directions.empty()) return;
  fmt::print("\n{}\n", bold(fmt::format("Light over {:.6g} m, dB", answer.budget->length_m)));
  fmt::print("  {:<48}{:>8}{:>11}{:>8}{:>8}{:>10}\n", "", "budget", "penalties", "loss", "margin",
             "overload");
  const auto number = [](const std::optional<double>& value) {
    return value ? fmt::format("{:.2f}", *value == 0 ? 0.0 : *value) : std::string("?");
  };
  for (const Direction& d : answer.budget->directions) {
    fmt::print("  {:<48}{:>8}{:>11}{:>8}{:>8}{:>10}\n", fmt::format("{} to {}", d.from->id, d.to->id),
               number(d.available_db), number(d.penalties_db), number(d.loss_db), number(d.margin_db),
               number(d.overload_margin_db));
  }
}

void print_routes(const Interop& answer) {
  if (answer.routes.empty()) return;
  const bool legs =
      std::any_of(answer.routes.begin(), answer.routes.end(), [](const auto& r) { return r.leg > 0; });
  fmt::print("\n{}\n", bold("Lanes"));
  for (const LaneRoute& r : answer.routes) {
    fmt::print("  lane {} meets {}lane {}{}\n", r.lane + 1, legs ? fmt::format("leg {}, ", r.leg + 1) : "",
               r.far_lane + 1,
               r.from_lane == r.far_lane ? "" : fmt::format(", hears lane {}", r.from_lane + 1));
  }
}

}  // namespace

Tone tone_of(InteropVerdict verdict) {
  switch (verdict) {
    case InteropVerdict::ok:
      return Tone::good;
    case InteropVerdict::conditional:
      return Tone::warning;
    case InteropVerdict::no:
      return Tone::bad;
    case InteropVerdict::unknown:
      break;
  }
  return Tone::plain;
}

std::string_view label(const LinkEnd& end) { return end.module != nullptr ? end.module->id : end.pmd->id; }

void print_text(const Interop& answer) {
  fmt::print("{}  {} and {}", toned(upper(name(answer.verdict)), tone_of(answer.verdict)),
             counted(answer, true), counted(answer, false));
  if (answer.reach_m) fmt::print(", up to {:g} m", *answer.reach_m);
  if (answer.loss_max_db && *answer.loss_max_db > 0)
    fmt::print(", up to {:.2f} dB of loss", *answer.loss_max_db);
  fmt::print("\n");
  print_reasons(answer.reasons);
  print_margins(answer);
  print_routes(answer);
  print_assumed(answer.assumed);
}

void print_matrix_text(std::span<const LinkEnd> ends, const std::vector<MatrixCell>& cells) {
  const std::size_t n = ends.size();
  fmt::print(
      "o ok   c conditional   . no   ? unknown   (row A, column B; a breakout has its count before the "
      "letter)\n\n");
  std::string head(34, ' ');
  for (std::size_t j = 0; j < n; ++j) head += fmt::format("{:>3}", j + 1);
  fmt::print("{}\n", bold(head));
  for (std::size_t i = 0; i < n; ++i) {
    std::string line = fmt::format("{:>3} {:<30}", i + 1, label(ends[i]));
    for (std::size_t j = 0; j < n; ++j) {
      const MatrixCell& cell = cells[i * n + j];
      constexpr char letters[] = {'o', 'c', '.', '?'};
      const bool counted = cell.children > 1 && cell.verdict != InteropVerdict::no;
      std::string word = counted ? fmt::format("{}{}", cell.children, letters[static_cast<int>(cell.verdict)])
                                 : std::string(1, letters[static_cast<int>(cell.verdict)]);
      line +=
          std::string(3 - std::min<std::size_t>(word.size(), 3), ' ') + toned(word, tone_of(cell.verdict));
    }
    fmt::print("{}\n", line);
  }
  std::size_t count[4] = {};
  for (const MatrixCell& cell : cells) ++count[static_cast<int>(cell.verdict)];
  fmt::print("\n{} pairs: {} ok, {} conditional, {} no, {} unknown\n", cells.size(), count[0], count[1],
             count[2], count[3]);
}

void print_matrix_csv(std::span<const LinkEnd> ends, const std::vector<MatrixCell>& cells) {
  fmt::print("a,b,verdict,children,codes\n");
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string row[] = {std::string(label(ends[i / ends.size()])),
                               std::string(label(ends[i % ends.size()])), std::string(name(cells[i].verdict)),
                               std::to_string(cells[i].children),
                               fmt::format("{}", fmt::join(cells[i].codes, " "))};
    fmt::print("{}", csv_line(row));
  }
}

}  // namespace lightlane::cli

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"
#include "cli/html_svg.hpp"
#include "cli/plan/line_chart.hpp"
#include "cli/plan/tco_report.hpp"

namespace lightlane::cli {
namespace {

constexpr double width = 760, left = 290, right = 690, row_height = 22;
constexpr std::size_t shown = 14;

std::string words(double x, double y, const char* anchor, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     html::escape(text));
}

std::string figure_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : std::string();
}

/// Bars about the result as it stands, widest first.
std::string panel(const std::string& title, const std::vector<plan::TcoSwing>& swings, double base,
                  const std::string& currency, double& y) {
  std::string out = words(10, y + 18, "start", title, " font-weight=\"bold\"");
  y += 30;
  const std::size_t rows = std::min(shown, swings.size());
  double low = base, high = base;
  for (std::size_t i = 0; i < rows; ++i) {
    low = std::min({low, swings[i].npv_at_low, swings[i].npv_at_high});
    high = std::max({high, swings[i].npv_at_low, swings[i].npv_at_high});
  }
  const html::LinearAxis axis = {low, std::max(high, low + 1e-9), left + 60, right - 60};
  const double top = y;
  for (std::size_t i = 0; i < rows; ++i) {
    const plan::TcoSwing& s = swings[i];
    out += words(left, y + 14, "end", s.what);
    const auto bar = [&](double value, double figure, const char* colour) {
      const double a = std::min(axis.at(base), axis.at(value)), b = std::max(axis.at(base), axis.at(value));
      out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                         a, y + 3, std::max(b - a, 0.5), row_height - 7, colour);
      const bool leftwards = value < base;
      out += words(leftwards ? a - 4 : b + 4, y + 14, leftwards ? "end" : "start", figure_text(figure),
                   " font-size=\"10\" fill=\"#555\"");
    };
    bar(s.npv_at_low, s.low, "#66a8c8");
    bar(s.npv_at_high, s.high, "#cc6600");
    y += row_height;
  }
  out += fmt::format("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\" stroke=\"#555\"/>\n",
                     axis.at(base), top, y + 4);
  out += words(axis.at(base), y + 18, "middle", money(base));
  out += words(axis.at(low) - 20, y + 18, "middle", money(low), " fill=\"#555\"");
  out += words(axis.at(high) + 20, y + 18, "middle", money(high) + " " + currency, " fill=\"#555\"");
  if (swings.size() > shown)
    out += words(10, y + 18, "start", fmt::format("and {} smaller ones", swings.size() - shown),
                 " fill=\"#555\"");
  y += 34;
  return out;
}

}  // namespace

std::string cumulative_svg(const plan::Tco& t) {
  LineChart chart;
  chart.title = "Cumulative cost, discounted";
  chart.x_label = "year";
  chart.y_label = t.currency;
  chart.from_zero = true;
  for (std::size_t i = 0; i < t.alternatives.size(); ++i) {
    const plan::TcoCost& a = t.alternatives[i];
    ChartLine line;
    line.name = a.name + ": " + (std::isfinite(a.npv) ? money(a.npv) + " " + t.currency : "unknown");
    if (i > 0 && t.savings[i].break_even_year)
      line.name += fmt::format(", even with {} after {:.2f} years", t.alternatives[0].name,
                               *t.savings[i].break_even_year);
    line.colour = static_cast<int>(i);
    for (const plan::TcoYear& y : a.years) line.points.emplace_back(y.year, y.cumulative_present);
    chart.lines.push_back(std::move(line));
  }
  return line_chart_svg(chart);
}

std::string tornado_svg(const plan::Tco& t, double sensitivity) {
  std::string content;
  double y = 8;
  for (std::size_t i = 0; i < t.alternatives.size(); ++i) {
    if (i == 0 && t.alternatives.size() > 1) continue;
    const std::string title =
        i == 0 ? fmt::format("Cost of {} [{}], each figure moved by {:g} %", t.alternatives[i].name,
                             t.currency, 100 * sensitivity)
               : fmt::format("Saving by {} against {} [{}], each figure moved by {:g} %",
                             t.alternatives[i].name, t.alternatives[0].name, t.currency, 100 * sensitivity);
    if (t.swings[i].empty()) {
      content += words(10, y + 18, "start", title + ": unknown", " font-weight=\"bold\"");
      y += 34;
      continue;
    }
    content += panel(title, t.swings[i], i == 0 ? t.alternatives[0].npv : t.savings[i].npv, t.currency, y);
  }
  content += fmt::format(
      "<rect x=\"10\" y=\"{0:.1f}\" width=\"14\" height=\"12\" fill=\"#66a8c8\"/><text x=\"30\" "
      "y=\"{1:.1f}\">figure moved "
      "down</text><rect x=\"160\" y=\"{0:.1f}\" width=\"14\" height=\"12\" fill=\"#cc6600\"/><text x=\"180\" "
      "y=\"{1:.1f}\">figure moved up</text>\n",
      y, y + 11);
  return svg_picture(width, y + 24, "Sensitivities", content);
}

}  // namespace lightlane::cli

#include "cli/plan/line_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"
#include "cli/html_svg.hpp"

namespace lightlane::cli {
namespace {

constexpr double width = 760, left = 90, right = 735, top = 46, bottom = 370, key_top = 420, key_height = 20;

std::string words(double x, double y, const char* anchor, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor, more,
                     html::escape(text));
}

std::string stroke(double x1, double y1, double x2, double y2, const char* style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1, y1, x2, y2,
                     style);
}

struct Range {
  double low = INFINITY, high = -INFINITY;
  void hold(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  void open() {
    if (!(low <= high)) low = 0, high = 1;
    if (low == high) low -= low == 0 ? 0 : std::abs(low) * 0.1, high += high == 0 ? 1 : std::abs(high) * 0.1;
  }
};

/// Digits enough for the ticks, thousands grouped.
std::string tick_text(double value, double step) {
  const int digits = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 6);
  std::string text = fmt::format("{:.{}f}", std::abs(value) < step * 1e-9 ? 0.0 : value, digits);
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t i = point; i > (text[0] == '-' ? 4u : 3u); i -= 3) text.insert(i - 3, ",");
  return html::with_minus(text);
}

std::string axes(const LineChart& chart, const html::LinearAxis& x, const html::LinearAxis& y) {
  const char *grid = "stroke=\"#ddd\"", *frame = "stroke=\"#555\"";
  std::string out;
  const std::vector<double> xs = html::round_ticks(x.low, x.high, 8),
                            ys = html::round_ticks(y.low, y.high, 7);
  const auto step = [](const std::vector<double>& t) { return t.size() > 1 ? t[1] - t[0] : 1.0; };
  for (const double v : ys) {
    out += stroke(left, y.at(v), right, y.at(v), grid);
    out += words(left - 6, y.at(v) + 4, "end", tick_text(v, step(ys)));
  }
  for (const double v : xs) {
    out += stroke(x.at(v), top, x.at(v), bottom, grid);
    out += words(x.at(v), bottom + 16, "middle", tick_text(v, step(xs)));
  }
  out += stroke(left, bottom, right, bottom, frame) + stroke(left, top, left, bottom, frame);
  out += words((left + right) / 2, bottom + 34, "middle", chart.x_label);
  out += words(left, top - 8, "start", chart.y_label);
  return out;
}

std::string path(const ChartLine& line, const html::LinearAxis& x, const html::LinearAxis& y) {
  std::string d;
  bool down = false;
  for (const auto& [px, py] : line.points) {
    if (!std::isfinite(px) || !std::isfinite(py)) {
      down = false;
      continue;
    }
    d += fmt::format("{}{:.1f} {:.1f}", down ? "L" : "M", x.at(px), y.at(py));
    down = true;
  }
  if (d.empty()) return "";
  return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"{}/>\n", d,
                     chart_colour(line.colour), line.dashed ? " stroke-dasharray=\"6 4\"" : "");
}

}  // namespace

const char* chart_colour(int index) {
  static const char* const colours[] = {"#4477aa", "#cc6600", "#228833", "#aa3377",
                                        "#66a8c8", "#998800", "#555555", "#cc3311"};
  return colours[static_cast<std::size_t>(index) % std::size(colours)];
}

std::string svg_picture(double w, double h, const std::string& label, const std::string& content) {
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" "
      "font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"{2}\">\n"
      "<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"white\"/>\n{3}</svg>\n",
      w, h, html::escape(label), content);
}

std::string line_chart_svg(const LineChart& chart) {
  Range xs, ys;
  for (const ChartLine& line : chart.lines) {
    for (const auto& [x, y] : line.points) {
      xs.hold(x);
      ys.hold(y);
    }
  }
  if (chart.from_zero) ys.hold(0);
  if (chart.y_limit) ys.hold(*chart.y_limit);
  xs.open();
  ys.open();
  const double room = (ys.high - ys.low) * 0.05;
  const html::LinearAxis x = {xs.low, xs.high, left, right};
  const html::LinearAxis y = {ys.low - (chart.from_zero && ys.low == 0 ? 0 : room), ys.high + room, bottom,
                              top};
  std::string content = words(left, 20, "start", chart.title, " font-weight=\"bold\" font-size=\"14\"");
  content += axes(chart, x, y);
  if (chart.y_limit) {
    content += stroke(left, y.at(*chart.y_limit), right, y.at(*chart.y_limit),
                      "stroke=\"#cc3311\" stroke-dasharray=\"3 3\"");
    content += words(right - 4, y.at(*chart.y_limit) - 5, "end", chart.y_limit_name, " fill=\"#cc3311\"");
  }
  if (chart.x_mark) {
    content += stroke(x.at(*chart.x_mark), top, x.at(*chart.x_mark), bottom,
                      "stroke=\"#555\" stroke-dasharray=\"3 3\"");
    const bool room_right = *chart.x_mark < (xs.low + 3 * xs.high) / 4;
    content += words(x.at(*chart.x_mark) + (room_right ? 4 : -4), bottom - 6, room_right ? "start" : "end",
                     chart.x_mark_name, " fill=\"#555\"");
  }
  double at = key_top;
  for (const ChartLine& line : chart.lines) {
    content += path(line, x, y);
    if (line.name.empty()) continue;
    content += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{1:.1f}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\" "
        "stroke-width=\"2\"{4}/>\n",
        left, left + 26, at + 10, chart_colour(line.colour), line.dashed ? " stroke-dasharray=\"6 4\"" : "");
    content += words(left + 34, at + 14, "start", line.name);
    at += key_height;
  }
  return svg_picture(width, at + 12, chart.title, content);
}

}  // namespace lightlane::cli

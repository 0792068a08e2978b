#include "cli/html_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"

namespace lightlane::cli::html {

std::string svg(double width, double height, std::string_view label, const std::string& content) {
  return fmt::format("<svg viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\"{}>\n{}</svg>\n", width,
                     height, escape(label), width < chart_width ? " class=\"small\"" : "", content);
}

std::string line(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1,
                     x2, y2, style);
}

std::string text(double x, double y, std::string_view anchor, std::string_view content,
                 std::string_view style) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor,
                     style.empty() ? "" : fmt::format(" class=\"{}\"", style), escape(content));
}

std::string rect(double x, double y, double width, double height, std::string_view style) {
  return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\"/>\n", x,
                     y, width, height, style);
}

std::string circle(double x, double y, double radius, std::string_view style) {
  return fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:g}\" class=\"{}\"/>\n", x, y, radius, style);
}

std::string polyline(const std::vector<std::pair<double, double>>& points, std::string_view style) {
  std::string d;
  for (const auto& [x, y] : points) d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? "M" : "L", x, y);
  return fmt::format("<path d=\"{}\" class=\"{}\"/>\n", d, style);
}

std::string titled(std::string_view title, const std::string& content) {
  return fmt::format("<g><title>{}</title>\n{}</g>\n", escape(title), content);
}

std::string key(std::string_view sign, std::string_view meaning) {
  return fmt::format(
      "<span class=\"key\"><svg viewBox=\"0 0 26 14\" "
      "style=\"display:inline-block;width:26px;vertical-align:-2px\" "
      "aria-hidden=\"true\">{}</svg> {}</span> ",
      sign, escape(meaning));
}

std::string figure(const std::string& chart, const std::string& caption) {
  return "<figure>\n" + chart + "<figcaption>" + caption + "</figcaption></figure>\n";
}

std::string with_minus(const std::string& number) {
  if (number.empty() || number[0] != '-') return number;
  const bool zero = number.find_first_of("123456789") == std::string::npos;
  return (zero ? "" : "\u2212") + number.substr(1);
}

std::string exponent(double value) {
  const int e = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  return fmt::format("{:.2g}e{}", value / std::pow(10, e), e);
}

double LinearAxis::at(double value) const {
  return from + std::clamp((value - low) / (high - low), 0.0, 1.0) * (to - from);
}

std::vector<double> round_ticks(double low, double high, int at_most) {
  const double step = round_up(std::max(high - low, 1e-300) / at_most);
  std::vector<double> list;
  for (double i = std::ceil(low / step - 1e-9); i * step <= high + step * 1e-9; ++i)
    list.push_back(i == 0 ? 0 : i * step);
  return list;
}

double LogAxis::at(double value) const {
  const double part = (std::log10(value) - low) / (high - low);
  return from + std::clamp(part, 0.0, 1.0) * (to - from);
}

double round_down(double value) {
  const double power = std::pow(10, std::floor(std::log10(value) + 1e-9));
  return value >= 5 * power * (1 - 1e-9) ? 5 * power : value >= 2 * power * (1 - 1e-9) ? 2 * power : power;
}

double round_up(double value) { return 1 / round_down(1 / value); }

std::vector<double> ticks(const LogAxis& axis, int at_most) {
  std::vector<double> list;
  const int first = static_cast<int>(std::floor(axis.low + 1e-9)),
            last = static_cast<int>(std::ceil(axis.high - 1e-9));
  const int step = std::max(1, (last - first + at_most - 1) / at_most);
  for (int e = first; e <= last; e += step) {
    for (const double digit : {1.0, 2.0, 5.0}) {
      if (digit > 1 && last - first > 2) break;
      const double value = digit * std::pow(10, e), place = std::log10(value);
      if (place >= axis.low - 1e-9 && place <= axis.high + 1e-9) list.push_back(value);
    }
  }
  return list;
}

}  // namespace lightlane::cli::html

#pragma once
/// What charts are made of: SVG elements in the colours of the page, and axes of round numbers.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lightlane::cli::html {

inline constexpr double chart_width = 560;        ///< of a chart that fills half a page, in its own units
inline constexpr double small_chart_width = 270;  ///< of one among many

/// `label` says what it shows, for those who cannot see it. A narrow one keeps its letters small on a phone.
std::string svg(double width, double height, std::string_view label, const std::string& content);
std::string line(double x1, double y1, double x2, double y2, std::string_view style);
/// `anchor`: start | middle | end
std::string text(double x, double y, std::string_view anchor, std::string_view content,
                 std::string_view style = "");
std::string rect(double x, double y, double width, double height, std::string_view style);
std::string circle(double x, double y, double radius, std::string_view style);
std::string polyline(const std::vector<std::pair<double, double>>& points, std::string_view style);
/// What a pointer that rests on `content` shows.
std::string titled(std::string_view title, const std::string& content);
/// A key below a chart: a sign of 26 x 14 and what it means.
std::string key(std::string_view sign, std::string_view meaning);
std::string figure(const std::string& chart, const std::string& caption);

/// With a minus sign as long as the plus; a negative zero without it.
std::string with_minus(const std::string& number);
/// 2e-4, 2.4e-4
std::string exponent(double value);

struct LinearAxis {
  double low = 0, high = 1;
  double from = 0, to = 1;  ///< where they lie in the drawing

  double at(double value) const;  ///< held within from to to
};

/// Multiples of 1, 2 or 5 times a power of ten from low to high, `at_most` of them or so.
std::vector<double> round_ticks(double low, double high, int at_most);

/// A logarithmic axis of round ends.
struct LogAxis {
  double low = 0, high = 1;  ///< log10
  double from = 0, to = 1;   ///< where they lie in the drawing

  double at(double value) const;  ///< held within from to to
};

/// Values where lines and labels stand: powers of ten, thinned out; 1 2 5 where the axis is short.
std::vector<double> ticks(const LogAxis& axis, int at_most);
/// 1, 2 or 5 times a power of ten, at most (at least) `value`.
double round_down(double value);
double round_up(double value);

}  // namespace lightlane::cli::html

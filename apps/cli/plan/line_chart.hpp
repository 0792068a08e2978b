#pragma once
/// A chart of lines as a picture of its own: axes of round numbers, a key below.

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace lightlane::cli {

struct ChartLine {
  std::string name;                               ///< empty: not in the key
  std::vector<std::pair<double, double>> points;  ///< where y is not finite the line has a gap
  bool dashed = false;
  int colour = 0;  ///< lines of one colour belong together
};

struct LineChart {
  std::string title, x_label, y_label;
  std::vector<ChartLine> lines;
  bool from_zero = false;         ///< the y axis holds 0
  std::optional<double> y_limit;  ///< a line across, "limit"
  std::string y_limit_name;
  std::optional<double> x_mark;  ///< a line down
  std::string x_mark_name;
};

std::string line_chart_svg(const LineChart& chart);
/// A picture of that size around `content`.
std::string svg_picture(double width, double height, const std::string& label, const std::string& content);
/// A colour that can be told from its neighbours, whatever the eye.
const char* chart_colour(int index);

}  // namespace lightlane::cli

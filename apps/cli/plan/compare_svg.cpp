#include <fmt/format.h>

#include <algorithm>

#include "cli/plan/compare_report.hpp"
#include "cli/plan/line_chart.hpp"

namespace lightlane::cli {
namespace {

std::string watts(const plan::ComparedValue& value) {
  return value.value ? fmt::format("{:g} W", *value.value) : std::string("unknown");
}

}  // namespace

std::string power_curve_svg(const plan::Comparison& c) {
  LineChart chart;
  chart.title = "Power of a module over case temperature";
  chart.x_label = "case temperature [C]";
  chart.y_label = "W";
  chart.from_zero = true;
  chart.x_mark = c.case_temperature_c;
  if (c.case_temperature_c < c.low_c || c.case_temperature_c > c.high_c) chart.x_mark.reset();
  chart.x_mark_name = fmt::format("{:g} C", c.case_temperature_c);
  for (std::size_t i = 0; i < c.types.size(); ++i) {
    const plan::ComparedType& t = c.types[i];
    ChartLine line;
    line.colour = static_cast<int>(i);
    line.name =
        t.name + (t.curve ? ": by typical devices (" + std::string(catalog::name(t.curve->confidence)) + ")"
                          : ": over temperature unknown");
    line.name += fmt::format("; dashed: typical {}, at most {}", watts(t.typical_w), watts(t.max_w));
    constexpr int steps = 70;
    for (int k = 0; t.curve && k <= steps; ++k) {
      const double at = c.low_c + (c.high_c - c.low_c) * k / steps;
      line.points.emplace_back(at, t.curve->at(at));
    }
    chart.lines.push_back(std::move(line));
    for (const plan::ComparedValue* value : {&t.typical_w, &t.max_w}) {
      if (!value->value) continue;
      ChartLine flat;
      flat.colour = static_cast<int>(i);
      flat.dashed = true;
      flat.points = {{c.low_c, *value->value}, {c.high_c, *value->value}};
      chart.lines.push_back(std::move(flat));
    }
  }
  return line_chart_svg(chart);
}

std::string margin_curve_svg(const plan::Comparison& c, const plan::CompareQuestion& question) {
  double longest_m = c.length_m;
  for (const plan::ComparedType& t : c.types)
    if (t.budget && t.budget->rated_reach_m) longest_m = std::max(longest_m, *t.budget->rated_reach_m);
  longest_m *= 1.25;
  if (longest_m == 0) longest_m = 1000;
  const bool km = longest_m >= 5000;
  LineChart chart;
  chart.title = "Margin over length, worst direction and lane";
  chart.x_label = km ? "length [km]" : "length [m]";
  chart.y_label = "margin [dB]";
  chart.y_limit = 0;
  chart.y_limit_name = "no margin";
  chart.x_mark = c.length_m / (km ? 1000 : 1);
  chart.x_mark_name = km ? fmt::format("{:g} km", c.length_m / 1000) : fmt::format("{:g} m", c.length_m);
  for (std::size_t i = 0; i < c.types.size(); ++i) {
    const plan::ComparedType& t = c.types[i];
    ChartLine line;
    line.colour = static_cast<int>(i);
    const auto margin = t.margin_db();
    line.name =
        t.name + ": " + (margin ? fmt::format("{:.2f} dB here", *margin) : std::string("unknown here"));
    if (t.budget && t.budget->rated_reach_m)
      line.name += fmt::format(", rated {:g} m (dashed beyond)", *t.budget->rated_reach_m);
    ChartLine beyond;
    beyond.colour = line.colour;
    beyond.dashed = true;
    const double rated_m = t.budget && t.budget->rated_reach_m ? *t.budget->rated_reach_m : longest_m;
    for (const auto& [m, db] : plan::margin_curve(question, t, longest_m, 101)) {
      const std::pair<double, double> point = {km ? m / 1000 : m, db};
      if (m <= rated_m) line.points.push_back(point);
      if (m >= rated_m - longest_m / 100) beyond.points.push_back(point);
    }
    chart.lines.push_back(std::move(beyond));
    chart.lines.push_back(std::move(line));
  }
  return line_chart_svg(chart);
}

}  // namespace lightlane::cli

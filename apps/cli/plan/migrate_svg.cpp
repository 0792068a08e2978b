#include <fmt/format.h>

#include <algorithm>

#include "cli/html_page.hpp"
#include "cli/plan/line_chart.hpp"
#include "cli/plan/migrate_report.hpp"

namespace lightlane::cli {

std::string migration_svg(const plan::Migration& m) {
  LineChart chart;
  chart.title = m.recommendation;
  chart.x_label = "year";
  chart.y_label = "Gb/s, all links";
  chart.from_zero = true;
  ChartLine demand, capacity;
  demand.name = "demand";
  capacity.name = "capacity, as the phases are done";
  capacity.colour = 1;
  // A phase counts from the month when it is done, so the capacity is a staircase.
  double now = 0;
  for (const plan::LinkMove& move : m.moves) now += move.gbps_before;
  capacity.points.emplace_back(0, now);
  for (std::size_t i = 0; i < m.phases.size(); ++i) {
    double more = 0;
    for (const plan::LinkMove& move : m.moves)
      if (move.phase > 0 && static_cast<std::size_t>(move.phase) == i)
        more += move.gbps_after - move.gbps_before;
    if (more == 0) continue;
    capacity.points.emplace_back(m.phases[i].to_month / 12, now);
    now += more;
    capacity.points.emplace_back(m.phases[i].to_month / 12, now);
  }
  for (const plan::GrowthYear& year : m.years) demand.points.emplace_back(year.year, year.demand_gbps);
  if (!m.years.empty())
    capacity.points.emplace_back(std::max<double>(m.years.back().year, capacity.points.back().first), now);
  chart.lines = {demand, capacity};
  return line_chart_svg(chart);
}

}  // namespace lightlane::cli

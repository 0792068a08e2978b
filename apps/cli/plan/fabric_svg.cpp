#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/html_page.hpp"
#include "cli/plan/fabric_report.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

constexpr double width = 960, left = 210, right = 930, tier_height = 128, box_height = 34, head = 64;
constexpr std::int64_t all_drawn = 12;  ///< more devices of a tier are drawn as the first, the last, and dots

/// A row of boxes.
struct Row {
  std::string title, detail, unit;
  std::int64_t count = 0;
  double y = 0;
  std::vector<std::int64_t> drawn;  ///< numbers, from 0; -1: dots
};

std::string count(std::int64_t number) { return grouped(static_cast<std::uint64_t>(number)); }

std::vector<std::int64_t> drawn_of(std::int64_t number) {
  std::vector<std::int64_t> out;
  if (number <= all_drawn) {
    for (std::int64_t i = 0; i < number; ++i) out.push_back(i);
    return out;
  }
  for (std::int64_t i = 0; i < 5; ++i) out.push_back(i);
  out.push_back(-1);
  for (std::int64_t i = number - 3; i < number; ++i) out.push_back(i);
  return out;
}

double centre(const Row& row, std::size_t i) {
  return left + (static_cast<double>(i) + 0.5) * (right - left) / static_cast<double>(row.drawn.size());
}

std::vector<Row> rows_of(const plan::Fabric& f) {
  std::vector<Row> out;
  for (auto t = f.tiers.rbegin(); t != f.tiers.rend(); ++t) {
    Row row;
    row.title = fmt::format("{} {}", count(t->count),
                            t->name == "leaf"    ? "leaves"
                            : t->name == "spine" ? "spines"
                                                 : "core");
    row.detail = fmt::format("{}, {} of {} ports", t->switch_name, t->cages_used, t->cages);
    row.unit = t->name;
    row.count = t->count;
    out.push_back(row);
  }
  Row hosts;
  hosts.title = fmt::format("{} servers", count(f.servers));
  hosts.detail = f.question.kind == plan::FabricKind::rail
                     ? fmt::format("{} GPUs at {}G", count(f.question.hosts), f.question.host_gbps)
                     : fmt::format("at {}G", f.question.host_gbps);
  hosts.unit = "server";
  hosts.count = f.servers;
  out.push_back(hosts);
  double y = head;
  for (Row& row : out) {
    row.y = y;
    row.drawn = drawn_of(row.count);
    y += tier_height;
  }
  return out;
}

std::string line(double x1, double y1, double x2, double y2) {
  return fmt::format(
      "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#8899aa\" "
      "stroke-width=\"1\" stroke-opacity=\"0.6\"/>\n",
      x1, y1, x2, y2);
}

/// Every pair that has a link, between those that are drawn. Several links are one line.
std::string links_between(const plan::Fabric& f, const Row& upper, const Row& lower, std::size_t level) {
  std::string out;
  const plan::Clos& c = f.clos;
  const auto joined = [&](std::int64_t up, std::int64_t down) {
    if (level == 0) {  // leaf over server
      const std::int64_t rails = f.question.kind == plan::FabricKind::rail ? f.question.gpus_per_server : 1;
      for (std::int64_t g = 0; g < rails; ++g) {
        const std::int64_t host = down * rails + g;
        if (host < f.question.hosts && plan::host_port(f, host).leaf == up % c.leaves) return true;
      }
      return false;
    }
    if (level == 1)
      return up / c.spines == down / c.leaves &&
             up % c.spines / c.pod_spines == down % c.leaves / c.pod_leaves;
    return up / c.cores == down / c.spines &&
           up % c.cores / c.cores_of_group() == down % c.spines % c.pod_spines;
  };
  for (std::size_t i = 0; i < upper.drawn.size(); ++i) {
    for (std::size_t j = 0; j < lower.drawn.size(); ++j) {
      if (upper.drawn[i] < 0 || lower.drawn[j] < 0 || !joined(upper.drawn[i], lower.drawn[j])) continue;
      out += line(centre(upper, i), upper.y + box_height, centre(lower, j), lower.y);
    }
  }
  return out;
}

std::string boxes(const Row& row) {
  std::string out = fmt::format(
      "<text x=\"14\" y=\"{:.1f}\" font-weight=\"bold\">{}</text>\n"
      "<text x=\"14\" y=\"{:.1f}\" font-size=\"11\" fill=\"#444\">{}</text>\n",
      row.y + 14, html::escape(row.title), row.y + 30, html::escape(row.detail));
  const double step = (right - left) / static_cast<double>(row.drawn.size());
  const double box = std::min(step * 0.86, 88.0);
  const char* colour = row.unit == "core"    ? "#aa7744"
                       : row.unit == "spine" ? "#4477aa"
                       : row.unit == "leaf"  ? "#228833"
                                             : "#666666";
  for (std::size_t i = 0; i < row.drawn.size(); ++i) {
    const double x = centre(row, i);
    if (row.drawn[i] < 0) {
      out += fmt::format(
          "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" font-size=\"20\">&#8230;</text>\n", x,
          row.y + 22);
      continue;
    }
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"4\" fill=\"{}\"/>\n"
        "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" font-size=\"11\" fill=\"white\">{} "
        "{}</text>\n",
        x - box / 2, row.y, box, box_height, colour, x, row.y + 21, row.unit == "server" ? "srv" : row.unit,
        count(row.drawn[i] + 1));
  }
  return out;
}

/// What the links of a tier are made of, on a white strip across them.
std::string label(const plan::FabricLinks& l, double y) {
  std::string made;
  if (l.optical > 0) made += fmt::format(", {} to {}", l.lower_part, l.upper_part);
  if (l.dac > 0) made += fmt::format(", {} copper", count(l.dac));
  if (l.harnesses > 0) made += fmt::format(", {} harnesses", count(l.harnesses));
  const std::string text =
      fmt::format("{} links of {}G{}, {:.0f} to {:.0f} m", count(l.count), l.gbps, made, l.least_m, l.most_m);
  const double wide = 6.3 * static_cast<double>(text.size()) + 16, middle = (left + right) / 2;
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"20\" rx=\"3\" fill=\"white\" "
      "fill-opacity=\"0.92\"/>\n<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
      middle - wide / 2, y - 14, wide, middle, y, html::escape(text));
}

}  // namespace

std::string fabric_svg(const plan::Fabric& f) {
  const std::vector<Row> rows = rows_of(f);
  std::string content;
  const bool rail = f.question.kind == plan::FabricKind::rail;
  content += fmt::format(
      "<text x=\"14\" y=\"24\" font-size=\"16\" font-weight=\"bold\">{} fabric, {} {}</text>\n"
      "<text x=\"14\" y=\"44\">oversubscription {:.4g}:1, {} modules{}{}</text>\n",
      plan::name(f.question.kind), count(f.question.hosts), rail ? "GPUs" : "hosts", f.oversubscription,
      count(f.optics),
      f.clos.tiers == 3 ? fmt::format(", {} pods of {} leaves and {} spines", count(f.clos.pods),
                                      count(f.clos.pod_leaves), f.clos.pod_spines)
                        : "",
      f.question.planes > 1 ? fmt::format(", {} planes", f.question.planes) : "");
  for (std::size_t i = 0; i + 1 < rows.size(); ++i)
    content += links_between(f, rows[i], rows[i + 1], rows.size() - 2 - i);
  for (const Row& row : rows) content += boxes(row);
  for (std::size_t i = 0; i + 1 < rows.size(); ++i)
    content += label(f.links[rows.size() - 2 - i], rows[i].y + (tier_height + box_height) / 2 + 4);
  const double height = rows.back().y + box_height + 24;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" "
      "font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"{2} fabric\">\n"
      "<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"white\"/>\n{3}</svg>\n",
      width, height, plan::name(f.question.kind), content);
}

}  // namespace lightlane::cli

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"
#include "cli/plan/budget_report.hpp"

namespace lightlane::cli {
namespace {

constexpr double width = 760, row_height = 22, left = 190, right = 690, head = 30;

struct Bar {
  std::string name;
  double from = 0, to = 0;
  const char* colour = "";
};

std::vector<Bar> bars_of(const plan::Direction& d) {
  constexpr const char *have = "#4477aa", *penalty = "#ccbb44", *loss = "#ee8866", *good = "#228833",
                       *bad = "#cc3311";
  double level = *d.available_db;
  std::vector<Bar> bars = {{"available", 0, level, have}};
  const auto take = [&](const std::vector<plan::Part>& parts, const char* colour) {
    for (const plan::Part& part : parts) {
      if (part.db == 0) continue;
      bars.push_back({part.name, level, level - part.db, colour});
      level -= part.db;
    }
  };
  take(d.penalties, penalty);
  take(d.losses, loss);
  bars.push_back({"margin", 0, level, level < -1e-9 ? bad : good});
  return bars;
}

std::string panel(const plan::Direction& d, double top, double& bottom) {
  const auto escape = [](std::string_view text) { return html::escape(std::string(text)); };
  std::string out =
      fmt::format("<text x=\"10\" y=\"{:.1f}\" font-weight=\"bold\">{} to {}, lane {} [dB]</text>\n",
                  top + 18, escape(d.from->id), escape(d.to->id), d.limiting_lane);
  double y = top + head;
  if (!d.available_db || !d.margin_db) {
    for (const std::string& what : d.unknown) {
      out += fmt::format("<text x=\"20\" y=\"{:.1f}\">unknown: {}</text>\n", y + 12, escape(what));
      y += row_height;
    }
    bottom = y;
    return out;
  }
  const std::vector<Bar> bars = bars_of(d);
  double low = 0, high = 0;
  for (const Bar& bar : bars) {
    low = std::min({low, bar.from, bar.to});
    high = std::max({high, bar.from, bar.to});
  }
  const auto at = [&](double db) { return left + (db - low) / std::max(high - low, 0.1) * (right - left); };
  for (const Bar& bar : bars) {
    const double a = at(std::min(bar.from, bar.to)), b = at(std::max(bar.from, bar.to));
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n", left - 8, y + 13,
                       escape(bar.name));
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                       a, y + 2, std::max(b - a, 1.0), row_height - 6, bar.colour);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{:.2f}</text>\n", b + 5, y + 13,
                       std::abs(bar.to - bar.from) < 0.005 ? 0.0 : bar.to - bar.from);
    y += row_height;
  }
  out += fmt::format("<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1:.1f}\" y2=\"{2:.1f}\" stroke=\"#555\"/>\n",
                     at(0), top + head, y);
  bottom = y;
  return out;
}

}  // namespace

std::string waterfall_svg(const plan::Budget& b) {
  std::string content;
  double bottom = 10;
  for (const plan::Direction& d : b.directions) content += panel(d, bottom, bottom);
  for (const plan::Reason& r : b.reasons) {
    content +=
        fmt::format("<text x=\"10\" y=\"{:.1f}\">{}: {}</text>\n", bottom + 18, r.code, html::escape(r.text));
    bottom += row_height;
  }
  const double height = bottom + 16;
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" "
      "font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"power budget: {2}\">\n"
      "<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"white\"/>\n{3}</svg>\n",
      width, height, plan::name(b.verdict), content);
}

}  // namespace lightlane::cli

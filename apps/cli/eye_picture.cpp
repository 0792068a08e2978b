#include "cli/eye_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/captured_waveform.hpp"
#include "cli/html_page.hpp"

namespace lightlane::cli {
namespace {

using measure::EyeDensity;
using measure::EyeResult;

struct Rgb {
  double r, g, b;
};

/// From rare to frequent: dark violet, red, orange, pale yellow; each step lighter than the one before.
Rgb colour_of(double t) {
  static constexpr std::array<std::pair<double, Rgb>, 7> anchors{{{0.0, {8, 10, 20}},
                                                                  {0.15, {40, 18, 86}},
                                                                  {0.35, {112, 28, 112}},
                                                                  {0.55, {196, 56, 82}},
                                                                  {0.75, {246, 124, 30}},
                                                                  {0.9, {252, 196, 62}},
                                                                  {1.0, {252, 252, 190}}}};
  for (std::size_t i = 1; i < anchors.size(); ++i) {
    const auto& [from, a] = anchors[i - 1];
    const auto& [to, b] = anchors[i];
    if (t > to && i + 1 < anchors.size()) continue;
    const double part = std::clamp((t - from) / (to - from), 0.0, 1.0);
    return {a.r + part * (b.r - a.r), a.g + part * (b.g - a.g), a.b + part * (b.b - a.b)};
  }
  return anchors.back().second;
}

/// 0: never, up to 1: the most frequent; logarithmic over four decades, the rare ones darker than that.
double brightness(double share, double most) {
  constexpr double decades = 4;
  if (!(share > 0)) return 0;
  const double even = std::clamp(1 + std::log10(share / most) / decades, 0.0, 1.0);
  return even * even;
}

/// Share of a rectangle of the density, [from, to) of its columns and rows as parts of 1; each column of the
/// answer sums to 1.
double share_of(const EyeDensity& d, double x0, double x1, double y0, double y1) {
  const auto range = [](double from, double to, std::size_t n) {
    const std::size_t a = std::min(n - 1, static_cast<std::size_t>(from * static_cast<double>(n)));
    const std::size_t b = std::max(a + 1, std::min(n, static_cast<std::size_t>(to * static_cast<double>(n))));
    return std::pair{a, b};
  };
  const auto [c0, c1] = range(x0, x1, d.columns);
  const auto [r0, r1] = range(y0, y1, d.rows);
  double sum = 0;
  for (std::size_t r = r0; r < r1; ++r) {
    for (std::size_t c = c0; c < c1; ++c) sum += static_cast<double>(d.share[r * d.columns + c]);
  }
  return sum / static_cast<double>(c1 - c0);
}

/// The colour of a terminal's 6 x 6 x 6 cube next to ours.
int cube(const Rgb& c) {
  const auto step = [](double v) {
    return static_cast<int>(
        std::lround(std::max(0.0, (v - 55) / 40) < 0.5 ? (v < 48 ? 0 : 1) : (v - 55) / 40));
  };
  return 16 + 36 * std::clamp(step(c.r), 0, 5) + 6 * std::clamp(step(c.g), 0, 5) +
         std::clamp(step(c.b), 0, 5);
}

std::string_view shade(double share) {
  if (share >= 0.07) return "█";
  if (share >= 0.03) return "▓";
  if (share >= 0.01) return "▒";
  return share >= 1e-3 ? "░" : " ";
}

constexpr double panel_left = 78, panel_top = 12, panel_width = 470, panel_height = 330;

/// Where phases and powers lie in the drawing.
struct Frame {
  const EyeDensity& d;
  double x(double phase_ui) const {
    return panel_left + (phase_ui - d.first_ui) / (d.step_ui * static_cast<double>(d.columns)) * panel_width;
  }
  double y(double power_w) const {
    return panel_top + (d.high_w - power_w) / (d.high_w - d.low_w) * panel_height;
  }
};

/// A path for each colour: runs of cells with the same brightness, in units of cells.
std::string density_paths(const EyeDensity& d) {
  constexpr int colours = 20;
  double most = 0;
  for (const float share : d.share) most = std::max(most, static_cast<double>(share));
  std::array<std::string, colours + 1> path;
  for (std::size_t r = 0; r < d.rows; ++r) {
    const auto level = [&](std::size_t c) {
      return static_cast<int>(
          std::ceil(brightness(static_cast<double>(d.share[r * d.columns + c]), most) * colours));
    };
    for (std::size_t c = 0; c < d.columns;) {
      const int colour = level(c);
      std::size_t end = c + 1;
      while (end < d.columns && level(end) == colour) ++end;
      if (colour > 0)
        path[static_cast<std::size_t>(colour)] +=
            fmt::format("M{} {}h{}v1h-{}z", c, d.rows - 1 - r, end - c, end - c);
      c = end;
    }
  }
  std::string out = fmt::format(
      "<g transform=\"translate({} {}) scale({:.5f} {:.5f})\" shape-rendering=\"crispEdges\">\n", panel_left,
      panel_top, panel_width / static_cast<double>(d.columns), panel_height / static_cast<double>(d.rows));
  for (int i = 1; i <= colours; ++i) {
    if (path[static_cast<std::size_t>(i)].empty()) continue;
    const Rgb c = colour_of(static_cast<double>(i) / colours);
    out += fmt::format("<path fill=\"#{:02x}{:02x}{:02x}\" d=\"{}\"/>\n", static_cast<int>(c.r),
                       static_cast<int>(c.g), static_cast<int>(c.b), path[static_cast<std::size_t>(i)]);
  }
  return out + "</g>\n";
}

std::string polyline(const std::vector<std::pair<double, double>>& points, bool closed,
                     std::string_view style) {
  std::string d;
  for (const auto& [x, y] : points) d += fmt::format("{}{:.1f} {:.1f}", d.empty() ? "M" : "L", x, y);
  return fmt::format("<path d=\"{}{}\" {}/>\n", d, closed ? "z" : "", style);
}

/// The part of a contour about its eye's centre, and the same one symbol on where the picture shows it.
std::string contour_paths(const EyeResult& eye, const Frame& frame) {
  std::string out;
  const double first = frame.d.first_ui,
               last = first + frame.d.step_ui * static_cast<double>(frame.d.columns);
  for (const measure::EyeContour& contour : eye.contours) {
    std::vector<std::pair<double, double>> upper, lower;
    for (const auto& o : contour.openings) {
      if (std::abs(o.phase_ui - eye.centre_ui) > 0.5 || o.phase_ui < first || o.phase_ui > last) continue;
      upper.emplace_back(frame.x(o.phase_ui), frame.y(o.high_w));
      lower.emplace_back(frame.x(o.phase_ui), frame.y(o.low_w));
    }
    if (upper.size() < 2) continue;
    upper.insert(upper.end(), lower.rbegin(), lower.rend());
    out += "<g>" + fmt::format("<title>error ratio {:g}</title>", contour.probability) +
           polyline(upper, true, "fill=\"none\" stroke=\"#7fe9ff\" stroke-width=\"1.2\"") + "</g>\n";
  }
  return out;
}

std::string mask_path(const EyePicture& picture, const Frame& frame) {
  const measure::EyeMask& m = *picture.mask;
  const auto x = [&](double t) { return frame.x(t - 0.5 + picture.mask_crossing_ui); };
  const auto y = [&](double a) {
    return frame.y(picture.mask_zero_w + a * (picture.mask_one_w - picture.mask_zero_w));
  };
  const std::vector<std::pair<double, double>> corners{
      {x(m.x1), y(0.5)},      {x(m.x2), y(m.y2)},    {x(m.x3), y(m.y1)},         {x(1 - m.x3), y(m.y1)},
      {x(1 - m.x2), y(m.y2)}, {x(1 - m.x1), y(0.5)}, {x(1 - m.x2), y(1 - m.y2)}, {x(1 - m.x3), y(1 - m.y1)},
      {x(m.x3), y(1 - m.y1)}, {x(m.x2), y(1 - m.y2)}};
  std::string out = polyline(corners, true, "fill=\"#9fb4d0\" fill-opacity=\"0.35\" stroke=\"#c9d6e8\"");
  for (const double a : {1 + m.y3, -m.y3}) {
    const double at = y(a);
    if (at > panel_top && at < panel_top + panel_height)
      out += polyline({{panel_left, at}, {panel_left + panel_width, at}}, false,
                      "fill=\"none\" stroke=\"#c9d6e8\"");
  }
  return out;
}

std::string label(double x, double y, std::string_view anchor, std::string_view text,
                  std::string_view style = "soft") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" class=\"{}\">{}</text>\n", x, y,
                     anchor, style, html::escape(text));
}

std::string axes(const EyeResult& eye, const Frame& frame) {
  std::string out;
  const double first = frame.d.first_ui,
               last = first + frame.d.step_ui * static_cast<double>(frame.d.columns);
  for (double phase = std::ceil(first * 4 - 1e-9) / 4; phase <= last + 1e-9; phase += 0.25) {
    const bool named = std::abs(phase * 2 - std::round(phase * 2)) < 1e-9;
    const double x = frame.x(phase), y = panel_top + panel_height;
    out += fmt::format("<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" class=\"axis\"/>\n",
                       x, y, y + (named ? 6 : 3));
    if (named) out += label(x, y + 21, "middle", fmt::format("{:g}", phase + 0.0));
  }
  out += label(panel_left + panel_width / 2, panel_top + panel_height + 42, "middle",
               "time from the middle of the symbol [UI]");
  double above = -100;
  for (auto level = eye.level_w.rbegin(); level != eye.level_w.rend(); ++level) {
    const double y = frame.y(*level);
    if (y - above < 14) continue;  // labels would run into each other
    above = y;
    out += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"axis\"/>\n",
                       panel_left - 5, y, panel_left, y);
    out += label(panel_left - 9, y + 4.5, "end", watts(*level));
  }
  return out;
}

constexpr std::string_view standalone_style =
    "<style>text{font:13px system-ui,\"DejaVu "
    "Sans\",sans-serif;fill:#1b1f24}.soft{fill:#5b6572}.axis{stroke:#5b6572}"
    ".grid{stroke:#e6e9ee}</style><rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";

std::string svg_element(double width, double height, std::string_view name, const std::string& content,
                        bool standalone) {
  return fmt::format(
      "<svg{} viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">\n{}{}</svg>\n",
      standalone ? fmt::format(" xmlns=\"http://www.w3.org/2000/svg\" width=\"{:g}\" height=\"{:g}\"",
                               1.5 * width, 1.5 * height)
                 : std::string(),
      width, height, html::escape(name), standalone ? standalone_style : std::string_view(), content);
}

std::string_view eye_name(std::size_t eye, std::size_t eyes) {
  static constexpr std::string_view names[] = {"lower", "middle", "upper"};
  return eyes == 3 ? names[eye] : "eye";
}

}  // namespace

double eye_brightness(double share, double most) { return brightness(share, most); }

std::array<std::uint8_t, 3> eye_colour(double value) {
  const Rgb c = colour_of(value);
  return {static_cast<std::uint8_t>(c.r), static_cast<std::uint8_t>(c.g), static_cast<std::uint8_t>(c.b)};
}

std::string eye_characters(const EyeResult& eye, std::size_t width, std::size_t height, bool colour) {
  const EyeDensity& d = eye.density;
  const std::size_t rows = colour ? 2 * height : height;
  std::vector<double> share(rows * width);
  double most = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < width; ++c) {
      const double w = static_cast<double>(width), h = static_cast<double>(rows);
      share[r * width + c] =
          share_of(d, static_cast<double>(c) / w, static_cast<double>(c + 1) / w,
                   static_cast<double>(rows - 1 - r) / h, static_cast<double>(rows - r) / h);
      most = std::max(most, share[r * width + c]);
    }
  }
  std::vector<std::string> labels(height);
  for (const double level : eye.level_w) {
    const double at = (d.high_w - level) / (d.high_w - d.low_w) * static_cast<double>(height);
    if (at >= 0 && at < static_cast<double>(height)) labels[static_cast<std::size_t>(at)] = watts(level);
  }
  std::string out;
  for (std::size_t line = 0; line < height; ++line) {
    out += fmt::format("{:>10} {}", labels[line], labels[line].empty() ? "│" : "┤");
    for (std::size_t c = 0; c < width; ++c) {
      if (!colour) {
        out += shade(share[line * width + c]);
        continue;
      }
      const int top = cube(colour_of(brightness(share[2 * line * width + c], most))),
                bottom = cube(colour_of(brightness(share[(2 * line + 1) * width + c], most)));
      out += fmt::format("\033[38;5;{};48;5;{}m▀", top, bottom);
    }
    out += colour ? "\033[0m\n" : "\n";
    if (!colour) {  // no blanks at the end of a line
      while (out.size() > 1 && out[out.size() - 2] == ' ') out.erase(out.size() - 2, 1);
    }
  }
  std::string axis(width, ' '), numbers(width + 8, ' ');
  out += fmt::format("{:>10} └", "");
  const double last = d.first_ui + d.step_ui * static_cast<double>(d.columns);
  for (std::size_t c = 0; c < width; ++c) {
    const double from =
                     d.first_ui + (last - d.first_ui) * static_cast<double>(c) / static_cast<double>(width),
                 to = from + (last - d.first_ui) / static_cast<double>(width);
    const double tick = std::ceil(from * 2 - 1e-9) / 2;
    const bool here = tick < to - 1e-9;
    out += here ? "┬" : "─";
    if (!here) continue;
    const std::string text = fmt::format("{:g}", tick + 0.0);
    const std::size_t start = c + 1 > text.size() / 2 ? c + 1 - (text.size() + 1) / 2 : 0;
    numbers.replace(start, text.size(), text);
  }
  while (!numbers.empty() && numbers.back() == ' ') numbers.pop_back();
  return out + fmt::format("\n{:>10}  {} UI\n", "", numbers);
}

std::string eye_svg(const EyePicture& picture, bool standalone) {
  const Frame frame{picture.eye.density};
  std::string out = fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#080a14\"/>\n",
                                panel_left, panel_top, panel_width, panel_height);
  out += density_paths(picture.eye.density);
  for (const auto& [from, to] : picture.windows_ui) {
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"#ffffff\" fill-opacity=\"0.16\" "
        "stroke=\"#ffffff\" stroke-width=\"0.7\"/>\n",
        frame.x(from), panel_top, frame.x(to) - frame.x(from), panel_height);
  }
  if (picture.thresholds) {
    for (const measure::SubEye& eye : picture.eye.eyes) {
      out += fmt::format(
          "<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" stroke=\"#ffffff\" stroke-opacity=\"0.55\" "
          "stroke-dasharray=\"5 5\"/>\n",
          panel_left, frame.y(eye.threshold_w), panel_left + panel_width, frame.y(eye.threshold_w));
    }
  }
  if (picture.contours) out += contour_paths(picture.eye, frame);
  if (picture.mask) out += mask_path(picture, frame);
  out += axes(picture.eye, frame);
  return svg_element(panel_left + panel_width + 12, panel_top + panel_height + 52, picture.label, out,
                     standalone);
}

std::string bathtub_svg(const EyeResult& eye, bool vertical) {
  constexpr double left = 62, right = 548, top = 14, bottom = 250, lowest = -15;
  const auto& tubs = vertical ? eye.vertical : eye.horizontal;
  const double from = vertical ? eye.density.low_w : -1, to = vertical ? eye.density.high_w : 1;
  const auto x = [&](double at) { return left + (at - from) / (to - from) * (right - left); };
  const auto y = [&](double ratio) {
    return top + std::min(1.0, (ratio > 0 ? std::log10(ratio) : 2 * lowest) / lowest) * (bottom - top);
  };
  std::string out;
  for (int e = 0; e >= lowest; e -= 3) {
    out += fmt::format("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" class=\"grid\"/>\n", left,
                       y(std::pow(10, e)), right, y(std::pow(10, e)));
    out += label(left - 8, y(std::pow(10, e)) + 4.5, "end", e == 0 ? "1" : fmt::format("1e{}", e));
  }
  static constexpr std::string_view colours[] = {"var(--bar)", "var(--mark)", "var(--good)"};
  for (std::size_t t = 0; t < tubs.size(); ++t) {
    std::vector<std::pair<double, double>> points;
    for (std::size_t i = 0; i < tubs[t].at.size(); ++i)
      points.emplace_back(x(tubs[t].at[i]), y(tubs[t].error_ratio[i]));
    out += fmt::format("<g><title>{}</title>{}</g>\n", eye_name(t, tubs.size()),
                       polyline(points, false,
                                fmt::format("fill=\"none\" stroke=\"{}\" stroke-width=\"2\"",
                                            colours[t % std::size(colours)])));
  }
  for (int i = 0; i <= 4; ++i) {
    const double at = from + (to - from) * i / 4;
    out += label(x(at), bottom + 19,
                 i == 0   ? "start"
                 : i == 4 ? "end"
                          : "middle",
                 vertical ? watts(at) : fmt::format("{:g}", at));
  }
  out += label((left + right) / 2, bottom + 42, "middle",
               vertical ? "threshold" : "time from the middle of the symbol [UI]");
  return svg_element(560, bottom + 52, vertical ? "Error ratio over the threshold" : "Error ratio over time",
                     out, false);
}

}  // namespace lightlane::cli

#include "cli/html_eye.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/eye_picture.hpp"
#include "cli/html_page.hpp"
#include "cli/html_png.hpp"
#include "cli/html_svg.hpp"

namespace lightlane::cli::html {
namespace {

constexpr double top = 24, height = 270, left = 58;
constexpr int shades = 64;
constexpr double histogram_decades = 4;

/// The density, each cell a pixel; the highest power on top.
std::string picture_uri(const measure::EyeDensity& d) {
  std::vector<Colour> palette;
  for (int i = 0; i < shades; ++i) palette.push_back(eye_colour(static_cast<double>(i) / (shades - 1)));
  const double most =
      d.share.empty() ? 0 : static_cast<double>(*std::max_element(d.share.begin(), d.share.end()));
  std::vector<std::uint8_t> pixel(d.columns * d.rows);
  for (std::size_t r = 0; r < d.rows; ++r) {
    for (std::size_t c = 0; c < d.columns; ++c) {
      const double bright = eye_brightness(static_cast<double>(d.share[r * d.columns + c]), most);
      pixel[(d.rows - 1 - r) * d.columns + c] = static_cast<std::uint8_t>(std::ceil(bright * (shades - 1)));
    }
  }
  return png_uri(png(d.columns, d.rows, pixel, palette));
}

std::string image(double x, double y, double w, double h, const measure::EyeDensity& d) {
  return fmt::format(
      "<image x=\"{:g}\" y=\"{:g}\" width=\"{:g}\" height=\"{:g}\" preserveAspectRatio=\"none\" "
      "href=\"{}\"/>\n",
      x, y, w, h, picture_uri(d));
}

/// Where phases and powers lie in the drawing.
struct Frame {
  const measure::EyeDensity& d;
  double width;

  LinearAxis phase() const {
    return {d.first_ui, d.first_ui + d.step_ui * static_cast<double>(d.columns), left, left + width};
  }
  LinearAxis power() const { return {d.low_w, d.high_w, top + height, top}; }
};

std::string axes(const Frame& frame) {
  const LinearAxis x = frame.phase(), y = frame.power();
  const PowerUnit unit = power_unit(std::max(std::abs(y.low), std::abs(y.high)));
  std::string out = text(left - 8, top - 9, "end", unit.name, "soft");
  for (const double tick : round_ticks(y.low * unit.per_w, y.high * unit.per_w, 6)) {
    const double at = y.at(tick / unit.per_w);
    out += line(left - 5, at, left, at, "axis");
    out += text(left - 9, at + 4.5, "end", with_minus(fmt::format("{:g}", tick)), "soft");
  }
  for (const double tick : round_ticks(x.low, x.high, 5)) {
    out += line(x.at(tick), top + height, x.at(tick), top + height + 5, "axis");
    out += text(x.at(tick), top + height + 20, "middle", with_minus(fmt::format("{:g}", tick)), "soft");
  }
  return out + text(left + frame.width / 2, top + height + 42, "middle", "time [UI]", "soft");
}

/// Names of levels right of everything, with a short line; names that would touch are left out.
std::string level_marks(const std::vector<double>& level_w, const Frame& frame, double right) {
  const LinearAxis y = frame.power();
  std::string out;
  double above = -100;
  for (std::size_t i = level_w.size(); i-- > 0;) {
    if (level_w[i] < y.low || level_w[i] > y.high) continue;
    const double at = y.at(level_w[i]);
    out += line(left + frame.width - 12, at, left + frame.width, at, "eye-level");
    out += line(right, at, right + 5, at, "axis");
    if (at - above < 13) continue;
    above = at;
    out += text(right + 8, at + 4.5, "start", fmt::format("P{}", i), "soft");
  }
  return out;
}

/// Bars that grow to the right, as one outline.
std::string histogram(const std::vector<double>& bins, const link::TdecqHistograms& h, double x, double width,
                      const Frame& frame, std::string_view title) {
  const double most = bins.empty() ? 0 : *std::max_element(bins.begin(), bins.end());
  std::string out = line(x, top, x, top + height, "axis") + text(x, top - 9, "start", title, "soft");
  if (!(most > 0)) return out;
  const LinearAxis y = frame.power();
  const double bin_w = (h.high_w - h.low_w) / static_cast<double>(bins.size());
  std::string d = fmt::format("M{:.1f} {:.1f}", x, y.at(h.low_w));
  double before = 0;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double long_as =
        bins[i] > 0 ? std::max(0.02, 1 + std::log10(bins[i] / most) / histogram_decades) * width : 0;
    const double from = y.at(h.low_w + static_cast<double>(i) * bin_w);
    if (long_as != before) d += fmt::format("V{:.1f}H{:.1f}", from, x + long_as);
    before = long_as;
  }
  return out +
         titled(title, fmt::format("<path d=\"{}V{:.1f}H{:.1f}z\" class=\"bar\"/>\n", d, y.at(h.high_w), x));
}

}  // namespace

PowerUnit power_unit(double largest_w) {
  if (largest_w >= 1e-4) return {1e3, "mW"};
  if (largest_w >= 1e-7) return {1e6, "\u00b5W"};
  return {1e9, "nW"};
}

std::string eye_chart(const EyeDrawing& drawing, const std::string& caption) {
  const bool beside = drawing.histograms != nullptr && !drawing.histograms->left.empty();
  constexpr double narrow = 290, wide = chart_width - left - 38, histogram_width = 80, gap = 9;
  const Frame frame{drawing.eye.density, beside ? narrow : wide};
  const LinearAxis x = frame.phase(), y = frame.power();
  const double right = beside ? left + narrow + 2 * (gap + histogram_width) : left + wide;
  std::string out = image(left, top, frame.width, height, frame.d);
  for (const auto& [from, to] : drawing.windows_ui)
    out += rect(x.at(from), top, x.at(to) - x.at(from), height, "eye-window");
  if (beside) {
    const double first = left + narrow + gap, second = first + histogram_width + gap;
    out += histogram(drawing.histograms->left, *drawing.histograms, first, histogram_width, frame, "left");
    out += histogram(drawing.histograms->right, *drawing.histograms, second, histogram_width, frame, "right");
  }
  for (const double threshold : drawing.thresholds_w) {
    if (threshold < y.low || threshold > y.high) continue;
    out += line(left, y.at(threshold), left + frame.width, y.at(threshold), "eye-threshold");
    if (beside) out += line(left + frame.width, y.at(threshold), right, y.at(threshold), "cut");
  }
  out += axes(frame) + level_marks(drawing.level_w, frame, right);
  return figure(svg(chart_width, top + height + 50, drawing.label, out), caption);
}

std::string eye_thumbnail(const measure::EyeResult& eye, std::string_view title) {
  constexpr double w = small_chart_width, h = 150;
  return figure(svg(w, h, title, image(0, 0, w, h, eye.density)), escape(title));
}

}  // namespace lightlane::cli::html

#include "cli/html_light_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"
#include "cli/html_svg.hpp"
#include "cli/terminal.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::cli::html {
namespace {

constexpr double width = chart_width;
constexpr int lane_colours = 8;
constexpr double lowest_ber = 1e-60, highest_ber = 0.2;  ///< that the Q scale still shows

/// Decibels of Q, downward where the ratio falls.
double q_db(double ber) {
  return 20 * std::log10(math::normal_tail_inverse(std::clamp(ber, lowest_ber, highest_ber)));
}

struct Extent {
  double low = INFINITY, high = -INFINITY;
  void show(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

struct BerPlane {
  LinearAxis x, y;
  double px(double oma_dbm) const { return x.at(oma_dbm); }
  double py(double ber) const { return y.at(q_db(ber)); }
};

BerPlane ber_plane(const std::vector<BerCurve>& curves, double target_ber, double left, double right,
                   double top, double bottom) {
  Extent oma, q;
  q.show(q_db(target_ber));
  for (const BerCurve& curve : curves) {
    for (const auto& [dbm, ber] : curve.points) {
      oma.show(dbm);
      q.show(q_db(ber));
    }
    if (curve.points.empty()) continue;
    oma.show(curve.oma_dbm);
    q.show(q_db(curve.expected));
    if (curve.counted) q.show(q_db(curve.ber > 0 ? curve.interval.lower : curve.interval.upper));
  }
  const double room = 0.03 * (oma.high - oma.low);
  return {{oma.low - room, oma.high + room, left, right}, {q.low - 0.2, q.high + 0.3, top, bottom}};
}

std::string ber_grid(const BerPlane& plane) {
  std::string out;
  double above = -100;
  for (const double ber : {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12, 1e-15, 1e-20, 1e-25, 1e-30,
                           1e-40, 1e-50, 1e-60}) {
    if (q_db(ber) < plane.y.low || q_db(ber) > plane.y.high) continue;
    const double y = plane.py(ber);
    if (y - above < 19) continue;
    above = y;
    out += line(plane.x.from, y, plane.x.to, y, "grid");
    out += text(plane.x.from - 8, y + 4.5, "end", exponent(ber), "soft");
  }
  for (const double tick : round_ticks(plane.x.low, plane.x.high, 8)) {
    out += line(plane.px(tick), plane.y.from, plane.px(tick), plane.y.to, "grid");
    out += text(plane.px(tick), plane.y.to + 19, "middle", with_minus(fmt::format("{:g}", tick)), "soft");
  }
  return out + line(plane.x.from, plane.y.to, plane.x.to, plane.y.to, "axis") +
         text((plane.x.from + plane.x.to) / 2, plane.y.to + 42, "middle", "OMA at the receiver [dBm]",
              "soft");
}

std::string lane_class(std::size_t lane, bool worst) {
  return fmt::format("curve lane{}{}", lane % lane_colours, worst ? " worst" : "");
}

/// What was counted, with its interval; at most so much where no error was seen.
std::string counted(const BerCurve& curve, const BerPlane& plane) {
  const double x = plane.px(curve.oma_dbm), upper = plane.py(curve.interval.upper);
  if (curve.ber > 0) {
    const double lower = plane.py(curve.interval.lower);
    return line(x, lower, x, upper, "span") + line(x - 5, lower, x + 5, lower, "span") +
           line(x - 5, upper, x + 5, upper, "span") + circle(x, plane.py(curve.ber), 4.5, "bar");
  }
  return line(x - 6, upper, x + 6, upper, "span") + line(x, upper, x, upper + 16, "span") +
         fmt::format("<path d=\"M{:.1f} {:.1f}h10l-5 9z\" class=\"bar\"/>\n", x - 5, upper + 13);
}

std::string ber_lane(const BerCurve& curve, std::size_t lane, bool worst, const BerPlane& plane) {
  std::vector<std::pair<double, double>> points;
  for (const auto& [dbm, ber] : curve.points) points.emplace_back(plane.px(dbm), plane.py(ber));
  const double x = plane.px(curve.oma_dbm), y = plane.py(curve.expected);
  const auto nearest = std::min_element(points.begin(), points.end(), [&](const auto& a, const auto& b) {
    return std::abs(a.first - x) < std::abs(b.first - x);
  });
  std::string out;
  if (std::abs(nearest->first - x) > 1) out += line(nearest->first, nearest->second, x, y, "thin");
  out += polyline(points, lane_class(lane, worst));
  const std::string style = fmt::format("ring lane{}", lane % lane_colours);
  out += curve.expected < lowest_ber
             ? fmt::format("<path d=\"M{:.1f} {:.1f}h10l-5 9z\" class=\"{}\"/>\n", x - 5, y - 4, style)
             : circle(x, y, worst ? 5 : 3.5, style);
  if (curve.counted) out += counted(curve, plane);
  const std::string seen = curve.counted
                               ? fmt::format(", counted {} ({} to {})", ratio(curve.ber),
                                             ratio(curve.interval.lower), ratio(curve.interval.upper))
                               : "";
  return titled(
      fmt::format("{}: {:.2f} dBm, expected {}{}; sensitivity {:.2f} dBm, margin {:.2f} dB", curve.label,
                  curve.oma_dbm, ratio(curve.expected), seen, curve.sensitivity_dbm, curve.margin_db),
      out);
}

/// From the sensitivity to this link along the target: what is left, or what is missing.
std::string margin_arrow(const BerCurve& curve, double target_ber, const BerPlane& plane) {
  const bool missing = curve.margin_db < 0;
  const double y = plane.py(target_ber), from = plane.px(curve.sensitivity_dbm), to = plane.px(curve.oma_dbm);
  const std::string style = missing ? "missing" : "margin";
  std::string out = line(to, y, to, plane.py(curve.expected), "thin");
  if (std::abs(to - from) > 14) {
    const double tip = to > from ? -9 : 9;
    out += line(from, y, to + tip, y, style + "-line");
    out += fmt::format("<path d=\"M{:.1f} {:.1f}l{:.1f} -5v10z\" class=\"{}\"/>\n", to, y, tip, style);
  }
  out += line(from, y - 6, from, y + 6, style + "-line");
  const std::string label =
      fmt::format("{} {:.2f} dB", missing ? "missing" : "margin", std::abs(curve.margin_db));
  const double half = 72;
  if (std::abs(to - from) < 2 * half) {  // right of it, where no curve runs
    const double right = std::max(from, to);
    return out + (right + 2 * half < plane.x.to ? text(right + 12, y - 12, "start", label, "halo strong")
                                                : text(plane.x.to, y - 12, "end", label, "halo strong"));
  }
  return out + text((from + to) / 2, y - 10, "middle", label, "halo strong");
}

std::string ber_keys(const std::vector<BerCurve>& curves, std::size_t worst, double target_ber) {
  std::string caption;
  bool some = false, none = false;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    if (curves[i].points.empty()) continue;
    caption +=
        key(fmt::format("<path d=\"M1 7h24\" class=\"{}\"/>", lane_class(i, i == worst)), curves[i].label);
    (curves[i].ber > 0 ? some : none) |= curves[i].counted;
  }
  caption += key("<circle cx=\"13\" cy=\"7\" r=\"5\" class=\"ring lane0\"/>", "this link, expected");
  if (some) {
    caption +=
        key("<path d=\"M13 0v14M8 1h10M8 13h10\" class=\"span\"/><circle cx=\"13\" cy=\"7\" r=\"4\" "
            "class=\"bar\"/>",
            "counted, 95 % interval");
  }
  if (none) {
    caption += key("<path d=\"M7 1h12M13 1v8\" class=\"span\"/><path d=\"M8 6h10l-5 8z\" class=\"bar\"/>",
                   "no error counted: at most (95 % interval)");
  }
  return caption + key("<path d=\"M1 7h24\" class=\"limit\"/>", "target " + exponent(target_ber));
}

double magnitude(double value) { return std::abs(value); }

/// How high stems may be: as the main tap, or where it dwarfs the others as the highest of those.
double stem_scale(const std::vector<std::pair<int, double>>& taps, double& main) {
  double largest = 0, second = 0;
  for (const auto& [offset, tap] : taps) {
    const double size = magnitude(tap);
    if (size > largest) {
      second = largest;
      largest = size;
      main = tap;
    } else {
      second = std::max(second, size);
    }
  }
  return second > 0 && second < 0.4 * largest ? second * 1.35 : largest;
}

/// Across a stem that goes on beyond the drawing.
std::string cut(double x, double y) {
  return line(x - 7, y + 4, x + 7, y - 4, "gap") + line(x - 7, y + 7, x + 7, y - 1, "cut-off") +
         line(x - 7, y + 1, x + 7, y - 7, "cut-off");
}

}  // namespace

std::string ber_curve_chart(const std::vector<BerCurve>& curves, std::size_t worst, double target_ber) {
  constexpr double left = 62, right = width - 12, top = 10, bottom = 330;
  const BerPlane plane = ber_plane(curves, target_ber, left, right, top, bottom);
  std::string out = ber_grid(plane);
  out += line(left, plane.py(target_ber), right, plane.py(target_ber), "limit");
  for (std::size_t i = 0; i < curves.size(); ++i) {
    if (i != worst && !curves[i].points.empty()) out += ber_lane(curves[i], i, false, plane);
  }
  if (worst < curves.size() && !curves[worst].points.empty()) {
    out += ber_lane(curves[worst], worst, true, plane) + margin_arrow(curves[worst], target_ber, plane);
  }
  return figure(svg(width, bottom + 52, "Bit error ratio over the received OMA", out),
                ber_keys(curves, worst, target_ber));
}

std::string cause_chart(const std::vector<Cause>& causes, std::string_view total_name, double total_db,
                        std::optional<double> limit_db) {
  constexpr double left = 176, right = width - 96, top = 26, pitch = 30;
  Extent extent;
  extent.show(0);
  extent.show(total_db);
  if (limit_db) extent.show(*limit_db);
  double sum = 0;
  for (const Cause& cause : causes) extent.show(sum += cause.db);
  const double room = std::max(0.05, 0.06 * (extent.high - extent.low));
  const LinearAxis axis{extent.low < 0 ? extent.low - room : 0, extent.high + room, left, right};
  const double bottom = top + pitch * static_cast<double>(causes.size() + 1) + 2;
  std::string out;
  for (const double tick : round_ticks(axis.low, axis.high, 7)) {
    out += line(axis.at(tick), top, axis.at(tick), bottom, "grid");
    out += text(axis.at(tick), bottom + 19, "middle", with_minus(fmt::format("{:g}", tick)), "soft");
  }
  if (limit_db) {
    out += line(axis.at(*limit_db), top - 6, axis.at(*limit_db), bottom, "limit");
    out += text(axis.at(*limit_db), top - 10, "end", fmt::format("limit {:g} dB", *limit_db), "limit-text");
  }
  double y = top + pitch / 2;
  const auto row = [&](std::string_view label, double from, double to, std::string_view style) {
    out += text(left - 12, y + 5, "end", label);
    out += rect(axis.at(std::min(from, to)), y - 8, std::max(1.5, std::abs(axis.at(to) - axis.at(from))), 16,
                style);
  };
  double at = 0;
  for (const Cause& cause : causes) {
    row(cause.label, at, at + cause.db, cause.db < 0 ? "good" : "loss");
    at += cause.db;
    out += text(width - 2, y + 5, "end", with_minus(fmt::format("{:+.2f}", cause.db)) + " dB", "halo");
    out += line(axis.at(at), y + 8, axis.at(at), y + pitch - 8, "thin");
    y += pitch;
  }
  row(total_name, 0, total_db, limit_db && total_db > *limit_db ? "bad" : "bar");
  out += text(width - 2, y + 5, "end", with_minus(fmt::format("{:.2f}", total_db)) + " dB", "halo strong");
  out += line(left, bottom, right, bottom, "axis") +
         text((left + right) / 2, bottom + 42, "middle", "dB", "soft");
  return figure(svg(width, bottom + 52, fmt::format("What makes {}", total_name), out), "");
}

std::string tap_chart(std::vector<std::pair<int, double>> taps, std::string_view title, bool wide) {
  std::sort(taps.begin(), taps.end());
  const double w = wide ? width : small_chart_width, left = wide ? 16 : 6, right = w - left,
               top = wide ? 26 : 18, bottom = wide ? 226 : 134;
  double main = 0;
  const double scale = stem_scale(taps, main);
  if (taps.empty() || !(scale > 0)) return "";
  Extent extent;
  extent.show(0);
  for (const auto& tap : taps) extent.show(std::clamp(tap.second, -scale, scale));
  const LinearAxis y{extent.low < 0 ? extent.low - 0.08 * scale : 0, extent.high, bottom, top};
  const double slot = (right - left) / static_cast<double>(taps.size()), zero = y.at(0);
  const bool valued = wide && taps.size() <= 9;
  std::string out = line(left, zero, right, zero, "axis");
  for (std::size_t i = 0; i < taps.size(); ++i) {
    const auto [offset, tap] = taps[i];
    const double x = left + slot * (static_cast<double>(i) + 0.5), end = y.at(std::clamp(tap, -scale, scale));
    const bool off = magnitude(tap) > scale * (1 + 1e-9);
    std::string stem = line(x, zero, x, end, "stem") +
                       (off ? cut(x, (zero + end) / 2) : circle(x, end, wide ? 4 : 2.8, "bar"));
    out += titled(fmt::format("{:+d}: {:.4f}", offset, tap), stem);
    const std::string value = with_minus(fmt::format("{:.3f}", tap));
    if (valued)
      out += text(x, tap < 0 ? end + 18 : end - 9, "middle", value, "halo");
    else if (off)
      out += text(x, end - 5, "middle", value, "halo");
    if (valued || offset % 5 == 0)
      out += text(x, bottom + (valued ? 36 : 18), "middle", with_minus(fmt::format("{:d}", offset)), "soft");
  }
  const std::string name = "samples from the one decided [symbols]";
  if (wide) out += text(w / 2, bottom + 58, "middle", name, "soft");
  const std::string caption =
      wide ? std::string(main != 0 && scale < magnitude(main) ? "the main tap is cut off" : "")
           : escape(title);
  return figure(svg(w, bottom + (wide ? 68 : 26), title, out), caption);
}

std::string training_chart(const std::vector<std::pair<std::string, std::vector<double>>>& lanes,
                           double symbols) {
  constexpr double left = 58, right = width - 12, top = 10, bottom = 230;
  Extent extent;
  for (const auto& [label, history] : lanes) {
    for (const double mse : history) {
      if (mse > 0) extent.show(10 * std::log10(mse));
    }
  }
  if (!(extent.high >= extent.low)) return "";
  const LinearAxis y{extent.low - 0.5, extent.high + 0.5, bottom, top};
  std::string out, caption;
  for (const double tick : round_ticks(y.low, y.high, 7)) {
    out += line(left, y.at(tick), right, y.at(tick), "grid");
    out += text(left - 8, y.at(tick) + 4.5, "end", with_minus(fmt::format("{:g}", tick)), "soft");
  }
  const LinearAxis x{0, symbols, left, right};
  for (const double tick : round_ticks(0, symbols, 6))
    out += text(x.at(tick), bottom + 19, "middle", grouped(static_cast<std::uint64_t>(tick)), "soft");
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto& [label, history] = lanes[i];
    std::vector<std::pair<double, double>> points;
    for (std::size_t k = 0; k < history.size(); ++k) {
      const double at = symbols * (static_cast<double>(k) + 0.5) / static_cast<double>(history.size());
      if (history[k] > 0) points.emplace_back(x.at(at), y.at(10 * std::log10(history[k])));
    }
    if (points.size() < 2) continue;
    out += titled(label, polyline(points, lane_class(i, false)));
    caption += key(fmt::format("<path d=\"M1 7h24\" class=\"{}\"/>", lane_class(i, false)), label);
  }
  out += line(left, bottom, right, bottom, "axis") +
         text((left + right) / 2, bottom + 42, "middle", "symbols of training", "soft");
  return figure(svg(width, bottom + 52, "Mean square error in training, dB", out),
                "mean square error [dB] " + caption);
}

std::string breaks_chart(const std::vector<Breaker>& breakers) {
  constexpr double right = width - 106, pitch = 42;
  double most = 0;
  for (const Breaker& breaker : breakers) most = std::max(most, magnitude(breaker.change_db));
  if (!(most > 0)) return "";
  std::string out;
  double y = 16;
  for (const Breaker& breaker : breakers) {
    const double length = std::max(1.5, magnitude(breaker.change_db) / most * right);
    out += text(0, y, "start", breaker.key, "code") + text(right, y, "end", breaker.step, "soft");
    out += rect(0, y + 8, length, 10, breaker.change_db < 0 ? "loss" : "good");
    out +=
        text(width - 2, y + 18, "end", with_minus(fmt::format("{:+.3f}", breaker.change_db)) + " dB", "halo");
    y += pitch;
  }
  return figure(svg(width, y - 14, "Margin lost by a step of each key", out), "");
}

}  // namespace lightlane::cli::html

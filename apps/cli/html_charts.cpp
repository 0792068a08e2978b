#include "cli/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli::html {
namespace {

constexpr double width = 560;

std::string svg(double height, std::string_view label, const std::string& content) {
  return fmt::format("<svg viewBox=\"0 0 {:g} {:g}\" role=\"img\" aria-label=\"{}\">\n{}</svg>\n", width,
                     height, escape(label), content);
}

std::string line(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1,
                     x2, y2, style);
}

/// `anchor`: start | middle | end
std::string text(double x, double y, std::string_view anchor, std::string_view content,
                 std::string_view style = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y, anchor,
                     style.empty() ? "" : fmt::format(" class=\"{}\"", style), escape(content));
}

/// What a pointer that rests on `content` shows.
std::string titled(std::string_view title, const std::string& content) {
  return fmt::format("<g><title>{}</title>\n{}</g>\n", escape(title), content);
}

/// A key below a chart: a sign and what it means.
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

/// A logarithmic axis of round ends.
struct LogAxis {
  double low = 0, high = 1;  ///< log10
  double from = 0, to = 1;   ///< where they lie in the drawing

  double at(double value) const {
    const double part = (std::log10(value) - low) / (high - low);
    return from + std::clamp(part, 0.0, 1.0) * (to - from);
  }
};

/// 1, 2 or 5 times a power of ten, at most (at least) `value`.
double round_down(double value) {
  const double power = std::pow(10, std::floor(std::log10(value) + 1e-9));
  return value >= 5 * power * (1 - 1e-9) ? 5 * power : value >= 2 * power * (1 - 1e-9) ? 2 * power : power;
}
double round_up(double value) { return 1 / round_down(1 / value); }

/// Values where lines and labels stand: powers of ten, thinned out; 1 2 5 where the axis is short.
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

/// 2e-4
std::string exponent(double value) {
  const int e = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  return fmt::format("{:.0f}e{}", value / std::pow(10, e), e);
}

/// 1, 10, 1k, 1M, 1G; below 1 as it is.
std::string amount(double value) {
  static constexpr std::string_view units[] = {"", "k", "M", "G", "T", "P"};
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < std::size(units); value /= 1000) ++unit;
  return fmt::format("{:g}{}", value, units[unit]);
}

/// Ends of the axis of a BER chart: round about everything measured; what is expected far below is left
/// outside.
LogAxis ber_axis(const std::vector<BerRow>& rows, const std::optional<BerLimit>& limit) {
  double low = 1, high = 0;
  const auto show = [&](double value) {
    if (!(value > 0)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (const BerRow& row : rows) {
    show(row.ber);
    show(row.interval.upper);
    show(row.ber > 0 ? row.interval.lower : row.interval.upper / 4);
  }
  if (limit) show(limit->ber);
  const double floor = low * 1e-3;
  for (const BerRow& row : rows) {
    if (row.expected >= floor) show(row.expected);
  }
  if (!(high > 0)) return {-12, 0};
  if (high / low < 2) {
    low /= 1.5;
    high *= 1.5;
  }
  return {std::log10(round_down(low / 1.15)), std::min(0.0, std::log10(round_up(high * 1.15)))};
}

/// With a minus sign as long as the plus.
std::string with_minus(const std::string& number) {
  return number[0] == '-' ? "\u2212" + number.substr(1) : number;
}

std::string ber_row(const BerRow& row, const LogAxis& axis, double y) {
  const double upper = axis.at(row.interval.upper);
  std::string out;
  if (row.expected >= std::pow(10, axis.low))
    out += line(axis.at(row.expected), y - 11, axis.at(row.expected), y + 11, "mark");
  if (row.ber > 0) {
    const double lower = axis.at(row.interval.lower);
    out += line(lower, y, upper, y, "span");
    if (upper - lower > 14)
      out += line(lower, y - 5, lower, y + 5, "span") + line(upper, y - 5, upper, y + 5, "span");
    out +=
        fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\" class=\"bar\"/>\n", axis.at(row.ber), y);
  } else {
    out += line(axis.from, y, upper, y, "span") + line(upper, y - 5, upper, y + 5, "span");
    out += fmt::format("<path d=\"M{0:.1f} {1:.1f}l9-5v10z\" class=\"bar\"/>\n", axis.from, y);
  }
  return titled(fmt::format("{}: {}, 95 % interval {} to {}, expected {}", row.label, ratio(row.ber),
                            ratio(row.interval.lower), ratio(row.interval.upper), ratio(row.expected)),
                out);
}

}  // namespace

std::string ber_chart(const std::vector<BerRow>& rows, const std::optional<BerLimit>& limit,
                      std::string_view axis_name) {
  constexpr double left = 66, right = width - 22, top = 34, least = 250;
  const double count = static_cast<double>(rows.size()),
               pitch = std::clamp((least - top) / count, 28.0, 72.0);
  const double bottom = top + pitch * count;
  LogAxis axis = ber_axis(rows, limit);
  axis.from = left;
  axis.to = right;
  std::string out;
  for (const double tick : ticks(axis, 6)) {
    out += line(axis.at(tick), top, axis.at(tick), bottom, "grid");
    out += text(axis.at(tick), bottom + 19, "middle", exponent(tick), "soft");
  }
  out += line(left, bottom, right, bottom, "axis");
  out += text((left + right) / 2, bottom + 42, "middle", axis_name, "soft");
  if (limit) {
    const double x = axis.at(limit->ber);
    out += line(x, top - 6, x, bottom, "limit");
    out += text(x, top - 12, x > (left + right) / 2 ? "end" : "start", limit->label, "limit-text");
  }
  bool hidden = false, shown = false, none = false, some = false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double y = top + pitch * (static_cast<double>(i) + 0.5);
    out += text(left - 10, y + 5, "end", rows[i].label) + ber_row(rows[i], axis, y);
    hidden |= rows[i].expected > 0 && rows[i].expected < std::pow(10, axis.low);
    shown |= rows[i].expected >= std::pow(10, axis.low);
    (rows[i].ber > 0 ? some : none) = true;
  }
  std::string caption;
  if (some) {
    caption += key(
        "<path d=\"M1 7h24M1 3v8M25 3v8\" class=\"span\"/><circle cx=\"13\" cy=\"7\" r=\"4\" class=\"bar\"/>",
        "measured, 95 % interval");
  }
  if (none)
    caption += key("<path d=\"M4 7h20M24 2v10\" class=\"span\"/><path d=\"M1 7l9-5v10z\" class=\"bar\"/>",
                   "no error seen: at most (95 % interval)");
  if (shown) caption += key("<path d=\"M13 0v14\" class=\"mark\"/>", "expected");
  if (hidden) caption += "expected far left of the axis: see the table";
  return figure(svg(bottom + 52, fmt::format("{} of each lane", axis_name), out), caption);
}

std::string codeword_chart(const std::vector<Bin>& bins) {
  constexpr double left = 58, right = width - 8, top = 14, bottom = 250, wide = 2.8;
  double most = 10;
  bool predicted = false;
  for (const Bin& bin : bins) {
    most = std::max({most, static_cast<double>(bin.measured), bin.predicted.value_or(0)});
    predicted |= bin.predicted.has_value();
  }
  const LogAxis axis{-1, std::ceil(std::log10(most) + 0.02), bottom, top};
  std::string out;
  for (const double tick : ticks(axis, 8)) {
    out += line(left, axis.at(tick), right, axis.at(tick), "grid");
    out += text(left - 8, axis.at(tick) + 5, "end", amount(tick), "soft");
  }
  const double slots = static_cast<double>(bins.size()) - 1 + wide, slot = (right - left) / slots;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const Bin& bin = bins[i];
    const double middle = left + slot * (static_cast<double>(i) + (bin.bad ? wide : 1) / 2),
                 half = slot * 0.36;
    std::string signs;
    if (bin.measured > 0) {
      const double y = axis.at(static_cast<double>(bin.measured));
      signs +=
          fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\"/>\n",
                      middle - half, y, 2 * half, bottom - y, bin.bad ? "bad" : "bar");
    }
    if (bin.predicted.value_or(0) >= 0.1) {
      const double y = axis.at(*bin.predicted);
      signs += line(middle - slot * 0.47, y, middle + slot * 0.47, y, "mark");
    }
    const std::string theory = bin.predicted ? fmt::format(", predicted {:.4g}", *bin.predicted) : "";
    out += titled(fmt::format("{}: {} codewords{}", bin.label, grouped(bin.measured), theory), signs);
    out += text(middle, bottom + 19, "middle", bin.label, bin.bad ? "bin limit-text" : "bin soft");
  }
  out += line(left, bottom, right, bottom, "axis");
  out += text((left + right) / 2, bottom + 42, "middle", "symbols corrected in a codeword", "soft");
  std::string caption =
      key("<rect x=\"7\" y=\"1\" width=\"12\" height=\"13\" class=\"bar\"/>", "codewords measured");
  caption +=
      predicted ? key("<path d=\"M4 7h18\" class=\"mark\"/>", "predicted, where it is at least 0.1") : "";
  return figure(svg(bottom + 52, "Codewords by corrected symbols", out), caption);
}

std::string power_chart(double launch_dbm, const std::vector<PowerStep>& steps, double received_dbm) {
  constexpr double left = 148, right = width - 108, top = 8, pitch = 34;
  const double bottom = top + pitch * static_cast<double>(steps.size() + 2) + 2;
  const double lowest = std::min(launch_dbm, received_dbm), highest = std::max(launch_dbm, received_dbm);
  const double margin = std::max(0.3, 0.08 * (highest - lowest)), from = lowest - margin,
               to = highest + margin;
  const auto at = [&](double dbm) { return left + (dbm - from) / (to - from) * (right - left); };
  static constexpr double steps_db[] = {0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50};
  const double step = *std::find_if(std::begin(steps_db), std::end(steps_db) - 1,
                                    [&](double db) { return (to - from) / db <= 7; });
  std::string out;
  for (double tick = std::ceil(from / step) * step; tick <= to; tick += step) {
    out += line(at(tick), top, at(tick), bottom, "grid");
    out += text(at(tick), bottom + 19, "middle",
                with_minus(fmt::format("{:g}", std::abs(tick) < 1e-9 ? 0.0 : tick)), "soft");
  }
  out += line(left, bottom, right, bottom, "axis") +
         text((left + right) / 2, bottom + 42, "middle", "outer OMA [dBm]", "soft");
  double y = top + pitch / 2, power = launch_dbm;
  const auto level = [&](std::string_view label, double dbm) {
    out += text(left - 12, y + 5, "end", label);
    out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"6\" class=\"bar\"/>\n", at(dbm), y);
    out += text(width - 2, y + 5, "end", with_minus(fmt::format("{:.2f} dBm", dbm)), "halo");
  };
  level("launch", launch_dbm);
  for (const PowerStep& loss : steps) {
    out += line(at(power), y, at(power), y + pitch, "thin");
    y += pitch;
    const double after = power - loss.loss_db;
    out += text(left - 12, y + 5, "end", loss.label);
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"16\" class=\"bar\" opacity=\"0.6\"/>\n",
        at(std::min(power, after)), y - 8, std::max(1.5, std::abs(at(power) - at(after))));
    out += text(width - 2, y + 5, "end",
                loss.loss_db == 0 ? "0.00 dB" : with_minus(fmt::format("{:+.2f} dB", -loss.loss_db)), "halo");
    power = after;
  }
  out += line(at(power), y, at(power), y + pitch, "thin");
  y += pitch;
  level("at the receiver", received_dbm);
  return figure(svg(bottom + 52, "Optical power from the transmitter to the receiver", out), "");
}

}  // namespace lightlane::cli::html

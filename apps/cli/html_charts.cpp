#include "cli/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_svg.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli::html {
namespace {

constexpr double width = chart_width;

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
  return figure(svg(width, bottom + 52, fmt::format("{} of each lane", axis_name), out), caption);
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
  return figure(svg(width, bottom + 52, "Codewords by corrected symbols", out), caption);
}

std::string power_chart(double launch_dbm, const std::vector<PowerStep>& steps, double received_dbm,
                        const std::optional<PowerEnd>& end) {
  constexpr double left = 204, right = width - 108, top = 8, pitch = 34;
  const double rows = static_cast<double>(steps.size()) + (end ? 4 : 2);
  const double bottom = top + pitch * rows + 2;
  const double last = end ? end->sensitivity_dbm : received_dbm;
  const double lowest = std::min({launch_dbm, received_dbm, last}),
               highest = std::max({launch_dbm, received_dbm, last});
  const double room = std::max(0.3, 0.05 * (highest - lowest));
  const LinearAxis axis{lowest - room, highest + room, left, right};
  std::string out;
  for (const double tick : round_ticks(axis.low, axis.high, 6)) {
    out += line(axis.at(tick), top, axis.at(tick), bottom, "grid");
    out += text(axis.at(tick), bottom + 19, "middle", with_minus(fmt::format("{:g}", tick)), "soft");
  }
  out += line(left, bottom, right, bottom, "axis") +
         text((left + right) / 2, bottom + 42, "middle", "outer OMA [dBm]", "soft");
  double y = top + pitch / 2, power = launch_dbm;
  const auto level = [&](std::string_view label, double dbm) {
    out += text(left - 12, y + 5, "end", label) + circle(axis.at(dbm), y, 6, "bar");
    out += text(width - 2, y + 5, "end", with_minus(fmt::format("{:.2f}", dbm)) + " dBm", "halo");
  };
  const auto change = [&](std::string_view label, double after, const std::string& value,
                          std::string_view style) {
    out += line(axis.at(power), y, axis.at(power), y + pitch, "thin");
    y += pitch;
    out += text(left - 12, y + 5, "end", label);
    const double a = axis.at(std::min(power, after)), b = axis.at(std::max(power, after));
    out += rect(a, y - 8, std::max(1.5, b - a), 16, style);
    out += text(width - 2, y + 5, "end", with_minus(value) + " dB", "halo");
    power = after;
  };
  const auto next = [&] {
    out += line(axis.at(power), y, axis.at(power), y + pitch, "thin");
    y += pitch;
  };
  level("launch", launch_dbm);
  for (const PowerStep& loss : steps) {
    change(loss.label, power - loss.loss_db,
           loss.loss_db == 0 ? "0.00" : fmt::format("{:+.2f}", -loss.loss_db), "loss");
  }
  next();
  level("at the receiver", received_dbm);
  if (end) {
    power = received_dbm;
    change(end->margin_db < 0 ? "missing" : "margin", end->sensitivity_dbm,
           fmt::format("{:.2f}", end->margin_db), end->margin_db < 0 ? "bad" : "good");
    next();
    level("sensitivity", end->sensitivity_dbm);
  }
  return figure(svg(width, bottom + 52, "Optical power from the transmitter to the receiver", out), "");
}

}  // namespace lightlane::cli::html

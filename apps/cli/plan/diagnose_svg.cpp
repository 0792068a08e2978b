#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_page.hpp"
#include "cli/html_svg.hpp"
#include "cli/plan/diagnose_report.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

constexpr double width = 760, left = 70, right = 735;
constexpr const char* colours[] = {"#4477aa", "#ee6677", "#228833", "#ccbb44",
                                   "#66ccee", "#aa3377", "#bbbbbb", "#000000"};

std::string text(double x, double y, std::string_view anchor, std::string_view content,
                 std::string_view more = "") {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}</text>\n", x, y, anchor, more,
                     html::escape(content));
}

std::string line(double x1, double y1, double x2, double y2, std::string_view style) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" {}/>\n", x1, y1, x2, y2,
                     style);
}

std::string tick_text(double value) { return html::with_minus(fmt::format("{:g}", value)); }

bool is_ber(Reading reading) { return info(reading).unit.empty() && info(reading).high == 0.5; }

/// What is drawn of a history: bit error ratios by their logarithm.
double drawn(Reading reading, double value) {
  return is_ber(reading) ? std::log10(std::max(value, 1e-18)) : value;
}

const MonitorThresholds* thresholds_of(const InterfaceDiagnosis& d, Reading reading) {
  for (std::size_t m = 0; m < monitor_count; ++m)
    if (reading_of(static_cast<Monitor>(m)) == reading) return &d.thresholds.of[m].values;
  return nullptr;
}

struct Range {
  double low = INFINITY, high = -INFINITY;
  void take(double v) {
    if (std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
  }
  void widen() {
    const double more = std::max((high - low) * 0.08, 0.05);
    low -= more, high += more;
  }
};

/// Lines of the thresholds within the range, with their names.
std::string threshold_lines(const MonitorThresholds& t, const html::LinearAxis& y) {
  std::string out;
  const auto one = [&](double value, const char* name, const char* colour) {
    if (!(value >= y.low && value <= y.high)) return;
    out += line(left, y.at(value), right, y.at(value),
                fmt::format("stroke=\"{}\" stroke-dasharray=\"5 3\"", colour));
    out += text(right, y.at(value) - 3, "end", name, fmt::format("font-size=\"10\" fill=\"{}\"", colour));
  };
  one(t.high_alarm, "high alarm", "#cc3311");
  one(t.high_warning, "high warning", "#ee7733");
  one(t.low_warning, "low warning", "#ee7733");
  one(t.low_alarm, "low alarm", "#cc3311");
  return out;
}

std::string frame(double top, double bottom, const html::LinearAxis& y, std::string_view title) {
  std::string out = text(10, top - 12, "start", title, "font-weight=\"bold\"");
  for (const double v : html::round_ticks(y.low, y.high, 6)) {
    out += line(left, y.at(v), right, y.at(v), "stroke=\"#ddd\"");
    out += text(left - 6, y.at(v) + 4, "end", tick_text(v));
  }
  out += line(left, bottom, right, bottom, "stroke=\"#555\"");
  return out + line(left, top, left, bottom, "stroke=\"#555\"");
}

std::string history_panel(const InterfaceDiagnosis& d, Reading reading,
                          const std::vector<const ReadingSeries*>& list, double top, double bottom) {
  Range range, time;
  for (const ReadingSeries* s : list) {
    for (const ReadingSample& p : s->samples) range.take(drawn(reading, p.value)), time.take(p.time_s);
  }
  const MonitorThresholds* limits = thresholds_of(d, reading);
  if (limits != nullptr) {  // those that are near
    const double near = std::max(range.high - range.low, 2.0);
    for (const double t : {limits->high_alarm, limits->high_warning, limits->low_warning, limits->low_alarm})
      if (t > range.low - near && t < range.high + near) range.take(t);
  }
  const double middle = (range.low + range.high) / 2;
  const double least = info(reading).unit == "dBm" || is_ber(reading) ? 1 : 0.1 * std::abs(middle);
  range.take(middle - least / 2), range.take(middle + least / 2);  // noise is not blown up
  range.widen();
  const html::LinearAxis y = {range.low, range.high, bottom, top};
  const html::LinearAxis x = {0, std::max((time.high - time.low) / 86400, 1e-6), left, right};
  const ReadingInfo& about = info(reading);
  std::string out = frame(top, bottom, y,
                          is_ber(reading) ? fmt::format("log10 of {}", about.name)
                                          : fmt::format("{} [{}]", about.name, about.unit));
  for (const double v : html::round_ticks(0, x.high, 8))
    out += text(x.at(v), bottom + 15, "middle", tick_text(v));
  out += text(right, bottom + 29, "end", "days");
  if (limits != nullptr) out += threshold_lines(*limits, y);
  double key = left;
  for (const ReadingSeries* s : list) {
    const char* colour = colours[s->lane % std::size(colours)];
    std::vector<ReadingSample> samples = s->samples;
    std::sort(samples.begin(), samples.end(),
              [](const ReadingSample& a, const ReadingSample& b) { return a.time_s < b.time_s; });
    std::string points;
    const std::size_t step = std::max<std::size_t>(1, samples.size() / 1000);
    for (std::size_t i = 0; i < samples.size(); i += step)
      points += fmt::format("{:.1f},{:.1f} ", x.at((samples[i].time_s - time.low) / 86400),
                            y.at(drawn(reading, samples[i].value)));
    out += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n", points,
                       colour);
    if (about.scope == ReadingScope::module) continue;
    out += line(key, bottom + 25, key + 16, bottom + 25,
                fmt::format("stroke=\"{}\" stroke-width=\"2\"", colour));
    out += text(key + 20, bottom + 29, "start", fmt::format("lane {}", s->lane + 1));
    key += 70;
  }
  return out;
}

/// Bars from the low end of the drawing to the reading, one a lane.
std::string lane_panel(const InterfaceDiagnosis& d, Reading reading, double top, double bottom) {
  Range range;
  std::vector<const MarkedReading*> marks;
  for (const MarkedReading& m : d.marks)
    if (m.reading == reading) marks.push_back(&m);
  if (marks.empty()) return "";
  for (const MarkedReading* m : marks) {
    range.take(std::max(m->value, -32.0));
    for (const double t : {m->thresholds.high_alarm, m->thresholds.high_warning, m->thresholds.low_warning,
                           m->thresholds.low_alarm})
      range.take(t);
  }
  if (info(reading).unit != "dBm") range.take(0);
  range.widen();
  const html::LinearAxis y = {info(reading).unit == "dBm" ? range.low : 0, range.high, bottom, top};
  std::string out = frame(top, bottom, y, fmt::format("{} [{}]", info(reading).name, info(reading).unit));
  const double pitch = (right - left - 90) / static_cast<double>(marks.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const MarkedReading& m = *marks[i];
    const double x = left + 10 + pitch * static_cast<double>(i), wide = std::min(pitch * 0.6, 60.0);
    const bool none = m.value <= dark_dbm && info(reading).unit == "dBm";
    const char* colour = none || alarm(m.mark)       ? "#cc3311"
                         : warning(m.mark)           ? "#ee7733"
                         : m.mark == ReadingMark::ok ? "#228833"
                                                     : "#4477aa";
    const double at = y.at(m.value);
    out += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                       x, std::min(at, bottom - 2), wide, std::max(bottom - at, 2.0), colour);
    out += text(x + wide / 2, std::min(at, bottom - 2) - 4, "middle",
                none ? std::string("dark") : html::with_minus(fmt::format("{:.2f}", m.value)));
    out += text(x + wide / 2, bottom + 15, "middle", fmt::format("lane {}", m.lane + 1));
  }
  return out + threshold_lines(marks[0]->thresholds, y);
}

}  // namespace

std::string diagnosis_svg(const InterfaceDiagnosis& d, const DiagnosisInput& input) {
  const Readings& r = *d.readings;
  std::string content =
      text(10, 22, "start",
           fmt::format("{}{}{}: {}", r.interface, r.interface.empty() || r.pmd == nullptr ? "" : ", ",
                       r.pmd == nullptr ? "" : std::string(r.pmd->id), plan::name(d.health)),
           "font-weight=\"bold\" font-size=\"15\"");
  if (!d.causes.empty()) content += text(10, 42, "start", d.causes[0].rule->cause);
  double top = 84;
  bool any = false;
  for (const Reading reading : {Reading::rx_power_dbm, Reading::tx_power_dbm, Reading::tx_bias_ma,
                                Reading::ber, Reading::port_ber, Reading::temperature_c}) {
    std::vector<const ReadingSeries*> list;
    for (const ReadingSeries& s : input.history)
      if (s.interface == r.interface && s.reading == reading && s.samples.size() > 1) list.push_back(&s);
    if (list.empty()) continue;
    any = true;
    content += history_panel(d, reading, list, top, top + 180);
    top += 260;
  }
  if (!any) {
    for (const Reading reading : {Reading::rx_power_dbm, Reading::tx_power_dbm, Reading::tx_bias_ma}) {
      const std::string panel = lane_panel(d, reading, top, top + 160);
      if (panel.empty()) continue;
      content += panel;
      top += 220;
      any = true;
    }
  }
  if (!any) content += text(10, 66, "start", "no powers, bias or history to draw");
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" "
      "font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"diagnosis: {2}\">\n"
      "<rect width=\"{0:g}\" height=\"{1:g}\" fill=\"white\"/>\n{3}</svg>\n",
      width, std::max(top - 20, 90.0), plan::name(d.health), content);
}

}  // namespace lightlane::cli

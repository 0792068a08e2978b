#include "cli/html_light.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/html_charts.hpp"
#include "cli/html_light_charts.hpp"
#include "cli/html_page.hpp"
#include "cli/html_svg.hpp"
#include "cli/html_transmitters.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace link;
using html::Fact;

constexpr std::size_t most_breakers = 13;  ///< drawn; a table has all

/// A bit error ratio has no unit, and no margin worth a number.
bool is_ratio(const LimitResult& limit) { return limit.unit.empty(); }

/// Two decimals; where a limit is missed by less than those show, as many as it takes, up to six.
int decimals_of(const LimitResult& limit) {
  int decimals = 2;
  for (double shown = 0.005;
       !limit.pass && !limit.informative && std::abs(limit.margin) < shown && decimals < 6; shown /= 10)
    ++decimals;
  return decimals;
}

std::string limit_value(const LimitResult& limit, double value) {
  return is_ratio(limit) ? ratio(value) : number(value, decimals_of(limit));
}

/// Without the PMD where there is only one.
std::string source_of(const OpticalReport& r, const LimitResult& limit) {
  const std::string pmd = r.pmd + ", ";
  return r.pmd == r.far_pmd && limit.source.starts_with(pmd) ? limit.source.substr(pmd.size()) : limit.source;
}

/// "All 18 limits are kept." What is there for information has no verdict.
std::string limits_in_words(const OpticalReport& r, std::vector<LimitResult> limits) {
  std::erase_if(limits, [](const LimitResult& l) { return l.informative; });
  const auto failed = static_cast<std::size_t>(
      std::count_if(limits.begin(), limits.end(), [](const LimitResult& l) { return !l.pass; }));
  const std::string of = r.pmd == r.far_pmd ? r.pmd : fmt::format("{} into {}", r.pmd, r.far_pmd);
  std::string words = failed == 0 ? fmt::format("All {} limits of {} are kept.", limits.size(), of)
                                  : fmt::format("{} of {} limits of {} {} not kept.", failed, limits.size(),
                                                of, failed == 1 ? "is" : "are");
  const auto unsure = std::count_if(limits.begin(), limits.end(), [](const LimitResult& l) {
    return l.confidence != catalog::Confidence::sure;
  });
  if (unsure > 0)
    words += fmt::format(" {} of the verdicts {} on a value that is not sure: see confidence.", unsure,
                         unsure == 1 ? "rests" : "rest");
  return words;
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string ber_curves(const OpticalReport& r, const std::vector<LaneResult>& counted) {
  std::vector<html::BerCurve> curves;
  for (std::size_t i = 0; i < r.lanes.size(); ++i) {
    const OpticalLaneReport& lane = r.lanes[i];
    html::BerCurve curve{fmt::format("lane {}", i),
                         {},
                         lane.rx_oma_dbm,
                         lane.ber_expected,
                         lane.sensitivity_oma_dbm,
                         lane.margin_db,
                         false,
                         0,
                         {}};
    for (const auto& [oma, ber] : lane.ber_curve) {
      if (ber > 0) curve.points.emplace_back(oma, ber);
    }
    if (i < counted.size() && counted[i].bits > 0) {
      curve.counted = true;
      curve.ber = counted[i].ber;
      curve.interval = counted[i].ber_interval;
    }
    curves.push_back(std::move(curve));
  }
  if (std::all_of(curves.begin(), curves.end(), [](const html::BerCurve& c) { return c.points.empty(); }))
    return "";
  return html::together(html::heading(4, "Bit error ratio over power") +
                        html::ber_curve_chart(curves, r.worst_lane, r.target_ber));
}

std::string budget(const OpticalReport& r) {
  const OpticalLaneReport& worst = r.lanes[r.worst_lane];
  std::vector<html::PowerStep> steps;
  for (const BudgetStep& step : r.budget) steps.push_back({step.what, step.db});
  std::optional<html::PowerEnd> end;
  if (std::isfinite(worst.margin_db)) end = {worst.sensitivity_oma_dbm, worst.margin_db};
  return html::together(html::heading(4, fmt::format("Power budget, lane {}", r.worst_lane)) +
                        html::power_chart(worst.transmitter.oma_outer_dbm, steps, worst.rx_oma_dbm, end));
}

std::string step_of(const Sensitivity& s) {
  return fmt::format("{} {} {:.3g}{}{}", html::with_minus(fmt::format("{:g}", s.value)),
                     s.step < 0 ? "\u2212" : "+", std::abs(s.step), s.unit.empty() ? "" : " ", s.unit);
}

std::string all_breakers(const OpticalReport& r) {
  html::Table table("",
                    {{"key", false}, {"value"}, {"step"}, {"unit", false}, {"margin [dB]"}, {"dB per unit"}});
  for (const Sensitivity& s : r.breaks_first) {
    table.row({s.key, fmt::format("{:g}", s.value), fmt::format("{:+.3g}", s.step), s.unit,
               fmt::format("{:+.3f}", s.margin_change_db), fmt::format("{:+.3g}", s.per_unit_db)});
  }
  return table.html();
}

std::string breaks_first(const OpticalReport& r) {
  if (r.breaks_first.empty()) return "";
  std::vector<html::Breaker> breakers;
  for (const Sensitivity& s : r.breaks_first) {
    if (breakers.size() < most_breakers) breakers.push_back({s.key, step_of(s), s.margin_change_db});
  }
  const std::string words = fmt::format(
      "Margin that lane {} loses when one key of the scenario moves by a standard deviation of the device, "
      "or by a tenth.",
      r.worst_lane);
  return html::together(html::heading(4, "What breaks first") + html::paragraph(words, "soft") +
                        html::breaks_chart(breakers)) +
         html::fold(fmt::format("All {} keys that matter", r.breaks_first.size()), all_breakers(r));
}

std::string margin_in_words(const OpticalReport& r) {
  const OpticalLaneReport& worst = r.lanes[r.worst_lane];
  const std::string target = "a bit error ratio of " + html::exponent(r.target_ber);
  const auto dark =
      std::count_if(r.lanes.begin(), r.lanes.end(), [](const OpticalLaneReport& l) { return l.los; });
  std::string words;
  if (dark > 0) words = fmt::format("{} of {} lanes see no light. ", dark, r.lanes.size());
  if (std::isfinite(worst.margin_db) && worst.margin_db >= 0) {
    words += fmt::format("Lane {}, the worst, bears {:.2f} dB more attenuation until it has {}.",
                         r.worst_lane, worst.margin_db, target);
  } else if (std::isfinite(worst.margin_db)) {
    words +=
        fmt::format("Lane {}, the worst, lacks {:.2f} dB for {}.", r.worst_lane, -worst.margin_db, target);
  } else if (!worst.los) {
    words += fmt::format("Lane {} does not reach {} at any power.", r.worst_lane, target);
  }
  if (r.stress_db > 0)
    words += fmt::format(" {:.2f} dB of the loss were added to stress the link.", r.stress_db);
  return words;
}

/// A link at the limits: what its budget leaves for penalties, and where that goes.
std::string allocation(const OpticalReport& r) {
  const std::optional<LimitMargin>& limit = r.lanes[r.worst_lane].limit;
  if (!limit) return "";
  std::vector<Fact> list;
  if (r.limit_allocation_db) list.push_back({"allocation [dB]", number(*r.limit_allocation_db, 3)});
  list.push_back({"differential group delay [dB]", number(limit->dgd_db, 3)});
  list.push_back({"interference of reflections and crosstalk [dB]", number(limit->interference_db, 3)});
  list.push_back({"margin [dB]", number(limit->margin_db, 3), !(limit->margin_db >= 0)});
  return html::heading(4, fmt::format("What the budget leaves for penalties, lane {}", r.worst_lane)) +
         html::facts("", list);
}

/// As {offset from the decided sample, weight}.
std::vector<std::pair<int, double>> ffe_of(const OpticalLaneReport& lane) {
  std::vector<std::pair<int, double>> taps;
  for (std::size_t k = 0; k < lane.ffe.size(); ++k)
    taps.emplace_back(static_cast<int>(k) - lane.ffe_before, static_cast<double>(lane.ffe[k]));
  return taps;
}

}  // namespace

std::string number(double value, int decimals) {
  if (std::isnan(value)) return "-";
  if (std::isinf(value)) return value < 0 ? "none" : "\u221e";
  const std::string text = fmt::format("{:.{}f}", value, decimals);
  return text[0] == '-' && text.find_first_of("123456789") == std::string::npos ? text.substr(1) : text;
}

std::vector<LimitResult> worst_limits(const OpticalReport& report) {
  std::vector<LimitResult> worst;
  for (const LimitResult& l : report.limits) {
    const auto same = std::find_if(worst.begin(), worst.end(), [&](const LimitResult& w) {
      return w.name == l.name && w.what == l.what;
    });
    if (same == worst.end()) {
      worst.push_back(l);
    } else if (l.margin < same->margin) {
      *same = l;
    }
  }
  std::stable_partition(worst.begin(), worst.end(), [](const LimitResult& l) { return !l.informative; });
  std::stable_partition(worst.begin(), worst.end(),
                        [](const LimitResult& l) { return !l.pass && !l.informative; });
  return worst;
}

LightHeadline light_headline(const OpticalReport& report) {
  LightHeadline h;
  const double margin_db = report.lanes[report.worst_lane].margin_db;
  h.margin = number(margin_db);
  h.no_margin = !std::isfinite(margin_db);
  std::vector<LimitResult> limits = worst_limits(report);
  std::erase_if(limits, [](const LimitResult& l) { return l.informative; });
  const auto kept = std::count_if(limits.begin(), limits.end(), [](const LimitResult& l) { return l.pass; });
  h.limits = fmt::format("{} of {}", kept, limits.size());
  double worst_db = -INFINITY;
  for (const OpticalLaneReport& lane : report.lanes) {
    if (!std::isnan(penalty_db(lane))) worst_db = std::max(worst_db, penalty_db(lane));
  }
  h.closed = worst_db == INFINITY;
  h.penalty = h.closed ? "closed" : worst_db == -INFINITY ? "-" : number(worst_db);
  return h;
}

std::string html_limits(const OpticalReport& report) {
  const std::vector<LimitResult> limits = worst_limits(report);
  html::Table table("", {{"", false, false, true},
                         {"", false},
                         {"worst lane"},
                         {"value"},
                         {"limit"},
                         {"margin"},
                         {"confidence", false},
                         {"source", false, false, false, true}});
  for (const LimitResult& l : limits) {
    const std::string unit = l.unit.empty() ? "" : " " + l.unit;
    table.row({l.informative ? ""
               : l.pass      ? "PASS"
                             : "FAIL",
               l.what, l.lane < 0 ? "all" : std::to_string(l.lane), limit_value(l, l.value),
               fmt::format("{} {}{}", l.upper ? "\u2264" : "\u2265", limit_value(l, l.limit), unit),
               is_ratio(l) ? "" : number(l.margin, decimals_of(l)), std::string(catalog::name(l.confidence)),
               source_of(report, l)},
              !l.pass && !l.informative);
  }
  std::string out = html::heading(3, "Limits of the standard") +
                    html::paragraph(limits_in_words(report, limits)) + table.html();
  if (!report.transmitters_measured())
    out += html::paragraph("The transmitters were not measured (run.measure = false): their limits are not checked.", "note");
  if (!report.unknown_limits.empty())
    out += html::paragraph(
        "Not checked, because the catalogue does not know the limit: " + joined(report.unknown_limits) + ".",
        "note");
  return out;
}

std::string html_margin(const OpticalReport& report, const std::vector<LaneResult>& counted) {
  return html::heading(3, "Margin") + html::paragraph(margin_in_words(report)) +
         html::side_by_side(
             {ber_curves(report, counted) + budget(report), allocation(report) + breaks_first(report)});
}

std::string html_light_lanes(const OpticalReport& report) {
  html::Table table("", {{"lane", false},
                         {"wavelength [nm]"},
                         {"launch OMA [dBm]"},
                         {"loss [dB]"},
                         {"dispersion [ps/nm]"},
                         {"DGD [ps]"},
                         {"received OMA [dBm]"},
                         {"received power [dBm]"},
                         {"SNR [dB]"},
                         {"sensitivity [dBm]"},
                         {"margin [dB]"}});
  for (std::size_t i = 0; i < report.lanes.size(); ++i) {
    const OpticalLaneReport& l = report.lanes[i];
    table.row({std::to_string(i), number(l.wavelength_nm), number(l.transmitter.oma_outer_dbm),
               number(l.plant.loss_db), number(l.plant.dispersion_ps_nm), number(l.plant.dgd_ps),
               number(l.rx_oma_dbm), number(l.rx_power_dbm) + (l.overload ? " overload" : ""),
               l.los ? "LOS" : number(l.snr_db), number(l.sensitivity_oma_dbm), number(l.margin_db)},
              l.los || l.overload || !(l.margin_db >= 0));
  }
  return html::heading(3, "Light, lane by lane") +
         html::paragraph(
             "Sensitivity and margin: OMA at the receiver, and attenuation, at which the lane has the "
             "target's error ratio.",
             "soft") +
         table.html();
}

std::string html_receivers(const OpticalReport& report) {
  html::Table table("", {{"lane", false},
                         {"training", false},
                         {"symbols"},
                         {"SNR in training [dB]"},
                         {"mean square error"},
                         {"decision instant [UI]"},
                         {"FFE taps"}});
  std::vector<std::string> charts;
  std::vector<std::pair<std::string, std::vector<double>>> histories;
  double symbols = 0;
  for (std::size_t i = 0; i < report.lanes.size(); ++i) {
    const OpticalLaneReport& l = report.lanes[i];
    const std::string name = fmt::format("lane {}", i);
    table.row({std::to_string(i),
               l.los                  ? "no light"
               : l.training.converged ? "converged"
                                      : "did not converge",
               grouped(l.training.symbols), number(l.training.snr_db), fmt::format("{:.3g}", l.training.mse),
               number(l.phase_ui, 3), std::to_string(l.ffe.size())},
              l.los || !l.training.converged);
    charts.push_back(html::tap_chart(ffe_of(l), name, false));
    if (l.training.mse_history.empty()) continue;
    histories.emplace_back(name, l.training.mse_history);
    symbols = std::max(symbols, static_cast<double>(l.training.symbols));
  }
  std::string out = html::heading(3, "Receivers") + table.html();
  const bool drawn =
      std::any_of(charts.begin(), charts.end(), [](const std::string& chart) { return !chart.empty(); });
  if (drawn)
    out += html::paragraph(
               "Taps of the feed-forward equaliser relative to the main one, by the sample that they weigh "
               "[symbols from the one decided].",
               "soft") +
           html::gallery(charts);
  if (!histories.empty()) out += html::side_by_side({html::training_chart(histories, symbols)});
  return out;
}

std::string html_delay_and_power(const OpticalReport& report) {
  std::vector<html::Share> delay, power;
  double longest = 0, largest = 0;
  for (const LatencyTerm& t : report.latency) longest = std::max(longest, t.ns);
  for (const PowerTerm& t : report.module_power) largest = std::max(largest, t.w);
  for (const LatencyTerm& t : report.latency)
    delay.push_back({t.what, number(t.ns, 1), longest > 0 ? t.ns / longest : 0, t.basis});
  for (const PowerTerm& t : report.module_power) {
    power.push_back({t.what, number(t.w), largest > 0 ? t.w / largest : 0,
                     fmt::format("{} ({})", t.basis, catalog::name(t.confidence))});
  }
  return html::side_by_side(
      {html::heading(3, fmt::format("Delay, PCS to PCS: {:.1f} ns", report.latency_ns)) +
           html::shares("ns", delay),
       html::heading(3, fmt::format("Power of a module: {:.2f} W", report.module_power_w)) +
           html::shares("W", power)});
}

}  // namespace lightlane::cli

#include "cli/html_transmitters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "cli/html_eye.hpp"
#include "cli/html_light.hpp"
#include "cli/html_light_charts.hpp"
#include "cli/html_page.hpp"

namespace lightlane::cli {
namespace {

using namespace link;
using measure::TdecqResult;

/// Lanes whose measurement is one and the same.
struct Group {
  std::vector<std::size_t> lanes;
  const OpticalLaneReport* first;

  const TransmitterMeasurement& measurement() const { return *first->measurement; }
};

bool alike(const TransmitterMeasurement& a, const TransmitterMeasurement& b) {
  const auto db = [](const TransmitterMeasurement& m) {
    return m.tdecq ? m.tdecq->tdecq_db : m.penalty_db.value_or(0);
  };
  const auto picture = [](const TransmitterMeasurement& m) {
    return m.eye ? m.eye->density.share : std::vector<float>{};
  };
  return db(a) == db(b) && a.oma_outer_dbm == b.oma_outer_dbm && a.dispersion_ps_nm == b.dispersion_ps_nm &&
         picture(a) == picture(b);
}

std::vector<Group> groups_of(const OpticalReport& r) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < r.lanes.size(); ++i) {
    const OpticalLaneReport& lane = r.lanes[i];
    if (!lane.measurement) continue;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& g) {
      return g.first->wavelength_nm == lane.wavelength_nm && alike(g.measurement(), *lane.measurement);
    });
    if (same == groups.end()) {
      groups.push_back({{i}, &lane});
    } else {
      same->lanes.push_back(i);
    }
  }
  return groups;
}

/// "lane 2", "lanes 0 to 3", "lanes 0, 2".
std::string lanes_of(const Group& group) {
  const auto& l = group.lanes;
  if (l.size() == 1) return fmt::format("lane {}", l[0]);
  if (l.back() - l.front() + 1 == l.size()) return fmt::format("lanes {} to {}", l.front(), l.back());
  return fmt::format("lanes {}", fmt::join(l, ", "));
}

std::string upper_case(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

std::string list_of(const std::vector<double>& values, double scale, int decimals) {
  std::string out;
  for (const double value : values) out += (out.empty() ? "" : "  ") + number(value * scale, decimals);
  return out;
}

/// "1.212 mW"
std::string power_text(double w) {
  const html::PowerUnit unit = html::power_unit(w);
  return fmt::format("{} {}", number(w * unit.per_w, 3), unit.name);
}

/// "0.21 mW x 0.43 UI"
std::string opening(const std::optional<measure::EyeResult>& eye, std::size_t which) {
  if (!eye || which >= eye->eyes.size()) return "";
  const measure::SubEye& sub = eye->eyes[which];
  if (!sub.open) return "closed";
  return fmt::format("{} \u00d7 {} UI", power_text(sub.height_w), number(sub.width_ui));
}

/// A row of figures, one column for each group; left out where no group has it.
using Cell = std::function<std::string(const TransmitterMeasurement&)>;
void figure_row(const std::vector<Group>& groups, const std::string& name, const Cell& cell,
                html::Table& table) {
  std::vector<std::string> cells = {name};
  for (const Group& group : groups) cells.push_back(cell(group.measurement()));
  const auto missing = [](const std::string& c) { return c.empty() || c == "-"; };
  if (!std::all_of(cells.begin() + 1, cells.end(), missing)) table.row(cells);
}

html::Table figure_table(const std::vector<Group>& groups) {
  std::vector<html::Column> columns = {{"", false}};
  for (const Group& group : groups) columns.push_back({lanes_of(group), true, false, false, false, true});
  return html::Table("", columns);
}

/// Cells of what a TDECQ result has, unless its eye is closed.
Cell of_tdecq(const std::function<std::string(const TdecqResult&)>& cell) {
  return [cell](const TransmitterMeasurement& m) {
    return m.tdecq && !m.tdecq->closed ? cell(*m.tdecq) : std::string("-");
  };
}

std::string closed_or_db(const std::optional<TdecqResult>& t) {
  return !t ? std::string() : t->closed ? std::string("closed") : number(t->tdecq_db);
}

std::string of_pam4(const TransmitterMeasurement& m, double value, int decimals) {
  return m.pam4 ? number(value, decimals) : std::string();
}

std::string transmitter_figures(const std::vector<Group>& groups, const std::string& penalty) {
  using M = TransmitterMeasurement;
  html::Table table = figure_table(groups);
  const auto row = [&](const std::string& name, const Cell& cell) { figure_row(groups, name, cell, table); };
  row("TDECQ [dB]", [](const M& m) { return closed_or_db(m.tdecq); });
  row("TECQ, without fibre [dB]", [](const M& m) { return closed_or_db(m.tecq); });
  row(penalty + " [dB]", [](const M& m) {
    return !m.penalty_db               ? std::string()
           : std::isinf(*m.penalty_db) ? std::string("closed")
                                       : number(*m.penalty_db);
  });
  row("at the worse dispersion [ps/nm]", [](const M& m) { return number(m.dispersion_ps_nm); });
  row("eye mask margin [%]",
      [](const M& m) { return m.mask_margin ? number(*m.mask_margin * 100, 1) : std::string(); });
  row("outer OMA [dBm]", [](const M& m) { return number(m.oma_outer_dbm); });
  row("outer OMA less TDECQ [dBm]", [](const M& m) {
    return of_tdecq([&](const TdecqResult& t) { return number(m.oma_outer_dbm - t.tdecq_db); })(m);
  });
  row("average power [dBm]", [](const M& m) { return number(m.average_power_dbm); });
  row("extinction ratio [dB]", [](const M& m) { return number(m.extinction_ratio_db); });
  row("R_LM", [](const M& m) { return of_pam4(m, m.rlm, 3); });
  row("RIN OMA [dB/Hz]", [](const M& m) { return number(m.rin_oma_db_per_hz); });
  row("overshoot [%]", [](const M& m) { return of_pam4(m, m.overshoot_pct, 1); });
  row("undershoot [%]", [](const M& m) { return of_pam4(m, m.undershoot_pct, 1); });
  row("power excursion [dBm]", [](const M& m) { return of_pam4(m, m.power_excursion_dbm, 2); });
  row("transition time, 20 % to 80 % [ps]",
      [](const M& m) { return m.transition_time_ps ? number(*m.transition_time_ps) : std::string(); });
  return table.html();
}

std::string receiver_figures(const std::vector<Group>& groups) {
  using M = TransmitterMeasurement;
  html::Table table = figure_table(groups);
  const auto row = [&](const std::string& name, const Cell& cell) { figure_row(groups, name, cell, table); };
  row("C_eq", of_tdecq([](const TdecqResult& t) { return number(t.ceq, 3); }));
  row("taps", of_tdecq([](const TdecqResult& t) { return list_of(t.taps, 1, 3); }));
  for (std::size_t i = 0; i < 3; ++i) {
    row(fmt::format("threshold {}", i + 1),
        of_tdecq([i](const TdecqResult& t) { return power_text(t.thresholds_w[i]); }));
  }
  row("middle of the histograms [UI]", of_tdecq([](const TdecqResult& t) { return number(t.phase_ui, 3); }));
  row("noise that may be added", of_tdecq([](const TdecqResult& t) { return power_text(t.noise_w); }));
  static constexpr std::string_view names[] = {"lower", "middle", "upper"};
  for (std::size_t i = 0; i < 3; ++i) {
    row(fmt::format("{} eye, equalised", names[i]),
        [i](const M& m) { return m.pam4 ? opening(m.equalized_eye, i) : std::string(); });
  }
  row("eye opening", [](const M& m) { return m.pam4 ? std::string() : opening(m.eye, 0); });
  return table.html();
}

/// Figures of the light, and what the reference receiver made of it; beside each other where there is room.
std::string figures(const std::vector<Group>& groups, const std::string& penalty) {
  const std::string light = transmitter_figures(groups, penalty), receiver = receiver_figures(groups);
  return groups.size() <= 2 ? html::side_by_side({light, receiver}) : light + receiver;
}

std::string raw_eye(const Group& group) {
  const TransmitterMeasurement& m = group.measurement();
  if (!m.eye) return "";
  html::EyeDrawing drawing{
      *m.eye, fmt::format("Eye of {} behind the reference filter", lanes_of(group)), m.eye->level_w, {}, {}};
  for (const measure::SubEye& eye : m.eye->eyes) {
    if (eye.open) drawing.thresholds_w.push_back(eye.threshold_w);
  }
  return html::eye_chart(
      drawing, fmt::format("behind the reference filter, {}; dashed: best thresholds, where the eye is open",
                           m.pam4 ? fmt::format("over {:.2f} ps/nm", m.dispersion_ps_nm) : "without fibre"));
}

std::string equalized_eye(const Group& group) {
  const TransmitterMeasurement& m = group.measurement();
  if (!m.tdecq) return "";
  if (!m.equalized_eye)
    return html::paragraph(
        "Behind the reference equaliser: the eye is closed. No noise that the reference receiver may "
        "add is small enough, so there is neither TDECQ nor taps.",
        "note");
  const TdecqResult& t = *m.tdecq;
  const measure::TdecqConfig config;  // spacing and width of the windows are the same for all PMDs
  html::EyeDrawing drawing{
      *m.equalized_eye,
      fmt::format("Eye of {} behind the reference equaliser, with the histograms of TDECQ", lanes_of(group)),
      {t.level_w.begin(), t.level_w.end()},
      {t.thresholds_w.begin(), t.thresholds_w.end()},
      {},
      &m.histograms};
  for (const double side : {-0.5, 0.5}) {
    const double middle = t.phase_ui + side * config.histogram_spacing_ui,
                 half = config.histogram_width_ui / 2;
    drawing.windows_ui.emplace_back(middle - half, middle + half);
  }
  return html::eye_chart(drawing,
                         "behind the reference equaliser, and the histograms of both windows (logarithmic, "
                         "four decades); dashed: "
                         "thresholds of TDECQ");
}

std::optional<double> limit_of(const OpticalReport& r, const Group& group) {
  for (const LimitResult& l : r.limits) {
    if (l.name == "tx.tdecq_max_db" && l.lane == static_cast<int>(group.lanes.front())) return l.limit;
  }
  return std::nullopt;
}

std::string causes(const OpticalReport& r, const Group& group) {
  const TransmitterMeasurement& m = group.measurement();
  if (!m.tdecq || m.tdecq->closed) return "";
  const measure::TdecqCauses& c = m.tdecq->causes;
  return html::together(html::heading(4, "Why TDECQ is what it is") +
                        html::cause_chart({{"ISI", c.isi_db},
                                           {"noise enhancement", c.noise_enhancement_db},
                                           {"nonlinearity", c.nonlinearity_db},
                                           {"noise", c.noise_db},
                                           {"acting together", c.interaction_db}},
                                          "TDECQ", m.tdecq->tdecq_db, limit_of(r, group)));
}

std::string reference_taps(const Group& group) {
  const TransmitterMeasurement& m = group.measurement();
  if (!m.tdecq || m.tdecq->closed) return "";
  std::vector<std::pair<int, double>> taps;
  for (std::size_t j = 0; j < m.tdecq->taps.size(); ++j)
    taps.emplace_back(m.tdecq->main_tap - static_cast<int>(j),
                      m.tdecq->taps[j]);  // tap 0 weighs the latest sample
  return html::heading(4, "Taps of the reference equaliser") +
         html::tap_chart(taps, "Taps of the reference equaliser", true);
}

std::string in_full(const OpticalReport& r, const Group& group) {
  return html::side_by_side({raw_eye(group), equalized_eye(group), causes(r, group), reference_taps(group)});
}

std::string name_of(const Group& group) {
  return fmt::format("{}, {:.2f} nm", lanes_of(group), group.first->wavelength_nm);
}

std::string thumbnails(const std::vector<Group>& groups, const std::string& penalty) {
  std::vector<std::string> eyes;
  for (const Group& group : groups) {
    const TransmitterMeasurement& m = group.measurement();
    const auto& eye = m.equalized_eye ? m.equalized_eye : m.eye;
    if (eye)
      eyes.push_back(html::eye_thumbnail(
          *eye, fmt::format("{}: {} {}", name_of(group), penalty, penalty_text(*group.first))));
  }
  return eyes.size() > 1 ? html::gallery(eyes) : "";
}

}  // namespace

double penalty_db(const OpticalLaneReport& lane) {
  if (!lane.measurement) return NAN;
  const TransmitterMeasurement& m = *lane.measurement;
  if (m.tdecq) return m.tdecq->closed ? INFINITY : m.tdecq->tdecq_db;
  return m.penalty_db.value_or(NAN);
}

std::string penalty_name(const OpticalReport& r) {
  for (const LimitResult& l : r.limits) {
    if (l.name == "tx.tdecq_max_db") return upper_case(l.what);
  }
  return r.lanes.front().measurement && r.lanes.front().measurement->pam4 ? "TDECQ" : "penalty";
}

std::string penalty_text(const OpticalLaneReport& lane) {
  const double db = penalty_db(lane);
  return std::isinf(db) ? "closed" : number(db);
}

std::string html_transmitters(const OpticalReport& r) {
  const std::vector<Group> groups = groups_of(r);
  if (groups.empty()) return "";
  const auto rank = [](const Group& g) {
    return std::isnan(penalty_db(*g.first)) ? -INFINITY : penalty_db(*g.first);
  };
  const auto worst = std::max_element(groups.begin(), groups.end(),
                                      [&](const Group& a, const Group& b) { return rank(a) < rank(b); });
  std::string out = html::heading(3, "Transmitters, as measured");
  out += html::paragraph(
      fmt::format(
          "With {} into the reference receiver, over the worse extreme of dispersion, without interference.",
          upper_case(groups.front().measurement().pattern)),
      "soft");
  out += figures(groups, penalty_name(r)) + thumbnails(groups, penalty_name(r));
  out += html::heading(4, "Eye of " + name_of(*worst)) + in_full(r, *worst);
  for (auto group = groups.begin(); group != groups.end(); ++group) {
    if (group != worst) out += html::fold("Eye of " + name_of(*group), in_full(r, *group));
  }
  return out;
}

}  // namespace lightlane::cli

#include "cli/eye_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "cli/html_page.hpp"
#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using signal::Modulation;

std::string_view name_of(std::size_t eye, std::size_t eyes) {
  static constexpr std::string_view names[] = {"lower", "middle", "upper"};
  return eyes == 3 ? names[eye] : "eye";
}

Json optional_number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? Json(*value) : Json(nullptr);
}
double digits(double value, double unit) { return std::round(value / unit) * unit; }

Json nrz_json(const EyeReport::Nrz& nrz) {
  const auto loading = [](const measure::NoiseLoadingResult& r) {
    return Json{{"closed", r.closed},
                {"penalty_db", r.closed ? Json(nullptr) : Json(r.penalty_db)},
                {"noise_w", r.closed ? Json(nullptr) : Json(r.noise_w)}};
  };
  const measure::EyeMask& m = nrz.mask;
  return {{"mask",
           {{"coordinates", {m.x1, m.x2, m.x3, m.y1, m.y2, m.y3}},
            {"hit_ratio", nrz.mask_result.hit_ratio},
            {"hit_ratio_limit", m.hit_ratio},
            {"pass", nrz.mask_result.pass},
            {"margin", nrz.mask_result.margin},
            {"zero_w", nrz.mask_result.zero_w},
            {"one_w", nrz.mask_result.one_w},
            {"crossing_ui", nrz.mask_result.crossing_ui}}},
          {"vecp_db", nrz.vecp.closed ? Json(nullptr) : Json(nrz.vecp.vecp_db)},
          {"tdec", loading(nrz.tdec)},
          {"tdp", loading(nrz.tdp)}};
}

Json head_json(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
  const measure::EyeResult& eye = report.eye;
  Json json = {{"modulation", options.modulation},
               {"symbols", eye.symbols},
               {"probability", options.probability},
               {"noise_w", options.noise_w},
               {"centre_ui", eye.centre_ui},
               {"levels_w", eye.level_w},
               {"level_rms_w", eye.level_rms_w},
               {"pave_w", report.pave_w},
               {"oma_outer_w", report.oma ? Json(report.oma->oma_w) : Json(nullptr)},
               {"er_db", report.oma ? optional_number(report.oma->er_db) : Json(nullptr)},
               {"rlm_120d", optional_number(eye.rlm_120d)},
               {"rlm_94", optional_number(eye.rlm_94)},
               {"ser", eye.ser},
               {"ber", eye.ber},
               {"rin_oma_db_per_hz", optional_number(report.rin_oma_db_per_hz)},
               {"eyes", Json::array()}};
  for (std::size_t e = 0; e < eye.eyes.size(); ++e) {
    const measure::SubEye& s = eye.eyes[e];
    json["eyes"].push_back({{"eye", name_of(e, eye.eyes.size())},
                            {"open", s.open},
                            {"threshold_w", s.threshold_w},
                            {"height_w", s.height_w},
                            {"low_w", s.open ? Json(s.low_w) : Json(nullptr)},
                            {"high_w", s.open ? Json(s.high_w) : Json(nullptr)},
                            {"width_ui", s.width_ui},
                            {"left_ui", s.open ? Json(s.left_ui) : Json(nullptr)},
                            {"right_ui", s.open ? Json(s.right_ui) : Json(nullptr)},
                            {"error_ratio", s.error_ratio}});
  }
  if (report.jitter) {
    const measure::EdgeJitter& j = *report.jitter;
    json["jitter"] = {{"edges", j.edges},
                      {"crossing_ui", j.crossing_ui},
                      {"rms_ui", j.rms_ui},
                      {"peak_to_peak_ui", j.peak_to_peak_ui},
                      {"even_odd_ui", j.even_odd_ui},
                      {"data_dependent_ui", optional_number(j.data_dependent_ui)},
                      {"uncorrelated_rms_ui", optional_number(j.uncorrelated_rms_ui)}};
  }
  if (report.nrz) json.update(nrz_json(*report.nrz));
  json["pattern"] = nullptr;
  if (report.pattern) {
    json["pattern"] = {{"name", report.pattern->name},
                       {"symbols", report.pattern->levels.size()},
                       {"periods", report.pattern->periods},
                       {"shift_samples", report.pattern->alignment.shift_samples},
                       {"inverted", report.pattern->alignment.inverted},
                       {"correlation", report.pattern->alignment.correlation}};
  }
  json["filter"] = report.filter_ghz > 0
                       ? Json{{"shape", "bessel-thomson-4"}, {"bandwidth_ghz", report.filter_ghz}}
                       : Json(nullptr);
  json["input"] = {{"file", capture.place},
                   {"content", capture.description},
                   {"unit", options.capture.unit},
                   {"samples_per_ui", options.capture.samples_per_ui},
                   {"symbol_rate_gbd", options.capture.symbol_rate_gbd}};
  return json;
}

std::string source_of(const EyeReport& report) {
  const std::string filter =
      report.filter_ghz > 0 ? fmt::format("behind a Bessel-Thomson filter of {:g} GHz", report.filter_ghz)
                            : "as captured";
  const std::string pattern =
      report.pattern ? fmt::format("{}{}, {} period{}", report.pattern->name,
                                   report.pattern->alignment.inverted ? " inverted" : "",
                                   report.pattern->periods, report.pattern->periods > 1 ? "s" : "")
                     : "no known pattern: levels as they were read off";
  return fmt::format("{}, {}", pattern, filter);
}

/// Name and value of everything that is one figure.
std::vector<html::Fact> facts_of(const EyeOptions& options, const EyeReport& report) {
  const measure::EyeResult& eye = report.eye;
  std::vector<html::Fact> list;
  const auto add = [&](const char* name, std::string value, bool alarm = false) {
    list.push_back({name, std::move(value), alarm});
  };
  if (report.oma) {
    add("OMAouter", fmt::format("{}  ({})", dbm(report.oma->oma_w), watts(report.oma->oma_w)));
    add("extinction ratio", std::isfinite(report.oma->er_db) ? fmt::format("{:.2f} dB", report.oma->er_db)
                                                             : "none: level 0 is not above 0");
  }
  add("average power", fmt::format("{}  ({})", dbm(report.pave_w), watts(report.pave_w)));
  std::string levels;
  for (std::size_t i = 0; i < eye.level_w.size(); ++i)
    levels +=
        fmt::format("{}{} (rms {})", i > 0 ? ", " : "", watts(eye.level_w[i]), watts(eye.level_rms_w[i]));
  add("levels", levels);
  if (eye.rlm_120d)
    add("R_LM", fmt::format("{:.4f} (annex 120D), {:.4f} (clause 94)", *eye.rlm_120d, *eye.rlm_94));
  add("eye's centre", fmt::format("{:+.3f} UI from the middle of the symbol", eye.centre_ui));
  add("slicers there",
      fmt::format("symbol error ratio {}, bit error ratio {}", ratio(eye.ser), ratio(eye.ber)));
  if (report.jitter) {
    const measure::EdgeJitter& j = *report.jitter;
    std::string text = fmt::format("{:.4f} UI rms, {:.4f} UI peak to peak, even-odd {:.4f} UI", j.rms_ui,
                                   j.peak_to_peak_ui, j.even_odd_ui);
    if (j.uncorrelated_rms_ui)
      text += fmt::format("; data-dependent {:.4f} UI peak to peak, other {:.4f} UI rms",
                          *j.data_dependent_ui, *j.uncorrelated_rms_ui);
    add("edge jitter", text);
  }
  if (report.rin_oma_db_per_hz) add("RIN_OMA", fmt::format("{:.1f} dB/Hz", *report.rin_oma_db_per_hz));
  if (options.noise_w > 0) add("added noise", fmt::format("{} rms", watts(options.noise_w)));
  if (report.nrz) {
    const EyeReport::Nrz& n = *report.nrz;
    add("eye mask",
        fmt::format("{}: hit ratio {}, limit {:g}, margin {:+.1f} %", n.mask_result.pass ? "met" : "not met",
                    ratio(n.mask_result.hit_ratio), n.mask.hit_ratio, 100 * n.mask_result.margin),
        !n.mask_result.pass);
    const auto penalty = [](bool closed, double db) {
      return closed ? std::string("closed eye") : fmt::format("{:.2f} dB", db);
    };
    add("VECP", penalty(n.vecp.closed, n.vecp.vecp_db), n.vecp.closed);
    add("TDEC", fmt::format("{}  (0.4 and 0.6 UI, BER 5e-5)", penalty(n.tdec.closed, n.tdec.penalty_db)),
        n.tdec.closed);
    add("TDP", fmt::format("{}  (model: noise loading, BER 1e-12)", penalty(n.tdp.closed, n.tdp.penalty_db)),
        n.tdp.closed);
  }
  return list;
}

}  // namespace

/// Long lists go on lines of their own behind the rest: `dump(2)` would spend a line on each number.
void print_eye_json(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
  const measure::EyeResult& eye = report.eye;
  std::string text = head_json(options, capture, report).dump(2);
  text.erase(text.size() - 2);  // "\n}"
  const auto append = [&](const char* key, const Json& value) {
    text += fmt::format(",\n  \"{}\": {}", key, value.dump());
  };
  Json contours = Json::array();
  for (const measure::EyeContour& contour : eye.contours) {
    Json openings = Json::array();
    for (const auto& o : contour.openings) openings.push_back({digits(o.phase_ui, 1e-6), o.low_w, o.high_w});
    contours.push_back({{"eye", name_of(static_cast<std::size_t>(contour.eye), eye.eyes.size())},
                        {"probability", contour.probability},
                        {"phase_ui_low_w_high_w", openings}});
  }
  append("contours", contours);
  const auto tubs = [&](const std::vector<measure::Bathtub>& list, const char* axis) {
    Json out = Json::array();
    for (const measure::Bathtub& tub : list) {
      out.push_back({{"eye", name_of(static_cast<std::size_t>(tub.eye), eye.eyes.size())},
                     {axis, tub.at},
                     {"error_ratio", tub.error_ratio}});
    }
    return out;
  };
  append("bathtub_horizontal", tubs(eye.horizontal, "phase_ui"));
  append("bathtub_vertical", tubs(eye.vertical, "threshold_w"));
  const measure::EyeDensity& d = eye.density;
  Json rows = Json::array();
  for (std::size_t r = 0; r < d.rows; ++r) {
    Json row = Json::array();
    for (std::size_t c = 0; c < d.columns; ++c)
      row.push_back(digits(static_cast<double>(d.share[r * d.columns + c]), 1e-9));
    rows.push_back(std::move(row));
  }
  append("density", {{"columns", d.columns},
                     {"rows", d.rows},
                     {"first_ui", d.first_ui},
                     {"step_ui", d.step_ui},
                     {"low_w", d.low_w},
                     {"high_w", d.high_w},
                     {"share", rows}});
  fmt::print("{}\n}}\n", text);
}

void print_eye_text(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
  const measure::EyeResult& eye = report.eye;
  const bool pam4 = report.modulation == Modulation::pam4;
  std::size_t open = 0;
  double height = 1e300, width = 1e300;
  for (const measure::SubEye& s : eye.eyes) {
    open += s.open;
    height = std::min(height, s.height_w);
    width = std::min(width, s.width_ui);
  }
  if (open == eye.eyes.size()) {
    fmt::print("{}\n", bold(fmt::format("{} eye open at {:g}: height {}, width {:.3f} UI{}",
                                        pam4 ? "PAM4" : "NRZ", options.probability, watts(height), width,
                                        pam4 ? " (smallest of three)" : "")));
  } else {
    fmt::print("{}\n", bold(pam4 ? fmt::format("PAM4 eye closed at {:g}: {} of 3 sub-eyes open",
                                               options.probability, open)
                                 : fmt::format("NRZ eye closed at {:g}", options.probability)));
  }
  fmt::print("{}\n\n", source_of(report));
  fmt::print("{}\n", eye_characters(eye, 64, pam4 ? 24 : 18, colour_terminal()));
  fmt::print("  {:<8} {:>12} {:>10} {:>12} {:>16} {:>12}\n", "eye", "height", "width", "threshold",
             "from .. to [UI]", "error ratio");
  for (std::size_t e = eye.eyes.size(); e-- > 0;) {
    const measure::SubEye& s = eye.eyes[e];
    fmt::print("  {:<8} {:>12} {:>10} {:>12} {:>16} {:>12}\n", name_of(e, eye.eyes.size()),
               s.open ? watts(s.height_w) : "closed", s.open ? fmt::format("{:.3f} UI", s.width_ui) : "-",
               watts(s.threshold_w), s.open ? fmt::format("{:+.3f} .. {:+.3f}", s.left_ui, s.right_ui) : "-",
               ratio(s.error_ratio));
  }
  fmt::print("\n");
  for (const html::Fact& fact : facts_of(options, report)) fmt::print("  {:<17} {}\n", fact.name, fact.value);
  fmt::print("  {:<17} {}: {}, {} samples per UI at {:g} GBd\n", "input", capture.place, capture.description,
             options.capture.samples_per_ui, options.capture.symbol_rate_gbd);
}

EyePicture eye_picture(const Capture& capture, const EyeReport& report) {
  EyePicture picture{
      report.eye, fmt::format("Eye diagram of {}", capture.place), true, true, {}, std::nullopt, 0, 0, 0};
  if (report.nrz) {
    picture.mask = report.nrz->mask;
    picture.mask_zero_w = report.nrz->mask_result.zero_w;
    picture.mask_one_w = report.nrz->mask_result.one_w;
    picture.mask_crossing_ui = report.nrz->mask_result.crossing_ui;
  }
  return picture;
}

std::string eye_page(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
  const measure::EyeResult& eye = report.eye;
  std::string body = html::heading(1, fmt::format("Eye diagram of {}", capture.place));
  body += html::paragraph(source_of(report), "soft");
  std::vector<html::Fact> tiles;
  for (std::size_t e = eye.eyes.size(); e-- > 0;) {
    const measure::SubEye& s = eye.eyes[e];
    tiles.push_back(
        {fmt::format("{}{} at {:g}{}", name_of(e, eye.eyes.size()), eye.eyes.size() == 3 ? " eye" : "",
                     options.probability, s.open ? fmt::format(", {:.3f} UI wide", s.width_ui) : ""),
         s.open ? watts(s.height_w) : "closed", !s.open});
  }
  if (report.oma) tiles.push_back({"OMAouter", dbm(report.oma->oma_w), false});
  if (eye.rlm_120d) tiles.push_back({"R_LM", fmt::format("{:.3f}", *eye.rlm_120d), false});
  if (report.nrz) {
    const measure::EyeMaskResult& mask = report.nrz->mask_result;
    tiles.push_back({"mask margin", fmt::format("{:+.1f} %", 100 * mask.margin), !mask.pass});
  }
  body += html::tiles(tiles);
  const auto figure = [](const std::string& svg, std::string_view caption) {
    return fmt::format("<figure>\n{}<figcaption>{}</figcaption></figure>\n", svg, caption);
  };
  html::Table openings("Openings", {{"eye", false}, {"height"}, {"width"}, {"threshold"}, {"error ratio"}});
  for (std::size_t e = eye.eyes.size(); e-- > 0;) {
    const measure::SubEye& s = eye.eyes[e];
    openings.row(
        {std::string(name_of(e, eye.eyes.size())), s.open ? watts(s.height_w) : "closed",
         s.open ? fmt::format("{:.3f} UI", s.width_ui) : "-", watts(s.threshold_w), ratio(s.error_ratio)},
        !s.open);
  }
  html::Table figures("Figures", {{"what", false}, {"value", false}});
  for (const html::Fact& fact : facts_of(options, report)) figures.row({fact.name, fact.value}, fact.alarm);
  body += html::side_by_side({figure(eye_svg(eye_picture(capture, report), false),
                                     "How often the traces pass, four decades from dark to light; dashed: "
                                     "thresholds; lines: contours of equal error ratio"),
                              openings.html() + figures.html()});
  body += html::heading(2, "Bathtubs");
  body += html::side_by_side(
      {figure(bathtub_svg(eye, false), "Error ratio of each sub-eye's slicer over time, at its threshold"),
       figure(bathtub_svg(eye, true), "The same over the threshold, at the eye's centre")});
  return html::page(fmt::format("Eye diagram of {}", capture.place), body);
}

}  // namespace lightlane::cli

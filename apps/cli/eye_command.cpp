#include "cli/eye_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/eye_picture.hpp"
#include "cli/html_page.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/measure/edge_jitter.hpp"
#include "lightlane/measure/eye.hpp"
#include "lightlane/measure/level_noise.hpp"
#include "lightlane/measure/nrz.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;
using signal::Modulation;

/// Everything that was measured; what could not be is absent.
struct EyeReport {
  Modulation modulation = Modulation::pam4;
  double filter_ghz = 0;  ///< 0: none
  std::optional<FoundPattern> pattern;
  measure::EyeResult eye;
  double pave_w = 0;
  std::optional<measure::OmaOuter> oma;
  std::optional<measure::EdgeJitter> jitter;
  std::optional<double> rin_oma_db_per_hz;
  struct Nrz {
    measure::EyeMask mask;
    measure::EyeMaskResult mask_result;
    measure::VecpResult vecp;
    measure::NoiseLoadingResult tdec, tdp;
  };
  std::optional<Nrz> nrz;
};

Modulation modulation_of(const EyeOptions& options) {
  if (options.modulation == "pam4") return Modulation::pam4;
  if (options.modulation == "nrz") return Modulation::nrz;
  throw ConfigError({"--modulation", fmt::format("is '{}'", options.modulation), "pam4, nrz", ""});
}

double filter_of(const EyeOptions& options, Modulation modulation) {
  if (options.filter == "none") return 0;
  const double rate = options.capture.symbol_rate_gbd, highest = 0.5 * rate * options.capture.samples_per_ui;
  if (options.filter == "reference") return (modulation == Modulation::pam4 ? 0.5 : 0.75) * rate;
  double ghz = 0;
  const char* end = options.filter.data() + options.filter.size();
  if (options.filter.starts_with("bt4:")) {
    const auto [stop, error] = std::from_chars(options.filter.data() + 4, end, ghz);
    if (error == std::errc() && stop == end && ghz > 0 && ghz <= highest) return ghz;
  }
  throw ConfigError({"--filter", fmt::format("is '{}'", options.filter),
                     fmt::format("none, reference, bt4:<GHz> (up to {:g}, half the sample rate)", highest),
                     ""});
}

void check(const EyeOptions& options, Modulation modulation) {
  const auto range = [](const char* key, double value, double low, double high, const char* allowed) {
    if (!(value >= low && value <= high)) throw ConfigError({key, fmt::format("is {}", value), allowed, ""});
  };
  range("--noise-w", options.noise_w, 0, 1e9, "0 W or more");
  range("--ui", options.ui, 1, 2, "1, 2");
  range("--columns", options.columns_per_ui, 4, 1024, "4 to 1024 in a UI");
  range("--rows", options.rows, 4, 4096, "4 to 4096");
  const auto probability = [](const char* key, double p) {
    if (!(p > 0 && p < 0.5)) throw ConfigError({key, fmt::format("is {}", p), "above 0, below 0.5", ""});
  };
  probability("--probability", options.probability);
  for (const double p : options.contours) probability("--contour", p);
  if (!options.mask.empty() && options.mask.size() != 6) {
    throw ConfigError(
        {"--mask", fmt::format("has {} numbers", options.mask.size()), "X1,X2,X3,Y1,Y2,Y3", ""});
  }
  if (!options.mask.empty() && modulation == Modulation::pam4)
    throw ConfigError({"--mask", "is given for PAM4", "--modulation nrz", ""});
  if (!(options.hit_ratio >= 0 && options.hit_ratio < 1))
    throw ConfigError({"--hit-ratio", fmt::format("is {}", options.hit_ratio), "0 to below 1", ""});
}

measure::EyeMask mask_of(const EyeOptions& options) {
  measure::EyeMask mask;
  if (options.mask.size() == 6)
    mask = {options.mask[0],
            options.mask[1],
            options.mask[2],
            options.mask[3],
            options.mask[4],
            options.mask[5],
            0};
  mask.hit_ratio = options.hit_ratio;
  return mask;
}

measure::EyeConfig config_of(const EyeOptions& options, Modulation modulation, bool cyclic) {
  measure::EyeConfig config;
  config.samples_per_ui = options.capture.samples_per_ui;
  config.modulation = modulation;
  config.cyclic = cyclic;
  config.noise_w = options.noise_w;
  config.probability = options.probability;
  config.contours = options.contours;
  config.columns_per_ui = options.columns_per_ui;
  config.rows = options.rows;
  config.ui = options.ui;
  return config;
}

/// What needs the pattern. A pattern without long runs has no OMAouter: that is left out.
void measure_with_pattern(const EyeOptions& options, const Capture& capture, EyeReport& report) {
  const auto& levels = report.pattern->levels;
  const int m = options.capture.samples_per_ui;
  const bool pam4 = report.modulation == Modulation::pam4;
  const measure::OuterRuns runs =
      pam4 ? measure::OuterRuns{}
           : measure::OuterRuns{.high_level = 1, .low_level = 0, .high_symbols = 5, .low_symbols = 5};
  try {
    report.oma = measure::measure_oma_outer(capture.power, levels, m, runs);
    report.jitter = measure::measure_edge_jitter(capture.power, levels, m);
  } catch (const InputError&) {
  }
  if (report.oma && report.pattern->periods > 1 && report.filter_ghz > 0) {
    const auto noise = measure::measure_level_noise(capture.power, levels, m);
    const double rin =
        measure::rin_oma_db_per_hz(noise, pam4 ? 3 : 1, report.oma->oma_w,
                                   math::bessel_thomson4_noise_bandwidth * report.filter_ghz * 1e9);
    if (std::isfinite(rin)) report.rin_oma_db_per_hz = rin;
  }
  if (pam4 || !report.oma || !report.jitter) return;
  EyeReport::Nrz nrz;
  nrz.mask = mask_of(options);
  nrz.mask_result = measure::measure_eye_mask(capture.power, levels, m, nrz.mask, options.noise_w);
  nrz.vecp = measure::measure_vecp(capture.power, levels, m, {.noise_w = options.noise_w});
  measure::NoiseLoadingConfig tdec = measure::tdec_config, tdp = measure::tdp_config;
  tdec.noise_w = tdp.noise_w = options.noise_w;
  nrz.tdec = measure::measure_noise_loading(capture.power, levels, m, tdec);
  nrz.tdp = measure::measure_noise_loading(capture.power, levels, m, tdp);
  report.nrz = nrz;
}

/// Without a pattern: levels as an open eye shows them, away from the ends, where the filter saw nothing.
measure::EyeResult measure_sliced(const EyeOptions& options, Modulation modulation, const Capture& capture,
                                  bool filtered) {
  constexpr std::size_t lead = 8;  // symbols
  const std::size_t m = static_cast<std::size_t>(options.capture.samples_per_ui),
                    cut = filtered ? lead * m : 0;
  if (capture.power.size() < 2 * cut + 16 * m) {
    throw InputError({capture.place, fmt::format("has {} samples", capture.power.size()),
                      fmt::format("{} or more: 32 symbols", 32 * m), ""});
  }
  const std::span<const float> middle = std::span(capture.power).subspan(cut, capture.power.size() - 2 * cut);
  const auto sliced = measure::slice_levels(middle, options.capture.samples_per_ui, modulation);
  if (!sliced) {
    throw InputError({capture.place, "has a closed eye, and no pattern was found in it",
                      "--pattern: a name, or a file of digits",
                      "check --samples-per-ui and --modulation; whole periods are needed to find a pattern"});
  }
  return measure::measure_eye(middle.subspan(sliced->shift_samples), sliced->levels,
                              config_of(options, modulation, false));
}

EyeReport measure_all(const EyeOptions& options, Capture& capture) {
  EyeReport report;
  report.modulation = modulation_of(options);
  report.filter_ghz = filter_of(options, report.modulation);
  if (options.capture.pattern != "none")
    report.pattern = find_pattern(options.capture, report.modulation, true, capture);
  if (report.filter_ghz > 0) {
    capture.power = measure::bessel_thomson_filtered(capture.power, options.capture.samples_per_ui,
                                                     options.capture.symbol_rate_gbd, report.filter_ghz);
  }
  double sum = 0;
  for (const float p : capture.power) sum += static_cast<double>(p);
  report.pave_w = sum / static_cast<double>(capture.power.size());
  if (report.pattern) {
    report.eye = measure::measure_eye(capture.power, report.pattern->levels,
                                      config_of(options, report.modulation, true));
    measure_with_pattern(options, capture, report);
  } else {
    report.eye = measure_sliced(options, report.modulation, capture, report.filter_ghz > 0);
  }
  return report;
}

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

/// Long lists go on lines of their own behind the rest: `dump(2)` would spend a line on each number.
void print_json(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
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
                                                             : "infinite: no light at level 0");
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

void print_text(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
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

EyePicture picture_of(const EyeReport& report, const Capture& capture) {
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

std::string page_of(const EyeOptions& options, const Capture& capture, const EyeReport& report) {
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
  body += html::side_by_side({figure(eye_svg(picture_of(report, capture), false),
                                     "How often the traces pass, four decades from dark to light; dashed: "
                                     "thresholds; lines: contours of equal error ratio"),
                              openings.html() + figures.html()});
  body += html::heading(2, "Bathtubs");
  body += html::side_by_side(
      {figure(bathtub_svg(eye, false), "Error ratio of each sub-eye's slicer over time, at its threshold"),
       figure(bathtub_svg(eye, true), "The same over the threshold, at the eye's centre")});
  return html::page(fmt::format("Eye diagram of {}", capture.place), body);
}

}  // namespace

int run_eye(const EyeOptions& options) {
  const Modulation modulation = modulation_of(options);
  check(options, modulation);
  Capture capture = read_capture(options.capture);
  const EyeReport report = measure_all(options, capture);
  if (!options.svg.empty()) io::write_file(options.svg, eye_svg(picture_of(report, capture), true));
  if (!options.html.empty()) io::write_file(options.html, page_of(options, capture, report));
  if (options.format == "json") {
    print_json(options, capture, report);
  } else {
    print_text(options, capture, report);
  }
  const bool mask_missed = !options.mask.empty() && !(report.nrz && report.nrz->mask_result.pass);
  return mask_missed ? limit_not_met : ok;
}

}  // namespace lightlane::cli

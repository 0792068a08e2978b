#include "cli/tdecq_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/edition.hpp"
#include "lightlane/measure/tdecq.hpp"

namespace lightlane::cli {
namespace {

using Json = nlohmann::ordered_json;

measure::TdecqConfig config_of(const TdecqOptions& options, const FoundPattern& pattern) {
  measure::TdecqConfig config = measure::edition_config(options.edition, options.capture.samples_per_ui,
                                                        options.capture.symbol_rate_gbd);
  if (!options.thresholds.empty()) {
    if (options.thresholds != "nominal" && options.thresholds != "adjusted") {
      throw ConfigError(
          {"--thresholds", fmt::format("is '{}'", options.thresholds), "nominal, adjusted", ""});
    }
    config.thresholds =
        options.thresholds == "nominal" ? measure::ThresholdMode::nominal : measure::ThresholdMode::adjusted;
  }
  if (options.ffe_taps) config.taps = *options.ffe_taps;
  if (options.main_positions) config.main_positions = *options.main_positions;
  config.reference_bandwidth_ghz = options.reference_bandwidth_ghz;
  config.filter = !options.no_filter;
  config.scope_noise_w = options.scope_noise_w;
  config.overlay_periods = static_cast<int>(pattern.periods);
  if (!options.taps.empty()) config.fixed_taps = options.taps;
  if (options.phase_ui)
    config.fixed_phase_ui = turned_phase(*options.phase_ui, pattern, options.capture.samples_per_ui);
  return config;
}

/// What the library would name by its own keys, by ours, and before the file is read.
void check(const TdecqOptions& options) {
  measure::edition_config(options.edition, 16, 53.125);
  const auto range = [](const char* key, double value, double low, double high, const char* allowed) {
    if (!(value >= low && value <= high)) throw ConfigError({key, fmt::format("is {}", value), allowed, ""});
  };
  if (options.phase_ui) range("--phase", *options.phase_ui, -0.5, 0.5, "-0.5 to 0.5 UI");
  range("--scope-noise-w", options.scope_noise_w, 0, 1e9, "0 W or more");
  if (options.ffe_taps) range("--ffe-taps", *options.ffe_taps, 1, 31, "1 to 31 (802.3: 5, 9 or 15)");
  if (options.main_positions) range("--main-positions", *options.main_positions, 1, 31, "1 to 31");
  if (options.limit_db) range("--limit-db", *options.limit_db, -100, 100, "-100 to 100 dB");
  if (options.reference_bandwidth_ghz != 0) {
    range("--reference-bandwidth-ghz", options.reference_bandwidth_ghz / options.capture.symbol_rate_gbd, 0.1,
          2, "0.1 to 2 of the symbol rate");
  }
  if (options.taps.empty()) return;
  if (options.ffe_taps) throw ConfigError({"--ffe-taps", "is given beside --taps", "one of the two", ""});
  double sum = 0;
  for (const double tap : options.taps) sum += tap;
  if (options.taps.size() > 31 || !(std::abs(sum - 1) <= 0.01)) {
    throw ConfigError({"--taps", fmt::format("has {} taps of sum {}", options.taps.size(), sum),
                       "1 to 31 taps of sum 1", ""});
  }
}

struct Measured {
  const TdecqOptions& options;
  const Capture& capture;
  const FoundPattern& pattern;
  const measure::TdecqConfig& config;
  const measure::TdecqResult& result;
  bool within_limit = true;

  double phase_ui() const { return file_phase(result.phase_ui, pattern, options.capture.samples_per_ui); }
  double ceq_db() const { return math::to_db(result.ceq); }
};

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const Measured& m) {
  const measure::TdecqResult& r = m.result;
  const bool open = !r.closed;
  Json json = {
      {"closed", r.closed},
      {"tdecq_db", open ? Json(r.tdecq_db) : Json(nullptr)},
      {"limit_db", m.options.limit_db ? Json(*m.options.limit_db) : Json(nullptr)},
      {"verdict", !m.options.limit_db && open ? Json(nullptr) : Json(m.within_limit ? "pass" : "fail")},
      {"ceq", number(r.ceq)},
      {"oma_outer_w", r.oma_outer_w},
      {"pave_w", r.pave_w},
      {"er_db", number(r.er_db)},
      {"taps", r.taps},
      {"main_tap", r.main_tap},
      {"phase_ui", m.phase_ui()},
      {"thresholds_w", r.thresholds_w},
      {"levels_w", r.level_w},
      {"noise_w", open ? Json(r.noise_w) : Json(nullptr)},
      {"ser_left", open ? Json(r.ser_left) : Json(nullptr)},
      {"ser_right", open ? Json(r.ser_right) : Json(nullptr)},
      {"overshoot_pct", r.overshoot_pct},
      {"undershoot_pct", r.undershoot_pct},
      {"tpe", r.transmitter_power_excursion_w},
      {"causes", nullptr}};
  if (open) {
    json["causes"] = {{"isi_db", r.causes.isi_db},
                      {"noise_enhancement_db", r.causes.noise_enhancement_db},
                      {"nonlinearity_db", r.causes.nonlinearity_db},
                      {"noise_db", r.causes.noise_db},
                      {"interaction_db", r.causes.interaction_db}};
  }
  json["pattern"] = {{"name", m.pattern.name},
                     {"symbols", m.pattern.levels.size()},
                     {"periods", m.pattern.periods},
                     {"shift_samples", m.pattern.alignment.shift_samples},
                     {"inverted", m.pattern.alignment.inverted},
                     {"correlation", m.pattern.alignment.correlation}};
  json["measurement"] = {
      {"edition", m.options.edition},
      {"thresholds", m.config.thresholds == measure::ThresholdMode::nominal ? "nominal" : "adjusted"},
      {"ffe_taps", r.taps.size()},
      {"main_positions", m.config.main_positions},
      {"samples_per_ui", m.config.samples_per_ui},
      {"symbol_rate_gbd", m.config.symbol_rate_gbd},
      {"filter", m.config.filter},
      {"reference_bandwidth_ghz", m.config.reference_bandwidth_ghz > 0 ? m.config.reference_bandwidth_ghz
                                                                       : 0.5 * m.config.symbol_rate_gbd},
      {"scope_noise_w", m.config.scope_noise_w},
      {"target_ser", m.config.target_ser}};
  json["input"] = {
      {"file", m.capture.place}, {"content", m.capture.description}, {"unit", m.options.capture.unit}};
  return json;
}

/// Two digits, without a negative zero.
std::string decibels(double value, bool sign = false) {
  const double shown = std::round(value * 100) / 100 + 0.0;
  return sign ? fmt::format("{:+.2f} dB", shown) : fmt::format("{:.2f} dB", shown);
}

void row(const char* name, const std::string& value) { fmt::print("  {:<22} {}\n", name, value); }

void print_verdict(const Measured& m) {
  const measure::TdecqResult& r = m.result;
  const std::string limit = m.options.limit_db ? fmt::format(", limit {:.2f} dB", *m.options.limit_db) : "";
  if (r.closed) {
    fmt::print("{}  the eye is closed{}: no noise is small enough for a symbol error ratio of {:g}\n\n",
               verdict(false), limit, m.config.target_ser);
  } else if (m.options.limit_db) {
    fmt::print("{}  {}{}, margin {:+.2f} dB\n\n", verdict(m.within_limit),
               bold(fmt::format("TDECQ {:.2f} dB", r.tdecq_db)), limit, *m.options.limit_db - r.tdecq_db);
  } else {
    fmt::print("{}\n\n", bold(fmt::format("TDECQ {:.2f} dB", r.tdecq_db)));
  }
}

void print_text(const Measured& m) {
  const measure::TdecqResult& r = m.result;
  print_verdict(m);
  row("OMAouter", fmt::format("{}  ({})", dbm(r.oma_outer_w), watts(r.oma_outer_w)));
  row("average power", fmt::format("{}  ({})", dbm(r.pave_w), watts(r.pave_w)));
  row("extinction ratio",
      std::isfinite(r.er_db) ? fmt::format("{:.2f} dB", r.er_db) : "none: level 0 is not above 0");
  row("Ceq",
      fmt::format("{:.4f}  (10 log10 Ceq = {:.2f} dB{})", r.ceq, m.ceq_db(),
                  r.closed ? "" : fmt::format(", TDECQ less that {:.2f} dB", r.tdecq_db - m.ceq_db())));
  row("overshoot", fmt::format("{:.1f} %, undershoot {:.1f} %", r.overshoot_pct, r.undershoot_pct));
  row("power excursion",
      fmt::format("{}  ({})", dbm(r.transmitter_power_excursion_w), watts(r.transmitter_power_excursion_w)));
  if (!r.closed)
    row("noise it bears",
        fmt::format("{} rms, {:.2f} % of OMAouter", watts(r.noise_w), 100 * r.noise_w / r.oma_outer_w));
  fmt::print("\n");
  std::string taps;
  for (std::size_t i = 0; i < r.taps.size(); ++i) {
    taps += static_cast<int>(i) == r.main_tap ? fmt::format(" [{:.4f}]", r.taps[i])
                                              : fmt::format(" {:.4f}", r.taps[i]);
  }
  row("taps", fmt::format("{}  ({})", taps.substr(1),
                          m.config.fixed_taps ? "as given" : "optimum, main tap in brackets"));
  row("phase", fmt::format("{:+.4f} UI from the middle of the symbol{}", m.phase_ui(),
                           m.config.fixed_phase_ui ? " (as given)" : ""));
  row("thresholds",
      fmt::format("{}, {}, {}  ({})", watts(r.thresholds_w[0]), watts(r.thresholds_w[1]),
                  watts(r.thresholds_w[2]),
                  m.config.thresholds == measure::ThresholdMode::nominal
                      ? "nominal"
                      : fmt::format("within {:g} % of OMAouter of nominal", 100 * m.config.threshold_range)));
  if (!r.closed) {
    row("why", fmt::format("intersymbol interference {}, noise enhancement {},", decibels(r.causes.isi_db),
                           decibels(r.causes.noise_enhancement_db)));
    row("", fmt::format("unequal levels {}, noise {}, acting together {}", decibels(r.causes.nonlinearity_db),
                        decibels(r.causes.noise_db), decibels(r.causes.interaction_db, true)));
  }
  fmt::print("\n");
  const std::size_t periods = m.pattern.periods;
  row("pattern",
      fmt::format("{}{}, {} period{}, first symbol at sample {}, correlation {:.3f}", m.pattern.name,
                  m.pattern.alignment.inverted ? " inverted" : "", periods, periods > 1 ? "s" : "",
                  m.pattern.alignment.shift_samples, m.pattern.alignment.correlation));
  row("rules", fmt::format("802.3{}, {} taps, {}", m.options.edition, r.taps.size(),
                           m.config.filter
                               ? fmt::format("Bessel-Thomson {:g} GHz", m.config.reference_bandwidth_ghz > 0
                                                                            ? m.config.reference_bandwidth_ghz
                                                                            : 0.5 * m.config.symbol_rate_gbd)
                               : std::string("captured behind the reference filter")));
  row("input", fmt::format("{}: {}, {} samples per UI at {:g} GBd", m.capture.place, m.capture.description,
                           m.config.samples_per_ui, m.config.symbol_rate_gbd));
}

/// In the opposite polarity a pattern lacks the runs that OMAouter is measured on (PRBS13Q has six threes and
/// seven zeros then). Measured in a mirror, results turned back: TDECQ does not know the difference.
measure::TdecqResult measure_mirrored(const Capture& capture, const FoundPattern& pattern,
                                      const measure::TdecqConfig& config) {
  double mean = 0;
  for (const float p : capture.power) mean += static_cast<double>(p);
  const double twice = 2 * mean / static_cast<double>(capture.power.size());
  std::vector<float> power = capture.power;
  for (float& p : power) p = static_cast<float>(twice - static_cast<double>(p));
  std::vector<std::uint8_t> levels = pattern.levels;
  for (std::uint8_t& level : levels) level = static_cast<std::uint8_t>(3 - level);
  measure::TdecqResult result = measure::tdecq(power, levels, config);
  for (auto& level : result.level_w) level = twice - level;
  for (auto& threshold : result.thresholds_w) threshold = twice - threshold;
  std::reverse(result.level_w.begin(), result.level_w.end());
  std::reverse(result.thresholds_w.begin(), result.thresholds_w.end());
  std::swap(result.overshoot_pct, result.undershoot_pct);
  result.er_db = result.level_w[0] > 0 ? math::to_db(result.level_w[3] / result.level_w[0])
                                       : std::numeric_limits<double>::infinity();
  return result;
}

}  // namespace

int run_tdecq(const TdecqOptions& options) {
  check(options);
  if (options.capture.pattern == "none") {
    throw ConfigError({"--pattern", "is none", "a pattern: TDECQ is measured on one", ""});
  }
  Capture capture = read_capture(options.capture);
  const FoundPattern pattern = *find_pattern(options.capture, signal::Modulation::pam4, false, capture);
  const measure::TdecqConfig config = config_of(options, pattern);
  const measure::TdecqResult result = naming(capture.place, [&] {
    return pattern.alignment.inverted ? measure_mirrored(capture, pattern, config)
                                      : measure::tdecq(capture.power, pattern.levels, config);
  });
  const bool within = !result.closed && (!options.limit_db || result.tdecq_db <= *options.limit_db);
  const Measured measured{options, capture, pattern, config, result, within};
  if (options.format == "json") {
    fmt::print("{}\n", to_json(measured).dump(2));
  } else {
    print_text(measured);
  }
  return within ? ok : limit_not_met;
}

}  // namespace lightlane::cli

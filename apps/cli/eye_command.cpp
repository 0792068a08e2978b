#include "cli/eye_command.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <utility>

#include "cli/exit_code.hpp"
#include "cli/eye_picture.hpp"
#include "cli/eye_report.hpp"
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

using signal::Modulation;

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

/// What needs the pattern. A pattern without long runs has no OMAouter, a closed eye perhaps no edge: left
/// out then.
void measure_with_pattern(const EyeOptions& options, const Capture& capture, EyeReport& report) {
  const auto& levels = report.pattern->levels;
  const int m = options.capture.samples_per_ui;
  const bool pam4 = report.modulation == Modulation::pam4;
  measure::OuterRuns runs;
  if (!pam4) runs = {.high_level = 1, .low_level = 0, .high_symbols = 5, .low_symbols = 5};
  if (report.pattern->alignment.inverted) std::swap(runs.high_symbols, runs.low_symbols);
  try {
    report.oma = measure::measure_oma_outer(capture.power, levels, m, runs);
  } catch (const InputError&) {
  }
  try {
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

}  // namespace

int run_eye(const EyeOptions& options) {
  const Modulation modulation = modulation_of(options);
  check(options, modulation);
  Capture capture = read_capture(options.capture);
  const EyeReport report = measure_all(options, capture);
  if (!options.svg.empty()) io::write_file(options.svg, eye_svg(eye_picture(capture, report), true));
  if (!options.html.empty()) io::write_file(options.html, eye_page(options, capture, report));
  if (options.format == "json") {
    print_eye_json(options, capture, report);
  } else {
    print_eye_text(options, capture, report);
  }
  const bool mask_missed = !options.mask.empty() && !(report.nrz && report.nrz->mask_result.pass);
  return mask_missed ? limit_not_met : ok;
}

}  // namespace lightlane::cli

#include "lightlane/measure/tdecq.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/tdecq_causes.hpp"
#include "lightlane/measure/tdecq_search.hpp"

namespace lightlane::measure {
namespace {

constexpr double clause_ser = 4.8e-4, clause_q = 3.414;  // 802.3 121.8.5.3
constexpr int final_nodes = 5;                           ///< phases in each histogram of the result
constexpr double most_swing = 100;                       ///< of a sample from the mean, over OMAouter
constexpr double least_correlation = 0.3;                ///< of a waveform with its pattern

[[noreturn]] void refuse(const char* key, const std::string& value, const char* allowed,
                         const char* hint = "") {
  throw ConfigError({key, "is " + value, allowed, hint});
}
void require_range(const char* key, double value, double low, double high, const char* allowed) {
  if (!(value >= low && value <= high)) refuse(key, fmt::format("{}", value), allowed);
}

void validate(const TdecqConfig& config) {
  if (config.samples_per_ui < 4)
    refuse("samples_per_ui", fmt::format("{}", config.samples_per_ui), "4 or more");
  require_range("symbol_rate_gbd", config.symbol_rate_gbd, 0.1, 1000, "0.1 to 1000 GBd");
  if (config.reference_bandwidth_ghz != 0) {
    require_range("reference_bandwidth_ghz", config.reference_bandwidth_ghz / config.symbol_rate_gbd, 0.1, 2,
                  "0 (half the symbol rate), or 0.1 to 2 of the symbol rate");
  }
  require_range("taps", config.taps, 1, most_taps, "1 to 31");
  require_range("main_positions", config.main_positions, 1, most_taps, "1 to 31");
  require_range("threshold_range", config.threshold_range, 0, 0.1, "0 to 0.1 of OMAouter");
  require_range("histogram_spacing_ui", config.histogram_spacing_ui, 0, 0.5, "0 to 0.5 UI");
  require_range("histogram_width_ui", config.histogram_width_ui, 0, 0.25, "0 to 0.25 UI");
  require_range("target_ser", config.target_ser, 1e-9, 0.2, "1e-9 to 0.2");
  require_range("scope_noise_w", config.scope_noise_w, 0, 1e9, "0 W or more");
  require_range("limits.main_min", config.limits.main_min, -1e9, 1e9, "a number");
  if (!(config.limits.main_max >= config.limits.main_min)) {
    refuse("limits.main_max", fmt::format("{}", config.limits.main_max), "main_min or more");
  }
  if (!(config.limits.asymmetry_max >= 0)) {
    refuse("limits.asymmetry_max", fmt::format("{}", config.limits.asymmetry_max), "0 or more");
  }
  for (const auto* side : {&config.limits.before, &config.limits.after}) {
    for (const auto& [low, high] : *side) {
      if (!(low <= high))
        refuse("limits.before/after", fmt::format("{} to {}", low, high), "a low and a high end");
    }
  }
  if (config.overlay_periods < 1)
    refuse("overlay_periods", fmt::format("{}", config.overlay_periods), "1 or more");
  if (config.fixed_phase_ui)
    require_range("fixed_phase_ui", *config.fixed_phase_ui, -0.5, 0.5, "-0.5 to 0.5 UI");
  if (!config.fixed_taps) return;
  const auto& taps = *config.fixed_taps;
  if (taps.empty() || taps.size() > static_cast<std::size_t>(most_taps)) {
    refuse("fixed_taps", fmt::format("{} taps", taps.size()), "1 to 31 taps");
  }
  double sum = 0;
  for (const double tap : taps) sum += tap;
  if (!(std::fabs(sum - 1.0) <= 0.01)) {
    refuse("fixed_taps", fmt::format("of sum {}", sum), "a sum of 1 (within 0.01)", "802.3 121.8.5.4");
  }
}

math::SquareMatrix noise_matrix(std::size_t taps, double symbol_rate_hz, double bandwidth_hz) {
  const auto rho =
      math::noise_autocorrelation([&](double f) { return math::bessel_thomson4(f, bandwidth_hz); },
                                  symbol_rate_hz, taps, 16.0 * bandwidth_hz);
  math::SquareMatrix out(taps);
  for (std::size_t i = 0; i < taps; ++i) {
    for (std::size_t j = 0; j < taps; ++j) out(i, j) = rho[i > j ? i - j : j - i];
  }
  return out;
}

/// Refuses what cannot be light with this modulation: values that would drown all others.
void require_swing(const FilteredWaveform& filtered, const OmaOuter& oma) {
  for (std::size_t i = 0; i < filtered.power_w.size(); ++i) {
    const double away = std::fabs(filtered.power_w[i] - oma.pave_w);
    if (away <= most_swing * oma.oma_w) continue;
    throw InputError({"waveform",
                      fmt::format("is {:.4g} W near {:.6g} UI: its mean is {:.4g} W, its OMAouter {:.4g} W",
                                  filtered.power_w[i], static_cast<double>(i) / filtered.samples_per_ui,
                                  oma.pave_w, oma.oma_w),
                      fmt::format("within {:g} OMAouter of the mean", most_swing),
                      "not a PAM4 waveform, or not aligned"});
  }
}

/// What measurements of one waveform share: its samples behind the filter, and the rules for its equaliser.
struct Bench {
  Bench(std::span<const float> power, std::span<const std::uint8_t> levels, const TdecqConfig& config,
        int taps)
      : kernels(*select(tdecq_kernels()).function),
        filtered(filter_waveform(power, config.samples_per_ui, config.symbol_rate_gbd * 1e9,
                                 bandwidth_hz(config), config.filter)),
        oma(checked_oma(filtered, levels)),
        grid(filtered, oma.pave_w, oma.oma_w, kernels),
        row(levels, static_cast<std::size_t>(config.overlay_periods)) {
    rules.taps = taps;
    rules.limits = config.limits;
    rules.threshold_range = config.thresholds == ThresholdMode::adjusted ? config.threshold_range : 0.0;
    rules.fixed_taps = config.fixed_taps.has_value();
    rules.target_ser = config.target_ser;
    rules.noise =
        noise_matrix(static_cast<std::size_t>(taps), config.symbol_rate_gbd * 1e9, bandwidth_hz(config));
  }
  static OmaOuter checked_oma(const FilteredWaveform& filtered, std::span<const std::uint8_t> levels) {
    const OmaOuter oma = measure_oma_outer(filtered.power_w, levels, filtered.samples_per_ui);
    require_swing(filtered, oma);
    return oma;
  }
  static double bandwidth_hz(const TdecqConfig& config) {
    return 1e9 * (config.reference_bandwidth_ghz > 0 ? config.reference_bandwidth_ghz
                                                     : 0.5 * config.symbol_rate_gbd);
  }

  const TdecqKernels& kernels;
  FilteredWaveform filtered;
  OmaOuter oma;
  TdecqGrid grid;
  LevelRow row;
  EqualizerRules rules;
};

void require_input(std::span<const float> power, std::span<const std::uint8_t> levels,
                   const TdecqConfig& config) {
  require_waveform(power, levels, config.samples_per_ui);
  const std::size_t period = levels.size() * static_cast<std::size_t>(config.samples_per_ui);
  const auto periods = static_cast<std::size_t>(config.overlay_periods);
  if (power.size() != period * periods) {
    throw InputError(
        {"waveform", fmt::format("has {} samples", power.size()),
         fmt::format("{} periods of {} symbols: {} samples", periods, levels.size(), period * periods), ""});
  }
}

void describe_waveform(const Bench& bench, TdecqResult& out) {
  const PowerExcursion excursion = measure_power_excursion(bench.filtered.power_w, bench.oma);
  out.oma_outer_w = bench.oma.oma_w;
  out.pave_w = bench.oma.pave_w;
  out.er_db = bench.oma.er_db;
  out.overshoot_pct = excursion.overshoot_pct;
  out.undershoot_pct = excursion.undershoot_pct;
  out.transmitter_power_excursion_w = excursion.excursion_w;
}

double penalty_db(const TdecqConfig& config, double noise_over_oma) {
  const double q =
      config.target_ser == clause_ser ? clause_q : math::normal_tail_inverse(config.target_ser / 1.5);
  return -math::to_db(6.0 * q * noise_over_oma);
}

}  // namespace

TdecqResult tdecq(std::span<const float> power, std::span<const std::uint8_t> levels,
                  const TdecqConfig& config) {
  validate(config);
  require_input(power, levels, config);
  const int taps = config.fixed_taps ? static_cast<int>(config.fixed_taps->size()) : config.taps;
  const Bench bench(power, levels, config, taps);
  TdecqResult out;
  describe_waveform(bench, out);

  TdecqSearch task{bench.grid,
                   bench.row,
                   bench.kernels,
                   config.histogram_spacing_ui,
                   config.histogram_width_ui,
                   config.main_positions,
                   bench.rules,
                   config.fixed_taps,
                   config.fixed_phase_ui};
  const TdecqFound found = search(task);
  if (found.correlation < least_correlation) {
    throw InputError({"waveform",
                      fmt::format("does not follow the pattern: correlation {:.2f}", found.correlation), "",
                      "pattern not aligned with the waveform, or another one"});
  }
  std::vector<float> storage;
  const TdecqHistogram histogram(
      bench.grid, bench.row, found.phase_ui,
      even_nodes(config.histogram_spacing_ui, config.histogram_width_ui, final_nodes), found.lag, 1,
      bench.kernels, storage);
  const EqualizerOptimum final = largest_noise(histogram, found.rules, found.optimum.point, true, 1e-6);
  const auto watts = [&](double scaled) { return bench.oma.pave_w + scaled * bench.oma.oma_w; };
  out.closed = !final.open;
  out.taps = unit_taps(final.point);
  out.main_tap = found.rules.main;
  out.phase_ui = found.phase_ui - std::floor(found.phase_ui + 0.5);
  out.ceq = noise_gain(out.taps, bench.rules.noise);
  const auto thresholds = unit_thresholds(final.point);
  for (std::size_t k = 0; k < 3; ++k) out.thresholds_w[k] = watts(thresholds[k]);
  const double scope = config.scope_noise_w / bench.oma.oma_w;
  const double noise = std::sqrt(final.noise * final.noise + scope * scope);
  out.tdecq_db = out.closed ? std::numeric_limits<double>::infinity() : penalty_db(config, noise);
  const TdecqParts parts =
      find_causes(task, found, static_cast<std::size_t>(config.overlay_periods), out.tdecq_db, scope);
  out.level_w = {bench.oma.p0_w, watts(parts.level[1]), watts(parts.level[2]), bench.oma.p3_w};
  if (out.closed) return out;
  out.causes = parts.causes;
  out.noise_w = noise * bench.oma.oma_w;
  const auto ser = histogram.clause_ser(final.point, found.rules.main);
  out.ser_left = ser[0];
  out.ser_right = ser[1];
  return out;
}

double reference_receiver_ser(std::span<const float> power, std::span<const std::uint8_t> levels,
                              const TdecqConfig& config, const TdecqResult& receiver, double noise_w) {
  validate(config);
  require_input(power, levels, config);
  if (receiver.taps.empty() || receiver.taps.size() > static_cast<std::size_t>(most_taps)) {
    refuse("receiver.taps", fmt::format("{} taps", receiver.taps.size()), "1 to 31 taps");
  }
  if (!(noise_w > 0)) refuse("noise_w", fmt::format("{}", noise_w), "above 0 W");
  const Bench bench(power, levels, config, static_cast<int>(receiver.taps.size()));
  std::vector<float> storage;
  TdecqHistogram histogram(bench.grid, bench.row, receiver.phase_ui,
                           even_nodes(config.histogram_spacing_ui, config.histogram_width_ui, final_nodes), 0,
                           1, bench.kernels, storage);
  int lag = 0;  // the symbol that is decided: the one that the equalised samples follow
  double most = -1e300;
  for (int trial = -2; trial <= 2; ++trial) {
    double c = 0;
    for (std::size_t j = 0; j < receiver.taps.size(); ++j) {
      c += receiver.taps[j] * histogram.correlation(receiver.main_tap - static_cast<int>(j) + trial);
    }
    if (c > most) {
      most = c;
      lag = trial;
    }
  }
  histogram.set_lag(lag);
  ScaledPoint point = start_of(receiver.taps, bench.rules);
  for (std::size_t k = 0; k < 3; ++k) {
    point[receiver.taps.size() + k] = (receiver.thresholds_w[k] - bench.oma.pave_w) / bench.oma.oma_w;
  }
  const double gain = noise_gain(unit_taps(point), bench.rules.noise) * noise_w / bench.oma.oma_w;
  for (double& value : point) value /= gain;
  const auto ser = histogram.errors(point, receiver.main_tap).ser;
  return std::max(ser[0], ser[1]);
}

}  // namespace lightlane::measure

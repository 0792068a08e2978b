#include "lightlane/measure/stressed_receiver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/measure/level_noise.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

constexpr double tolerance_db = 0.005;
constexpr double narrowest = 0.08, widest = 3;  // filter over symbol rate
constexpr int most_steps = 40;

void check(const StressConfig& config) {
  const auto refuse = [](const char* key, double value, const char* allowed) {
    throw ConfigError({fmt::format("stress.{}", key), fmt::format("is {}", value), allowed, ""});
  };
  if (!(config.secq_db > 0 && config.secq_db < 20)) refuse("secq_db", config.secq_db, "above 0, below 20 dB");
  if (!(config.filter_share >= 0 && config.filter_share <= 1))
    refuse("filter_share", config.filter_share, "0 to 1");
  if (!(config.jitter_ui >= 0 && config.jitter_ui < 1))
    refuse("jitter_ui", config.jitter_ui, "0 to below 1 UI");
  if (!(config.interferer_share >= 0 && config.interferer_share < 1))
    refuse("interferer_share", config.interferer_share, "0 to below 1");
  if (!(config.jitter_hz > 0)) refuse("jitter_hz", config.jitter_hz, "above 0");
  if (!(config.interferer_hz > 0)) refuse("interferer_hz", config.interferer_hz, "above 0");
}

/// The frequency next to `wanted` of which the waveform holds whole cycles, one at least.
double whole_cycles(double wanted_hz, double duration_s) {
  return std::max(1.0, std::floor(wanted_hz * duration_s + 0.5)) / duration_s;
}

/// w(t + peak sin(2 pi f t)), cubic between samples.
std::vector<float> jittered(const std::vector<float>& in, double peak_samples, double cycles_per_sample) {
  std::vector<float> out(in.size());
  const std::int64_t n = static_cast<std::int64_t>(in.size());
  const auto sample = [&](std::int64_t i) {
    return static_cast<double>(in[static_cast<std::size_t>(((i % n) + n) % n)]);
  };
  for (std::int64_t i = 0; i < n; ++i) {
    const double turns = cycles_per_sample * static_cast<double>(i);
    const double at =
        static_cast<double>(i) + peak_samples * math::sin(2 * std::numbers::pi * (turns - std::floor(turns)));
    const std::int64_t whole = static_cast<std::int64_t>(std::floor(at));
    const double f = at - static_cast<double>(whole);
    out[static_cast<std::size_t>(i)] = static_cast<float>(
        -f * (f - 1) * (f - 2) / 6 * sample(whole - 1) + (f + 1) * (f - 1) * (f - 2) / 2 * sample(whole) -
        (f + 1) * f * (f - 2) / 2 * sample(whole + 1) + (f + 1) * f * (f - 1) / 6 * sample(whole + 2));
  }
  return out;
}

class Stress {
 public:
  Stress(std::span<const float> power, std::span<const std::uint8_t> levels, const StressConfig& config)
      : power_(power), levels_(levels), config_(config), rate_gbd_(config.tdecq.symbol_rate_gbd) {}

  StressRecipe run() {
    if (!choose_filter()) return recipe_;
    const double duration =
        static_cast<double>(power_.size()) / (config_.tdecq.samples_per_ui * rate_gbd_ * 1e9);
    recipe_.jitter_ui = config_.jitter_ui;
    recipe_.jitter_hz = config_.jitter_ui > 0 ? whole_cycles(config_.jitter_hz, duration) : 0;
    recipe_.interferer_w = config_.interferer_share * recipe_.clean.oma_outer_w;
    recipe_.interferer_hz = config_.interferer_share > 0 ? whole_cycles(config_.interferer_hz, duration) : 0;
    if (recipe_.jitter_ui > 0 || recipe_.interferer_w > 0) {
      recipe_.clean = measure(apply_stress(recipe_, power_, config_.tdecq.samples_per_ui, rate_gbd_));
      if (recipe_.clean.closed || recipe_.clean.tdecq_db > config_.secq_db + tolerance_db) {
        return fail("filter, jitter and interferer together are more than the SECQ that is wanted",
                    recipe_.clean);
      }
    }
    add_noise();
    return recipe_;
  }

 private:
  TdecqResult measure(std::span<const float> power) const { return tdecq(power, levels_, config_.tdecq); }
  TdecqResult measure_filtered(double ghz) const {
    return measure(bessel_thomson_filtered(power_, config_.tdecq.samples_per_ui, rate_gbd_, ghz));
  }

  StressRecipe fail(std::string why, const TdecqResult& result) {
    recipe_.why_not = std::move(why);
    recipe_.secq_db = result.closed ? std::numeric_limits<double>::infinity() : result.tdecq_db;
    recipe_.ceq = result.ceq;
    return recipe_;
  }

  /// The widest filter that makes its share; none where the waveform does so itself.
  bool choose_filter() {
    const double goal = config_.filter_share * config_.secq_db;
    recipe_.clean = measure(power_);
    if (recipe_.clean.closed || recipe_.clean.tdecq_db > config_.secq_db + tolerance_db) {
      fail("the waveform alone has more than the SECQ that is wanted", recipe_.clean);
      return false;
    }
    if (recipe_.clean.tdecq_db < goal) {
      double low = math::log(narrowest * rate_gbd_),
             high = math::log(std::min(widest, 0.5 * config_.tdecq.samples_per_ui) * rate_gbd_);
      TdecqResult best;
      best.closed = true;
      double chosen = 0;
      for (int step = 0; step < most_steps; ++step) {
        const double ghz = math::exp(0.5 * (low + high));
        const TdecqResult result = measure_filtered(ghz);
        const bool enough = result.closed || result.tdecq_db >= goal;
        (enough ? low : high) = math::log(ghz);
        if (!enough) continue;
        best = result;
        chosen = ghz;
        if (!best.closed && best.tdecq_db <= goal + tolerance_db) break;
      }
      if (best.closed || best.tdecq_db > config_.secq_db + tolerance_db) {
        fail("no filter makes its share without closing the eye", best);
        return false;
      }
      recipe_.clean = best;
      recipe_.filter_ghz = chosen;
    }
    recipe_.filter_secq_db = recipe_.clean.tdecq_db;
    return true;
  }

  /// R is the noise that the reference receiver could add; what the source adds, it can not: R'^2 = R^2 -
  /// noise^2, at the same taps, for noise that is white ahead of the reference filter.
  void add_noise() {
    const TdecqResult& clean = recipe_.clean;
    const double excess_db = config_.secq_db - clean.tdecq_db;
    const double share = excess_db > 0 ? 1 - math::from_db(-2 * excess_db) : 0;
    recipe_.noise_w = clean.noise_w * std::sqrt(share);
    const double bandwidth_ghz =
        config_.tdecq.reference_bandwidth_ghz > 0 ? config_.tdecq.reference_bandwidth_ghz : 0.5 * rate_gbd_;
    const double bandwidth_hz = math::bessel_thomson4_noise_bandwidth * bandwidth_ghz * 1e9;
    recipe_.noise_density_w2_per_hz = recipe_.noise_w * recipe_.noise_w / bandwidth_hz;
    recipe_.rin_oma_db_per_hz =
        rin_oma_db_per_hz(recipe_.noise_w * recipe_.noise_w, clean.oma_outer_w, bandwidth_hz);
    recipe_.secq_db = std::max(config_.secq_db, clean.tdecq_db);
    recipe_.ceq = clean.ceq;
    recipe_.reached = true;
  }

  std::span<const float> power_;
  std::span<const std::uint8_t> levels_;
  const StressConfig& config_;
  double rate_gbd_;
  StressRecipe recipe_;
};

}  // namespace

StressRecipe stress_receiver(std::span<const float> power, std::span<const std::uint8_t> levels,
                             const StressConfig& config) {
  check(config);
  return Stress(power, levels, config).run();
}

std::vector<float> apply_stress(const StressRecipe& recipe, std::span<const float> power, int samples_per_ui,
                                double symbol_rate_gbd) {
  std::vector<float> out = recipe.filter_ghz > 0 ? bessel_thomson_filtered(power, samples_per_ui,
                                                                           symbol_rate_gbd, recipe.filter_ghz)
                                                 : std::vector<float>(power.begin(), power.end());
  const double sample_rate = samples_per_ui * symbol_rate_gbd * 1e9;
  if (recipe.jitter_ui > 0)
    out = jittered(out, 0.5 * recipe.jitter_ui * samples_per_ui, recipe.jitter_hz / sample_rate);
  if (recipe.interferer_w > 0) {
    const double step = recipe.interferer_hz / sample_rate;
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double turns = step * static_cast<double>(i);
      out[i] += static_cast<float>(recipe.interferer_w *
                                   math::sin(2 * std::numbers::pi * (turns - std::floor(turns))));
    }
  }
  return out;
}

}  // namespace lightlane::measure

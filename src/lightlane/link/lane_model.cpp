#include "lightlane/link/lane_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

void require_values(const std::vector<float>& values, std::size_t count, const char* key,
                    bool negative_allowed) {
  if (values.size() != count) {
    throw ConfigError(
        {key, fmt::format("has {} values", values.size()), fmt::format("{}, one per symbol", count), ""});
  }
  const auto bad = std::find_if_not(values.begin(), values.end(), [&](float v) {
    return std::isfinite(v) && (negative_allowed || v >= 0);
  });
  if (bad != values.end()) {
    throw ConfigError({key, fmt::format("[{}] is {}", bad - values.begin(), *bad),
                       negative_allowed ? "finite" : "finite, 0 or more", ""});
  }
}

void require_value(double value, const char* key) {
  if (!(std::isfinite(value) && value >= 0)) {
    throw ConfigError({key, fmt::format("is {}", value), "finite, 0 or more", ""});
  }
}

void require_correlation(const std::vector<double>& correlation, const char* key) {
  for (const double r : correlation) {
    if (!(r >= -1 && r <= 1)) throw ConfigError({key, fmt::format("has {}", r), "-1 to 1", ""});
  }
  if (!correlation.empty() && std::fabs(correlation[0] - 1) > 1e-9) {
    throw ConfigError({key, fmt::format("is {} at lag 0", correlation[0]), "1", ""});
  }
}

void require_interferers(const std::vector<Interferer>& interferers, const char* key) {
  for (const Interferer& i : interferers) {
    if (!(std::isfinite(i.amplitude) && std::isfinite(i.phase_rate_hz) && std::isfinite(i.delay_ui))) {
      throw ConfigError({key, "has a value that is not finite", "finite", ""});
    }
    const std::vector<double>& pulse = i.pulse;
    if (pulse.size() > most_pulse_taps || std::any_of(pulse.begin(), pulse.end(), [](double v) { return !std::isfinite(v); })) {
      throw ConfigError({key, fmt::format("has a pulse of {} values", pulse.size()),
                         fmt::format("at most {}, finite", most_pulse_taps), ""});
    }
  }
}

}  // namespace

void require_valid(const LaneModel& model) {
  const std::size_t count = model.levels.size(), least = 64;
  if (count < least) {
    throw ConfigError(
        {"lane_model.levels", fmt::format("has {} symbols", count), fmt::format("at least {}", least), ""});
  }
  const int levels = level_count(model.modulation);
  for (std::size_t i = 0; i < count; ++i) {
    if (model.levels[i] >= levels) {
      throw ConfigError({"lane_model.levels", fmt::format("[{}] is {}", i, model.levels[i]),
                         fmt::format("0 to {}", levels - 1), ""});
    }
  }
  require_values(model.current_a, count, "lane_model.current_a", true);
  require_values(model.slope_a_per_ui, count, "lane_model.slope_a_per_ui", true);
  if (!model.curvature_a_per_ui2.empty()) {
    require_values(model.curvature_a_per_ui2, count, "lane_model.curvature_a_per_ui2", true);
  }
  if (!model.even_odd_a.empty()) require_values(model.even_odd_a, count, "lane_model.even_odd_a", true);
  require_values(model.linear_noise_a2, count, "lane_model.linear_noise_a2", false);
  require_values(model.quadratic_noise_a2, count, "lane_model.quadratic_noise_a2", false);
  require_values(model.transmitter_noise_a2, count, "lane_model.transmitter_noise_a2", false);
  require_value(model.constant_noise_a2, "lane_model.constant_noise_a2");
  require_value(model.jitter_rms_ui, "lane_model.jitter_rms_ui");
  require_value(model.even_odd_jitter_ui, "lane_model.even_odd_jitter_ui");
  require_value(model.sinusoidal_jitter_ui, "lane_model.sinusoidal_jitter_ui");
  require_value(model.sinusoidal_jitter_hz, "lane_model.sinusoidal_jitter_hz");
  for (const double level : model.level_current_a) require_value(level, "lane_model.level_current_a");
  require_correlation(model.noise_correlation, "lane_model.noise_correlation");
  require_correlation(model.transmitter_noise_correlation, "lane_model.transmitter_noise_correlation");
  require_interferers(model.reflections, "lane_model.reflections");
  require_interferers(model.crosstalk, "lane_model.crosstalk");
}

double light_behind(double attenuation_db) {
  if (!(attenuation_db >= -100 && attenuation_db <= 200)) {
    throw ConfigError({"attenuation_db", fmt::format("is {}", attenuation_db), "-100 to 200", ""});
  }
  return math::from_db(-attenuation_db);
}

}  // namespace lightlane::link

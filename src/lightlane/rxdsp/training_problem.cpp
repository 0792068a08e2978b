#include "lightlane/rxdsp/training_problem.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/rxdsp/adc.hpp"

namespace lightlane::rxdsp::detail {
namespace {

void require_training_data(const EqualizerConfig& config, std::span<const float> samples,
                           std::span<const std::uint8_t> levels) {
  if (samples.size() != levels.size()) {
    throw ConfigError({"dsp.training",
                       fmt::format("has {} samples for {} symbols", samples.size(), levels.size()),
                       "one sample per symbol", ""});
  }
  const std::size_t least = 4 * static_cast<std::size_t>(config.ffe_taps) + 64;
  if (samples.size() < least) {
    throw ConfigError({"dsp.training", fmt::format("has {} symbols", samples.size()),
                       fmt::format("at least {} for {} taps", least, config.ffe_taps), ""});
  }
  const auto bad = std::find_if_not(samples.begin(), samples.end(), [](float x) { return std::isfinite(x); });
  if (bad != samples.end()) {
    throw ConfigError(
        {"dsp.training", fmt::format("sample {} is {}", bad - samples.begin(), *bad), "finite", ""});
  }
  const std::uint8_t most = config.modulation == signal::Modulation::nrz ? 1 : 3;
  std::array<bool, 4> seen{};
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] > most) {
      throw ConfigError({"dsp.training", fmt::format("symbol {} has level {}", i, levels[i]),
                         fmt::format("0 to {}", most), ""});
    }
    // Levels at the edges, outside the taps' reach, do not count.
    if (i > samples.size() / 8 && i < samples.size() - samples.size() / 8) seen[levels[i]] = true;
  }
  for (std::uint8_t l = 0; l <= most; ++l) {
    if (!seen[l]) {
      throw ConfigError(
          {"dsp.training", fmt::format("level {} is never sent", l), "a pattern that holds every level", ""});
    }
  }
}

}  // namespace

double TrainingProblem::output(std::span<const double> w, std::size_t n) const noexcept {
  double y = 0;
  const double* in = x.data() + (n - before);
  for (std::size_t k = 0; k < taps; ++k) y += w[k] * in[k];
  return y;
}

double TrainingProblem::noise_power(std::span<const double> w) const noexcept {
  double power = 0;
  for (std::size_t i = 0; i < taps; ++i) {
    for (std::size_t j = 0; j < taps; ++j) power += w[i] * w[j] * noise[i < j ? j - i : i - j];
  }
  return std::max(power, 0.0);
}

LevelValues nominal_levels(int level_count) noexcept {
  LevelValues values{};
  for (int l = 0; l < level_count; ++l) values[static_cast<std::size_t>(l)] = 2.0 * l / (level_count - 1) - 1;
  return values;
}

TrainingProblem state_problem(const EqualizerConfig& config, std::span<const float> samples_a,
                              std::span<const std::uint8_t> levels,
                              std::span<const double> noise_autocovariance_a2, FrozenEqualizer& equalizer) {
  validate(config);
  require_training_data(config, samples_a, levels);
  const double variance = noise_autocovariance_a2.empty() ? 0 : noise_autocovariance_a2[0];
  if (!(variance >= 0)) {
    throw ConfigError(
        {"dsp.training", fmt::format("the variance of the noise is {} A^2", variance), "0 or more", ""});
  }
  equalizer.modulation = config.modulation;
  equalizer.ffe_before = config.ffe_taps - 1 - config.ffe_main;
  set_adc(config, samples_a, variance, equalizer);

  TrainingProblem p{config, levels, {}, 0, {},
                    0,      0,      0,  0, config.modulation == signal::Modulation::nrz ? 2 : 4};
  p.taps = static_cast<std::size_t>(config.ffe_taps);
  p.before = static_cast<std::size_t>(equalizer.ffe_before);
  p.begin = std::max<std::size_t>(p.before, 1);
  p.end = samples_a.size() - (p.taps - 1 - p.before);

  p.x.resize(samples_a.size());
  const double limit = equalizer.adc_full_scale_a;
  double power = 0;
  for (std::size_t i = 0; i < p.x.size(); ++i) {
    p.x[i] = std::clamp(static_cast<double>(samples_a[i]) - equalizer.offset_a, -limit, limit);
    power += p.x[i] * p.x[i];
  }
  p.rms_a = std::sqrt(power / static_cast<double>(p.x.size()));
  if (!(p.rms_a > 1e-30)) p.rms_a = 0;  // floats hold the taps: 1 / rms must stay finite
  const double scale = p.rms_a > 0 ? 1 / p.rms_a : 0;
  for (double& x : p.x) x *= scale;
  p.noise.assign(p.taps, 0.0);
  for (std::size_t k = 0; k < std::min(p.taps, noise_autocovariance_a2.size()); ++k) {
    p.noise[k] = noise_autocovariance_a2[k] * scale * scale;
  }
  p.noise[0] += adc_error_variance_a2(equalizer) * scale * scale;
  return p;
}

}  // namespace lightlane::rxdsp::detail

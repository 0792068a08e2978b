#include "lightlane/measure/level_noise.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/oma.hpp"

namespace lightlane::measure {
namespace {

bool steady(std::span<const std::uint8_t> levels, std::size_t symbol) {
  const std::size_t n = levels.size();
  return levels[(symbol + 1) % n] == levels[symbol] && levels[(symbol + n - 1) % n] == levels[symbol];
}

/// Mean over the symbol's central half of the variance over periods.
double variance_of(std::span<const float> power, std::size_t period, std::size_t symbol, std::size_t m) {
  const std::size_t periods = power.size() / period;
  double total = 0;
  std::size_t places = 0;
  for (std::size_t k = m / 4; k < m - m / 4; ++k, ++places) {
    double sum = 0, square = 0;
    for (std::size_t p = 0; p < periods; ++p) sum += static_cast<double>(power[p * period + symbol * m + k]);
    const double mean = sum / static_cast<double>(periods);
    for (std::size_t p = 0; p < periods; ++p) {
      const double away = static_cast<double>(power[p * period + symbol * m + k]) - mean;
      square += away * away;
    }
    total += square / static_cast<double>(periods - 1);
  }
  return total / static_cast<double>(places);
}

}  // namespace

LevelNoise measure_level_noise(std::span<const float> power, std::span<const std::uint8_t> levels,
                               int samples_per_ui) {
  require_waveform(power, levels, samples_per_ui);
  const std::size_t m = static_cast<std::size_t>(samples_per_ui), period = levels.size() * m;
  if (power.size() == period)
    throw InputError(
        {"waveform", "holds one period of the pattern", "two or more: noise is what differs", ""});
  LevelNoise out;
  for (std::uint8_t level = 0; level < 4; ++level) {
    double sum = 0;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (levels[i] != level || !steady(levels, i)) continue;
      sum += variance_of(power, period, i, m);
      ++out.symbols[level];
    }
    if (out.symbols[level] > 0) out.rms_w[level] = std::sqrt(sum / static_cast<double>(out.symbols[level]));
  }
  return out;
}

double rin_oma_db_per_hz(double variance_w2, double oma_w, double noise_bandwidth_hz) {
  return math::to_db(variance_w2 / (noise_bandwidth_hz * 0.25 * oma_w * oma_w));
}

double rin_oma_variance_w2(double rin_oma_db_per_hz, double oma_w, double noise_bandwidth_hz) {
  return math::from_db(rin_oma_db_per_hz) * noise_bandwidth_hz * 0.25 * oma_w * oma_w;
}

double rin_oma_db_per_hz(const LevelNoise& noise, std::size_t high, double oma_w, double noise_bandwidth_hz) {
  LIGHTLANE_ASSERT(high < 4);
  return rin_oma_db_per_hz(0.5 * (noise.rms_w[0] * noise.rms_w[0] + noise.rms_w[high] * noise.rms_w[high]),
                           oma_w, noise_bandwidth_hz);
}

}  // namespace lightlane::measure

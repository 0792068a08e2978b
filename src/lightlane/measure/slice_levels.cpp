// Levels of a waveform whose pattern is not known.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/eye.hpp"

namespace lightlane::measure {
namespace {

constexpr double least_separation =
    2.5;  // of means over the sum of rms: about what a person takes for an open eye
constexpr std::size_t cells = 1024;
constexpr int rounds = 50;

struct Groups {
  std::vector<double> mean;  // in cells
  double separation = 0;
};

/// Lloyd's algorithm on a histogram, from equally spaced means.
Groups group(const std::array<double, cells>& histogram, std::size_t levels) {
  std::size_t low = 0, high = cells - 1;
  while (low < high && histogram[low] == 0) ++low;
  while (high > low && histogram[high] == 0) --high;
  Groups out;
  const double span = static_cast<double>(high - low);
  for (std::size_t c = 0; c < levels; ++c) {
    out.mean.push_back(static_cast<double>(low) +
                       span * (static_cast<double>(c) + 0.5) / static_cast<double>(levels));
  }
  std::vector<double> count(levels), sum(levels), square(levels);
  for (int round = 0; round < rounds; ++round) {
    std::fill(count.begin(), count.end(), 0.0);
    std::fill(sum.begin(), sum.end(), 0.0);
    std::fill(square.begin(), square.end(), 0.0);
    std::size_t c = 0;
    for (std::size_t i = low; i <= high; ++i) {
      const double at = static_cast<double>(i);
      while (c + 1 < levels && at > 0.5 * (out.mean[c] + out.mean[c + 1])) ++c;
      count[c] += histogram[i];
      sum[c] += histogram[i] * at;
      square[c] += histogram[i] * at * at;
    }
    bool moved = false;
    for (std::size_t k = 0; k < levels; ++k) {
      if (count[k] == 0) return out;  // fewer groups than levels
      const double mean = sum[k] / count[k];
      moved = moved || mean != out.mean[k];
      out.mean[k] = mean;
    }
    if (!moved) break;
  }
  out.separation = 1e300;
  for (std::size_t k = 0; k + 1 < levels; ++k) {
    const auto rms = [&](std::size_t i) {
      return std::sqrt(std::max(0.0, square[i] / count[i] - out.mean[i] * out.mean[i]) + 1.0 / 12);
    };
    out.separation = std::min(out.separation, (out.mean[k + 1] - out.mean[k]) / (rms(k) + rms(k + 1)));
  }
  return out;
}

}  // namespace

std::optional<SlicedLevels> slice_levels(std::span<const float> power, int samples_per_ui,
                                         signal::Modulation modulation) {
  if (samples_per_ui < 1)
    throw ConfigError({"samples_per_ui", fmt::format("is {}", samples_per_ui), "1 or more", ""});
  const std::size_t m = static_cast<std::size_t>(samples_per_ui),
                    levels = modulation == signal::Modulation::pam4 ? 4 : 2;
  const std::size_t symbols = power.size() / m;
  if (symbols < 8) throw InputError({"waveform", fmt::format("holds {} symbols", symbols), "8 or more", ""});
  const auto [lowest, highest] = std::minmax_element(power.begin(), power.end());
  const double low = static_cast<double>(*lowest), span = static_cast<double>(*highest) - low;
  if (!(span > 0) || !std::isfinite(span))
    throw InputError({"waveform", "is constant or not finite", "", ""});
  const auto cell = [&](float value) {
    return std::min(cells - 1, static_cast<std::size_t>((static_cast<double>(value) - low) / span *
                                                        static_cast<double>(cells)));
  };
  std::vector<Groups> phases(m);
  for (std::size_t phase = 0; phase < m; ++phase) {
    std::array<double, cells> histogram{};
    for (std::size_t i = phase; i < symbols * m; i += m) histogram[cell(power[i])] += 1;
    phases[phase] = group(histogram, levels);
  }
  // The middle of the best stretch of phases: those that reach nine tenths of the best, going round.
  std::size_t best = 0;
  for (std::size_t phase = 1; phase < m; ++phase) {
    if (phases[phase].separation > phases[best].separation) best = phase;
  }
  const double good = 0.9 * phases[best].separation;
  if (!(phases[best].separation >= least_separation)) return std::nullopt;
  std::size_t before = 0, after = 0;
  while (before + after + 1 < m && phases[(best + m - before - 1) % m].separation >= good) ++before;
  while (before + after + 1 < m && phases[(best + after + 1) % m].separation >= good) ++after;
  const std::size_t centre = (best + m - before + (before + after) / 2) % m;
  SlicedLevels out;
  out.separation = phases[centre].separation;
  out.shift_samples = (centre + m - m / 2) % m;
  const Groups& groups = phases[centre];
  for (std::size_t i = out.shift_samples; i + m <= power.size(); i += m) {
    const double at = static_cast<double>(cell(power[i + m / 2]));
    std::uint8_t level = 0;
    while (level + 1u < levels && at > 0.5 * (groups.mean[level] + groups.mean[level + 1])) ++level;
    out.levels.push_back(level);
  }
  return out;
}

}  // namespace lightlane::measure

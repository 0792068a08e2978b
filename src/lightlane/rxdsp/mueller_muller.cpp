#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/linear_solve.hpp"
#include "lightlane/rxdsp/clock_loop.hpp"

namespace lightlane::rxdsp {
namespace {

constexpr std::ptrdiff_t ahead = 4, behind = 8;  // symbols that the pulse spans
constexpr std::size_t span = static_cast<std::size_t>(ahead + 1 + behind);

/// Symbols less their mean; highest level 1 above the lowest.
std::vector<double> centred(std::span<const std::uint8_t> levels) {
  std::vector<double> a(levels.begin(), levels.end());
  double mean = 0;
  for (const double v : a) mean += v;
  mean /= static_cast<double>(a.size());
  for (double& v : a) v -= mean;
  return a;
}

/// The pulse h(t) at t = -ahead UI .. behind UI, `per_ui` points per UI, point m per_ui + j at (m - ahead) UI
/// + (j - per_ui / 2) samples from the symbol's centre. Empty where the symbols do not tell.
std::vector<double> fit_pulse(std::span<const float> samples, std::size_t per_ui,
                              const std::vector<double>& a) {
  const std::size_t first = static_cast<std::size_t>(behind),
                    last = a.size() - static_cast<std::size_t>(ahead);
  math::SquareMatrix covariance(span);
  for (std::size_t k = first; k < last; ++k) {
    const double* now = a.data() + k;
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(span); ++i) {
      for (std::ptrdiff_t j = 0; j <= i; ++j) {
        covariance(static_cast<std::size_t>(i), static_cast<std::size_t>(j)) +=
            now[ahead - i] * now[ahead - j];
      }
    }
  }
  for (std::size_t i = 0; i < span; ++i) {
    for (std::size_t j = 0; j < i; ++j) covariance(j, i) = covariance(i, j);
  }
  std::vector<double> pulse(span * per_ui);
  for (std::size_t phase = 0; phase < per_ui; ++phase) {
    double mean = 0;
    for (std::size_t k = first; k < last; ++k) mean += static_cast<double>(samples[k * per_ui + phase]);
    mean /= static_cast<double>(last - first);
    std::vector<double> cross(span, 0.0);
    for (std::size_t k = first; k < last; ++k) {
      const double x = static_cast<double>(samples[k * per_ui + phase]) - mean;
      const double* now = a.data() + k;
      for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(span); ++i) {
        cross[static_cast<std::size_t>(i)] += x * now[ahead - i];
      }
    }
    const auto taps = math::solve_spd(covariance, cross);
    if (!taps) return {};
    for (std::size_t m = 0; m < span; ++m) pulse[m * per_ui + phase] = (*taps)[m];
  }
  return pulse;
}

}  // namespace

double mueller_muller_phase(std::span<const float> samples, int samples_per_ui,
                            std::span<const std::uint8_t> levels) {
  if (samples_per_ui < 4 || samples_per_ui % 2 != 0) {
    throw ConfigError(
        {"dsp.clock_recovery.samples_per_ui", fmt::format("is {}", samples_per_ui), "even, 4 or more", ""});
  }
  const std::size_t per_ui = static_cast<std::size_t>(samples_per_ui);
  if (levels.size() < 64 || samples.size() != levels.size() * per_ui) {
    throw ConfigError({"dsp.clock_recovery.symbols",
                       fmt::format("is {} for {} samples", levels.size(), samples.size()),
                       "64 or more, samples_per_ui samples each", ""});
  }
  const std::vector<double> pulse = fit_pulse(samples, per_ui, centred(levels));
  if (pulse.empty()) return 0;

  // Points of the symbol's own UI and one sample to either side; index of h at a phase of 0.
  const std::ptrdiff_t per = samples_per_ui, centre = ahead * per + per / 2;
  const auto at = [&](std::ptrdiff_t t) { return pulse[static_cast<std::size_t>(centre + t)]; };
  const auto detector = [&](std::ptrdiff_t t) { return at(t + per) - at(t - per); };
  std::ptrdiff_t peak = 0;
  for (std::ptrdiff_t t = -per / 2; t <= per / 2; ++t) {
    if (std::fabs(at(t)) > std::fabs(at(peak))) peak = t;
  }
  const double polarity = at(peak) < 0 ? -1 : 1;
  double phase = 0, nearest = 1e9;
  for (std::ptrdiff_t t = -per / 2; t < per / 2; ++t) {
    const double here = polarity * detector(t), next = polarity * detector(t + 1);
    if (!(here > 0 && next <= 0)) continue;
    double low = 0, high = 1;
    const double before = polarity * detector(t - 1), beyond = polarity * detector(t + 2);
    for (int i = 0; i < 40; ++i) {
      const double middle = 0.5 * (low + high);
      (detail::cubic(before, here, next, beyond, middle) > 0 ? low : high) = middle;
    }
    const double crossing = static_cast<double>(t) + low;
    if (std::fabs(crossing - static_cast<double>(peak)) < nearest) {
      nearest = std::fabs(crossing - static_cast<double>(peak));
      phase = crossing / static_cast<double>(per);
    }
  }
  return phase;
}

}  // namespace lightlane::rxdsp

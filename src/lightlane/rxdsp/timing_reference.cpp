#include <algorithm>
#include <cmath>

#include "lightlane/rxdsp/clock_loop.hpp"

namespace lightlane::rxdsp::detail {
namespace {

/// Samples of one phase: offset from the centre of each symbol, in samples.
std::vector<double> phase_samples(std::span<const float> samples, int per_ui, int offset,
                                  std::size_t symbols) {
  std::vector<double> y;
  y.reserve(symbols);
  for (std::size_t k = 0; k < symbols; ++k) {
    const std::ptrdiff_t at = static_cast<std::ptrdiff_t>(k + 1) * per_ui + per_ui / 2 + offset;
    y.push_back(static_cast<double>(samples[static_cast<std::size_t>(at)]));
  }
  return y;
}

double mean_of(std::span<const double> y) noexcept {
  double sum = 0;
  for (const double v : y) sum += v;
  return sum / static_cast<double>(y.size());
}

double variance_of(std::span<const double> y) noexcept {
  const double mean = mean_of(y);
  double sum = 0;
  for (const double v : y) sum += (v - mean) * (v - mean);
  return sum / static_cast<double>(y.size());
}

/// Levels that the samples lie closest to (Lloyd's iteration from equal shares), ascending.
std::vector<double> cluster(std::vector<double> y, std::size_t count) {
  std::sort(y.begin(), y.end());
  std::vector<double> levels(count);
  for (std::size_t l = 0; l < count; ++l) levels[l] = y[(2 * l + 1) * y.size() / (2 * count)];
  std::vector<double> sums(y.size() + 1, 0.0);
  for (std::size_t i = 0; i < y.size(); ++i) sums[i + 1] = sums[i] + y[i];
  for (int round = 0; round < 50; ++round) {
    std::size_t from = 0;
    double change = 0;
    std::vector<double> next = levels;
    for (std::size_t l = 0; l < count; ++l) {
      std::size_t to = y.size();
      if (l + 1 < count) {
        const double border = 0.5 * (levels[l] + levels[l + 1]);
        to = static_cast<std::size_t>(std::upper_bound(y.begin(), y.end(), border) - y.begin());
      }
      if (to > from) next[l] = (sums[to] - sums[from]) / static_cast<double>(to - from);
      change = std::max(change, std::fabs(next[l] - levels[l]));
      from = to;
    }
    levels = std::move(next);
    if (!(change > 1e-9 * (levels.back() - levels.front()))) break;
  }
  return levels;
}

/// The detector's mean at an offset, with the decisions given: mean of y[k] a[k - 1] - y[k - 1] a[k].
double detector(std::span<const double> y, std::span<const double> decided, double mean) noexcept {
  double sum = 0;
  for (std::size_t k = 1; k < y.size(); ++k)
    sum += (y[k] - mean) * decided[k - 1] - (y[k - 1] - mean) * decided[k];
  return sum / static_cast<double>(y.size() - 1);
}

/// How steeply the curve falls through zero, where it does so nearest to its middle, per point; 0 where it
/// does not.
double slope_at_balance(std::span<const double> curve) noexcept {
  const double middle = static_cast<double>(curve.size() / 2);
  double nearest = 1e9, slope = 0;
  for (std::size_t i = 0; i + 1 < curve.size(); ++i) {
    if (!(curve[i] > 0 && curve[i + 1] <= 0)) continue;
    const double fall = curve[i] - curve[i + 1];
    const double distance = std::fabs(static_cast<double>(i) + curve[i] / fall - middle);
    if (distance < nearest) {
      nearest = distance;
      slope = fall;
    }
  }
  return slope;
}

}  // namespace

TimingReference find_reference(std::span<const float> samples, int per_ui, signal::Modulation modulation) {
  const std::size_t symbols =
      std::min<std::size_t>(samples.size() / static_cast<std::size_t>(per_ui) - 2, 8192);
  TimingReference reference;
  int best = 0;
  double largest = 0;
  for (int offset = -per_ui / 2; offset < per_ui / 2; ++offset) {
    const double variance = variance_of(phase_samples(samples, per_ui, offset, symbols));
    if (variance > largest) {
      largest = variance;
      best = offset;
    }
  }
  if (!(largest > 0)) return reference;

  std::vector<double> decided = phase_samples(samples, per_ui, best, symbols);
  reference.mean = mean_of(decided);
  for (double& y : decided) y -= reference.mean;
  reference.levels = cluster(decided, modulation == signal::Modulation::nrz ? 2 : 4);
  if (!(reference.spacing() > 0)) return reference;
  double distance = 0;
  for (const double level : reference.levels) distance += std::fabs(level);
  reference.coarse_level = distance / static_cast<double>(reference.levels.size());
  std::vector<double> coarse(decided.size());
  for (std::size_t k = 0; k < decided.size(); ++k) {
    coarse[k] = reference.decide_coarsely(decided[k]);
    decided[k] = reference.decide(decided[k]);
  }

  // Instants within half a UI of where the samples vary most.
  std::vector<double> fine_curve, coarse_curve;
  for (int offset = best - per_ui / 2; offset <= best + per_ui / 2; ++offset) {
    const std::vector<double> y = phase_samples(samples, per_ui, offset, symbols);
    fine_curve.push_back(detector(y, decided, reference.mean));
    coarse_curve.push_back(detector(y, coarse, reference.mean));
  }
  reference.slope_per_ui = slope_at_balance(fine_curve) * per_ui;
  reference.coarse_slope_per_ui = slope_at_balance(coarse_curve) * per_ui;
  reference.usable = reference.slope_per_ui > 0 && reference.coarse_slope_per_ui > 0;
  return reference;
}

}  // namespace lightlane::rxdsp::detail

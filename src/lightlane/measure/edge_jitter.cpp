#include "lightlane/measure/edge_jitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/measure/oma.hpp"

namespace lightlane::measure {
namespace {

struct Edge {
  std::size_t symbol;  // that it leads to, over all periods
  double at_ui;        // from its boundary
};

/// A waveform that repeats, and its value between samples.
class Curve {
 public:
  explicit Curve(std::span<const float> samples)
      : samples_(samples), n_(static_cast<std::int64_t>(samples.size())) {}
  double sample(std::int64_t i) const {
    return static_cast<double>(samples_[static_cast<std::size_t>(((i % n_) + n_) % n_)]);
  }
  double between(std::int64_t i, double f) const {
    return -f * (f - 1) * (f - 2) / 6 * sample(i - 1) + (f + 1) * (f - 1) * (f - 2) / 2 * sample(i) -
           (f + 1) * f * (f - 2) / 2 * sample(i + 1) + (f + 1) * f * (f - 1) / 6 * sample(i + 2);
  }
  /// Where the value passes `threshold` between samples i and i + 1, which stand on either side of it.
  double crossing(std::int64_t i, double threshold) const {
    double low = 0, high = 1;
    const bool rising = sample(i) < threshold;
    for (int step = 0; step < 40; ++step) {
      const double middle = 0.5 * (low + high);
      ((between(i, middle) < threshold) == rising ? low : high) = middle;
    }
    return 0.5 * (low + high);
  }

 private:
  std::span<const float> samples_;
  std::int64_t n_;
};

std::array<double, 4> level_means(const Curve& curve, std::span<const std::uint8_t> levels,
                                  std::size_t symbols, int m) {
  std::array<double, 4> sum{}, count{};
  for (std::size_t i = 0; i < symbols; ++i) {
    const std::uint8_t level = levels[i % levels.size()];
    sum[level] += curve.sample(static_cast<std::int64_t>(i) * m + m / 2);
    count[level] += 1;
  }
  for (std::size_t c = 0; c < 4; ++c) sum[c] = count[c] > 0 ? sum[c] / count[c] : 0;
  return sum;
}

std::optional<double> find_crossing(const Curve& curve, std::int64_t boundary, int m, double threshold,
                                    bool rising) {
  std::optional<double> nearest;
  for (std::int64_t i = boundary - m; i < boundary + m; ++i) {
    const double a = curve.sample(i), b = curve.sample(i + 1);
    if (!(rising ? a < threshold && b >= threshold : a > threshold && b <= threshold)) continue;
    const double at = static_cast<double>(i - boundary) + curve.crossing(i, threshold);
    if (!nearest || std::abs(at) < std::abs(*nearest)) nearest = at;
  }
  return nearest;
}

void split_by_pattern(const std::vector<Edge>& edges, std::size_t period, EdgeJitter& out) {
  std::vector<double> sum(period), count(period);
  for (const Edge& edge : edges) {
    sum[edge.symbol % period] += edge.at_ui;
    count[edge.symbol % period] += 1;
  }
  double low = 1e9, high = -1e9, square = 0, freedom = 0;
  for (std::size_t i = 0; i < period; ++i) {
    if (count[i] == 0) continue;
    low = std::min(low, sum[i] / count[i]);
    high = std::max(high, sum[i] / count[i]);
    freedom += count[i] - 1;
  }
  for (const Edge& edge : edges) {
    const std::size_t i = edge.symbol % period;
    square += (edge.at_ui - sum[i] / count[i]) * (edge.at_ui - sum[i] / count[i]);
  }
  out.data_dependent_ui = high - low;
  if (freedom > 0) out.uncorrelated_rms_ui = std::sqrt(square / freedom);
}

}  // namespace

EdgeJitter measure_edge_jitter(std::span<const float> power, std::span<const std::uint8_t> levels,
                               int samples_per_ui) {
  require_waveform(power, levels, samples_per_ui);
  if (samples_per_ui < 4)
    throw ConfigError({"samples_per_ui", fmt::format("is {}", samples_per_ui), "4 or more", ""});
  const Curve curve(power);
  const std::size_t symbols = power.size() / static_cast<std::size_t>(samples_per_ui), period = levels.size();
  const std::array<double, 4> mean = level_means(curve, levels, symbols, samples_per_ui);
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < symbols; ++i) {
    const std::uint8_t from = levels[(i + period - 1) % period], to = levels[i % period];
    if (from == to) continue;
    const auto at = find_crossing(curve, static_cast<std::int64_t>(i) * samples_per_ui, samples_per_ui,
                                  0.5 * (mean[from] + mean[to]), mean[from] < mean[to]);
    if (at) edges.push_back({i, *at / samples_per_ui});
  }
  if (edges.empty())
    throw InputError(
        {"waveform", "has no edge where the pattern has one", "", "pattern not aligned, or another one"});
  EdgeJitter out;
  out.edges = edges.size();
  double sum = 0, low = 1e9, high = -1e9, square = 0, side[2] = {}, sides[2] = {};
  for (const Edge& edge : edges) {
    sum += edge.at_ui;
    low = std::min(low, edge.at_ui);
    high = std::max(high, edge.at_ui);
    side[edge.symbol % 2] += edge.at_ui;
    sides[edge.symbol % 2] += 1;
  }
  out.crossing_ui = sum / static_cast<double>(edges.size());
  for (const Edge& edge : edges) square += (edge.at_ui - out.crossing_ui) * (edge.at_ui - out.crossing_ui);
  out.rms_ui = std::sqrt(square / static_cast<double>(edges.size()));
  out.peak_to_peak_ui = high - low;
  if (sides[0] > 0 && sides[1] > 0) out.even_odd_ui = std::abs(side[0] / sides[0] - side[1] / sides[1]);
  if (symbols > period) split_by_pattern(edges, period, out);
  return out;
}

}  // namespace lightlane::measure

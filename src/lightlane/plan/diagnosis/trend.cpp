#include "lightlane/plan/diagnosis/trend.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan {
namespace {

constexpr double day_s = 86400;
constexpr std::size_t most_samples = 200, least_samples = 5;

struct Point {
  double x, y;  // days, value
};

double median(std::vector<double>& v) {
  if (v.empty()) return 0;
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  if (v.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(v.begin(), middle)) / 2;
}

double median_of(std::span<const Point> points) {
  std::vector<double> v;
  for (const Point& p : points) v.push_back(p.y);
  return median(v);
}

bool is_ber(Reading q) {
  return q == Reading::ber || q == Reading::host_ber || q == Reading::port_ber || q == Reading::ber_max ||
         q == Reading::ber_min;
}

std::vector<Point> points_of(const ReadingSeries& series) {
  std::vector<ReadingSample> samples = series.samples;
  std::stable_sort(samples.begin(), samples.end(),
                   [](const ReadingSample& a, const ReadingSample& b) { return a.time_s < b.time_s; });
  std::vector<Point> points;
  for (const ReadingSample& s : samples) {
    const double y =
        is_ber(series.reading) ? math::log(std::max(s.value, 1e-18)) / 2.302585092994045684 : s.value;
    const double x = (s.time_s - samples.front().time_s) / day_s;
    if (!points.empty() && points.back().x == x) {
      points.back().y = y;
    } else {
      points.push_back({x, y});
    }
  }
  if (points.size() <= most_samples) return points;
  std::vector<Point> thinned;
  for (std::size_t i = 0; i < most_samples; ++i) {
    const std::size_t a = i * points.size() / most_samples, b = (i + 1) * points.size() / most_samples;
    const std::span<const Point> part(points.data() + a, b - a);
    thinned.push_back({(part.front().x + part.back().x) / 2, median_of(part)});
  }
  return thinned;
}

/// The split that leaves the least absolute deviation from two medians; a step where it is large against what
/// is left, and a straight line does not do as well.
std::optional<std::size_t> step_at(std::span<const Point> points, double line_cost, Reading q) {
  const std::size_t n = points.size();
  std::size_t best = 0;
  double best_cost = INFINITY;
  const auto cost = [&](std::span<const Point> part) {
    const double m = median_of(part);
    double sum = 0;
    for (const Point& p : part) sum += std::abs(p.y - m);
    return sum;
  };
  const std::size_t stride = std::max<std::size_t>(1, n / 100);
  for (std::size_t i = 3; i + 3 <= n; i += stride) {
    const double c = cost(points.first(i)) + cost(points.subspan(i));
    if (c < best_cost) best_cost = c, best = i;
  }
  if (best == 0) return std::nullopt;
  if (stride > 1) {
    const std::size_t from = best > stride + 3 ? best - stride : 3, to = std::min(best + stride, n - 3);
    for (std::size_t i = from; i <= to; ++i) {
      const double c = cost(points.first(i)) + cost(points.subspan(i));
      if (c < best_cost) best_cost = c, best = i;
    }
  }
  const double before = median_of(points.first(best)), after = median_of(points.subspan(best));
  const double size = std::abs(after - before), left = best_cost / static_cast<double>(n);
  double least = 0.5;  // dB, degrees, volts ...: below, nobody cares
  if (is_ber(q)) least = 1;
  if (q == Reading::tx_bias_ma) least = 0.1 * std::abs(before);
  if (q == Reading::voltage_v) least = 0.05;
  if (size < least || size < 4 * left || best_cost > 0.6 * line_cost) return std::nullopt;
  return best;
}

struct Slope {
  double middle, low, high;
};

Slope theil_sen(std::span<const Point> points) {
  std::vector<double> slopes;
  slopes.reserve(points.size() * (points.size() - 1) / 2);
  for (std::size_t i = 0; i < points.size(); ++i)
    for (std::size_t j = i + 1; j < points.size(); ++j)
      slopes.push_back((points[j].y - points[i].y) / (points[j].x - points[i].x));
  const double n = static_cast<double>(points.size()), pairs = static_cast<double>(slopes.size());
  const double half = 1.959964 * std::sqrt(n * (n - 1) * (2 * n + 5) / 18);  // of Kendall's S
  const auto at = [&](double rank) {
    const auto place = slopes.begin() + static_cast<std::ptrdiff_t>(std::clamp(rank, 0.0, pairs - 1));
    std::nth_element(slopes.begin(), place, slopes.end());
    return *place;
  };
  const double low = at(std::floor((pairs - half) / 2) - 1), high = at(std::ceil((pairs + half) / 2));
  return {median(slopes), low, high};
}

double intercept_of(std::span<const Point> points, double slope) {
  std::vector<double> v;
  for (const Point& p : points) v.push_back(p.y - slope * p.x);
  return median(v);
}

}  // namespace

std::optional<ReadingTrend> trend_of(const ReadingSeries& series) {
  if (series.samples.size() < least_samples) return std::nullopt;
  const std::vector<Point> all = points_of(series);
  if (all.size() < least_samples) return std::nullopt;
  std::span<const Point> points = all;
  Slope slope = theil_sen(points);
  double intercept = intercept_of(points, slope.middle), line_cost = 0;
  for (const Point& p : points) line_cost += std::abs(p.y - intercept - slope.middle * p.x);

  ReadingTrend out;
  if (const auto split = step_at(points, line_cost, series.reading)) {
    out.before_step = median_of(points.first(*split));
    out.step = median_of(points.subspan(*split)) - out.before_step;
    double begin = INFINITY;
    for (const ReadingSample& s : series.samples) begin = std::min(begin, s.time_s);
    out.step_time_s = begin + points[*split].x * day_s;
    if (points.size() - *split >= least_samples) points = points.subspan(*split);
    slope = theil_sen(points);
    intercept = intercept_of(points, slope.middle);
  }
  out.samples = points.size();
  out.span_days = points.back().x - points.front().x;
  out.slope_per_day = slope.middle;
  out.slope_low = slope.low;
  out.slope_high = slope.high;
  out.first = intercept + slope.middle * points.front().x;
  out.last = intercept + slope.middle * points.back().x;
  std::vector<double> residues;
  for (const Point& p : points) residues.push_back(std::abs(p.y - intercept - slope.middle * p.x));
  out.noise = 1.4826 * median(residues);
  out.significant = (slope.low > 0 || slope.high < 0) && std::abs(out.change()) > std::max(out.noise, 1e-12);
  return out;
}

std::optional<TimeToThreshold> days_to(const ReadingTrend& trend, double threshold) noexcept {
  const double distance = threshold - trend.last;
  const auto at = [&](double slope) -> std::optional<double> {
    if (slope == 0 || distance / slope < 0) return std::nullopt;
    return distance / slope;
  };
  const bool towards = distance != 0 && (distance > 0) == (trend.slope_per_day > 0);
  if (!towards || !trend.significant) return std::nullopt;
  const auto days = at(trend.slope_per_day);
  if (!days) return std::nullopt;
  const bool up = distance > 0;
  return TimeToThreshold{*days, at(up ? trend.slope_high : trend.slope_low),
                         at(up ? trend.slope_low : trend.slope_high)};
}

}  // namespace lightlane::plan

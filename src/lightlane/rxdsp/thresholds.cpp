#include "lightlane/rxdsp/thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "lightlane/math/elementary.hpp"

namespace lightlane::rxdsp {
namespace {

double mean(std::span<const NoisySample> samples) noexcept {
  double sum = 0, weight = 0;
  for (const NoisySample& s : samples) {
    sum += s.weight * s.value;
    weight += s.weight;
  }
  return sum / weight;
}

double exponent(const NoisySample& s, double t) noexcept {
  const double z = (t - s.value) / s.sigma;
  return -0.5 * z * z;
}

double largest_exponent(std::span<const NoisySample> samples, double t) noexcept {
  double largest = -std::numeric_limits<double>::infinity();
  for (const NoisySample& s : samples) {
    if (s.weight > 0) largest = std::fmax(largest, exponent(s, t));
  }
  return largest;
}

/// log of the sum of the densities at t, less what is common to all. Terms 30 nepers below the largest are
/// left out.
double log_density(std::span<const NoisySample> samples, double t) noexcept {
  const double largest = largest_exponent(samples, t);
  double sum = 0;
  for (const NoisySample& s : samples) {
    const double e = exponent(s, t) - largest;
    if (e > -30) sum += s.weight / s.sigma * math::exp(e);
  }
  return largest + math::log(sum);
}

/// Scales the weights to a sum of 1.
void normalise(std::span<NoisySample> samples) noexcept {
  double sum = 0;
  for (const NoisySample& s : samples) sum += s.weight;
  for (NoisySample& s : samples) s.weight /= sum;
}

/// Leaves out what adds nothing at either end, and so nothing between.
void drop_far(std::vector<NoisySample>& samples, double low, double high) {
  const double at_low = largest_exponent(samples, low) - 40, at_high = largest_exponent(samples, high) - 40;
  std::erase_if(samples, [&](const NoisySample& s) {
    return exponent(s, low) < at_low && exponent(s, high) < at_high;
  });
}

}  // namespace

double equal_error_threshold(Cluster lower, Cluster upper) noexcept {
  const double sum = lower.sigma + upper.sigma;
  if (!(sum > 0)) return 0.5 * (lower.mean + upper.mean);
  return (lower.mean * upper.sigma + upper.mean * lower.sigma) / sum;
}

double least_error_threshold(Cluster lower, Cluster upper) noexcept {
  const double guess = equal_error_threshold(lower, upper);
  const double d = upper.mean - lower.mean;
  if (!(lower.sigma > 0 && upper.sigma > 0 && d > 0)) return guess;
  // With u = t - lower.mean: u^2 / s1^2 - (u - d)^2 / s2^2 = 2 log(s2 / s1), solved without cancellation for
  // s1 near s2.
  const double v1 = lower.sigma * lower.sigma, v2 = upper.sigma * upper.sigma;
  const double a = v2 - v1, half_b = v1 * d,
               c = -v1 * (d * d + 2 * v2 * math::log(upper.sigma / lower.sigma));
  const double discriminant = half_b * half_b - a * c;
  if (!(discriminant >= 0)) return guess;
  const double u = -c / (half_b + std::sqrt(discriminant));
  return u > 0 && u < d ? lower.mean + u : guess;
}

double least_error_threshold(std::span<const NoisySample> lower, std::span<const NoisySample> upper) {
  double low = mean(lower), high = mean(upper);
  std::vector<NoisySample> below(lower.begin(), lower.end()), above(upper.begin(), upper.end());
  normalise(below);
  normalise(above);
  const auto excess = [&](double t) { return log_density(above, t) - log_density(below, t); };
  // False position; an end that stays twice running counts half (Illinois). For equal widths the first step
  // is there.
  double at_low = excess(low), at_high = excess(high);
  if (!(at_low < 0 && at_high > 0)) return 0.5 * (low + high);
  const double tolerance = 1e-7 * (high - low);
  int stayed = 0;
  for (int i = 0; i < 60 && high - low > tolerance; ++i) {
    if (i == 3 || i == 6) {
      drop_far(below, low, high);
      drop_far(above, low, high);
    }
    const double t = low + (high - low) * std::clamp(-at_low / (at_high - at_low), 1e-9, 1 - 1e-9);
    const double at = excess(t);
    if (std::fabs(at) < 1e-9) return t;
    if (at < 0) {
      low = t;
      at_low = at;
      if (stayed < 0) at_high /= 2;
      stayed = -1;
    } else {
      high = t;
      at_high = at;
      if (stayed > 0) at_low /= 2;
      stayed = 1;
    }
  }
  return 0.5 * (low + high);
}

}  // namespace lightlane::rxdsp

#include "lightlane/rxdsp/thresholds.hpp"

#include <cmath>
#include <limits>

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

/// log of the sum of the densities at t, less what is common to all. Terms 30 nepers below the largest are
/// left out.
double log_density(std::span<const NoisySample> samples, double t) noexcept {
  const auto exponent = [t](const NoisySample& s) {
    const double z = (t - s.value) / s.sigma;
    return -0.5 * z * z;
  };
  double largest = -std::numeric_limits<double>::infinity();
  for (const NoisySample& s : samples) {
    const double e = exponent(s);
    if (s.weight > 0 && e > largest) largest = e;
  }
  double sum = 0, weight = 0;
  for (const NoisySample& s : samples) {
    weight += s.weight;
    const double e = exponent(s) - largest;
    if (e > -30) sum += s.weight / s.sigma * math::exp(e);
  }
  return largest + math::log(sum / weight);
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
  for (int i = 0; i < 24; ++i) {
    const double t = 0.5 * (low + high);
    (log_density(upper, t) < log_density(lower, t) ? low : high) = t;
  }
  return 0.5 * (low + high);
}

}  // namespace lightlane::rxdsp

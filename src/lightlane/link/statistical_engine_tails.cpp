#include "lightlane/link/statistical_engine_tails.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "lightlane/link/statistical_engine_kernels.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link::detail {
namespace {

/// A sample whose z^2 is this much above the least has less than 1e-19 of its tail or density.
constexpr double reach = 90;
/// A regression may ask for less noise than there is.
constexpr double least_variance = 0.05;

}  // namespace

LevelDistribution::LevelDistribution(std::vector<double> value, std::vector<double> inverse_sigma,
                                     BoundedRule disturbance, NoisyRule noisy)
    : value_(std::move(value)), inverse_sigma_(std::move(inverse_sigma)), noisy_(std::move(noisy)) {
  set_disturbance(std::move(disturbance));
}

void LevelDistribution::set_disturbance(BoundedRule disturbance) {
  disturbance_ = std::move(disturbance);
  mean_ = disturbance_.mean() + noisy_.rule.mean();
  if (value_.empty()) return;
  mean_ += std::accumulate(value_.begin(), value_.end(), 0.0) / static_cast<double>(value_.size());
}

std::size_t LevelDistribution::gather(double t, double more, bool upward, std::vector<double>& value,
                                      std::vector<double>& inverse_sigma, double& nearest) const {
  const double sign = upward ? 1 : -1;
  const double limit = sign * (t - (upward ? disturbance_.highest() : disturbance_.lowest()));
  inverse_sigma = inverse_sigma_;
  if (more != 0) {
    for (double& s : inverse_sigma) s /= std::sqrt(std::max(1 + more * s * s, least_variance));
  }
  nearest = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < value_.size(); ++i) {
    nearest = std::min(nearest, (limit - sign * value_[i]) * inverse_sigma[i]);
  }
  const double closest = std::max(nearest, 0.0), farthest = std::sqrt(closest * closest + reach);
  value.resize(value_.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < value_.size(); ++i) {
    const double v = sign * value_[i], s = inverse_sigma[i];
    value[count] = v;
    inverse_sigma[count] = s;
    count += (limit - v) * s < farthest ? 1 : 0;
  }
  return count;
}

double LevelDistribution::tail(double t, bool upward) const {
  thread_local std::vector<double> value, inverse_sigma;
  const double sign = upward ? 1 : -1;
  double sum = 0, nearest = 0;
  for (std::size_t i = 0; i < noisy_.rule.value.size(); ++i) {
    const double at = t - noisy_.rule.value[i];
    const std::size_t count =
        gather(at, noisy_.variance_per_value * noisy_.rule.value[i], upward, value, inverse_sigma, nearest);
    for (std::size_t j = 0; j < disturbance_.value.size(); ++j) {
      sum += noisy_.rule.weight[i] * disturbance_.weight[j] *
             statistical_kernels().tail(value.data(), inverse_sigma.data(), count, sign * (at - disturbance_.value[j]));
    }
  }
  return sum / static_cast<double>(value_.size());
}

double LevelDistribution::above(double t) const { return tail(t, true); }
double LevelDistribution::below(double t) const { return tail(t, false); }

double LevelDistribution::log_density(double t) const {
  thread_local std::vector<double> value, inverse_sigma;
  const bool upward = t > mean_;
  const double sign = upward ? 1 : -1;
  double whole = 0, whole_offset = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < noisy_.rule.value.size(); ++i) {
    const double at = t - noisy_.rule.value[i];
    double nearest = 0;
    const std::size_t count =
        gather(at, noisy_.variance_per_value * noisy_.rule.value[i], upward, value, inverse_sigma, nearest);
    const double offset = nearest > 0 ? 0.5 * nearest * nearest : 0;
    double sum = 0;
    for (std::size_t j = 0; j < disturbance_.value.size(); ++j) {
      sum += disturbance_.weight[j] * statistical_kernels().density(value.data(), inverse_sigma.data(), count,
                                                                    sign * (at - disturbance_.value[j]), offset);
    }
    sum *= noisy_.rule.weight[i];
    if (offset < whole_offset) {
      whole = sum + (whole > 0 ? whole * math::exp(offset - whole_offset) : 0);
      whole_offset = offset;
    } else {
      whole += sum * math::exp(std::max(whole_offset - offset, -700.0));
    }
  }
  return math::log(whole / static_cast<double>(value_.size())) - whole_offset;
}

double least_error_threshold(const LevelDistribution& lower, const LevelDistribution& upper, double guess) {
  double low = lower.mean(), high = upper.mean();
  if (!(high > low)) return guess;
  const double tolerance = 1e-6 * (high - low);
  const auto difference = [&](double t) {
    return lower.log_density(t) - upper.log_density(t);
  };  // falls with t
  double t = guess > low && guess < high ? guess : 0.5 * (low + high);
  double last_t = 0, last = 0;
  for (int i = 0; i < 40; ++i) {
    const double here = difference(t);
    (here > 0 ? low : high) = t;
    double next = 0.5 * (low + high);
    if (i > 0 && here != last) {
      const double secant = t - here * (t - last_t) / (here - last);
      if (secant > low && secant < high) next = secant;
    } else if (i == 0) {
      // Two equal Gaussians would have this slope, were their difference linear.
      const double step = here > 0 ? 0.02 * (high - t) : -0.02 * (t - low);
      next = t + step;
    }
    last_t = t;
    last = here;
    if (std::fabs(next - t) < tolerance || high - low < tolerance) return next;
    t = next;
  }
  return t;
}

}  // namespace lightlane::link::detail

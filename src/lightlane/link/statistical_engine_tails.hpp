#pragma once
/// Tails of a level's distribution: samples with Gaussian noise each, plus bounded disturbances that all share. Inside
/// of the statistical engine only.

#include <vector>

#include "lightlane/link/interference.hpp"

namespace lightlane::link::detail {

/// A disturbance that brings noise with it: of each point, the variance that comes to the samples' own.
struct NoisyRule {
  BoundedRule rule;
  double variance_per_value = 0;
};

class LevelDistribution {
 public:
  /// All samples of a level weigh 1 together.
  LevelDistribution(std::vector<double> value, std::vector<double> inverse_sigma, BoundedRule disturbance, NoisyRule noisy);

  double above(double t) const;        ///< P(y > t)
  double below(double t) const;        ///< P(y < t)
  double log_density(double t) const;  ///< natural logarithm of the density at t
  double mean() const noexcept { return mean_; }
  void set_disturbance(BoundedRule disturbance);

 private:
  /// Samples within reach of t, their noise with `more` variance: what is left out adds less than 1e-10 of the whole.
  std::size_t gather(double t, double more, bool upward, std::vector<double>& value, std::vector<double>& inverse_sigma,
                     double& nearest) const;
  double tail(double t, bool upward) const;

  std::vector<double> value_, inverse_sigma_;
  BoundedRule disturbance_;
  NoisyRule noisy_;
  double mean_ = 0;
};

/// Threshold between two levels with the least errors: where their densities are equal.
double least_error_threshold(const LevelDistribution& lower, const LevelDistribution& upper, double guess);

}  // namespace lightlane::link::detail

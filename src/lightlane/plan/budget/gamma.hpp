#pragma once
/// Gamma distributions: losses of joints, which are never negative and lean to one side. Sums of equal ones
/// are gamma again.

#include <optional>

namespace lightlane::plan {

/// Shape k > 0, scale theta > 0: mean k theta, variance k theta^2.
struct Gamma {
  double shape = 1, scale = 1;

  double mean() const noexcept { return shape * scale; }
  double variance() const noexcept { return shape * scale * scale; }
  /// Of n independent ones.
  Gamma sum(int n) const noexcept { return {shape * n, scale}; }
};

/// Natural logarithm of the gamma function, x > 0; relative 1e-14.
double log_gamma(double x) noexcept;
/// Regularised upper incomplete gamma function Q(k, x) = P(X > x) of scale 1, and its complement; absolute
/// 1e-13.
double gamma_above(double shape, double x) noexcept;
double gamma_below(double shape, double x) noexcept;
/// x with P(X > x) = above (upper = true) or P(X < x) = above (upper = false), to 1e-12 of itself.
double gamma_quantile(const Gamma& gamma, double tail, bool upper) noexcept;

/// With this mean, and this 97 % quantile. None where the quantile is not above the mean, or more than 4.5
/// times it.
std::optional<Gamma> gamma_of(double mean, double quantile_97) noexcept;

}  // namespace lightlane::plan

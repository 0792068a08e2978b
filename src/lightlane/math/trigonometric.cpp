#include <cmath>
#include <limits>

#include "lightlane/math/elementary.hpp"

namespace lightlane::math {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double half_pi = 1.57079632679489661923, half_pi_low = 6.12323399573676588614e-17;

/// An unevaluated sum, |low| below half an ulp of `high`.
struct Pair {
  double high, low;
};
Pair two_sum(double a, double b) noexcept {
  const double sum = a + b, part = sum - a;
  return {sum, (a - (sum - part)) + (b - part)};
}

/// x = quadrant pi/2 + remainder, |remainder| <= pi/4. pi/2 in three pieces, the first two of 33 bits, so
/// that their products with up to 20 bits of a quadrant number are exact.
struct Reduced {
  int quadrant;
  Pair remainder;
};
Reduced reduce(double x) noexcept {
  constexpr double pieces[] = {1.57079632673412561417, 6.07710050630396597660e-11,
                               2.02226624879595063154e-21};
  constexpr double two_over_pi = 0.636619772367581343076;
  if (!(std::fabs(x) < 1e6)) x = std::fmod(x, 4.0 * half_pi);
  const double k = std::floor(x * two_over_pi + 0.5);
  Pair r = two_sum(x - k * pieces[0], -(k * pieces[1]));
  const Pair next = two_sum(r.high, -(k * pieces[2]));
  r = two_sum(next.high, next.low + r.low);
  return {static_cast<int>(k - 4.0 * std::floor(k * 0.25)), r};
}

/// Taylor series for |x| <= pi/4.
double sin_series(Pair x) noexcept {
  constexpr double coefficients[] = {-1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0,
                                     1.0 / 362880.0,         -1.0 / 5040.0,      1.0 / 120.0};
  const double z = x.high * x.high;
  double sum = 1.0 / 355687428096000.0;
  for (const double c : coefficients) sum = sum * z + c;
  const double cube = z * x.high;
  return x.high + (cube * (sum * z - 1.0 / 6.0) + x.low * (1.0 - 0.5 * z));
}
double cos_series(Pair x) noexcept {
  constexpr double coefficients[] = {
      1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0,
      1.0 / 40320.0,          -1.0 / 720.0,         1.0 / 24.0};
  const double z = x.high * x.high, half = 0.5 * z;
  double sum = -1.0 / 6402373705728000.0;
  for (const double c : coefficients) sum = sum * z + c;
  const double high = 1.0 - half;
  return high + (((1.0 - high) - half) + (z * z * sum - x.high * x.low));
}

/// Taylor series for |x| <= 7/16.
double atan_series_tail(double x) noexcept {
  const double z = x * x;
  double sum = 1.0 / 45.0;
  for (int k = 43; k >= 3; k -= 2) sum = 1.0 / k - z * sum;
  return x * z * sum;  // x - atan(x)
}

}  // namespace

double sin(double x) noexcept {
  if (!std::isfinite(x)) return nan;
  if (x == 0.0) return x;
  const Reduced r = reduce(x);
  const double value = (r.quadrant & 1) != 0 ? cos_series(r.remainder) : sin_series(r.remainder);
  return (r.quadrant & 2) != 0 ? -value : value;
}

double cos(double x) noexcept {
  if (!std::isfinite(x)) return nan;
  const Reduced r = reduce(x);
  const double value = (r.quadrant & 1) != 0 ? sin_series(r.remainder) : cos_series(r.remainder);
  return ((r.quadrant + 1) & 2) != 0 ? -value : value;
}

double atan(double x) noexcept {
  if (std::isnan(x)) return nan;
  if (x < 0.0) return -atan(-x);
  // atan(x) = atan(c) + atan((x - c) / (1 + c x)) with c = 0, 1/2, 1, infinity.
  if (x < 0.4375) return x - atan_series_tail(x);
  Pair base{half_pi, half_pi_low};
  double t = -1.0 / x;
  if (x < 0.6875) {
    base = {0.463647609000806116214, 2.26987774529616870924e-17};
    t = (2.0 * x - 1.0) / (2.0 + x);
  } else if (x < 1.1875) {
    base = {0.5 * half_pi, 0.5 * half_pi_low};
    t = (x - 1.0) / (x + 1.0);
  } else if (x < 2.4375) {
    base = {0.982793723247329067985, 1.39033110312309984516e-17};
    t = (x - 1.5) / (1.0 + 1.5 * x);
  }
  return base.high - ((atan_series_tail(t) - base.low) - t);
}

}  // namespace lightlane::math

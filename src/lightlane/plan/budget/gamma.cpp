#include "lightlane/plan/budget/gamma.hpp"

#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan {
namespace {

/// x^k e^-x / Gamma(k)
double front(double shape, double x) noexcept {
  return math::exp(shape * math::log(x) - x - log_gamma(shape));
}

double below_by_series(double shape, double x) noexcept {
  double term = 1 / shape, sum = term;
  for (int n = 1; n < 100000 && term > sum * 1e-17; ++n) {
    term *= x / (shape + n);
    sum += term;
  }
  return front(shape, x) * sum;
}

/// Lentz's evaluation of the continued fraction.
double above_by_fraction(double shape, double x) noexcept {
  constexpr double tiny = 1e-300;
  double b = x + 1 - shape, c = 1 / tiny, d = 1 / b, h = d;
  for (int n = 1; n < 100000; ++n) {
    const double a = -n * (n - shape);
    b += 2;
    d = a * d + b;
    d = 1 / (std::fabs(d) < tiny ? tiny : d);
    c = b + a / c;
    if (std::fabs(c) < tiny) c = tiny;
    const double factor = c * d;
    h *= factor;
    if (std::fabs(factor - 1) < 1e-16) break;
  }
  return front(shape, x) * h;
}

}  // namespace

double log_gamma(double x) noexcept {
  double shift = 1;
  while (x < 12) shift *= x++;  // Gamma(x + n) = x (x + 1) ... Gamma(x)
  const double inverse = 1 / x, square = inverse * inverse;
  const double series =
      inverse *
      (1.0 / 12 - square * (1.0 / 360 - square * (1.0 / 1260 - square * (1.0 / 1680 - square / 1188))));
  constexpr double half_log_two_pi = 0.91893853320467274178;
  return (x - 0.5) * math::log(x) - x + half_log_two_pi + series - math::log(shift);
}

double gamma_above(double shape, double x) noexcept {
  if (!(x > 0)) return 1;
  return x < shape + 1 ? 1 - below_by_series(shape, x) : above_by_fraction(shape, x);
}

double gamma_below(double shape, double x) noexcept {
  if (!(x > 0)) return 0;
  return x < shape + 1 ? below_by_series(shape, x) : 1 - above_by_fraction(shape, x);
}

double gamma_quantile(const Gamma& gamma, double tail, bool upper) noexcept {
  const double k = gamma.shape, log_tail = math::log(tail);
  // Wilson and Hilferty's start, then Newton on the logarithm of the tail; halving wherever it leaves the bracket.
  const double z = (upper ? 1 : -1) * math::normal_tail_inverse(tail);
  const double root = 1 - 1 / (9 * k) + z / (3 * std::sqrt(k));
  double x = root > 0.1 ? k * root * root * root : k / 100;
  double low = 0, high = HUGE_VAL;
  for (int i = 0; i < 200; ++i) {
    const double here = upper ? gamma_above(k, x) : gamma_below(k, x);
    const bool right = upper ? here < tail : here > tail;  // of the quantile
    (right ? high : low) = x;
    const double density = front(k, x) / x;
    const double slope = (upper ? -1 : 1) * density / here;
    double next = x - (math::log(here) - log_tail) / slope;
    if (!(next > low && next < high)) next = high < HUGE_VAL ? (low + high) / 2 : 2 * x;
    const double step = std::fabs(next - x);
    x = next;
    if (step <= 1e-7 * x) break;  // the next would be 1e-14: Newton squares it
  }
  return gamma.scale * x;
}

std::optional<Gamma> gamma_of(double mean, double quantile_97) noexcept {
  constexpr double largest_ratio = 4.5;  // shape 0.55; beyond about 5 no gamma distribution does it
  if (!(mean > 0) || !(quantile_97 > mean * 1.0001) || quantile_97 > largest_ratio * mean)
    return std::nullopt;
  double low = 0.5, high = 1e9;
  const double ratio = quantile_97 / mean;
  for (int i = 0; i < 200 && high - low > 1e-12 * high; ++i) {
    const double shape = std::sqrt(low * high);
    (gamma_above(shape, shape * ratio) < 0.03 ? high : low) = shape;
  }
  return Gamma{low, mean / low};
}

}  // namespace lightlane::plan

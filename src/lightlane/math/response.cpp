#include "lightlane/math/response.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::math {
namespace {

constexpr double pi = 3.14159265358979323846;

/// Simpson's rule over n intervals (even) of equal length; f(i) is the value at the i-th of n + 1 points.
template <class Function>
double integrate(double length, std::size_t n, Function f) {
  double sum = f(0) + f(n);
  for (std::size_t i = 1; i < n; ++i) sum += (i % 2 != 0 ? 4.0 : 2.0) * f(i);
  return sum * length / (3.0 * static_cast<double>(n));
}

}  // namespace

std::complex<double> bessel_thomson4(double f_hz, double f3db_hz) {
  const double y = 2.113917675 * f_hz / f3db_hz, z = y * y;
  return 105.0 / std::complex<double>((z - 45.0) * z + 105.0, (105.0 - 10.0 * z) * y);
}

std::complex<double> butterworth(double f_hz, double f3db_hz, int order) {
  if (order < 1 || order > 6) {
    throw ConfigError({"butterworth order", "is " + std::to_string(order), "1 to 6", ""});
  }
  const std::complex<double> s(0.0, f_hz / f3db_hz);
  std::complex<double> denominator = order % 2 != 0 ? 1.0 + s : 1.0;
  for (int k = 0; k < order / 2; ++k) {
    denominator *= s * s + 2.0 * math::sin(pi * (2 * k + 1) / (2.0 * order)) * s + 1.0;
  }
  return 1.0 / denominator;
}

std::complex<double> gaussian_lowpass(double f_hz, double f3db_hz) {
  const double x = f_hz / f3db_hz;
  return math::exp(-0.34657359027997265471 * x * x);  // ln 2 / 2
}

std::complex<double> second_order(double f_hz, double f0_hz, double damping_per_s) {
  const double square = f0_hz * f0_hz;
  return square / std::complex<double>(square - f_hz * f_hz, f_hz * damping_per_s / (2.0 * pi));
}

double noise_bandwidth(const Response& h, double f_max_hz) {
  constexpr std::size_t n = 4096;
  const auto density = [&](std::size_t i) { return std::norm(h(f_max_hz * static_cast<double>(i) / n)); };
  return integrate(f_max_hz, n, density) / std::norm(h(0.0));
}

std::vector<double> noise_autocorrelation(const Response& h, double symbol_rate_hz, std::size_t lags,
                                          double f_max_hz) {
  std::vector<double> result(lags);
  if (lags == 0) return result;
  // At least 64 intervals to a period of the fastest cosine.
  const double periods = static_cast<double>(lags - 1) * f_max_hz / symbol_rate_hz;
  const auto n = std::max<std::size_t>(4096, 64 * static_cast<std::size_t>(std::ceil(periods)));
  const double step = f_max_hz / static_cast<double>(n);
  std::vector<double> density(n + 1);
  for (std::size_t i = 0; i <= n; ++i) density[i] = std::norm(h(step * static_cast<double>(i)));
  for (std::size_t lag = 0; lag < lags; ++lag) {
    const double turn = 2.0 * pi * step * static_cast<double>(lag) / symbol_rate_hz;
    result[lag] = integrate(
        f_max_hz, n, [&](std::size_t i) { return density[i] * math::cos(turn * static_cast<double>(i)); });
  }
  const double whole = result[0];
  for (double& r : result) r /= whole;
  return result;
}

}  // namespace lightlane::math

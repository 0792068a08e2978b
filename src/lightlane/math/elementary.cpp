#include "lightlane/math/elementary.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>

namespace lightlane::math {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double ln2_high = 0.6931471803691238,
                 ln2_low = 1.9082149292705877e-10;  // the first has 20 zeros behind it

double scale(double x, int power) noexcept {
  return x * std::bit_cast<double>(static_cast<std::uint64_t>(power + 1023) << 52);
}

/// e^r - 1 for |r| < 0.35: the Taylor series to r^14.
double exp_series(double r) noexcept {
  double sum = 1.0 / 87178291200.0;
  constexpr double coefficients[] = {1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0,
                                     1.0 / 362880.0,     1.0 / 40320.0,     1.0 / 5040.0,     1.0 / 720.0,
                                     1.0 / 120.0,        1.0 / 24.0,        1.0 / 6.0,        0.5};
  for (const double c : coefficients) sum = sum * r + c;
  return r + r * r * sum;
}

/// log(1 + f) for 1 + f in [sqrt(1/2), sqrt(2)], `correction` added where the small terms are: with s = f /
/// (2 + f), log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R), R = 2 s^2/3 + 2 s^4/5 + ...
double log_series(double f, double exponent, double correction) noexcept {
  const double s = f / (2.0 + f), z = s * s;
  double r = 2.0 / 23.0;
  for (int k = 21; k >= 3; k -= 2) r = r * z + 2.0 / k;
  const double half_square = 0.5 * f * f;
  const double small = half_square - (s * (half_square + r * z) + (exponent * ln2_low + correction));
  return exponent * ln2_high - (small - f);
}

/// x = 2^exponent (1 + f), 1 + f in [sqrt(1/2), sqrt(2)). x positive and finite.
struct Split {
  double exponent, f;
};
Split split(double x) noexcept {
  int exponent = 0;
  if (x < std::numeric_limits<double>::min()) {
    x *= 18014398509481984.0;  // 2^54
    exponent = -54;
  }
  auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
  double mantissa = std::bit_cast<double>(bits);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  return {static_cast<double>(exponent), mantissa - 1.0};
}

/// exp(x^2) erfc(x), x >= 0: Chebyshev series of (1 + 2x) exp(x^2) erfc(x) in (x - 3.75) / (x + 3.75).
double scaled_erfc(double x) noexcept {
  constexpr double series[] = {
      1.1775789345674017541,      -0.0045900545806464773309,  -0.084249133366517915584,
      0.059209939998191890498,    -0.026658668435305752277,   0.0090749976707052650939,
      -0.0024131635404176081909,  0.00049077583652580863229,  -0.000069169733025012063671,
      4.1390279860730101675e-6,   7.7403830661984906686e-7,   -2.1886401049234395661e-7,
      1.0764999465670910377e-8,   4.5219598112182868979e-9,   -7.7544002088313511065e-10,
      -6.3180883408866844944e-11, 2.8687950109306698981e-11,  1.945586854577734723e-13,
      -9.6546967484334389059e-13, 3.2525481481487398415e-14,  3.3478119482868053878e-14,
      -1.8645628804193131015e-15, -1.2507950530688647085e-15, 7.418235256624043463e-17,
      5.0681489047961113168e-17};
  if (x > 1e15) return 0.56418958354775628695 / x;
  const double t = (x - 3.75) / (x + 3.75);
  double b1 = 0.0, b2 = 0.0;
  for (int k = static_cast<int>(std::size(series)) - 1; k >= 1; --k) {
    const double b = 2.0 * t * b1 - b2 + series[k];
    b2 = b1;
    b1 = b;
  }
  return (t * b1 - b2 + series[0]) / (1.0 + 2.0 * x);
}

/// exp(-x^2 * factor), factor 1 or 1/2: the square is split so that its rounding does not reach the exponent.
double exp_of_square(double x, double factor) noexcept {
  const double high = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0xfffffffff8000000);
  return exp(-high * high * factor) * exp(-(x - high) * (x + high) * factor);
}

}  // namespace

double exp(double x) noexcept {
  if (!(x < 709.782712893384)) return x >= 709.782712893384 ? infinity : nan;
  if (x < -745.2) return 0.0;
  const int k = static_cast<int>(x * 1.4426950408889634074 + (x < 0 ? -0.5 : 0.5));
  const double r = (x - k * ln2_high) - k * ln2_low;
  const double value = 1.0 + exp_series(r);
  if (k > 1000) return scale(scale(value, k - 100), 100);
  if (k < -1000) return scale(scale(value, k + 100), -100);
  return scale(value, k);
}

double expm1(double x) noexcept {
  if (x > -0.35 && x < 0.35) return exp_series(x);
  return exp(x) - 1.0;
}

double log(double x) noexcept {
  if (!(x > 0.0)) return x == 0.0 ? -infinity : nan;
  if (x == infinity) return infinity;
  const Split parts = split(x);
  return log_series(parts.f, parts.exponent, 0.0);
}

double log1p(double x) noexcept {
  if (!(x > -1.0)) return x == -1.0 ? -infinity : nan;
  if (x == infinity) return infinity;
  if (x > -0.29 && x < 0.41) return log_series(x, 0.0, 0.0);
  const double u = 1.0 + x;
  const double lost = x > 1.0 ? 1.0 - (u - x) : x - (u - 1.0);
  const Split parts = split(u);
  return log_series(parts.f, parts.exponent, lost / u);
}

double erfc(double x) noexcept {
  if (!(x >= 0.0)) return x < 0.0 ? 2.0 - erfc(-x) : nan;
  if (x > 28.0) return 0.0;
  return exp_of_square(x, 1.0) * scaled_erfc(x);
}

double normal_tail(double x) noexcept {
  if (!(x >= 0.0)) return x < 0.0 ? 1.0 - normal_tail(-x) : nan;
  if (x > 39.0) return 0.0;
  return 0.5 * exp_of_square(x, 0.5) * scaled_erfc(x * 0.7071067811865475244);
}

double normal_tail_inverse(double p) noexcept {
  if (!(p > 0.0 && p < 1.0)) return p == 0.0 ? infinity : p == 1.0 ? -infinity : nan;
  if (p > 0.5) return -normal_tail_inverse(1.0 - p);
  // Start: Abramowitz and Stegun 26.2.23, within 4.5e-4; then Halley's step, which triples the digits.
  const double t = std::sqrt(-2.0 * log(p));
  double x =
      t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int step = 0; step < 3; ++step) {
    const double density = 0.39894228040143267794 * exp_of_square(x, 0.5);
    const double error = (normal_tail(x) - p) / density;
    x += error / (1.0 - 0.5 * error * x);
  }
  return x;
}

double pow(double x, double y) noexcept {
  if (y == 0.0) return 1.0;
  return exp(y * log(x));
}

double from_db(double db) noexcept {
  if (!(std::fabs(db) < 200.0)) return exp(db * 0.230258509299404568402);
  // Whole decades are exact, so that 10 dB is 10 and -30 dB is 1e-3.
  constexpr double decades[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9, 1e10,
                                1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20};
  const double whole = std::floor(db / 10.0 + 0.5);
  const double rest = exp((db - 10.0 * whole) * 0.230258509299404568402);
  const double decade = decades[static_cast<int>(std::fabs(whole))];
  return whole < 0.0 ? rest / decade : rest * decade;
}

double to_db(double ratio) noexcept { return 10.0 * (log(ratio) / 2.30258509299404568402); }

}  // namespace lightlane::math

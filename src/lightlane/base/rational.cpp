#include "lightlane/base/rational.hpp"

#include <cmath>
#include <limits>

#include "lightlane/base/error.hpp"

namespace lightlane {
namespace {

__extension__ typedef __int128 Wide;

Wide gcd(Wide a, Wide b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b != 0) {
    const Wide rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}

Rational reduced(Wide numerator, Wide denominator) {
  if (denominator == 0) throw ConfigError({"clock ratio", "has the denominator 0", "a non-zero one", ""});
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const Wide common = gcd(numerator, denominator);
  if (common > 1) {
    numerator /= common;
    denominator /= common;
  }
  constexpr Wide limit = std::numeric_limits<std::int64_t>::max();
  if (numerator > limit || numerator < -limit || denominator > limit) {
    throw ConfigError({"clock ratio", "has terms of more than 63 bits", "simpler clock offsets", ""});
  }
  // Already reduced: the public constructor would only do it again.
  return Rational(static_cast<std::int64_t>(numerator), static_cast<std::int64_t>(denominator));
}

}  // namespace

Rational::Rational(std::int64_t numerator, std::int64_t denominator) {
  if (denominator > 0 && gcd(numerator, denominator) == 1) {
    numerator_ = numerator;
    denominator_ = denominator;
    return;
  }
  *this = reduced(numerator, denominator);
}

std::int64_t Rational::floor_times(std::int64_t n) const noexcept {
  const Wide product = static_cast<Wide>(numerator_) * n;
  Wide quotient = product / denominator_;
  if (product < 0 && quotient * denominator_ != product) --quotient;
  return static_cast<std::int64_t>(quotient);
}

Rational operator*(const Rational& a, const Rational& b) {
  const Wide left = gcd(a.numerator_, b.denominator_), right = gcd(b.numerator_, a.denominator_);
  const Wide l = left == 0 ? 1 : left, r = right == 0 ? 1 : right;
  return reduced((a.numerator_ / l) * (b.numerator_ / r), (a.denominator_ / r) * (b.denominator_ / l));
}

Rational operator/(const Rational& a, const Rational& b) {
  return a * reduced(b.denominator_, b.numerator_);
}

Rational operator+(const Rational& a, const Rational& b) {
  const Wide common = gcd(a.denominator_, b.denominator_);
  return reduced(static_cast<Wide>(a.numerator_) * (b.denominator_ / common) +
                     static_cast<Wide>(b.numerator_) * (a.denominator_ / common),
                 static_cast<Wide>(a.denominator_) * (b.denominator_ / common));
}

Rational operator-(const Rational& a, const Rational& b) {
  return a + reduced(-static_cast<Wide>(b.numerator_), b.denominator_);
}

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  const Wide left = static_cast<Wide>(a.numerator_) * b.denominator_;
  const Wide right = static_cast<Wide>(b.numerator_) * a.denominator_;
  return left < right ? std::strong_ordering::less
                      : (left > right ? std::strong_ordering::greater : std::strong_ordering::equal);
}

Rational clock_ratio_from_ppm(double ppm) {
  if (!(std::abs(ppm) <= 1e5)) throw ConfigError({"clock offset", "is out of range", "-100000 to 100000 ppm", ""});
  return Rational(1'000'000'000 + static_cast<std::int64_t>(std::llround(ppm * 1000)), 1'000'000'000);
}

}  // namespace lightlane

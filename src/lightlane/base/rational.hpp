#pragma once
/// Exact rational numbers for clocks: no rate is ever a rounded double.

#include <compare>
#include <cstdint>

namespace lightlane {

class Rational {
 public:
  constexpr Rational(std::int64_t integer = 0) : numerator_(integer) {}  // NOLINT: integers are rationals
  /// Throws ConfigError if the denominator is zero or the reduced value leaves 63 bits.
  Rational(std::int64_t numerator, std::int64_t denominator);

  constexpr std::int64_t numerator() const noexcept { return numerator_; }
  constexpr std::int64_t denominator() const noexcept { return denominator_; }
  double value() const noexcept { return static_cast<double>(numerator_) / static_cast<double>(denominator_); }

  /// floor(*this * n) exactly, for n >= 0 and a result that fits.
  std::int64_t floor_times(std::int64_t n) const noexcept;

  friend Rational operator*(const Rational& a, const Rational& b);
  friend Rational operator/(const Rational& a, const Rational& b);
  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend bool operator==(const Rational& a, const Rational& b) = default;
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

 private:
  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

/// 1 + ppm / 10^6; ppm in thousandths, so that 12.5 ppm is exact.
Rational clock_ratio_from_ppm(double ppm);

}  // namespace lightlane

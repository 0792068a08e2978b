#pragma once
/// GF(2^10) as Ethernet's Reed-Solomon codes use it: x^10 + x^3 + 1 (0x409), alpha = 2, order 1023.
/// 802.3 91.5.2.7 and 119.2.4.6 (confidence: sure). An element is its 10 coefficients, x^0 in bit 0.
/// Products cost two loads from the logarithms and one from the powers; the tables (10 kB) are constants.

#include <array>
#include <cstdint>

namespace lightlane::math {

inline constexpr unsigned gf1024_polynomial = 0x409;
inline constexpr unsigned gf1024_order = 1023;

struct Gf1024Tables {
  /// log[a] for a != 0 is in 0..1022; log[0] = 2046, so that sums with it land in the zeros of exp.
  std::array<std::uint16_t, 1024> log;
  /// exp[i] = alpha^i for i in 0..2045, 0 for 2046..4092.
  std::array<std::uint16_t, 4096> exp;
};
extern const Gf1024Tables gf1024;

// Always inlined, so that units built for one instruction set leave no copy behind that others might link to.

/// alpha^i, i >= 0.
[[gnu::always_inline]] inline unsigned gf_power(unsigned i) noexcept { return gf1024.exp[i % gf1024_order]; }
[[gnu::always_inline]] inline unsigned gf_multiply(unsigned a, unsigned b) noexcept {
  return gf1024.exp[static_cast<unsigned>(gf1024.log[a]) + gf1024.log[b]];
}
/// a / b, b != 0.
[[gnu::always_inline]] inline unsigned gf_divide(unsigned a, unsigned b) noexcept {
  return gf1024.exp[gf1024.log[a] + gf1024_order - gf1024.log[b]];
}

/// The product by shifts and feedback, without tables: what the tables are built from and tested against.
constexpr unsigned gf_multiply_by_shifts(unsigned a, unsigned b) noexcept {
  unsigned product = 0;
  for (unsigned bit = 0; bit < 10; ++bit) {
    if (b >> bit & 1) product ^= a;
    a = (a << 1) ^ (a >> 9 & 1 ? gf1024_polynomial : 0);
  }
  return product;
}

}  // namespace lightlane::math

// The sums of statistical_engine_kernels.hpp, once, for every instruction set: no #pragma once, included
// inside an unnamed namespace by statistical_engine_kernels.cpp and statistical_engine_avx512.cpp, so that no
// copy leaves its file.

/// exp(x) for x in [-700, 0]: 2^k 2^f, |f| <= 1/2, Taylor series of degree 9. Relative error 1e-11. Bits
/// instead of conversions, because every instruction set has vectors of them.
inline double exp_of_negative(double x) noexcept {
  constexpr double shift = 0x1.8p52;
  const double y = x * 1.44269504088896340736;  // 1 / ln 2
  const double shifted = y + shift;
  const double f = y - (shifted - shift);
  double p = 1.0178086009239696e-07;
  p = p * f + 1.3215486790144305e-06;
  p = p * f + 1.5252733804059838e-05;
  p = p * f + 0.00015403530393381606;
  p = p * f + 0.0013333558146428441;
  p = p * f + 0.009618129107628477;
  p = p * f + 0.055504108664821576;
  p = p * f + 0.2402265069591007;
  p = p * f + 0.6931471805599453;
  p = p * f + 1.0;
  // The lowest bits of `shifted` are k in two's complement; moved into the exponent, what is above falls off.
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(p) +
                               (std::bit_cast<std::uint64_t>(shifted) << 52));
}

/// Q(z): exp(-z^2 / 2) times a polynomial in (z - 4.25) / (z + 4.25) over (1 + 3/4 z) (Chebyshev
/// interpolation of Mills' ratio). Relative error 4e-9 for z in [0, 37], absolute 2e-9 below 0.
inline double fast_tail(double z) noexcept {
  double m = z < 0 ? -z : z;
  m = m < 37.0 ? m : 37.0;
  const double u = (m - 4.25) / (m + 4.25);
  double p = 1.948852040101201e-05;
  p = p * u + -1.2748376268708245e-05;
  p = p * u + -0.00018781807481419813;
  p = p * u + 0.0003554968638918391;
  p = p * u + 0.0008616780821052809;
  p = p * u + -0.005349856951622378;
  p = p * u + 0.012409430959167985;
  p = p * u + -0.014741243221933598;
  p = p * u + -0.0010045879612231863;
  p = p * u + 0.04515956004382844;
  p = p * u + -0.1124948351361775;
  p = p * u + 0.3741921469093482;
  const double q = exp_of_negative(-0.5 * m * m) * p / (1 + 0.75 * m);
  return z < 0 ? 1 - q : q;
}

inline double fast_tail_sum(const double* value, const double* inverse_sigma, std::size_t count,
                            double t) noexcept {
  double partial[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) partial[k] += fast_tail((t - value[i + k]) * inverse_sigma[i + k]);
  }
  for (std::size_t k = 0; i + k < count; ++k)
    partial[k] += fast_tail((t - value[i + k]) * inverse_sigma[i + k]);
  return ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
         ((partial[4] + partial[5]) + (partial[6] + partial[7]));
}

inline double fast_density(double z, double inverse_sigma, double offset) noexcept {
  double x = offset - 0.5 * z * z;
  x = x > -690.0 ? x : -690.0;
  return inverse_sigma * exp_of_negative(x);
}

inline double fast_density_sum(const double* value, const double* inverse_sigma, std::size_t count, double t,
                               double offset) noexcept {
  double partial[8] = {};
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (std::size_t k = 0; k < 8; ++k) {
      partial[k] += fast_density((t - value[i + k]) * inverse_sigma[i + k], inverse_sigma[i + k], offset);
    }
  }
  for (std::size_t k = 0; i + k < count; ++k) {
    partial[k] += fast_density((t - value[i + k]) * inverse_sigma[i + k], inverse_sigma[i + k], offset);
  }
  return ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
         ((partial[4] + partial[5]) + (partial[6] + partial[7]));
}

inline void accumulate_loop(const double* x, const double* c, std::size_t taps, double* out,
                            std::size_t count) noexcept {
  constexpr std::size_t block = 1024;  // outputs stay in the first cache
  for (std::size_t from = 0; from < count; from += block) {
    const std::size_t now = count - from < block ? count - from : block;
    double* const y = out + from;
    std::size_t k = 0;
    for (; k + 4 <= taps; k += 4) {
      const double c0 = c[k], c1 = c[k + 1], c2 = c[k + 2], c3 = c[k + 3];
      const double* const in = x + from + k;
      for (std::size_t n = 0; n < now; ++n) {
        y[n] += ((c0 * in[n] + c1 * in[n + 1]) + c2 * in[n + 2]) + c3 * in[n + 3];
      }
    }
    for (; k < taps; ++k) {
      const double* const in = x + from + k;
      for (std::size_t n = 0; n < now; ++n) y[n] += c[k] * in[n];
    }
  }
}

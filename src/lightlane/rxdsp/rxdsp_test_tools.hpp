#pragma once
/// Symbols, channels, noise and algebra for the tests of this floor, in double precision and by the plainest
/// way.

#include <cmath>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "lightlane/base/random.hpp"

namespace lightlane::rxdsp::testing {

inline double gaussian_tail(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

inline std::vector<std::uint8_t> random_levels(std::size_t count, unsigned levels = 4,
                                               std::uint32_t lane = 0) {
  const RandomStream random(7, "rxdsp.test", lane);
  std::vector<std::uint8_t> result(count);
  for (std::size_t i = 0; i < count; ++i)
    result[i] = static_cast<std::uint8_t>(random.bits(i) >> 32 & (levels - 1));
  return result;
}

/// Level 0 is -1, the highest +1.
inline double nominal(unsigned level, unsigned levels = 4) { return 2.0 * level / (levels - 1) - 1; }

/// x[n] = bias + gain sum_k channel[k] t[n - k] (symbols before the first: level 0) + noise.
struct Link {
  std::vector<double> channel{1};
  double gain = 1e-4, bias = 3e-4, sigma = 0;  ///< sigma in units of the levels
  std::vector<double> values{-1, -1.0 / 3, 1.0 / 3, 1};
  unsigned seed = 1;

  std::vector<float> samples(std::span<const std::uint8_t> levels) const {
    std::mt19937_64 engine(seed);
    std::normal_distribution<double> normal;
    std::vector<float> x(levels.size());
    for (std::size_t n = 0; n < levels.size(); ++n) {
      double sum = sigma > 0 ? sigma * normal(engine) : 0;
      for (std::size_t k = 0; k < channel.size(); ++k) sum += channel[k] * values[n >= k ? levels[n - k] : 0];
      x[n] = static_cast<float>(bias + gain * sum);
    }
    return x;
  }
};

/// x with A x = b: elimination with row exchange.
inline std::vector<double> eliminate(std::vector<std::vector<double>> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c; r < n; ++r) {
      if (std::fabs(a[r][c]) > std::fabs(a[pivot][c])) pivot = r;
    }
    std::swap(a[c], a[pivot]);
    std::swap(b[c], b[pivot]);
    for (std::size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const double factor = a[r][c] / a[c][c];
      for (std::size_t k = c; k < n; ++k) a[r][k] -= factor * a[c][k];
      b[r] -= factor * b[c];
    }
  }
  for (std::size_t i = 0; i < n; ++i) b[i] /= a[i][i];
  return b;
}

}  // namespace lightlane::rxdsp::testing

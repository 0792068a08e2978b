#pragma once
/// Symbols, channels, noise and algebra for the tests of this floor, in double precision and by the plainest
/// way.

#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <span>
#include <vector>

#include "lightlane/base/random.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

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

using Matrix = std::vector<std::vector<double>>;

/// x with A x = b: elimination with row exchange.
inline std::vector<double> eliminate(Matrix a, std::vector<double> b) {
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

inline EqualizerConfig ideal_adc(int taps, int main) {
  EqualizerConfig c;
  c.adc_bits = 0;
  c.adc_enob = 0;
  c.adc_clip_ratio = 1e-9;
  c.ffe_taps = taps;
  c.ffe_main = main;
  return c;
}

/// MMSE of independent PAM4 symbols over a known channel with white noise, from the normal equations in
/// closed form. Taps in time order; ahead = later samples.
struct Theory {
  std::vector<double> taps;
  double mse = 0, snr = 0;  ///< of the biased solution; of the unbiased one
  Theory(const std::vector<double>& channel, double sigma, int count, int ahead) {
    const double power = 5.0 / 9;  // of -1, -1/3, 1/3, 1
    const int before = count - 1 - ahead, length = static_cast<int>(channel.size());
    const auto h = [&](int k) { return k >= 0 && k < length ? channel[static_cast<std::size_t>(k)] : 0.0; };
    Matrix r(static_cast<std::size_t>(count), std::vector<double>(static_cast<std::size_t>(count)));
    std::vector<double> p(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      for (int j = 0; j < count; ++j) {
        double sum = i == j ? sigma * sigma : 0;
        for (int k = 0; k < length; ++k) sum += power * h(k) * h(k + j - i);
        r[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] = sum;
      }
      p[static_cast<std::size_t>(i)] =
          power * h(i - before);  // sample n - before + i holds h(i - before) t[n]
    }
    taps = eliminate(r, p);
    const double gain = std::inner_product(taps.begin(), taps.end(), p.begin(), 0.0);  // of the power
    mse = power - gain;
    snr = power / mse - 1;
    for (double& w : taps) w *= power / gain;
  }
};

}  // namespace lightlane::rxdsp::testing

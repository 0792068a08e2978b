#include "lightlane/math/fft.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "lightlane/base/parallel.hpp"
#include "lightlane/base/random.hpp"

namespace lightlane::math {
namespace {

using Signal = std::vector<std::complex<double>>;

Signal noise(std::size_t n) {
  const RandomStream random(13, "fft_test", 0);
  Signal x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = {random.uniform(2 * i) - 0.5, random.uniform(2 * i + 1) - 0.5};
  return x;
}

/// Bin k by the definition, in long double.
std::complex<double> bin(const Signal& x, std::size_t k, int sign) {
  const std::size_t n = x.size();
  std::complex<long double> sum = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const long double turn =
        sign * 2.0L * 3.14159265358979323846264338328L * static_cast<long double>(i * k % n) / n;
    sum += std::complex<long double>(x[i]) * std::complex<long double>(std::cos(turn), std::sin(turn));
  }
  return std::complex<double>(sum);
}

TEST(Fft, IsTheDefinition) {
  for (const std::size_t n : {1, 2, 3, 4, 5, 7, 8, 12, 16, 32, 100, 257, 1000, 4096, 8191, 65535, 65536}) {
    const Signal x = noise(n);
    Signal forward = x, inverse = x;
    const Fft fft(n);
    EXPECT_EQ(fft.size(), n);
    fft.forward(forward);
    fft.inverse(inverse);
    const double tolerance =
        1e-15 * std::sqrt(static_cast<double>(n)) * std::log2(static_cast<double>(n) + 2);
    for (std::size_t k = 0; k < n; k += 1 + n / (n < 5000 ? 23 : 5)) {
      EXPECT_LT(std::abs(forward[k] - bin(x, k, -1)), tolerance) << "bin " << k << " of " << n;
      EXPECT_LT(std::abs(inverse[k] - bin(x, k, +1) / static_cast<double>(n)), tolerance)
          << "bin " << k << " of " << n;
    }
  }
}

TEST(Fft, InverseUndoesForward) {
  for (const std::size_t n : {1, 2, 6, 64, 640, 8191, 13107, 65535}) {
    const Signal x = noise(n);
    Signal y = x;
    const Fft fft(n);
    fft.forward(y);
    double energy = 0.0, spectrum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      energy += std::norm(x[i]);
      spectrum += std::norm(y[i]) / static_cast<double>(n);
    }
    EXPECT_NEAR(spectrum, energy, 1e-12 * energy);  // Parseval
    fft.inverse(y);
    for (std::size_t i = 0; i < n; ++i) ASSERT_LT(std::abs(y[i] - x[i]), 2e-14) << i << " of " << n;
  }
}

TEST(Fft, ShiftedImpulseIsAPureTone) {
  constexpr std::size_t n = 1020;
  Signal x(n);
  x[1] = 1.0;
  Fft(n).forward(x);
  for (std::size_t k = 0; k < n; ++k) {
    const double turn = -2.0 * 3.14159265358979323846 * static_cast<double>(k) / n;
    EXPECT_LT(std::abs(x[k] - std::polar(1.0, turn)), 1e-14);
  }
}

TEST(Fft, PlansAreSharedByThreads) {
  constexpr std::size_t n = 4095;
  const Fft fft(n);
  const Signal x = noise(n);
  Signal wanted = x;
  fft.forward(wanted);
  std::vector<Signal> results(16, x);
  parallel_for(results.size(), [&](std::size_t i) { fft.forward(results[i]); });
  for (const auto& r : results) EXPECT_EQ(std::memcmp(r.data(), wanted.data(), n * sizeof(r[0])), 0);
}

TEST(Fft, BinFrequencies) {
  EXPECT_EQ(bin_frequency(0, 8, 16.0), 0.0);
  EXPECT_EQ(bin_frequency(3, 8, 16.0), 6.0);
  EXPECT_EQ(bin_frequency(4, 8, 16.0), -8.0);
  EXPECT_EQ(bin_frequency(7, 8, 16.0), -2.0);
  EXPECT_EQ(bin_frequency(2, 5, 5.0), 2.0);
  EXPECT_EQ(bin_frequency(3, 5, 5.0), -2.0);
  EXPECT_EQ(bin_frequency(0, 1, 5.0), 0.0);
}

}  // namespace
}  // namespace lightlane::math

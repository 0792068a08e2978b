#pragma once
/// Waveforms with known answers, for the tests of this floor.

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace lightlane::measure::test {

/// Random symbols, the same on every machine; each level about as often as the others.
inline std::vector<std::uint8_t> random_levels(std::size_t count, unsigned levels, unsigned seed = 1) {
  std::mt19937 engine(seed);
  std::vector<std::uint8_t> out(count);
  for (auto& level : out) level = static_cast<std::uint8_t>(engine() % levels);
  return out;
}

/// Each symbol M times: power = low + step * level.
inline std::vector<float> staircase(const std::vector<std::uint8_t>& levels, int m, double low = 1e-4,
                                    double step = 2e-4) {
  std::vector<float> out;
  out.reserve(levels.size() * static_cast<std::size_t>(m));
  for (const auto level : levels)
    out.insert(out.end(), static_cast<std::size_t>(m), static_cast<float>(low + step * level));
  return out;
}

/// Q(x), by the C library: independent of the code under test.
inline double q(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

/// x with f(x) = 0, f falling from `low` to `high`.
template <class F>
double bisect(double low, double high, F&& f) {
  for (int i = 0; i < 200; ++i) {
    const double middle = 0.5 * (low + high);
    (f(middle) > 0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace lightlane::measure::test

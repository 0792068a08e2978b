#include <algorithm>
#include <cmath>
#include <complex>

#include "lightlane/base/error.hpp"
#include "lightlane/math/fft.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/tdecq.hpp"

namespace lightlane::measure {
namespace {

constexpr double least_correlation = 0.3;
constexpr int most_offsets = 4;  // starts within the UI that the search looks at

using Spectrum = std::vector<std::complex<double>>;

/// Means over one UI of the cyclic waveform from any sample, by running sums.
class SymbolMeans {
 public:
  SymbolMeans(std::span<const float> power, std::size_t period, std::size_t m) : period_(period), m_(m) {
    std::vector<double> folded(period, 0.0);
    for (std::size_t base = 0; base < power.size(); base += period) {
      for (std::size_t i = 0; i < period; ++i) folded[i] += power[base + i];
    }
    double mean = 0;
    for (const double f : folded) mean += f;
    mean /= static_cast<double>(period);
    sums_.resize(period + m + 1, 0.0);
    for (std::size_t i = 0; i < period + m; ++i) sums_[i + 1] = sums_[i] + (folded[i % period] - mean);
  }
  /// Over the UI that begins at `sample`, taken modulo the period; the waveform's mean is taken off.
  double operator()(std::size_t sample) const {
    const std::size_t i = sample < period_ ? sample : sample % period_;
    return sums_[i + m_] - sums_[i];
  }

 private:
  std::size_t period_, m_;
  std::vector<double> sums_;
};

std::vector<double> centred(std::span<const std::uint8_t> levels) {
  double mean = 0;
  for (const std::uint8_t level : levels) mean += level;
  mean /= static_cast<double>(levels.size());
  std::vector<double> out;
  for (const std::uint8_t level : levels) out.push_back(level - mean);
  return out;
}

double correlation(const SymbolMeans& means, std::span<const double> levels, std::size_t shift,
                   std::size_t m) {
  double product = 0, power = 0, level_power = 0;
  for (std::size_t n = 0; n < levels.size(); ++n) {
    const double s = means(shift + n * m);
    product += s * levels[n];
    power += s * s;
    level_power += levels[n] * levels[n];
  }
  return power > 0 ? product / std::sqrt(power * level_power) : 0.0;
}

/// The whole-symbol shift with the largest product, of either sign, for two starts within the UI at once
/// (real and imaginary part).
std::size_t best_shift(const math::Fft& fft, const SymbolMeans& means, const Spectrum& levels,
                       std::size_t first, std::size_t second, std::size_t m, double& product) {
  const std::size_t n = fft.size();
  Spectrum x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = {means(first + i * m), means(second + i * m)};
  fft.forward(x);
  for (std::size_t k = 0; k < n; ++k) x[k] *= std::conj(levels[k]);
  fft.inverse(x);
  std::size_t best = first;
  product = -1.0;
  for (std::size_t l = 0; l < n; ++l) {
    const double a = std::fabs(x[l].real()), b = std::fabs(x[l].imag());
    if (std::max(a, b) > product) {
      product = std::max(a, b);
      best = l * m + (a >= b ? first : second);
    }
  }
  return best;
}

}  // namespace

std::optional<Alignment> align_pattern(std::span<const float> power, int samples_per_ui,
                                       std::span<const std::uint8_t> levels) {
  require_waveform(power, levels, samples_per_ui, 255);
  if (std::all_of(levels.begin(), levels.end(), [&](std::uint8_t level) { return level == levels[0]; })) {
    throw InputError({"pattern", "has a single level", "", ""});
  }
  const auto m = static_cast<std::size_t>(samples_per_ui);
  const std::size_t n = levels.size(), period = n * m;
  const SymbolMeans means(power, period, m);
  const std::vector<double> level = centred(levels);
  const math::Fft fft(n);
  Spectrum spectrum(level.begin(), level.end());
  fft.forward(spectrum);

  std::size_t shift = 0;
  double most = -1.0;
  for (int pair = 0; pair < most_offsets / 2; ++pair) {
    const auto start = [&](int i) { return static_cast<std::size_t>(2 * pair + i) * m / most_offsets; };
    double product = 0;
    const std::size_t found = best_shift(fft, means, spectrum, start(0), start(1), m, product);
    if (product > most) {
      most = product;
      shift = found;
    }
  }
  Alignment out;
  for (std::size_t i = 0; i <= 2 * (m / most_offsets) + 2; ++i) {
    const std::size_t at = (shift + period - m / most_offsets - 1 + i) % period;
    const double c = correlation(means, level, at, m);
    if (std::fabs(c) > std::fabs(out.correlation)) out = {at, c < 0, c};
  }
  if (std::fabs(out.correlation) < least_correlation) return std::nullopt;
  return out;
}

}  // namespace lightlane::measure

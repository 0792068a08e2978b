#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fft.hpp"
#include "lightlane/math/fir.hpp"

namespace lightlane::math {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr std::size_t most_taps = 4096;

/// Group delay at DC [s].
double delay_at_dc(const Response& h, double sample_rate_hz) {
  const double step = 1e-5 * sample_rate_hz;
  const std::complex<double> turn = h(step) * std::conj(h(-step));
  if (!(turn.real() > 0.0)) return 0.0;  // nothing passes at DC
  return -math::atan(turn.imag() / turn.real()) / (4.0 * pi * step);
}

/// One up to 0.3 of the sample rate, nothing at half of it: without it the jump there would ring on for
/// thousands of taps.
double band_limit(double f_over_rate) {
  const double x = (std::fabs(f_over_rate) - 0.3) / 0.2;
  if (x <= 0.0) return 1.0;
  if (x >= 1.0) return 0.0;
  return 0.5 + 0.5 * math::cos(pi * x);
}

/// Impulse response over n lags, lag m in element m mod n.
std::vector<std::complex<double>> sampled(const Response& h, double sample_rate_hz, double advance_s,
                                          std::size_t n) {
  std::vector<std::complex<double>> x(n);
  for (std::size_t k = 0; k < n; ++k) {
    const double f = bin_frequency(k, n, sample_rate_hz), limit = band_limit(f / sample_rate_hz);
    if (limit == 0.0) continue;
    const double turn = 2.0 * pi * f * advance_s;
    x[k] = limit * h(f) * std::complex<double>(math::cos(turn), math::sin(turn));
  }
  Fft(n).inverse(x);
  return x;
}

struct Cut {
  std::vector<std::complex<double>> taps;  // in time order of the input: the latest sample (least lag) last
  std::size_t before;
};

Cut cut(const Response& h, double sample_rate_hz, double tolerance, double delay_left_s) {
  const double advance = delay_at_dc(h, sample_rate_hz) - delay_left_s;
  std::vector<std::complex<double>> x;
  double energy = 0.0;
  for (std::size_t n = 256; n <= 4 * most_taps; n *= 2) {
    x = sampled(h, sample_rate_hz, advance, n);
    double far = 0.0;
    energy = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      energy += std::norm(x[i]);
      if (i >= n / 4 && i < n - n / 4) far += std::norm(x[i]);
    }
    if (far <= 0.01 * tolerance * energy) break;  // long enough: no lag folds onto another
  }
  const auto half = static_cast<std::ptrdiff_t>(x.size() / 2), period = 2 * half;
  const auto at = [&](std::ptrdiff_t lag) { return x[static_cast<std::size_t>((lag + period) % period)]; };
  std::ptrdiff_t first = -half, last = half - 1;
  // Half of what may be lost on either side: what is symmetric stays so.
  for (double left = 0.5 * tolerance * energy - std::norm(at(first)); left >= 0.0 && first < 0;) {
    left -= std::norm(at(++first));
  }
  for (double left = 0.5 * tolerance * energy - std::norm(at(last)); left >= 0.0 && last > 0;) {
    left -= std::norm(at(--last));
  }
  // The sample that is made stays within the filter, even where the response is a mere delay.
  first = std::min<std::ptrdiff_t>(first, 0);
  last = std::max<std::ptrdiff_t>(last, 0);
  if (last - first + 1 > static_cast<std::ptrdiff_t>(most_taps) || !std::isfinite(energy)) {
    throw ConfigError({"filter",
                       "its impulse response is too long: " + std::to_string(last - first + 1) + " taps",
                       "at most 4096 taps", "a lower sample rate or a larger bandwidth"});
  }
  Cut result{{}, static_cast<std::size_t>(last)};
  for (std::ptrdiff_t lag = last; lag >= first; --lag) result.taps.push_back(at(lag));
  std::complex<double> sum = 0.0;
  for (const auto& tap : result.taps) sum += tap;
  const std::complex<double> dc = h(0.0);
  if (std::norm(dc) > 1e-12 * energy) {
    for (auto& tap : result.taps) tap *= dc / sum;
  }
  return result;
}

/// Rounds to float, then lets the largest tap and after it the first one take what rounding left of the sum.
std::vector<float> rounded(const Cut& from, double (*part)(const std::complex<double>&), double target) {
  std::vector<float> taps;
  for (const auto& tap : from.taps) taps.push_back(static_cast<float>(part(tap)));
  const auto largest = std::max_element(taps.begin(), taps.end(),
                                        [](float a, float b) { return std::fabs(a) < std::fabs(b); });
  for (float* const tap : {&*largest, &taps.front()}) {
    double sum = 0.0;
    for (const float t : taps) sum += t;
    if (std::fabs(sum - target) < 1e-4) *tap = static_cast<float>(*tap + (target - sum));
  }
  return taps;
}

double real_part(const std::complex<double>& x) { return x.real(); }
double imaginary_part(const std::complex<double>& x) { return x.imag(); }

}  // namespace

Fir design_fir(const Response& h, double sample_rate_hz, double tolerance, double delay_left_s) {
  const Cut taps = cut(h, sample_rate_hz, tolerance, delay_left_s);
  return {rounded(taps, real_part, h(0.0).real()), taps.before};
}

ComplexFir design_complex_fir(const Response& h, double sample_rate_hz, double tolerance) {
  const Cut taps = cut(h, sample_rate_hz, tolerance, 0.0);
  const std::complex<double> dc = h(0.0);
  return {rounded(taps, real_part, dc.real()), rounded(taps, imaginary_part, dc.imag()), taps.before};
}

}  // namespace lightlane::math

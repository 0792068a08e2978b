#include "lightlane/optics/drive_pulse.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fft.hpp"

namespace lightlane::optics {
namespace {

constexpr double pi = 3.14159265358979323846;
using Complex = std::complex<double>;

/// Delay at DC in UI, from the phase at a frequency where it is linear.
double dc_delay(const math::Response& parts, double symbol_rate_hz) {
  constexpr double f = 1e-5;
  const Complex h = parts(f * symbol_rate_hz);
  return -math::atan(h.imag() / h.real()) / (2 * pi * f);
}

/// The pulse at `grid` points per UI over `span` UI: sample i at i / grid UI from the hold's centre, negative
/// times in the upper half (a period of the discrete transform).
std::vector<Complex> sampled_pulse(const math::Response& parts, double symbol_rate_hz, std::size_t grid,
                                   std::size_t span) {
  const std::size_t n = grid * span;
  const double delay = dc_delay(parts, symbol_rate_hz);
  std::vector<Complex> x(n);
  x[0] = 1.0;
  for (std::size_t k = 1; k < n / 2; ++k) {
    const double f = static_cast<double>(k) / static_cast<double>(span);  // in symbol rates
    const double hold = k % span == 0 ? 0.0 : math::sin(pi * f) / (pi * f);
    const double turn = 2 * pi * f * delay;
    const Complex h = parts(f * symbol_rate_hz), shift(math::cos(turn), math::sin(turn));
    // Products written out: the library's complex product has branches for infinities.
    const Complex value(hold * (h.real() * shift.real() - h.imag() * shift.imag()),
                        hold * (h.real() * shift.imag() + h.imag() * shift.real()));
    x[k] = value;
    x[n - k] = std::conj(value);
  }
  math::Fft(n).inverse(x);  // 1 / n sum; the integral over f is 1 / span sum
  for (Complex& value : x) value *= static_cast<double>(grid);
  return x;
}

math::PolyphaseFir staircase(std::size_t phases) {
  return {.phases = phases, .taps = 1, .table = std::vector<float>(phases, 1.0f), .before = 0};
}

}  // namespace

math::PolyphaseFir design_pulse(const math::Response& parts, double symbol_rate_hz, int samples_per_ui,
                                const char* place) {
  const std::size_t phases = static_cast<std::size_t>(samples_per_ui);
  if (!parts) return staircase(phases);
  // Frequencies up to 64 symbol rates at least: the hold alone leaves 1e-2 there, the slowest chain of one
  // pole 1e-4.
  const std::size_t fine = std::max<std::size_t>(1, 128 / phases), grid = fine * phases;
  constexpr std::size_t span = 2 * longest_pulse;
  const std::vector<Complex> x = sampled_pulse(parts, symbol_rate_hz, grid, span);
  // Tap k of phase p weighs symbol n + k - before: time p / phases - 0.5 + before - k from that symbol's
  // centre.
  const auto at = [&](std::ptrdiff_t symbols_back, std::size_t p) {
    const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(x.size());
    std::ptrdiff_t i = (symbols_back * static_cast<std::ptrdiff_t>(phases) + static_cast<std::ptrdiff_t>(p)) *
                           static_cast<std::ptrdiff_t>(fine) -
                       static_cast<std::ptrdiff_t>(grid / 2);
    i %= n;
    return x[static_cast<std::size_t>(i < 0 ? i + n : i)].real();
  };
  constexpr double tolerance = 2e-6;
  constexpr std::ptrdiff_t half = longest_pulse;
  const auto outside = [&](std::ptrdiff_t from, std::ptrdiff_t step) {  // largest rest over the phases
    std::vector<double> rest(phases, 0.0);
    std::ptrdiff_t back = from;
    for (;; back += step) {
      double largest = 0;
      for (std::size_t p = 0; p < phases; ++p) {
        rest[p] += std::fabs(at(back, p));
        largest = std::max(largest, rest[p]);
      }
      if (largest > tolerance || back == 0) return back;
    }
  };
  const std::ptrdiff_t last = outside(half - 1, -1), first = outside(-half, 1);
  if (last - first + 1 > half) {
    throw ConfigError({place, "gives a pulse of more than 128 symbols", "a response that has settled by then",
                       "raise the bandwidth or the damping"});
  }
  math::PolyphaseFir fir;
  fir.phases = phases;
  fir.taps = static_cast<std::size_t>(last - first + 1);
  fir.before = static_cast<std::size_t>(last);
  fir.table.resize(phases * fir.taps);
  for (std::size_t p = 0; p < phases; ++p) {
    double sum = 0;
    for (std::ptrdiff_t back = last; back >= first; --back) sum += at(back, p);
    for (std::size_t k = 0; k < fir.taps; ++k) {
      fir.table[p * fir.taps + k] = static_cast<float>(at(last - static_cast<std::ptrdiff_t>(k), p) / sum);
    }
  }
  return fir;
}

double peak_gain(const math::PolyphaseFir& fir) noexcept {
  double largest = 0;
  for (std::size_t p = 0; p < fir.phases; ++p) {
    double sum = 0;
    for (std::size_t k = 0; k < fir.taps; ++k) {
      sum += std::fabs(static_cast<double>(fir.table[p * fir.taps + k]));
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

}  // namespace lightlane::optics

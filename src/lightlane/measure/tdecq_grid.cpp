#include "lightlane/measure/tdecq_grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>

#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fft.hpp"
#include "lightlane/math/fir.hpp"
#include "lightlane/math/response.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

constexpr std::size_t row_padding = sample_padding + 4;
constexpr double two_pi = 6.28318530717958647693;

/// Bessel-Thomson without its delay at DC, which is that of its polynomial's linear term: y / 2 pi f.
std::complex<double> undelayed(double f_hz, double bandwidth_hz) {
  const double turn = 2.113917675 * f_hz / bandwidth_hz;
  return math::bessel_thomson4(f_hz, bandwidth_hz) * std::complex<double>(math::cos(turn), math::sin(turn));
}

std::vector<float> convolve(std::span<const float> power, double sample_rate_hz, double bandwidth_hz) {
  const math::Fir fir = math::design_fir([&](double f) { return math::bessel_thomson4(f, bandwidth_hz); },
                                         sample_rate_hz, 1e-10);
  return filter_cyclic(fir, power);
}

std::vector<float> transform(std::span<const float> power, double sample_rate_hz, double bandwidth_hz,
                             bool filter, std::size_t rise) {
  const std::size_t n = power.size(), wide = n * rise;
  std::vector<std::complex<double>> spectrum(power.begin(), power.end()), raised(wide);
  math::Fft(n).forward(spectrum);
  for (std::size_t k = 0; k < n; ++k) {
    const bool nyquist = 2 * k == n;
    const double f = math::bin_frequency(k, n, sample_rate_hz);
    std::complex<double> x = spectrum[k] * static_cast<double>(rise);
    if (filter) x *= nyquist ? undelayed(f, bandwidth_hz).real() : undelayed(f, bandwidth_hz);
    if (nyquist && rise > 1) {
      raised[k] += 0.5 * x;
      raised[wide - k] += 0.5 * std::conj(x);
    } else {
      raised[2 * k < n ? k : wide - (n - k)] += x;
    }
  }
  math::Fft(wide).inverse(raised);
  std::vector<float> out(wide);
  for (std::size_t i = 0; i < wide; ++i) out[i] = static_cast<float>(raised[i].real());
  return out;
}

}  // namespace

FilteredWaveform filter_waveform(std::span<const float> power, int samples_per_ui, double symbol_rate_hz,
                                 double bandwidth_hz, bool filter) {
  const double rate = symbol_rate_hz * samples_per_ui;
  if (samples_per_ui < 8) {
    const int rise = (16 + samples_per_ui - 1) / samples_per_ui;
    return {samples_per_ui * rise,
            transform(power, rate, bandwidth_hz, filter, static_cast<std::size_t>(rise))};
  }
  if (filter) return {samples_per_ui, convolve(power, rate, bandwidth_hz)};
  return {samples_per_ui, {power.begin(), power.end()}};
}

TdecqGrid::TdecqGrid(const FilteredWaveform& waveform, double mean_w, double oma_w,
                     const TdecqKernels& kernels)
    : symbols_(waveform.power_w.size() / static_cast<std::size_t>(waveform.samples_per_ui)),
      row_length_(symbols_ + 2 * row_padding),
      samples_per_ui_(waveform.samples_per_ui),
      points_(samples_per_ui_ >= 12 ? 8 : 12),
      kernels_(kernels) {
  const auto m = static_cast<std::size_t>(samples_per_ui_);
  rows_.resize(m * row_length_);
  const auto mean = static_cast<float>(mean_w), scale = static_cast<float>(1.0 / oma_w);
  constexpr std::size_t tile = 64;  // symbols: their samples stay in the cache while rows are written
  for (std::size_t first = 0; first < symbols_; first += tile) {
    const std::size_t end = std::min(first + tile, symbols_);
    for (std::size_t p = 0; p < m; ++p) {
      float* const row = rows_.data() + p * row_length_ + row_padding;
      const float* const in = waveform.power_w.data() + p;
      for (std::size_t n = first; n < end; ++n) row[n] = (in[n * m] - mean) * scale;
    }
  }
  for (std::size_t p = 0; p < m; ++p) {
    float* const row = rows_.data() + p * row_length_ + row_padding;
    for (std::size_t i = 0; i < row_padding; ++i) {
      row[symbols_ + i] = row[i % symbols_];
      row[-1 - static_cast<std::ptrdiff_t>(i)] = row[symbols_ - 1 - i % symbols_];
    }
  }
}

void TdecqGrid::sample(double phase_ui, std::ptrdiff_t first, std::span<float> out) const {
  const double position = (0.5 + phase_ui) * samples_per_ui_;
  const double base = std::floor(position), fraction = position - base;
  std::array<const float*, 12> row{};
  std::array<float, 12> weight{};
  const int before = points_ / 2 - 1;
  for (int k = 0; k < points_; ++k) {
    double w = 1.0;
    for (int j = 0; j < points_; ++j) {
      if (j != k) w *= (fraction + before - j) / (k - j);
    }
    const auto at = static_cast<std::ptrdiff_t>(base) - before + k;
    const std::ptrdiff_t m = samples_per_ui_, symbol = at >= 0 ? at / m : -((m - 1 - at) / m);
    weight[static_cast<std::size_t>(k)] = static_cast<float>(w);
    row[static_cast<std::size_t>(k)] = rows_.data() +
                                       static_cast<std::size_t>(at - symbol * m) * row_length_ +
                                       static_cast<std::ptrdiff_t>(row_padding) + symbol + first;
  }
  kernels_.interpolate(row.data(), weight.data(), points_, out.data(), out.size());
}

}  // namespace lightlane::measure

#pragma once
/// Patterns and waveforms for the tests of TDECQ, and a second, plain implementation of its procedure in
/// double.

#include <array>
#include <cmath>
#include <complex>
#include <cstdint>
#include <random>
#include <vector>

#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fft.hpp"
#include "lightlane/math/response.hpp"

namespace lightlane::measure::test {

using LevelVector = std::vector<std::uint8_t>;
constexpr double pi = 3.14159265358979323846;

/// PRBS13Q of lane 0 (802.3 120.5.11.2.1): Gray-coded pairs of two periods of x^13 + x^12 + x^2 + x + 1.
inline LevelVector prbs13q() {
  constexpr char seed[] = "0000010101011";  // S0 first
  std::array<int, 13> s{};
  for (std::size_t i = 0; i < 13; ++i) s[i] = seed[i] - '0';
  const auto bit = [&] {
    const int feedback = s[12] ^ s[11] ^ s[1] ^ s[0];
    for (std::size_t i = 12; i > 0; --i) s[i] = s[i - 1];
    return s[0] = feedback;
  };
  LevelVector out;
  for (int i = 0; i < 8191; ++i) {
    const int first = bit(), second = bit();
    out.push_back(static_cast<std::uint8_t>(2 * first + (first ^ second)));
  }
  return out;
}

/// SSPRQ (802.3 120.5.11.2.3).
inline LevelVector ssprq() {
  std::vector<int> a;
  const auto run = [&](std::uint32_t state, int bits) {
    for (int i = 0; i < bits; ++i) {
      const std::uint32_t feedback = ((state >> 30) ^ (state >> 27)) & 1u;
      state = ((state << 1) | feedback) & 0x7fffffffu;
      a.push_back(static_cast<int>(feedback ^ 1u));
    }
  };
  run(0x00000002, 10924);
  run(0x34013FF7, 10922);
  run(0x0CCCCCCC, 10922);
  std::vector<int> bits = a;
  bits.insert(bits.end(), a.begin(), a.end());
  bits.insert(bits.end(), a.begin() + 1, a.end());
  bits.insert(bits.end(), a.begin(), a.end() - 1);
  LevelVector out;
  for (std::size_t i = 0; i < 65535; ++i) {
    int level = 2 * bits[2 * i] + (bits[2 * i] ^ bits[2 * i + 1]);
    if ((i >= 16384 && i < 32768) || i >= 49151) level = 3 - level;
    out.push_back(static_cast<std::uint8_t>(level));
  }
  return out;
}

/// Every symbol `m` times: power[level].
inline std::vector<float> stairs(const LevelVector& levels, int m, const std::array<double, 4>& power) {
  std::vector<float> out;
  for (const std::uint8_t level : levels) {
    out.insert(out.end(), static_cast<std::size_t>(m), static_cast<float>(power[level]));
  }
  return out;
}

/// The cyclic waveform behind a response, delay and all; f in units of the symbol rate.
template <class Response>
std::vector<float> through(const std::vector<float>& in, int m, Response response) {
  const std::size_t n = in.size();
  std::vector<std::complex<double>> x(in.begin(), in.end());
  const math::Fft fft(n);
  fft.forward(x);
  for (std::size_t k = 0; k < n; ++k) x[k] *= response(math::bin_frequency(k, n, m));
  fft.inverse(x);
  std::vector<float> out;
  for (const auto& value : x) out.push_back(static_cast<float>(value.real()));
  return out;
}

inline std::complex<double> delay(double f, double ui) { return std::polar(1.0, -2.0 * pi * f * ui); }
/// Bessel-Thomson without its delay at DC; f and f3db over the symbol rate.
inline std::complex<double> undelayed_bt4(double f, double f3db) {
  return math::bessel_thomson4(f, f3db) * delay(f, -2.113917675 / (2.0 * pi * f3db));
}

/// What a waveform of the tests is made of.
struct Transmitter {
  std::array<double, 4> level{0.4, 0.4 + 1.0 / 3, 0.4 + 2.0 / 3, 1.4};
  double bandwidth = 0.6;        ///< fourth-order Bessel-Thomson, over the symbol rate
  double echo = 0, echo_ui = 2;  ///< of the power, one reflection
  double peaking = 0;            ///< (1 + peaking f^2) on top
  double dispersion = 0;  ///< square-law detected field: theta = dispersion f^2 [rad at the symbol rate]
  double chirp = 0;       ///< phase = chirp / 2 ln(power)
  double noise = 0;       ///< rms of Bessel-Thomson-shaped noise (half the symbol rate) over the outer step
};

inline std::vector<float> transmit(const LevelVector& levels, int m, const Transmitter& tx, int periods = 1) {
  LevelVector all;
  for (int p = 0; p < periods; ++p) all.insert(all.end(), levels.begin(), levels.end());
  std::vector<float> wave = through(stairs(all, m, tx.level), m, [&](double f) {
    // the staircase's samples stand half a sample early: with m even the middle of a symbol lies between two
    // of them
    return undelayed_bt4(f, tx.bandwidth) * (1.0 + tx.peaking * f * f) *
           (1.0 + tx.echo * delay(f, tx.echo_ui)) * delay(f, 0.5 / m);
  });
  if (tx.dispersion != 0) {
    const std::size_t n = wave.size();
    std::vector<std::complex<double>> field(n);
    for (std::size_t i = 0; i < n; ++i) {
      const double p = std::max(1e-6, static_cast<double>(wave[i]));
      field[i] = std::polar(std::sqrt(p), 0.5 * tx.chirp * std::log(p));
    }
    const math::Fft fft(n);
    fft.forward(field);
    for (std::size_t k = 0; k < n; ++k) {
      const double f = math::bin_frequency(k, n, m);
      field[k] *= std::polar(1.0, tx.dispersion * f * f);
    }
    fft.inverse(field);
    for (std::size_t i = 0; i < n; ++i) wave[i] = static_cast<float>(std::norm(field[i]));
  }
  if (tx.noise >
      0) {  // white over the sampled band; the reference filter shapes it to the rms that is asked for
    std::mt19937_64 engine(7);
    std::normal_distribution<double> normal;
    const double outer = tx.level[3] - tx.level[0],
                 share = 2.0 * 0.5 * 1.0464 / m;  // noise bandwidth over sampled
    for (float& p : wave) p += static_cast<float>(normal(engine) * tx.noise * outer / std::sqrt(share));
  }
  for (float& p : wave) p *= 1e-3f;
  return wave;
}

/// Steps 3 to 10 of the procedure, one after the other in double, over a waveform behind the filter. Phases
/// are taken from a waveform that was raised to 32 samples per UI, by cubics in between.
class PlainTdecq {
 public:
  PlainTdecq(const std::vector<float>& power, int m, bool filter, const LevelVector& levels, double p0,
             double p3, int nodes = 5)
      : symbols_(power.size() / static_cast<std::size_t>(m)), nodes_(nodes), levels_(levels) {
    const std::size_t n = power.size(), rise = static_cast<std::size_t>(std::max(1, 32 / m));
    std::vector<std::complex<double>> x(power.begin(), power.end()), wide(n * rise);
    math::Fft(n).forward(x);
    mean_ = x[0].real() / static_cast<double>(n);
    oma_ = p3 - p0;
    for (std::size_t k = 0; k < n; ++k) {
      if (2 * k == n) continue;
      const double f = math::bin_frequency(k, n, m);
      wide[2 * k < n ? k : n * rise - (n - k)] =
          x[k] * static_cast<double>(rise) * (filter ? undelayed_bt4(f, 0.5) : 1.0);
    }
    math::Fft(n * rise).inverse(wide);
    samples_per_ui_ = static_cast<std::size_t>(m) * rise;
    for (const auto& value : wide) dense_.push_back((value.real() - mean_) / oma_);
  }

  /// Autocorrelation of the noise at lags of 1 UI, from the facts' table.
  static double rho(int lag) {
    constexpr double table[] = {1.0, 0.020561, 0.001350, -0.0000798, 0.0000017};
    lag = std::abs(lag);
    return lag < 5 ? table[lag] : 0.0;
  }
  static double noise_gain(const std::vector<double>& taps) {
    double sum = 0;
    for (int i = 0; i < static_cast<int>(taps.size()); ++i) {
      for (int j = 0; j < static_cast<int>(taps.size()); ++j) {
        sum += taps[static_cast<std::size_t>(i)] * taps[static_cast<std::size_t>(j)] * rho(i - j);
      }
    }
    return std::sqrt(sum);
  }

  /// Equalised samples (scaled) of one histogram, -1 left or +1 right, node after node.
  std::vector<double> histogram(const std::vector<double>& taps, double phase_ui, int side) const {
    std::vector<double> out;
    for (int node = 0; node < nodes_; ++node) {
      const double at = phase_ui + side * 0.05 + 0.04 * ((node + 0.5) / nodes_ - 0.5);
      std::vector<double> row;
      for (std::size_t k = 0; k < symbols_; ++k) row.push_back(sample(static_cast<double>(k) + 0.5 + at));
      for (std::size_t k = 0; k < symbols_; ++k) {
        double y = 0;
        for (std::size_t j = 0; j < taps.size(); ++j) y += taps[j] * row[(k + taps.size() - j) % symbols_];
        out.push_back(y);
      }
    }
    return out;
  }

  /// TDECQ [dB] of taps (sum 1), phase and thresholds (scaled).
  double tdecq(const std::vector<double>& taps, double phase_ui, const std::array<double, 3>& thresholds,
               double target = 4.8e-4) const {
    constexpr double bin = 1.0 / 1000;
    std::array<std::vector<double>, 2> count;
    for (int side = 0; side < 2; ++side) {
      auto& cells = count[static_cast<std::size_t>(side)];
      cells.assign(4000, 0.0);
      const std::vector<double> y = histogram(taps, phase_ui, 2 * side - 1);
      for (const double value : y) {
        const double cell = std::min(3998.0, std::max(0.0, (value + 2.0) / bin)), whole = std::floor(cell);
        cells[static_cast<std::size_t>(whole)] += (1.0 - (cell - whole)) / static_cast<double>(y.size());
        cells[static_cast<std::size_t>(whole) + 1] += (cell - whole) / static_cast<double>(y.size());
      }
    }
    const double gain = noise_gain(taps);
    double low = std::log(1e-6), high = std::log(0.2);
    for (int i = 0; i < 30; ++i) {
      const double middle = 0.5 * (low + high), sigma = std::exp(middle) * gain;
      double worse = 0;
      for (const auto& cells : count) {
        double ser = 0;
        for (std::size_t c = 0; c < cells.size(); ++c) {
          if (cells[c] == 0) continue;
          const double value = static_cast<double>(c) * bin - 2.0;
          for (const double t : thresholds) {
            const double d = std::fabs(value - t) / sigma;
            if (d < 7.5) ser += cells[c] * 0.5 * std::erfc(d / std::sqrt(2.0));
          }
        }
        worse = std::max(worse, ser);
      }
      (worse > target ? high : low) = middle;
    }
    const double noise = std::exp(0.5 * (low + high));
    return -10.0 * std::log10(6.0 * 3.414 * noise);
  }

  double mean() const { return mean_; }
  double oma() const { return oma_; }

 private:
  double sample(double ui) const {
    const double at = ui * static_cast<double>(samples_per_ui_), whole = std::floor(at), u = at - whole;
    const auto i = static_cast<std::size_t>(whole) + dense_.size() - 1;  // one before
    const auto value = [&](std::size_t k) { return dense_[(i + k) % dense_.size()]; };
    return -u * (u - 1) * (u - 2) / 6 * value(0) + (u + 1) * (u - 1) * (u - 2) / 2 * value(1) -
           (u + 1) * u * (u - 2) / 2 * value(2) + (u + 1) * u * (u - 1) / 6 * value(3);
  }

  std::size_t symbols_, samples_per_ui_ = 0;
  int nodes_;
  LevelVector levels_;
  double mean_ = 0, oma_ = 0;
  std::vector<double> dense_;
};

}  // namespace lightlane::measure::test

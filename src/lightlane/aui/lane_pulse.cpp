#include "lightlane/aui/lane_pulse.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fft.hpp"

namespace lightlane::aui {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr int profile_samples_per_ui = 64;                  ///< and as many phases to choose from
constexpr std::size_t noise_steps = 128, noise_rates = 16;  ///< per symbol rate, and up to so many of them
constexpr std::size_t lead_ui = 32;            ///< room ahead of the pulse: taps, filters that answer early
constexpr std::size_t shortest_span_ui = 256;  ///< a period; longer by far than a lane remembers

using Complex = std::complex<double>;

double noise_frequency(std::size_t i) { return (static_cast<double>(i) + 0.5) / noise_steps; }

Complex product(Complex a, Complex b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

/// Of a symbol of 1 that begins `lead_ui` behind the period's start, by the profile.
std::vector<Complex> profile_spectrum(const HostChannelConfig& config, double rate_hz) {
  constexpr std::size_t m = profile_samples_per_ui, span = shortest_span_ui, n = m * span;
  std::vector<Complex> x(n / 2 + 1);
  for (std::size_t k = 0; k < n / 2; ++k) {
    const double f = static_cast<double>(k) / span, turn = -2 * pi * f * (lead_ui + 0.5);
    const double hold = k == 0 ? 1.0 : k % span == 0 ? 0.0 : math::sin(pi * f) / (pi * f);
    const Complex h = channel_response(f * rate_hz, config.loss_db, rate_hz / 2, config.loss_sqrt_share);
    x[k] = product(h, {m * hold * math::cos(turn), m * hold * math::sin(turn)});
  }
  return x;
}

/// The same from samples.
std::vector<Complex> sampled_spectrum(const PulseResponse& source) {
  const std::size_t m = static_cast<std::size_t>(source.samples_per_ui);
  std::size_t span = shortest_span_ui;
  while (span < (source.v.size() + m - 1) / m + 4 * lead_ui) span *= 2;
  std::vector<Complex> x(m * span);
  for (std::size_t i = 0; i < source.v.size(); ++i) x[lead_ui * m + i] = source.v[i];
  math::Fft(x.size()).forward(x);
  x.resize(x.size() / 2 + 1);
  return x;
}

/// Sum over the taps, time order of the input: tap j weighs symbol n + main - j, so it answers j - main
/// later.
std::vector<double> through_ffe(const std::vector<double>& pulse, const HostChannelConfig& config,
                                std::size_t m) {
  double magnitude = 0;
  for (const double tap : config.tx_ffe) magnitude += std::fabs(tap);
  const std::size_t n = pulse.size();
  std::vector<double> out(n, 0.0);
  for (std::size_t j = 0; j < config.tx_ffe.size(); ++j) {
    const std::size_t shift = (n + j * m - static_cast<std::size_t>(config.tx_ffe_main) * m) % n;
    for (std::size_t i = 0; i < n; ++i) out[(i + shift) % n] += config.tx_ffe[j] / magnitude * pulse[i];
  }
  return out;
}

}  // namespace

std::complex<double> ctle_response(double f, const CtleConfig& config, double peaking_db) {
  const Complex numerator(math::exp(-peaking_db * 0.11512925464970228420), f / config.zero_over_rate);
  const Complex poles = product({1, f / config.pole1_over_rate}, {1, f / config.pole2_over_rate});
  const Complex value = product(numerator, std::conj(poles));
  const double scale = 1 / std::norm(poles);
  return {scale * value.real(), scale * value.imag()};
}

math::Response receiver_response(const HostChannelConfig& config, double peaking_db) {
  const double rate_hz = config.symbol_rate_gbd.value() * 1e9, f3db = config.bandwidth_ghz * 1e9;
  if (!config.ctle.present && f3db == 0) return {};
  return [=, ctle = config.ctle](double f_hz) {
    const Complex low = f3db > 0 ? math::butterworth(f_hz, f3db, 4) : Complex(1);
    return ctle.present ? product(low, ctle_response(f_hz / rate_hz, ctle, peaking_db)) : low;
  };
}

LaneChannel::LaneChannel(const HostChannelConfig& config)
    : samples_per_ui(config.pulse ? config.pulse->samples_per_ui : profile_samples_per_ui),
      spectrum(config.pulse ? sampled_spectrum(*config.pulse)
                            : profile_spectrum(config, config.symbol_rate_gbd.value() * 1e9)),
      transform(2 * (spectrum.size() - 1)) {
  const double rate_hz = config.symbol_rate_gbd.value() * 1e9, f3db = config.bandwidth_ghz * 1e9;
  step = static_cast<double>(samples_per_ui) / static_cast<double>(transform.size());
  noise.assign(noise_steps * noise_rates, 1.0);
  if (f3db == 0) return;
  for (std::size_t k = 0; k < spectrum.size(); ++k) {
    spectrum[k] = product(spectrum[k], math::butterworth(static_cast<double>(k) * step * rate_hz, f3db, 4));
  }
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] = std::norm(math::butterworth(noise_frequency(i) * rate_hz, f3db, 4));
  }
}

LanePulse::LanePulse(const HostChannelConfig& config, const LaneChannel& channel, double peaking_db)
    : config_(&config), channel_(&channel), peaking_db_(peaking_db), samples_per_ui_(channel.samples_per_ui) {
  const std::size_t n = channel.transform.size(), m = static_cast<std::size_t>(samples_per_ui_);
  std::vector<Complex> x(n);
  for (std::size_t k = 0; k <= n / 2; ++k) {
    x[k] = channel.spectrum[k];
    if (config.ctle.present) {
      x[k] = product(x[k], ctle_response(static_cast<double>(k) * channel.step, config.ctle, peaking_db));
    }
    if (k == 0 || k == n - k) {
      x[k] = x[k].real();
    } else {
      x[n - k] = std::conj(x[k]);
    }
  }
  channel.transform.inverse(x);
  for (const Complex& v : x) tx_.push_back(v.real() * config.swing_mv / 2);
  symbol_ = through_ffe(tx_, config, m);
  peak_ = static_cast<std::size_t>(std::max_element(symbol_.begin(), symbol_.end()) - symbol_.begin());
  if (!(symbol_[peak_] > 1e-9 * config.swing_mv)) {  // beyond the transform's rounding
    throw ConfigError(
        {"aui.pulse", "never rises above 0", "a pulse that is positive somewhere", "inverted?"});
  }
}

Cursors LanePulse::cursors(const std::vector<double>& pulse, std::ptrdiff_t from_peak) const {
  const std::ptrdiff_t n = static_cast<std::ptrdiff_t>(pulse.size()), m = samples_per_ui_, span = n / m;
  const std::ptrdiff_t before = static_cast<std::ptrdiff_t>(lead_ui) - 2;
  Cursors made{-before, {}};
  for (std::ptrdiff_t k = -before; k < span - before; ++k) {
    const std::ptrdiff_t i = (static_cast<std::ptrdiff_t>(peak_) + from_peak + k * m) % n;
    made.v.push_back(pulse[static_cast<std::size_t>(i < 0 ? i + n : i)]);
  }
  // What no figure feels is left out at both ends.
  const double least = 1e-8 * symbol_[peak_];
  while (made.first < 0 && std::fabs(made.v.front()) < least) {
    made.v.erase(made.v.begin());
    ++made.first;
  }
  while (made.last() > 0 && std::fabs(made.v.back()) < least) made.v.pop_back();
  return made;
}

Sampled LanePulse::at(std::ptrdiff_t samples) const {
  Sampled sampled{cursors(tx_, samples), cursors(symbol_, samples), {}};
  if (samples_per_ui_ > 1) {
    const Cursors later = cursors(symbol_, samples + 1), earlier = cursors(symbol_, samples - 1);
    sampled.slope.first = std::min(later.first, earlier.first);
    for (std::ptrdiff_t k = sampled.slope.first; k <= std::max(later.last(), earlier.last()); ++k) {
      sampled.slope.v.push_back((later(k) - earlier(k)) * samples_per_ui_ / 2);
    }
  } else {
    sampled.slope.v = {0.0};
  }
  return sampled;
}

std::vector<double> LanePulse::noise(std::size_t count) const {
  std::vector<double> correlation(count, 0.0);
  correlation[0] = config_->noise_rms_mv * config_->noise_rms_mv;
  if (config_->noise_v2_per_ghz == 0) return correlation;
  const double step_ghz = config_->symbol_rate_gbd.value() / noise_steps;
  for (std::size_t i = 0; i < channel_->noise.size(); ++i) {
    const double f = noise_frequency(i);
    double power = config_->noise_v2_per_ghz * 1e6 * step_ghz * channel_->noise[i];
    if (config_->ctle.present) power *= std::norm(ctle_response(f, config_->ctle, peaking_db_));
    correlation[0] += power;
    for (std::size_t lag = 1; lag < count; ++lag) {
      correlation[lag] += power * math::cos(2 * pi * f * static_cast<double>(lag));
    }
  }
  return correlation;
}

}  // namespace lightlane::aui

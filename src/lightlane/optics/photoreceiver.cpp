#include "lightlane/optics/photoreceiver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <span>
#include <utility>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fir.hpp"
#include "lightlane/math/gaussian.hpp"
#include "lightlane/optics/detector.hpp"
#include "lightlane/optics/detector_kernels.hpp"

namespace lightlane::optics {
namespace {

constexpr double filter_tolerance = 1e-6;  // energy of the impulse response outside the taps
constexpr std::size_t chunk = 2048;        // samples that stay in the cache between passes
constexpr std::size_t kept_phases = 32;
constexpr float linear_range = 2,
                clip_range = 0.5f;  // of the overload current; the second in addition, at most

void require(const char* key, double value, double low, double high, const char* unit,
             const char* hint = "") {
  if (value >= low && value <= high) return;  // and not NaN
  throw ConfigError({std::string("rx.") + key, fmt::format("is {}", value),
                     fmt::format("{} to {} {}", low, high, unit), hint});
}

void check(const PhotoreceiverConfig& c, double sample_rate_hz, double wavelength_nm) {
  require("responsivity_a_per_w", c.responsivity_a_per_w, 0.01, 2, "A/W");
  require("tia_noise_pa_sqrt_hz", c.tia_noise_pa_sqrt_hz, 0, 1000, "pA/sqrt(Hz)");
  require("bandwidth_ghz", c.bandwidth_ghz, 0.1, 0.4e-9 * sample_rate_hz, "GHz",
          "the upper end is 0.4 of the simulation's sample rate");
  require("rin_db_per_hz", c.rin_db_per_hz, -400, -60, "dB/Hz");
  require("overload_dbm", c.overload_dbm, -60, 60, "dBm");
  require("los_dbm", c.los_dbm, -200, 60, "dBm");
  require("wavelength_nm", wavelength_nm, 800, 1700, "nm");
  if (c.kind == DetectorKind::apd) {
    require("apd_gain", c.apd_gain, 1, 1000, "");
    require("apd_k", c.apd_k, 0, 1, "");
  }
  if (c.kind == DetectorKind::soa_pin) {
    require("soa_gain_db", c.soa_gain_db, 0, 40, "dB");
    const double least_db = math::to_db(2 - math::from_db(-c.soa_gain_db));
    require("soa_noise_figure_db", c.soa_noise_figure_db, least_db, 20, "dB",
            "an amplifier of gain G adds at least 2 - 1 / G (3 dB at high gain)");
    require("soa_optical_bandwidth_nm", c.soa_optical_bandwidth_nm, 0.01, 200, "nm");
  }
}

/// Fits the filter into a fixed reach: zeros where it is shorter. What may be cut is below the design's
/// tolerance.
math::Fir fitted(const math::Fir& fir, std::size_t before, std::size_t after) {
  math::Fir out{std::vector<float>(before + 1 + after), before};
  for (std::size_t k = 0; k < fir.taps.size(); ++k) {
    const std::size_t at = before + k - fir.before;  // wraps to something large where it is cut
    if (at < out.taps.size()) out.taps[at] = fir.taps[k];
  }
  return out;
}

/// The receiver filter for one phase.
struct Phase {
  std::ptrdiff_t shift;  ///< whole samples; the fraction lies in the taps
  math::Fir fir, squared;
};

bool any_above(std::span<const float> x, float limit) noexcept {
  int above = 0;
  for (const float v : x) above |= v > limit ? 1 : 0;
  return above != 0;
}

}  // namespace

struct Photoreceiver::Parts {
  PhotoreceiverConfig config;
  Rational symbol_rate_gbd;
  std::ptrdiff_t samples_per_ui;
  double sample_rate_hz;
  math::Response response;
  std::size_t before, after;  ///< reach of the filter at any phase
  double gain;
  NoiseDensity density;
  float knee, headroom;  ///< output: linear up to knee, at most knee + headroom
  math::GaussianStream noise;
  detail::Photocurrent photocurrent = select(detail::photocurrent_kernels()).function;
  mutable std::mutex mutex;
  mutable std::vector<std::pair<double, std::shared_ptr<const Phase>>> phases;

  Parts(PhotoreceiverConfig c, Rational rate, int spu, double wavelength_nm, std::uint64_t seed,
        std::uint32_t lane)
      : config(std::move(c)), symbol_rate_gbd(rate), samples_per_ui(spu), noise(seed, "rx.noise", lane) {
    if (spu < 2 || spu % 2 != 0 || spu > 128) {
      throw ConfigError({"rx.samples_per_ui", fmt::format("is {}", spu), "an even number, 2 to 128", ""});
    }
    sample_rate_hz = rate.value() * 1e9 * spu;
    check(config, sample_rate_hz, wavelength_nm);
    const double f3db = config.bandwidth_ghz * 1e9;
    if (config.filter == ReceiverFilter::bessel_thomson4) {
      response = [f3db](double f) { return math::bessel_thomson4(f, f3db); };
    } else {
      response = [f3db](double f) { return math::butterworth(f, f3db, 4); };
    }
    before = after = 0;
    for (const double fraction : {-0.5, 0.0, 0.5}) {
      const math::Fir fir = design(fraction);
      before = std::max(before, fir.before);
      after = std::max(after, fir.after());
    }
    gain = detector_gain_a_per_w(config);
    density = noise_density(config, wavelength_nm, math::noise_bandwidth(response, sample_rate_hz / 2));
    const double overload_a = gain * math::from_db(config.overload_dbm) * 1e-3;
    knee = static_cast<float>(linear_range * overload_a);
    headroom = static_cast<float>(clip_range * overload_a);
  }

  /// Filter whose output at sample i is the filtered light `fraction` of a sample later.
  math::Fir design(double fraction) const {
    return math::design_fir(response, sample_rate_hz, filter_tolerance, -fraction / sample_rate_hz);
  }

  std::shared_ptr<const Phase> phase(double phase_ui) const {
    if (!(std::fabs(phase_ui) <= 1)) {
      throw ConfigError({"rx.phase_ui", fmt::format("is {}", phase_ui), "-1 to 1 UI", ""});
    }
    const std::lock_guard lock(mutex);
    for (const auto& [ui, phase] : phases) {
      if (ui == phase_ui) return phase;
    }
    const double samples = phase_ui * static_cast<double>(samples_per_ui), shift = std::floor(samples + 0.5);
    math::Fir fir = fitted(design(samples - shift), before, after), squared = fir;
    for (float& tap : squared.taps) tap *= tap;
    if (phases.size() == kept_phases) phases.erase(phases.begin());
    phases.emplace_back(phase_ui, std::make_shared<const Phase>(Phase{static_cast<std::ptrdiff_t>(shift),
                                                                      std::move(fir), std::move(squared)}));
    return phases.back().second;
  }

  signal::Halo halo() const noexcept {
    const auto ui = static_cast<std::size_t>(samples_per_ui);
    return {before + ui, after + ui};
  }

  /// Symbols whose halo lies inside the window, and where the first one's earliest tap stands.
  struct Range {
    std::int64_t first_symbol;
    std::size_t count, start;
  };
  Range symbols_of(const signal::Power& in, std::ptrdiff_t shift) const noexcept {
    const signal::Halo reach = halo();
    const auto low = in.axis.first_index + static_cast<std::int64_t>(reach.before);
    const auto high =
        in.axis.first_index + static_cast<std::int64_t>(in.w.size()) - static_cast<std::int64_t>(reach.after);
    // n samples_per_ui + samples_per_ui / 2 in [low, high)
    const auto above = [&](std::int64_t sample) {
      const std::int64_t x = sample - samples_per_ui / 2 + samples_per_ui - 1;
      return x / samples_per_ui - (x % samples_per_ui < 0 ? 1 : 0);
    };
    const std::int64_t first = above(low), end = above(high);
    if (end <= first) return {first, 0, 0};
    const std::int64_t centre = first * samples_per_ui + samples_per_ui / 2 - in.axis.first_index;
    return {first, static_cast<std::size_t>(end - first),
            static_cast<std::size_t>(centre + shift - static_cast<std::int64_t>(before))};
  }

  /// Every `stride`-th sample of the filtered current, the first from the taps that begin at in.w[start].
  void run(const signal::Power& in, std::size_t start, std::size_t stride, const math::Fir& fir,
           bool with_noise, std::span<float> out) const {
    const std::size_t taps = fir.taps.size(), block = std::max<std::size_t>(chunk / stride, 1);
    const std::size_t overlap = taps > stride ? taps - stride : 0;
    thread_local std::vector<float> current, sigma;
    current.resize(block * stride + taps);
    sigma.resize(current.size());
    for (std::size_t done = 0; done < out.size(); done += block) {
      const std::size_t count = std::min(block, out.size() - done), needed = (count - 1) * stride + taps;
      // What the last block ended with is where this one begins.
      const std::size_t have = done == 0 ? 0 : std::min(overlap, needed);
      if (have != 0) std::copy_n(current.data() + block * stride, have, current.data());
      const std::size_t from = start + done * stride + have;
      light_to_current(in, from, needed - have, with_noise, current.data() + have, sigma.data());
      math::filter_decimate(fir, {current.data(), needed}, stride, out.subspan(done, count));
    }
    clip(out);
  }

  void light_to_current(const signal::Power& in, std::size_t from, std::size_t count, bool with_noise,
                        float* current, float* sigma) const noexcept {
    const float* light = in.w.data() + from;
    if (!with_noise) {
      const auto amperes = static_cast<float>(gain);
      for (std::size_t i = 0; i < count; ++i) current[i] = amperes * light[i];
      return;
    }
    const double half_rate = sample_rate_hz / 2;
    const std::array<float, 3> d{static_cast<float>(density.constant_a2_hz * half_rate),
                                 static_cast<float>(density.linear_a2_hz_w * half_rate),
                                 static_cast<float>(density.quadratic_a2_hz_w2 * half_rate)};
    photocurrent(light, count, static_cast<float>(gain), d.data(), current, sigma);
    noise.add(in.axis.first_index + static_cast<std::int64_t>(from), std::span<const float>(sigma, count),
              {current, count});
  }

  /// Above the knee, x = knee + u goes to knee + u h / (u + h), h = headroom: slope 1 at the knee.
  void clip(std::span<float> out) const noexcept {
    if (!any_above(out, knee)) return;
    for (float& x : out) {
      const float over = x - knee;
      x = over > 0 ? knee + over * headroom / (over + headroom) : x;
    }
  }
};

Photoreceiver::Photoreceiver(PhotoreceiverConfig config, Rational symbol_rate_gbd, int samples_per_ui,
                             double wavelength_nm, std::uint64_t seed, std::uint32_t lane)
    : parts_(std::make_unique<Parts>(std::move(config), symbol_rate_gbd, samples_per_ui, wavelength_nm, seed,
                                     lane)) {}
Photoreceiver::~Photoreceiver() = default;
Photoreceiver::Photoreceiver(Photoreceiver&&) noexcept = default;

signal::Halo Photoreceiver::halo() const noexcept { return parts_->halo(); }
double Photoreceiver::gain_a_per_w() const noexcept { return parts_->gain; }
const PhotoreceiverConfig& Photoreceiver::config() const noexcept { return parts_->config; }

void Photoreceiver::sample(const signal::Power& in, double phase_ui, bool noise, signal::Current& out) const {
  LIGHTLANE_ASSERT(in.axis.samples_per_ui == parts_->samples_per_ui);
  const auto phase = parts_->phase(phase_ui);
  const auto range = parts_->symbols_of(in, phase->shift);
  out.axis = {range.first_symbol, 1, in.axis.symbol_rate_gbd};
  out.a.resize(range.count);
  parts_->run(in, range.start, static_cast<std::size_t>(parts_->samples_per_ui), phase->fir, noise, out.a);
}

void Photoreceiver::process(const signal::Power& in, bool noise, std::vector<float>& out,
                            signal::Axis& axis) const {
  LIGHTLANE_ASSERT(in.axis.samples_per_ui == parts_->samples_per_ui);
  const auto phase = parts_->phase(0);
  const signal::Halo reach = parts_->halo();
  const std::size_t used = reach.before + reach.after;
  out.resize(in.w.size() > used ? in.w.size() - used : 0);
  axis = in.axis;
  axis.first_index += static_cast<std::int64_t>(reach.before);
  parts_->run(in, reach.before - parts_->before, 1, phase->fir, noise, out);
}

NoiseVariances Photoreceiver::variances(const signal::Power& in, double phase_ui) const {
  const Parts& p = *parts_;
  LIGHTLANE_ASSERT(in.axis.samples_per_ui == p.samples_per_ui);
  const auto phase = p.phase(phase_ui);
  const auto range = p.symbols_of(in, phase->shift);
  const auto stride = static_cast<std::size_t>(p.samples_per_ui);
  const double half_rate = p.sample_rate_hz / 2;
  double sum = 0;
  for (const float tap : phase->squared.taps) sum += static_cast<double>(tap);

  NoiseVariances out;
  out.constant = p.density.constant_a2_hz * half_rate * sum;
  out.linear.resize(range.count);
  out.quadratic.resize(range.count);
  if (range.count == 0) return out;
  std::vector<float> light((range.count - 1) * stride + phase->fir.taps.size());
  for (std::size_t i = 0; i < light.size(); ++i) light[i] = std::max(in.w[range.start + i], 0.0f);
  math::filter_decimate(phase->squared, light, stride, out.linear);
  for (float& w : light) w *= w;
  math::filter_decimate(phase->squared, light, stride, out.quadratic);
  const auto linear = static_cast<float>(p.density.linear_a2_hz_w * half_rate);
  const auto quadratic = static_cast<float>(p.density.quadratic_a2_hz_w2 * half_rate);
  for (float& v : out.linear) v *= linear;
  for (float& v : out.quadratic) v *= quadratic;

  // The filters overshoot by less than 12 %.
  if (!any_above(in.w, static_cast<float>(0.8 * p.knee / p.gain))) return out;
  std::vector<float> current(range.count);
  for (std::size_t i = 0; i < light.size(); ++i)
    light[i] = static_cast<float>(p.gain) * in.w[range.start + i];
  math::filter_decimate(phase->fir, light, stride, current);
  for (std::size_t i = 0; i < range.count; ++i) {
    const float over = std::max(current[i] - p.knee, 0.0f), slope = p.headroom / (over + p.headroom);
    out.linear[i] *= slope * slope * slope * slope;
    out.quadratic[i] *= slope * slope * slope * slope;
  }
  return out;
}

std::vector<double> Photoreceiver::noise_correlation(std::size_t lags) const {
  const math::Fir fir = parts_->design(0);
  const auto step = static_cast<std::size_t>(parts_->samples_per_ui);
  std::vector<double> out(lags, 0.0);
  for (std::size_t l = 0; l < lags; ++l) {
    for (std::size_t k = 0; k + l * step < fir.taps.size(); ++k) {
      out[l] += static_cast<double>(fir.taps[k]) * static_cast<double>(fir.taps[k + l * step]);
    }
  }
  for (std::size_t l = lags; l-- > 0;) out[l] /= out[0];
  return out;
}

}  // namespace lightlane::optics

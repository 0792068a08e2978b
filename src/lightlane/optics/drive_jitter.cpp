#include "lightlane/optics/drive_jitter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/optics/drive_warp.hpp"

namespace lightlane::optics {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double random_peak = 6.2;       ///< sigmas to which the normal draws reach
constexpr double interpolation_ui = 0.3;  ///< of the 3/8 UI that the seven points reach

void require(bool good, const char* key, double value, const char* allowed) {
  if (!good) throw ConfigError({std::string("tx.jitter.") + key, fmt::format("is {}", value), allowed, ""});
}

void warp_ref(const float* v, const float* shift, std::size_t stride, std::size_t count,
              float* out) noexcept {
  warp_loop(v, shift, stride, count, out);
}

}  // namespace

std::span<const Kernel<Warp>> warp_kernels() noexcept {
  static constexpr Kernel<Warp> table[] = {
      {Variant::ref, warp_ref},
#ifdef __x86_64__
      {Variant::avx2, warp_avx2},
      {Variant::avx512, warp_avx512},
#endif
  };
  return table;
}

Jitter::Jitter(const JitterConfig& config, double symbol_rate_hz, int samples_per_ui, std::uint64_t seed,
               std::uint32_t lane)
    : config_(config),
      samples_per_ui_(static_cast<std::size_t>(samples_per_ui)),
      stride_(std::max<std::size_t>(1, (samples_per_ui_ + 4) / 8)),
      turns_per_symbol_(config.sinusoidal_mhz * 1e6 / symbol_rate_hz),
      random_ui_(static_cast<float>(config.random_fs * 1e-15 * symbol_rate_hz)),
      none_(config.random_fs == 0 && config.sinusoidal_ui == 0 && config.even_odd_ui == 0),
      random_(seed, "tx.random_jitter", lane) {
  // 0.03 UI rms puts 6.2 sigma at 0.19 UI; the mask of jitter tolerance asks for 5 UI at 40 kHz (802.3
  // 121.8.9.4).
  require(config.random_fs >= 0 && random_ui_ <= 0.03f, "random_fs", config.random_fs, "0 to 0.03 UI rms");
  require(config.sinusoidal_ui >= 0 && config.sinusoidal_ui <= 20, "sinusoidal_ui", config.sinusoidal_ui,
          "0 to 20 UI peak to peak");
  require(config.sinusoidal_mhz > 0 && config.sinusoidal_mhz <= 5000, "sinusoidal_mhz", config.sinusoidal_mhz,
          "above 0, up to 5000 MHz");
  require(config.even_odd_ui >= 0 && config.even_odd_ui <= 0.2, "even_odd_ui", config.even_odd_ui,
          "0 to 0.2 UI peak to peak");
  const double edge = random_peak * random_ui_ + config.even_odd_ui / 2;
  const double slope = config.sinusoidal_ui / 2 * 2 * pi * turns_per_symbol_;  // UI per symbol
  require(edge + slope / 2 <= interpolation_ui, "sinusoidal_ui", config.sinusoidal_ui,
          "a shift of at most 0.3 UI between an edge and its symbol's middle, all jitter together");
  const double peak = edge + config.sinusoidal_ui / 2;
  wide_ = peak > interpolation_ui;
  if (!none_) {
    reach_ = (3 * stride_ + samples_per_ui_ - 1) / samples_per_ui_;
    if (wide_) reach_ += static_cast<std::size_t>(peak + 0.5) + 1;
  }
  ramp_.phases = samples_per_ui_;
  ramp_.taps = 2;
  for (std::size_t p = 0; p < samples_per_ui_; ++p) {
    const float part = static_cast<float>(p) / static_cast<float>(samples_per_ui_);
    ramp_.table.push_back(1.0f - part);
    ramp_.table.push_back(part);
  }
}

void Jitter::edges(std::int64_t first, std::span<float> tau) const noexcept {
  const float half = static_cast<float>(config_.even_odd_ui / 2);
  for (std::size_t i = 0; i < tau.size(); ++i) {
    tau[i] = ((first + static_cast<std::int64_t>(i)) & 1) != 0 ? half : -half;
  }
  if (config_.sinusoidal_ui != 0) {
    const double amplitude = config_.sinusoidal_ui / 2;
    for (std::size_t i = 0; i < tau.size(); ++i) {
      const double turns = static_cast<double>(first + static_cast<std::int64_t>(i)) * turns_per_symbol_;
      tau[i] += static_cast<float>(amplitude * math::sin(2 * pi * (turns - std::floor(turns))));
    }
  }
  if (random_ui_ != 0) random_.add(first, random_ui_, tau);
}

void Jitter::process(const float* in, std::int64_t first, std::size_t count, float* out) const {
  thread_local std::vector<float> tau, shift;
  const std::size_t m = samples_per_ui_, samples = count * m;
  tau.resize(count + 1);
  shift.resize(samples);
  edges(first, tau);
  const Warp warp = select(warp_kernels()).function;
  const float* const v = in + reach_ * m;
  const float step = -static_cast<float>(m) / static_cast<float>(stride_);  // from UI late to points ahead
  if (!wide_) {
    for (float& t : tau) t *= step;
    math::filter_interpolate(ramp_, tau, shift);
    warp(v, shift.data(), stride_, samples, out);
    return;
  }
  for (std::size_t n = 0; n < count; ++n) {
    const float middle = 0.5f * (tau[n] + tau[n + 1]);
    const float whole = std::floor(middle * static_cast<float>(m) + 0.5f);  // samples late
    const float base = whole / static_cast<float>(m);
    const float begin = (tau[n] - base) * step, slope = (tau[n + 1] - tau[n]) * step / static_cast<float>(m);
    float* const x = shift.data() + n * m;
    for (std::size_t p = 0; p < m; ++p) x[p] = begin + slope * static_cast<float>(p);
    warp(v + static_cast<std::ptrdiff_t>(n * m) - static_cast<std::ptrdiff_t>(whole), x, stride_, m,
         out + n * m);
  }
}

}  // namespace lightlane::optics

#include "lightlane/optics/drive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/optics/drive_pulse.hpp"

namespace lightlane::optics {
namespace {

constexpr double random_peak = 6.2;  ///< sigmas to which the normal draws reach
constexpr double ln2 = 0.69314718055994530942;

/// Taps in time order of the input, scaled so that their magnitudes sum to 1.
std::vector<float> scaled_taps(const DacConfig& dac) {
  double magnitude = 0, sum = 0;
  for (const double tap : dac.ffe) {
    magnitude += std::fabs(tap);
    sum += tap;
  }
  // Below a twentieth of full scale a long run would be left to quantisation noise.
  if (!(magnitude > 0 && sum >= 0.05 * magnitude)) {
    throw ConfigError({"tx.dac.ffe", fmt::format("has taps that cancel each other: they sum to {}", sum),
                       "a sum of at least 0.05 of the magnitudes' sum", "main tap positive"});
  }
  std::vector<float> taps;
  for (std::size_t k = dac.ffe.size(); k-- > 0;) taps.push_back(static_cast<float>(dac.ffe[k] / magnitude));
  return taps;
}

/// Noise that leaves `enob` effective bits on a full scale of 2: that of a uniform quantiser of so many bits.
float enob_noise(double enob) {
  return enob > 0 ? static_cast<float>(2.0 / (math::exp(enob * ln2) * std::sqrt(12.0))) : 0.0f;
}

}  // namespace

Drive::Drive(const TransmitterConfig& config, const math::Response& parts, int samples_per_ui,
             std::uint64_t seed, std::uint32_t lane)
    : ffe_(scaled_taps(config.dac)),
      ffe_before_(config.dac.ffe.size() - 1 - static_cast<std::size_t>(config.dac.ffe_main)),
      level_mask_(config.modulation == signal::Modulation::nrz ? 1 : 3),
      steps_(config.dac.bits > 0 ? static_cast<float>((1 << config.dac.bits) - 1) : 0.0f),
      noise_(enob_noise(config.dac.enob)),
      noise_stream_(seed, "tx.dac_noise", lane),
      pulse_(design_pulse(
          parts, config.symbol_rate_gbd.value() * 1e9, samples_per_ui,
          config.modulator.kind == ModulatorKind::dml || config.modulator.kind == ModulatorKind::vcsel
              ? "tx.modulator.relaxation_ghz"
              : "tx.modulator.bandwidth_ghz")),
      jitter_(config.jitter, config.symbol_rate_gbd.value() * 1e9, samples_per_ui, seed, lane) {}

float Drive::quantise(float y) const noexcept {
  if (steps_ == 0) return y;
  const float half = 0.5f * steps_;
  float code = y * half + (half + 0.5f);
  code = std::min(std::max(code, 0.0f), steps_);
  return static_cast<float>(static_cast<std::int32_t>(code)) / half - 1.0f;
}

double Drive::steady(double x) const noexcept {
  const float input = static_cast<float>(x);
  float sum = 0;
  for (const float tap : ffe_) sum += tap * input;
  return quantise(sum);
}

double Drive::dc_gain() const noexcept {
  double sum = 0;
  for (const float tap : ffe_) sum += tap;
  return sum;
}

void Drive::set_levels(const std::array<double, 4>& x) {
  for (std::size_t octet = 0; octet < level_.size(); ++octet) {
    const std::size_t level = octet & level_mask_;
    level_[octet] = static_cast<float>(level_mask_ == 1 && level == 1 ? x[3] : x[level]);
  }
}

double Drive::peak() const noexcept {
  // The interpolation of the warp may overshoot its points by a tenth at most where the points are UI / 8
  // apart.
  return peak_gain(pulse_) * (1.0 + random_peak * static_cast<double>(noise_)) * (jitter_.none() ? 1.0 : 1.1);
}

signal::Halo Drive::halo() const noexcept {
  const std::size_t pulse_after = pulse_.taps - 1 - pulse_.before;
  return {jitter_.reach() + pulse_.before + ffe_before_,
          jitter_.reach() + pulse_after + ffe_.size() - 1 - ffe_before_};
}

void Drive::symbols(const std::uint8_t* levels, std::int64_t first, std::size_t count, bool noise,
                    float* out) const {
  if (ffe_.size() == 1) {
    const float tap = ffe_[0];
    for (std::size_t n = 0; n < count; ++n) out[n] = tap * level_[levels[n]];
  } else {
    thread_local std::vector<float> x;
    x.resize(count + ffe_.size() - 1);
    for (std::size_t n = 0; n < x.size(); ++n) x[n] = level_[levels[n]];
    std::fill(out, out + count, 0.0f);
    for (std::size_t k = 0; k < ffe_.size(); ++k) {
      const float tap = ffe_[k];
      const float* const from = x.data() + k;
      for (std::size_t n = 0; n < count; ++n) out[n] += tap * from[n];
    }
  }
  if (steps_ != 0) {
    for (std::size_t n = 0; n < count; ++n) out[n] = quantise(out[n]);
  }
  if (noise && noise_ != 0) noise_stream_.add(first, noise_, {out, count});
}

void Drive::process(const std::uint8_t* levels, std::int64_t first, std::size_t count, bool impairments,
                    float* out) const {
  thread_local std::vector<float> dac, straight;
  const std::size_t reach = jitter_.reach(), made = count + 2 * reach;
  dac.resize(made + pulse_.taps - 1);
  symbols(levels, first - static_cast<std::int64_t>(reach + pulse_.before), dac.size(), impairments,
          dac.data());
  if (reach == 0) {
    math::filter_interpolate(pulse_, dac, {out, count * pulse_.phases});
    return;
  }
  straight.resize(made * pulse_.phases);
  math::filter_interpolate(pulse_, dac, straight);
  if (impairments) {
    jitter_.process(straight.data(), first, count, out);
  } else {
    std::copy_n(straight.data() + reach * pulse_.phases, count * pulse_.phases, out);
  }
}

}  // namespace lightlane::optics

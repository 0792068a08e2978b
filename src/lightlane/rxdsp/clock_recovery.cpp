#include "lightlane/rxdsp/clock_recovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/rxdsp/clock_loop.hpp"

namespace lightlane::rxdsp {
namespace detail {

void validate(const ClockRecoveryConfig& c, std::size_t samples, int samples_per_ui, double symbol_rate_hz) {
  const auto refuse = [](const char* key, std::string is, std::string allowed) {
    throw ConfigError(
        {std::string("dsp.clock_recovery.") + key, "is " + std::move(is), std::move(allowed), ""});
  };
  if (!(symbol_rate_hz > 0)) refuse("symbol_rate_hz", fmt::format("{}", symbol_rate_hz), "above 0");
  if (!(c.bandwidth_mhz > 0 && c.bandwidth_mhz * 1e6 <= symbol_rate_hz / 100)) {
    refuse("bandwidth_mhz", fmt::format("{}", c.bandwidth_mhz),
           fmt::format("above 0, up to {}", symbol_rate_hz / 1e8));
  }
  if (!(c.damping >= 0.3 && c.damping <= 100)) refuse("damping", fmt::format("{}", c.damping), "0.3 to 100");
  if (!(c.initial_phase_ui >= -0.5 && c.initial_phase_ui <= 0.5)) {
    refuse("initial_phase_ui", fmt::format("{}", c.initial_phase_ui), "-0.5 to 0.5");
  }
  if (samples_per_ui < 4 || samples_per_ui % 2 != 0) {
    refuse("samples_per_ui", fmt::format("{}", samples_per_ui), "even, 4 or more");
  }
  const std::size_t symbols = samples / static_cast<std::size_t>(samples_per_ui);
  if (symbols < 256) refuse("symbols", fmt::format("{}", symbols), "256 or more");
}

LoopGains loop_gains(const ClockRecoveryConfig& c, double symbol_rate_hz) noexcept {
  constexpr double two_pi = 6.283185307179586;
  const double proportional = two_pi * c.bandwidth_mhz * 1e6 / symbol_rate_hz;
  const double natural = proportional / (2 * c.damping);  // omega_n T
  return {proportional, natural * natural};
}

}  // namespace detail

namespace {

/// The waveform at any instant, in samples; beyond its ends, its ends.
class Interpolator {
 public:
  explicit Interpolator(std::span<const float> samples)
      : samples_(samples), last_(static_cast<double>(samples.size()) - 3) {}
  double operator()(double position) const noexcept {
    const double p = std::clamp(position, 1.0, last_);
    const std::size_t i = static_cast<std::size_t>(p);
    const auto at = [&](std::size_t k) { return static_cast<double>(samples_[k]); };
    return detail::cubic(at(i - 1), at(i), at(i + 1), at(i + 2), p - static_cast<double>(i));
  }

 private:
  std::span<const float> samples_;
  double last_;
};

/// What the lock detector looks at, over the last half.
class LockDetector {
 public:
  explicit LockDetector(std::size_t block) : block_(block) {}
  void take(double error_ui, double sample, double half_later) noexcept {
    power_.add(sample, half_later);
    sum_ += error_ui;
    if (++in_block_ < block_) return;
    const double mean = sum_ / static_cast<double>(block_);
    timing_ += mean * mean;
    ++blocks_;
    sum_ = 0;
    in_block_ = 0;
  }
  bool locked() const noexcept {
    if (blocks_ == 0) return false;
    // On noise the two powers differ by chance alone, by less than 4 / sqrt(symbols).
    const double margin = std::max(0.02, 4 / std::sqrt(static_cast<double>(power_.symbols)));
    return std::sqrt(timing_ / static_cast<double>(blocks_)) < 0.1 &&
           power_.here > (1 + margin) * power_.between;
  }

 private:
  std::size_t block_, in_block_ = 0, blocks_ = 0;
  double sum_ = 0, timing_ = 0;
  detail::EyePower power_;
};

}  // namespace

ClockRecoveryResult recover_clock(const ClockRecoveryConfig& config, std::span<const float> samples,
                                  int samples_per_ui, double symbol_rate_hz) {
  detail::validate(config, samples.size(), samples_per_ui, symbol_rate_hz);
  const double per_ui = samples_per_ui;
  const std::size_t symbols = samples.size() / static_cast<std::size_t>(samples_per_ui);
  const detail::TimingReference reference =
      detail::find_reference(samples, samples_per_ui, config.modulation);
  const Interpolator waveform(samples);
  ClockRecoveryResult result;
  result.samples.resize(symbols);
  result.phase_ui = config.initial_phase_ui;
  if (!reference.usable) {
    for (std::size_t i = 0; i < symbols; ++i) {
      result.samples[i] =
          static_cast<float>(waveform((static_cast<double>(i) + 0.5 + config.initial_phase_ui) * per_ui));
    }
    return result;
  }

  const detail::LoopGains gains = detail::loop_gains(config, symbol_rate_hz);
  detail::ClockLoop loop(reference, gains, config.initial_phase_ui, detail::acquisition(gains, symbols));
  const double half_constant = 0.5 / gains.proportional;
  LockDetector detector(std::clamp<std::size_t>(static_cast<std::size_t>(half_constant), 32,
                                                std::max<std::size_t>(32, symbols / 8)));
  double sum = 0, square = 0;
  for (std::size_t i = 0; i < symbols; ++i) {
    const double phase = loop.phase_ui();
    const double at = (static_cast<double>(i) + 0.5 + phase) * per_ui, y = waveform(at);
    const bool last_half = i >= symbols / 2;
    const double half_later = last_half || loop.acquiring() ? waveform(at + per_ui / 2) : 0;
    result.samples[i] = static_cast<float>(y);
    if (i % 64 == 0) result.phase_history_ui.push_back(static_cast<float>(phase));
    loop.advance(y, half_later);
    if (!last_half) continue;
    sum += phase;
    square += phase * phase;
    detector.take(loop.error_ui(), y - reference.mean, half_later - reference.mean);
  }
  const double counted = static_cast<double>(symbols - symbols / 2);
  result.phase_ui = sum / counted;
  result.phase_rms_ui = std::sqrt(std::max(square / counted - result.phase_ui * result.phase_ui, 0.0));
  result.locked = detector.locked();
  return result;
}

double jitter_tolerance_mask_ui(double frequency_hz) noexcept {
  if (!(frequency_hz >= 40e3 && frequency_hz <= 40e6)) return 0;
  return std::max(2e5 / frequency_hz, 0.05);
}

}  // namespace lightlane::rxdsp

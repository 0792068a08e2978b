#include "lightlane/rxdsp/jitter_tolerance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/rxdsp/clock_loop.hpp"

namespace lightlane::rxdsp {
namespace {

constexpr double most_ui = 64, least_ui = 1e-3;

/// A cyclic waveform at any instant, in samples.
class CyclicWaveform {
 public:
  explicit CyclicWaveform(std::span<const float> samples)
      : samples_(samples), size_(static_cast<double>(samples.size())) {}
  double operator()(double position) const noexcept {
    const double p = position - std::floor(position / size_) * size_;
    const std::size_t i = static_cast<std::size_t>(p), n = samples_.size();
    const auto at = [&](std::size_t k) { return static_cast<double>(samples_[k < n ? k : k - n]); };
    return detail::cubic(at(i % n + n - 1), at(i % n), at(i + 1), at(i + 2), p - static_cast<double>(i));
  }

 private:
  std::span<const float> samples_;
  double size_;
};

class Receiver {
 public:
  Receiver(const JitterToleranceConfig& config, std::span<const float> samples, int samples_per_ui,
           double symbol_rate_hz, std::span<const std::uint8_t> levels)
      : config_(config),
        waveform_(samples),
        per_ui_(samples_per_ui),
        rate_(symbol_rate_hz),
        levels_(levels),
        reference_(detail::find_reference(samples, samples_per_ui, config.clock.modulation)),
        gains_(detail::loop_gains(config.clock, symbol_rate_hz)),
        settle_(config.symbols / 4) {}

  bool usable() const noexcept { return reference_.usable; }

  Trained train_without_jitter() const {
    const std::vector<float> y = track(0, 0);
    std::vector<std::uint8_t> sent;
    for (std::size_t i = settle_; i < y.size(); ++i) sent.push_back(level(i));
    return train(config_.equalizer, std::span(y).subspan(settle_), sent);
  }

  double symbol_error_ratio(const Decider& decider, double frequency_hz, double peak_to_peak_ui) const {
    const std::vector<float> y = track(frequency_hz, peak_to_peak_ui);
    Decisions decisions;
    const std::size_t before = static_cast<std::size_t>(decider.equalizer().ffe_before),
                      from = settle_ - before;
    decider.process(std::span(y).subspan(from), static_cast<std::int64_t>(from), false, decisions);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < decisions.level.size(); ++i)
      wrong += decisions.level[i] != level(settle_ + i) ? 1 : 0;
    return static_cast<double>(wrong) / static_cast<double>(decisions.level.size());
  }

 private:
  std::uint8_t level(std::size_t symbol) const noexcept { return levels_[symbol % levels_.size()]; }

  /// Samples at the recovered instants.
  std::vector<float> track(double frequency_hz, double peak_to_peak_ui) const {
    constexpr double two_pi = 6.283185307179586;
    const double turn = two_pi * frequency_hz / rate_, middle = 0.625 * static_cast<double>(config_.symbols);
    detail::ClockLoop loop(reference_, gains_, config_.clock.initial_phase_ui,
                           detail::acquisition(gains_, config_.symbols));
    const double settle = static_cast<double>(settle_);
    std::vector<float> y(config_.symbols);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double t = static_cast<double>(i);
      // Grown slowly: a loop that begins in the midst of it would lock to another symbol.
      const double peak = 0.5 * peak_to_peak_ui * std::fmin(t / settle, 1.0);
      const double jitter = peak > 0 ? peak * math::sin(turn * (t - middle)) : 0;
      const double at = (t + 0.5 + loop.phase_ui() + jitter) * per_ui_, sample = waveform_(at);
      y[i] = static_cast<float>(sample);
      loop.advance(sample, loop.acquiring() ? waveform_(at + per_ui_ / 2) : 0);
    }
    return y;
  }

  const JitterToleranceConfig& config_;
  CyclicWaveform waveform_;
  double per_ui_, rate_;
  std::span<const std::uint8_t> levels_;
  detail::TimingReference reference_;
  detail::LoopGains gains_;
  std::size_t settle_;
};

/// The largest amplitude that passes, from `guess` by doubling and halving, then to 3 % by halving the ratio.
template <class Passes>
double largest(double guess, const Passes& passes) {
  double low = guess, high = guess;
  if (passes(guess)) {
    do {
      low = high;
      if (low >= most_ui) return most_ui;
      high = std::min(2 * high, most_ui);
    } while (passes(high));
  } else {
    do {
      high = low;
      low /= 2;
      if (low < least_ui) return 0;
    } while (!passes(low));
  }
  while (high > 1.03 * low) {
    const double middle = std::sqrt(low * high);
    (passes(middle) ? low : high) = middle;
  }
  return low;
}

void require_usable(const JitterToleranceConfig& c, std::size_t samples, int samples_per_ui,
                    double symbol_rate_hz, std::size_t levels, std::span<const double> frequencies_hz) {
  const auto refuse = [](const char* key, std::string is, std::string allowed) {
    throw ConfigError(
        {std::string("dsp.jitter_tolerance.") + key, "is " + std::move(is), std::move(allowed), ""});
  };
  detail::validate(c.clock, samples, samples_per_ui, symbol_rate_hz);
  if (samples != levels * static_cast<std::size_t>(samples_per_ui)) {
    refuse("samples", fmt::format("{} for {} symbols", samples, levels), "samples_per_ui per symbol");
  }
  if (c.equalizer.modulation != c.clock.modulation) {
    refuse("equalizer.modulation", "not that of the clock recovery", "one for both");
  }
  if (!(c.target_ser > 0 && c.target_ser < 0.5))
    refuse("target_ser", fmt::format("{}", c.target_ser), "above 0, below 0.5");
  const double constant = 1 / detail::loop_gains(c.clock, symbol_rate_hz).proportional;
  const double least = std::max(40 * constant, 4096.0);
  if (static_cast<double>(c.symbols) < least) {
    refuse("symbols", fmt::format("{}", c.symbols),
           fmt::format("{} or more for this loop", std::ceil(least)));
  }
  for (const double f : frequencies_hz) {
    if (!(f > 0 && f <= symbol_rate_hz / 20)) {
      refuse("frequencies_hz", fmt::format("{}", f), fmt::format("above 0, up to {}", symbol_rate_hz / 20));
    }
  }
}

}  // namespace

JitterToleranceResult jitter_tolerance(const JitterToleranceConfig& config, std::span<const float> samples,
                                       int samples_per_ui, double symbol_rate_hz,
                                       std::span<const std::uint8_t> levels,
                                       std::span<const double> frequencies_hz) {
  require_usable(config, samples.size(), samples_per_ui, symbol_rate_hz, levels.size(), frequencies_hz);
  validate(config.equalizer);
  JitterToleranceResult result;
  result.points.resize(frequencies_hz.size());
  for (std::size_t i = 0; i < frequencies_hz.size(); ++i) {
    result.points[i].frequency_hz = frequencies_hz[i];
    result.points[i].mask_ui = jitter_tolerance_mask_ui(frequencies_hz[i]);
  }
  const Receiver receiver(config, samples, samples_per_ui, symbol_rate_hz, levels);
  if (!receiver.usable()) {
    result.ser_without_jitter = 1;
    return result;
  }
  const Decider decider(receiver.train_without_jitter().equalizer, config.seed, config.lane);
  result.ser_without_jitter = receiver.symbol_error_ratio(decider, 0, 0);
  if (result.ser_without_jitter > config.target_ser) return result;
  parallel_for(frequencies_hz.size(), [&](std::size_t i) {
    JitterTolerancePoint& point = result.points[i];
    point.tolerated_ui = largest(point.mask_ui > 0 ? point.mask_ui : 0.05, [&](double ui) {
      return receiver.symbol_error_ratio(decider, point.frequency_hz, ui) <= config.target_ser;
    });
    point.meets_mask = point.tolerated_ui >= point.mask_ui;
  });
  return result;
}

}  // namespace lightlane::rxdsp

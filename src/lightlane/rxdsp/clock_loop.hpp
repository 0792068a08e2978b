#pragma once
/// The parts of timing recovery that recover_clock() and jitter_tolerance() share.

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/rxdsp/clock_recovery.hpp"

namespace lightlane::rxdsp::detail {

/// Throws ConfigError naming "dsp.clock_recovery.<key>".
void validate(const ClockRecoveryConfig& config, std::size_t samples, int samples_per_ui,
              double symbol_rate_hz);

/// What the loop must know before it runs, found from up to 8192 symbols at the phase where samples vary
/// most.
struct TimingReference {
  bool usable = false;         ///< samples vary, and the detector has a slope of the right sign
  double mean = 0;             ///< of the samples
  std::vector<double> levels;  ///< less the mean, ascending
  double slope_per_ui = 0;     ///< of the detector, positive
  double coarse_level =
      0;  ///< mean distance of the levels from the mean: the coarse detector decides for + or - this
  double coarse_slope_per_ui = 0;
  double spacing() const noexcept {
    return (levels.back() - levels.front()) / static_cast<double>(levels.size() - 1);
  }
  double decide(double y) const noexcept {
    double nearest = levels.front();
    for (std::size_t l = 1; l < levels.size(); ++l) {
      if (y > 0.5 * (levels[l - 1] + levels[l])) nearest = levels[l];
    }
    return nearest;
  }
  double decide_coarsely(double y) const noexcept { return y > 0 ? coarse_level : -coarse_level; }
};
TimingReference find_reference(std::span<const float> samples, int samples_per_ui,
                               signal::Modulation modulation);

struct LoopGains {
  double proportional = 0, integral = 0;
};
LoopGains loop_gains(const ClockRecoveryConfig& config, double symbol_rate_hz) noexcept;

/// Third-order Lagrange polynomial through y[-1], y[0], y[1], y[2] at t in [0, 1).
inline double cubic(double before, double at, double after, double beyond, double t) noexcept {
  const double a = t + 1, b = t - 1, c = t - 2;
  return -t * b * c / 6 * before + a * b * c / 2 * at - a * t * c / 2 * after + a * t * b / 6 * beyond;
}

/// Symbols for which the loop decides coarsely, of a run: sixteen time constants, at most a quarter.
inline std::size_t acquisition(LoopGains gains, std::size_t symbols) noexcept {
  return static_cast<std::size_t>(std::fmin(16 / gains.proportional, static_cast<double>(symbols / 4)));
}

/// Power of the samples at the loop's instants, and half a UI later. Light varies most where the eye is open.
struct EyePower {
  double here = 0, between = 0;
  std::size_t symbols = 0;
  void add(double sample, double half_later) noexcept {
    here += sample * sample;
    between += half_later * half_later;
    ++symbols;
  }
};

/// Detector and loop filter, one symbol at a time.
///
/// At first, while acquiring(), it only decides between the upper and the lower half of the levels, and is
/// four times as wide: where the eye is closed, full decisions follow the sample so closely that the detector
/// is blind (four levels have a false balance near 0.4 UI). Coarse ones are blind there too where
/// interference is strong and noise is none: so, where samples vary more half a UI on when acquisition ends,
/// the loop goes there.
class ClockLoop {
 public:
  ClockLoop(const TimingReference& reference, LoopGains gains, double phase_ui,
            std::size_t acquisition) noexcept
      : reference_(reference),
        gains_(gains),
        phase_(phase_ui),
        acquisition_(acquisition),
        judge_(acquisition / 2) {}
  double phase_ui() const noexcept { return phase_; }
  double error_ui() const noexcept { return error_; }  ///< of the detector, last symbol
  bool acquiring() const noexcept { return acquisition_ > 0; }
  /// Takes the sample at phase_ui() of the next symbol, and while acquiring() the one half a UI later.
  void advance(double sample, double half_later) noexcept {
    const double y = sample - reference_.mean;
    if (!acquiring()) {
      detect(y, reference_.decide(y), reference_.slope_per_ui);
      phase_ += gains_.proportional * error_ + integral_;
      integral_ += gains_.integral * error_;
      return;
    }
    detect(y, reference_.decide_coarsely(y), reference_.coarse_slope_per_ui);
    phase_ += 4 * gains_.proportional * error_ + integral_;
    integral_ += 16 * gains_.integral * error_;
    if (acquisition_ <= judge_) power_.add(y, half_later - reference_.mean);
    if (--acquisition_ == 0 && power_.between > power_.here) phase_ += phase_ > 0 ? -0.5 : 0.5;
  }

 private:
  void detect(double y, double decided, double slope_per_ui) noexcept {
    error_ = (y * last_level_ - last_sample_ * decided) / slope_per_ui;
    last_sample_ = y;
    last_level_ = decided;
  }

  const TimingReference& reference_;
  LoopGains gains_;
  double phase_, integral_ = 0, error_ = 0, last_sample_ = 0, last_level_ = 0;
  std::size_t acquisition_, judge_;
  EyePower power_;
};

}  // namespace lightlane::rxdsp::detail

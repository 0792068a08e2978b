#pragma once
/// A lane model as the statistical engine computes with it: one period of the pattern, samples and noise
/// behind a filter. Inside of the statistical engine only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/link/interference.hpp"
#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link::detail {

/// One period of a cyclic signal with copies of its ends on either side, so that filters need no wrapping.
class Cyclic {
 public:
  static constexpr std::size_t margin = 160;  ///< at least the longest filter
  Cyclic() = default;
  explicit Cyclic(std::vector<double> period);
  std::size_t period() const noexcept { return period_; }
  bool empty() const noexcept { return period_ == 0; }
  /// i in [-margin, period + margin).
  const double* at(std::ptrdiff_t i) const noexcept { return values_.data() + (i + std::ptrdiff_t{margin}); }

 private:
  std::vector<double> values_;
  std::size_t period_ = 0;
};

/// Of noise in units of the equaliser's output, where the outer levels are -1 and +1: less is as good as
/// none.
inline constexpr double smallest_variance = 1e-18;

/// y[n] = sum over k of c[k] x[n - before + k].
struct Taps {
  std::vector<double> c;
  std::ptrdiff_t before = 0;
};
std::vector<double> filtered(const Cyclic& x, const Taps& taps);

/// Variance behind the taps of noise of rms[n] with this correlation (lags 0, 1 ..; empty: white), added to
/// `variance`.
void add_coloured(const Cyclic& rms, std::span<const double> correlation, const Taps& taps,
                  std::vector<double>& variance);

/// The pattern at one attenuation, ahead of the ADC [A, A^2].
struct OperatingPoint {
  double scale = 1;
  double crosstalk_mean_a = 0;  ///< in `current` already
  double crosstalk_noise_a2 = 0;  ///< its light's own noise on average, in receiver_rms^2 already
  Cyclic current;               ///< with the mean of the bend
  Cyclic even_odd;              ///< + where the symbol is even, - where it is odd; empty: none
  Cyclic sine, bend;            ///< sinusoidal jitter adds sine s + bend (s^2 - 1/2), |s| <= 1; empty: none
  Cyclic receiver_rms;          ///< coloured by the model's noise_correlation
  Cyclic transmitter_rms;       ///< by its transmitter_noise_correlation; empty: none
  Cyclic jitter_variance;       ///< white; empty: none
};

class Pattern {
 public:
  /// Throws ConfigError where the model is not valid. Keeps a reference.
  explicit Pattern(const LaneModel& model);

  const LaneModel& model() const noexcept { return model_; }
  std::size_t period() const noexcept { return model_.levels.size(); }
  int levels() const noexcept { return level_count(model_.modulation); }
  /// Level of symbol n in -3, -1, 1, 3 (NRZ: -3, 3), cyclic.
  const Cyclic& symbols() const noexcept { return symbols_; }

  OperatingPoint at(double scale) const;
  /// Variance of the noise behind the taps at every symbol, at least smallest_variance; `white_variance_a2`:
  /// of the ADC.
  std::vector<double> noise_variance(const OperatingPoint& point, const Taps& taps,
                                     double white_variance_a2) const;
  /// Mean autocovariance of all noise, interference and jitter ahead of the ADC at lags 0 .. lags - 1.
  std::vector<double> mean_autocovariance(const OperatingPoint& point, std::size_t lags) const;

  /// Least squares of y on the symbols [n - before, n + after], per unit of symbols(), the earliest first;
  /// empty where the pattern is not a de Bruijn sequence of the modulation's neighbourhood or the window is
  /// longer than 140.
  std::vector<double> linear_response(const std::vector<double>& y, std::size_t before,
                                      std::size_t after) const;
  /// y[n] -= sum of response[k] symbol[n - before + k].
  void take_out(std::vector<double>& y, std::vector<double> response, std::size_t before) const;
  /// Linear response of y to symbols far from the one that is decided: where the pattern holds every
  /// neighbourhood once, symbols outside of it are only sampled, so their part is taken out of y and left to
  /// a distribution. Returns the responses per unit of symbols(). Responses whose tails do not matter (see
  /// `exponent`, as in interference.hpp) stay in y.
  std::vector<double> take_out_far_symbols(std::vector<double>& y, const Taps& taps, double exponent) const;

 private:
  void set_slow_jitter(OperatingPoint& point) const;

  const LaneModel& model_;
  Cyclic symbols_;
  std::vector<double> symbol_autocorrelation_;  // mean product at lags 0 ..
};

/// FFE of a frozen equaliser in double precision.
Taps taps_of(const rxdsp::FrozenEqualizer& equalizer);

}  // namespace lightlane::link::detail

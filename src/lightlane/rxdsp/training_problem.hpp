#pragma once
/// What both ways of training share: known symbols and their samples, reduced to second moments; and the last
/// step, from taps to levels, feedback, gain and thresholds.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/math/linear_solve.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::rxdsp::detail {

/// Samples less their mean, clipped as the ADC does, over their rms. Symbols [begin, end) have all taps
/// inside, and a symbol ahead of them.
struct TrainingProblem {
  const EqualizerConfig& config;
  std::span<const std::uint8_t> levels;
  std::vector<double> x;
  double rms_a = 0;           ///< 0: no signal
  std::vector<double> noise;  ///< covariance of what comes on top, at lags 0, 1 .. taps - 1, over rms^2
  std::size_t taps = 0, before = 0, begin = 0, end = 0;
  int level_count = 4;

  /// y[n] = sum w[k] x[n - before + k].
  double output(std::span<const double> w, std::size_t n) const noexcept;
  /// Variance of the noise behind the taps.
  double noise_power(std::span<const double> w) const noexcept;
  double count() const noexcept { return static_cast<double>(end - begin); }
};

/// Checks the input, sets the ADC in `equalizer`, and states the problem. Throws as train() does.
TrainingProblem state_problem(const EqualizerConfig& config, std::span<const float> samples_a,
                              std::span<const std::uint8_t> levels,
                              std::span<const double> noise_autocovariance_a2, FrozenEqualizer& equalizer);

/// Magnitude of an MLSE's alpha; beyond it a Viterbi forgets too slowly.
inline constexpr double most_alpha = 0.95;

using LevelValues = std::array<double, 4>;  ///< of level 0 .. level_count - 1
/// -1 to +1 in equal steps.
LevelValues nominal_levels(int level_count) noexcept;

/// Taps in units of TrainingProblem::x, and the share of the symbol before that they leave: DFE tap, or alpha
/// of the MLSE.
struct Solution {
  std::vector<double> taps;
  double feedback = 0;
  bool solved = false;
};
/// Fits alpha of an MLSE too, or holds it at config.mlse_alpha.
Solution solve_mmse(const TrainingProblem& problem, bool fit_alpha);
/// Leaves the history of the MSE and its verdict in the report.
Solution adapt_lms(const TrainingProblem& problem, const FrozenEqualizer& adc, TrainingReport& report);

/// Taps to a frozen equaliser: gain, levels, feedback, thresholds and the figures of the report. With
/// `by_mixture`, thresholds come from the samples and problem.noise, else from Gaussians of each level's
/// whole spread.
void freeze(const TrainingProblem& problem, const Solution& solution, bool by_mixture,
            FrozenEqualizer& equalizer, TrainingReport& report);

}  // namespace lightlane::rxdsp::detail

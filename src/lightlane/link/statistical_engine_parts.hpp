#pragma once
/// The steps of the statistical engine. Inside of it only.

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "lightlane/link/lane_model_pattern.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/statistical_engine_tails.hpp"

namespace lightlane::link::detail {

/// sum over j of d[j] y[n + j] as one filter.
Taps combined(const Taps& taps, std::span<const double> d);

/// The pattern behind a filter.
struct Behind {
  Taps taps;
  std::vector<double> y;         ///< noise free
  std::vector<double> variance;  ///< of the noise
  std::vector<double> even_odd;  ///< amplitude of the even-odd jitter's part of y, either sign; empty: none
  std::vector<double> sine;      ///< amplitude of the sinusoidal jitter's part; empty: none
  std::vector<double> bend;      ///< of its square's: bend (s^2 - 1/2); empty: none
};

/// A lane at one attenuation in front of one equaliser.
class Evaluation {
 public:
  /// Throws ConfigError for an equaliser that does not go with the model.
  Evaluation(const Pattern& pattern, rxdsp::FrozenEqualizer equalizer, double scale);

  /// Thresholds to where the least errors are.
  void optimise_thresholds();
  /// `details`: bursts of an FFE's noise, snr_db and closest_margin as well.
  StatisticalResult result(bool details);
  /// Bit error ratio of a slicer with the reflections' phases at rest: their cosines.
  double ber_at_phases(std::span<const double> cosines);

 private:
  std::size_t slot(std::size_t level) const noexcept {
    return level_slot(pattern_.model().modulation, level);
  }
  double level(std::size_t l) const noexcept { return static_cast<double>(equalizer_.levels[slot(l)]); }
  std::size_t levels() const noexcept { return static_cast<std::size_t>(pattern_.levels()); }

  Behind behind(Taps taps) const;
  /// Distribution of values[n] for the symbols n of `chosen`, with the variances and jitter of `b`.
  LevelDistribution distribution(const Behind& b, const std::vector<double>& values,
                                 const std::vector<std::size_t>& chosen,
                                 const BoundedRule& disturbance, const NoisyRule& noisy) const;
  /// Neighbours behind the filter. Where their light's noise matters, in `noisy`, else in `quiet`.
  void split_crosstalk(const Behind& b, double exponent, BoundedRule& quiet, NoisyRule& noisy) const;
  void build_levels();
  /// Reflections beside the level, and all that disturbs it.
  BoundedRule disturbance_of(std::size_t level, std::span<const double> cosines) const;
  void slice(StatisticalResult& r) const;
  void feed_errors_back(StatisticalResult& r) const;
  void decide_sequences(StatisticalResult& r) const;
  void describe(StatisticalResult& r) const;
  double clipped_share() const noexcept;
  /// Variance of noise and disturbances at symbol n.
  double whole_variance(std::size_t n) const noexcept;
  /// Correlation of the noise of symbols n and n + lag.
  std::vector<double> noise_correlation(const std::vector<double>& variance, std::size_t lag) const;

  const Pattern& pattern_;
  rxdsp::FrozenEqualizer equalizer_;
  OperatingPoint point_;
  double adc_variance_a2_ = 0;
  double exponent_ = 0;             ///< of tails, per unit of y
  std::vector<double> thresholds_;  ///< levels - 1 of them
  Behind behind_;
  std::vector<double> y_;  ///< behind_.y less what a DFE or Viterbi knows of the symbol before
  std::vector<LevelDistribution> level_;
  BoundedRule shared_;                        ///< what disturbs all levels alike: far symbols and crosstalk
  NoisyRule noisy_;                           ///< crosstalk whose light brings noise
  std::vector<double> disturbance_variance_;  ///< per level
};

/// P(wrong | how the symbols before went), by conditioning on a wrong decision and its noise.
struct ErrorMemory {
  double after_one = 0;   ///< the one before wrong, the one before that right
  double after_two = 0;   ///< both wrong, the one before them right
  double after_many = 0;  ///< all wrong for long
};
/// y: noise free, less the feedback of right decisions; sigma, next_correlation: of the noise, between n and
/// n + 1, second_correlation: between n and n + 2; feedback[l]: what a decision for level l takes away from the next
/// sample.
ErrorMemory error_memory(std::span<const std::uint8_t> levels, std::span<const double> y,
                         std::span<const double> sigma, std::span<const double> next_correlation,
                         std::span<const double> second_correlation, std::span<const double> thresholds,
                         std::span<const double> feedback);

}  // namespace lightlane::link::detail

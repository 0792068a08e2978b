#pragma once
/// Bounded disturbances as a few points with weights: Gauss quadratures of their distributions. Multipath
/// interference, crosstalk, far intersymbol interference and sinusoidal jitter are sums and products of such
/// variables; a rule of m points keeps the first 2m - 1 moments of the whole, so that averages of exp(c x),
/// and with them Gaussian tails, come out right long before a histogram would.

#include <span>
#include <vector>

#include "lightlane/link/lane_model.hpp"

namespace lightlane::link {

/// A random variable that takes value[i] with probability weight[i].
struct BoundedRule {
  std::vector<double> value{0.0}, weight{1.0};

  double mean() const noexcept;
  double variance() const noexcept;
  double lowest() const noexcept;
  double highest() const noexcept;
  double radius() const noexcept;  ///< largest magnitude
};

/// Each value equally likely.
BoundedRule equally_likely(std::span<const double> values);
/// cos(phase), phase uniform; `points` points (Gauss-Chebyshev).
BoundedRule cosine(int points);
BoundedRule scaled(BoundedRule rule, double factor);
/// Sum and product of independent variables, brought to at most `points` points.
BoundedRule sum(const BoundedRule& a, const BoundedRule& b, int points);
BoundedRule product(const BoundedRule& a, const BoundedRule& b, int points);
/// At most `points` points with the same first 2 points - 1 moments (Stieltjes, Golub-Welsch).
BoundedRule reduced(const BoundedRule& rule, int points);

/// Points after which the mean of exp(x) is right to about 1e-9 of itself, for |x| <= exponent. 1 to 32,
/// which are enough for an exponent of 30.
int points_for(double exponent) noexcept;

/// What interference adds behind an equaliser to the symbol that is decided. `taps`: what the equaliser makes
/// of one ampere, in time order; taps[before] belongs to the symbol itself. `scale`: of the light behind
/// added attenuation. `exponent`: how fast tails grow with the disturbance, per unit of the equaliser's
/// output: distance to the threshold over the variance of the noise.
///
/// Multipath interference: sum over reflections of amplitude sqrt(I I') cos(phase), where I is the level of
/// the symbol that is decided (`level_current_a`) at its own tap and any level at the others, I' any level,
/// the phase the same at all taps and uniform. Mean 0. `cosines`: of the reflections' phases, where these
/// stand still; empty: all phases equally likely.
BoundedRule multipath_rule(const LaneModel& model, std::span<const double> taps, std::size_t before,
                           double level_current_a, double scale, double exponent,
                           std::span<const double> cosines = {});
/// Crosstalk: sum over neighbours and their symbols of amplitude pulse (I' - mean I'), symbols independent. Mean 0:
/// the mean is a shift of all samples, crosstalk_mean_a().
BoundedRule crosstalk_rule(const LaneModel& model, std::span<const double> taps, double scale,
                           double exponent);
double crosstalk_mean_a(const LaneModel& model, double scale) noexcept;
/// Mean variance of the noise of crosstalk's own light, ahead of the equaliser [A^2].
double crosstalk_noise_a2(const LaneModel& model, double scale) noexcept;
/// Variance of that noise behind the equaliser per unit of crosstalk_rule()'s value: least squares over all symbols of
/// the neighbours, for noise of the model's noise_correlation.
double crosstalk_noise_slope(const LaneModel& model, std::span<const double> taps, double scale);
/// Amplitude of crosstalk behind added attenuation.
inline double crosstalk_amplitude(const Interferer& x, double scale) noexcept {
  return x.local ? x.amplitude : x.amplitude * scale;
}
/// Crosstalk's pulse, sum 1.
inline std::span<const double> pulse_of(const Interferer& x) noexcept {
  static constexpr double centred[] = {1.0};
  return x.pulse.empty() ? std::span<const double>(centred) : std::span<const double>(x.pulse);
}
/// Linear interference of symbols far from the one that is decided: sum of response[i] x, x equally likely
/// one of `values`.
BoundedRule far_symbols_rule(std::span<const double> response, std::span<const double> values,
                             double exponent);

/// Autocovariance at lag 0, 1 .. of what interference adds to the samples ahead of the equaliser, over all
/// phases [A^2].
std::vector<double> interference_autocovariance(const LaneModel& model, std::size_t lags, double scale);

}  // namespace lightlane::link

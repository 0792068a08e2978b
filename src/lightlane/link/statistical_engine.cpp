#include "lightlane/link/statistical_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/link/statistical_engine_parts.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

using detail::Evaluation;
using detail::Pattern;

/// What an equaliser that knows the lane's statistics settles at, thresholds midway.
rxdsp::FrozenEqualizer trained(const Pattern& pattern, rxdsp::EqualizerConfig config, double scale) {
  if (config.modulation != pattern.model().modulation) {
    throw ConfigError({"equalizer.modulation", "is not that of the lane model", "", ""});
  }
  const detail::OperatingPoint point = pattern.at(scale);
  std::vector<float> samples(pattern.period());
  for (std::size_t n = 0; n < samples.size(); ++n) {
    samples[n] = static_cast<float>(*point.current.at(static_cast<std::ptrdiff_t>(n)));
  }
  const std::vector<double> covariance =
      pattern.mean_autocovariance(point, static_cast<std::size_t>(std::max(config.ffe_taps, 1)));
  config.adaptive_thresholds = false;  // they are set below from the whole distributions
  return rxdsp::train_analytic(config, samples, pattern.model().levels, covariance).equalizer;
}

StatisticalResult train_and_evaluate(const Pattern& pattern, const rxdsp::EqualizerConfig& config,
                                     double scale, bool details) {
  Evaluation evaluation(pattern, trained(pattern, config, scale), scale);
  if (config.adaptive_thresholds) evaluation.optimise_thresholds();
  return evaluation.result(details);
}

/// Q^-1 of the share of errors: nearly a straight line over the light's amplitude where noise is constant.
double quality(double ber) { return math::normal_tail_inverse(std::clamp(ber, 1e-300, 0.49)); }

}  // namespace

StatisticalResult evaluate(const LaneModel& model, const rxdsp::EqualizerConfig& config,
                           double attenuation_db) {
  const double scale = light_behind(attenuation_db);
  return train_and_evaluate(Pattern(model), config, scale, true);
}

StatisticalResult evaluate(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                           double attenuation_db) {
  const double scale = light_behind(attenuation_db);
  const Pattern pattern(model);
  return Evaluation(pattern, equalizer, scale).result(true);
}

std::vector<double> ber_over_phases(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                                    double attenuation_db, std::size_t sets, std::uint64_t seed) {
  if (equalizer.mlse || equalizer.dfe != 0) {
    throw ConfigError({"equalizer", "has a DFE or MLSE", "a slicer behind an FFE",
                       "phases at rest are not known for these"});
  }
  const Pattern pattern(model);
  Evaluation evaluation(pattern, equalizer, light_behind(attenuation_db));
  const RandomStream random(seed, "link.phases.statistical", 0);
  std::vector<double> result, cosines(model.reflections.size());
  for (std::size_t s = 0; s < sets; ++s) {
    for (std::size_t i = 0; i < cosines.size(); ++i) {
      cosines[i] = math::cos(6.28318530717958647692 * random.uniform(s * cosines.size() + i));
    }
    result.push_back(evaluation.ber_at_phases(cosines));
  }
  return result;
}

double attenuation_for_ber(const LaneModel& model, const rxdsp::EqualizerConfig& config, double ber) {
  if (!(ber > 0 && ber < 0.4))
    throw ConfigError({"ber", fmt::format("is {}", ber), "above 0, below 0.4", ""});
  const Pattern pattern(model);
  const double wanted = quality(ber);
  const auto excess = [&](double attenuation_db) {
    return quality(train_and_evaluate(pattern, config, light_behind(attenuation_db), false).ber) - wanted;
  };
  // Excess falls with attenuation. With constant noise the quality follows the light: the first step; then
  // secants within the bracket.
  constexpr double least = -60, most = 80, tolerance = 5e-5;
  double low = least, high = most, at = 0, last = 0, last_excess = 0;
  for (int i = 0; i < 60; ++i) {
    const double here = excess(at);
    (here > 0 ? low : high) = at;
    if (here <= 0 && at <= least) return -std::numeric_limits<double>::infinity();
    if (here > 0 && at >= most) return std::numeric_limits<double>::infinity();
    double next = 0;
    if (i == 0) {
      const double q = std::max(here + wanted, 0.1 * wanted);
      next = at + math::to_db(q / wanted);
    } else {
      // Neither better nor worse than there: on, in the direction that is wanted.
      const double onward = here > 0 ? 20.0 : -20.0;
      next = here == last_excess ? at + onward : at - here * (at - last) / (here - last_excess);
    }
    // A floor or a saturation sends secants astray.
    const double farthest = 6 + std::fabs(at - last);
    next = std::clamp(next, at - farthest, at + farthest);
    if (!(next > low && next < high))
      next = low == least || high == most ? std::clamp(next, least, most) : 0.5 * (low + high);
    if (std::fabs(next - at) < tolerance) return next;
    last = at;
    last_excess = here;
    at = next;
  }
  return at;
}

}  // namespace lightlane::link

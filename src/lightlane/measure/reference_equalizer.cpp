#include "lightlane/measure/reference_equalizer.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/reference_equalizer_step.hpp"

namespace lightlane::measure {
namespace {

constexpr double loudest = 1e4;  ///< 1 / noise: an eye that bears less than OMA / 10000 is closed
void scale(ScaledPoint& point, double factor) {
  for (double& value : point) value *= factor;
}

/// A point grown or shrunk until the worse side has the target's distance.
struct Scaled {
  bool reached = false;
  ScaledPoint point;
  double distance = 0;  ///< of the worse side, at the point
};

template <class Distance>
Scaled scale_to_target(ScaledPoint point, const EqualizerRules& rules, double tolerance, Distance distance) {
  const double target = distance_of(rules.target_ser);
  double low = 0, low_error = -target, high = 0, high_error = 0,
         at = 1.0;  // factors with the distance short, beyond
  const double length = length_of(point, rules.noise);
  Scaled out;
  for (int i = 0; i < 40; ++i) {
    ScaledPoint trial = point;
    scale(trial, at);
    const double d = distance(trial), error = d - target;
    out = {std::fabs(error) <= tolerance * target, std::move(trial), d};
    if (out.reached || d > 1e8 || (error < 0 && at * length >= loudest)) return out;
    double next = 0;
    if (error < 0) {
      const bool rising = low > 0 && error > low_error;
      next =
          rising ? at - error * (at - low) / (error - low_error) : at * (d > 0.1 * target ? target / d : 4.0);
      low = at;
      low_error = error;
    } else {
      next = low > 0 ? low - low_error * (at - low) / (error - low_error) : at * std::max(target / d, 0.25);
      high = at;
      high_error = error;
    }
    if (high > 0 && low > 0 && !(next > low && next < high)) {
      next = low - low_error * (high - low) / (high_error - low_error);
      if (i > 12) next = 0.5 * (low + high);
    }
    if (high == 0) next = std::min(next, 4.0 * at);
    at = std::min(next, 1.001 * loudest / length);
  }
  return out;
}

Scaled scale_by_decisions(const TdecqHistogram& histogram, const EqualizerRules& rules, ScaledPoint point,
                          double tolerance) {
  bool possible = true;
  Scaled out = scale_to_target(std::move(point), rules, tolerance, [&](const ScaledPoint& trial) {
    const auto errors = histogram.errors(trial, rules.main);
    possible = std::max(errors.wrong[0], errors.wrong[1]) < rules.target_ser;
    return possible ? distance_of(std::max(errors.ser[0], errors.ser[1]))
                    : 1e9;  // ends it: no noise, no less
  });
  out.reached = out.reached && possible;
  return out;
}

/// A point with its derivatives, and how long it must be for the worse side to have the target's distance: to
/// first order, which is exact for equal distances.
struct Look {
  bool open = true;
  ScaledPoint point;
  std::array<ErrorDerivatives, 2> sides;
  double length = 0, distance = 0, factor = 0;  ///< factor: the length that is needed, over its own
  double needed() const { return open ? length * factor : 1e300; }
};

Look look_at(const TdecqHistogram& histogram, const EqualizerRules& rules, ScaledPoint point) {
  Look out{true, std::move(point), {}, 0, 1e300, 0};
  out.length = length_of(out.point, rules.noise);
  out.sides = histogram.derivatives(out.point, rules.main);
  const double target = distance_of(rules.target_ser);
  for (const ErrorDerivatives& d : out.sides) {
    const double distance = distance_of(d.errors);
    double growth = 0;  // of the error ratio with the point's length
    for (std::size_t i = 0; i < out.point.size(); ++i) growth -= d.gradient[i] * out.point[i];
    growth /= levels_factor * normal_density(std::min(distance, 10.0));
    out.distance = std::min(out.distance, distance);
    out.factor = std::max(out.factor, 1.0 + (target - distance) / std::max(growth, 0.3 * target));
  }
  return out;
}

/// The same near the target, where the first order holds: a point too far away is scaled first.
Look look_near_target(const TdecqHistogram& histogram, const EqualizerRules& rules, ScaledPoint point) {
  const double target = distance_of(rules.target_ser);
  Look out = look_at(histogram, rules, std::move(point));
  if (std::fabs(out.distance - target) <= 0.25 * target) return out;
  Scaled scaled = scale_by_decisions(histogram, rules, std::move(out.point), 0.05);
  out = look_at(histogram, rules, std::move(scaled.point));
  out.open = scaled.reached;
  return out;
}

/// An open point near a start. Where no noise is small enough, steps against so much noise that wrong
/// decisions still feel where their thresholds are, then against less and less.
Scaled open_start(const TdecqHistogram& histogram, const EqualizerRules& rules, EqualizerStep& step,
                  ScaledPoint start, bool insist) {
  if (length_of(start, rules.noise) < 2.0) scale(start, 25.0 / length_of(start, rules.noise));
  Scaled best = scale_by_decisions(histogram, rules, std::move(start), 0.05);
  double length = 8.0, reach = 0.2;
  for (int i = 0; i < 16 && insist && !best.reached; ++i) {
    ScaledPoint from = best.point;
    scale(from, length / length_of(from, rules.noise));
    const auto sides = histogram.derivatives(from, rules.main);
    ScaledPoint trial = from;
    if (!step.move(trial, length, sides, reach)) break;
    ScaledPoint there = trial;
    scale(there, length / length_of(there, rules.noise));
    const auto ser = histogram.errors(there, rules.main).ser;
    if (std::max(ser[0], ser[1]) >= std::max(sides[0].errors, sides[1].errors)) {
      reach *= 0.4;
      continue;
    }
    best = scale_by_decisions(histogram, rules, std::move(trial), 0.05);
    length *= 1.35;
  }
  return best;
}

}  // namespace

std::optional<ScaledPoint> mmse_start(const TdecqHistogram& histogram, const EqualizerRules& rules,
                                      double noise) {
  const auto taps = static_cast<std::size_t>(rules.taps);
  const std::vector<double> r = histogram.autocorrelation(rules.taps);
  math::SquareMatrix a(taps);
  std::vector<double> b(taps);
  for (std::size_t i = 0; i < taps; ++i) {
    for (std::size_t j = 0; j < taps; ++j)
      a(i, j) = r[i > j ? i - j : j - i] + noise * noise * rules.noise(i, j);
    b[i] = histogram.correlation(rules.main - static_cast<int>(i));
  }
  const auto solution = math::solve_spd_with_sum(a, b, 1.0);
  if (!solution) return std::nullopt;
  return start_of(*solution, rules);
}

double mean_square_error(const TdecqHistogram& histogram, const EqualizerRules& rules,
                         const ScaledPoint& point, double noise) {
  const std::vector<double> taps = unit_taps(point), r = histogram.autocorrelation(rules.taps);
  double sum = 5.0 / 36.0;  // mean square of the levels' targets, nearly: a constant
  for (std::size_t i = 0; i < taps.size(); ++i) {
    sum -= 2.0 * taps[i] * histogram.correlation(rules.main - static_cast<int>(i));
    for (std::size_t j = 0; j < taps.size(); ++j) {
      sum += taps[i] * taps[j] * (r[i > j ? i - j : j - i] + noise * noise * rules.noise(i, j));
    }
  }
  return sum;
}

ScaledPoint start_of(const std::vector<double>& taps, const EqualizerRules& rules) {
  double sum = 0;
  for (const double tap : taps) sum += tap;
  ScaledPoint point;
  for (const double tap : taps) point.push_back(tap / sum);
  point.insert(point.end(), rules.threshold.begin(), rules.threshold.end());
  return point;
}

EqualizerOptimum optimise(const TdecqHistogram& histogram, const EqualizerRules& rules, ScaledPoint start,
                          double tolerance, bool insist) {
  EqualizerStep step(rules);
  const double target = distance_of(rules.target_ser);
  EqualizerOptimum out;
  if (!step.enter(start)) return out;
  Look best;
  best.open = false;
  if (length_of(start, rules.noise) >= 2.0) best = look_near_target(histogram, rules, start);
  if (!best.open) {
    Scaled scaled = open_start(histogram, rules, step, std::move(start), insist);
    out.point = scaled.point;
    if (!scaled.reached) return out;
    best = look_at(histogram, rules, std::move(scaled.point));
  }
  for (out.steps = 1; out.steps < 20; ++out.steps) {
    ScaledPoint trial = best.point;
    if (!step.move(trial, best.length, best.sides, 0.5)) break;
    const bool on_target = std::fabs(best.distance - target) < 0.01 * target;
    if (on_target && length_of(trial, rules.noise) > best.needed() * (1.0 - tolerance)) break;
    Look next = look_near_target(histogram, rules, trial);
    for (int cut = 0; cut < 4 && !(next.needed() < best.needed()); ++cut) {
      for (std::size_t i = 0; i < trial.size(); ++i) trial[i] = 0.5 * (trial[i] + best.point[i]);
      next = look_near_target(histogram, rules, trial);
    }
    const bool better = next.needed() < best.needed();
    if (!better && on_target) break;
    if (!better) {  // not yet at the target: stay, but there
      scale(best.point, best.factor);
      next = look_at(histogram, rules, best.point);
    }
    best = std::move(next);
  }
  scale(best.point, best.factor);
  out.open = true;
  out.noise = 1.0 / best.needed();
  out.point = std::move(best.point);
  return out;
}

EqualizerOptimum largest_noise(const TdecqHistogram& histogram, const EqualizerRules& rules,
                               ScaledPoint point, bool clause, double tolerance) {
  if (length_of(point, rules.noise) < 2.0) scale(point, 20.0 / length_of(point, rules.noise));
  const auto wrong = histogram.errors(point, rules.main).wrong;
  const bool closed = std::max(wrong[0], wrong[1]) >= rules.target_ser;
  const Scaled scaled = closed   ? Scaled{false, point, 0}
                        : clause ? scale_to_target(point, rules, tolerance,
                                                   [&](const ScaledPoint& trial) {
                                                     const auto ser = histogram.clause_ser(trial, rules.main);
                                                     return distance_of(std::max(ser[0], ser[1]));
                                                   })
                                 : scale_by_decisions(histogram, rules, point, tolerance);
  EqualizerOptimum out;
  out.open = scaled.reached;
  out.point = scaled.point;
  out.noise = out.open ? 1.0 / length_of(scaled.point, rules.noise) : 0.0;
  return out;
}

std::vector<double> unit_taps(const ScaledPoint& point) {
  std::vector<double> taps(point.begin(), point.end() - 3);
  double sum = 0;
  for (const double tap : taps) sum += tap;
  for (double& tap : taps) tap /= sum;
  return taps;
}

std::array<double, 3> unit_thresholds(const ScaledPoint& point) {
  double sum = 0;
  for (std::size_t j = 0; j + 3 < point.size(); ++j) sum += point[j];
  const std::size_t at = point.size() - 3;
  return {point[at] / sum, point[at + 1] / sum, point[at + 2] / sum};
}

double noise_gain(const std::vector<double>& taps, const math::SquareMatrix& noise) {
  ScaledPoint point(taps);
  return length_of(point, noise);
}

}  // namespace lightlane::measure

/// Error ratios over the phases of reflections at rest.

#include <algorithm>
#include <cmath>

#include "lightlane/link/interference.hpp"
#include "lightlane/link/statistical_engine_parts.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr int sum_points = 32;  ///< of the distribution of the sum
constexpr int curve_points = 15;
constexpr std::size_t least_sets = 400, most_sets = 4000, most_cosines = 100'000;
constexpr double audible_change = 0.01;

/// Q^-1 of the share of errors: nearly straight over the sum.
double quality(double ber) { return math::normal_tail_inverse(std::clamp(ber, 1e-300, 0.49)); }

std::vector<double> amplitudes_of(const LaneModel& model) {
  std::vector<double> a;
  for (const Interferer& r : model.reflections) a.push_back(std::fabs(r.amplitude));
  return a;
}
double total_of(const std::vector<double>& a) {
  double sum = 0;
  for (const double x : a) sum += x;
  return sum;
}

/// Distribution of sum(a cos(phase)) / sum(a), phases uniform.
BoundedRule distribution_of_sum(std::vector<double> a) {
  const double total = total_of(a);
  std::sort(a.begin(), a.end());
  BoundedRule rule;
  for (const double x : a) rule = sum(rule, scaled(cosine(sum_points), x / total), sum_points);
  return rule;
}

/// Cosines of phases as they are where sum(a cos) = share x sum(a): each at its mean there, and off it by its
/// standard deviation, by turns to either side, which leaves the sum as it is.
std::vector<double> cosines_at(const std::vector<double>& a, double share) {
  const double total = total_of(a);
  std::vector<double> mean(a.size(), share < 0 ? -1.0 : 1.0);
  if (std::fabs(share) < 1 - 1e-9) {
    // Phases lean towards 0 (or half a turn), the more the stronger the reflection; as far as the sum wants
    // it.
    double low = -1e6 / total, high = 1e6 / total;
    for (int i = 0; i < 100; ++i) {
      const double lean = 0.5 * (low + high);
      double reached = 0;
      for (std::size_t k = 0; k < a.size(); ++k) {
        const double x = lean * a[k];
        mean[k] = x / std::sqrt(4 + x * x);  // about I1(x) / I0(x)
        reached += a[k] * mean[k];
      }
      (reached < share * total ? low : high) = lean;
    }
  }
  std::vector<double> variance(a.size()), result = mean;
  double all = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    variance[k] = std::max(0.5 * (1 - mean[k] * mean[k]), 0.0);
    all += a[k] * a[k] * variance[k];
  }
  if (!(all > 0)) return result;
  std::vector<std::size_t> order(a.size());
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return a[i] > a[j]; });
  double off = 0, side = 1;
  for (const std::size_t k : order) {
    const double left = std::max(1 - a[k] * a[k] * variance[k] / all, 0.0);  // the others make up for it
    const double d = side * std::sqrt(variance[k] * left);
    result[k] += d;
    off += a[k] * d;
    side = -side;
  }
  for (std::size_t k = 0; k < a.size(); ++k) result[k] -= off * a[k] * variance[k] / all;
  return result;
}

/// The quality over the sum's share: the polynomial through Gauss points of its distribution and both ends.
class Curve {
 public:
  Curve(detail::Evaluation& evaluation, const std::vector<double>& a, const BoundedRule& sum) {
    share_ = reduced(sum, curve_points).value;
    share_.push_back(-1);
    share_.push_back(1);
    for (const double share : share_)
      value_.push_back(quality(evaluation.ber_at_phases(cosines_at(a, share))));
    for (std::size_t k = 0; k < share_.size(); ++k) {
      double product = 1;
      for (std::size_t i = 0; i < share_.size(); ++i) product *= i == k ? 1 : 2 * (share_[k] - share_[i]);
      factor_.push_back(1 / product);
    }
  }
  double ber(double share) const {
    double above = 0, below = 0;
    for (std::size_t k = 0; k < share_.size(); ++k) {
      const double distance = share - share_[k];
      if (std::fabs(distance) < 1e-12) return math::normal_tail(value_[k]);
      above += factor_[k] / distance * value_[k];
      below += factor_[k] / distance;
    }
    return math::normal_tail(above / below);
  }
  double least() const { return math::normal_tail(*std::max_element(value_.begin(), value_.end())); }
  double most() const { return math::normal_tail(*std::min_element(value_.begin(), value_.end())); }

 private:
  std::vector<double> share_, value_, factor_;
};

/// Bit error ratios at sets of phases spread evenly over all, least first.
std::vector<double> spread_evenly(const Curve& curve, const std::vector<double>& a) {
  const double total = total_of(a);
  std::vector<double> ber, step;
  // Multiples of the roots of primes fill the cube of all phases evenly (Kronecker).
  for (int n = 2; step.size() < a.size(); ++n) {
    bool prime = true;
    for (int d = 2; d * d <= n; ++d) prime = prime && n % d != 0;
    if (prime) step.push_back(std::sqrt(static_cast<double>(n)));
  }
  const std::size_t sets = std::clamp<std::size_t>(most_cosines / a.size(), least_sets, most_sets);
  for (std::size_t s = 0; s < sets; ++s) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      const double turns = (static_cast<double>(s) + 0.5) * step[k];
      sum += a[k] * math::cos(2 * pi * (turns - std::floor(turns)));
    }
    ber.push_back(curve.ber(sum / total));
  }
  std::sort(ber.begin(), ber.end());
  return ber;
}

}  // namespace

std::optional<PhaseSpread> over_phases(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                                       double attenuation_db, const StatisticalResult& moving) {
  if (equalizer.mlse || !moving.valid) return std::nullopt;
  PhaseSpread spread;
  spread.ser = {moving.ser};
  spread.weight = {1.0};
  spread.ber_median = spread.ber_p99 = spread.ber_worst = moving.ber;
  const std::vector<double> a = amplitudes_of(model);
  if (!(total_of(a) > 0) || !(moving.ber > 0)) return spread;
  const detail::Pattern pattern(model);
  detail::Evaluation evaluation(pattern, equalizer, light_behind(attenuation_db));
  const BoundedRule sum = distribution_of_sum(a);
  const Curve curve(evaluation, a, sum);
  if (curve.most() < (1 + audible_change) * curve.least()) return spread;

  spread.audible = true;
  BoundedRule ratios = sum;
  for (double& v : ratios.value) v = curve.ber(v);
  // Their mean is known: it carries a DFE's bursts as well.
  const double bits = moving.ber / ratios.mean();
  ratios = scaled(ratios, moving.ser / ratios.mean());
  spread.ser.clear();
  spread.weight.clear();
  for (std::size_t k = 0; k < ratios.value.size(); ++k) {
    if (!(ratios.weight[k] > 1e-60)) continue;
    spread.ser.push_back(std::clamp(ratios.value[k], 0.0, 1.0));
    spread.weight.push_back(ratios.weight[k]);
  }
  const std::vector<double> ber = spread_evenly(curve, a);
  spread.ber_median = std::min(0.5, bits * ber[ber.size() / 2]);
  spread.ber_p99 = std::min(0.5, bits * ber[ber.size() * 99 / 100]);
  spread.ber_worst = std::min(0.5, bits * curve.most());
  return spread;
}

}  // namespace lightlane::link

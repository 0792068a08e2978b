#include "lightlane/link/interference.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr int most_points = 32;
constexpr double pi = 3.14159265358979323846;

/// Three-term recurrence of the polynomials that are orthogonal under a rule, for values shifted and scaled
/// to [-1, 1].
struct Recurrence {
  std::vector<double> alpha, root_beta;  ///< root_beta[k] couples k - 1 and k; [0] is not used
};

Recurrence stieltjes(const std::vector<double>& x, const std::vector<double>& weight, int points) {
  const std::size_t n = x.size();
  std::vector<double> p(n, 1.0), last(n, 0.0);
  Recurrence r;
  double last_norm = 0;
  for (int k = 0; k < points; ++k) {
    double norm = 0, first = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double square = weight[i] * p[i] * p[i];
      norm += square;
      first += square * x[i];
    }
    const double beta = k == 0 ? 0 : norm / last_norm;
    if (!(norm > 0) || (k > 0 && beta < 1e-14)) break;  // fewer distinct values than points
    const double alpha = first / norm;
    r.alpha.push_back(alpha);
    r.root_beta.push_back(std::sqrt(beta));
    for (std::size_t i = 0; i < n; ++i) {
      const double next = (x[i] - alpha) * p[i] - beta * last[i];
      last[i] = p[i];
      p[i] = next;
    }
    last_norm = norm;
  }
  return r;
}

/// Eigenvalues of the symmetric tridiagonal matrix and the squares of the first components of its
/// eigenvectors: QL with implicit shifts.
void eigen_of(Recurrence r, std::vector<double>& value, std::vector<double>& weight) {
  const auto n = static_cast<int>(r.alpha.size());
  std::vector<double>& d = r.alpha;
  std::vector<double> e(r.root_beta.begin() + 1, r.root_beta.end()), first(d.size(), 0.0);
  e.push_back(0);
  first[0] = 1;
  const auto at = [](auto& v, int i) -> double& { return v[static_cast<std::size_t>(i)]; };
  for (int l = 0; l < n; ++l) {
    for (int rounds = 0; rounds < 60; ++rounds) {
      int m = l;
      while (m + 1 < n && std::fabs(at(e, m)) > 1e-16 * (std::fabs(at(d, m)) + std::fabs(at(d, m + 1)))) ++m;
      if (m == l) break;
      double g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
      double root = std::sqrt(g * g + 1);
      g = at(d, m) - at(d, l) + at(e, l) / (g + (g < 0 ? -root : root));
      double s = 1, c = 1, p = 0;
      for (int i = m - 1; i >= l; --i) {
        const double f = s * at(e, i), b = c * at(e, i);
        root = std::sqrt(f * f + g * g);
        at(e, i + 1) = root;
        if (root == 0) {
          at(d, i + 1) -= p;
          at(e, m) = 0;
          break;
        }
        s = f / root;
        c = g / root;
        g = at(d, i + 1) - p;
        const double t = (at(d, i) - g) * s + 2 * c * b;
        p = s * t;
        at(d, i + 1) = g + p;
        g = c * t - b;
        const double z = at(first, i + 1);
        at(first, i + 1) = s * at(first, i) + c * z;
        at(first, i) = c * at(first, i) - s * z;
      }
      if (root == 0 && m - 1 >= l) continue;
      at(d, l) -= p;
      at(e, l) = g;
      at(e, m) = 0;
    }
  }
  value = d;
  weight.resize(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) weight[i] = first[i] * first[i];
}

template <class Join>
BoundedRule joined(const BoundedRule& a, const BoundedRule& b, int points, Join join) {
  BoundedRule all;
  all.value.clear();
  all.weight.clear();
  for (std::size_t i = 0; i < a.value.size(); ++i) {
    for (std::size_t j = 0; j < b.value.size(); ++j) {
      all.value.push_back(join(a.value[i], b.value[j]));
      all.weight.push_back(a.weight[i] * b.weight[j]);
    }
  }
  return reduced(all, points);
}

/// Steady levels of the lane, two for NRZ.
std::vector<double> levels_of(const LaneModel& model) {
  if (model.modulation == signal::Modulation::nrz)
    return {model.level_current_a[0], model.level_current_a[3]};
  return {model.level_current_a.begin(), model.level_current_a.end()};
}
std::vector<double> roots_of(std::vector<double> values) {
  for (double& v : values) v = std::sqrt(std::max(v, 0.0));
  return values;
}
double mean_of(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), 0.0) / static_cast<double>(v.size());
}
double mean_square(const std::vector<double>& v) {
  return std::inner_product(v.begin(), v.end(), v.begin(), 0.0) / static_cast<double>(v.size());
}

std::vector<double> convolved(std::span<const double> a, std::span<const double> b) {
  std::vector<double> c(a.size() + b.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) c[i + j] += a[i] * b[j];
  }
  return c;
}

/// Variance behind the taps of noise of variance 1 and this correlation.
double coloured_energy(std::span<const double> taps, std::span<const double> correlation) {
  double sum = 0;
  for (std::size_t lag = 0; lag < taps.size() && (lag == 0 || lag < correlation.size()); ++lag) {
    double product = 0;
    for (std::size_t k = lag; k < taps.size(); ++k) product += taps[k] * taps[k - lag];
    sum += lag == 0 ? product : 2 * correlation[lag] * product;
  }
  return sum;
}

/// Sum of independent variables, the small ones first, with as many points as the sum needs at each stage.
class Accumulator {
 public:
  explicit Accumulator(double exponent) : exponent_(exponent) {}
  void add(const BoundedRule& rule) {
    reach_ += rule.radius();
    if (rule.radius() == 0) return;
    total_ = sum(total_, rule, points());
  }
  int points() const { return points_for(exponent_ * reach_); }
  const BoundedRule& total() const { return total_; }

 private:
  double exponent_, reach_ = 0;
  BoundedRule total_;
};

}  // namespace

double BoundedRule::mean() const noexcept {
  return std::inner_product(value.begin(), value.end(), weight.begin(), 0.0);
}
double BoundedRule::variance() const noexcept {
  const double m = mean();
  double result = 0;
  for (std::size_t i = 0; i < value.size(); ++i) result += weight[i] * (value[i] - m) * (value[i] - m);
  return result;
}
double BoundedRule::lowest() const noexcept { return *std::min_element(value.begin(), value.end()); }
double BoundedRule::highest() const noexcept { return *std::max_element(value.begin(), value.end()); }
double BoundedRule::radius() const noexcept { return std::max(std::fabs(lowest()), std::fabs(highest())); }

BoundedRule equally_likely(std::span<const double> values) {
  BoundedRule rule;
  rule.value.assign(values.begin(), values.end());
  rule.weight.assign(values.size(), 1.0 / static_cast<double>(values.size()));
  return rule;
}

BoundedRule cosine(int points) {
  BoundedRule rule;
  rule.value.resize(static_cast<std::size_t>(points));
  for (int k = 0; k < points; ++k) {
    rule.value[static_cast<std::size_t>(k)] = math::cos(pi * (2 * k + 1) / (2 * points));
  }
  rule.weight.assign(rule.value.size(), 1.0 / points);
  return rule;
}

BoundedRule scaled(BoundedRule rule, double factor) {
  for (double& v : rule.value) v *= factor;
  return rule;
}

BoundedRule sum(const BoundedRule& a, const BoundedRule& b, int points) {
  return joined(a, b, points, [](double x, double y) { return x + y; });
}
BoundedRule product(const BoundedRule& a, const BoundedRule& b, int points) {
  return joined(a, b, points, [](double x, double y) { return x * y; });
}

BoundedRule reduced(const BoundedRule& rule, int points) {
  if (rule.value.size() <= static_cast<std::size_t>(points)) return rule;
  const double low = rule.lowest(), high = rule.highest();
  const double middle = 0.5 * (low + high), half = 0.5 * (high - low);
  if (!(half > 0)) return {{middle}, {1.0}};
  std::vector<double> x(rule.value.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = (rule.value[i] - middle) / half;
  BoundedRule result;
  eigen_of(stieltjes(x, rule.weight, points), result.value, result.weight);
  for (double& v : result.value) v = middle + half * v;
  return result;
}

int points_for(double exponent) noexcept {
  // Remainder of the quadrature of exp(x) over |x| <= exponent against a mean that grows like I0(exponent).
  const double half = 0.5 * exponent;
  const double mean = exponent > 1 ? math::exp(std::min(exponent, 600.0)) / std::sqrt(2 * pi * exponent) : 1;
  double term = 1;
  for (int m = 1; m < most_points; ++m) {
    term *= half * half / ((2 * m - 1) * (2 * m));
    if (term < 1e-10 * mean && 2 * m >= half) return m;
  }
  return most_points;
}

BoundedRule multipath_rule(const LaneModel& model, std::span<const double> taps, std::size_t before,
                           double level_current_a, double scale, double exponent,
                           std::span<const double> cosines) {
  if (model.reflections.empty()) return {};
  const std::vector<double> roots = roots_of(levels_of(model));
  const BoundedRule any = equally_likely(roots);
  const double own = std::sqrt(std::max(level_current_a, 0.0));
  // Sum over taps of sqrt(I I'), the symbol's own tap last: it dominates.
  double total_amplitude = 0, reach = 0;
  for (const Interferer& r : model.reflections) total_amplitude += std::fabs(r.amplitude);
  const double top = *std::max_element(roots.begin(), roots.end());
  for (const double t : taps) reach += std::fabs(t) * top * top * scale;
  const double whole = exponent * total_amplitude * reach;
  const int points = points_for(whole);
  const BoundedRule pair = product(any, any, 16);
  Accumulator beat(exponent * total_amplitude);
  for (std::size_t k = 0; k < taps.size(); ++k) {
    if (k != before) beat.add(scaled(pair, taps[k] * scale));
  }
  BoundedRule one = before < taps.size() ? sum(beat.total(), scaled(any, taps[before] * own * scale), points)
                                         : beat.total();
  if (cosines.empty()) one = product(one, cosine(std::max(points, 2)), points);

  std::vector<double> amplitudes;
  for (std::size_t i = 0; i < model.reflections.size(); ++i) {
    amplitudes.push_back(std::fabs(model.reflections[i].amplitude) * (cosines.empty() ? 1 : cosines[i]));
  }
  std::sort(amplitudes.begin(), amplitudes.end(),
            [](double a, double b) { return std::fabs(a) < std::fabs(b); });
  Accumulator all(exponent);
  for (const double amplitude : amplitudes) {
    const BoundedRule rule = scaled(one, amplitude);
    all.add(reduced(rule, points_for(exponent * rule.radius())));
  }
  return all.total();
}

double crosstalk_mean_a(const LaneModel& model, double scale) noexcept {
  if (model.crosstalk.empty()) return 0;
  const double mean = mean_of(levels_of(model));
  double result = 0;
  for (const Interferer& x : model.crosstalk) result += crosstalk_amplitude(x, scale) * mean;
  return result;
}

double crosstalk_noise_a2(const LaneModel& model, double scale) noexcept {
  double result = 0;
  for (const Interferer& x : model.crosstalk) {
    if (x.noise_a2_per_a > 0) result += x.noise_a2_per_a * crosstalk_amplitude(x, scale) * mean_of(levels_of(model));
  }
  return result;
}

double crosstalk_noise_slope(const LaneModel& model, std::span<const double> taps, double scale) {
  if (taps.empty()) return 0;
  std::vector<double> squares(taps.begin(), taps.end());
  double energy = 0;
  for (double& c : squares) energy += c *= c;
  double common = 0, square = 0;
  for (const Interferer& x : model.crosstalk) {
    const std::vector<double> value = convolved(taps, pulse_of(x)), variance = convolved(squares, pulse_of(x));
    const double amplitude = crosstalk_amplitude(x, scale);
    common += x.noise_a2_per_a * amplitude * amplitude * std::inner_product(value.begin(), value.end(), variance.begin(), 0.0);
    square += amplitude * amplitude * std::inner_product(value.begin(), value.end(), value.begin(), 0.0);
  }
  if (!(common > 0 && square > 0 && energy > 0)) return 0;
  return coloured_energy(taps, model.noise_correlation) / energy * common / square;
}

BoundedRule crosstalk_rule(const LaneModel& model, std::span<const double> taps, double scale,
                           double exponent) {
  if (model.crosstalk.empty() || taps.empty()) return {};
  std::vector<double> values = levels_of(model);
  const double mean = mean_of(values);
  for (double& v : values) v -= mean;
  std::vector<double> response;
  for (const Interferer& x : model.crosstalk) {
    for (const double r : convolved(taps, pulse_of(x))) response.push_back(crosstalk_amplitude(x, scale) * r);
  }
  return far_symbols_rule(response, values, exponent);
}

BoundedRule far_symbols_rule(std::span<const double> response, std::span<const double> values,
                             double exponent) {
  std::vector<double> sorted(response.begin(), response.end());
  for (double& r : sorted) r = std::fabs(r) < 1e-300 ? 0 : r;
  std::sort(sorted.begin(), sorted.end(), [](double a, double b) { return std::fabs(a) < std::fabs(b); });
  const BoundedRule symbol = equally_likely(values);
  Accumulator all(exponent);
  for (const double r : sorted) {
    const BoundedRule rule = scaled(symbol, r);
    all.add(reduced(rule, points_for(exponent * rule.radius())));
  }
  return all.total();
}

std::vector<double> interference_autocovariance(const LaneModel& model, std::size_t lags, double scale) {
  std::vector<double> result(lags, 0.0);
  if (lags == 0) return result;
  const std::vector<double> levels = levels_of(model), roots = roots_of(levels);
  const double mean_level = mean_of(levels), mean_root = mean_of(roots);
  for (const Interferer& r : model.reflections) {
    const double half = 0.5 * r.amplitude * r.amplitude * scale * scale;
    result[0] += half * mean_level * mean_level;
    const double root_square = mean_root * mean_root;
    for (std::size_t k = 1; k < lags; ++k) result[k] += half * root_square * root_square;
  }
  const double spread = mean_square(levels) - mean_level * mean_level;
  for (const Interferer& x : model.crosstalk) {
    const double amplitude = crosstalk_amplitude(x, scale);
    const std::span<const double> pulse = pulse_of(x);
    for (std::size_t k = 0; k < std::min(lags, pulse.size()); ++k) {
      for (std::size_t p = k; p < pulse.size(); ++p) result[k] += amplitude * amplitude * spread * pulse[p] * pulse[p - k];
    }
  }
  return result;
}

}  // namespace lightlane::link

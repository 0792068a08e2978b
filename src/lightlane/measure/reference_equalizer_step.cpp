#include "lightlane/measure/reference_equalizer_step.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "lightlane/math/elementary.hpp"

namespace lightlane::measure {
namespace {

constexpr double no_limit = 1e6;  ///< limits beyond this are none
constexpr double miss_cost = 20;  ///< of a standard deviation short of the target; multipliers are about 0.3

double product(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < b.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Rows a.z >= 0 that bound a point: taps, then thresholds.
class Bounds {
 public:
  explicit Bounds(const EqualizerRules& rules)
      : rules_(rules), size_(static_cast<std::size_t>(rules.taps) + 3) {
    std::vector<double> sum(size_, 0.0);
    for (int j = 0; j < rules.taps; ++j) sum[static_cast<std::size_t>(j)] = 1.0;
    rows_.push_back(sum);
    if (!rules.fixed_taps && rules.taps > 1) add_taps(sum);
    if (rules.threshold_range > 0) {
      for (std::size_t k = 0; k < 3; ++k) {
        add(threshold(k), 1.0, sum, -(rules.threshold[k] - rules.threshold_range));
        add(threshold(k), -1.0, sum, rules.threshold[k] + rules.threshold_range);
      }
    }
  }
  std::vector<std::vector<double>> take() { return std::move(rows_); }

 private:
  std::vector<double> unit(std::size_t at) const {
    std::vector<double> row(size_, 0.0);
    row[at] = 1.0;
    return row;
  }
  std::vector<double> tap(int j) const { return unit(static_cast<std::size_t>(j)); }
  std::vector<double> threshold(std::size_t k) const { return unit(size_ - 3 + k); }
  void add(const std::vector<double>& a, double fa, const std::vector<double>& b, double fb) {
    std::vector<double> row(size_);
    for (std::size_t i = 0; i < size_; ++i) row[i] = fa * a[i] + fb * b[i];
    rows_.push_back(std::move(row));
  }
  void add_taps(const std::vector<double>& sum) {
    const TapLimits& limits = rules_.limits;
    const auto main = tap(rules_.main);
    if (limits.main_min > -no_limit) add(main, 1.0, sum, -limits.main_min);
    if (limits.main_max < no_limit) add(main, -1.0, sum, limits.main_max);
    for (int j = 0; j < rules_.taps; ++j) {
      if (j == rules_.main) continue;
      add(main, 1.0, tap(j), 1.0);  // the main tap is the largest
      add(main, 1.0, tap(j), -1.0);
      const auto& side = j < rules_.main ? limits.before : limits.after;
      const auto away = static_cast<std::size_t>(std::abs(j - rules_.main) - 1);
      if (away >= side.size()) continue;
      if (side[away].first > -no_limit) add(tap(j), 1.0, main, -side[away].first);
      if (side[away].second < no_limit) add(tap(j), -1.0, main, side[away].second);
    }
    if (limits.asymmetry_max >= no_limit) return;
    std::vector<double> skew(size_, 0.0);
    if (rules_.main + 1 < rules_.taps) skew[static_cast<std::size_t>(rules_.main + 1)] += 1.0;
    if (rules_.main > 0) skew[static_cast<std::size_t>(rules_.main - 1)] -= 1.0;
    add(main, limits.asymmetry_max, skew, 1.0);
    add(main, limits.asymmetry_max, skew, -1.0);
  }

  const EqualizerRules& rules_;
  std::size_t size_;
  std::vector<std::vector<double>> rows_;
};

}  // namespace

double normal_density(double x) noexcept { return 0.39894228040143267794 * math::exp(-0.5 * x * x); }

double distance_of(double ser) noexcept {
  return math::normal_tail_inverse(std::clamp(ser, 1e-30, 1.49) / levels_factor);
}

double length_of(const ScaledPoint& point, const math::SquareMatrix& noise) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < noise.n; ++i) {
    for (std::size_t j = 0; j < noise.n; ++j) sum += point[i] * noise(i, j) * point[j];
  }
  return std::sqrt(sum);
}

EqualizerStep::EqualizerStep(const EqualizerRules& rules) : rules_(rules), bounds_(Bounds(rules).take()) {
  multiplier_.fill(0.5 / distance_of(rules.target_ser));
}

/// Directions in which a point may move: columns of B, one after the other.
EqualizerStep::Columns EqualizerStep::directions(const ScaledPoint& point) const {
  const std::size_t taps = static_cast<std::size_t>(rules_.taps), size = taps + 3;
  const bool free_thresholds = rules_.threshold_range > 0;
  Columns columns;
  const auto with_thresholds = [&](std::vector<double> column) {
    double sum = 0;
    for (std::size_t j = 0; j < taps; ++j) sum += column[j];
    for (std::size_t k = 0; k < 3 && !free_thresholds; ++k) column[taps + k] = rules_.threshold[k] * sum;
    columns.push_back(std::move(column));
  };
  std::vector<double> column(size, 0.0);
  if (rules_.fixed_taps) {
    for (std::size_t j = 0; j < taps; ++j) column[j] = point[j];
    with_thresholds(column);
  } else {
    for (std::size_t j = 0; j < taps; ++j) {
      std::fill(column.begin(), column.end(), 0.0);
      column[j] = 1.0;
      with_thresholds(column);
    }
  }
  for (std::size_t k = 0; k < 3 && free_thresholds; ++k) {
    std::fill(column.begin(), column.end(), 0.0);
    column[taps + k] = 1.0;
    columns.push_back(column);
  }
  return columns;
}

void EqualizerStep::add_bounds(QuadraticProgram& program, const ScaledPoint& point, double length,
                               const Columns& columns, std::size_t others) const {
  for (const auto& row : bounds_) {
    for (const auto& column : columns) program.a.push_back(product(row, column));
    program.a.insert(program.a.end(), others, 0.0);
    program.b.push_back(-product(row, point) / length);
  }
}

bool EqualizerStep::enter(ScaledPoint& point) const {
  const double length = length_of(point, rules_.noise);
  const Columns columns = directions(point);
  const std::size_t n = columns.size();
  QuadraticProgram program{math::SquareMatrix(n), std::vector<double>(n, 0.0), {}, {}};
  for (std::size_t a = 0; a < n; ++a) {
    for (std::size_t b = 0; b < n; ++b) program.h(a, b) = product(columns[a], columns[b]);
  }
  add_bounds(program, point, length, columns, 0);
  const auto solution = solve(program);
  if (!solution) return false;
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t i = 0; i < point.size(); ++i) point[i] += length * solution->x[c] * columns[c][i];
  }
  return true;
}

/// Each side's distance must reach the target, to first order, or miss it by the last variable.
void EqualizerStep::add_targets(QuadraticProgram& program, double length,
                                const std::array<ErrorDerivatives, 2>& sides, const Columns& columns,
                                std::vector<std::size_t>& active) const {
  const double target = distance_of(rules_.target_ser);
  for (std::size_t side = 0; side < 2; ++side) {
    const double distance = distance_of(sides[side].errors);
    if (distance > target + 6.0) continue;
    active.push_back(side);
    const double steepness = length / (levels_factor * normal_density(distance));
    for (const auto& column : columns)
      program.a.push_back(-steepness * product(sides[side].gradient, column));
    program.a.push_back(1.0);
    program.b.push_back(target - distance);
  }
  program.a.insert(program.a.end(), columns.size(), 0.0);
  program.a.push_back(1.0);
  program.b.push_back(0.0);
}

/// Objective w'Rw / 2 and the curvature of the error ratios, by their last multipliers.
void EqualizerStep::add_curvature(QuadraticProgram& program, const ScaledPoint& point, double length,
                                  const std::array<ErrorDerivatives, 2>& sides,
                                  const Columns& columns) const {
  const std::size_t n = columns.size(), size = point.size();
  math::SquareMatrix full(size);
  for (std::size_t i = 0; i < rules_.noise.n; ++i) {
    for (std::size_t j = 0; j < rules_.noise.n; ++j) full(i, j) = rules_.noise(i, j);
  }
  std::vector<double> slope(size, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) slope[i] += full(i, j) * point[j] / length;
  }
  for (std::size_t side = 0; side < 2; ++side) {
    const double distance = std::min(distance_of(sides[side].errors), 10.0);
    const double weight = multiplier_[side] * length * length / (levels_factor * normal_density(distance));
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        const double bend = weight * sides[side].hessian[i * most_variables + j];
        full(i, j) += bend;
        if (i != j) full(j, i) += bend;
      }
    }
  }
  std::vector<double> bent(size);
  for (std::size_t a = 0; a < n; ++a) {
    program.c[a] = product(columns[a], slope);
    for (std::size_t i = 0; i < size; ++i) {
      bent[i] = 0;
      for (std::size_t j = 0; j < size; ++j) bent[i] += full(i, j) * columns[a][j];
    }
    for (std::size_t b = 0; b < n; ++b) program.h(b, a) = product(columns[b], bent);
  }
  for (std::size_t a = 0; a < n; ++a) program.h(a, a) += 1e-7 * (1.0 + program.h(a, a));
}

bool EqualizerStep::move(ScaledPoint& point, double length, const std::array<ErrorDerivatives, 2>& sides,
                         double reach) {
  const Columns columns = directions(point);
  const std::size_t n = columns.size();
  QuadraticProgram program{math::SquareMatrix(n + 1), std::vector<double>(n + 1, 0.0), {}, {}};
  std::vector<std::size_t> active;
  add_curvature(program, point, length, sides, columns);
  program.h(n, n) = 1e-4;
  program.c[n] = miss_cost;
  add_targets(program, length, sides, columns, active);
  add_bounds(program, point, length, columns, 1);
  for (std::size_t c = 0; c < n; ++c) {
    for (const double sign : {-1.0, 1.0}) {
      program.a.insert(program.a.end(), n + 1, 0.0);
      program.a[program.a.size() - n - 1 + c] = sign;
      program.b.push_back(-reach);
    }
  }
  const auto solution = solve(program);
  if (!solution) return false;
  const double most = 10.0 / distance_of(rules_.target_ser);
  for (std::size_t k = 0; k < active.size(); ++k)
    multiplier_[active[k]] = std::min(solution->multiplier[k], most);
  for (std::size_t c = 0; c < n; ++c) {
    for (std::size_t i = 0; i < point.size(); ++i) point[i] += length * solution->x[c] * columns[c][i];
  }
  return true;
}

}  // namespace lightlane::measure

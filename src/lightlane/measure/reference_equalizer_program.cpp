#include "lightlane/measure/reference_equalizer_program.hpp"

#include <algorithm>
#include <cmath>

namespace lightlane::measure {
namespace {

using Values = std::vector<double>;

struct State {
  Values x, slack, multiplier;
};

/// What is left to nought: dual (n) and primal (rows).
struct Residual {
  Values dual, primal;
  double gap = 0;  // mean product of slack and multiplier
};

Residual residual(const QuadraticProgram& p, const State& s) {
  const std::size_t n = p.c.size(), rows = p.b.size();
  Residual r{p.c, Values(rows), 0};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) r.dual[i] += p.h(i, j) * s.x[j];
  }
  for (std::size_t k = 0; k < rows; ++k) {
    const double* const a = p.a.data() + k * n;
    double ax = 0;
    for (std::size_t i = 0; i < n; ++i) {
      ax += a[i] * s.x[i];
      r.dual[i] -= a[i] * s.multiplier[k];
    }
    r.primal[k] = ax - s.slack[k] - p.b[k];
    r.gap += s.slack[k] * s.multiplier[k];
  }
  r.gap /= static_cast<double>(std::max<std::size_t>(rows, 1));
  return r;
}

/// Newton's step for slack * multiplier = target (per row).
std::optional<State> newton(const QuadraticProgram& p, const State& s, const Residual& r,
                            const math::SquareMatrix& m, const Values& target) {
  const std::size_t n = p.c.size(), rows = p.b.size();
  Values right(n), push(rows);
  for (std::size_t i = 0; i < n; ++i) right[i] = -r.dual[i];
  for (std::size_t k = 0; k < rows; ++k) {
    push[k] = target[k] / s.slack[k] - s.multiplier[k];
    const double pull = push[k] - s.multiplier[k] / s.slack[k] * r.primal[k];
    for (std::size_t i = 0; i < n; ++i) right[i] += p.a[k * n + i] * pull;
  }
  auto x = math::solve_spd(m, right);
  if (!x) return std::nullopt;
  State step{std::move(*x), Values(rows), Values(rows)};
  for (std::size_t k = 0; k < rows; ++k) {
    double ax = 0;
    for (std::size_t i = 0; i < n; ++i) ax += p.a[k * n + i] * step.x[i];
    step.slack[k] = ax + r.primal[k];
    step.multiplier[k] = push[k] - s.multiplier[k] / s.slack[k] * step.slack[k];
  }
  return step;
}

double longest(const Values& value, const Values& step) {
  double length = 1.0;
  for (std::size_t k = 0; k < value.size(); ++k) {
    if (step[k] < 0) length = std::min(length, -value[k] / step[k]);
  }
  return length;
}

double largest(const Values& values) {
  double most = 0;
  for (const double v : values) most = std::max(most, std::fabs(v));
  return most;
}

}  // namespace

std::optional<QuadraticSolution> solve(const QuadraticProgram& p) {
  const std::size_t n = p.c.size(), rows = p.b.size();
  State s{Values(n, 0.0), Values(rows), Values(rows, 1.0)};
  for (std::size_t k = 0; k < rows; ++k) s.slack[k] = std::max(1.0, -p.b[k]);
  std::optional<QuadraticSolution> found;
  for (int iteration = 0; iteration < 40; ++iteration) {
    const Residual r = residual(p, s);
    if (!std::isfinite(r.gap)) break;
    const double error = std::max({r.gap, largest(r.primal), largest(r.dual)});
    if (error < 1e-6) found = QuadraticSolution{s.x, s.multiplier};
    if (error < 1e-9) break;
    math::SquareMatrix m = p.h;
    for (std::size_t k = 0; k < rows; ++k) {
      const double* const a = p.a.data() + k * n;
      const double weight = s.multiplier[k] / s.slack[k];
      for (std::size_t i = 0; i < n; ++i) {
        if (a[i] == 0) continue;
        for (std::size_t j = 0; j < n; ++j) m(i, j) += weight * a[i] * a[j];
      }
    }
    const auto affine = newton(p, s, r, m, Values(rows, 0.0));
    if (!affine) break;
    const double reach = std::min(longest(s.slack, affine->slack), longest(s.multiplier, affine->multiplier));
    double left = 0;
    for (std::size_t k = 0; k < rows; ++k) {
      left += (s.slack[k] + reach * affine->slack[k]) * (s.multiplier[k] + reach * affine->multiplier[k]);
    }
    left /= static_cast<double>(std::max<std::size_t>(rows, 1));
    const double ratio = r.gap > 0 ? left / r.gap : 0.0, centre = ratio * ratio * ratio * r.gap;
    Values target(rows);
    for (std::size_t k = 0; k < rows; ++k) target[k] = centre - affine->slack[k] * affine->multiplier[k];
    const auto step = newton(p, s, r, m, target);
    if (!step) break;
    const double primal = std::min(1.0, 0.995 * longest(s.slack, step->slack)),
                 dual = std::min(1.0, 0.995 * longest(s.multiplier, step->multiplier)),
                 both = std::min(primal, dual);
    for (std::size_t i = 0; i < n; ++i) s.x[i] += both * step->x[i];
    for (std::size_t k = 0; k < rows; ++k) {
      s.slack[k] += both * step->slack[k];
      s.multiplier[k] += both * step->multiplier[k];
    }
  }
  return found;
}

}  // namespace lightlane::measure

#pragma once
/// A small convex quadratic program, dense: what each step of the equaliser's search solves.

#include <optional>
#include <vector>

#include "lightlane/math/linear_solve.hpp"

namespace lightlane::measure {

/// Minimise x'Hx / 2 + c'x subject to A x >= b; H symmetric and positive definite; rows of A one after the
/// other.
struct QuadraticProgram {
  math::SquareMatrix h;
  std::vector<double> c;
  std::vector<double> a;  ///< [row][variable]
  std::vector<double> b;
};
struct QuadraticSolution {
  std::vector<double> x;
  std::vector<double> multiplier;  ///< of each row, >= 0
};

/// Primal-dual interior point with Mehrotra's corrector, at most 40 iterations of O(rows n^2 + n^3). Figures
/// are best scaled to about 1. None where it does not come within 1e-6 (a program without a feasible point, H
/// not definite).
std::optional<QuadraticSolution> solve(const QuadraticProgram& program);

}  // namespace lightlane::measure

#pragma once
/// Small dense linear algebra for equalisers: n up to about a hundred.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace lightlane::math {

/// Row-major square matrix.
struct SquareMatrix {
  std::size_t n = 0;
  std::vector<double> values;
  explicit SquareMatrix(std::size_t size = 0) : n(size), values(size * size, 0.0) {}
  double& operator()(std::size_t r, std::size_t c) { return values[r * n + c]; }
  double operator()(std::size_t r, std::size_t c) const { return values[r * n + c]; }
};

/// x with A x = b, A symmetric and positive definite (Cholesky); none where a pivot is not positive. O(n^3 /
/// 3).
std::optional<std::vector<double>> solve_spd(const SquareMatrix& a, std::span<const double> b);
/// x that minimises x'Ax - 2b'x subject to sum of x = total. None where A is not positive definite.
std::optional<std::vector<double>> solve_spd_with_sum(const SquareMatrix& a, std::span<const double> b,
                                                      double total);
/// x with A x = b by elimination with partial pivoting; none where A is singular to working precision.
std::optional<std::vector<double>> solve(SquareMatrix a, std::vector<double> b);

}  // namespace lightlane::math

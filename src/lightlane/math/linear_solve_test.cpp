#include "lightlane/math/linear_solve.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "lightlane/base/random.hpp"

namespace lightlane::math {
namespace {

SquareMatrix random_matrix(std::size_t n, std::uint32_t lane) {
  const RandomStream random(11, "linear_solve_test", lane);
  SquareMatrix a(n);
  for (std::size_t i = 0; i < n * n; ++i) a.values[i] = 2.0 * random.uniform(i) - 1.0;
  return a;
}

/// B'B + small identity.
SquareMatrix positive(std::size_t n, std::uint32_t lane) {
  const SquareMatrix b = random_matrix(n, lane);
  SquareMatrix a(n);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < n; ++c) {
      for (std::size_t k = 0; k < n; ++k) a(r, c) += b(k, r) * b(k, c);
    }
    a(r, r) += 0.01;
  }
  return a;
}

double residual(const SquareMatrix& a, const std::vector<double>& x, const std::vector<double>& b) {
  double worst = 0.0;
  for (std::size_t r = 0; r < a.n; ++r) {
    double sum = -b[r];
    for (std::size_t c = 0; c < a.n; ++c) sum += a(r, c) * x[c];
    worst = std::max(worst, std::fabs(sum));
  }
  return worst;
}

double determinant(const SquareMatrix& a) {
  if (a.n == 1) return a(0, 0);
  double sum = 0.0;
  for (std::size_t c = 0; c < a.n; ++c) {
    SquareMatrix minor(a.n - 1);
    for (std::size_t r = 1; r < a.n; ++r) {
      for (std::size_t k = 0; k < a.n; ++k) {
        if (k != c) minor(r - 1, k - (k > c)) = a(r, k);
      }
    }
    sum += (c % 2 != 0 ? -1.0 : 1.0) * a(0, c) * determinant(minor);
  }
  return sum;
}

TEST(LinearSolve, AgreesWithCramersRule) {
  for (const std::size_t n : {1, 2, 3, 5, 6}) {
    for (std::uint32_t lane = 0; lane < 20; ++lane) {
      const SquareMatrix general = random_matrix(n, lane), symmetric = positive(n, lane);
      std::vector<double> b(n);
      for (std::size_t i = 0; i < n; ++i) b[i] = std::cos(static_cast<double>(i + lane));
      for (const SquareMatrix* a : {&general, &symmetric}) {
        const auto x = a == &general ? solve(*a, b) : solve_spd(*a, b);
        ASSERT_TRUE(x.has_value());
        const double whole = determinant(*a);
        for (std::size_t c = 0; c < n; ++c) {
          SquareMatrix replaced = *a;
          for (std::size_t r = 0; r < n; ++r) replaced(r, c) = b[r];
          const double wanted = determinant(replaced) / whole;
          EXPECT_NEAR((*x)[c], wanted, 1e-9 * (1.0 + std::fabs(wanted)));
        }
      }
    }
  }
}

TEST(LinearSolve, LeavesNoResidualAtTheSizeOfAnEqualiser) {
  for (const std::size_t n : {15, 40, 100}) {
    const SquareMatrix general = random_matrix(n, 1), symmetric = positive(n, 2);
    std::vector<double> b(n);
    for (std::size_t i = 0; i < n; ++i) b[i] = std::sin(static_cast<double>(i));
    EXPECT_LT(residual(general, solve(general, b).value(), b), 1e-11) << n;
    EXPECT_LT(residual(symmetric, solve_spd(symmetric, b).value(), b), 1e-10) << n;
  }
}

TEST(LinearSolve, PivotsWhereTheFirstElementIsZero) {
  SquareMatrix a(3);
  a.values = {0, 2, 1, 1, 0, 0, 0, 0, 4};
  EXPECT_EQ(solve(a, {5, 7, 4}).value(), (std::vector<double>{7, 2, 1}));
}

/// The optimum under the constraint: the gradient A x - b is the same in every direction, and every step
/// along the constraint makes the target larger.
TEST(LinearSolve, ConstrainedSolutionIsTheMinimum) {
  constexpr std::size_t n = 7;
  const SquareMatrix a = positive(n, 5);
  std::vector<double> b(n);
  for (std::size_t i = 0; i < n; ++i) b[i] = std::cos(static_cast<double>(3 * i));
  const auto target = [&](const std::vector<double>& x) {
    double sum = 0.0;
    for (std::size_t r = 0; r < n; ++r) {
      sum -= 2.0 * b[r] * x[r];
      for (std::size_t c = 0; c < n; ++c) sum += x[r] * a(r, c) * x[c];
    }
    return sum;
  };
  const auto x = solve_spd_with_sum(a, b, 1.5).value();
  double sum = 0.0;
  for (const double v : x) sum += v;
  EXPECT_NEAR(sum, 1.5, 1e-13);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      if (i == k) continue;
      auto moved = x;
      moved[i] += 1e-3;
      moved[k] -= 1e-3;
      EXPECT_GT(target(moved), target(x)) << i << " " << k;
    }
  }
}

TEST(LinearSolve, SaysWhereThereIsNoSolution) {
  SquareMatrix singular(2);
  singular.values = {1, 2, 2, 4};
  const std::vector<double> b{1, 1};
  EXPECT_FALSE(solve(singular, b));
  EXPECT_FALSE(solve_spd(singular, b));
  EXPECT_FALSE(solve_spd_with_sum(singular, b, 1.0));
  SquareMatrix indefinite(2);
  indefinite.values = {1, 2, 2, 1};
  EXPECT_TRUE(solve(indefinite, b));
  EXPECT_FALSE(solve_spd(indefinite, b));
  SquareMatrix not_finite(2);
  not_finite.values = {std::nan(""), 0, 0, 1};
  EXPECT_FALSE(solve(not_finite, b));
  EXPECT_FALSE(solve_spd(not_finite, b));
  // B'B of a B with three rows and four columns: of rank three, up to rounding of either sign. Where the
  // third pivot is small too, what rounding leaves of the fourth can look like one.
  int refused = 0;
  for (std::uint32_t lane = 0; lane < 20; ++lane) {
    SquareMatrix gram(4);
    const SquareMatrix rows = random_matrix(4, lane);
    for (std::size_t r = 0; r < 4; ++r) {
      for (std::size_t c = 0; c < 4; ++c) {
        for (std::size_t k = 0; k < 3; ++k) gram(r, c) += rows(k, r) * rows(k, c);
      }
    }
    refused += solve_spd(gram, std::vector<double>(4, 1.0)).has_value() ? 0 : 1;
  }
  EXPECT_GE(refused, 17);
  // Two parallel rows, up to rounding.
  SquareMatrix nearly(3);
  nearly.values = {1.0 / 3, 0.7, 0.1, 1.0 / 3 * 3, 0.7 * 3, 0.1 * 3, 0.2, 0.9, 0.4};
  EXPECT_FALSE(solve(nearly, {1, 2, 3}));
}

}  // namespace
}  // namespace lightlane::math

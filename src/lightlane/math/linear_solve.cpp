#include "lightlane/math/linear_solve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "lightlane/base/error.hpp"

namespace lightlane::math {
namespace {

/// Lower triangle L with L L' = A, by rows; the rest of the matrix is not read. None where a pivot is not
/// positive.
std::optional<SquareMatrix> cholesky(const SquareMatrix& a) {
  SquareMatrix l(a.n);
  for (std::size_t r = 0; r < a.n; ++r) {
    for (std::size_t c = 0; c <= r; ++c) {
      double sum = a(r, c);
      for (std::size_t k = 0; k < c; ++k) sum -= l(r, k) * l(c, k);
      if (r != c) {
        l(r, c) = sum / l(c, c);
      } else {
        // What rounding alone could leave of a pivot is no pivot.
        const double least = a(r, r) * std::numeric_limits<double>::epsilon() * static_cast<double>(a.n);
        if (!(sum > 0.0) || !(sum > least) || !std::isfinite(sum)) return std::nullopt;
        l(r, r) = std::sqrt(sum);
      }
    }
  }
  return l;
}

std::vector<double> substitute(const SquareMatrix& l, std::span<const double> b) {
  std::vector<double> x(b.begin(), b.end());
  for (std::size_t r = 0; r < l.n; ++r) {
    for (std::size_t k = 0; k < r; ++k) x[r] -= l(r, k) * x[k];
    x[r] /= l(r, r);
  }
  for (std::size_t r = l.n; r-- > 0;) {
    for (std::size_t k = r + 1; k < l.n; ++k) x[r] -= l(k, r) * x[k];
    x[r] /= l(r, r);
  }
  return x;
}

}  // namespace

std::optional<std::vector<double>> solve_spd(const SquareMatrix& a, std::span<const double> b) {
  LIGHTLANE_ASSERT(b.size() == a.n);
  const auto l = cholesky(a);
  if (!l) return std::nullopt;
  return substitute(*l, b);
}

std::optional<std::vector<double>> solve_spd_with_sum(const SquareMatrix& a, std::span<const double> b,
                                                      double total) {
  LIGHTLANE_ASSERT(b.size() == a.n && a.n > 0);
  const auto l = cholesky(a);
  if (!l) return std::nullopt;
  // Lagrange: A x = b + mu 1, so x = u + mu v with A u = b and A v = 1; v sums to 1'inv(A)1 > 0.
  std::vector<double> x = substitute(*l, b);
  const std::vector<double> v = substitute(*l, std::vector<double>(a.n, 1.0));
  double sum_x = 0.0, sum_v = 0.0;
  for (std::size_t i = 0; i < a.n; ++i) {
    sum_x += x[i];
    sum_v += v[i];
  }
  const double mu = (total - sum_x) / sum_v;
  for (std::size_t i = 0; i < a.n; ++i) x[i] += mu * v[i];
  return x;
}

std::optional<std::vector<double>> solve(SquareMatrix a, std::vector<double> b) {
  LIGHTLANE_ASSERT(b.size() == a.n);
  const std::size_t n = a.n;
  double largest = 0.0;
  for (const double v : a.values) largest = std::max(largest, std::fabs(v));
  const double least = largest * std::numeric_limits<double>::epsilon() * static_cast<double>(n);
  for (std::size_t c = 0; c < n; ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < n; ++r) {
      if (std::fabs(a(r, c)) > std::fabs(a(pivot, c))) pivot = r;
    }
    if (!(std::fabs(a(pivot, c)) > least)) return std::nullopt;
    if (pivot != c) {
      for (std::size_t k = c; k < n; ++k) std::swap(a(pivot, k), a(c, k));
      std::swap(b[pivot], b[c]);
    }
    for (std::size_t r = c + 1; r < n; ++r) {
      const double factor = a(r, c) / a(c, c);
      for (std::size_t k = c + 1; k < n; ++k) a(r, k) -= factor * a(c, k);
      b[r] -= factor * b[c];
    }
  }
  for (std::size_t r = n; r-- > 0;) {
    for (std::size_t k = r + 1; k < n; ++k) b[r] -= a(r, k) * b[k];
    b[r] /= a(r, r);
  }
  return b;
}

}  // namespace lightlane::math

#pragma once
/// The distribution of residual intersymbol interference with Gaussian noise, exact but for its grid.

#include <span>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::aui {

/// Sum over i of cursor[i] a_i + noise, the a_i independent and equally likely levels (PAM4: +-1, +-1/3; NRZ:
/// +-1).
///
/// Cursors below sigma / 100 count as Gaussian; the others are convolved one by one on a grid of sigma / 100
/// (or of a 32768th of the span, where that is coarser), each level split between its two neighbours on the
/// grid. Cost: cursors x grid; a tail costs one normal tail per point of the grid.
class IsiDistribution {
 public:
  IsiDistribution(std::span<const double> cursors, double sigma, signal::Modulation modulation);

  /// P(sum > x). Symmetric: P(sum < -x) is the same.
  double tail(double x) const;
  /// x with tail(x) = p, 0 < p < 0.5.
  double quantile(double p) const;

 private:
  double step_ = 1, sigma_ = 0;
  std::size_t middle_ = 0;  ///< of the grid: where the sum is 0
  std::vector<double> probability_;
};

}  // namespace lightlane::aui

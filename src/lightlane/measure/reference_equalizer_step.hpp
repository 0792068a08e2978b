#pragma once
/// One step of the equaliser's search: the convex programme about a point, quadratic in what the noise costs
/// and in the error ratios' curvature, linear in the limits.

#include <array>

#include "lightlane/measure/reference_equalizer.hpp"
#include "lightlane/measure/reference_equalizer_program.hpp"

namespace lightlane::measure {

inline constexpr double levels_factor = 1.5;  ///< SER = 1.5 Q(distance) for equal distances

double normal_density(double x) noexcept;
/// Error ratio as a distance in standard deviations: nearly linear in the scale of a point.
double distance_of(double ser) noexcept;
/// sqrt(w'Rw): the inverse of the noise that may be added.
double length_of(const ScaledPoint& point, const math::SquareMatrix& noise) noexcept;

/// Holds what a search carries from step to step: the bounds, and the multipliers that weigh both histograms'
/// curvature.
class EqualizerStep {
 public:
  explicit EqualizerStep(const EqualizerRules& rules);

  /// Moves a start to the nearest point within the bounds; false where there is none.
  bool enter(ScaledPoint& point) const;
  /// Moves the point (of `length`, with its derivatives) to the programme's optimum, no variable by more than
  /// `reach` of the length; false where there is none. The target may be missed, dearly, so that there nearly
  /// always is one.
  bool move(ScaledPoint& point, double length, const std::array<ErrorDerivatives, 2>& sides, double reach);

 private:
  using Columns = std::vector<std::vector<double>>;

  Columns directions(const ScaledPoint& point) const;
  void add_bounds(QuadraticProgram& program, const ScaledPoint& point, double length, const Columns& columns,
                  std::size_t others) const;
  void add_targets(QuadraticProgram& program, double length, const std::array<ErrorDerivatives, 2>& sides,
                   const Columns& columns, std::vector<std::size_t>& active) const;
  void add_curvature(QuadraticProgram& program, const ScaledPoint& point, double length,
                     const std::array<ErrorDerivatives, 2>& sides, const Columns& columns) const;

  const EqualizerRules& rules_;
  std::vector<std::vector<double>> bounds_;  ///< rows a with a.z >= 0
  std::array<double, 2> multiplier_;
};

}  // namespace lightlane::measure

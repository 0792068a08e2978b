#pragma once
/// A curve as piecewise polynomials of fourth degree on equal segments: how a modulator's field follows from
/// its drive at a few cycles per sample, whatever the curve is. Inside the floor only.

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "lightlane/base/variant.hpp"

namespace lightlane::optics {

/// With u = (v - low) * steps_per_unit held to [0, segments], segment s = min(floor(u), segments - 1) and x =
/// u - s: y = ((((c4 x + c3) x + c2) x + c1) x + c0), c_k = coefficients[k segments + s]. Outside of the
/// range the curve keeps its end value.
struct CurveTable {
  float low = 0, steps_per_unit = 1;
  std::size_t segments = 0;         ///< 16, 32, 64 .. 4096
  std::vector<float> coefficients;  ///< [degree 0..4][segment]
  double error = 0;                 ///< largest deviation seen from the curve, over its largest magnitude
};

/// The table of `curve` over [low, high], low < high: the fewest segments whose error is below `tolerance` of
/// the curve's largest magnitude, or 4096 where none is (a curve with kinks). Cost: a few hundred to 30,000
/// calls of the curve.
CurveTable tabulate(const std::function<double(double)>& curve, double low, double high,
                    double tolerance = 2e-7);

/// out[i] = the curve at v[i]; out may be v.
using EvaluateCurve = void (*)(const CurveTable& table, const float* v, std::size_t count,
                               float* out) noexcept;
/// `ref` rounds every product; the wide ones use FMA and stay within 1e-6 of the curve's largest magnitude of
/// it.
std::span<const Kernel<EvaluateCurve>> curve_kernels() noexcept;

void evaluate_curve_avx2(const CurveTable& table, const float* v, std::size_t count, float* out) noexcept;
void evaluate_curve_avx512(const CurveTable& table, const float* v, std::size_t count, float* out) noexcept;

}  // namespace lightlane::optics

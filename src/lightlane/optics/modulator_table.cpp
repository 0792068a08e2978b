#include "lightlane/optics/modulator_table.hpp"

#include <array>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::optics {
namespace {

constexpr std::size_t degree = 4;
constexpr std::size_t most_segments = 4096;

/// Monomial coefficients in x in [0, 1] of the polynomial through the Chebyshev points of one segment.
std::array<double, degree + 1> fit(const std::function<double(double)>& curve, double from, double width,
                                   std::span<const double> nodes) {
  std::array<double, degree + 1> divided{}, c{};
  for (std::size_t i = 0; i <= degree; ++i) divided[i] = curve(from + width * nodes[i]);
  for (std::size_t order = 1; order <= degree; ++order) {  // Newton's divided differences
    for (std::size_t i = degree; i >= order; --i) {
      divided[i] = (divided[i] - divided[i - 1]) / (nodes[i] - nodes[i - order]);
    }
  }
  c[0] = divided[degree];
  for (std::size_t i = degree; i-- > 0;) {  // c <- c (x - node) + divided
    for (std::size_t k = degree; k > 0; --k) c[k] = c[k - 1] - nodes[i] * c[k];
    c[0] = divided[i] - nodes[i] * c[0];
  }
  return c;
}

CurveTable tabulate_with(const std::function<double(double)>& curve, double low, double high,
                         std::size_t segments, std::span<const double> nodes) {
  CurveTable table;
  table.low = static_cast<float>(low);
  table.steps_per_unit = static_cast<float>(static_cast<double>(segments) / (high - low));
  table.segments = segments;
  table.coefficients.resize((degree + 1) * segments);
  // The widths that the rounded numbers above stand for.
  const double start = table.low, width = 1.0 / static_cast<double>(table.steps_per_unit);
  double largest = 0, error = 0;
  for (std::size_t s = 0; s < segments; ++s) {
    const double from = start + width * static_cast<double>(s);
    const auto c = fit(curve, from, width, nodes);
    for (std::size_t k = 0; k <= degree; ++k) {
      table.coefficients[k * segments + s] = static_cast<float>(c[k]);
    }
    constexpr int checks = 8;
    for (int i = 0; i < checks; ++i) {
      const double x = (i + 0.5) / checks;
      const double exact = curve(from + width * x);
      const double made = (((c[4] * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0];
      largest = std::fmax(largest, std::fabs(exact));
      error = std::fmax(error, std::fabs(made - exact));
    }
  }
  table.error = largest > 0 ? error / largest : error;
  return table;
}

void evaluate_curve_ref(const CurveTable& table, const float* v, std::size_t count, float* out) noexcept {
  const std::size_t n = table.segments;
  const float* const c = table.coefficients.data();
  const float top = static_cast<float>(n);
  for (std::size_t i = 0; i < count; ++i) {
    float u = (v[i] - table.low) * table.steps_per_unit;
    u = u > 0.0f ? u : 0.0f;
    u = u < top ? u : top;
    std::size_t s = static_cast<std::size_t>(u);
    s = s < n - 1 ? s : n - 1;
    const float x = u - static_cast<float>(s);
    out[i] = (((c[4 * n + s] * x + c[3 * n + s]) * x + c[2 * n + s]) * x + c[n + s]) * x + c[s];
  }
}

}  // namespace

CurveTable tabulate(const std::function<double(double)>& curve, double low, double high, double tolerance) {
  std::array<double, degree + 1> nodes;
  for (std::size_t i = 0; i <= degree; ++i) {
    constexpr double pi = 3.14159265358979323846;
    nodes[i] = 0.5 - 0.5 * math::cos(pi * (static_cast<double>(i) + 0.5) / (degree + 1));
  }
  for (std::size_t segments = 16;; segments *= 2) {
    CurveTable table = tabulate_with(curve, low, high, segments, nodes);
    if (table.error <= tolerance || segments >= most_segments) return table;
  }
}

std::span<const Kernel<EvaluateCurve>> curve_kernels() noexcept {
  static constexpr Kernel<EvaluateCurve> table[] = {
      {Variant::ref, evaluate_curve_ref},
#ifdef __x86_64__
      {Variant::avx2, evaluate_curve_avx2},
      {Variant::avx512, evaluate_curve_avx512},
#endif
  };
  return table;
}

}  // namespace lightlane::optics

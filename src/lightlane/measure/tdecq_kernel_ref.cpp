// The formulas of 802.3 121.8.5.3 in double, one sample after the other.
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/tdecq_kernel.hpp"

namespace lightlane::measure {
namespace {

double equalised(const SampleRow& row, const ScaledReceiver& receiver, std::size_t n) {
  double y = 0;
  for (int j = 0; j < receiver.taps; ++j) {
    y += static_cast<double>(receiver.tap[static_cast<std::size_t>(j)]) *
         row.x[static_cast<std::ptrdiff_t>(n) + receiver.lead - j];
  }
  return y;
}

double density(double x) { return 0.39894228040143267794 * math::exp(-0.5 * x * x); }

/// body(threshold, distance on the right side, +1 where the threshold is above the level).
template <class Body>
void for_thresholds(int level, double y, const ScaledReceiver& receiver, Body body) {
  if (level >= 1 && level <= 3)
    body(level - 1, y - receiver.threshold[static_cast<std::size_t>(level - 1)], -1.0);
  if (level <= 2) body(level, receiver.threshold[static_cast<std::size_t>(level)] - y, 1.0);
}

ErrorCount decision_errors(const SampleRow& row, const ScaledReceiver& receiver) noexcept {
  ErrorCount out;
  for (std::size_t n = 0; n < row.count; ++n) {
    if (row.level[n] == no_level) continue;
    for_thresholds(row.level[n], equalised(row, receiver, n), receiver, [&](int, double distance, double) {
      out.errors += math::normal_tail(distance);
      out.wrong += distance < 0 ? 1 : 0;
    });
  }
  return out;
}

double clause_errors(const SampleRow& row, const ScaledReceiver& receiver) noexcept {
  double errors = 0;
  for (std::size_t n = 0; n < row.count; ++n) {
    if (row.level[n] == no_level) continue;
    const double y = equalised(row, receiver, n);
    for (const float s : receiver.threshold)
      errors += math::normal_tail(std::fabs(y - static_cast<double>(s)));
  }
  return errors;
}

void decision_derivatives(const SampleRow& row, const ScaledReceiver& receiver,
                          ErrorDerivatives& out) noexcept {
  for (std::size_t n = 0; n < row.count; ++n) {
    if (row.level[n] == no_level) continue;
    const float* const x = row.x + n + receiver.lead;
    for_thresholds(
        row.level[n], equalised(row, receiver, n), receiver, [&](int k, double distance, double sign) {
          out.errors += math::normal_tail(distance);
          const double slope = sign * density(distance),
                       bend = distance > 0 ? distance * density(distance) : 0.0;
          const auto at = static_cast<std::size_t>(receiver.taps + k);
          for (int i = 0; i < receiver.taps; ++i) {
            const auto row_i = static_cast<std::size_t>(i);
            out.gradient[row_i] += slope * x[-i];
            out.hessian[at * most_variables + row_i] -= bend * x[-i];
            for (int j = 0; j <= i; ++j) {
              out.hessian[row_i * most_variables + static_cast<std::size_t>(j)] += bend * x[-i] * x[-j];
            }
          }
          out.gradient[at] -= slope;
          out.hessian[at * most_variables + at] += bend;
        });
  }
}

void interpolate(const float* const* row, const float* weight, int rows, float* out,
                 std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    double y = 0;
    for (int k = 0; k < rows; ++k) y += static_cast<double>(weight[k]) * static_cast<double>(row[k][i]);
    out[i] = static_cast<float>(y);
  }
}

double dot(const float* a, const float* b, std::size_t count) noexcept {
  double s = 0;
  for (std::size_t n = 0; n < count; ++n) s += static_cast<double>(a[n]) * static_cast<double>(b[n]);
  return s;
}

}  // namespace

extern const TdecqKernels tdecq_kernels_ref;
const TdecqKernels tdecq_kernels_ref = {decision_errors, decision_derivatives, clause_errors, interpolate,
                                        dot};

}  // namespace lightlane::measure

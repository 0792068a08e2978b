#pragma once
/// The statistical engine's sums over many samples, by variant; includes next to nothing on purpose, since
/// the vector file is compiled for another instruction set. Sums run in a fixed order.

#include <cstddef>

namespace lightlane::link::detail {

struct StatisticalKernels {
  /// Sum over i of Q((t - value[i]) inverse_sigma[i]). Relative error of a term below 1e-8 (ref: 1e-15) for
  /// arguments up to 37, above which it stays what it is there, 1e-300.
  double (*tail)(const double* value, const double* inverse_sigma, std::size_t count, double t) noexcept;
  /// Sum over i of inverse_sigma[i] exp(offset - z^2 / 2), z = (t - value[i]) inverse_sigma[i]; exponents
  /// down to -690.
  double (*density)(const double* value, const double* inverse_sigma, std::size_t count, double t,
                    double offset) noexcept;
  /// out[n] += sum over k of c[k] x[n + k]; the same bits in every variant.
  void (*accumulate)(const double* x, const double* c, std::size_t taps, double* out,
                     std::size_t count) noexcept;
};

extern const StatisticalKernels statistical_kernels_ref, statistical_kernels_portable,
    statistical_kernels_avx512;

/// The best that is allowed now; see base/variant.hpp.
const StatisticalKernels& statistical_kernels();

/// Q(z), one at a time: relative error 1e-8 for z in [0, 37].
double quick_tail(double z) noexcept;

}  // namespace lightlane::link::detail

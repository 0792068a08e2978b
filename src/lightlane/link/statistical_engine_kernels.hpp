#pragma once
/// Sums of Gaussian tails and densities over many samples, by variant; includes next to nothing on purpose,
/// since the vector file is compiled for another instruction set.

#include <cstddef>

namespace lightlane::link::detail {

/// Sum over i of Q((t - value[i]) inverse_sigma[i]). Relative error of a term below 1e-8 (ref: 1e-15) for
/// arguments up to 37; above, terms stay at 1e-300 of nothing. Eight partial sums, added in a fixed order.
double tail_sum_ref(const double* value, const double* inverse_sigma, std::size_t count, double t) noexcept;
double tail_sum_portable(const double* value, const double* inverse_sigma, std::size_t count,
                         double t) noexcept;
double tail_sum_avx512(const double* value, const double* inverse_sigma, std::size_t count,
                       double t) noexcept;

/// Sum over i of inverse_sigma[i] exp(offset - z^2 / 2), z = (t - value[i]) inverse_sigma[i]; exponents down
/// to -690.
double density_sum_ref(const double* value, const double* inverse_sigma, std::size_t count, double t,
                       double offset) noexcept;
double density_sum_portable(const double* value, const double* inverse_sigma, std::size_t count, double t,
                            double offset) noexcept;
double density_sum_avx512(const double* value, const double* inverse_sigma, std::size_t count, double t,
                          double offset) noexcept;

}  // namespace lightlane::link::detail

#include <bit>
#include <cstdint>

#include "lightlane/link/statistical_engine_kernels.hpp"

namespace lightlane::link::detail {
namespace {

#include "lightlane/link/statistical_engine_loops.hpp"

}  // namespace

double tail_sum_avx512(const double* value, const double* inverse_sigma, std::size_t count,
                       double t) noexcept {
  return fast_tail_sum(value, inverse_sigma, count, t);
}
double density_sum_avx512(const double* value, const double* inverse_sigma, std::size_t count, double t,
                          double offset) noexcept {
  return fast_density_sum(value, inverse_sigma, count, t, offset);
}

}  // namespace lightlane::link::detail

#include "lightlane/link/statistical_engine_kernels.hpp"

#include <bit>
#include <cstdint>

#include "lightlane/math/elementary.hpp"

namespace lightlane::link::detail {
namespace {

#include "lightlane/link/statistical_engine_loops.hpp"

}  // namespace

double tail_sum_ref(const double* value, const double* inverse_sigma, std::size_t count, double t) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += math::normal_tail((t - value[i]) * inverse_sigma[i]);
  return sum;
}

double density_sum_ref(const double* value, const double* inverse_sigma, std::size_t count, double t,
                       double offset) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double z = (t - value[i]) * inverse_sigma[i];
    sum += inverse_sigma[i] * math::exp(offset - 0.5 * z * z);
  }
  return sum;
}

double tail_sum_portable(const double* value, const double* inverse_sigma, std::size_t count,
                         double t) noexcept {
  return fast_tail_sum(value, inverse_sigma, count, t);
}
double density_sum_portable(const double* value, const double* inverse_sigma, std::size_t count, double t,
                            double offset) noexcept {
  return fast_density_sum(value, inverse_sigma, count, t, offset);
}

}  // namespace lightlane::link::detail

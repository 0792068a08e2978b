#include "lightlane/link/statistical_engine_kernels.hpp"

#include <bit>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link::detail {
namespace {

#include "lightlane/link/statistical_engine_loops.hpp"

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

}  // namespace

const StatisticalKernels statistical_kernels_ref{tail_sum_ref, density_sum_ref, accumulate_loop};
const StatisticalKernels statistical_kernels_portable{fast_tail_sum, fast_density_sum, accumulate_loop};

const StatisticalKernels& statistical_kernels() {
  static constexpr Kernel<const StatisticalKernels*> table[] = {
    {Variant::ref, &statistical_kernels_ref},
    {Variant::portable, &statistical_kernels_portable},
#if defined(__x86_64__)
    {Variant::avx512, &statistical_kernels_avx512},
#endif
  };
  return *select(std::span<const Kernel<const StatisticalKernels*>>(table)).function;
}

double quick_tail(double z) noexcept { return fast_tail(z); }

}  // namespace lightlane::link::detail

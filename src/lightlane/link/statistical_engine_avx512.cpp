#include <bit>
#include <cstdint>

#include "lightlane/link/statistical_engine_kernels.hpp"

namespace lightlane::link::detail {
namespace {

#include "lightlane/link/statistical_engine_loops.hpp"

}  // namespace

const StatisticalKernels statistical_kernels_avx512{fast_tail_sum, fast_density_sum, accumulate_loop};

}  // namespace lightlane::link::detail

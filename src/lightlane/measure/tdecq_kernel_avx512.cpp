#define LIGHTLANE_LANES 16
#include "lightlane/measure/tdecq_kernel_lanes.hpp"

namespace lightlane::measure {

extern const TdecqKernels tdecq_kernels_avx512;
const TdecqKernels tdecq_kernels_avx512 = kernels;

}  // namespace lightlane::measure

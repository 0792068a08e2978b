#define LIGHTLANE_LANES 8
#include "lightlane/measure/tdecq_kernel_lanes.hpp"

namespace lightlane::measure {

extern const TdecqKernels tdecq_kernels_avx2;
const TdecqKernels tdecq_kernels_avx2 = kernels;

}  // namespace lightlane::measure

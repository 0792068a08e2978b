#define LIGHTLANE_LANES 4
#include "lightlane/measure/tdecq_kernel_lanes.hpp"

namespace lightlane::measure {

extern const TdecqKernels tdecq_kernels_portable;
const TdecqKernels tdecq_kernels_portable = kernels;

}  // namespace lightlane::measure

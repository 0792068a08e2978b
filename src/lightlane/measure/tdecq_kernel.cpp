#include "lightlane/measure/tdecq_kernel.hpp"

namespace lightlane::measure {

extern const TdecqKernels tdecq_kernels_ref, tdecq_kernels_portable, tdecq_kernels_avx2, tdecq_kernels_avx512;

std::span<const Kernel<const TdecqKernels*>> tdecq_kernels() noexcept {
  static const Kernel<const TdecqKernels*> table[] = {
    {Variant::ref, &tdecq_kernels_ref},
    {Variant::portable, &tdecq_kernels_portable},
#if defined(__x86_64__)
    {Variant::avx2, &tdecq_kernels_avx2},
    {Variant::avx512, &tdecq_kernels_avx512},
#endif
  };
  return table;
}

}  // namespace lightlane::measure

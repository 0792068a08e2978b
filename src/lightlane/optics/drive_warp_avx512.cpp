#include "lightlane/optics/drive_jitter.hpp"
#include "lightlane/optics/drive_warp.hpp"

namespace lightlane::optics {

void warp_avx512(const float* v, const float* shift, std::size_t stride, std::size_t count,
                 float* out) noexcept {
  warp_loop(v, shift, stride, count, out);
}

}  // namespace lightlane::optics

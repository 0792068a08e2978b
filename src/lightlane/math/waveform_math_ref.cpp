#include <cmath>
#include <cstddef>

#include "lightlane/math/waveform_math_kernels.hpp"

namespace {

void sqrt_loop(const float* x, float* out, std::size_t n) noexcept {
  for (std::size_t i = 0; i < n; ++i) out[i] = std::sqrt(x[i]);
}

}  // namespace

#include "lightlane/math/waveform_math_loops.hpp"

constinit const lightlane::math::detail::WaveformKernels lightlane::math::detail::waveform_ref =
    lightlane::math::loops;

#include "lightlane/math/waveform_math.hpp"

#include "lightlane/base/error.hpp"
#include "lightlane/math/waveform_math_kernels.hpp"

namespace lightlane::math {

std::span<const Kernel<detail::WaveformKernels>> detail::waveform_kernels() noexcept {
  static const Kernel<WaveformKernels> table[] = {
    {Variant::ref, waveform_ref},
#if defined(__x86_64__)
    {Variant::avx2, waveform_avx2},
    {Variant::avx512, waveform_avx512},
#endif
  };
  return table;
}

namespace {

void apply(detail::WaveformKernels::Function detail::WaveformKernels::*which, std::span<const float> x,
           std::span<float> out) {
  LIGHTLANE_ASSERT(x.size() == out.size());
  (select(detail::waveform_kernels()).function.*which)(x.data(), out.data(), x.size());
}

}  // namespace

void exp(std::span<const float> x, std::span<float> out) noexcept {
  apply(&detail::WaveformKernels::exp, x, out);
}
void log(std::span<const float> x, std::span<float> out) noexcept {
  apply(&detail::WaveformKernels::log, x, out);
}
void sin(std::span<const float> x, std::span<float> out) noexcept {
  apply(&detail::WaveformKernels::sin, x, out);
}
void cos(std::span<const float> x, std::span<float> out) noexcept {
  apply(&detail::WaveformKernels::cos, x, out);
}
void sqrt(std::span<const float> x, std::span<float> out) noexcept {
  apply(&detail::WaveformKernels::sqrt, x, out);
}

void square_sum(std::span<const float> re, std::span<const float> im, std::span<float> out) noexcept {
  LIGHTLANE_ASSERT(re.size() == out.size() && (im.empty() || im.size() == out.size()));
  select(detail::waveform_kernels())
      .function.square_sum(re.data(), im.empty() ? nullptr : im.data(), out.data(), out.size());
}

}  // namespace lightlane::math

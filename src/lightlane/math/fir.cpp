#include "lightlane/math/fir.hpp"

#include "lightlane/base/error.hpp"
#include "lightlane/math/fir_kernels.hpp"

namespace lightlane::math {

std::span<const Kernel<detail::FirKernels>> detail::fir_kernels() noexcept {
  static const Kernel<FirKernels> table[] = {
    {Variant::ref, fir_ref},
    {Variant::portable, fir_portable},
#if defined(__x86_64__)
    {Variant::avx2, fir_avx2},
    {Variant::avx512, fir_avx512},
#endif
  };
  return table;
}

namespace {

const detail::FirKernels& kernels() { return select(detail::fir_kernels()).function; }

}  // namespace

void filter(const Fir& fir, std::span<const float> in, std::span<float> out) noexcept {
  if (out.empty()) return;
  LIGHTLANE_ASSERT(!fir.taps.empty() && in.size() >= out.size() - 1 + fir.taps.size());
  kernels().filter(fir.taps.data(), fir.taps.size(), in.data(), out.data(), out.size());
}

void filter_decimate(const Fir& fir, std::span<const float> in, std::size_t stride,
                     std::span<float> out) noexcept {
  if (out.empty()) return;
  LIGHTLANE_ASSERT(!fir.taps.empty() && in.size() >= (out.size() - 1) * stride + fir.taps.size());
  const auto run = stride == 1 ? nullptr : kernels().decimate;
  if (run == nullptr) return filter(fir, in, out);
  run(fir.taps.data(), fir.taps.size(), in.data(), stride, out.data(), out.size());
}

void filter(const ComplexFir& fir, std::span<const float> in_re, std::span<const float> in_im,
            std::span<float> out_re, std::span<float> out_im) noexcept {
  if (out_re.empty()) return;
  LIGHTLANE_ASSERT(!fir.re.empty() && fir.im.size() == fir.re.size() && out_im.size() == out_re.size());
  LIGHTLANE_ASSERT(in_re.size() >= out_re.size() - 1 + fir.re.size());
  LIGHTLANE_ASSERT(in_im.empty() || in_im.size() == in_re.size());
  kernels().complex_filter(fir.re.data(), fir.im.data(), fir.re.size(), in_re.data(),
                           in_im.empty() ? nullptr : in_im.data(), out_re.data(), out_im.data(),
                           out_re.size());
}

void filter_interpolate(const PolyphaseFir& fir, std::span<const float> in, std::span<float> out) noexcept {
  if (out.empty()) return;
  LIGHTLANE_ASSERT(fir.phases > 0 && fir.taps > 0 && fir.table.size() == fir.phases * fir.taps);
  LIGHTLANE_ASSERT(out.size() % fir.phases == 0 && in.size() >= out.size() / fir.phases - 1 + fir.taps);
  kernels().interpolate(fir.table.data(), fir.phases, fir.taps, in.data(), out.data(),
                        out.size() / fir.phases);
}

}  // namespace lightlane::math

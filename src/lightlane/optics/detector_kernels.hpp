#pragma once
/// Kernel of the photodiode. No FMA: all variants give the same bits.

#include <cstddef>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::optics::detail {

/// Current and its noise per sample of light: current = gain p; sigma = sqrt(d[0] + q (d[1] + q d[2])), q =
/// max(p, 0).
using Photocurrent = void (*)(const float* p, std::size_t count, float gain, const float* d, float* current,
                              float* sigma) noexcept;

void photocurrent_ref(const float* p, std::size_t count, float gain, const float* d, float* current,
                      float* sigma) noexcept;
#if defined(__x86_64__)
void photocurrent_avx2(const float* p, std::size_t count, float gain, const float* d, float* current,
                       float* sigma) noexcept;
void photocurrent_avx512(const float* p, std::size_t count, float gain, const float* d, float* current,
                         float* sigma) noexcept;
#endif

std::span<const Kernel<Photocurrent>> photocurrent_kernels() noexcept;

}  // namespace lightlane::optics::detail

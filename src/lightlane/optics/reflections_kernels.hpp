#pragma once
/// Kernels behind InterfererStreams and the beat of interference. No FMA in any: all variants give the same
/// bits.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::optics::detail {

/// Where the samples of a period come from: sample j of vector v of source k is early x[i] + late x[i + 1],
/// with i = base[v] + index, x = symbols of source k; tables stand as [source][vector][sample].
struct ShapeTable {
  std::size_t sources, vectors;  ///< vectors per period
  const std::uint32_t* base;     ///< [vector]
  const std::uint32_t* index;
  const float *early, *late;
  std::size_t period_symbols;
  std::size_t near;  ///< symbols from base[v] on that a vector needs
};

struct InterfererKernels {
  std::size_t width;  ///< samples of a vector
  /// out[i] = value[symbol i] (c cosine[i] - s sine[i]) for 64 symbols; symbol i = bits 2i, 2i + 1 of the
  /// 128.
  void (*expand)(const std::uint32_t* bits, const float* value, float c, float s, const float* cosine,
                 const float* sine, float* out) noexcept;
  /// `periods` periods of samples, summed over the sources in order; symbols of source k at x + k stride.
  void (*shape)(const ShapeTable& table, const float* x, std::size_t stride, std::size_t periods,
                float* out) noexcept;
  /// w = (sqrt(max(w, 0)) + s)^2.
  void (*beat)(const float* s, std::size_t count, float* w) noexcept;
  /// w = scale (re^2 + im^2); im may be null.
  void (*detect)(const float* re, const float* im, float scale, std::size_t count, float* w) noexcept;
};

extern const InterfererKernels interferers_ref;
#if defined(__x86_64__)
extern const InterfererKernels interferers_avx2;
extern const InterfererKernels interferers_avx512;
#endif

std::span<const Kernel<const InterfererKernels*>> interferer_kernels() noexcept;

}  // namespace lightlane::optics::detail

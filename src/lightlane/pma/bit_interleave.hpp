#pragma once
/// The kernels of bit multiplexing: r streams of words into one, bit by bit in turn, and back.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::pma {

inline constexpr unsigned max_ratio = 64;

/// Bit k of `out` (ratio * words words) is bit k / ratio of in[k % ratio] (words words each). No alignment
/// needed; out overlaps no input. ratio 1 .. max_ratio.
using Interleave = void (*)(const std::uint64_t* const* in, unsigned ratio, std::size_t words,
                            std::uint64_t* out) noexcept;
/// The inverse: `in` holds ratio * words words, each out[j] takes words words.
using Deinterleave = void (*)(const std::uint64_t* in, unsigned ratio, std::size_t words,
                              std::uint64_t* const* out) noexcept;

/// Worst first; see base/variant.hpp.
std::span<const Kernel<Interleave>> interleave_kernels() noexcept;
std::span<const Kernel<Deinterleave>> deinterleave_kernels() noexcept;

}  // namespace lightlane::pma

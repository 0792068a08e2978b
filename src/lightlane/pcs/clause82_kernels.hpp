#pragma once
/// Hot kernels of clause 82: scrambler over block payloads, and 66-bit packing of one lane.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::pcs::clause82 {

/// The scrambler's memory as the last 64 scrambled bits, newest in bit 63 (only 58 of them count).
using ScramblerWord = std::uint64_t;

/// From S as a 58-bit number: S0 (newest) its most significant bit, S57 (oldest) its least.
constexpr ScramblerWord scrambler_word(std::uint64_t s) noexcept { return s << 6; }

struct Kernels {
  /// x^58 + x^39 + 1 over `count` payloads (82.2.4 = 49.2.6); in == out is allowed.
  void (*scramble)(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                   std::size_t count) noexcept;
  void (*descramble)(ScramblerWord& last, const std::uint64_t* in, std::uint64_t* out,
                     std::size_t count) noexcept;
  /// Packs blocks 0, stride, 2 stride, .. as 66 bits each behind the `bit` bits that `words` already holds.
  /// Words from bit / 64 to (bit + 66 count) / 64 are written; bits behind the last block are zero.
  void (*pack)(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count,
               std::size_t stride, std::uint64_t* words, std::size_t bit) noexcept;
  /// The inverse. Reads words bit / 64 .. (bit + 66 count) / 64.
  void (*unpack)(const std::uint64_t* words, std::size_t bit, std::size_t count, std::size_t stride,
                 std::uint64_t* payload, std::uint8_t* header) noexcept;
};

std::span<const Kernel<Kernels>> kernels() noexcept;

}  // namespace lightlane::pcs::clause82

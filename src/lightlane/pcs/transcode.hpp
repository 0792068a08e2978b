#pragma once
/// 256B/257B transcoding, IEEE 802.3 119.2.4.2 (equal to 91.5.2.5 without the whitening of the header).
///
/// Four 66-bit blocks become 257 bits and back. All four data: bit 0 = 1, then the 256 payload bits. Else bit
/// 0 = 0, bits 1..4 say which blocks are data, and the payloads follow without the high nibble of the first
/// control block's type octet, which its low nibble implies.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::pcs {

inline constexpr std::size_t block257_bits = 257;

/// One 257-bit block: bit 0 of it is `first`, bit i (1..256) is bit (i - 1) mod 64 of rest[(i - 1) / 64].
struct Block257 {
  bool first = false;
  std::array<std::uint64_t, 4> rest{};
  friend bool operator==(const Block257&, const Block257&) = default;
};

/// Reference, bit by bit. payload and header are four blocks, oldest first. An invalid header (00 or 11)
/// gives bits 0..4 = 0 1111 and drops the high type nibble of block 0 (confidence: likely).
Block257 transcode(const std::uint64_t* payload, const std::uint8_t* header) noexcept;

/// Reference of the way back. Bits 0..4 = 0 1111: all four headers become invalid (11). A low type nibble
/// that belongs to no block type: the first control block's header becomes invalid. A lost nibble reads as
/// zero.
void reverse_transcode(const Block257& block, std::uint64_t* payload, std::uint8_t* header) noexcept;

/// Many blocks at once, as a packed stream that starts in bit 0 of `stream`.
struct TranscodeKernels {
  /// 4 * blocks payloads and headers -> 257 * blocks bits. Writes floor(257 blocks / 64) + 1 words, zero
  /// behind the end.
  void (*pack)(const std::uint64_t* payload, const std::uint8_t* header, std::size_t blocks,
               std::uint64_t* stream) noexcept;
  /// The inverse.
  void (*unpack)(const std::uint64_t* stream, std::size_t blocks, std::uint64_t* payload,
                 std::uint8_t* header) noexcept;
};
/// Words that a stream buffer must have, slack included.
constexpr std::size_t transcode_words(std::size_t blocks) { return blocks * block257_bits / 64 + 17; }
std::span<const Kernel<TranscodeKernels>> transcode_kernels() noexcept;

}  // namespace lightlane::pcs

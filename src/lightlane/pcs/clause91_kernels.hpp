#pragma once
/// Hot kernels of clause 91: header whitening, and symbols between codewords and four FEC lanes.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::pcs::clause91 {

struct Kernels {
  /// XORs bits 8..12 of each 257-bit block into its bits 0..4; its own inverse. `blocks` blocks from bit 0 of
  /// `stream` on; up to one word behind the last block may be read and is written back unchanged.
  void (*whiten)(std::uint64_t* stream, std::size_t blocks) noexcept;
  /// Symbols 4 g + l of a codeword, g = 0 .. columns - 1, are appended to lane l behind bit[l] bits of
  /// words[l]. Words from bit / 64 to (bit + 10 columns) / 64 are written; zero behind the end. columns >= 2.
  void (*distribute)(const std::uint64_t* codeword, std::size_t columns, std::uint64_t* const words[4],
                     const std::size_t bit[4]) noexcept;
  /// The inverse: `columns` symbols of each lane from bit[l] on become a codeword; ceil(40 columns / 64)
  /// words are written. Reads words bit / 64 to (bit + 10 columns) / 64.
  void (*collect)(const std::uint64_t* const words[4], const std::size_t bit[4], std::size_t columns,
                  std::uint64_t* codeword) noexcept;
};

std::span<const Kernel<Kernels>> kernels() noexcept;

}  // namespace lightlane::pcs::clause91

#pragma once
/// Counter-based random numbers (Philox4x32-10, through Random123): draw k of a named stream is a function of
/// (seed, name, lane, k) alone, so that chunks, threads and machines never change a result.

#include <array>
#include <cstdint>
#include <string_view>

namespace lightlane {

class RandomStream {
 public:
  /// `name` says what is drawn, e.g. "pma.symbol_errors"; it is hashed (FNV-1a, 32 bits) with the lane.
  RandomStream(std::uint64_t seed, std::string_view name, std::uint32_t lane) noexcept;

  /// Block k: 128 bits as four 32-bit words.
  std::array<std::uint32_t, 4> block(std::uint64_t k) const noexcept;
  /// Draw k: 64 bits (the half k & 1 of block k / 2).
  std::uint64_t bits(std::uint64_t k) const noexcept;
  /// Draw k as a double in (0, 1): never 0, never 1; 53 bits.
  double uniform(std::uint64_t k) const noexcept;

 private:
  std::uint32_t key_[2];
  std::uint32_t stream_[2];
};

}  // namespace lightlane

#pragma once
/// The self-synchronous scrambler x^58 + x^39 + 1 of clauses 82 and 119 (IEEE 802.3 82.2.5, 119.2.4.3).
///
/// out[n] = in[n] ^ out[n-39] ^ out[n-58]; back: in[n] = rx[n] ^ rx[n-39] ^ rx[n-58]. Bit 0 is first in time.

#include <cstddef>
#include <cstdint>
#include <span>

#include "lightlane/base/variant.hpp"

namespace lightlane::pcs {

inline constexpr unsigned scrambler_length = 58;

/// Kernels work in place on `count` bits that start in bit 0 of `bits`. Bits behind `count` in the last word
/// must be zero and stay zero. `history` holds the latest 64 scrambled bits, the newest in bit 63 (58 of them
/// count).
struct ScramblerKernels {
  void (*scramble)(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept;
  void (*descramble)(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept;
};
std::span<const Kernel<ScramblerKernels>> scrambler_kernels() noexcept;

/// Either direction. The state is a 58-bit number: S0 (newest) its most significant bit, S57 (oldest) its
/// least. Any value is legal. Cost: about 1.4 ns per 64 bits (portable, scrambling).
class Scrambler {
 public:
  explicit Scrambler(std::uint64_t state = 0) noexcept;
  Scrambler(std::uint64_t state, const ScramblerKernels& kernels) noexcept
      : kernels_(kernels), history_(state << 6) {}

  void scramble(std::uint64_t* bits, std::size_t count) noexcept { kernels_.scramble(history_, bits, count); }
  void descramble(std::uint64_t* bits, std::size_t count) noexcept {
    kernels_.descramble(history_, bits, count);
  }
  std::uint64_t state() const noexcept { return history_ >> 6; }
  void set_state(std::uint64_t state) noexcept { history_ = state << 6; }

 private:
  ScramblerKernels kernels_;
  std::uint64_t history_;
};

}  // namespace lightlane::pcs

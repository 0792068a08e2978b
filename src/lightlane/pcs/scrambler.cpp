#include "lightlane/pcs/scrambler.hpp"

#include "lightlane/pcs/scrambler_kernels.hpp"

namespace lightlane::pcs {
namespace {

/// Bit by bit through the register of figure 49-8.
template <bool transmit>
void serial(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept {
  for (std::size_t n = 0; n < count; ++n) {
    const std::uint64_t in = (bits[n / 64] >> (n % 64)) & 1;
    const std::uint64_t s38 = (history >> (63 - 38)) & 1, s57 = (history >> (63 - 57)) & 1;
    const std::uint64_t out = in ^ s38 ^ s57;
    bits[n / 64] ^= (in ^ out) << (n % 64);
    history = history >> 1 | (transmit ? out : in) << 63;
  }
}

/// The newest 64 of a history followed by the low `count` (1..64) bits of `word`.
std::uint64_t advance(std::uint64_t history, std::uint64_t word, unsigned count) {
  return count == 64 ? word : history >> count | word << (64 - count);
}

void scramble_portable(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept {
  std::uint64_t previous = history;
  const std::size_t words = count / 64;
  for (std::size_t w = 0; w < words; ++w) {
    // What the history adds, then what the word adds to itself.
    const std::uint64_t v = bits[w] ^ previous >> 25 ^ previous >> 6;
    previous = v ^ v << 39 ^ v << 58;
    bits[w] = previous;
  }
  if (const unsigned rest = count % 64; rest != 0) {
    const std::uint64_t v = bits[words] ^ previous >> 25 ^ previous >> 6;
    const std::uint64_t out = (v ^ v << 39 ^ v << 58) & ((std::uint64_t{1} << rest) - 1);
    bits[words] = out;
    previous = advance(previous, out, rest);
  }
  history = previous;
}

void descramble_portable(std::uint64_t& history, std::uint64_t* bits, std::size_t count) noexcept {
  std::uint64_t previous = history;
  const std::size_t words = count / 64;
  for (std::size_t w = 0; w < words; ++w) {
    const std::uint64_t in = bits[w];
    bits[w] = in ^ (in << 39 | previous >> 25) ^ (in << 58 | previous >> 6);
    previous = in;
  }
  if (const unsigned rest = count % 64; rest != 0) {
    const std::uint64_t in = bits[words];
    bits[words] =
        (in ^ (in << 39 | previous >> 25) ^ (in << 58 | previous >> 6)) & ((std::uint64_t{1} << rest) - 1);
    previous = advance(previous, in, rest);
  }
  history = previous;
}

}  // namespace

std::span<const Kernel<ScramblerKernels>> scrambler_kernels() noexcept {
  static constexpr Kernel<ScramblerKernels> table[] = {
    {Variant::ref, {serial<true>, serial<false>}},
    {Variant::portable, {scramble_portable, descramble_portable}},
#if defined(__x86_64__)
    {Variant::avx512, {scrambling::scramble_avx512, scrambling::descramble_avx512}},
#endif
  };
  return table;
}

Scrambler::Scrambler(std::uint64_t state) noexcept : Scrambler(state, select(scrambler_kernels()).function) {}

}  // namespace lightlane::pcs

#include "lightlane/pcs/clause119_search.hpp"

#include <bit>

#include "lightlane/pcs/clause119_align.hpp"
#include "lightlane/pcs/clause119_kernels.hpp"
#include "lightlane/pcs/clause119_markers.hpp"

namespace lightlane::pcs {
namespace {

constexpr std::uint64_t low_24 = 0xffffff;

std::uint64_t bits_at(const std::uint64_t* words, std::size_t p) {
  const unsigned shift = p % 64;
  return shift == 0 ? words[p / 64] : words[p / 64] >> shift | words[p / 64 + 1] << (64 - shift);
}

/// Two runs of 24 bits that stand 32 bits apart, side by side.
std::uint64_t two_runs(std::uint64_t bits) { return (bits & low_24) | (bits >> 32 & low_24) << 24; }

std::size_t search_ref(const std::uint64_t* words, std::size_t from, std::size_t until) noexcept {
  for (std::size_t p = from; p < until; ++p) {
    if (clause119::search_one(words, p)) return p;
  }
  return until;
}

/// Of 12 nibbles at most 3 wrong: of the four runs of 3 nibbles one is right.
std::size_t search_portable(const std::uint64_t* words, std::size_t from, std::size_t until) noexcept {
  const std::uint64_t cm = common_marker();
  const std::uint64_t pattern = (cm & low_24) | (cm >> 24 & low_24) << 32;
  for (std::size_t p = from; p < until; ++p) {
    const std::uint64_t x = bits_at(words, p) ^ pattern;
    const bool possible =
        ((x & 0xfff) == 0) | ((x & 0xfff000) == 0) | ((x >> 32 & 0xfff) == 0) | ((x >> 44 & 0xfff) == 0);
    if (possible && wrong_nibbles(two_runs(x), 0) <= max_wrong_nibbles) return p;
  }
  return until;
}

std::uint64_t unique_part(const BitVector& bits, std::size_t p) { return two_runs(bits.read(p + 64, 56)); }

}  // namespace

bool clause119::search_one(const std::uint64_t* words, std::size_t p) noexcept {
  return wrong_nibbles(two_runs(bits_at(words, p)), common_marker()) <= max_wrong_nibbles;
}

std::span<const Kernel<MarkerSearch>> marker_search_kernels() noexcept {
  static constexpr Kernel<MarkerSearch> table[] = {
    {Variant::ref, search_ref},
    {Variant::portable, search_portable},
#if defined(__x86_64__)
    {Variant::avx512, clause119::search_avx512},
#endif
  };
  return table;
}

unsigned wrong_nibbles(std::uint64_t a, std::uint64_t b) noexcept {
  const std::uint64_t x = a ^ b, any = x | x >> 1 | x >> 2 | x >> 3;
  return static_cast<unsigned>(std::popcount(any & 0x1111111111111111u));
}

int identify_marker(int rate_gbps, const BitVector& bits, std::size_t p) {
  if (wrong_nibbles(two_runs(bits.read(p, 56)), common_marker()) > max_wrong_nibbles) return -1;
  const std::uint64_t um = unique_part(bits, p);
  for (unsigned lane = 0; lane < clause119_sizes(rate_gbps).lanes; ++lane) {
    if (wrong_nibbles(um, unique_marker(rate_gbps, lane)) <= max_wrong_nibbles) return static_cast<int>(lane);
  }
  return -1;
}

bool marker_matches(int rate_gbps, const BitVector& bits, std::size_t p, unsigned number) {
  return wrong_nibbles(two_runs(bits.read(p, 56)), common_marker()) <= max_wrong_nibbles &&
         wrong_nibbles(unique_part(bits, p), unique_marker(rate_gbps, number)) <= max_wrong_nibbles;
}

}  // namespace lightlane::pcs

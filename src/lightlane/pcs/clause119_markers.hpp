#pragma once
/// Sizes and alignment markers of the 200GBASE-R and 400GBASE-R PCS (IEEE 802.3 119.2.4.4).
///
/// Every octet is least significant bit first; bit 0 of a BitVector is first in time.

#include <array>
#include <cstddef>
#include <cstdint>

#include "lightlane/base/bit_vector.hpp"

namespace lightlane::pcs {

/// Everything that differs between 400G and 200G. A pair is two codewords, A and B, sent together.
struct Clause119Sizes {
  int rate_gbps;
  unsigned lanes;             ///< PCS lanes: 16 | 8
  std::size_t period_pairs;   ///< codeword pairs in a marker period: 4096 | 2048
  std::size_t marker_blocks;  ///< 257-bit blocks that a marker group takes: 8 | 4
  std::size_t pad_bits;       ///< 133 | 65
  constexpr std::size_t lane_bits() const {
    return 2 * 5440 / lanes;
  }  ///< of one lane in one pair: 680 | 1360
  constexpr std::size_t period_bits() const { return period_pairs * lane_bits(); }  ///< 2785280 on each lane
  constexpr std::size_t marker_words() const {
    return 4 * marker_blocks;
  }  ///< MII words a group displaces: 32 | 16
  constexpr std::size_t group_bits() const { return 257 * marker_blocks; }  ///< 2056 | 1028
};
inline constexpr Clause119Sizes clause119_400g{400, 16, 4096, 8, 133}, clause119_200g{200, 8, 2048, 4, 65};

inline constexpr std::size_t pair_blocks = 40;      ///< 257-bit blocks in the two messages of a pair
inline constexpr std::size_t pair_words = 160;      ///< MII words in a pair without a marker group
inline constexpr std::size_t pair_bits = 10280;     ///< bits of the two messages
inline constexpr std::size_t marker_bits = 120;     ///< of one lane
inline constexpr std::size_t max_skew_ns = 180;     ///< to be tolerated at the PCS (sure)
inline constexpr std::size_t max_skew_bits = 4781;  ///< the same at 26.5625 Gb/s, rounded down

/// Throws ConfigError for another rate than 400 or 200.
const Clause119Sizes& clause119_sizes(int rate_gbps);

/// The 120 bits of a lane: CM0 CM1 CM2 UP0 CM3 CM4 CM5 UP1 UM0 UM1 UM2 UP2 UM3 UM4 UM5. Confidence: 400G
/// sure; 200G lanes 1..7 likely (equal to 400G), 200G lane 0 likely (memory; its invariants hold).
using Marker = std::array<std::uint8_t, 15>;
const Marker& clause119_marker(int rate_gbps, unsigned lane);

/// The parts of a marker that a receiver compares: CM0..CM5 and UM0..UM5 as 48 bits each, first bit in bit 0.
std::uint64_t common_marker() noexcept;
std::uint64_t unique_marker(int rate_gbps, unsigned lane);

/// The pad: PRBS9 x^9 + x^5 + 1, running on from group to group; emits P8, then P0 = P8 ^ P4.
class PadGenerator {
 public:
  /// Bit i of `state` is Pi; 1..511 (0 would stay 0, which is legal and dull).
  explicit PadGenerator(unsigned state = 1) noexcept : state_(state & 511) {}
  bool next() noexcept {
    const unsigned p8 = state_ >> 8 & 1, p4 = state_ >> 4 & 1;
    state_ = (state_ << 1 | (p8 ^ p4)) & 511;
    return p8 != 0;
  }
  unsigned state() const noexcept { return state_; }

 private:
  unsigned state_;
};

/// tx_am_sf<2:0>, bit 0 first in time: <0> = 0, <1> = local degraded, <2> = remote degraded (confidence:
/// likely).
inline constexpr unsigned local_degraded_bit = 0b010, remote_degraded_bit = 0b100;

/// A whole group: the markers of all lanes in 10-bit turns, the pad, the three status bits. 2056 | 1028 bits.
BitVector marker_group(const Clause119Sizes& sizes, PadGenerator& pad, unsigned status);

}  // namespace lightlane::pcs

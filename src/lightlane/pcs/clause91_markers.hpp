#pragma once
/// Numbers and alignment marker mapping of the 100GBASE-R RS-FEC, clause 91 (IEEE 802.3 91.5.2.6, 91.5.3.6).

#include <array>
#include <cstdint>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/signal/fec_code.hpp"

namespace lightlane::pcs::clause91 {

inline constexpr unsigned fec_lanes = 4;
inline constexpr std::uint64_t codewords_per_period = 4096;
inline constexpr unsigned blocks257_per_codeword = 20;
inline constexpr unsigned blocks66_per_codeword =
    80;  ///< four rows of 20; the marker group counts as one row
inline constexpr unsigned message_bits = 5140;
inline constexpr unsigned group_blocks257 = 5;
inline constexpr unsigned group_bits = 1285;       ///< 20 markers of 64 bits and 5 pad bits
inline constexpr unsigned lane_marker_bits = 320;  ///< five amp of 64 bits open each FEC lane
inline constexpr std::uint64_t codewords_per_second = 19'531'250;

/// Pad bits of even and odd groups, first bit in bit 0: 00101 and 11010 in time order. The order of the two
/// is unverified; receivers ignore the pad.
inline constexpr std::array<std::uint8_t, 2> pad_bits = {0b10100, 0b01011};

/// Bits of one FEC lane per codeword: 1360 (KP4) or 1320 (KR4).
constexpr std::uint64_t lane_bits_per_codeword(const signal::FecCode& code) noexcept {
  return static_cast<std::uint64_t>(code.n) * 10 / fec_lanes;
}
constexpr std::uint64_t lane_bits_per_period(const signal::FecCode& code) noexcept {
  return lane_bits_per_codeword(code) * codewords_per_period;
}

/// FEC lane of a codeword's symbol, for symbol errors per lane: symbols go round robin.
constexpr unsigned lane_of_symbol(unsigned symbol) noexcept { return symbol % fec_lanes; }

/// PCS lane whose M octets amp_x carries: lane 0 for x = 0..3, lane 16 for x = 17..19 if four_lane_pmd, else
/// x.
constexpr unsigned marker_source(unsigned x, bool four_lane_pmd) noexcept {
  return x < 4 ? 0 : x > 16 && four_lane_pmd ? 16 : x;
}

/// A marker group as it opens a message: bits 0..1284 of `bits`, zero behind. `markers` are the payloads of
/// the 20 PCS lanes' markers; each lane's BIP3 and BIP7 are taken from them, the M octets from the table.
struct MarkerGroup {
  std::array<std::uint64_t, 21> bits{};
};
MarkerGroup map_markers(const std::array<std::uint64_t, clause82::lanes>& markers, bool four_lane_pmd,
                        unsigned group_number) noexcept;
/// The way back: the payloads of 20 markers, M octets from the table, BIP3 and BIP7 as received.
std::array<std::uint64_t, clause82::lanes> unmap_markers(const std::uint64_t* message) noexcept;

/// Number of nibbles, of the 12 that do not hold BIP, in which a block differs from lane 0's marker
/// (91.5.3.1).
inline constexpr unsigned marker_nibbles_wrong_allowed = 3;  ///< likely
/// Of amp_(4+l), amp_(8+l), amp_(12+l), as many must match to name FEC lane l.
inline constexpr unsigned lane_markers_needed = 2;  ///< our choice

/// FEC lane (0..3) whose marker body begins at `position` (position + 320 <= bits.size()), else -1. The start
/// is lane 0's marker, the number comes from amp 4 to 15 alone; what amp 16 to 19 carry does not matter.
int fec_lane_at(const BitVector& bits, std::uint64_t position) noexcept;

}  // namespace lightlane::pcs::clause91

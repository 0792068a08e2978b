#pragma once
/// Frame check sequence of Ethernet (802.3 3.2.9): CRC-32, generator
/// x^32+x^26+x^23+x^22+x^16+x^12+x^11+x^10+x^8+x^7+x^5+x^4+x^2+x+1, first 32 bits complemented, remainder
/// complemented, each octet fed least significant bit first.
///
/// The value is the reflected CRC: its bits 0..7 are the first FCS octet on the wire, as FrameRecord::fcs.

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightlane::ethernet {

inline constexpr std::size_t fcs_octets = 4;
/// CRC of any frame with its FCS behind it, the four FCS octets included.
inline constexpr std::uint32_t fcs_residue = 0x2144df1c;

/// FCS of the octets from the destination address to the end of data and pad. O(octets), vector instructions
/// where the processor has them.
std::uint32_t fcs(std::span<const std::uint8_t> octets) noexcept;

/// The same, one bit at a time as the clause says it. For tests.
std::uint32_t fcs_reference(std::span<const std::uint8_t> octets) noexcept;

}  // namespace lightlane::ethernet

#pragma once
/// Frame sizes, counted from the destination address through the FCS (802.3 3.2.7, 4A.4.2).

#include <cstdint>

namespace lightlane::ethernet {

inline constexpr std::uint32_t min_frame_octets = 64;
/// 16 KiB of payload, addresses and type, two VLAN tags, FCS.
inline constexpr std::uint32_t default_max_frame_octets = 16384 + 14 + 8 + 4;
/// What a configuration may allow.
inline constexpr std::uint32_t largest_max_frame_octets = 262144;

}  // namespace lightlane::ethernet

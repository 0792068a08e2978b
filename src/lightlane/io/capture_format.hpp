#pragma once
/// Numbers of the capture formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng (sure).

#include <cstdint>

namespace lightlane::io {

inline constexpr std::uint32_t link_type_ethernet = 1;

namespace pcap {
inline constexpr std::uint32_t magic_microseconds = 0xa1b2c3d4, magic_nanoseconds = 0xa1b23c4d;
inline constexpr std::uint32_t magic_kuznetzov =
    0xa1b2cd34;  ///< "modified" pcap with longer records: not taken
inline constexpr std::uint32_t version_major = 2, version_minor = 4;
/// LinkType word: link type in bits 0..15, F flag (FCS length is stated) bit 26, FCS length in 16-bit units
/// above.
inline constexpr std::uint32_t link_type_mask = 0xffff, fcs_stated = 1u << 26;
inline constexpr unsigned fcs_length_shift = 28;
}  // namespace pcap

namespace pcapng {
inline constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1, packet = 2,
                               simple_packet = 3, enhanced_packet = 6;
inline constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
inline constexpr std::uint16_t option_end = 0, option_interface_name = 2, option_application = 4,
                               option_time_resolution = 9, option_fcs_octets = 13, option_time_offset = 14;
inline constexpr std::uint16_t option_packet_flags = 2;
inline constexpr std::uint32_t flags_inbound = 1, flags_crc_error = 1u << 24;
inline constexpr unsigned flags_fcs_octets_shift = 5;
}  // namespace pcapng

}  // namespace lightlane::io

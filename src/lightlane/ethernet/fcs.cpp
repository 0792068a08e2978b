#include "lightlane/ethernet/fcs.hpp"

#include <libdeflate.h>

namespace lightlane::ethernet {

std::uint32_t fcs(std::span<const std::uint8_t> octets) noexcept {
  return libdeflate_crc32(0, octets.data(), octets.size());
}

std::uint32_t fcs_reference(std::span<const std::uint8_t> octets) noexcept {
  // The register holds the remainder with x^31 in bit 31, as the clause writes it.
  constexpr std::uint32_t generator = 0x04c11db7;
  std::uint32_t remainder = 0xffffffff;  // complements the first 32 bits
  for (const std::uint8_t octet : octets) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool out = (remainder >> 31) != 0;
      remainder = (remainder << 1) ^ ((out != ((octet >> bit & 1) != 0)) ? generator : 0);
    }
  }
  remainder = ~remainder;
  // x^31 goes first onto the wire, and the first bit of an octet is its least significant.
  std::uint32_t value = 0;
  for (unsigned bit = 0; bit < 32; ++bit) value |= (remainder >> (31 - bit) & 1) << bit;
  return value;
}

}  // namespace lightlane::ethernet

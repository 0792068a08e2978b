#pragma once
/// Numbers and alignment markers of 100GBASE-R, clause 82 (IEEE 802.3 82.2.5 to 82.2.9). Sure, except where
/// marked.
///
/// A marked stream is a signal::Blocks66 in transmission order: block n belongs to PCS lane n mod 20, and the
/// first row of 20 blocks is the first row of markers; marker rows follow every 16384 rows. Two header values
/// beyond the two wire bits travel inside this floor (the wire carries their low two bits):
///   unaligned_header   the time of one block passed while lanes were not aligned; payload 0. The first block
///   behind
///                      such a stretch begins a marker row again. A stretch is a whole number of rows.
///   suppressed_header  a block that must not be trusted and that no monitor of the clause would have seen.

#include <array>
#include <cstddef>
#include <cstdint>

namespace lightlane::pcs::clause82 {

inline constexpr unsigned lanes = 20;
inline constexpr unsigned block_bits = 66;
inline constexpr std::uint64_t marker_period = 16384;  ///< blocks per lane, marker included
inline constexpr std::uint64_t blocks_per_period = lanes * marker_period;  ///< of the whole stream
inline constexpr std::uint64_t words_per_period =
    blocks_per_period - lanes;  ///< MII words that fit one period
inline constexpr std::uint64_t blocks_per_second = 1'562'500'000;

inline constexpr std::uint8_t unaligned_header = 0b100;
inline constexpr std::uint8_t suppressed_header = 0b111;

/// M0 (bits 0..7), M1, M2 of each PCS lane, table 82-2.
inline constexpr std::array<std::uint32_t, lanes> marker_octets = {
    0x2168c1, 0x8e719d, 0xe84b59, 0x7b954d, 0x0907f5, 0xc214dd, 0x264a9a, 0x66457b, 0x7624a0, 0xfbc968,
    0x996cfd, 0x5591b9, 0xb2b95c, 0xbdf81a, 0xcac783, 0xcd3635, 0x4c31c4, 0xb7d6ad, 0x2a665f, 0xe5f0c0};

/// Payload of a marker: M0 M1 M2 BIP3 ~M0 ~M1 ~M2 BIP7, with BIP7 = ~BIP3. Its header is control_header.
constexpr std::uint64_t marker_payload(unsigned lane, std::uint8_t bip3) noexcept {
  const std::uint64_t half = marker_octets[lane] | std::uint64_t{bip3} << 24;
  return half | (~half & 0xffffffffu) << 32;
}

/// The 48 bits of a marker that name its lane: everything but BIP3 and BIP7.
inline constexpr std::uint64_t marker_mask = 0x00ffffff00ffffffu;

/// Lane of a block that is a valid alignment marker (control header, 48 bits equal, BIP ignored), else -1.
int lane_of_marker(std::uint64_t payload, std::uint8_t header) noexcept;

/// Bit-interleaved parity of one lane (table 82-4): even parity over all blocks from the previous marker,
/// that one included, to the block before the next marker. Starts at zero: the very first marker carries BIP3
/// = 0.
struct Bip {
  std::uint64_t payload = 0;  ///< XOR of the payloads so far
  std::uint8_t header = 0;    ///< XOR of the sync headers so far

  void add(std::uint64_t block, std::uint8_t sync_header) noexcept {
    payload ^= block;
    header ^= sync_header;
  }
  std::uint8_t value() const noexcept {
    std::uint64_t fold = payload ^ payload >> 32;
    fold ^= fold >> 16;
    fold ^= fold >> 8;
    return static_cast<std::uint8_t>(fold ^ (header & 3) << 3);
  }
};

/// The parities of all 20 lanes, block by block of the stream.
class LaneParities {
 public:
  /// Adds `count` blocks of which the first belongs to lane `first`; headers beyond the two wire bits count
  /// as those. Cost: about 0.3 ns per block.
  void add(unsigned first, const std::uint64_t* payload, const std::uint8_t* header,
           std::size_t count) noexcept;
  std::uint8_t value(unsigned lane) const noexcept { return Bip{payload_[lane], header_[lane]}.value(); }
  /// Begins anew with this marker.
  void restart(unsigned lane, std::uint64_t marker, std::uint8_t header) noexcept {
    payload_[lane] = marker;
    header_[lane] = header;
  }

 private:
  void add_rows(const std::uint64_t* payload, const std::uint8_t* header, std::size_t rows) noexcept;

  std::array<std::uint64_t, lanes> payload_{};
  std::array<std::uint8_t, lanes> header_{};
};

/// Bit of BIP3 (0..7) that covers bit 0..65 of a block, as table 82-4 prints it; the slow way to the same
/// parity.
unsigned bip_bit_of(unsigned block_bit) noexcept;

}  // namespace lightlane::pcs::clause82

#pragma once
/// Bits to line symbols and back: Gray mapping (802.3 120.5.7.1) and 1/(1+D) mod 4 precoding (135.5.7.2).
///
/// First bit then second bit of a pair: 00 -> 0, 01 -> 1, 11 -> 2, 10 -> 3. NRZ passes bits through.
/// Precoding: P(j) = (G(j) - P(j-1)) mod 4; decoding: G(j) = (P(j) + P(j-1)) mod 4. It belongs to electrical
/// lanes where it was asked for, not to 400GBASE-DR4/FR4 or 100G-DR/FR1/LR1 fibre (likely).

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

/// 32 pairs of bits in a word (pair k in bits 2k, 2k+1, first bit in 2k) to 32 levels, and back.
constexpr std::uint64_t gray_map(std::uint64_t bits) noexcept {
  constexpr std::uint64_t even = 0x5555555555555555u;
  const std::uint64_t first = bits & even, second = (bits >> 1) & even;
  return (first ^ second) | (first << 1);
}
constexpr std::uint64_t gray_unmap(std::uint64_t levels) noexcept {
  constexpr std::uint64_t even = 0x5555555555555555u;
  const std::uint64_t low = levels & even, high = (levels >> 1) & even;
  return high | ((high ^ low) << 1);
}

/// Precodes 32 levels in place of each other; `last` is P(j-1) on entry, the last P on return. Word-parallel.
std::uint64_t precode(std::uint64_t levels, unsigned& last) noexcept;
/// The inverse; `last` is the last received level.
std::uint64_t unprecode(std::uint64_t levels, unsigned& last) noexcept;

struct GrayConfig {
  std::size_t lanes = 4;
  signal::Modulation modulation = signal::Modulation::pam4;
  std::vector<bool> precoding;          ///< per lane; empty: none. PAM4 only
  std::vector<unsigned> initial_level;  ///< P(-1) per lane, 0..3; empty: 0
};

struct GrayReport {
  std::uint64_t bits = 0, symbols = 0;  ///< over all lanes
};

/// Bits -> levels. Half a pair at the end of a chunk is held back; a lane that starts at an odd bit index
/// loses that one bit, so that symbol k is always bits 2k and 2k + 1. Throughput: memory speed without
/// precoding.
class GrayEncoder {
 public:
  /// Throws ConfigError: list lengths, levels above 3, precoding of NRZ.
  explicit GrayEncoder(GrayConfig config);
  void process(const signal::BitLanes& in, signal::SymbolLanes& out);
  /// Half a pair at the end is dropped.
  void finish(signal::SymbolLanes&) noexcept {}
  const GrayReport& report() const noexcept { return report_; }
  void reset();

 private:
  struct Lane {
    bool started = false;
    std::uint64_t next = 0;  // absolute index of the bit expected next
    BitVector held;          // at most one bit
    unsigned last = 0;
  };
  GrayConfig config_;
  std::vector<Lane> lanes_;
  GrayReport report_;
};

/// Levels -> bits. With precoding the first symbol of a run is decoded with `initial_level`.
class GrayDecoder {
 public:
  explicit GrayDecoder(GrayConfig config);
  void process(const signal::SymbolLanes& in, signal::BitLanes& out);
  void finish(signal::BitLanes&) noexcept {}
  const GrayReport& report() const noexcept { return report_; }
  void reset();

 private:
  struct Lane {
    bool started = false;
    std::uint64_t next = 0;
    unsigned last = 0;
  };
  GrayConfig config_;
  std::vector<Lane> lanes_;
  GrayReport report_;
};

}  // namespace lightlane::pma

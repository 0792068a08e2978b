#pragma once
/// What runs on lanes: bits, or line symbols, of all lanes of an interface side by side.

#include <cstdint>
#include <vector>

#include "lightlane/base/bit_vector.hpp"

namespace lightlane::signal {

/// Bits of parallel lanes (PCS, FEC or AUI lanes), chunk by chunk. Each lane knows the absolute index of its first
/// bit since the start of the run: lanes may run ahead of each other by their skew.
struct BitLanes {
  struct Lane {
    BitVector bits;
    std::uint64_t first_index = 0;
  };
  std::vector<Lane> lanes;

  explicit BitLanes(std::size_t count = 0) : lanes(count) {}
  std::size_t size() const noexcept { return lanes.size(); }
  Lane& operator[](std::size_t i) { return lanes[i]; }
  const Lane& operator[](std::size_t i) const { return lanes[i]; }
  /// No bits on any lane; their number and memory stay.
  void clear() noexcept {
    for (Lane& lane : lanes) lane.bits.clear();
  }
};

enum class Modulation : std::uint8_t { nrz = 1, pam4 = 2 };  ///< value = bits per symbol

/// Line symbols of parallel lanes, packed: symbol k of a PAM4 lane is its level 0..3 in bits 2k (low) and 2k + 1
/// (high) of `levels`; symbol k of an NRZ lane is bit k. Levels, not Gray-coded bits: 0 is the lowest power.
struct SymbolLanes {
  struct Lane {
    BitVector levels;
    std::uint64_t first_index = 0;  ///< absolute index of the first symbol
  };
  Modulation modulation = Modulation::pam4;
  std::vector<Lane> lanes;

  explicit SymbolLanes(std::size_t count = 0, Modulation m = Modulation::pam4) : modulation(m), lanes(count) {}
  std::size_t size() const noexcept { return lanes.size(); }
  Lane& operator[](std::size_t i) { return lanes[i]; }
  const Lane& operator[](std::size_t i) const { return lanes[i]; }
  void clear() noexcept {
    for (Lane& lane : lanes) lane.levels.clear();
  }
};

}  // namespace lightlane::signal

#pragma once
/// Scrambled idle (802.3 82.2.11, 119.2.4.9): constant idle through the normal transmit path, as a test pattern for a
/// whole PHY. The checker is the PHY's own receiver, which finds lanes, order and skew by itself.

#include <cstdint>

#include "lightlane/link/phy.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// Most symbols of a lane: the pattern is held in memory, packed.
inline constexpr std::uint64_t max_idle_symbols = 200'000'000;

/// The first `symbols` symbols of every line lane, from the first alignment marker on. 1 .. max_idle_symbols, else
/// ConfigError. A receiver needs two marker periods to lock: 11,141,120 symbols at 400g-4lane.
signal::SymbolLanes scrambled_idle(const Structure& structure, std::uint64_t symbols);

struct ScrambledIdleReport {
  PhyReceiveReport phy;               ///< lock, order, skew, FEC counters
  std::uint64_t symbols = 0;          ///< received, per lane
  std::uint64_t idle_words = 0;       ///< behind the first alignment
  std::uint64_t other_words = 0;      ///< of those, neither idle nor local fault: what the FEC could not mend
  std::uint64_t fault_words = 0;      ///< local fault: time without alignment
};

/// Takes the lanes (in any order and skew) through the receiver. Throws InputError if they are not as many as the
/// structure has, or differ in modulation.
ScrambledIdleReport check_scrambled_idle(const Structure& structure, const signal::SymbolLanes& lanes);

}  // namespace lightlane::link

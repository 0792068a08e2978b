#pragma once
/// Skew of lanes: fixed delays, steps of a delay in mid-run, bit slips.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

/// One change of a lane's delay, at an absolute bit of that lane's input.
struct DelayStep {
  std::size_t lane = 0;
  std::uint64_t at = 0;  ///< absolute input index of the bit before which it happens
  std::int64_t bits =
      0;  ///< > 0: that many filler bits come before bit `at`; < 0: that many bits are lost from `at` on
};

struct LaneDelayConfig {
  std::size_t lanes = 0;
  std::vector<std::uint64_t>
      skew_bits;  ///< delay of each lane from its first bit on; empty: none. 0 .. max_skew_bits
  std::vector<DelayStep> steps;  ///< in any order; on one lane they must not overlap
};

/// What a lane carries where there is no data yet: bit `index` of a fixed pseudo-random sequence of that lane
/// (no alignment marker, no pattern; SplitMix64 of the word index).
bool filler_bit(std::size_t lane, std::uint64_t index) noexcept;

struct LaneDelayReport {
  std::vector<std::uint64_t> bits_in, bits_out, filler, dropped;  ///< per lane
};

/// Delays the lanes of an interface. With delay D in force, output bit t is input bit t - D; where that lies
/// before the first input bit, and where a step opens a gap, the lane carries filler. A lane that starts in
/// mid-run (its first first_index is not 0) starts with the delay that the steps before it have left behind.
/// A skew step is one DelayStep; a bit slip is a DelayStep of +1 or -1. Cost: one copy. Splitting the input
/// never changes the output.
class LaneDelay {
 public:
  static constexpr std::uint64_t max_skew_bits = 1u << 24;

  /// Throws ConfigError: skew_bits not as many as lanes or too large, a step on no lane, of no bits, or
  /// overlapping.
  explicit LaneDelay(LaneDelayConfig config);

  /// Appends to `out` (made with the right number of lanes where it is empty). Lanes may have different
  /// lengths; each lane's chunks must follow each other without a gap in first_index.
  void process(const signal::BitLanes& in, signal::BitLanes& out);
  /// Nothing is ever held back.
  void finish(signal::BitLanes&) noexcept {}
  const LaneDelayReport& report() const noexcept { return report_; }
  void reset();

 private:
  struct Lane {
    bool started = false;
    std::uint64_t next_in = 0;   // absolute input index expected next
    std::uint64_t next_out = 0;  // absolute output index written next
    std::uint64_t to_drop = 0;   // input bits that a step still has to lose
    std::size_t step = 0;        // first step of `steps` not taken yet
    std::vector<DelayStep> steps;
  };
  void start(std::size_t l, const signal::BitLanes::Lane& in, signal::BitLanes::Lane& out);
  void fill(std::size_t l, std::uint64_t count, signal::BitLanes::Lane& out);

  LaneDelayConfig config_;
  std::vector<Lane> lanes_;
  LaneDelayReport report_;
};

}  // namespace lightlane::pma

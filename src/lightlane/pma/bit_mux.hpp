#pragma once
/// Bit multiplexing between lane counts: n lanes to m, one bit of each input lane in turn, and back.
/// 802.3 120.5.2 (200G/400G), 135.5.2 (50G/100G), 83.5.2 (40G/100G, 20 -> 10 -> 4 lanes).
///
/// A PMA knows nothing of symbols or markers. Which input lane sits where is free, so `order` is a table. Two
/// muxes in a row equal one with a composed order as long as no skew lies between them: see composed_order().

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "lightlane/pma/lane_delay.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

struct BitMuxConfig {
  std::size_t lanes_in = 16;  ///< n, 1 .. 64
  std::size_t lanes_out = 8;  ///< m, divides n
  /// Permutation of 0 .. n-1: the input lane at position i. Output o carries positions o r .. o r + r - 1 (r
  /// = n/m), one bit of each in turn. Empty: 0, 1, 2, ...
  std::vector<std::size_t> order;
  /// Permutation of 0 .. m-1: the lane on which output o leaves. Empty: o.
  std::vector<std::size_t> output_order;
  std::vector<std::uint64_t> skew_bits;  ///< delay of each input lane, see LaneDelayConfig; empty: none
  std::vector<DelayStep> steps;          ///< skew steps and bit slips of input lanes
};

struct BitMuxReport {
  std::uint64_t bits_in = 0, bits_out = 0;  ///< over all lanes; bits_in counts what the mux took
  std::uint64_t bits_discarded = 0;         ///< bits before the latest of the lanes' first indices
};

/// n lanes -> m lanes. Bits are joined by their absolute index t: bit t r + s of an output lane is bit t of
/// the lane at its slot s. The mux starts at the largest first_index among the lanes and lets earlier bits
/// go. Lanes may run ahead of each other; what the slowest lane lacks is held back, and dropped at the end.
/// Cost: with AVX-512 far above 100 Gb/s for r = 2 and 4. Cutting the input in chunks never changes the
/// output.
class BitMux {
 public:
  /// Throws ConfigError naming the key: lane counts that do not divide, orders that are no permutations, bad
  /// skews.
  explicit BitMux(BitMuxConfig config);

  /// Appends to `out` (made with m lanes where it is empty).
  void process(const signal::BitLanes& in, signal::BitLanes& out);
  void finish(signal::BitLanes& out);
  const BitMuxReport& report() const noexcept { return report_; }
  const BitMuxConfig& config() const noexcept { return config_; }
  void reset();

 private:
  void join(const signal::BitLanes& in, signal::BitLanes& out);

  BitMuxConfig config_;
  std::size_t ratio_ = 1;
  std::unique_ptr<LaneDelay> delay_;  // only where a skew or step is configured
  signal::BitLanes delayed_;
  bool started_ = false;
  std::uint64_t next_ = 0;  // absolute input index joined next
  // Per input lane; begins at bit next_, or before the start at the lane's first bit.
  std::vector<BitVector> held_;
  std::vector<std::uint64_t> held_first_;
  std::vector<bool> seen_;
  BitMuxReport report_;
};

struct BitDemuxConfig {
  std::size_t lanes_in = 8;    ///< m
  std::size_t lanes_out = 16;  ///< n, a multiple of m, up to 64
  /// Permutation of 0 .. n-1: the output lane fed by position i (input lane i / r, slot i mod r). The demux
  /// with a mux's `order` undoes it. Empty: 0, 1, 2, ...
  std::vector<std::size_t> order;
  /// Permutation of 0 .. m-1: the lane on which input o arrives, as BitMuxConfig::output_order. `phase`
  /// counts lanes as they arrive. Empty: o.
  std::vector<std::size_t> input_order;
  /// Slot of bit 0 of each input lane, 0 .. r-1. Empty: all 0. A real demultiplexer starts anywhere: then the
  /// lanes come out rotated within their group, some one bit earlier than others.
  std::vector<std::size_t> phase;
};

struct BitDemuxReport {
  std::uint64_t bits_in = 0, bits_out = 0;
};

/// m lanes -> n lanes: bit k of input lane o (arriving order) goes to slot (k + phase) mod r, as bit (k +
/// phase) / r of that lane. Up to r - 1 bits per lane are held back.
class BitDemux {
 public:
  explicit BitDemux(BitDemuxConfig config);

  void process(const signal::BitLanes& in, signal::BitLanes& out);
  /// Hands out the bits of an incomplete round.
  void finish(signal::BitLanes& out);
  const BitDemuxReport& report() const noexcept { return report_; }
  const BitDemuxConfig& config() const noexcept { return config_; }
  void reset();

 private:
  struct Input {
    bool started = false;
    std::uint64_t next = 0;   // absolute index + phase of the bit that comes next
    BitVector held;           // an incomplete round: its bits from slot 0 on (unknown ones are zero)
    std::size_t missing = 0;  // slots at the start of `held` that carry no bit (first round only)
  };
  BitDemuxConfig config_;
  std::size_t ratio_ = 1;
  std::vector<Input> inputs_;
  BitDemuxReport report_;
};

/// The order of the one mux n -> last stage that equals muxes in a row, each with the default order:
/// composed_order(16, {8, 4}) = 0 2 1 3, 4 6 5 7, ... (a0 c0 b0 d0 a1 ...). Throws ConfigError if a count
/// does not divide the one before it.
std::vector<std::size_t> composed_order(std::size_t lanes, std::span<const std::size_t> stages);
/// The same for given orders: `first` (n -> m) followed by `second` (m -> k), neither with skew.
BitMuxConfig compose(const BitMuxConfig& first, const BitMuxConfig& second);

/// Swaps whole lanes (fibres, traces): lane i of the result is lane order[i]. Throws ConfigError naming `key`
/// if order is no permutation of the lanes.
signal::BitLanes permute(signal::BitLanes lanes, std::span<const std::size_t> order,
                         const char* key = "order");
signal::SymbolLanes permute(signal::SymbolLanes lanes, std::span<const std::size_t> order,
                            const char* key = "order");

/// Throws ConfigError unless `order` holds each of 0 .. count-1 once.
void require_permutation(std::span<const std::size_t> order, std::size_t count, const char* key);

}  // namespace lightlane::pma

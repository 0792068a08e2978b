#pragma once
/// Clause 82 receive side, lower part (82.2.10 to 82.2.15): 20 raw lanes in any order, with any skew and bit
/// phase, become one marked stream again.

#include <array>
#include <cstdint>
#include <optional>

#include "lightlane/pcs/clause82_kernels.hpp"
#include "lightlane/pcs/clause82_lane_sync.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/signal/blocks66.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs {

namespace clause82 {
inline constexpr std::uint64_t max_skew_bits = 928;        ///< 180 ns at 5.15625 Gb/s is 928.1 bits (likely)
inline constexpr std::uint64_t skew_limit_bits = 400'000;  ///< of any buffer: less than half a marker period
}  // namespace clause82

/// Counts BIP errors of a marked stream, per PCS lane (82.2.15). A tap: it changes nothing.
class Clause82BipMonitor {
 public:
  struct Lane {
    std::uint64_t markers = 0;          ///< markers whose parity could be checked
    std::uint64_t errored_markers = 0;  ///< of them with a BIP3 that does not fit
    std::uint64_t errored_bits = 0;     ///< BIP3 bits that differ
  };
  /// Takes blocks from anywhere in a stream that begins with a whole row.
  void process(const std::uint64_t* payload, const std::uint8_t* header, std::size_t count);
  void process(const signal::Blocks66& in) { process(in.payload.data(), in.header.data(), in.size()); }
  const std::array<Lane, clause82::lanes>& counts() const noexcept { return lanes_; }
  void reset() noexcept { *this = {}; }

 private:
  void marker(unsigned lane, std::uint64_t payload, std::uint8_t header);

  std::array<Lane, clause82::lanes> lanes_{};
  clause82::LaneParities bip_;
  unsigned lane_ = 0;
  bool aligned_ = false, checked_ = false;  ///< checked_: the stretch already had a row of markers
  std::uint64_t position_ = 0;              ///< block within the marker period
};

struct Clause82AlignConfig {
  /// Largest skew between lanes that the buffer takes, in bits of a lane; 0 .. skew_limit_bits.
  std::uint64_t max_skew_bits = clause82::max_skew_bits;
};

struct Clause82AlignReport {
  struct Lane : clause82::LaneSyncReport {
    std::uint64_t skew_bits = 0;  ///< bits later than the earliest lane at the latest alignment
  };
  std::array<Lane, clause82::lanes> lanes;                    ///< as received
  std::array<Clause82BipMonitor::Lane, clause82::lanes> bip;  ///< by PCS lane number
  bool align_status = false;
  bool excessive_skew = false;   ///< all lanes locked and distinct, but further apart than the buffer
  bool duplicate_lanes = false;  ///< all lanes locked, two with the same number
  std::uint64_t alignments = 0;
  std::uint64_t losses = 0;
  std::uint64_t blocks = 0;            ///< put out, unaligned ones included
  std::uint64_t unaligned_blocks = 0;  ///< time of blocks passed without alignment
};

/// Block lock, marker lock, deskew and reorder. Out comes a marked stream (clause82_markers.hpp): one row per
/// 66 bit times of a lane since the earliest lane's first bit, unaligned_header while align_status is false.
/// Alignment begins with the row of markers that all lanes hold when the last of them is locked; it ends with
/// the last row that was whole when a lane lost its lock. Cost: about 4 ns per block when aligned.
class Clause82Align {
 public:
  explicit Clause82Align(const Clause82AlignConfig& config = {},
                         const clause82::Kernels& kernels = select(clause82::kernels()).function);

  /// `in` holds 20 lanes; they may bring different amounts, the shortest one sets the pace. Lanes without
  /// bits keep everything waiting. Throws InputError if there are not 20 lanes.
  void process(const signal::BitLanes& in, signal::Blocks66& out);
  void finish(signal::Blocks66&) noexcept {}
  Clause82AlignReport report() const;
  void reset();

 private:
  struct Joint {
    int pcs_lane = -1;             ///< -1: not in marker lock
    std::uint64_t marker_end = 0;  ///< of the latest marker
    std::uint64_t next = 0;        ///< absolute index of the next block to put out, when aligned
    std::uint64_t skew = 0;
  };

  void take_event(unsigned lane, const clause82::LaneSync::Event& event);
  void try_to_align(std::uint64_t time);
  void put_unaligned(std::uint64_t before_row, signal::Blocks66& out);
  void put_rows(std::uint64_t until, signal::Blocks66& out);
  void release();

  Clause82AlignConfig config_;
  clause82::Kernels kernels_;
  std::array<clause82::LaneSync, clause82::lanes> sync_;
  std::array<Joint, clause82::lanes> joint_;
  Clause82BipMonitor bip_;
  bool started_ = false;
  std::uint64_t row_ = 0;  ///< the next row ends in bit time 66 row .. 66 row + 65
  Clause82AlignReport report_;
};

/// What an offline receiver finds in a whole recording.
struct Clause82Found {
  std::array<int, clause82::lanes> pcs_lane;        ///< number of each lane as received
  std::array<std::uint64_t, clause82::lanes> skew;  ///< bits that precede the marker on each received lane
  signal::Blocks66 blocks;                          ///< marked stream from those markers on, whole rows
};

inline constexpr unsigned clause82_offline_marker_errors = 3;  ///< our choice

/// One marker per lane is enough: the first place where at most clause82_offline_marker_errors of its 50 bits
/// (header and M octets) are wrong and at least three in four of the up to 64 headers from there on are
/// valid. nullopt if a lane has none, if two have the same number, or if the skew is above max_skew_bits.
/// Cost: about 40 ns per bit before the marker.
std::optional<Clause82Found> clause82_align_offline(const signal::BitLanes& in,
                                                    std::uint64_t max_skew_bits = clause82::max_skew_bits);

}  // namespace lightlane::pcs

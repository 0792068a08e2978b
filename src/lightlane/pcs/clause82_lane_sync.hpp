#pragma once
/// One received PCS lane of clause 82: block lock (figure 82-10) and alignment marker lock (figure 82-11).

#include <cstdint>
#include <deque>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pcs/clause82_markers.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs::clause82 {

inline constexpr unsigned good_headers_to_lock = 64;   ///< likely
inline constexpr unsigned header_window = 1024;        ///< likely
inline constexpr unsigned bad_headers_to_unlock = 65;  ///< in one window; likely
inline constexpr unsigned bad_markers_to_unlock = 4;   ///< consecutive; sure

struct LaneSyncReport {
  bool block_lock = false;
  bool marker_lock = false;
  int pcs_lane = -1;                  ///< number found in the markers; -1 without marker lock
  std::uint64_t invalid_headers = 0;  ///< while in block lock
  std::uint64_t bad_markers = 0;      ///< markers expected and not recognised, while in marker lock
  std::uint64_t block_lock_losses = 0;
  std::uint64_t marker_lock_losses = 0;
};

/// Holds the raw bits of the lane and walks them block by block. Everything hangs on the absolute bit index,
/// so the chunks in which bits come do not matter. Cost: about 1 ns per block in lock, 1 ns per bit out of
/// block lock.
class LaneSync {
 public:
  struct Event {
    std::uint64_t time;  ///< absolute index behind the last bit of the block that caused it
    int pcs_lane;  ///< a marker of this lane ends at `time` and the lane is in marker lock; -1: lock is lost
  };

  /// The first chunk says the absolute index of its first bit; later ones are consecutive, whatever they say.
  void append(const signal::BitLanes::Lane& in);

  std::deque<Event>& events() noexcept { return events_; }
  /// Every block that ends at or before this index has been seen; later events have a later time.
  std::uint64_t processed() const noexcept { return cursor_; }
  std::uint64_t first_index() const noexcept { return start_; }
  bool started() const noexcept { return started_; }

  /// Bits held, and the absolute index of the first of them.
  const BitVector& bits() const noexcept { return bits_; }
  std::uint64_t bits_index() const noexcept { return base_; }
  /// Nobody will ask for bits before `index` again.
  void release(std::uint64_t index);

  const LaneSyncReport& report() const noexcept { return report_; }

 private:
  enum class Marker : std::uint8_t { search, candidate, locked };

  void advance();
  void hunt(std::uint64_t end);
  void test_blocks(std::uint64_t end);
  void test_marker();
  void lose_marker_lock();

  BitVector bits_;
  std::uint64_t base_ = 0, start_ = 0, cursor_ = 0;
  bool started_ = false;
  unsigned good_ = 0, window_ = 0, bad_ = 0, mismatches_ = 0;
  Marker marker_ = Marker::search;
  int candidate_ = -1;
  std::uint64_t until_marker_ = 0;  ///< blocks from this one to the next marker
  std::deque<Event> events_;
  LaneSyncReport report_;
};

}  // namespace lightlane::pcs::clause82

#pragma once
/// Clause 91 receive side up to the Reed-Solomon decoder (91.5.3.1, 91.5.3.2): four raw FEC lanes in any
/// order, with any skew and bit phase, become codewords.

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pcs/clause91_kernels.hpp"
#include "lightlane/pcs/clause91_markers.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs {

namespace clause91 {

inline constexpr unsigned bad_markers_to_unlock = 5;  ///< consecutive, on one lane (sure)

/// 180 ns of skew in bits of a FEC lane: 4781 (KP4), 4640 (KR4). Likely.
constexpr std::uint64_t max_skew_bits(const signal::FecCode& code) noexcept {
  return code == signal::kp4 ? 4781 : 4640;
}
inline constexpr std::uint64_t skew_limit_bits =
    2'000'000;  ///< of any buffer: less than half a marker period

/// One received lane: finds the marker body bit by bit, locks on a second one of the same lane a period
/// later. Everything hangs on the absolute bit index. Cost out of lock: about 2 ns per bit, in lock nothing.
class LaneSync {
 public:
  struct Event {
    std::uint64_t time;  ///< absolute index behind the marker body that caused it
    int fec_lane;        ///< a marker of this lane in lock; -1: lock is lost
    bool good;           ///< it was recognised
  };

  explicit LaneSync(const signal::FecCode& code) : period_(lane_bits_per_period(code)) {}

  /// The first chunk says the absolute index of its first bit; later ones are consecutive, whatever they say.
  void append(const signal::BitLanes::Lane& in);
  /// Forgets the lock and looks for markers again from this bit on, which must still be held.
  void restart(std::uint64_t index);

  std::deque<Event>& events() noexcept { return events_; }
  bool started() const noexcept { return started_; }
  std::uint64_t first_index() const noexcept { return start_; }
  /// Every marker that ends at or before this index has been seen.
  std::uint64_t processed() const noexcept { return base_ + bits_.size(); }
  const BitVector& bits() const noexcept { return bits_; }
  std::uint64_t bits_index() const noexcept { return base_; }
  /// Nobody will ask for bits before `index` again.
  void release(std::uint64_t index);

 private:
  enum class State : std::uint8_t { search, candidate, locked };
  void advance();
  void test(int lane);

  std::uint64_t period_, base_ = 0, start_ = 0, cursor_ = 0;
  BitVector bits_;
  bool started_ = false;
  State state_ = State::search;
  int lane_ = -1;
  unsigned bad_ = 0;
  std::deque<Event> events_;
};

}  // namespace clause91

struct Clause91AlignConfig {
  signal::FecCode code = signal::kp4;
  std::optional<std::uint64_t> max_skew_bits;  ///< 0 .. skew_limit_bits; default 180 ns
};

/// What the aligner put out. Codewords are numbered by the time of the run: one number per codeword time of a
/// lane, whether there was a codeword or not. The first codeword behind a gap opens with a marker group.
struct Clause91Batch {
  struct Run {
    std::uint64_t first;  ///< number of the first codeword
    std::size_t count;    ///< codewords that follow each other
  };
  signal::Codewords codewords;  ///< of all runs, one behind the other
  std::vector<Run> runs;
  std::uint64_t begin = 0;  ///< the first number that this batch settles
  std::uint64_t end =
      0;  ///< numbers below this are settled: codewords where a run says so, else no alignment

  void clear() {
    codewords.count = 0;
    codewords.words.clear();
    runs.clear();
  }
};

struct Clause91AlignReport {
  struct Lane {
    bool marker_lock = false;
    int fec_lane = -1;              ///< number found in amp 4 to 15; -1 without lock
    std::uint64_t skew_bits = 0;    ///< bits later than the earliest lane at the latest alignment
    std::uint64_t markers = 0;      ///< checked while in lock
    std::uint64_t bad_markers = 0;  ///< of them not recognised
    std::uint64_t losses = 0;       ///< of lock by bad markers
  };
  std::array<Lane, clause91::fec_lanes> lanes;  ///< as received
  bool align_status = false;
  bool excessive_skew = false;   ///< all lanes locked and distinct, but further apart than the buffer
  bool duplicate_lanes = false;  ///< all lanes locked, two with the same number
  std::uint64_t alignments = 0;
  std::uint64_t losses = 0;     ///< by bad markers
  std::uint64_t restarts = 0;   ///< by uncorrectable codewords
  std::uint64_t codewords = 0;  ///< put out, those that a restart took back not counted
};

/// Lane lock, deskew, reorder. The caller decodes batch.codewords, hands them to Clause91Receive, and if that
/// asks for a restart, calls restart() and process() with no new bits, until no more is asked for:
///
///   align.process(lanes, batch);
///   while (true) {
///     decode(batch.codewords, outcomes);
///     const auto restart = receive.process(batch, outcomes, blocks);
///     if (!restart) break;
///     align.restart(*restart);
///     align.process(signal::BitLanes(4), batch);  // clears the batch itself
///   }
///
/// So the result does not depend on the size of the batches. Cost: about 0.3 us per codeword when aligned.
class Clause91Align {
 public:
  explicit Clause91Align(const Clause91AlignConfig& config = {},
                         const clause91::Kernels& kernels = select(clause91::kernels()).function);

  /// `in` holds four lanes that may bring different amounts; the shortest one sets the pace. `batch` is
  /// cleared first. Throws InputError if there are not four lanes.
  void process(const signal::BitLanes& in, Clause91Batch& batch);
  /// Codewords behind number `codeword`, one of the latest batch, are void; every lane looks for its marker
  /// again from the end of that codeword on.
  void restart(std::uint64_t codeword);
  Clause91AlignReport report() const { return report_; }
  void reset();

 private:
  struct Joint {
    int fec_lane = -1;
    std::uint64_t marker = 0;  ///< first bit of the latest marker
    std::uint64_t next = 0;    ///< first bit of the next codeword, when aligned
  };
  struct RunStart {
    std::uint64_t number;  ///< of a codeword that begins at these bits
    std::array<std::uint64_t, clause91::fec_lanes> bit;
    Clause91AlignReport before;
  };

  void take_event(unsigned lane, const clause91::LaneSync::Event& event);
  void try_to_align(std::uint64_t marker);
  void put_codewords(std::uint64_t until, Clause91Batch& batch);
  void release();

  Clause91AlignConfig config_;
  clause91::Kernels kernels_;
  std::uint64_t max_skew_, lane_bits_;
  std::array<clause91::LaneSync, clause91::fec_lanes> sync_;
  std::array<Joint, clause91::fec_lanes> joint_;
  std::vector<RunStart> run_starts_;  ///< of the latest batch
  bool started_ = false;
  std::uint64_t number_ =
      0;  ///< the next codeword ends in bit time lane_bits number .. lane_bits number + lane_bits - 1
  Clause91AlignReport report_;
};

/// What an offline receiver finds in a whole recording.
struct Clause91Found {
  std::array<int, clause91::fec_lanes> fec_lane;  ///< number of each lane as received
  std::array<std::uint64_t, clause91::fec_lanes>
      skew;                     ///< bits that precede the marker on each received lane
  signal::Codewords codewords;  ///< from those markers on
};

/// One marker per lane is enough: the first place that fec_lane_at() accepts. nullopt if a lane has none, if
/// two have the same number, or if the skew is above max_skew_bits(code).
std::optional<Clause91Found> clause91_align_offline(const signal::BitLanes& in, const signal::FecCode& code);

}  // namespace lightlane::pcs

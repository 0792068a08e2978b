#pragma once
/// Alignment of clause 119 at the receiver: marker lock, lane identification, deskew, reorder (IEEE 802.3
/// 119.2.5.1-3).
///
/// Takes 16 | 8 lanes in any order, bit phase and skew up to the limit, as they come from the PMA; gives
/// codeword pairs ready for the FEC decoders. Results hang on bit positions alone, never on how the input was
/// cut.
///
/// How an owner runs it, with the FEC between (restart() is what "three bad codewords" do):
///
///     align.process(lanes, batch);
///     for (;;) {
///       decode(batch.codewords, outcomes);
///       const auto bad = monitor.process(outcomes);            // index of the pair within the batch
///       receive(batch, outcomes, bad ? *bad + 1 : all pairs);
///       if (!bad) break;
///       align.restart(batch.first_pair + *bad);
///       batch.clear();
///       align.process(no_new_bits, batch);
///     }

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lightlane/pcs/clause119_distribute.hpp"
#include "lightlane/pcs/clause119_markers.hpp"
#include "lightlane/signal/fec_code.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pcs {

/// Confidence: 3 nibbles likely (memory); 5 markers sure; 180 ns sure.
inline constexpr unsigned max_wrong_nibbles = 3;  ///< of the 12 of CM, and of the 12 of UM
inline constexpr unsigned bad_markers_for_loss = 5;

struct Clause119AlignConfig {
  int rate_gbps = 400;
  std::size_t max_skew_bits =
      lightlane::pcs::max_skew_bits;  ///< between the earliest and the latest lane, 0..100000
};

/// Before pair `pair` of a batch the lanes were not aligned: `fault_pairs` pair times of local fault come
/// first, and the next pair begins a marker period.
struct Clause119Break {
  std::size_t pair;
  std::uint64_t fault_pairs;
};

/// Aligned codeword pairs (A, B, ...) and what interrupts them.
struct Clause119Aligned {
  signal::Codewords codewords;
  std::vector<Clause119Break> breaks;
  std::uint64_t first_pair = 0;  ///< absolute index of the first pair, counted over all pairs delivered
  std::size_t pairs() const noexcept { return codewords.count / 2; }
  void clear() {
    codewords.resize(0);
    breaks.clear();
  }
};

struct Clause119LaneReport {
  bool locked = false;
  int pcs_lane = -1;            ///< PCS lane number found on this received lane, -1 before the first lock
  std::uint64_t skew_bits = 0;  ///< behind the earliest lane at the latest alignment
  double skew_ns = 0;
  std::uint64_t markers = 0;        ///< markers checked after lock
  std::uint64_t marker_errors = 0;  ///< of them bad
  std::uint64_t losses_of_lock = 0;
};

struct Clause119AlignReport {
  bool align_status = false;
  bool skew_exceeded = false;       ///< all lanes were locked and could not be brought within the limit
  std::uint64_t pairs = 0;          ///< pairs delivered and not withdrawn by restart()
  std::uint64_t alignments = 0;     ///< times that alignment was reached
  std::uint64_t marker_losses = 0;  ///< losses by five bad markers
  std::uint64_t fec_restarts = 0;   ///< losses by restart()
  std::vector<Clause119LaneReport> lanes;  ///< per received lane
};

class Clause119Align {
 public:
  /// Throws ConfigError.
  explicit Clause119Align(const Clause119AlignConfig& config);

  /// Lanes as received, the same number each time; what they bring is contiguous, only the first chunk's
  /// first_index counts. Appends the pairs that are whole on all lanes. Keeps up to one marker period per
  /// lane while searching (5.6 MB), else one batch. `out.first_pair` is set if `out` is empty. Throws
  /// InputError for a wrong number of lanes.
  void process(const signal::BitLanes& in, Clause119Aligned& out);
  /// Time that passed without alignment up to the end becomes a last break.
  void finish(Clause119Aligned& out);

  /// The FEC found three bad codewords: pairs after `pair` (absolute; delivered by the latest process()) are
  /// withdrawn, all lanes lose lock and search again from there. Throws InputError for another pair.
  void restart(std::uint64_t pair);

  Clause119AlignReport report() const;
  void reset();

 private:
  struct LaneState {
    bool locked = false;
    bool has_candidate = false;
    std::uint64_t search_from = 0;  ///< no marker begins before this bit
    std::uint64_t candidate = 0;    ///< first marker seen, waiting for the second
    std::uint64_t anchor = 0;       ///< latest marker that was checked
    int number = -1;
    unsigned bad = 0;  ///< consecutive bad markers
    Clause119LaneReport report;
  };
  struct Lane {
    BitVector bits;
    std::uint64_t base = 0;  ///< absolute index of bits[0]
    LaneState state;
    std::uint64_t end() const noexcept { return base + bits.size(); }
  };
  struct Counters {
    std::uint64_t pairs = 0, alignments = 0, marker_losses = 0, fec_restarts = 0;
  };
  /// Pairs delivered without interruption by the latest process(), and the state before them.
  struct Segment {
    std::uint64_t first_pair, pairs;
    std::array<std::uint64_t, 16> position;  ///< of the first pair, per received lane
    std::array<LaneState, 16> lanes;
    Counters counters;
  };

  void drop_old();
  bool search(Lane& lane) const;
  bool advance(Lane& lane) const;
  void check_marker(Lane& lane) const;
  bool try_align();
  void set_aligned();
  bool emit(Clause119Aligned& out);
  void lose(const std::array<std::uint64_t, 16>& position);
  void emit_fault(std::uint64_t until, Clause119Aligned& out);
  bool skew_exceeded() const;
  std::uint64_t lock_floor(const Lane& lane) const noexcept;

  Clause119AlignConfig config_;
  Clause119Sizes sizes_;
  Clause119Kernels kernels_;
  std::vector<Lane> lanes_;
  bool started_ = false;
  bool aligned_ = false;
  std::size_t pair_in_period_ = 0;
  std::uint64_t fault_from_ = 0;   ///< where alignment was lost, on received lane 0
  std::uint64_t fault_pairs_ = 0;  ///< of this outage, told already
  Counters counters_;
  std::vector<Segment> segments_;
};

/// Three uncorrectable codewords in a row of the same decoder, A or B, ask for a restart (confidence: count
/// sure, counting per decoder likely).
class FecSyncMonitor {
 public:
  static constexpr unsigned bad_codewords = 3;
  /// Outcomes of whole pairs A, B. Returns the index of the pair that completed three in a row, and forgets
  /// all; outcomes behind that pair are not looked at.
  std::optional<std::size_t> process(std::span<const signal::DecodeOutcome> outcomes) noexcept;
  void reset() noexcept { run_ = {}; }

 private:
  std::array<unsigned, 2> run_{};
};

/// Offline receiver: one valid marker per lane is enough and what stands before it is ignored.
struct Clause119Offline {
  std::vector<int> order;           ///< PCS lane number of each received lane
  std::vector<std::uint64_t> skew;  ///< bits that precede the marker on each received lane
  signal::Codewords codewords;      ///< whole pairs from the marker on
};
/// Empty where a lane has no marker, two lanes have the same number, or they are further apart than the
/// limit. Throws InputError for a wrong number of lanes.
std::optional<Clause119Offline> align_offline(int rate_gbps, const signal::BitLanes& lanes,
                                              std::size_t max_skew = max_skew_bits);

}  // namespace lightlane::pcs

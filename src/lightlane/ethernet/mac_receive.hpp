#pragma once
/// Receive side of reconciliation sublayer and MAC: MII words to frames (802.3 clauses 3, 4, 46.3.3, 81,
/// 117).
///
/// A frame begins with /S/ in lane 0 and SFD in lane 7 of the same word and ends with /T/ in any lane. Any
/// other control character inside it makes it damaged; after /E/ the rest up to /T/ still belongs to it, any
/// other one ends it. Each frame that began is exactly one of: good, bad preamble, damaged, oversize, runt,
/// FCS error (the first that applies); only good ones are delivered, and on request those whose FCS alone is
/// wrong, marked.

#include <cstdint>
#include <vector>

#include "lightlane/base/rational.hpp"
#include "lightlane/ethernet/frame_size.hpp"
#include "lightlane/ethernet/link_fault.hpp"
#include "lightlane/signal/frames.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::ethernet {

struct MacReceiveConfig {
  std::uint32_t max_frame_octets = default_max_frame_octets;  ///< 64..262144, FCS included
  bool keep_fcs = false;         ///< leave the four FCS octets on every delivered frame (fcs_kept)
  bool keep_fcs_errors = false;  ///< deliver frames with a wrong FCS, with fcs_error and their FCS kept
  bool strict_preamble =
      false;  ///< the six octets between /S/ and SFD must be 55; else only the SFD is checked
  Rational ps_per_word =
      160;  ///< period of one MII word at this receiver; time_ps of a frame follows from it
};

struct MacReceiveReport {
  std::uint64_t words = 0;
  std::uint64_t frames = 0;           ///< good
  std::uint64_t octets = 0;           ///< of good frames, destination address through FCS
  std::uint64_t fcs_errors = 0;       ///< right length, wrong FCS
  std::uint64_t runts = 0;            ///< shorter than 64 octets, whatever their FCS
  std::uint64_t oversize = 0;         ///< longer than max_frame_octets, whatever their FCS
  std::uint64_t damaged = 0;          ///< a control character that is no /T/ inside, or the run ended
  std::uint64_t preamble_errors = 0;  ///< /S/ in lane 0 without SFD in lane 7, or control flags in that word
  std::uint64_t unexpected_starts = 0;      ///< /S/ inside a frame, or in a lane other than 0
  std::uint64_t unexpected_terminates = 0;  ///< words with /T/ but no frame to end
  std::uint64_t stray_words =
      0;  ///< words between frames that are neither idle, LPI, ordered set nor the above
  std::uint64_t tail_errors = 0;  ///< something other than idle or LPI behind a /T/ in the same word
  std::uint64_t error_words = 0;  ///< words that hold a control octet /E/
  std::uint64_t lpi_words = 0;    ///< all eight octets LPI
  std::uint64_t local_fault_sets = 0, remote_fault_sets = 0, link_interruption_sets = 0;
  std::uint64_t other_sets = 0;  ///< signal ordered sets, sequence ordered sets with other codes
  LinkFault link_fault = LinkFault::ok;
  std::uint64_t link_fault_changes = 0;

  std::uint64_t frames_lost_here() const { return fcs_errors + runts + oversize + damaged + preamble_errors; }
};

class MacReceive {
 public:
  /// Throws ConfigError naming `mac.<key>`.
  explicit MacReceive(const MacReceiveConfig& config = {});

  /// Appends delivered frames to `out`: octets (pad included), sequence (counts delivered frames from 0),
  /// word_index of /S/ (from in.first_index), fcs as received, time_ps of the first octet of the destination
  /// address = floor((word_index + 1) x ps_per_word). A frame that is not complete is held back.
  /// O(octets); copies each octet once.
  void process(const signal::MiiWords& in, signal::Frames& out);
  /// Ends the run: a frame that is not complete is damaged.
  void finish(signal::Frames& out);

  MacReceiveReport report() const;
  void reset();

 private:
  enum class Verdict : std::uint8_t { good, bad_preamble, damaged, oversize };

  std::size_t between_frames(const signal::MiiWords& in, std::size_t i) noexcept;
  std::size_t inside_frame(const signal::MiiWords& in, std::size_t i, signal::Frames& out);
  std::size_t control_inside(const signal::MiiWords& in, std::size_t i) noexcept;
  void begin_frame(std::uint64_t data, std::uint8_t control, std::uint64_t index) noexcept;
  void other_word(std::uint64_t data, std::uint8_t control, std::uint64_t index) noexcept;
  bool ordered_set(std::uint64_t data, std::uint64_t index) noexcept;
  void check_tail(std::uint64_t data, std::uint8_t control, unsigned lane) noexcept;
  void hold(const std::uint8_t* octets, std::size_t count);
  void end_frame(const std::uint8_t* octets, std::size_t count, signal::Frames& out);
  void deliver(const std::uint8_t* octets, std::size_t count, bool fcs_error, signal::Frames& out);
  void lose_frame() noexcept;

  MacReceiveConfig config_;
  bool in_frame_ = false;
  Verdict verdict_ = Verdict::good;  // of the open frame so far
  std::uint64_t start_ = 0;          // word index of /S/ of the open frame
  std::uint64_t position_ = 0;       // word index behind the last word seen
  std::uint64_t delivered_ = 0;
  std::vector<std::uint8_t> held_;  // octets of the open frame from earlier calls
  LinkFaultMachine link_fault_;
  MacReceiveReport counters_;
};

}  // namespace lightlane::ethernet

#pragma once
/// Transmit side of MAC and reconciliation sublayer: frames to MII words (802.3 clauses 3, 4, 81, 117).
///
/// A frame becomes FB 55 55 55 55 55 55 D5, its octets, pad to 60 octets, FCS, FD (terminate, in any of the
/// eight lanes), then idle. /S/ stands only in lane 0 of eight, so the gap of 12 octets is an average kept
/// exactly by the deficit idle count (0..7 octets; 46.3.1.4 as taken over by 81.3.1): gaps of 5 to 19 octets,
/// FD included.
///
/// The sender runs on the word index alone. Time is `word index x ps_per_word` plus the words that
/// fast-forwarding left out of long gaps.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "lightlane/base/rational.hpp"
#include "lightlane/ethernet/frame_size.hpp"
#include "lightlane/signal/frames.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::ethernet {

enum class Pacing {
  back_to_back,  ///< every frame as soon as the gap allows
  scaled,        ///< capture time differences times `gap_scale`
  timestamps,    ///< capture time differences as they are
};
/// "back_to_back", "scaled", "timestamps".
std::string_view name(Pacing pacing) noexcept;

/// What goes out between (or instead of) frames.
/// `idle` is what a side sends that is told of a remote fault (81.3.4): no frames, but no fault of its own
/// either.
enum class Sending { normal, local_fault, remote_fault, link_interruption, lpi, idle };
std::string_view name(Sending sending) noexcept;

struct MacTransmitConfig {
  Pacing pacing = Pacing::back_to_back;
  Rational gap_scale = 1;      ///< with `scaled`: 1/2 sends twice as fast as captured; > 0
  Rational ps_per_word = 160;  ///< period of one MII word: 160 at 400G, 320 at 200G, 640 at 100G; > 0
  std::uint32_t inter_packet_gap_octets = 12;  ///< 1..65535, average, FD included (4A.4.2: 96 bits)
  std::uint32_t max_frame_octets = default_max_frame_octets;  ///< 64..262144, FCS included
  std::uint32_t idle_words_at_start = 0;                      ///< idle before the first frame, 0..2^31
  /// A gap of `scaled` or `timestamps` that is longer keeps only so many words: the rest is skipped, and
  /// counted as time. At least 16, so that room for alignment markers and clock compensation stays.
  std::uint32_t max_gap_words = 4096;
};

/// One frame as sent, for matching with what is delivered.
struct SentFrame {
  std::uint64_t sequence = 0;       ///< FrameRecord::sequence
  std::uint64_t word_index = 0;     ///< absolute index of the word that holds /S/
  std::uint64_t skipped_words = 0;  ///< words that fast-forwarding left out before this frame
  std::uint32_t words = 0;          ///< from the word with /S/ to the word with /T/
  std::uint32_t octets = 0;         ///< on the wire, destination address through FCS
  std::uint32_t fcs = 0;
};

struct MacTransmitReport {
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;            ///< destination address through FCS
  std::uint64_t padded_frames = 0;     ///< were shorter than 60 octets
  std::uint64_t words = 0;             ///< all words sent
  std::uint64_t frame_words = 0;       ///< of those, from /S/ through /T/
  std::uint64_t idle_words = 0;        ///< of those, wholly idle
  std::uint64_t fault_words = 0;       ///< of those, link-fault ordered sets
  std::uint64_t lpi_words = 0;         ///< of those, LPI
  std::uint64_t skipped_words = 0;     ///< left out of long gaps
  std::uint64_t late_frames = 0;       ///< sent later than the capture asks for: it is faster than the line
  std::uint64_t max_late_words = 0;    ///< worst of them
  std::uint64_t frames_inhibited = 0;  ///< offered while a fault or LPI was being sent: not sent (81.3.4)
  unsigned deficit_idle_octets = 0;    ///< 0..7
};

class MacTransmit {
 public:
  /// Throws ConfigError naming `mac.<key>`.
  explicit MacTransmit(const MacTransmitConfig& config = {});

  /// Appends the words of all frames (destination address first, no FCS; record order) to `out`, and one
  /// SentFrame each to `sent` if given. The gap behind a frame is sent with the next frame or finish().
  /// While sending() is not `normal`, frames are discarded and counted as inhibited.
  /// Throws InputError for an empty frame or one longer than max_frame_octets - 4; frames before it have been
  /// sent. If `out` is empty its first_index is set. O(octets); no allocation beyond `out` and `sent`.
  void process(const signal::Frames& in, signal::MiiWords& out, std::vector<SentFrame>* sent = nullptr) {
    process_some(in, 0, std::numeric_limits<std::size_t>::max(), out, sent);
  }

  /// The same from frame `first` on, until `out` holds `max_words` or more (one frame and its gap overshoot).
  /// Returns the index of the first frame not taken.
  std::size_t process_some(const signal::Frames& in, std::size_t first, std::size_t max_words,
                           signal::MiiWords& out, std::vector<SentFrame>* sent = nullptr);

  /// Appends `words` words of what sending() says: idle, LPI, or fault ordered sets.
  void send_idle(std::uint64_t words, signal::MiiWords& out);

  /// Ends the run: appends the gap that the last frame still owes. (The caller sends the idle that later
  /// stages need to flush by send_idle.)
  void finish(signal::MiiWords& out);

  void set_sending(Sending sending) noexcept { sending_ = sending; }
  Sending sending() const noexcept { return sending_; }

  /// Absolute index of the next word.
  std::uint64_t position() const noexcept { return position_; }
  /// Simulated time of a word: index plus skipped words, times ps_per_word, rounded down. The first octet of
  /// the destination address of a frame is one word behind its /S/.
  std::int64_t time_ps(std::uint64_t word_index, std::uint64_t skipped_words) const noexcept;

  MacTransmitReport report() const;
  void reset();

 private:
  struct Plan {
    const signal::FrameRecord* record;
    std::uint64_t start;   // word index of /S/
    std::uint32_t octets;  // pad and FCS included
    std::uint32_t words;
    std::uint64_t skipped;  // words skipped so far
  };
  bool acceptable(const signal::FrameRecord& record) const noexcept;
  [[noreturn]] void refuse(const signal::FrameRecord& record) const;
  Plan plan(const signal::FrameRecord& record) noexcept;
  std::uint64_t paced_start(std::int64_t time_ps, std::uint64_t earliest) noexcept;
  void append_idle(std::uint64_t words, signal::MiiWords& out);

  MacTransmitConfig config_;
  Rational words_per_ps_;  // gap_scale included
  Sending sending_ = Sending::normal;
  std::uint64_t position_ = 0;    // next word to send
  std::uint64_t earliest_ = 0;    // first word that may hold the next /S/
  bool started_ = false;          // a frame was sent
  std::uint64_t first_word_ = 0;  // its word index, words skipped before it included
  std::int64_t first_time_ps_ = 0;
  MacTransmitReport counters_;
};

}  // namespace lightlane::ethernet

#pragma once
/// Rate compensation: whole idle words go or come so that a stream of MII words fits another clock
/// (IEEE 802.3 82.2.3.6, 119.2.3.5, 119.2.4.1).
///
/// What happens hangs on the word index alone: after n words in, floor(n * ratio) words are due. A word that
/// must go is the next one that may: an idle word outside frames, an LPI word behind an LPI word, or a
/// sequence ordered set that equals the one before it. A word that must come is put behind the next word
/// after which the stream is between frames. A frame is never touched. Signal ordered sets are never deleted.

#include <cstddef>
#include <cstdint>

#include "lightlane/base/rational.hpp"
#include "lightlane/signal/mii.hpp"

namespace lightlane::pcs {

struct RateCompensationConfig {
  Rational ratio = 1;  ///< words out per word in, 9/10 .. 11/10
  std::uint64_t elastic_words =
      64;  ///< words that may wait for a gap; more than that is reported as overflow
};

struct RateCompensationReport {
  std::uint64_t words_in = 0;
  std::uint64_t words_out = 0;
  std::uint64_t deleted = 0;
  std::uint64_t inserted = 0;
  std::uint64_t max_debt = 0;  ///< most words that waited to be deleted or inserted at once
  std::uint64_t overflows =
      0;  ///< times that the debt grew past elastic_words (a real elastic store would slip)
};

/// Exact ratios that the marker groups alone ask for: 20479/20480 at the transmitter, its inverse at the
/// receiver. Equal for clause 119 at both rates and for clause 82 with 20 markers in 16384 blocks each is
/// 16383/16384.
Rational clause119_deletion_ratio();
Rational clause119_insertion_ratio();

/// Says where words go and come; the stages copy. Internal to the PCS.
class IdleEditor {
 public:
  explicit IdleEditor(const RateCompensationConfig& config);

  struct Edit {
    std::size_t keep;    ///< words of the input to pass on as they are
    bool remove;         ///< then one input word that goes
    std::size_t insert;  ///< or this many that come
    std::uint64_t word;  ///< each of them, control flags all set
  };
  /// The next edit in these words. The caller goes on behind it, until keep = count and nothing else.
  Edit next(const std::uint64_t* data, const std::uint8_t* control, std::size_t count) noexcept;

  const RateCompensationReport& report() const noexcept { return report_; }
  void reset() noexcept;

 private:
  std::uint64_t due_index(std::uint64_t edits) const noexcept;
  void count(std::size_t words) noexcept;
  void pass(const std::uint64_t* data, const std::uint8_t* control, std::size_t count) noexcept;
  bool removable(std::uint64_t data, std::uint8_t control) const noexcept;
  Edit next_removal(const std::uint64_t* data, const std::uint8_t* control, std::size_t count) noexcept;
  Edit next_insertion(const std::uint64_t* data, const std::uint8_t* control, std::size_t count) noexcept;

  RateCompensationConfig config_;
  bool deleting_ = false;
  Rational excess_;             ///< |ratio - 1|
  std::uint64_t edits_ = 0;     ///< done so far
  std::uint64_t debt_ = 0;      ///< due and not done
  std::uint64_t next_due_ = 0;  ///< number of words in, at which the debt grows
  std::uint64_t previous_data_ = 0;
  std::uint8_t previous_control_ = 0;
  bool between_frames_ = false;
  RateCompensationReport report_;
};

/// The stage. Holds nothing back. Cost: a copy.
class RateCompensation {
 public:
  /// Throws ConfigError if the ratio is out of range.
  explicit RateCompensation(const RateCompensationConfig& config) : editor_(config) {}

  /// If `out` is empty its first_index becomes that of its first word.
  void process(const signal::MiiWords& in, signal::MiiWords& out);
  void finish(signal::MiiWords&) noexcept {}
  RateCompensationReport report() const noexcept { return editor_.report(); }
  void reset() noexcept { editor_.reset(); }

 private:
  IdleEditor editor_;
};

}  // namespace lightlane::pcs

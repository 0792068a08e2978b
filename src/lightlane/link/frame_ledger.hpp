#pragma once
/// Which frame that was sent is the one that arrived: the books of a run.
///
/// A delivered frame is matched by FCS and length with the sent frame that was due at its place in the
/// received word stream. What was sent and never matched is lost; what arrived and was never sent is `wrong`,
/// and must not happen. Frames that are alike to the last octet cannot be told apart: while the latency is
/// not known the first one is taken, and where a later one was taken for it, an arrival that nothing else
/// explains strikes it from the losses.

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "lightlane/base/rational.hpp"
#include "lightlane/ethernet/mac_transmit.hpp"

namespace lightlane::link {

class FrameLedger {
 public:
  struct Counts {
    std::uint64_t sent = 0, delivered = 0, lost = 0, wrong = 0;
    /// Sum of the squares of the numbers of frames lost in a row: one bad codeword takes all the short frames
    /// in it.
    std::uint64_t lost_in_a_row_squared = 0;
  };

  /// `words_ratio`: received words per sent word (the receiver's clock over the sender's); `keep_lost`: how many of
  /// the lost frames are remembered one by one.
  FrameLedger(Rational words_ratio, std::size_t keep_lost);

  void sent(const ethernet::SentFrame& frame);
  /// A frame of `octets` (FCS included) with a good FCS at received word `word`. Returns it as it was
  /// sent, or nothing if it never was.
  std::optional<ethernet::SentFrame> delivered(std::uint32_t fcs, std::uint32_t octets, std::uint64_t word);
  /// The receiver has come to `word`: what was due long before is lost.
  void advance(std::uint64_t word);
  /// The run is over: what is still on its way is lost.
  void finish();

  /// From now on the fate of this frame is kept: true = lost, false = delivered, nothing = not known yet.
  void watch(std::uint64_t sequence) noexcept { watched_ = sequence; }
  std::optional<bool> watched_lost() const noexcept { return watched_lost_; }

  const Counts& counts() const noexcept { return counts_; }
  /// The first lost frames, by sequence.
  const std::vector<ethernet::SentFrame>& lost() const noexcept { return lost_; }

 private:
  std::int64_t due(const ethernet::SentFrame& frame) const noexcept;
  void lose_front();
  std::optional<ethernet::SentFrame> find_again(std::uint32_t fcs, std::uint32_t octets);

  Rational ratio_;
  std::size_t keep_lost_;
  std::deque<ethernet::SentFrame> on_way_;
  std::int64_t latency_ = 0;  ///< words from `due` to arrival, as last seen
  bool latency_known_ = false;
  std::uint64_t lost_in_a_row_ = 0;
  struct Loss {
    ethernet::SentFrame frame;
    std::uint64_t squares;  ///< what it added to lost_in_a_row_squared
  };
  std::deque<Loss> losses_;  ///< the last ones
  Counts counts_;
  std::vector<ethernet::SentFrame> lost_;
  std::optional<std::uint64_t> watched_;
  std::optional<bool> watched_lost_;
};

}  // namespace lightlane::link

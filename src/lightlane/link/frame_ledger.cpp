#include "lightlane/link/frame_ledger.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

namespace lightlane::link {
namespace {

/// Farther from its place no frame is ever found: more than any skew, elastic store and two marker periods.
constexpr std::int64_t horizon_words = 4'000'000;
/// Once the latency is known a frame moves by no more than elastic stores do, unless the lanes have locked anew.
constexpr std::int64_t jitter_words = 512;
/// Losses that can turn out to be none.
constexpr std::size_t most_losses = 1 << 14;

}  // namespace

FrameLedger::FrameLedger(Rational words_ratio, std::size_t keep_lost) : ratio_(words_ratio), keep_lost_(keep_lost) {}

std::int64_t FrameLedger::due(const ethernet::SentFrame& frame) const noexcept {
  return ratio_.floor_times(static_cast<std::int64_t>(frame.word_index));
}

void FrameLedger::sent(const ethernet::SentFrame& frame) {
  on_way_.push_back(frame);
  ++counts_.sent;
}

void FrameLedger::lose_front() {
  if (lost_.size() < keep_lost_) lost_.push_back(on_way_.front());
  if (watched_ == on_way_.front().sequence) watched_lost_ = true;
  ++counts_.lost;
  const std::uint64_t squares = 2 * lost_in_a_row_++ + 1;
  counts_.lost_in_a_row_squared += squares;
  losses_.push_back({on_way_.front(), squares});
  if (losses_.size() > most_losses) losses_.pop_front();
  on_way_.pop_front();
}

std::optional<ethernet::SentFrame> FrameLedger::find_again(std::uint32_t fcs, std::uint32_t octets) {
  const auto alike = std::find_if(losses_.rbegin(), losses_.rend(), [&](const Loss& loss) {
    return loss.frame.fcs == fcs && loss.frame.octets == octets;
  });
  if (alike == losses_.rend()) return std::nullopt;
  const ethernet::SentFrame frame = alike->frame;
  --counts_.lost;
  ++counts_.delivered;
  counts_.lost_in_a_row_squared -= alike->squares;
  std::erase_if(lost_, [&](const ethernet::SentFrame& lost) { return lost.sequence == frame.sequence; });
  if (watched_ == frame.sequence) watched_lost_ = false;
  losses_.erase(std::next(alike).base());
  return frame;
}

std::optional<ethernet::SentFrame> FrameLedger::delivered(std::uint32_t fcs, std::uint32_t octets, std::uint64_t word) {
  const auto place = static_cast<std::int64_t>(word);
  std::size_t best = on_way_.size();
  std::int64_t best_distance = horizon_words;
  for (std::size_t i = 0; i < on_way_.size(); ++i) {
    const std::int64_t latency = place - due(on_way_[i]);
    if (latency < -jitter_words) break;  // sent after this one arrived
    if (on_way_[i].fcs != fcs || on_way_[i].octets != octets) continue;
    const std::int64_t distance = latency_known_ ? std::llabs(latency - latency_) : std::llabs(latency);
    if (distance < best_distance) {
      best = i;
      best_distance = distance;
    }
    if (!latency_known_ || distance < jitter_words / 64) break;
  }
  if (best == on_way_.size()) {
    const auto again = find_again(fcs, octets);
    if (!again) ++counts_.wrong;
    return again;
  }
  while (best-- > 0) lose_front();
  latency_ = place - due(on_way_.front());
  latency_known_ = true;
  const ethernet::SentFrame frame = on_way_.front();
  if (watched_ == frame.sequence) watched_lost_ = false;
  on_way_.pop_front();
  ++counts_.delivered;
  lost_in_a_row_ = 0;
  return frame;
}

void FrameLedger::advance(std::uint64_t word) {
  while (!on_way_.empty() && due(on_way_.front()) + horizon_words < static_cast<std::int64_t>(word)) lose_front();
}

void FrameLedger::finish() {
  while (!on_way_.empty()) lose_front();
}

}  // namespace lightlane::link

#include "lightlane/pma/pattern_checker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>

#include "lightlane/base/error.hpp"
#include "lightlane/pma/bit_copy.hpp"
#include "lightlane/pma/gray.hpp"
#include "lightlane/pma/pattern_reference.hpp"

namespace lightlane::pma {
namespace {

constexpr std::size_t window_words = PatternChecker::window_bits / 64;
constexpr std::size_t seek_step = 16;  // bits between two tries to lock
constexpr std::size_t explained_bits =
    1u << 14;  // a relock further behind the loss is not traced back to its slip

std::size_t wrong_bits(const std::vector<std::uint64_t>& difference, std::size_t window) noexcept {
  std::size_t wrong = 0;
  for (std::size_t w = window * window_words; w < (window + 1) * window_words; ++w) {
    if (difference[w] != 0) wrong += static_cast<std::size_t>(std::popcount(difference[w]));
  }
  return wrong;
}

}  // namespace

struct PatternChecker::Search {
  detail::PatternReference reference;
  std::size_t width;        // bits per symbol
  std::size_t loss_errors;  // wrong bits of a window that end the lock

  BitVector pending;       // received and not judged, as bits before the Gray map
  std::uint64_t base = 0;  // absolute bit index of pending's first one
  bool locked = false;
  detail::Phase phase;  // at pending's first bit, where locked
  std::optional<detail::Phase>
      alternative;             // of the other polarity, as long as it explains all since the lock
  bool lost = false;           // seeking after a loss: `phase` still is that of the old lock
  std::size_t lost_until = 0;  // end of the bad window in pending
  std::size_t scan = 0;        // next bit of pending at which to seek

  explicit Search(Pattern pattern)
      : reference(pattern), width(static_cast<std::size_t>(info(pattern).modulation)) {
    loss_errors = pattern == Pattern::square ? 6 : window_bits / 4;
  }
  void drop(std::size_t bits) {
    pending.drop_front(bits);
    base += bits;
  }
  /// Drops whole windows; `difference` tells what was expected in them.
  void forward(std::size_t bits, const std::vector<std::uint64_t>& difference) {
    if (bits == 0) return;
    phase = reference.behind(phase, bits, difference[bits / 64 - 1] ^ pending.words()[bits / 64 - 1]);
    if (alternative) alternative = reference.moved(*alternative, static_cast<std::int64_t>(bits));
    drop(bits);
  }
  /// Expected bits against those of pending from its first one, `there` being the phase at it.
  std::vector<std::uint64_t> differences(detail::Phase there, std::size_t bits) {
    std::vector<std::uint64_t> difference((bits + 63) / 64);
    reference.start(there);
    reference.next(difference.data(), difference.size());
    for (std::size_t w = 0; w < difference.size(); ++w) difference[w] ^= pending.words()[w];
    return difference;
  }
};

PatternChecker::PatternChecker(PatternCheckerConfig config) : config_(config) {
  if (config_.lock_bits < 64 || config_.lock_bits > 4096) {
    throw ConfigError({"lock_bits", fmt::format("is {}", config_.lock_bits), "64 to 4096", ""});
  }
  if (config_.max_shift < 1 || config_.max_shift > 1u << 20) {
    throw ConfigError({"max_shift", fmt::format("is {}", config_.max_shift), "1 to 1048576", ""});
  }
  reset();
}

PatternChecker::~PatternChecker() = default;
PatternChecker::PatternChecker(PatternChecker&&) noexcept = default;
PatternChecker& PatternChecker::operator=(PatternChecker&&) noexcept = default;

void PatternChecker::reset() {
  search_ = std::make_unique<Search>(config_.pattern);
  report_ = {};
}

void PatternChecker::process(const BitVector& line) {
  Search& s = *search_;
  LIGHTLANE_ASSERT(line.size() % s.width == 0);
  report_.received += line.size() / s.width;
  // In pieces, so that what is held stays small.
  constexpr std::size_t piece = 1u << 16;
  std::array<std::uint64_t, piece / 64 + 1> words;
  for (std::size_t done = 0; done < line.size(); done += piece) {
    const std::size_t bits = std::min(line.size() - done, piece), count = (bits + 63) / 64;
    copy_words(line.words(), done, words.data(), count);
    if (s.width == 2) {
      for (std::size_t w = 0; w < count; ++w) words[w] = gray_unmap(words[w]);
    }
    const std::size_t at = s.pending.size();
    s.pending.resize(at + bits);
    put_bits(s.pending.words(), at, words.data(), bits);
    while (s.locked ? check_windows() : seek()) {
    }
  }
}

void PatternChecker::count(const std::uint64_t* difference, std::size_t bits) noexcept {
  constexpr std::uint64_t even = 0x5555555555555555u;
  report_.bits += bits;
  report_.checked += bits / search_->width;
  for (std::size_t w = 0; w < (bits + 63) / 64; ++w) {
    std::uint64_t x = difference[w];
    if (64 * (w + 1) > bits) x &= (std::uint64_t{1} << (bits & 63)) - 1;
    if (x == 0) continue;
    const auto ones = [](std::uint64_t mask) { return static_cast<std::uint64_t>(std::popcount(mask)); };
    const bool pairs = search_->width == 2;
    report_.bit_errors += ones(x);
    report_.first_bit_errors += ones(pairs ? x & even : x);
    report_.second_bit_errors += ones(pairs ? x & ~even : 0);
    report_.symbol_errors += ones(pairs ? (x | x >> 1) & even : x);
  }
}

/// Judges all whole windows of pending but the last one, which waits for its successor. False: no more can be
/// done.
bool PatternChecker::check_windows() {
  Search& s = *search_;
  const std::size_t windows = s.pending.size() / window_bits;
  if (windows < 2) return false;
  const auto difference = s.differences(s.phase, windows * window_bits);
  const auto other =
      s.alternative ? s.differences(*s.alternative, windows * window_bits) : std::vector<std::uint64_t>();
  for (std::size_t i = 0; i < windows; ++i) {
    const bool bad = wrong_bits(difference, i) >= s.loss_errors;
    const bool other_bad = !s.alternative || wrong_bits(other, i) >= s.loss_errors;
    if (!bad) {
      if (other_bad) s.alternative.reset();
      continue;
    }
    const std::size_t good = i > 0 ? i - 1 : 0;
    count(difference.data(), good * window_bits);
    s.forward(good * window_bits, difference);
    if (other_bad) {
      lose(i - good);
    } else {
      s.phase = *s.alternative;
      s.alternative.reset();
      report_.inverted = s.phase.inverted;
    }
    return true;
  }
  const std::size_t judged = (windows - 1) * window_bits;
  count(difference.data(), judged);
  s.forward(judged, difference);
  return false;
}

void PatternChecker::lose(std::size_t window) {
  Search& s = *search_;
  s.locked = false;
  s.lost = true;
  s.scan = window * window_bits;
  s.lost_until = s.scan + window_bits;
  report_.locked = false;
  ++report_.losses;
}

/// Seeks the pattern from `scan` on. True: locked.
bool PatternChecker::seek() {
  Search& s = *search_;
  const std::size_t needed = s.reference.needed(config_.lock_bits);
  for (; s.scan + needed <= s.pending.size(); s.scan += seek_step) {
    if (s.lost && s.scan > explained_bits) give_up_loss();
    const auto found = s.reference.find(s.pending, s.scan, config_.lock_bits, s.phase.inverted);
    if (!found) continue;
    // The last good bits of the old phase are no new lock.
    if (s.lost && s.scan < s.lost_until &&
        found->phase == s.reference.moved(s.phase, static_cast<std::int64_t>(s.scan))) {
      continue;
    }
    if (s.lost) {
      explain_loss(s.scan, found->phase);
    } else {
      report_.unlocked += s.scan / s.width;
      if (report_.locks == 0) report_.first_lock = (s.base + s.scan) / s.width;
      ++report_.locks;
    }
    s.drop(s.scan);
    s.phase = found->phase;
    s.alternative = found->alternative;
    s.locked = true;
    s.lost = false;
    s.scan = 0;
    report_.locked = true;
    report_.inverted = s.phase.inverted;
    return true;
  }
  if (!s.lost && s.scan > explained_bits) {
    report_.unlocked += s.scan / s.width;
    s.drop(s.scan);
    s.scan = 0;
  }
  return false;
}

/// Too far behind a loss to trace it: the old lock held up to the bad window, the rest is not counted.
void PatternChecker::give_up_loss() {
  Search& s = *search_;
  const std::size_t good = s.lost_until - window_bits;
  count(s.differences(s.phase, good).data(), good);
  s.drop(good);
  s.scan -= good;
  s.lost = false;
}

/// Locked anew at bit `at` of pending, not far behind a loss: counts what lies between, and tells the shift.
void PatternChecker::explain_loss(std::size_t at, detail::Phase fresh) {
  Search& s = *search_;
  const detail::Phase old_there = s.reference.moved(s.phase, static_cast<std::int64_t>(at));
  const auto ahead = s.reference.distance(old_there, fresh, config_.max_shift);
  const auto old_difference = s.differences(s.phase, at);
  const auto new_difference = s.differences(s.reference.moved(fresh, -static_cast<std::int64_t>(at)), at);
  const auto wrong = [](const std::vector<std::uint64_t>& difference, std::size_t bit) {
    return static_cast<std::size_t>(difference[bit >> 6] >> (bit & 63) & 1);
  };

  // The old phase again, and not many errors: it was a burst of them, and no loss.
  if (ahead && *ahead == 0) {
    std::size_t errors = 0;
    for (std::size_t b = 0; b < at; ++b) errors += wrong(old_difference, b);
    if (errors < std::max<std::size_t>(at, window_bits) / 4) {
      count(old_difference.data(), at);
      --report_.losses;
      return;
    }
  }
  ++report_.locks;

  // The old phase holds up to `slip`, the new one from slip + inserted on. Without a shift there is nothing
  // to tell: the old phase holds up to the bad window.
  const std::size_t good = s.lost_until - window_bits;
  const bool shifted = ahead && *ahead != 0;
  const std::size_t inserted = shifted && *ahead < 0 ? static_cast<std::size_t>(-*ahead) : 0;
  std::size_t slip = good, resume = at;
  bool traced = false;
  if (shifted && inserted <= at) {
    std::size_t cost = 0;
    for (std::size_t b = inserted; b < at; ++b) cost += wrong(new_difference, b);
    std::size_t best = cost, best_slip = 0;
    for (std::size_t b = 0; b + inserted < at; b += s.width) {
      for (std::size_t k = 0; k < s.width; ++k) {
        cost += wrong(old_difference, b + k);
        cost -= wrong(new_difference, b + inserted + k);
      }
      if (cost < best) {
        best = cost;
        best_slip = b + s.width;
      }
    }
    // Explained means: no worse than lanes that hold their lock.
    if (best < std::max<std::size_t>(at, window_bits) / 4) {
      traced = true;
      slip = best_slip;
      resume = best_slip + inserted;
    }
  }
  count(old_difference.data(), slip);
  std::vector<std::uint64_t> tail((at - resume + 63) / 64 + 1, 0);
  for (std::size_t b = resume; b < at; ++b) {
    tail[(b - resume) >> 6] |= static_cast<std::uint64_t>(wrong(new_difference, b)) << ((b - resume) & 63);
  }
  count(tail.data(), at - resume);
  report_.unlocked += traced ? 0 : (resume - slip) / s.width;

  if (ahead && *ahead == 0) return;
  if (shifted) {
    ++report_.slips;
    const auto symbols = static_cast<std::uint64_t>(std::abs(*ahead)) / s.width;
    (*ahead < 0 ? report_.inserted : report_.lost) += symbols;
  }
  if (report_.shifts.size() == PatternCheckerReport::max_shifts) return;
  report_.shifts.push_back(
      {(s.base + resume) / s.width, shifted ? -*ahead / static_cast<std::int64_t>(s.width) : 0, shifted});
}

void PatternChecker::finish() {
  Search& s = *search_;
  if (s.lost) give_up_loss();
  if (s.locked) {
    count(s.differences(s.phase, s.pending.size()).data(), s.pending.size());
  } else {
    report_.unlocked += s.pending.size() / s.width;
  }
  s.drop(s.pending.size());
}

}  // namespace lightlane::pma

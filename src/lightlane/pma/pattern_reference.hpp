#pragma once
/// What a checker compares with: the bits of a pattern from any phase on; inside of this floor only.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pma/patterns.hpp"

namespace lightlane::pma::detail {

/// A place in a pattern: the register before the next bit of a PRBS, or the bit in the period of another
/// pattern.
struct Phase {
  std::uint32_t place = 0;
  bool inverted = false;  ///< polarity of the line
  friend bool operator==(const Phase&, const Phase&) = default;
};

/// A pattern as bits: PAM4 patterns before the Gray map.
class PatternReference {
 public:
  explicit PatternReference(Pattern pattern);

  /// Bits that find() looks at.
  std::size_t needed(std::size_t lock_bits) const noexcept { return info_->degree + lock_bits; }
  /// The phase at bit `at` if exactly one of that polarity explains the needed(lock_bits) bits from there
  /// without an error. The polarity asked for comes first; a phase of the other one may fit as well: half of
  /// SSPRQ is the other half inverted.
  struct Found {
    Phase phase;
    std::optional<Phase> alternative;
  };
  std::optional<Found> find(const BitVector& bits, std::size_t at, std::size_t lock_bits,
                            bool inverted_first) const;
  /// The phase so many bits later, or earlier.
  Phase moved(Phase phase, std::int64_t bits) const noexcept;
  /// The same, where the last 64 of these bits are known as next() gave them; `bits` is a multiple of 64.
  /// Quick.
  Phase behind(Phase phase, std::size_t bits, std::uint64_t last_word) const noexcept;
  /// How many bits the phase `to` lies ahead of `from`; the shortest way, up to `limit` and by whole symbols.
  std::optional<std::int64_t> distance(Phase from, Phase to, std::size_t limit) const;

  /// Begins to hand out bits at a phase.
  void start(Phase phase);
  void next(std::uint64_t* out, std::size_t words);

 private:
  std::optional<Phase> find_prbs(const BitVector& bits, std::size_t at, std::size_t lock_bits,
                                 bool inverted) const;
  std::optional<Phase> find_period(const BitVector& bits, std::size_t at, std::size_t lock_bits,
                                   bool inverted) const;
  std::uint64_t mask(bool inverted) const noexcept;

  const PatternInfo* info_;
  std::size_t width_;  // bits per symbol
  std::uint64_t period_bits_ = 0;
  BitVector table_;  // of a pattern that is no PRBS: periods enough for some thousand bits, and a bit more
  std::size_t table_bits_ = 0;  // whole periods in it
  std::vector<std::pair<std::uint64_t, std::uint32_t>>
      starts_;  // first 64 bits from each symbol of a period, sorted
  std::optional<Prbs> prbs_;
  Phase phase_;
};

}  // namespace lightlane::pma::detail

#pragma once
/// Test patterns: the self-synchronising checker.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/pma/patterns.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

namespace detail {
struct Phase;
}

struct PatternCheckerConfig {
  Pattern pattern = Pattern::prbs31q;
  std::size_t lock_bits =
      128;  ///< good bits in a row, behind those that load the register, to lock; 64 .. 4096
  std::size_t max_shift =
      4096;  ///< longest shift of a PRBS, in bits or symbols, that is named after a loss; 1 .. 2^20
};

/// The pattern came back in another phase.
struct PatternShift {
  std::uint64_t at = 0;    ///< bit or symbol from which on the new phase holds
  std::int64_t shift = 0;  ///< > 0: so many were inserted before it; < 0: so many were lost
  bool known = true;       ///< false: further away than max_shift, or the polarity changed; shift is 0
};

/// Counts are of bits (NRZ patterns) or symbols (PAM4 patterns), from the first one received.
struct PatternCheckerReport {
  bool locked = false;
  bool inverted = false;  ///< polarity of the line, where locked last
  std::uint64_t received = 0;
  std::uint64_t checked = 0;     ///< compared while locked
  std::uint64_t unlocked = 0;    ///< neither compared nor told as inserted
  std::uint64_t first_lock = 0;  ///< index of the first one compared; meaningless while locks = 0
  std::uint64_t locks = 0, losses = 0;
  std::uint64_t symbol_errors = 0;
  std::uint64_t bits = 0, bit_errors = 0;  ///< compared bits; PAM4: two per symbol, Gray-coded
  std::uint64_t first_bit_errors = 0, second_bit_errors = 0;  ///< of the pair (MSB, LSB); NRZ: all are first
  std::uint64_t slips = 0, inserted = 0, lost = 0;            ///< over all shifts that are known
  std::vector<PatternShift> shifts;                           ///< the first max_shifts of them
  static constexpr std::size_t max_shifts = 1000;
};

/// Finds the pattern's phase and polarity in what is received, then compares with a generator of its own, so
/// that a wrong bit is one error. Lock is lost where a window of window_bits holds a quarter of wrong bits;
/// then the phase is sought anew. Where it is the old one and fewer than a quarter of the bits between were
/// wrong, they are errors and nothing was lost. Where it is the old one but for a shift, the place of the
/// slip is the one that explains what was received with the fewest errors: errors on either side are counted
/// as if the slip had been known. What lies between a loss and the next lock is otherwise not counted, and
/// behind more than 2^14 bits no shift is told. Limits: a slip of a square wave moves only the edges; it is
/// found from one symbol on, but a bit error ratio above 2 % may hide it. A slip within the last window_bits
/// before the end is counted as errors. The result is the same however the input is cut. About 10 Gb/s.
class PatternChecker {
 public:
  static constexpr std::size_t window_bits = 256;

  /// Throws ConfigError naming lock_bits or max_shift.
  explicit PatternChecker(PatternCheckerConfig config);
  ~PatternChecker();
  PatternChecker(PatternChecker&&) noexcept;
  PatternChecker& operator=(PatternChecker&&) noexcept;

  /// The next bits (NRZ pattern) or packed levels (PAM4 pattern). Up to some windows are held back.
  void process(const BitVector& line);
  void process(const signal::SymbolLanes::Lane& lane) { process(lane.levels); }
  /// Judges what is held back. Nothing may follow but reset().
  void finish();
  const PatternCheckerReport& report() const noexcept { return report_; }
  void reset();

 private:
  struct Search;
  bool check_windows();
  void lose(std::size_t window);
  bool seek();
  void give_up_loss();
  void explain_loss(std::size_t at, detail::Phase fresh);
  void count(const std::uint64_t* difference, std::size_t bits) noexcept;

  PatternCheckerConfig config_;
  std::unique_ptr<Search> search_;
  PatternCheckerReport report_;
};

}  // namespace lightlane::pma

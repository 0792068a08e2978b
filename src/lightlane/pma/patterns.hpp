#pragma once
/// Test patterns: generators. 802.3 120.5.11.2, 49.2.8, 68.6.1; ITU-T O.150 for PRBS15 and PRBS23.
///
/// A PRBS generator is a shift register S0, S1, ...: the feedback (XOR of the tapped stages) is the output
/// and enters S0. So a seed is the bits just before the first output bit, the latest in S0; seed bit i is
/// S_i.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lightlane/base/bit_vector.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

enum class Pattern : std::uint8_t {
  prbs7,    ///< x^7 + x^6 + 1 (likely: common use, in no clause of 802.3)
  prbs9,    ///< x^9 + x^5 + 1
  prbs13,   ///< x^13 + x^12 + x^2 + x + 1
  prbs15,   ///< x^15 + x^14 + 1, inverted (O.150 5.3; many SerDes do not invert: the checker takes either)
  prbs23,   ///< x^23 + x^18 + 1, inverted (O.150 5.6; likewise)
  prbs31,   ///< x^31 + x^28 + 1, inverted (figure 49-9)
  prbs9q,   ///< Gray map of PRBS9
  prbs13q,  ///< Gray map of PRBS13 (120.5.11.2.1)
  prbs31q,  ///< Gray map of PRBS31 (120.5.11.2.2)
  ssprq,    ///< short stress pattern random, quaternary, 65535 symbols (120.5.11.2.3)
  jp03a,    ///< 0, 3 repeated
  jp03b,    ///< 0, 3 fifteen times, then 3, 0 sixteen times
  square,   ///< quaternary square wave: sixteen times 3, sixteen times 0 (120.5.11.2.4; likely)
};

struct PatternInfo {
  Pattern pattern;
  std::string_view name;          ///< as on the command line: "prbs13q"
  signal::Modulation modulation;  ///< NRZ patterns are bits, PAM4 patterns are levels
  std::uint64_t period;           ///< bits or symbols
  unsigned degree;                ///< stages of the shift register, 0: no PRBS
  std::uint32_t taps;             ///< bit i: stage S_i is tapped
  bool inverted;                  ///< the output is the inverted feedback
  std::uint32_t default_seed;     ///< all ones, except PRBS13 and PRBS13Q: lane 0 of table 94-11
  std::string_view summary;
};

std::span<const PatternInfo> patterns() noexcept;
const PatternInfo& info(Pattern pattern) noexcept;
std::optional<Pattern> pattern_from_name(std::string_view name) noexcept;

/// Seeds of PRBS13Q on lanes 0..3 (table 94-11), seed bit i = S_i. Lane 0 is sure, the others are likely.
std::span<const std::uint32_t> prbs13q_lane_seeds() noexcept;

struct PatternConfig {
  Pattern pattern = Pattern::prbs31q;
  std::optional<std::uint32_t>
      seed;                 ///< shift register, 1 .. 2^degree - 1; only for a PRBS. Absent: default_seed
  std::uint64_t start = 0;  ///< bits or symbols to skip
  bool inverted = false;    ///< opposite polarity of the line: bits inverted, level x sent as 3 - x
};

/// The bits of a linear feedback shift register, a word at a time: squaring the recurrence spreads its taps
/// over more than a word without changing the sequence. Not inverted, no Gray map.
class Prbs {
 public:
  /// seed: not 0, below 2^degree (asserted).
  Prbs(unsigned degree, std::uint32_t taps, std::uint32_t seed);
  /// The next 64 * words bits.
  void generate(std::uint64_t* out, std::size_t words) noexcept;
  /// The bits of state `seed` after `steps` more bits: by powers of the transition matrix, 64 steps at most.
  static std::uint32_t advance(unsigned degree, std::uint32_t taps, std::uint32_t seed,
                               std::uint64_t steps) noexcept;

 private:
  std::vector<unsigned> lags_;          // out bit n is the XOR of the bits n - lag
  std::vector<std::uint64_t> history_;  // the last bits, latest last
};

/// Any pattern without end. Cost: a word of a PRBS takes a few XORs, other patterns are copied from their
/// period.
class PatternGenerator {
 public:
  /// Throws ConfigError naming seed: 0, too large, or given for a pattern without shift register.
  explicit PatternGenerator(PatternConfig config);

  /// Appends the next `count` bits (NRZ pattern) or levels, two bits each (PAM4 pattern).
  void generate(std::size_t count, BitVector& out);
  const PatternConfig& config() const noexcept { return config_; }

 private:
  void refill();

  PatternConfig config_;
  std::optional<Prbs> prbs_;
  const BitVector* period_ = nullptr;  // of a pattern that is no PRBS, Gray-mapped
  std::size_t position_ = 0;           // bit in the period
  BitVector ready_;                    // made, not handed out yet
  std::size_t taken_ = 0;
};

/// One period of a pattern that is no PRBS as packed levels.
const BitVector& pattern_period(Pattern pattern);

}  // namespace lightlane::pma

#pragma once
/// Errors on line symbols: what noise, an equaliser, a broken fibre or a slipping clock do to decided levels.
///
/// Every draw hangs on the seed, the lane, the place of the model in the lane's list, and the absolute symbol
/// index alone, so that neither chunks nor threads change a result. A model places candidates for errors by
/// geometric gaps. The j-th wait that begins in error_block b takes block b 2^18 + j of the model's random
/// stream: one half for the gap, the other half for whether and what the candidate becomes. A new wait begins
/// behind every candidate and with every error block, which the memoryless geometric law permits and which
/// lets a run start anywhere. Symbols inside a burst are decided by a second stream, draw x for symbol x.
/// Cost is per error, not per symbol.
///
/// Adjacent-level errors: each of the three decision thresholds is crossed with the same probability, in both
/// directions. So an outer level fails 2/3 as often, an inner level 4/3 as often as the mean, an inner level
/// moves up or down with 1/2 each, every error hits one Gray-coded bit, and the second bit takes 2/3 of them
/// (equal level use).

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma {

inline constexpr std::uint64_t error_block = 1u << 16;  ///< symbols after which waits begin anew

/// Gaussian noise at the slicer with equally spaced levels -1, -1/3, 1/3, 1 (NRZ: -1, 1) and thresholds
/// midway. Errors beyond the adjacent level happen as often as the Gaussian tail says.
struct AwgnErrors {
  double snr_db = 0;  ///< mean power of the equally used levels (5/9; NRZ: 1) over noise variance, -10 .. 60
};

/// Independent errors to an adjacent level, from the crossing probability of each threshold (an unequal eye):
/// lower, middle, upper, each the probability that a symbol on either side of it is decided on the other. NRZ
/// uses [0].
struct ThresholdErrors {
  std::array<double, 3> crossing{};  ///< each 0 .. 0.5
};

/// Independent errors to an adjacent level. One of the two is given: symbol error ratio, or bit error ratio
/// (SER = 2 BER for PAM4, BER for NRZ).
struct IndependentErrors {
  double ser = 0;  ///< 0 .. 0.75
  double ber = 0;  ///< 0 .. 0.375
};

/// Decision-feedback bursts (first-order Markov): P(symbol wrong | the one before wrong) = continuation.
/// Within a burst directions alternate as a positive feedback tap makes them: the error goes on in the
/// opposite direction where the level has room for it (3 of 4 levels); only for continuation > 3/4 an edge
/// level also errs inwards. So the second bit takes 2/3 of the errors (continuation <= 3/4) and 1/(1+D)
/// precoding leaves two errors per burst. The ratio is the stationary one, bursts included.
struct BurstErrors {
  double ser = 0;           ///< stationary; or
  double ber = 0;           ///< half of it for PAM4
  double continuation = 0;  ///< a, 0 .. 0.999
};

/// Gilbert-Elliott: a hidden state, good or bad, with transition probabilities per symbol and an independent
/// adjacent error ratio in each. With probability good_to_bad + bad_to_good per symbol the state is drawn
/// anew, bad with probability good_to_bad / (good_to_bad + bad_to_good): the same chain, and the state
/// anywhere follows from the last such draw.
struct GilbertElliottErrors {
  double good_to_bad = 0;  ///< per symbol; good_to_bad + bad_to_good in (0, 1]
  double bad_to_good = 0;
  double ser_good = 0;  ///< 0 .. 0.75
  double ser_bad = 0;   ///< 0 .. 0.75
};

/// The lane is dark in symbols [from, to).
struct LaneCut {
  enum class Decides : std::uint8_t { zeros, noise };  ///< level 0, or levels at random
  std::uint64_t from = 0;
  std::uint64_t to = UINT64_MAX;
  Decides decides = Decides::zeros;
};

/// One symbol more or less: the clock slips. What follows moves by one symbol (two bits of a PAM4 lane).
/// Applied behind all other models of the lane, at absolute input symbol `at`.
struct SymbolSlip {
  std::uint64_t at = 0;
  bool insert = false;  ///< true: symbol `at` comes twice; false: it is lost
};

/// Errors at given places. A step ends at the outer level; one that starts there and cannot move goes
/// inwards, so that a step is always an error. A level may be the one that was sent.
struct ListedError {
  std::uint64_t symbol = 0;
  enum class Kind : std::uint8_t { level, step } kind = Kind::step;
  int value = 1;  ///< the level to decide (0..3; NRZ 0..1), or the step (-3 .. 3, not 0)
};
struct ListedErrors {
  std::vector<ListedError> errors;  ///< in any order, one per symbol
};

using ErrorModel = std::variant<AwgnErrors, ThresholdErrors, IndependentErrors, BurstErrors,
                                GilbertElliottErrors, LaneCut, SymbolSlip, ListedErrors>;

struct SymbolErrorsConfig {
  std::uint64_t seed = 1;
  /// Per lane: its models, applied in this order; a later one sees the levels that the earlier ones left.
  std::vector<std::vector<ErrorModel>> lanes;
  signal::Modulation modulation = signal::Modulation::pam4;
  /// First lane's number for the draws, so that a breakout PHY on lane 2 draws what lane 2 of a whole module
  /// draws.
  std::uint32_t first_lane = 0;
  /// Errors of symbols [log_from, log_to) are kept one by one, at most log_limit of them.
  std::uint64_t log_from = 0, log_to = 0;
  std::size_t log_limit = 1u << 20;
};

/// Per lane, since the start. Errors compare what came in with what went out (before a slip moves it).
struct LaneErrorCounts {
  std::uint64_t symbols = 0, symbol_errors = 0;
  std::uint64_t bit_errors = 0;                               ///< Gray-coded bits
  std::uint64_t first_bit_errors = 0, second_bit_errors = 0;  ///< of the Gray pair; NRZ: all are first
  std::uint64_t non_adjacent = 0;                             ///< symbol errors over more than one level
  std::uint64_t cut_symbols = 0;                              ///< symbols inside a LaneCut
  std::uint64_t inserted = 0, lost = 0;                       ///< symbols, by slips
};

struct ErrorRecord {
  std::uint32_t lane = 0;    ///< within this interface, 0-based
  std::uint64_t symbol = 0;  ///< absolute input index
  std::uint8_t sent = 0;     ///< level that came in
  std::uint8_t decided = 0;  ///< level that went out
  friend bool operator==(const ErrorRecord&, const ErrorRecord&) = default;
};

struct SymbolErrorsReport {
  std::vector<LaneErrorCounts> lanes;
  std::vector<ErrorRecord> log;  ///< per call in lane order, then in symbol order
  bool log_full = false;         ///< log_limit was reached, later errors are only counted
};

/// What a model does in the long run to equally used levels, exactly (slips, cuts and lists: zero).
struct ExpectedErrors {
  double ser = 0, ber = 0;
  double second_bit_share = 0;  ///< of the bit errors; 0 for NRZ
};
ExpectedErrors expected_errors(const ErrorModel& model,
                               signal::Modulation modulation = signal::Modulation::pam4);

/// Puts errors on lanes, in place. Lanes without models pass untouched, and untouched symbols are not even
/// read.
class SymbolErrors {
 public:
  /// Throws ConfigError naming lane, model and key: a ratio out of range, both ser and ber, slips or
  /// listed errors at the same symbol, a cut that ends before it begins.
  explicit SymbolErrors(SymbolErrorsConfig config);
  ~SymbolErrors();
  SymbolErrors(SymbolErrors&&) noexcept;
  SymbolErrors& operator=(SymbolErrors&&) noexcept;

  /// All lanes. A lane's chunks must follow each other; the first may begin anywhere. A start in mid-run
  /// finds itself outside of a burst; apart from the rest of a burst that crosses the start, errors are those
  /// of the whole run. After a slip the lane is one symbol longer or shorter and its first_index is the
  /// output's.
  void process(signal::SymbolLanes& lanes);
  /// Nothing is held back.
  void finish(signal::SymbolLanes&) noexcept {}
  const SymbolErrorsReport& report() const noexcept { return report_; }
  void reset();

 private:
  struct Lane;
  void apply(std::size_t l, signal::SymbolLanes::Lane& lane);

  SymbolErrorsConfig config_;
  std::vector<Lane> lanes_;
  SymbolErrorsReport report_;
};

}  // namespace lightlane::pma

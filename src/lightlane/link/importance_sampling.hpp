#pragma once
/// Importance sampling: unbiased estimates of errors too rare to count. Noise is drawn about the thresholds
/// instead of about the levels, most often where the lane is weakest, and every draw is weighed by how much
/// more often it was drawn than it happens. Nothing is approximated: quantiser, clipping, decision feedback
/// and the Viterbi decoder run as they are.

#include <cstdint>

#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

struct RareErrorConfig {
  std::uint64_t trials = 20000;
  std::uint64_t seed = 1;
  std::uint32_t lane = 0;
};

struct RareErrors {
  double ser = 0, ser_standard_error = 0;
  double ber = 0, ber_standard_error = 0;
  double burst_continuation = 0;  ///< P(wrong | the one before wrong), with a DFE or Viterbi
  double effective_samples =
      0;  ///< (sum of weights)^2 / sum of squares, of what was hit: below 100 trust nothing
  std::uint64_t trials = 0;
};

/// A trial takes one symbol of the model's pattern with the symbols around it, phases and symbols of the
/// interferers at random, and noise that is shifted along the direction in which the equaliser (and, for a
/// Viterbi, an error event of up to four symbols) hears it, to the threshold: one of these shifts, or none in
/// one of ten trials. The weight is the ratio of the density to the mixture's. With a DFE or Viterbi a trial
/// counts the errors of the burst that begins at its symbol: none wrong among 8 before, up to 8 right in a
/// row or 32 symbols. Symbols outside of the neighbourhood come as they stand in the pattern. Cost: 2 to 15
/// us a trial and core; the result does not depend on the number of threads. Throws ConfigError as
/// SymbolEngine does.
RareErrors estimate_rare_errors(const LaneModel& model, const rxdsp::FrozenEqualizer& equalizer,
                                double attenuation_db, const RareErrorConfig& config = {});

/// Codewords of a Reed-Solomon code over line symbols that go wrong in bursts (first-order Markov).
struct CodewordConfig {
  double symbol_error_ratio = 4.8e-4;  ///< of line symbols, bursts included
  double burst_continuation = 0;       ///< P(wrong | the one before wrong)
  int line_symbols = 5;   ///< per FEC symbol: 5 for PAM4, 10 for NRZ, next to each other on the lane
  int fec_symbols = 544;  ///< per codeword
  int correctable = 15;
  int interleave = 1;  ///< codewords whose FEC symbols take turns on the lane
  std::uint64_t trials = 100000;
  std::uint64_t seed = 1;
};

struct CodewordEstimate {
  double failure_ratio = 0, standard_error = 0;
  double effective_samples = 0;
  double raised_to = 0;  ///< share of wrong FEC symbols that was drawn instead
};

/// Paths of the Markov chain are drawn more likely by exp(tilt) for every wrong FEC symbol of the codeword,
/// such that one more is wrong on average than can be corrected, and weighed by that: w = mean of exp(tilt
/// wrong) over exp(tilt wrong). Without bursts this is drawing FEC symbol errors with (correctable + 1) /
/// fec_symbols instead of p, weighed by (p / p*)^k ((1 - p) / (1 - p*))^(n - k). Cost: about 5 us a trial and
/// core. Throws ConfigError for ratios out of range.
CodewordEstimate estimate_codeword_failures(const CodewordConfig& config);

}  // namespace lightlane::link

#pragma once
/// What a histogram of codewords by corrected symbols says of the codewords that are not seen yet: the tail,
/// fitted and extrapolated, and whether it is thicker than independent errors would make it.

#include <optional>
#include <span>

namespace lightlane::plan {

/// Reed-Solomon code: n symbols of 10 bits, t corrected. KP4: 544, 15; KR4: 528, 7.
struct FecCode {
  int symbols = 544, corrects = 15;
};

struct FecTail {
  double codewords = 0;      ///< all that were counted
  double uncorrectable = 0;  ///< of them
  double symbol_errors = 0;  ///< in the correctable ones
  double symbol_error_ratio = 0;
  double ber = 0;                             ///< if each bad symbol has one bad bit: least that it can be
  double observed_cer = 0, observed_flr = 0;  ///< codeword errors, frame losses

  // Line through log10(codewords / all) over the filled bins 1 to t; none with fewer than two of them.
  std::optional<double> slope, intercept, r_squared;
  std::optional<double> predicted_cer, predicted_flr;  ///< its sum over the five bins behind t

  // Against independent errors at the same symbol error ratio.
  int tail_from = 10;         ///< first bin of the tail: 10 of KP4, 5 of KR4
  double tail_codewords = 0;  ///< counted there, with the uncorrectable
  double expected_tail = 0;   ///< by the binomial distribution
  double random_cer = 0;      ///< uncorrectable share, by the binomial distribution
  /// Probability of as many or more codewords in the tail if errors were independent.
  double chance = 1;
  bool thick = false;  ///< three or more codewords there, and chance below 1e-3
};

/// P(X >= k) of a binomial distribution: n trials, probability p. Relative 1e-12 down to 1e-300.
double binomial_at_least(int n, double p, int k) noexcept;
/// P(X >= k) of a Poisson distribution of this mean.
double poisson_at_least(double mean, double k) noexcept;

/// Frames lost per codeword lost, with `interleaved` codewords sharing a stretch of the stream and 8 frames
/// of 64 octets touching one: (1 + 8 X) / 8, after the definition of SONiC.
double frame_loss_ratio(double codeword_error_ratio, int interleaved) noexcept;

/// `bins`: codewords with 0, 1, ... corrected symbols; a bin behind t holds uncorrectable ones, to which
/// `uncorrectable` (NaN: unknown) is the better count. None where nothing was counted.
std::optional<FecTail> fec_tail(std::span<const double> bins, double uncorrectable, const FecCode& code,
                                int interleaved);

}  // namespace lightlane::plan

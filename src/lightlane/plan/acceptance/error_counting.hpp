#pragma once
/// How long to count errors, and what a count says: Poisson statistics of independent errors. Errors in
/// bursts (a DFE, reflections) are not independent: count codewords or bursts then.

#include <cstdint>

namespace lightlane::plan {

/// Trials (bits, codewords, frames) after which at most `errors` errors prove, with `confidence`, a rate
/// below `ratio`: the smallest m / ratio where P(Poisson(m) <= errors) = 1 - confidence. Without errors that
/// is -ln(1 - confidence) / ratio. confidence in (0, 1), ratio > 0.
double trials_to_prove(double ratio, double confidence, int errors = 0) noexcept;

/// The rate that `errors` errors in `trials` trials prove with `confidence`: the inverse of
/// trials_to_prove().
double proven_ratio(double trials, double confidence, int errors = 0) noexcept;

/// Bit error ratio of a receiver whose noise does not depend on the light, `margin_db` (optical) above the
/// level at which it has `limit`: Gray-coded PAM4 (3/4 Q(x)) or NRZ (Q(x)), x growing as the light does.
/// limit in (0, 0.3). An estimate: noise of the laser and reflections grow with the light.
double ber_with_margin(double limit, double margin_db, bool pam4) noexcept;

/// A Reed-Solomon code of 10-bit symbols.
struct RsCode {
  int symbols = 544, corrects = 15;
  int bits() const noexcept { return symbols * 10; }
};

/// Probability of more than `errors` wrong symbols in a codeword whose bits are wrong independently; relative
/// 1e-9, 0 below 1e-300.
double symbol_errors_above(const RsCode& code, double ber, int errors) noexcept;

/// The highest number of wrong symbols that is expected at least once in so many codewords; 0 where even one
/// is not.
int highest_bin(const RsCode& code, double ber, double codewords) noexcept;

}  // namespace lightlane::plan

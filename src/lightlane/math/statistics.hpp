#pragma once
/// Confidence intervals of counted error rates.

#include <cstdint>

namespace lightlane::math {

/// Where the true rate lies.
struct RateInterval {
  double lower = 0;
  double upper = 1;
  friend bool operator==(const RateInterval&, const RateInterval&) = default;
};

/// Clopper-Pearson ("exact") interval of a rate after `errors` in `trials` independent trials: two-sided,
/// covers the true rate with probability of at least `confidence`. errors = 0 gives lower = 0, errors =
/// trials gives upper = 1, trials = 0 gives 0..1. Errors that come in bursts are no independent trials: count
/// bursts, codewords or frames.
/// @param confidence (0, 1), e.g. 0.95
/// @throws ConfigError if errors > trials or confidence is out of range
RateInterval clopper_pearson(std::uint64_t errors, std::uint64_t trials, double confidence = 0.95);

}  // namespace lightlane::math

#pragma once
/// Probabilities behind the error models; inside of this floor only.

#include <array>

#include "lightlane/pma/symbol_errors.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::pma::detail {

unsigned level_count(signal::Modulation modulation) noexcept;

/// P(level decided | level sent) off the diagonal.
using Transitions = std::array<std::array<double, 4>, 4>;

/// From the crossing probability of each threshold.
Transitions from_crossings(const std::array<double, 3>& crossing, unsigned levels) noexcept;
/// Each threshold is crossed with the same probability; on average over the levels `ser` of them are wrong.
Transitions from_ser(double ser, unsigned levels) noexcept;
/// Gaussian noise, thresholds midway.
Transitions from_snr(double snr_db, unsigned levels) noexcept;

/// The one of the two ratios that is given, as a symbol error ratio.
double per_symbol(double ser, double ber, signal::Modulation modulation) noexcept;
/// P(a symbol behind a right one is wrong) that gives the stationary ratio.
double burst_start(double ser, double continuation) noexcept;

/// P(an error goes on in the opposite direction) where the level has room for it, and P(it turns inwards)
/// where not.
struct Continuation {
  double room, edge;
};
Continuation continuation_of(double a, unsigned levels) noexcept;

}  // namespace lightlane::pma::detail

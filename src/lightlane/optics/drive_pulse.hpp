#pragma once
/// The pulse of one DAC symbol behind a chain of linear parts, as a polyphase filter. Inside the floor only.

#include "lightlane/math/fir.hpp"
#include "lightlane/math/response.hpp"

namespace lightlane::optics {

/// Longest pulse that is made, in symbols.
inline constexpr std::size_t longest_pulse = 128;

/// A zero-order hold of one symbol period, then `parts` (H(0) = 1), sampled `samples_per_ui` times per
/// symbol: sample p of symbol n lies p / samples_per_ui UI behind the symbol's start, the hold's centre in
/// the symbol's centre, the delay of `parts` at DC taken out. Each phase sums to 1, so that a long run
/// reaches its level. Cut where less than 2e-6 is left outside on either side. An empty `parts`: a staircase,
/// every sample of a symbol at its level.
///
/// Throws ConfigError naming `place` where the pulse is longer than `longest_pulse`. Cost: some milliseconds.
math::PolyphaseFir design_pulse(const math::Response& parts, double symbol_rate_hz, int samples_per_ui,
                                const char* place);

/// Largest sum of magnitudes of the taps of one phase: no drive within +-1 leaves +- this.
double peak_gain(const math::PolyphaseFir& fir) noexcept;

}  // namespace lightlane::optics

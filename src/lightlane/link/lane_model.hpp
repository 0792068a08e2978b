#pragma once
/// One optical lane as the receiver's ADC sees it: extracted once from the waveform chain, consumed by the
/// symbol engine and the statistical engine.

#include <array>
#include <cstdint>
#include <vector>

#include "lightlane/base/rational.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::link {

/// Symbols before and after the one that is decided, whose joint effect a pattern table holds, nonlinearity
/// included: 4^7 PAM4 or 2^11 NRZ neighbourhoods.
struct Neighbourhood {
  int before = 0, after = 0;
  int symbols() const { return before + 1 + after; }
};
inline constexpr Neighbourhood pam4_neighbourhood{4, 2}, nrz_neighbourhood{6, 4};

/// Longest Interferer::pulse: symbols that make one sample come out of one 32-bit draw and its successor.
inline constexpr std::size_t most_pulse_taps = 16;

/// A reflection pair or a neighbouring wavelength as a disturbance.
struct Interferer {
  /// MPI: 2 a_ij, multiplies sqrt(I I') cos(phase). Crosstalk: coupling, multiplies I'.
  double amplitude = 0;
  double phase_rate_hz = 0;  ///< MPI: how fast its phase turns, at most
  double delay_ui = 0;
  bool local = false;  ///< crosstalk of the own transmitter: added attenuation leaves it as it is
  /// Crosstalk: what one symbol gives at successive decision instants, sum 1; empty: {1}, centre on centre.
  std::vector<double> pulse{};
  double noise_a2_per_a = 0;  ///< crosstalk: shot and beat noise of its light, variance per ampere that it adds
};

struct LaneModel {
  signal::Modulation modulation = signal::Modulation::pam4;
  Rational symbol_rate_gbd = Rational(425, 8);

  /// The extraction run: one period of a cyclic pattern that holds every neighbourhood (a de Bruijn
  /// sequence). All of it noise free, at the scenario's launch power and plant; added attenuation scales
  /// currents by a, linear noise by a, quadratic noise by a^2.
  std::vector<std::uint8_t> levels;
  std::vector<float> current_a;            ///< at the decision instant of each symbol
  std::vector<float> slope_a_per_ui;       ///< its derivative over the instant, for jitter
  std::vector<float> curvature_a_per_ui2;  ///< its second derivative, for sinusoidal jitter; empty: none
  /// What even-odd jitter adds where the symbol is even, and takes away where it is odd; empty: the slope
  /// times half of even_odd_jitter_ui.
  std::vector<float> even_odd_a;
  std::vector<float> linear_noise_a2;       ///< shot and signal-spontaneous noise at each instant
  std::vector<float> quadratic_noise_a2;    ///< RIN
  std::vector<float> transmitter_noise_a2;  ///< DAC noise and random jitter as they arrive; grows with a^2
  std::vector<double> transmitter_noise_correlation;  ///< of that at lags 0, 1 .. UI; empty = white
  double constant_noise_a2 = 0;                       ///< thermal
  /// Of the receiver's noise (all but the transmitter's) at lags 0, 1 .. UI; [0] = 1, 0 beyond its end; empty
  /// = white.
  std::vector<double> noise_correlation;
  double jitter_rms_ui = 0;         ///< random, untracked, independent from symbol to symbol
  double even_odd_jitter_ui = 0;    ///< peak to peak; not used where there is even_odd_a
  double sinusoidal_jitter_ui = 0;  ///< peak to peak, slow against the equaliser
  double sinusoidal_jitter_hz = 0;

  std::array<double, 4> level_current_a{};  ///< steady levels as currents, for interference; NRZ: [0], [3]
  std::vector<Interferer> reflections;      ///< MPI
  std::vector<Interferer> crosstalk;        ///< other wavelengths, and the own transmitter
};

inline int level_count(signal::Modulation modulation) noexcept {
  return modulation == signal::Modulation::pam4 ? 4 : 2;
}
/// Where level 0 .. level_count - 1 stands in arrays of four: NRZ in [0] and [3].
inline std::size_t level_slot(signal::Modulation modulation, std::size_t level) noexcept {
  return modulation == signal::Modulation::pam4 ? level : 3 * level;
}
inline const Neighbourhood& neighbourhood(signal::Modulation modulation) noexcept {
  return modulation == signal::Modulation::pam4 ? pam4_neighbourhood : nrz_neighbourhood;
}

/// Throws ConfigError that names the field: arrays of different length, values that are not finite, negative
/// noise.
void require_valid(const LaneModel& model);
/// What is left of the light behind an attenuation, -100 to 200 dB; throws ConfigError beyond that.
double light_behind(double attenuation_db);

}  // namespace lightlane::link

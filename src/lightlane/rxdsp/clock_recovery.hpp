#pragma once
/// Timing recovery: Mueller-Muller detector and second-order loop over an oversampled current.

#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::rxdsp {

struct ClockRecoveryConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  double bandwidth_mhz = 4;         ///< of the loop (802.3 reference: 4 MHz)
  double damping = 2;               ///< zeta
  double initial_phase_ui = 0;
};

struct ClockRecoveryResult {
  double phase_ui = 0;              ///< where it settled: offset of the decision instant from the symbol's centre
  double phase_rms_ui = 0;          ///< wander about that, last half
  bool locked = false;
  std::vector<float> samples;       ///< one per symbol, at the recovered instants (cubic interpolation)
  std::vector<float> phase_history_ui;  ///< one per 64 symbols
};

/// samples: `samples_per_ui` per symbol, symbol i's centre at sample i M + M / 2. Decision directed: the levels are found
/// from the samples themselves.
ClockRecoveryResult recover_clock(const ClockRecoveryConfig& config, std::span<const float> samples, int samples_per_ui,
                                  double symbol_rate_hz);

/// The phase at which a Mueller-Muller loop settles, from known symbols: h(+1) = h(-1). Within +-0.5 UI.
double mueller_muller_phase(std::span<const float> samples, int samples_per_ui, std::span<const std::uint8_t> levels);

/// Sinusoidal jitter that a receiver must stand [UI peak to peak] at a frequency (802.3 table 121-12 and its kin): 5 UI at
/// 40 kHz, falling by 20 dB a decade to 0.05 UI at 4 MHz, 0.05 UI to ten times the loop bandwidth.
double jitter_tolerance_mask_ui(double frequency_hz) noexcept;

}  // namespace lightlane::rxdsp

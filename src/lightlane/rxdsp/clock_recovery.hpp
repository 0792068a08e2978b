#pragma once
/// Timing recovery: Mueller-Muller detector and second-order loop over an oversampled current.
///
/// The detector is y[k] a[k - 1] - y[k - 1] a[k] with decided levels a less their mean; it is zero where the pulse is as
/// high one symbol early as one late, h(+1) = h(-1). Its slope there is measured from the samples first, so that the loop
/// is as wide as configured whatever the pulse: theta += Kp e + I, I += Ki e per symbol with e in UI, Kp = 2 pi bandwidth /
/// symbol rate, Ki = (Kp / 2 zeta)^2. It acquires on coarse decisions (upper or lower half of the levels), four times as
/// wide, for 16 / Kp symbols, at most a quarter of the samples. Bandwidth is Kp symbol rate / 2 pi: the corner above which jitter is no longer
/// followed, exactly so for large damping (zeta = 2: 0.94 of it is the -3 dB point).

#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::rxdsp {

struct ClockRecoveryConfig {
  signal::Modulation modulation = signal::Modulation::pam4;
  double bandwidth_mhz = 4;         ///< of the loop (802.3 reference: 4 MHz); above 0, up to a hundredth of the symbol rate
  double damping = 2;               ///< zeta, 0.3 to 100; default, unverified
  double initial_phase_ui = 0;      ///< -0.5 to 0.5
};

struct ClockRecoveryResult {
  double phase_ui = 0;              ///< where it settled: offset of the decision instant from the symbol's centre
  double phase_rms_ui = 0;          ///< wander about that, last half
  bool locked = false;
  std::vector<float> samples;       ///< one per symbol, at the recovered instants (cubic interpolation)
  std::vector<float> phase_history_ui;  ///< one per 64 symbols
};

/// samples: `samples_per_ui` per symbol, symbol i's centre at sample i M + M / 2. Decision directed: the levels are found
/// from the samples themselves. Locks from +-0.4 UI.
/// Locked: in the last half the error of the detector, averaged over half a time constant of the loop, stays within 0.1 UI
/// rms, and samples vary more at the recovered instants than half a UI off. Samples that do not vary are a result, not an
/// error: not locked. Throws ConfigError naming "dsp.clock_recovery.<key>", or where there are fewer than 256 symbols, or
/// an odd number of samples per UI, or one below 4. A symbol that the recovered instant puts outside the samples repeats
/// the outermost. Deterministic; 50 ns per symbol.
ClockRecoveryResult recover_clock(const ClockRecoveryConfig& config, std::span<const float> samples, int samples_per_ui,
                                  double symbol_rate_hz);

/// The phase at which a Mueller-Muller loop settles, from known symbols: h(+1) = h(-1). Within +-0.5 UI. The pulse is fitted
/// to the samples by least squares, 4 symbols ahead of it to 8 behind, so that the symbols need not be white. 0 where there
/// is no pulse, or where it is nowhere so balanced.
double mueller_muller_phase(std::span<const float> samples, int samples_per_ui, std::span<const std::uint8_t> levels);

/// Sinusoidal jitter that a receiver must stand [UI peak to peak] at a frequency (802.3 table 121-12 and its kin): 5 UI at
/// 40 kHz, falling by 20 dB a decade to 0.05 UI at 4 MHz, 0.05 UI to ten times the loop bandwidth (40 MHz). 0 outside, where
/// nothing is asked. At 53 GBd the same (likely).
double jitter_tolerance_mask_ui(double frequency_hz) noexcept;

}  // namespace lightlane::rxdsp

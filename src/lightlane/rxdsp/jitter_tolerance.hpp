#pragma once
/// Jitter tolerance of clock recovery, equaliser and slicer together: the largest sinusoidal jitter that leaves the symbol
/// error ratio at its target.

#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/rxdsp/clock_recovery.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::rxdsp {

struct JitterToleranceConfig {
  ClockRecoveryConfig clock;
  EqualizerConfig equalizer;        ///< trained once without jitter, then frozen; its modulation is the clock's
  double target_ser = 4.8e-4;       ///< PAM4 with KP4 FEC: 1.5 Q(3.414)
  std::size_t symbols = 1 << 17;    ///< of a run; the first quarter settles, the rest is counted. At least 40 time constants
                                    ///< of the loop (53.125 GBd, 4 MHz: 84552)
  std::uint64_t seed = 1;           ///< of the ADC noise
  std::uint32_t lane = 0;
};

struct JitterTolerancePoint {
  double frequency_hz = 0;
  double tolerated_ui = 0;          ///< peak to peak, to 3 %; 0 where the target is missed without jitter; at most 64
  double mask_ui = 0;               ///< what 802.3 asks for; 0 = nothing
  bool meets_mask = false;
};
struct JitterToleranceResult {
  double ser_without_jitter = 0;
  std::vector<JitterTolerancePoint> points;
};

/// samples: one period of a cyclic waveform, `samples_per_ui` per symbol of `levels`, noise included (it repeats with the
/// period), symbol i's centre at sample i M + M / 2. Each run reads it, over and over, at instants that the jitter A / 2 sin(2
/// pi f t) has moved, by cubic interpolation; the steepest part of the sine is in the middle of what is counted, so that
/// periods longer than the run are met as well. A slipped cycle is an error from there on. Frequencies up to a twentieth of
/// the symbol rate. Concurrent over frequencies, deterministic; 12 to 20 runs each of 100 ns per symbol.
/// Throws ConfigError as recover_clock() and train() do, and for the keys of this config.
JitterToleranceResult jitter_tolerance(const JitterToleranceConfig& config, std::span<const float> samples,
                                       int samples_per_ui, double symbol_rate_hz, std::span<const std::uint8_t> levels,
                                       std::span<const double> frequencies_hz);

}  // namespace lightlane::rxdsp

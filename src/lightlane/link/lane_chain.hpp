#pragma once
/// The waveform chain of one lane: levels -> field -> power at the receiver -> samples at the decision instants.

#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/link/lane_setup.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::link {

inline constexpr int waveform_samples_per_ui = 8;

class LaneChain {
 public:
  LaneChain(const LaneSetup& setup, std::uint64_t seed, int samples_per_ui = waveform_samples_per_ui);

  /// Symbols around those whose samples are made.
  signal::Halo halo() const noexcept { return {power_halo_.before + sample_halo_.before, power_halo_.after + sample_halo_.after}; }
  /// Symbols that power() needs around its output, and sample() around its.
  signal::Halo power_halo() const noexcept { return power_halo_; }
  signal::Halo sample_halo() const noexcept { return sample_halo_; }

  /// Power at TP3 of the symbols that have their halo in the window. `impairments`: DAC noise, jitter; `interference`: MPI.
  void power(const signal::Levels& in, bool impairments, bool interference, signal::Power& out) const;

  /// Current at the decision instants of symbols [first, first + count), which must have their halo in the window.
  void sample(const signal::Power& power, double phase_ui, bool noise, std::int64_t first, std::size_t count,
              signal::Current& out) const;
  /// Noise at these instants.
  optics::NoiseVariances variances(const signal::Power& power, double phase_ui, std::int64_t first, std::size_t count) const;

  const optics::Transmitter& transmitter() const noexcept { return transmitter_; }
  const optics::Plant& plant() const noexcept { return plant_; }
  const optics::Photoreceiver& receiver() const noexcept { return receiver_; }
  const LaneSetup& setup() const noexcept { return setup_; }

 private:
  LaneSetup setup_;
  optics::Transmitter transmitter_;
  optics::Plant plant_;
  optics::Photoreceiver receiver_;
  signal::Halo power_halo_, sample_halo_;
};

/// Cuts a window to the symbols [first, first + count), which must lie inside.
void trim(signal::Power& power, std::int64_t first, std::size_t count);

/// What other wavelengths leak into each lane of one fibre: neighbours by `isolation_db`, the next but one by twice that.
/// All windows must be the same. Nothing where isolation_db is 0.
void couple_wavelengths(double isolation_db, std::span<signal::Power> lanes);

/// Random levels of the training runs: level i of a lane is a function of seed, lane and i.
signal::Levels random_levels(std::uint64_t seed, std::uint32_t lane, signal::Modulation modulation, std::int64_t first,
                             std::size_t count);

}  // namespace lightlane::link

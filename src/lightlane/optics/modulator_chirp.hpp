#pragma once
/// Adiabatic chirp: the laser's frequency follows its power, so the phase is an integral of it. Inside the
/// floor only.

#include <cstdint>
#include <span>
#include <vector>

namespace lightlane::optics {

/// Adds the phase c integral (P - mean) dt to a field, mean being that of the last `memory` samples: what is
/// slower than they are shifts the carrier and is no chirp, and so the phase at a sample hangs on that many
/// samples before it alone. The sums are of integers (P in steps of 2^-24 of its full scale): exact, so that
/// no cut of a window changes a phase.
class AdiabaticChirp {
 public:
  /// c in rad/(W s); full_scale_w at or above every power.
  AdiabaticChirp(double rad_per_ws, double full_scale_w, double sample_rate_hz, std::size_t memory);

  /// Where a run of windows stands. Starts afresh; correct once `memory` samples have passed through
  /// rotate().
  struct State {
    std::vector<std::int32_t> power;  ///< the last memory + 1, then the window's
    std::int64_t box = 0, integral = 0;
  };
  /// Turns each sample by its phase, in place, and moves the state on behind the window.
  void rotate(std::span<float> re, std::span<float> im, State& state) const;

  std::size_t memory() const noexcept { return memory_; }

 private:
  std::size_t memory_;
  float steps_per_w_;
  double turns_per_unit_;  ///< phase of one unit of the integral
};

}  // namespace lightlane::optics

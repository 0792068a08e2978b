#pragma once
/// Steady levels: which DAC inputs, which swing, which powers. Inside the floor only.

#include <array>

#include "lightlane/optics/drive.hpp"
#include "lightlane/optics/modulator.hpp"
#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics {

/// Third-order compression of a driver: v - c v^3, held at its largest where the slope is 0.
double compress(double v, double compression) noexcept;

/// R_LM of four levels (802.3 annex 120D): min(3 ES1, 3 ES2, 2 - 3 ES1, 2 - 3 ES2).
double level_separation_mismatch(const std::array<double, 4>& level) noexcept;

struct SteadyLevels {
  TransferCurve curve;
  std::array<double, 4> dac_input;  ///< NRZ: [0] and [3]
  TransmitterReport report;
};

/// Throws ConfigError naming "tx.extinction_ratio_db" (unreachable), "tx.level_error" (levels out of order)
/// or "tx.dac.bits" (too few codes to tell the levels apart).
SteadyLevels solve_levels(const TransmitterConfig& config, const Drive& drive);

}  // namespace lightlane::optics

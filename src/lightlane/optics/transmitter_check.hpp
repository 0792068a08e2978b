#pragma once
/// Which transmitters there can be. Inside the floor only.

#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics {

/// Throws ConfigError naming "tx.<key>", its value and range, for everything that one key alone decides.
void check(const TransmitterConfig& config, int samples_per_ui);

}  // namespace lightlane::optics

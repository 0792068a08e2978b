#pragma once
/// One line lane of a scenario as the configurations of its stages.

#include <cstdint>

#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/optics/photoreceiver.hpp"
#include "lightlane/optics/plant.hpp"
#include "lightlane/optics/transmitter.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

struct LaneSetup {
  std::uint32_t stream = 0;             ///< number of the lane in the names of its random streams
  double wavelength_nm = 0;
  optics::TransmitterConfig tx;
  optics::PlantConfig plant;
  optics::PhotoreceiverConfig rx;
  rxdsp::EqualizerConfig dsp;
};

/// Lane `lane` of the structure: the PMD's wavelength, the scenario's values moved by the temperature coefficients of the
/// devices and, with tx.spread, by a draw for each lane. Throws ConfigError naming the key: a wavelength outside of the
/// fibre's range, lists of the wrong length, a PMD that is coherent.
LaneSetup lane_setup(const Scenario& scenario, const Structure& structure, std::size_t lane);

}  // namespace lightlane::link

#pragma once
/// From the waveform chain of a lane to the model that the other two engines consume.

#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/lane_model.hpp"

namespace lightlane::link {

/// Where the lane's clock recovery settles, in UI from the symbols' centres: Mueller-Muller on a noise-free run.
double recovered_phase(const LaneChain& chain, std::uint64_t seed);

/// One noise-free period of a pattern that holds every neighbourhood, through the chain, sampled at `phase_ui`; the noise
/// at each instant by propagation of its densities, that of DAC and jitter by the difference of runs with and without
/// them. `others`: the chains of all wavelengths on the same fibre, for crosstalk; empty where there is none.
/// About 2 ms for PAM4.
LaneModel extract(const LaneChain& chain, double phase_ui, std::span<const LaneChain* const> others, double isolation_db,
                  std::size_t own_place);

}  // namespace lightlane::link

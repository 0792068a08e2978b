#pragma once
/// The symbol engine: decided levels straight from sent levels, one fused pass per symbol. The sample ahead of the
/// equaliser is looked up by its neighbourhood, far symbols add linearly, noise is coloured and depends on the level, MPI
/// and crosstalk come from independent symbol streams with slow phases; then FFE, DFE or MLSE, slicer, as frozen.

#include <cstdint>
#include <memory>
#include <vector>

#include "lightlane/link/lane_model.hpp"
#include "lightlane/rxdsp/equalizer.hpp"
#include "lightlane/signal/waveform.hpp"

namespace lightlane::link {

class SymbolEngine {
 public:
  /// attenuation_db: added behind the model's plant.
  SymbolEngine(const LaneModel& model, rxdsp::FrozenEqualizer equalizer, double attenuation_db, std::uint64_t seed,
               std::uint32_t lane);
  ~SymbolEngine();
  SymbolEngine(SymbolEngine&&) noexcept;

  /// Symbols around those that are decided (run-up of a DFE or Viterbi included).
  signal::Halo halo() const noexcept;
  /// decided[i] belongs to symbol in.first_index + halo.before + i. A pure function of the window: draws hang on the
  /// absolute index.
  void process(const signal::Levels& in, std::vector<std::uint8_t>& decided) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lightlane::link

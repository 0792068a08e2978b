#pragma once
/// The light of one direction, made ready for traffic: every line lane set up, its clock recovered, its receiver trained
/// and frozen, and its model extracted for the engines that work without waveforms.

#include <memory>
#include <optional>
#include <vector>

#include "lightlane/link/lane_chain.hpp"
#include "lightlane/link/lane_model.hpp"
#include "lightlane/link/limit_receiver.hpp"
#include "lightlane/link/scenario.hpp"
#include "lightlane/link/statistical_engine.hpp"
#include "lightlane/link/structure.hpp"
#include "lightlane/rxdsp/equalizer.hpp"

namespace lightlane::link {

struct OpticalLane {
  LaneSetup setup;
  std::unique_ptr<const LaneChain> chain;
  double rx_power_dbm = 0;              ///< average at TP3
  double rx_oma_dbm = 0;                ///< outer, of the steady levels, at TP3
  bool los = false;                     ///< below rx.los_dbm: the receiver decides noise
  bool overload = false;                ///< above rx.overload_dbm
  double phase_ui = 0;                  ///< decision instant from the symbol's centre
  LaneModel model;
  rxdsp::FrozenEqualizer equalizer;
  rxdsp::TrainingReport training;
  StatisticalResult statistical;        ///< of the frozen equaliser
  std::optional<LimitReceiver> limit;   ///< with link.corner = "limits": the reference receiver, at its worse instant
};

class OpticalLink {
 public:
  /// Throws ConfigError: whatever a stage refuses, plant.stress_ber below what the link has anyway, an engine that does not
  /// hold for this receiver (link.engine).
  OpticalLink(const Scenario& scenario, const Structure& structure);

  const std::vector<OpticalLane>& lanes() const noexcept { return lanes_; }
  /// Attenuation that plant.stress_ber asked for.
  double stress_db() const noexcept { return stress_db_; }
  /// Of neighbouring wavelengths on one fibre; 0 where lanes have fibres of their own.
  double isolation_db() const noexcept { return isolation_db_; }
  /// PMD lanes leave together on one fibre.
  bool wavelengths_share_fibre() const noexcept { return isolation_db_ > 0; }

 private:
  void prepare(const Scenario& scenario);
  void train_all(const Scenario& scenario);

  std::vector<OpticalLane> lanes_;
  double stress_db_ = 0, isolation_db_ = 0;
};

}  // namespace lightlane::link

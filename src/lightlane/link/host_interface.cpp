#include "lightlane/link/host_interface.hpp"

namespace lightlane::link {
namespace {

pma::GrayConfig gray(const HostInterfaceConfig& config) {
  pma::GrayConfig gray;
  gray.lanes = config.lanes;
  gray.modulation = config.modulation;
  return gray;
}

pma::SymbolErrorsConfig errors(const HostInterfaceConfig& config) {
  pma::SymbolErrorsConfig errors;
  errors.seed = config.seed;
  errors.modulation = config.modulation;
  errors.first_lane = config.first_lane;
  for (const double ber : config.ber) {
    std::vector<pma::ErrorModel> models;
    if (ber > noise_ber) {
      models.push_back(pma::LaneCut{0, UINT64_MAX, pma::LaneCut::Decides::noise});
    } else if (ber > 0) {
      models.push_back(pma::IndependentErrors{0, ber});
    }
    errors.lanes.push_back(std::move(models));
  }
  return errors;
}

}  // namespace

HostInterfaceConfig host_interface(const Scenario& scenario, const HostLanes& lanes, HostEnd end) {
  HostInterfaceConfig config{lanes.count,
                             lanes.modulation,
                             {},
                             static_cast<std::uint64_t>(scenario.run.seed),
                             first_host_lane(scenario, end)};
  if (!lanes.at(end).simulated) return config;
  for (const HostLane& lane : lanes.at(end).lanes) config.ber.push_back(lane.ber);
  return config;
}

HostInterface::HostInterface(const HostInterfaceConfig& config)
    : clean_(config.ber.empty()), encoder_(gray(config)), errors_(errors(config)), decoder_(gray(config)) {
  symbols_.modulation = config.modulation;
}

void HostInterface::process(signal::BitLanes& lanes) {
  if (clean_) return;
  symbols_.lanes.clear();
  encoder_.process(lanes, symbols_);
  if (symbols_.size() == 0) return;
  errors_.process(symbols_);
  lanes = signal::BitLanes();
  decoder_.process(symbols_, lanes);
}

}  // namespace lightlane::link

#include "lightlane/link/host_interface.hpp"

namespace lightlane::link {
namespace {

// Lane numbers of the random streams: line lanes below 2^10, then the host lanes of either end; directions
// 2^14 apart.
constexpr std::uint32_t end_stride = 1u << 10, direction_stride = 1u << 14, port_stride = 1u << 5;

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
  if (config.ber > 0) errors.lanes.assign(config.lanes, {pma::IndependentErrors{0, config.ber}});
  return errors;
}

}  // namespace

std::uint32_t first_line_lane(const Scenario& scenario) {
  return scenario.place.direction * direction_stride + scenario.place.first_lane;
}

std::uint32_t first_host_lane(const Scenario& scenario, HostEnd end) {
  return scenario.place.direction * direction_stride + (end == HostEnd::sender ? 1 : 2) * end_stride +
         scenario.place.port * port_stride;
}

HostInterface::HostInterface(const HostInterfaceConfig& config)
    : clean_(config.ber == 0), encoder_(gray(config)), errors_(errors(config)), decoder_(gray(config)) {
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

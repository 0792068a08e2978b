#include "lightlane/link/phy.hpp"

#include "lightlane/link/phy_clause119.hpp"
#include "lightlane/link/phy_clause82.hpp"
#include "lightlane/link/phy_clause91.hpp"
#include "lightlane/link/phy_module.hpp"

namespace lightlane::link {

Rational clock_ratio(const Scenario& scenario) {
  return clock_ratio_from_ppm(scenario.phy.rx_clock_ppm) / clock_ratio_from_ppm(scenario.phy.tx_clock_ppm);
}

pcs::FecDegradeConfig degrade_config(const Scenario& scenario) {
  return {scenario.phy.degrade_enable, static_cast<std::uint64_t>(scenario.phy.degrade_interval_codewords),
          static_cast<std::uint64_t>(scenario.phy.degrade_activate_threshold),
          static_cast<std::uint64_t>(scenario.phy.degrade_deactivate_threshold)};
}

void add_compensation(const pcs::RateCompensationReport& compensation, PhyReceiveReport& report) {
  report.words_inserted = compensation.inserted;
  report.words_deleted = compensation.deleted;
  report.max_debt_words = compensation.max_debt;
  report.overflows = compensation.overflows;
}

std::unique_ptr<PhyTransmit> make_transmit(const Scenario& scenario, const Structure& structure, const HostLanes& host) {
  switch (structure.coding) {
    case Coding::clause119:
      return std::make_unique<PhyTransmit119>(scenario, structure, host);
    case Coding::clause82:
      return std::make_unique<PhyTransmit82>(scenario, structure, host);
    case Coding::clause91_kp4:
    case Coding::clause91_kr4:
      break;
  }
  if (scenario.link.fec_placement == "module") return std::make_unique<PhyTransmitModule>(scenario, structure, host);
  return std::make_unique<PhyTransmit91>(scenario, structure, host);
}

std::unique_ptr<PhyReceive> make_receive(const Scenario& scenario, const Structure& structure, const HostLanes& host) {
  switch (structure.coding) {
    case Coding::clause119:
      return std::make_unique<PhyReceive119>(scenario, structure, host);
    case Coding::clause82:
      return std::make_unique<PhyReceive82>(scenario, structure, host);
    case Coding::clause91_kp4:
    case Coding::clause91_kr4:
      break;
  }
  if (scenario.link.fec_placement == "module") return std::make_unique<PhyReceiveModule>(scenario, structure, host);
  return std::make_unique<PhyReceive91>(scenario, structure, host);
}

}  // namespace lightlane::link

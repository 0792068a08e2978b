#pragma once
/// One PHY link: a street, or two that listen to each other.
///
/// In a duplex link the forward direction runs from side A to side B, the reverse one back. What a side's
/// receiver finds, its own sender tells the other side one step late (and a sender is up to one step ahead of
/// what is received):
/// - receiver not aligned or link_fault = local fault: the MAC's words are remote fault, frames are
/// inhibited;
/// - link_fault = remote fault or link interruption: idle, frames are inhibited (802.3 81.3.4, 46.3.4);
/// - FEC degraded, or the neighbour's local degraded bit: the remote degraded bit of the markers (clause 119
/// only).

#include <memory>
#include <optional>

#include "lightlane/link/phy_report.hpp"
#include "lightlane/link/street.hpp"

namespace lightlane::link {

class PhyLink {
 public:
  /// `scenario` is one PHY's: a port of ports_of(). With `with_light` the light of tx, plant, rx
  /// and dsp decides the errors. `hosts`: what was evaluated for other links of the run.
  PhyLink(const Scenario& scenario, bool with_light, HostEvaluations& hosts, Street::Delivered forward = {},
          Street::Delivered reverse = {});

  /// One step of either direction; false when everything has been sent and has had time to arrive.
  bool step();
  void stop();
  void finish();

  const Street& forward() const noexcept { return *forward_; }
  const Street* reverse() const noexcept { return reverse_.get(); }
  /// Of the forward direction, with that of the other in PhyReport::reverse.
  PhyReport report(double wall_s, bool interrupted) const;

 private:
  void couple();

  Scenario scenario_, reverse_scenario_;
  std::shared_ptr<const OpticalLink> light_, reverse_light_;
  std::unique_ptr<Street> forward_, reverse_;
};

}  // namespace lightlane::link

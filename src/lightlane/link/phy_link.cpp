#include "lightlane/link/phy_link.hpp"

#include "lightlane/base/parallel.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

/// Light and host lanes, side by side, and the street between them.
std::unique_ptr<Street> prepare(const Scenario& scenario, bool with_light, HostEvaluations& hosts, Street::Delivered delivered,
                                std::shared_ptr<const OpticalLink>& light) {
  const Structure& structure = structure_of(scenario);
  std::shared_ptr<const HostLanes> host;
  parallel_invoke([&] { host = std::make_shared<const HostLanes>(host_lanes(scenario, structure, hosts)); },
                  [&] {
                    if (with_light) light = std::make_shared<const OpticalLink>(scenario, structure);
                  });
  return std::make_unique<Street>(scenario, light.get(), std::move(delivered), ErrorLog(), std::move(host));
}

/// What the reconciliation sublayer sends for what it receives.
ethernet::Sending answer(const Street& received) {
  const ethernet::LinkFault fault = received.mac_receive().link_fault;
  if (!received.aligned() || fault == ethernet::LinkFault::local_fault)
    return ethernet::Sending::remote_fault;
  return fault == ethernet::LinkFault::ok ? ethernet::Sending::normal : ethernet::Sending::idle;
}

void tell(const Street& received, Street& sender) {
  sender.set_sending(answer(received));
  const PhyReceiveReport report = received.phy_receive();
  sender.set_status({false, report.degraded || report.received.local_degraded});
}

}  // namespace

PhyLink::PhyLink(const Scenario& scenario, bool with_light, HostEvaluations& hosts, Street::Delivered forward,
                 Street::Delivered reverse)
    : scenario_(scenario), forward_(prepare(scenario_, with_light, hosts, std::move(forward), light_)) {
  if (!scenario.link.duplex) return;
  reverse_scenario_ = reverse_of(scenario);
  reverse_ = prepare(reverse_scenario_, with_light, hosts, std::move(reverse), reverse_light_);
  couple();
}

bool PhyLink::step() {
  if (!reverse_) return forward_->step();
  bool more_forward = false, more_reverse = false;
  parallel_invoke([&] { more_forward = forward_->step(); }, [&] { more_reverse = reverse_->step(); });
  couple();
  return more_forward || more_reverse;
}

/// Neither direction falls silent while the other may still need to hear from it.
void PhyLink::couple() {
  tell(*forward_, *reverse_);
  tell(*reverse_, *forward_);
  const bool over = forward_->arrived() && reverse_->arrived();
  forward_->hold_open(!over);
  reverse_->hold_open(!over);
}

void PhyLink::stop() {
  forward_->stop();
  if (reverse_) reverse_->stop();
}

void PhyLink::finish() {
  forward_->finish();
  if (reverse_) reverse_->finish();
}

PhyReport PhyLink::report(double wall_s, bool interrupted) const {
  PhyReport report = collect(scenario_, light_.get(), *forward_, wall_s, interrupted);
  if (reverse_)
    report.reverse.push_back(collect(reverse_scenario_, reverse_light_.get(), *reverse_, wall_s, interrupted));
  return report;
}

}  // namespace lightlane::link

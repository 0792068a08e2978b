#include "lightlane/link/phy_link.hpp"

#include "lightlane/base/parallel.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

std::shared_ptr<const OpticalLink> light_of(const Scenario& scenario, bool with_light) {
  return with_light ? std::make_shared<const OpticalLink>(scenario, structure_of(scenario)) : nullptr;
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

PhyLink::PhyLink(const Scenario& scenario, bool with_light, Street::Delivered forward,
                 Street::Delivered reverse)
    : scenario_(scenario), light_(light_of(scenario, with_light)) {
  forward_ = std::make_unique<Street>(scenario_, light_.get(), std::move(forward));
  if (!scenario.link.duplex) return;
  reverse_scenario_ = reverse_of(scenario);
  reverse_light_ = light_of(reverse_scenario_, with_light);
  reverse_ = std::make_unique<Street>(reverse_scenario_, reverse_light_.get(), std::move(reverse));
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

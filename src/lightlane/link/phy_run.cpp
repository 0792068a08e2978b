#include "lightlane/link/phy_run.hpp"

#include <algorithm>

#include "lightlane/base/parallel.hpp"
#include "lightlane/link/breakout.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

constexpr int steps_at_once = 8;

bool healthy(const PhyReport& report) {
  return report.pass() && std::all_of(report.reverse.begin(), report.reverse.end(), healthy);
}

}  // namespace

bool PhyRunReport::pass() const { return std::all_of(ports.begin(), ports.end(), healthy); }

PhyRun::PhyRun(const Scenario& scenario, bool with_light, const Sinks& sinks) : scenario_(scenario) {
  validate(scenario);
  HostEvaluations hosts;
  for (const Scenario& port : ports_of(scenario)) {
    Street::Delivered forward, reverse;
    if (sinks) forward = sinks(port.place);
    if (sinks && port.link.duplex) reverse = sinks(reverse_of(port).place);
    links_.push_back(std::make_unique<PhyLink>(port, with_light, hosts, std::move(forward), std::move(reverse)));
  }
  more_.assign(links_.size(), 1);
}

bool PhyRun::step() {
  if (links_.size() == 1) return links_[0]->step();
  parallel_for(links_.size(), [&](std::size_t i) {
    for (int n = 0; n < steps_at_once && more_[i] != 0; ++n) more_[i] = links_[i]->step() ? 1 : 0;
  });
  return std::any_of(more_.begin(), more_.end(), [](char more) { return more != 0; });
}

void PhyRun::stop() {
  for (const auto& link : links_) link->stop();
}

void PhyRun::finish() {
  for (const auto& link : links_) link->finish();
}

PhyRunReport PhyRun::report(double wall_s, bool interrupted) const {
  PhyRunReport report;
  report.scenario = scenario_;
  report.wall_s = wall_s;
  report.interrupted = interrupted;
  for (const auto& link : links_) {
    report.ports.push_back(link->report(wall_s, interrupted));
    const PhyReport& port = report.ports.back();
    report.simulated_gbps += port.time.simulated_gbps;
    for (const PhyReport& reverse : port.reverse) report.simulated_gbps += reverse.time.simulated_gbps;
  }
  return report;
}

}  // namespace lightlane::link

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "lightlane/plan/breakout/module_modes.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

bool is_mpo(PmdConnector connector) {
  return connector == PmdConnector::mpo12 || connector == PmdConnector::mpo16 ||
         connector == PmdConnector::mpo24;
}

/// What is wrong with the end that is plugged into the module.
void check_end(const BreakoutSubject& subject, const Cable& cable, BreakoutCable& out) {
  const Pmd& pmd = *subject.pmd;
  if (cable.a.connector != pmd.connector) {
    out.faults.push_back({"CONNECTOR",
                          fmt::format("{} begins with {}, {} has {}", cable.id, name(cable.a.connector),
                                      pmd.id, name(pmd.connector)),
                          ""});
  }
  if (cable.fibre != pmd.fibre) {
    out.faults.push_back(
        {"MEDIA_KIND",
         fmt::format("{} is {}, {} is for {}", cable.id, name(cable.fibre), pmd.id, name(pmd.fibre)), ""});
  }
  if (cable.a.connector == pmd.connector && cable.a.polish != pmd.polish &&
      cable.a.polish != Polish::unknown && pmd.polish != Polish::unknown) {
    out.faults.push_back({"POLISH",
                          fmt::format("end a of {} is {}, {} wants {}", cable.id, name(cable.a.polish),
                                      pmd.id, name(pmd.polish)),
                          "the same polish on both sides of every joint"});
  }
  if (is_mpo(cable.a.connector) && cable.a.gender == Gender::male) {
    out.faults.push_back({"GENDER", fmt::format("end a of {} has pins, and so has the module", cable.id),
                          "a female end at the module"});
  }
}

/// Lane by lane: out of which leg, and onto what there.
LegUse use_of(const Cable& cable, int child, const MediaFibre& fibre) {
  LegUse out{child, fibre.lane, fibre.tx_position, fibre.rx_position, fibre.connector, 0, 0, 0};
  const Cable::Far tx = cable.position_at_b(fibre.tx_position), rx = cable.position_at_b(fibre.rx_position);
  if (tx.position == 0 || rx.position == 0 || tx.leg != rx.leg) return out;
  out.leg = tx.leg + 1;
  out.far_rx_position = tx.position;
  out.far_tx_position = rx.position;
  return out;
}

/// Whether a far module's transmitter and receiver of one lane sit at these positions.
bool far_lane_fits(PmdConnector connector, int tx_position, int rx_position) {
  if (connector == PmdConnector::lc_duplex) return tx_position == 1 && rx_position == 2;
  if (!is_mpo(connector)) return false;
  const int width = positions(connector);
  return tx_position <= width / 2 && rx_position == width + 1 - tx_position;
}

void check_lanes(const Cable& cable, BreakoutCable& out) {
  std::vector<int> dark, crossed;
  const LegUse* first = nullptr;
  for (const LegUse& use : out.legs) {
    if (use.leg == 0) {
      dark.push_back(use.lane);
    } else if (!far_lane_fits(cable.b.connector, use.far_tx_position, use.far_rx_position)) {
      crossed.push_back(use.lane);
      if (first == nullptr) first = &use;
    }
  }
  const auto named = [](const std::vector<int>& lanes) {
    return fmt::format("lane{} {}", lanes.size() == 1 ? "" : "s", fmt::join(lanes, ", "));
  };
  if (!dark.empty()) {
    out.faults.push_back({"DARK",
                          fmt::format("{} of {}: both fibres do not come out on one leg of {}", named(dark),
                                      out.legs.size(), cable.id),
                          "a harness made for this connector"});
  }
  if (first != nullptr) {
    out.faults.push_back(
        {"POLARITY",
         fmt::format("{}: the transmitter of lane {} arrives at position {} of leg {}, where the far "
                     "end has no receiver for it",
                     named(crossed), first->lane, first->far_rx_position, first->leg),
         "type B (reversed) cables"});
  }
}

/// Every child on a leg of its own, and on one.
void check_parting(const Cable& cable, BreakoutCable& out) {
  std::map<int, std::set<int>> legs_of, children_of;
  for (const LegUse& use : out.legs) {
    if (use.leg == 0) continue;
    const int leg = (use.connector - 1) * cable.legs + use.leg;
    legs_of[use.child].insert(leg);
    children_of[leg].insert(use.child);
  }
  for (const auto& [child, legs] : legs_of) {
    if (legs.size() > 1)
      out.faults.push_back({"SPLIT_CHILD",
                            fmt::format("child {} comes out on legs {}: its far end has one connector", child,
                                        fmt::join(legs, " and ")),
                            "a mode with fewer lanes for each child, or another harness"});
  }
  for (const auto& [leg, children] : children_of) {
    if (children.size() > 1) {
      out.conditions.push_back(
          {"SHARED_LEG", fmt::format("children {} come out of one connector", fmt::join(children, ", ")),
           "one far module that is broken out alike; or a harness that parts them, or a shuffle panel"});
    }
  }
}

}  // namespace

BreakoutCable breakout_cable(const BreakoutSubject& subject, const Cable& cable,
                             const std::vector<BreakoutChild>& children) {
  BreakoutCable out{&cable, {}, {}, {}};
  check_end(subject, cable, out);
  if (cable.a.connector != subject.pmd->connector) return out;
  for (const BreakoutChild& child : children)
    for (const MediaFibre& fibre : child.fibres) out.legs.push_back(use_of(cable, child.number, fibre));
  if (out.legs.empty()) {
    out.faults.push_back(
        {"POSITIONS", fmt::format("which fibres {} uses is not known", subject.pmd->id), ""});
  }
  check_lanes(cable, out);
  check_parting(cable, out);
  if (subject.far != nullptr && cable.b.connector != subject.far->connector) {
    out.faults.push_back({"CONNECTOR",
                          fmt::format("{} ends in {}, {} has {}", cable.id, name(cable.b.connector),
                                      subject.far->id, name(subject.far->connector)),
                          ""});
  }
  return out;
}

}  // namespace lightlane::plan

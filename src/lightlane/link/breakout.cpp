#include "lightlane/link/breakout.hpp"

#include <fmt/format.h>

#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/link/host_lanes.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

/// One port's share of lanes of one kind.
struct Share {
  int whole, port;  ///< lanes
  std::uint32_t index;

  std::int64_t first() const { return static_cast<std::int64_t>(index) * port; }
  bool holds(std::int64_t lane) const { return lane >= first() && lane < first() + port; }
};

template <class Value>
bool deal(std::vector<Value>& list, const Share& share) {
  if (list.size() != static_cast<std::size_t>(share.whole)) return false;
  list = std::vector<Value>(list.begin() + share.first(), list.begin() + share.first() + share.port);
  return true;
}

/// The same for a list of lanes.
void deal_lanes(std::vector<std::int64_t>& list, const Share& share, std::string_view path) {
  if (!deal(list, share)) return;
  for (std::int64_t& lane : list) {
    if (!share.holds(lane)) {
      throw ConfigError({std::string(path), fmt::format("puts lane {} into port {}", lane, share.index),
                         fmt::format("lanes {} to {} there", share.first(), share.first() + share.port - 1),
                         "ports of a breakout share no lanes"});
    }
    lane -= share.first();
  }
}

void deal_events(std::vector<Event>& events, const Share& pcs, const Share& line) {
  std::vector<Event> own;
  for (Event event : events) {
    const Share& share = event.kind == "bit_slip" || event.kind == "skew_step" ? pcs : line;
    if (event.lane >= share.whole) {
      throw ConfigError({"events.lane", fmt::format("is {} for \"{}\"", event.lane, event.kind),
                         fmt::format("0 to {}", share.whole - 1), ""});
    }
    if (!share.holds(event.lane)) continue;
    event.lane -= share.first();
    own.push_back(event);
  }
  events = std::move(own);
}

void require_same_link(const Scenario::Link& link, const Scenario::Link& whole, std::string_view place) {
  if (link.pmd == whole.pmd && link.structure == whole.structure && link.breakout == whole.breakout) return;
  throw ConfigError({std::string(place), "changes link.pmd, link.structure or link.breakout",
                     "the module's own", "ports and directions share one module"});
}

void make_port(Scenario& port, std::uint32_t count, const Structure& structure, std::uint32_t index) {
  const int ports = static_cast<int>(count);
  const Share line{ports * structure.line_lanes, structure.line_lanes, index},
      pcs{ports * structure.pcs_lanes, structure.pcs_lanes, index};
  const int host_lanes = static_cast<int>(host_lane_count(port, structure));
  const Share host{ports * host_lanes, host_lanes, index};
  deal(port.errors.lane_ber, line);
  deal(port.phy.skew_bits, pcs);
  deal(port.host.lane_loss_offset_db, host);
  deal(port.far_host.lane_loss_offset_db, host);
  deal_lanes(port.phy.lane_order, pcs, "phy.lane_order");
  deal_lanes(port.phy.line_order, line, "phy.line_order");
  if (!port.place.own_events) deal_events(port.events, pcs, line);
  port.ports.clear();
  port.link.breakout = "none";
  port.link.structure = structure.name;
  port.place.port = index;
  port.place.first_lane = static_cast<std::uint32_t>(line.first());
}

/// Which modules can be taken apart, and into what.
struct Split {
  std::string_view breakout, module, port;
  std::uint32_t ports;
};
constexpr Split splits[] = {
    {"4x100g", "400g-4lane", "100g-1lane", 4},
    {"2x200g", "400g-4lane", "200g-2lane", 2},
    {"4x100g", "400g-8lane", "100g-2lane", 4},
    {"2x200g", "400g-8lane", "200g-4lane", 2},
    {"2x400g", "400g-4lane", "400g-4lane", 2},  // an 800G module's eight lanes
};

const Split& split_of(const Scenario& scenario, const Structure& module) {
  const bool eight_hundred = scenario.link.pmd == eight_lane_800g_pmd;
  for (const Split& split : splits) {
    if (split.breakout != scenario.link.breakout || split.module != module.name) continue;
    if ((split.breakout == "2x400g") == eight_hundred) return split;
  }
  throw ConfigError({"link.breakout", fmt::format("is \"{}\" with {} of {}", scenario.link.breakout, module.name, scenario.link.pmd),
                     "4x100g or 2x200g of a 400G module, 2x400g of 800GBASE-DR8", ""});
}

}  // namespace

std::vector<Scenario> ports_of(const Scenario& scenario) {
  if (scenario.link.breakout == "none") return {scenario};
  const Structure& module = structure_of(scenario);
  const Split& split = split_of(scenario, module);
  const Structure& structure = structure_by_name(split.port, "link.breakout");
  const std::uint32_t count = split.ports;
  if (!scenario.ports.empty() && scenario.ports.size() != count) {
    throw ConfigError({"ports", fmt::format("has {} tables", scenario.ports.size()),
                       fmt::format("none, or {} with link.breakout = \"{}\"", count, scenario.link.breakout),
                       ""});
  }
  std::vector<Scenario> ports = scenario.ports;
  if (ports.empty()) {
    ports.assign(count, scenario);
    for (Scenario& port : ports) {
      port.place.own_events = false;
      for (Scenario& reverse : port.reverse) reverse.place.own_events = false;
    }
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    require_same_link(ports[i].link, scenario.link, fmt::format("ports, the table of port {},", i));
    for (Scenario& reverse : ports[i].reverse) {
      require_same_link(reverse.link, scenario.link, "reverse");
      make_port(reverse, count, structure, i);
    }
    make_port(ports[i], count, structure, i);
  }
  return ports;
}

Scenario reverse_of(const Scenario& forward) {
  Scenario reverse = forward.reverse.empty() ? forward : forward.reverse.front();
  if (forward.reverse.empty()) reverse.events.clear();
  require_same_link(reverse.link, forward.link, "reverse");
  reverse.link = forward.link;
  reverse.reverse.clear();
  reverse.ports.clear();
  reverse.phy.tx_clock_ppm = forward.phy.rx_clock_ppm;
  reverse.phy.rx_clock_ppm = forward.phy.tx_clock_ppm;
  reverse.place = forward.place;
  reverse.place.direction = 1;
  return reverse;
}

}  // namespace lightlane::link

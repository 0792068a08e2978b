#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/fabric/fabric_terms.hpp"
#include "lightlane/plan/power/power.hpp"

namespace lightlane::plan {
namespace {

constexpr std::int64_t most_hosts = 10'000'000, most_links = 50'000'000;

void range(const char* what, double value, double low, double high) {
  if (!(value >= low && value <= high))
    throw ConfigError({what, fmt::format("is {:g}", value), fmt::format("{:g} to {:g}", low, high), ""});
}

void check(const FabricQuestion& q) {
  const bool rail = q.kind == FabricKind::rail;
  range(rail ? "gpus" : "hosts", static_cast<double>(q.hosts), 1, static_cast<double>(most_hosts));
  range("gpus_per_server", q.gpus_per_server, 1, 64);
  range(rail ? "nic_gbps" : "host_gbps", q.host_gbps, 1, 3200);
  range("planes", q.planes, 1, 8);
  range("oversubscription", q.oversubscription, 0.1, 100);
  range("pod_oversubscription", q.pod_oversubscription, 0.1, 100);
  if (q.downlinks) range("leaf.downlinks", *q.downlinks, 1, 4096);
  if (q.uplinks) range("leaf.uplinks", *q.uplinks, 1, 4096);
  range("uplink_gbps", q.uplink_gbps, 0, 3200);
  range("core_gbps", q.core_gbps, 0, 3200);
  range("dac_reach_m", q.dac_reach_m, 0, 10);
  range("aoc_reach_m", q.aoc_reach_m, 0, 300);
  range("spares_percent", q.spares_percent, 0, 1000);
  for (const auto& [place, s] :
       {std::pair("leaf", &q.leaf), std::pair("spine", &q.spine), std::pair("core", &q.core)}) {
    range(place, s->cages, 2, 4096);
    range(place, s->cage_gbps, 1, 3200);
    if (s->base_w) range(place, *s->base_w, 0, 20000);
  }
  const RackLayout& l = q.layout;
  range("layout.rack_pitch_m", l.rack_pitch_m, 0.1, 10);
  range("layout.row_pitch_m", l.row_pitch_m, 0.1, 100);
  range("layout.racks_per_row", l.racks_per_row, 1, 1000);
  range("layout.drop_m", l.drop_m, 0, 50);
  range("layout.slack_percent", l.slack_percent, 0, 100);
  range("layout.slack_m", l.slack_m, 0, 50);
  range("layout.in_rack_m", l.in_rack_m, 0.1, 20);
  range("layout.hosts_per_rack", l.hosts_per_rack, 1, 200);
  range("layout.switches_per_rack", l.switches_per_rack, 1, 100);
  if (l.stock_m.empty() || !std::is_sorted(l.stock_m.begin(), l.stock_m.end()) || !(l.stock_m.front() > 0))
    throw ConfigError({"layout.stock_m", "is no ascending list of lengths", "above 0", ""});
}

void fill(FabricQuestion& q) {
  if (q.spine.cages == 0) {
    const auto base = q.spine.base_w;
    q.spine = q.leaf;
    if (base) q.spine.base_w = base;
  }
  if (q.core.cages == 0) {
    const auto base = q.core.base_w;
    q.core = q.spine;
    if (base) q.core.base_w = base;
  }
  if (q.tiers == 0 && q.kind != FabricKind::rail) q.tiers = q.kind == FabricKind::three_tier ? 3 : 2;
  if (q.layout.hosts_per_rack == 0) q.layout.hosts_per_rack = q.kind == FabricKind::rail ? 4 : 16;
}

/// The largest rate that both cages have and for which modules are known.
int common_rate(int given, const FabricEnds& ends, const FabricSwitch& lower, const FabricSwitch& upper) {
  if (given > 0) return given;
  const int most = std::min(lower.cage_gbps, upper.cage_gbps);
  for (const int rate : {most, most / 2, most / 4, most / 8})
    if (rate > 0 && has_ends(ends, lower.cage_gbps, upper.cage_gbps, rate)) return rate;
  return most;
}

struct LeafShape {
  int down = 0, up = 0;
};

int cages_for(std::int64_t links, int per_cage) {
  return static_cast<int>((links + per_cage - 1) / per_cage);
}

/// Downlinks and uplinks of a leaf.
LeafShape leaf_shape(const FabricQuestion& q, const Fabric& f, int uplink_gbps) {
  const double d = f.host_port_gbps, u = uplink_gbps, over = q.oversubscription;
  const int cages = q.leaf.cages;
  LeafShape out;
  if (q.downlinks && q.uplinks) {
    out = {*q.downlinks, *q.uplinks};
  } else if (q.downlinks) {
    out = {*q.downlinks, static_cast<int>(std::ceil(*q.downlinks * d / (over * u) - 1e-9))};
  } else if (q.uplinks) {
    const int left = std::max(0, cages - cages_for(*q.uplinks, f.up_per_cage)) * f.down_per_cage;
    out = {std::min(left, static_cast<int>(std::floor(over * *q.uplinks * u / d + 1e-9))), *q.uplinks};
  } else {
    if (q.kind == FabricKind::three_tier && cages % 2 != 0 && over == 1 && d == u) {
      throw ConfigError({"leaf",
                         fmt::format("has {} ports: half of them down and half up is not whole", cages),
                         fmt::format("{} or {}", cages - 1, cages + 1), "or downlinks and uplinks"});
    }
    for (int up = 1; up < cages && out.up == 0; ++up) {
      const int down = (cages - up) * f.down_per_cage;
      if (down * d <= over * up * f.up_per_cage * u + 1e-9) out = {down, up * f.up_per_cage};
    }
  }
  if (out.down < 1 || out.up < 1) {
    throw ConfigError(
        {"leaf", fmt::format("of {} ports has room for {} downlinks and {} uplinks", cages, out.down, out.up),
         "1 or more of both", "a larger switch, or another oversubscription"});
  }
  const int used = cages_for(out.down, f.down_per_cage) + cages_for(out.up, f.up_per_cage);
  if (used > cages) {
    throw ConfigError({"leaf",
                       fmt::format("needs {} ports for {} downlinks and {} uplinks and has {}", used,
                                   out.down, out.up, cages),
                       fmt::format("{} downlinks at most",
                                   std::max(0, cages - cages_for(out.up, f.up_per_cage)) * f.down_per_cage),
                       ""});
  }
  return out;
}

void add_tier(Fabric& f, std::string name, const FabricSwitch& s, std::int64_t count, std::int64_t down,
              std::int64_t up, int down_per_cage, int up_per_cage) {
  FabricTier t;
  t.name = std::move(name);
  t.switch_name = s.name();
  t.count = count;
  t.cages = s.cages;
  t.cages_used = cages_for(down, down_per_cage) + cages_for(up, up_per_cage);
  t.down_links = down;
  t.up_links = up;
  t.base_w = s.base_w;
  if (!t.base_w && s.device != nullptr) {
    t.base_w = base_watts(*s.device, supply_efficiency);
    if (t.base_w) {
      f.assumed.push_back({fmt::format("{} without modules", t.switch_name), *t.base_w, "W", "unverified",
                           "draw that its supplies are planned for, less their losses"});
    }
  }
  f.tiers.push_back(std::move(t));
}

void add_tiers(Fabric& f) {
  const FabricQuestion& q = f.question;
  const Clos& c = f.clos;
  const std::int64_t in_leaf =
      std::min<std::int64_t>(f.downlinks, q.kind == FabricKind::rail ? f.servers : q.hosts);
  add_tier(f, "leaf", q.leaf, c.leaves * q.planes, in_leaf, f.uplinks, f.down_per_cage, f.up_per_cage);
  add_tier(f, "spine", q.spine, c.spines * q.planes, c.spine_downlinks(), c.tiers == 3 ? c.spine_uplinks : 0,
           f.spine_down_per_cage, f.spine_up_per_cage);
  if (c.tiers == 3)
    add_tier(f, "core", q.core, c.cores * q.planes, c.core_downlinks(), 0, f.core_per_cage, 1);
}

void add_failures(Fabric& f) {
  const FabricQuestion& q = f.question;
  const Clos& c = f.clos;
  const double u = f.uplinks, planes = q.planes;
  const auto left = [](double whole, double lost) { return (whole - lost) / whole; };
  f.failures.push_back({"one link between leaf and spine", left(u, 1), "uplinks of that leaf"});
  f.failures.push_back(
      {"one spine", left(c.pod_spines, 1),
       c.tiers == 3 ? "uplinks of the leaves of its pod" : "uplinks of every leaf of its plane"});
  if (c.tiers == 3) {
    f.failures.push_back({"one core switch",
                          left(static_cast<double>(c.pod_spines) * c.spine_uplinks, c.core_parallel),
                          "way out of every pod of its plane"});
  }
  if (q.kind == FabricKind::rail) {
    f.failures.push_back(
        {"one leaf", left(q.gpus_per_server * planes, 1), "network ports of the servers of its stripe"});
    if (q.planes == 1)
      f.failures.push_back(
          {"one leaf, for its rail", 0, "network port of one GPU in each server of its stripe"});
  } else {
    f.failures.push_back({"one leaf", left(planes, 1), "ports of its hosts"});
  }
  if (q.planes > 1) f.failures.push_back({"one plane", left(planes, 1), "ports of every host"});
}

/// Modules, cages and links of the tiers, and the leaf with them.
FabricSizes ends_and_leaf(Fabric& f) {
  FabricQuestion& q = f.question;
  if (q.host_gbps % q.planes != 0) {
    throw ConfigError({"planes", fmt::format("is {}: {} Gb/s do not divide by it", q.planes, q.host_gbps),
                       "a divisor of the rate of the host", ""});
  }
  f.host_port_gbps = q.host_gbps / q.planes;
  q.uplink_gbps = common_rate(q.uplink_gbps, q.leaf_optics, q.leaf, q.spine);
  FabricSizes s;
  s.host = ends_of(q.host_optics, 0, q.leaf.cage_gbps, f.host_port_gbps, "optics.host");
  s.leaf = ends_of(q.leaf_optics, q.leaf.cage_gbps, q.spine.cage_gbps, q.uplink_gbps, "optics.fabric");
  f.down_per_cage = s.host.upper.links;
  f.up_per_cage = s.leaf.lower.links;
  f.spine_down_per_cage = s.leaf.upper.links;
  const LeafShape leaf = leaf_shape(q, f, q.uplink_gbps);
  f.downlinks = leaf.down;
  f.uplinks = leaf.up;
  return s;
}

}  // namespace

FabricSizes size_fabric(Fabric& f) {
  FabricQuestion& q = f.question;
  fill(q);
  check(q);
  FabricSizes s = ends_and_leaf(f);
  const bool rail = q.kind == FabricKind::rail;
  ClosQuestion clos;
  clos.uplinks = f.uplinks;
  clos.leaf_hosts = f.downlinks;  // rails too: a leaf carries one GPU of each server
  clos.group = rail ? q.gpus_per_server : 1;
  if (rail) {
    f.servers = (q.hosts + q.gpus_per_server - 1) / q.gpus_per_server;
    f.stripe_hosts = static_cast<std::int64_t>(f.downlinks) * q.gpus_per_server;
    f.stripes = (f.servers + f.downlinks - 1) / f.downlinks;
    clos.leaves = f.stripes * q.gpus_per_server;
    clos.least_spines = 4;
  } else {
    f.servers = q.hosts;
    clos.leaves = (q.hosts + f.downlinks - 1) / f.downlinks;
  }
  clos.spine_cages = q.spine.cages;
  clos.spine_down_per_cage = f.spine_down_per_cage;
  clos.spines = q.spines;
  clos.tiers = q.tiers;
  clos.oversubscription = q.pod_oversubscription;
  const bool three = q.tiers == 3 || (q.tiers == 0 && clos.leaves > clos.spine_links() && !q.spines);
  if (three) {
    q.core_gbps = common_rate(q.core_gbps, q.core_optics, q.spine, q.core);
    s.core = ends_of(q.core_optics, q.spine.cage_gbps, q.core.cage_gbps, q.core_gbps, "optics.core");
    f.spine_up_per_cage = s.core.lower.links;
    f.core_per_cage = s.core.upper.links;
    clos.spine_up_per_cage = f.spine_up_per_cage;
    clos.core_rate = static_cast<double>(q.core_gbps) / q.uplink_gbps;
    clos.core_links = q.core.cages * f.core_per_cage;
  }
  f.clos = clos_of(clos);
  const std::int64_t links = q.planes * (q.hosts + f.clos.leaf_links() + f.clos.core_links());
  if (links > most_links) {
    throw ConfigError({rail ? "gpus" : "hosts", fmt::format("is {}: {} links", q.hosts, links),
                       fmt::format("{} links at most", most_links), "fewer uplinks of a leaf, or hosts"});
  }
  f.capacity = rail ? f.stripes * f.stripe_hosts : f.clos.leaves * f.downlinks;
  f.oversubscription =
      static_cast<double>(f.downlinks) * f.host_port_gbps / (static_cast<double>(f.uplinks) * q.uplink_gbps);
  if (f.clos.tiers == 3)
    f.pod_oversubscription = static_cast<double>(f.clos.spine_downlinks()) * q.uplink_gbps /
                             (static_cast<double>(f.clos.spine_uplinks) * q.core_gbps);
  const auto leaf_gbps = static_cast<double>(f.clos.leaf_links()) * q.uplink_gbps;
  const auto core_gbps = static_cast<double>(f.clos.core_links()) * q.core_gbps;
  f.bisection_gbps = q.planes * (f.clos.tiers == 3 ? std::min(leaf_gbps, core_gbps) : leaf_gbps) / 2;
  add_tiers(f);
  add_failures(f);
  return s;
}

}  // namespace lightlane::plan

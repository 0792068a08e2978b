#include "lightlane/plan/fabric/fabric.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/csv.hpp"

namespace lightlane::plan {
namespace {

FabricQuestion question(FabricKind kind, std::int64_t hosts, const char* leaf, int gbps) {
  FabricQuestion q;
  q.kind = kind;
  q.hosts = hosts;
  q.host_gbps = gbps;
  q.leaf = fabric_switch_named(leaf, "leaf");
  return q;
}

const FabricTier& tier(const Fabric& f, std::string_view name) {
  return *std::find_if(f.tiers.begin(), f.tiers.end(), [&](const FabricTier& t) { return t.name == name; });
}

/// The fabric as its list of cables has it, read anew.
struct Cables {
  struct Cable {
    std::string tier, from, from_port, to, to_port, medium;
    double length = 0;
  };
  std::vector<Cable> all;
  std::map<std::string, std::vector<std::string>> neighbours;
  std::map<std::string, std::int64_t> of_tier;

  explicit Cables(const Fabric& f) {
    read_csv(fabric_cables_csv(f), "cables.csv", [&](const CsvRow& row) {
      if (row.cells[0] == "tier") return;
      all.push_back({row.cells[0], row.cells[1], row.cells[2], row.cells[3], row.cells[4], row.cells[6],
                     std::stod(row.cells[7])});
      neighbours[row.cells[1]].push_back(row.cells[3]);
      neighbours[row.cells[3]].push_back(row.cells[1]);
      ++of_tier[row.cells[0]];
    });
  }

  /// Devices that can be reached from `from` without those in `down`.
  std::set<std::string> reached(const std::string& from, const std::set<std::string>& down = {}) const {
    std::set<std::string> seen = {from};
    std::vector<std::string> open = {from};
    while (!open.empty()) {
      const std::string at = open.back();
      open.pop_back();
      for (const std::string& next : neighbours.at(at))
        if (!down.contains(next) && seen.insert(next).second) open.push_back(next);
    }
    return seen;
  }

  std::set<std::string> devices(std::string_view prefix) const {
    std::set<std::string> out;
    for (const auto& [name, list] : neighbours)
      if (name.starts_with(prefix)) out.insert(name);
    return out;
  }
};

/// No port twice, every host reaches every other, counts as the answer says.
void check_by_cables(const Fabric& f) {
  const Cables cables(f);
  std::set<std::string> ports;
  std::map<std::string, std::set<std::string>> cages;  // of a device, those in use
  std::map<std::string, std::map<std::string, int>> lanes;
  for (const Cables::Cable& c : cables.all) {
    EXPECT_TRUE(ports.insert(c.from + " " + c.from_port).second) << c.from << " " << c.from_port;
    EXPECT_TRUE(ports.insert(c.to + " " + c.to_port).second) << c.to << " " << c.to_port;
    cages[c.from].insert(c.from_port.substr(0, c.from_port.find('/')));
    cages[c.to].insert(c.to_port.substr(0, c.to_port.find('/')));
  }
  const FabricQuestion& q = f.question;
  for (const auto& [name, used] : cages) {
    if (name.starts_with("server")) continue;
    const FabricTier& t = tier(f, name.substr(0, name.find('-')));
    EXPECT_LE(static_cast<int>(used.size()), t.cages_used) << name;
    for (const std::string& cage : used) {
      EXPECT_GE(std::stoi(cage), 1);
      EXPECT_LE(std::stoi(cage), t.cages) << name;
    }
  }
  for (const FabricTier& t : f.tiers) {
    std::size_t fullest = 0;
    for (const auto& [name, used] : cages)
      if (name.starts_with(t.name)) fullest = std::max(fullest, used.size());
    EXPECT_EQ(static_cast<std::size_t>(t.cages_used), fullest) << t.name;
    EXPECT_LE(t.cages_used, t.cages);
    if (t.name != "leaf" || q.kind == FabricKind::leaf_spine) {
      EXPECT_EQ(static_cast<std::size_t>(t.count), cables.devices(t.name).size()) << t.name;
    }
  }
  const std::set<std::string> servers = cables.devices("server");
  EXPECT_EQ(static_cast<std::int64_t>(servers.size()), f.servers);
  const std::set<std::string> reached = cables.reached(*servers.begin());
  for (const std::string& server : servers) EXPECT_TRUE(reached.contains(server)) << server;
  // One spine less: still everyone reaches everyone, where there is another.
  if (f.clos.pod_spines > 1) {
    const std::set<std::string> spines = cables.devices("spine");
    const std::set<std::string> without = cables.reached(*servers.begin(), {*spines.begin()});
    for (const std::string& server : servers) EXPECT_TRUE(without.contains(server)) << server;
  }
  // Each leaf's share of uplinks that a spine takes with it.
  std::map<std::string, int> to_first, ups;
  for (const Cables::Cable& c : cables.all) {
    if (c.tier != "leaf to spine") continue;
    ++ups[c.from];
    to_first[c.from] += c.to == *cables.devices("spine").begin();
  }
  double worst = 1;
  for (const auto& [leaf, count] : ups) {
    EXPECT_EQ(count, f.uplinks);
    worst = std::min(worst, 1 - static_cast<double>(to_first[leaf]) / count);
  }
  EXPECT_NEAR(f.failures[1].left, worst, 1e-12);
  // And the share of a pod's way out that a core switch takes with it: pods by what their spines have below.
  if (f.clos.tiers == 3) {
    std::map<std::string, int> pod_first, pod_ups;
    for (const Cables::Cable& c : cables.all) {
      if (c.tier != "spine to core") continue;
      const std::string plane = c.from.substr(0, c.from.rfind('-'));
      const int pod = (std::stoi(c.from.substr(c.from.rfind('-') + 1)) - 1) / f.clos.pod_spines;
      const std::string key = plane + "/" + std::to_string(pod);
      ++pod_ups[key];
      pod_first[key] += c.to == *cables.devices("core").begin();
    }
    double least = 1;
    for (const auto& [pod, count] : pod_ups)
      least = std::min(least, 1 - static_cast<double>(pod_first[pod]) / count);
    EXPECT_NEAR(f.failures[2].left, least, 1e-12);
  }
  for (const FabricLinks& l : f.links) {
    std::map<double, std::int64_t> stock;
    std::int64_t dac = 0, optical = 0;
    std::set<std::string> lower, upper;
    for (const Cables::Cable& c : cables.all) {
      if (c.tier != l.name) continue;
      dac += c.medium == "dac";
      if (c.medium == "dac" || c.medium == "aoc") continue;
      ++optical;
      ++stock[c.length];
      lower.insert(c.from + " " + c.from_port.substr(0, c.from_port.find('/')));
      upper.insert(c.to + " " + c.to_port.substr(0, c.to_port.find('/')));
    }
    EXPECT_EQ(cables.of_tier.at(l.name), l.count) << l.name;
    EXPECT_EQ(dac, l.dac);
    EXPECT_EQ(optical, l.optical);
    EXPECT_EQ(static_cast<std::int64_t>(lower.size()), l.lower_modules) << l.name;
    EXPECT_EQ(static_cast<std::int64_t>(upper.size()), l.upper_modules) << l.name;
    if (l.harnesses == 0) {
      EXPECT_EQ(stock, l.stock) << l.name;
    } else if (l.upper_part == "qsfp-dd-400g-dr4") {  // one connector, which holds all of its links
      std::map<std::string, double> longest;
      for (const Cables::Cable& c : cables.all) {
        if (c.tier != l.name) continue;
        double& m = longest[c.to + " " + c.to_port.substr(0, c.to_port.find('/'))];
        m = std::max(m, c.length);
      }
      std::map<double, std::int64_t> harnesses;
      for (const auto& [connector, length] : longest) ++harnesses[length];
      EXPECT_EQ(harnesses, l.stock) << l.name;
      EXPECT_EQ(static_cast<std::int64_t>(longest.size()), l.harnesses) << l.name;
    }
  }
}

TEST(Fabric, WorkedExampleOfRails) {
  // 64 x 400G leaf, 32 down and 32 up, 8 GPUs a server: 256 GPUs a stripe; 1,024 GPUs: 32 leaves, 1,024
  // uplinks, 16 spines of 64 ports, 4,096 optics.
  FabricQuestion q = question(FabricKind::rail, 1024, "64x400", 400);
  q.dac_reach_m = 0;
  const Fabric f = fabric(q);
  EXPECT_EQ(f.downlinks, 32);
  EXPECT_EQ(f.uplinks, 32);
  EXPECT_EQ(f.stripe_hosts, 256);
  EXPECT_EQ(f.stripes, 4);
  EXPECT_EQ(f.servers, 128);
  EXPECT_EQ(tier(f, "leaf").count, 32);
  EXPECT_EQ(tier(f, "spine").count, 16);
  EXPECT_EQ(tier(f, "spine").cages_used, 64);
  EXPECT_EQ(f.links[0].count, 1024);
  EXPECT_EQ(f.links[1].count, 1024);
  EXPECT_EQ(f.optics, 4096);
  EXPECT_EQ(f.bill.quantity("module"), 4096);
  EXPECT_EQ(f.bill.quantity("switch"), 48);
  EXPECT_EQ(f.bill.quantity("cord"), 2048);
  EXPECT_DOUBLE_EQ(f.oversubscription, 1);
  EXPECT_DOUBLE_EQ(f.bisection_gbps, 1024 * 400 / 2);
  EXPECT_NEAR(f.failures[1].left, 15.0 / 16, 1e-12);
  check_by_cables(f);
}

TEST(Fabric, RailsGoToTheirLeaf) {
  const Fabric f = fabric(question(FabricKind::rail, 1024, "64x400", 400));
  for (std::int64_t gpu = 0; gpu < 1024; ++gpu) {
    const HostPort port = host_port(f, gpu);
    EXPECT_EQ(port.leaf % 8, gpu % 8);
    EXPECT_EQ(port.leaf / 8, gpu / 256);
    EXPECT_EQ(port.leaf_link, gpu / 8 % 32);
  }
}

TEST(Fabric, FatTreesHaveTheirClosedForms) {
  for (const int k : {4, 6, 8, 16}) {
    FabricQuestion q = question(FabricKind::three_tier, k * k * k / 4, fmt::format("{}x100", k).c_str(), 100);
    const Fabric f = fabric(q);
    EXPECT_EQ(f.capacity, k * k * k / 4);
    EXPECT_EQ(f.clos.pods, k);
    EXPECT_EQ(tier(f, "leaf").count, k * k / 2);
    EXPECT_EQ(tier(f, "spine").count, k * k / 2);
    EXPECT_EQ(tier(f, "core").count, k * k / 4);
    for (const FabricLinks& l : f.links) EXPECT_EQ(l.count, k * k * k / 4) << l.name;
    for (const FabricTier& t : f.tiers) EXPECT_EQ(t.cages_used, k) << t.name;
    q.hosts += 1;
    EXPECT_THROW(fabric(q), ConfigError);
    if (k <= 8) check_by_cables(f);
  }
  // Two tiers of k ports: k^2/2 hosts.
  for (const int k : {4, 8, 32}) {
    FabricQuestion q = question(FabricKind::leaf_spine, k * k / 2, fmt::format("{}x100", k).c_str(), 100);
    const Fabric f = fabric(q);
    EXPECT_EQ(tier(f, "leaf").count, k);
    EXPECT_EQ(tier(f, "spine").count, k / 2);
    q.hosts += 1;
    EXPECT_THROW(fabric(q), ConfigError);
  }
}

TEST(Fabric, NoSpineIsTheOnlyOne) {
  const Fabric two = fabric(question(FabricKind::leaf_spine, 64, "64x400", 400));
  EXPECT_EQ(two.clos.leaves, 2);
  EXPECT_EQ(two.clos.spines, 2);
  FabricQuestion q = question(FabricKind::rail, 32, "64x400", 400);
  q.gpus_per_server = 1;
  EXPECT_EQ(fabric(q).clos.spines, 4);
}

TEST(Fabric, RacksOfALeafStandInOneRow) {
  FabricQuestion q = question(FabricKind::leaf_spine, 96, "32x100", 100);
  q.layout.hosts_per_rack = 6;  // three racks a leaf, rows of five
  q.layout.racks_per_row = 5;
  const Fabric f = fabric(q);
  const FabricRacks racks = racks_of(f);
  for (std::int64_t host = 0; host < 96; ++host) {
    const HostPort port = host_port(f, host);
    EXPECT_EQ(racks.server[static_cast<std::size_t>(host)] / 5,
              racks.leaf[static_cast<std::size_t>(port.leaf)] / 5);
  }
  EXPECT_EQ(racks.count, 6 * 3 + 1);
}

TEST(Fabric, OversubscribedLeaves) {
  // 48 x 100G down, 8 x 400G up: 4800 / 3200 = 1.5.
  FabricQuestion q = question(FabricKind::leaf_spine, 960, "64x400", 100);
  q.downlinks = 48;
  q.uplinks = 8;
  q.uplink_gbps = 400;
  const Fabric f = fabric(q);
  EXPECT_DOUBLE_EQ(f.oversubscription, 1.5);
  EXPECT_EQ(f.down_per_cage, 4);
  EXPECT_EQ(tier(f, "leaf").cages_used, 12 + 8);
  EXPECT_EQ(tier(f, "leaf").count, 20);
  // 3:1 of 64 alike: 48 down, 16 up.
  FabricQuestion three = question(FabricKind::leaf_spine, 1000, "64x400", 400);
  three.oversubscription = 3;
  const Fabric g = fabric(three);
  EXPECT_EQ(g.downlinks, 48);
  EXPECT_EQ(g.uplinks, 16);
  EXPECT_DOUBLE_EQ(g.oversubscription, 3);
  check_by_cables(g);
}

TEST(Fabric, SpinePortsBreakOutIntoFour) {
  // 32 leaves of 100G with 16 uplinks each on spines of 400G: 512 links, 128 spine ports, 128 harnesses,
  // 128 + 512 modules.
  FabricQuestion q = question(FabricKind::leaf_spine, 32 * 32, "48x100", 100);
  q.spine = fabric_switch_named("32x400", "spine");
  q.downlinks = 32;
  q.uplinks = 16;
  const Fabric f = fabric(q);
  const FabricLinks& up = f.links[1];
  EXPECT_EQ(up.gbps, 100);
  EXPECT_EQ(up.count, 512);
  EXPECT_EQ(up.upper_links, 4);
  EXPECT_EQ(up.upper_modules, 128);
  EXPECT_EQ(up.lower_modules, 512);
  EXPECT_EQ(up.harnesses, 128);
  EXPECT_EQ(up.cable, "mpo12-4lc-sm");
  EXPECT_EQ(f.bill.quantity("harness"), 128);
  EXPECT_EQ(tier(f, "spine").count, 4);
  EXPECT_EQ(tier(f, "spine").cages_used, 32);
  EXPECT_EQ(up.upper_part, "qsfp-dd-400g-dr4");
  EXPECT_EQ(up.lower_part, "qsfp28-100g-dr");
  EXPECT_EQ(up.harnesses_apart, 0);  // four links from each leaf to each spine
  check_by_cables(f);
  // One link from each leaf to each of 16 spines: the legs of every harness end in four racks.
  q.spines = 16;
  const Fabric thin = fabric(q);
  EXPECT_EQ(thin.links[1].harnesses, 128);
  EXPECT_EQ(thin.links[1].harnesses_apart, 128);
  check_by_cables(thin);
}

TEST(Fabric, TwinPortsHalveTheModulesOfASwitch) {
  FabricQuestion q = question(FabricKind::rail, 1024, "nvidia-sn5600", 400);
  const Fabric f = fabric(q);
  EXPECT_EQ(f.downlinks, 64);
  EXPECT_EQ(f.uplinks, 64);
  EXPECT_EQ(f.links[1].upper_links, 2);
  EXPECT_EQ(f.links[1].upper_part, "osfp-2x400g-dr4");
  EXPECT_EQ(f.links[1].count, 1024);
  EXPECT_EQ(f.links[1].upper_modules, 512);
  EXPECT_EQ(f.links[1].lower_modules, 512);
  EXPECT_EQ(f.links[0].lower_modules, 1024);
  EXPECT_EQ(f.links[0].upper_modules, 512);
  EXPECT_EQ(f.links[1].harnesses, 0);
  check_by_cables(f);
}

TEST(Fabric, DualPlanesAreTwoFabrics) {
  FabricQuestion q = question(FabricKind::rail, 256, "32x100", 200);
  q.planes = 2;
  q.gpus_per_server = 4;
  const Fabric f = fabric(q);
  EXPECT_EQ(f.host_port_gbps, 100);
  EXPECT_EQ(f.stripe_hosts, 64);
  EXPECT_EQ(f.stripes, 4);
  EXPECT_EQ(tier(f, "leaf").count, 2 * 16);
  EXPECT_EQ(f.links[0].count, 512);
  check_by_cables(f);
  const auto plane = std::find_if(f.failures.begin(), f.failures.end(),
                                  [](const FabricFailure& x) { return x.what == "one plane"; });
  ASSERT_NE(plane, f.failures.end());
  EXPECT_DOUBLE_EQ(plane->left, 0.5);
}

/// Racks are not overfilled; spines and cores, and leaves of rails, stand apart from servers.
void check_racks(const Fabric& f) {
  const FabricRacks racks = racks_of(f);
  const RackLayout& l = f.question.layout;
  std::map<std::int64_t, int> servers, apart;
  for (const std::int64_t r : racks.server) ++servers[r];
  for (const std::int64_t r : racks.spine) ++apart[r];
  for (const std::int64_t r : racks.core) ++apart[r];
  if (f.question.kind == FabricKind::rail)
    for (const std::int64_t r : racks.leaf) ++apart[r];
  std::set<std::int64_t> all;
  for (const auto& [rack, count] : servers) {
    EXPECT_LE(count, l.hosts_per_rack);
    EXPECT_FALSE(apart.contains(rack));
    all.insert(rack);
  }
  for (const auto& [rack, count] : apart) {
    EXPECT_LE(count, l.switches_per_rack);
    all.insert(rack);
  }
  if (f.question.kind != FabricKind::rail) {
    for (const std::int64_t r : racks.leaf) {
      const bool among_servers = servers.contains(r);
      EXPECT_TRUE(among_servers);
    }
  }
  EXPECT_EQ(static_cast<std::int64_t>(all.size()), racks.count);
}

TEST(Fabric, TwoPlanesOfHalfANetworkPort) {
  // 400G in two halves on leaves of 400G: four lanes break out into two types of two. No harness is known.
  FabricQuestion q = question(FabricKind::rail, 256, "64x400", 400);
  q.planes = 2;
  const Fabric f = fabric(q);
  EXPECT_EQ(f.host_port_gbps, 200);
  EXPECT_EQ(f.down_per_cage, 2);
  EXPECT_EQ(f.links[0].lower_pmd->id, "200G-DR2");
  EXPECT_EQ(f.links[0].count, 512);
  EXPECT_EQ(f.verdict, Verdict::unknown);
  check_by_cables(f);
}

TEST(Fabric, RandomFabricsByTheirCables) {
  std::mt19937 random(11);
  int built = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const auto kind = static_cast<FabricKind>(random() % 3);
    const int cages = 4 + 2 * static_cast<int>(random() % 8);
    const bool fast = random() % 3 == 0;
    FabricQuestion q = question(kind, 1 + static_cast<int>(random() % 120),
                                fmt::format("{}x{}", cages, fast ? 400 : 100).c_str(), 100);
    q.gpus_per_server = 1 + static_cast<int>(random() % 4);
    if (random() % 4 == 0) q.spine = fabric_switch_named(fmt::format("{}x400", 4 + random() % 12), "");
    if (random() % 4 == 0) {
      q.planes = 2;
      q.host_gbps = 200;
    }
    if (random() % 3 == 0) q.oversubscription = 1 + static_cast<int>(random() % 3);
    if (random() % 3 == 0) q.pod_oversubscription = 1 + static_cast<int>(random() % 2);
    if (random() % 3 == 0) q.dac_reach_m = 0;
    if (random() % 4 == 0) q.aoc_reach_m = 8;
    q.layout.hosts_per_rack = 1 + static_cast<int>(random() % 20);
    q.layout.racks_per_row = 1 + static_cast<int>(random() % 9);
    q.layout.trays_across = random() % 2 == 0;
    try {
      const Fabric f = fabric(q);
      ++built;
      check_by_cables(f);
      check_racks(f);
      EXPECT_GE(f.capacity, q.hosts);
      EXPECT_LE(f.oversubscription, q.oversubscription + 1e-9);
      if (HasFailure()) {
        ADD_FAILURE() << "trial " << trial;
        return;
      }
    } catch (const ConfigError&) {
    }
  }
  EXPECT_GT(built, 200);
}

TEST(Fabric, MoreHostsNeverNeedLess) {
  for (const FabricKind kind : {FabricKind::leaf_spine, FabricKind::three_tier, FabricKind::rail}) {
    std::int64_t leaves = 0, links = 0;
    for (std::int64_t hosts = 8; hosts <= 512; hosts += 24) {
      FabricQuestion q = question(kind, hosts, "32x100", 100);
      q.dac_reach_m = 0;
      const Fabric f = fabric(q);
      EXPECT_GE(tier(f, "leaf").count, leaves);
      EXPECT_GE(f.links[1].count, links);
      leaves = tier(f, "leaf").count;
      links = f.links[1].count;
    }
  }
}

TEST(Fabric, HundredThousandGpus) {
  FabricQuestion q = question(FabricKind::rail, 100000, "nvidia-sn5600", 400);
  const Fabric f = fabric(q);
  EXPECT_EQ(f.clos.tiers, 3);
  EXPECT_EQ(f.stripe_hosts, 512);
  EXPECT_EQ(f.stripes, 196);
  EXPECT_EQ(tier(f, "leaf").count, 196 * 8);
  EXPECT_EQ(f.links[0].count, 100000);
  EXPECT_EQ(f.links[1].count, 196 * 8 * 64);
  EXPECT_EQ(f.links[2].count, tier(f, "spine").count * f.clos.spine_uplinks);
  // Non-blocking all the way: as many links above the spines as below, pods of eight stripes at most.
  EXPECT_GE(f.links[2].count, f.links[1].count);
  EXPECT_LE(tier(f, "core").cages_used, 64);
}

}  // namespace
}  // namespace lightlane::plan

#pragma once
/// A fabric from the number of its hosts: switches of each tier, links with their optics and cables, what is
/// left when something fails, bill of materials, power, cost.
///
///     leaf-spine   every leaf to every spine
///     three-tier   pods of leaf and spine under a core: a fat tree where all switches are alike
///     rail         servers with a network port for each GPU: GPU r of every server of a stripe on leaf r
///
/// Oversubscription O = D d / (U u): downlinks of a leaf with their rate over its uplinks.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/bill.hpp"
#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/fabric/clos.hpp"
#include "lightlane/plan/fabric/layout.hpp"
#include "lightlane/plan/power/module_watts.hpp"

namespace lightlane::plan {

enum class FabricKind : std::uint8_t { leaf_spine, three_tier, rail };
std::string_view name(FabricKind kind) noexcept;  ///< "leaf-spine", "three-tier", "rail"
/// Throws ConfigError, naming `place`.
FabricKind fabric_kind_named(std::string_view word, const std::string& place);

struct FabricSwitch {
  const catalog::Switch* device = nullptr;  ///< null: `cages` alike
  int cages = 0, cage_gbps = 0;
  std::optional<double> base_w;  ///< without modules, behind its supplies; else the catalogue's
  std::string name() const;      ///< "nvidia-sn5600", "64x400G"
};
/// "nvidia-sn5600", "64x400" or "64x400G". Throws ConfigError, naming `place`.
FabricSwitch fabric_switch_named(std::string_view name, const std::string& place);

/// What is plugged at an end of a link: a module, or a PMD where the module does not matter.
struct FabricOptic {
  const catalog::Module* module = nullptr;
  const catalog::Pmd* pmd = nullptr;
};
/// By name of a module or PMD. Throws ConfigError, naming `place`.
FabricOptic fabric_optic_named(std::string_view name, const std::string& place);

/// Ends of the links of a tier; what is missing is chosen by rate.
struct FabricEnds {
  std::optional<FabricOptic> lower, upper;
};

struct FabricPrice {
  double each = 0, per_m = 0;
};

struct FabricQuestion {
  FabricKind kind = FabricKind::leaf_spine;
  std::int64_t hosts = 0;                 ///< servers; rail: GPUs. 1 to 10^7
  int gpus_per_server = 8;                ///< rail: 1 to 64
  int host_gbps = 0;                      ///< of a host (rail: of a GPU), all planes together
  int planes = 1;                         ///< fabrics side by side, each with a port of every host: 1 to 8
  double oversubscription = 1;            ///< of a leaf, at most: 0.1 to 100
  double pod_oversubscription = 1;        ///< of the spines of a pod, at most: 0.1 to 100
  std::optional<int> downlinks, uplinks;  ///< of a leaf; else by the oversubscription
  int uplink_gbps = 0;                    ///< 0: as the cages of the leaf and of the spine both have
  int core_gbps = 0;               ///< of a spine's uplinks; 0: as the cages of spine and core both have
  std::optional<int> spines;       ///< two tiers
  int tiers = 0;                   ///< 2, 3; 0: as the kind has, rail: 2 where that is enough
  FabricSwitch leaf, spine, core;  ///< spine without cages: as leaf; core: as spine
  FabricEnds host_optics, leaf_optics, core_optics;  ///< host to leaf, leaf to spine, spine to core
  PowerBasis basis = PowerBasis::max;
  double dac_reach_m = 2.5;  ///< copper up to there; 0: none
  double aoc_reach_m = 0;    ///< active optical cables up to there; 0: none
  RackLayout layout;
  std::map<std::string, FabricPrice, std::less<>> prices;  ///< by part
  double spares_percent = 0;                               ///< of every part, rounded up
};

struct FabricTier {
  std::string name;  ///< "leaf", "spine", "core"
  std::string switch_name;
  std::int64_t count = 0;                     ///< in all planes
  int cages = 0;                              ///< of one
  int cages_used = 0;                         ///< of the fullest
  std::int64_t down_links = 0, up_links = 0;  ///< of the fullest
  std::optional<double> base_w;
};

/// Links between two tiers, in all planes.
struct FabricLinks {
  std::string name;  ///< "host to leaf", "leaf to spine", "spine to core"
  std::int64_t count = 0;
  int gbps = 0;
  std::string lower_part, upper_part;  ///< modules of the ends, or PMDs
  const catalog::Pmd* lower_pmd = nullptr;
  const catalog::Pmd* upper_pmd = nullptr;
  int lower_links = 1, upper_links = 1;  ///< links of one module
  std::int64_t optical = 0, dac = 0, aoc = 0;
  std::int64_t lower_modules = 0, upper_modules = 0;
  std::int64_t harnesses = 0;                  ///< contained in the cables below
  std::int64_t harnesses_apart = 0;            ///< of these, with legs in different racks
  std::string cable, medium;                   ///< part; "single-mode"
  double least_m = 0, mean_m = 0, most_m = 0;  ///< of all, as the route needs it
  std::map<double, std::int64_t> stock;        ///< optical cables by stock length
  std::optional<double> reach_m;               ///< of the PMDs over that fibre
  std::optional<Verdict> budget;               ///< at the longest; none: no optics
  std::optional<double> margin_db;
};

/// What is left where one thing is down.
struct FabricFailure {
  std::string what;   ///< "one spine"
  double left = 1;    ///< share of the capacity of those that are hit
  std::string whose;  ///< "uplinks of every leaf"
};

struct FabricPower {
  BillSum devices_w;  ///< switches and modules, behind the supplies
  std::optional<double> wall_w;
  double efficiency = 0;
  std::optional<double> per_host_w;
};

struct Fabric {
  FabricQuestion question;                                  ///< with everything filled in
  Clos clos;                                                ///< of one plane
  int downlinks = 0, uplinks = 0;                           ///< of a leaf
  int host_port_gbps = 0;                                   ///< of one port of a host
  int down_per_cage = 1, up_per_cage = 1;                   ///< links of a cage of a leaf
  int spine_down_per_cage = 1, spine_up_per_cage = 1;       ///< of a spine
  int core_per_cage = 1;                                    ///< of a core switch
  std::int64_t servers = 0, stripes = 0, stripe_hosts = 0;  ///< rail; hosts: GPUs
  std::int64_t capacity = 0;                                ///< hosts that fit without another switch
  double oversubscription = 1, pod_oversubscription = 1;
  double bisection_gbps = 0;  ///< that the uppermost tier carries, in one direction
  std::vector<FabricTier> tiers;
  std::vector<FabricLinks> links;
  std::vector<FabricFailure> failures;
  std::int64_t racks = 0, optics = 0;  ///< optics: modules of all ends
  Bill bill;
  FabricPower power;
  BillSum cost;
  Verdict verdict = Verdict::unknown;
  std::vector<Reason> reasons;
  std::vector<Assumption> assumed;
};

/// Throws ConfigError, with the nearest that would do, where it cannot be built. 100,000 GPUs: some ten ms.
Fabric fabric(const FabricQuestion& question);

/// Where host ports go: host h of a plane. A host is a server, or a GPU.
struct HostPort {
  std::int64_t leaf = 0;
  int leaf_link = 0;
};
HostPort host_port(const Fabric& f, std::int64_t host) noexcept;

/// Racks of every device, as places in one line that the layout folds into rows.
struct FabricRacks {
  std::vector<std::int64_t> server, leaf, spine, core;  ///< switches: plane by plane
  std::int64_t count = 0;  ///< that are in use: places may be left at the ends of rows
};
FabricRacks racks_of(const Fabric& f);

/// Every cable: `tier,from,from_port,to,to_port,gbps,medium,length_m`, ports as cage/lane from 1.
std::string fabric_cables_csv(const Fabric& f);

}  // namespace lightlane::plan

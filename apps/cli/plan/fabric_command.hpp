#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace lightlane::cli {

struct FabricOptions {
  std::string plan;  ///< a plan file instead of everything below
  std::string kind;  ///< leaf-spine | three-tier | rail
  std::optional<std::int64_t> hosts, gpus;
  std::optional<int> gpus_per_server, host_gbps, nic_gbps, planes, radix;
  std::optional<double> oversubscription, pod_oversubscription;
  std::string leaf, spine, core;
  std::optional<int> downlinks, uplinks, uplink_gbps, core_gbps, spines, tiers;
  std::optional<double> base_w, dac_reach_m, aoc_reach_m, spares_percent;
  std::string basis;
  std::string bom, cables, svg;  ///< files to write
  std::string format = "text";
};
/// Exit status 0 where the verdict is pass, 1 with any other.
int run_fabric(const FabricOptions& options);

}  // namespace lightlane::cli

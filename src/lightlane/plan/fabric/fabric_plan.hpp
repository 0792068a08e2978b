#pragma once
/// A fabric plan in TOML.
///
///     [fabric]
///     kind = "rail"                 # leaf-spine | three-tier | rail
///     gpus = 1024  gpus_per_server = 8  nic_gbps = 400     # rail
///     hosts = 960  host_gbps = 100                         # the others
///     planes = 1  oversubscription = 1  pod_oversubscription = 1
///     uplink_gbps, core_gbps: else by the ports  tiers = 2  basis = "max"  spares_percent = 2
///     [leaf]                        # [spine], [core]: else as the tier below
///     switch = "nvidia-sn5600"      # or "64x400": ports x Gb/s
///     downlinks = 48  uplinks = 8   # else by the oversubscription
///     count = 16                    # of the spines, two tiers
///     base_w = 700                  # without modules, behind its supplies
///     [optics.host]                 # [optics.fabric], [optics.core]
///     lower = "nvidia-mms4x00-ns400"  upper = "osfp-2x400g-dr4"    # modules or PMDs
///     [media]
///     dac_reach_m = 2.5  aoc_reach_m = 0
///     [layout]
///     rack_pitch_m, row_pitch_m, racks_per_row, drop_m, slack_percent, slack_m, in_rack_m, trays_across,
///     hosts_per_rack, switches_per_rack, stock_m = [1, 2, 3, 5 ...]
///     [prices]                      # by part of the bill
///     "qsfp-dd-400g-dr4" = 500
///     "mpo12-b-sm" = { each = 20, per_m = 2 }
///
/// Unknown keys, names and values out of range are errors that say the line.

#include <string>

#include "lightlane/plan/fabric/fabric.hpp"

namespace lightlane::plan {

/// Throws InputError, with file and line, where the text is no plan.
FabricQuestion read_fabric_plan(const std::string& text, const std::string& file);

}  // namespace lightlane::plan

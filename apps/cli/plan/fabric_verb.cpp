#include "cli/plan/fabric_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_fabric(CLI::App& app, Common& common, Run& run) {
  static FabricOptions o;
  CLI::App* verb = add_verb(app, common, "fabric",
                            "Leaf-spine, three-tier or rail-optimised fabric: switches, optics, cables, what "
                            "fails, bill of materials, power, cost",
                            {"text", "json", "csv"});
  verb->add_option("--plan", o.plan, "Plan file (TOML), instead of the flags");
  verb->add_option("--kind", o.kind,
                   "leaf-spine, three-tier or rail; default rail with --gpus, else leaf-spine");
  verb->add_option("--gpus", o.gpus, "GPUs, each with a network port (rail)");
  verb->add_option("--gpus-per-server", o.gpus_per_server, "GPUs in a server, as many as rails; default 8");
  verb->add_option("--nic-gbps", o.nic_gbps, "Rate of a GPU's network port [Gb/s]; default 400");
  verb->add_option("--hosts", o.hosts, "Hosts (leaf-spine, three-tier)");
  verb->add_option("--host-gbps", o.host_gbps, "Rate of a host [Gb/s]; default that of the leaf's ports");
  verb->add_option("--planes", o.planes, "Fabrics side by side, each with a port of every host; default 1");
  verb->add_option("--oversubscription", o.oversubscription, "Of a leaf, at most; default 1");
  verb->add_option("--pod-oversubscription", o.pod_oversubscription, "Of a pod's spines, at most; default 1");
  verb->add_option("--radix", o.radix, "Ports of every switch, all of the host's rate");
  verb->add_option("--leaf", o.leaf, "Leaf: switch of the catalogue, or ports x Gb/s (64x400)");
  verb->add_option("--spine", o.spine, "Spine; default as the leaf");
  verb->add_option("--core", o.core, "Core switch of three tiers; default as the spine");
  verb->add_option("--downlinks", o.downlinks, "Of a leaf; default by the oversubscription");
  verb->add_option("--uplinks", o.uplinks, "Of a leaf; default by the oversubscription");
  verb->add_option("--uplink-gbps", o.uplink_gbps, "Rate of a leaf's uplink [Gb/s]; default by the ports");
  verb->add_option("--core-gbps", o.core_gbps, "Rate of a spine's uplink [Gb/s]; default by the ports");
  verb->add_option("--spines", o.spines, "Spines of two tiers; default as few as carry it");
  verb->add_option("--tiers", o.tiers, "2 or 3; default by the kind, rail: 2 where that is enough");
  verb->add_option("--base-w", o.base_w,
                   "Every switch without modules, behind its supplies [W]; default the catalogue's");
  verb->add_option("--basis", o.basis, "What of a module's power counts: typical, max, class; default max");
  verb->add_option("--dac-reach-m", o.dac_reach_m, "Copper up to there [m], 0 = none; default 2.5");
  verb->add_option("--aoc-reach-m", o.aoc_reach_m, "Active optical cables up to there [m]; default none");
  verb->add_option("--spares-percent", o.spares_percent, "Spares of every part [%], rounded up; default 0");
  verb->add_option("--bom", o.bom, "Write the bill of materials as CSV to this file");
  verb->add_option("--cables", o.cables, "Write every cable with its ports as CSV to this file");
  verb->add_option("--svg", o.svg, "Write a diagram to this file");
  verb->callback([&] {
    run = [&] {
      o.format = common.format;
      return run_fabric(o);
    };
  });
}

}  // namespace lightlane::cli

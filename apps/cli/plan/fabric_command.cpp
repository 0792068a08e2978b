#include "cli/plan/fabric_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_code.hpp"
#include "cli/plan/fabric_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/plan/fabric/fabric_plan.hpp"
#include "lightlane/plan/power/power_plan.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

FabricKind kind_of(const FabricOptions& o) {
  const FabricKind kind = o.kind.empty() ? (o.gpus ? FabricKind::rail : FabricKind::leaf_spine)
                                         : fabric_kind_named(o.kind, "--kind");
  const bool rail = kind == FabricKind::rail;
  if (rail && (o.hosts || o.host_gbps))
    throw ConfigError({"--hosts", "and --host-gbps do not belong to rails", "--gpus, --nic-gbps", ""});
  if (!rail && (o.gpus || o.nic_gbps || o.gpus_per_server))
    throw ConfigError({"--gpus", fmt::format("and its kin do not belong to {}", name(kind)),
                       "--hosts, --host-gbps, or --kind rail", ""});
  return kind;
}

FabricQuestion question_of(const FabricOptions& o) {
  FabricQuestion q;
  q.kind = kind_of(o);
  const bool rail = q.kind == FabricKind::rail;
  const auto hosts = rail ? o.gpus : o.hosts;
  if (!hosts) throw ConfigError({rail ? "--gpus" : "--hosts", "is missing", "a number, or --plan", ""});
  q.hosts = *hosts;
  if (o.leaf.empty() && !o.radix)
    throw ConfigError({"--leaf", "is missing", "a switch of the catalogue, 64x400, or --radix", ""});
  if (o.radix && (!o.leaf.empty() || !o.spine.empty() || !o.core.empty()))
    throw ConfigError({"--radix", "says every switch", "no --leaf, --spine, --core beside it", ""});
  q.host_gbps = rail ? o.nic_gbps.value_or(400) : o.host_gbps.value_or(0);
  if (o.radix) {
    if (q.host_gbps == 0) q.host_gbps = 400;
    q.leaf.cages = *o.radix;
    q.leaf.cage_gbps = q.host_gbps / std::max(1, o.planes.value_or(1));
  } else {
    q.leaf = fabric_switch_named(o.leaf, "--leaf");
  }
  if (q.host_gbps == 0) q.host_gbps = q.leaf.cage_gbps;
  if (!o.spine.empty()) q.spine = fabric_switch_named(o.spine, "--spine");
  if (!o.core.empty()) q.core = fabric_switch_named(o.core, "--core");
  for (FabricSwitch* s : {&q.leaf, &q.spine, &q.core}) s->base_w = o.base_w;
  q.gpus_per_server = o.gpus_per_server.value_or(q.gpus_per_server);
  q.planes = o.planes.value_or(1);
  q.oversubscription = o.oversubscription.value_or(1);
  q.pod_oversubscription = o.pod_oversubscription.value_or(1);
  q.downlinks = o.downlinks;
  q.uplinks = o.uplinks;
  q.uplink_gbps = o.uplink_gbps.value_or(0);
  q.core_gbps = o.core_gbps.value_or(0);
  q.spines = o.spines;
  q.tiers = o.tiers.value_or(0);
  q.dac_reach_m = o.dac_reach_m.value_or(q.dac_reach_m);
  q.aoc_reach_m = o.aoc_reach_m.value_or(q.aoc_reach_m);
  q.spares_percent = o.spares_percent.value_or(0);
  if (!o.basis.empty()) q.basis = basis_named(o.basis, "--basis");
  return q;
}

bool has_flags(const FabricOptions& o) {
  return !o.kind.empty() || o.hosts || o.gpus || o.gpus_per_server || o.host_gbps || o.nic_gbps || o.planes ||
         o.radix || o.oversubscription || o.pod_oversubscription || !o.leaf.empty() || !o.spine.empty() ||
         !o.core.empty() || o.downlinks || o.uplinks || o.uplink_gbps || o.core_gbps || o.spines || o.tiers ||
         o.base_w || o.dac_reach_m || o.aoc_reach_m || o.spares_percent || !o.basis.empty();
}

/// Keys of the library as flags.
std::string flag_of(std::string key) {
  if (key.empty() || key.starts_with("--")) return key;
  if (key.starts_with("leaf.")) key = key.substr(5);
  if (key.starts_with("optics.")) return key + " (plan file)";
  std::replace(key.begin(), key.end(), '_', '-');
  return "--" + key;
}

Fabric fabric_of_flags(const FabricOptions& o) {
  try {
    return fabric(question_of(o));
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = o.radix && detail.place == "leaf" ? "--radix" : flag_of(detail.place);
    throw ConfigError(detail);
  }
}

Fabric fabric_of_plan(const FabricOptions& o) {
  if (has_flags(o))
    throw ConfigError({"--plan", "has everything", "--bom, --cables and --svg alone beside it", ""});
  const catalog::Document document = catalog::read_document(o.plan);
  const FabricQuestion question = read_fabric_plan(document.text, document.file);
  try {
    return fabric(question);
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = o.plan + ": " + detail.place;
    throw InputError(detail);
  }
}

}  // namespace

int run_fabric(const FabricOptions& options) {
  const Fabric result = options.plan.empty() ? fabric_of_flags(options) : fabric_of_plan(options);
  if (!options.bom.empty()) io::write_file(options.bom, bill_csv(result.bill));
  if (!options.cables.empty()) io::write_file(options.cables, fabric_cables_csv(result));
  if (!options.svg.empty()) io::write_file(options.svg, fabric_svg(result));
  if (options.format == "json") {
    fmt::print("{}\n", to_json(result).dump(2));
  } else if (options.format == "csv") {
    fmt::print("{}", bill_csv(result.bill));
  } else {
    print_text(result);
  }
  return result.verdict == Verdict::pass ? ok : limit_not_met;
}

}  // namespace lightlane::cli

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/fabric/fabric_terms.hpp"

namespace lightlane::plan {
namespace {

using catalog::Module;
using catalog::Pmd;

int ports_of(const FabricOptic& optic) {
  return optic.module != nullptr && optic.module->ports ? static_cast<int>(optic.module->ports->value) : 1;
}

int rate_of(const FabricOptic& optic) {
  return optic.pmd == nullptr ? 0 : ports_of(optic) * optic.pmd->rate_gbps;
}

/// A module of the catalogue with that PMD, which fills such a cage; for hosts one of up to four host lanes.
FabricOptic module_with(const Pmd& pmd, int cage_gbps, bool host) {
  const Module* best = nullptr;
  for (const Module& m : catalog::modules()) {
    if (m.pmd != pmd.id || rate_of({&m, &pmd}) != cage_gbps) continue;
    const bool few = m.host_lanes && m.host_lanes->value <= 4;
    if (best == nullptr || (host && few && !(best->host_lanes && best->host_lanes->value <= 4))) best = &m;
  }
  return {best, &pmd};
}

/// The type at the other end of a lane of `pmd`, of `gbps`.
const Pmd* partner(const Pmd& pmd, int gbps) {
  if (pmd.rate_gbps == gbps) return &pmd;
  for (const auto& [near, far] :
       {std::pair("400GBASE-DR4", "100GBASE-DR"), std::pair("400GBASE-DR4", "200G-DR2"),
        std::pair("400GBASE-DR4-2", "100GBASE-FR1")}) {
    const Pmd* a = catalog::find_pmd(near);
    const Pmd* b = catalog::find_pmd(far);
    if (a == &pmd && b != nullptr && b->rate_gbps == gbps) return b;
    if (b == &pmd && a != nullptr && a->rate_gbps == gbps) return a;
  }
  return nullptr;
}

/// What cages of that rate get for links of `gbps`, where nobody says; null: nothing is known.
const Pmd* usual(int cage_gbps, int gbps) {
  const bool parallel = cage_gbps >= 400 && (gbps == 400 || gbps == 200 || gbps == 100);
  const char* name = parallel                          ? "400GBASE-DR4"
                     : cage_gbps == 200 && gbps == 200 ? "200GBASE-DR4"
                     : cage_gbps == 100 && gbps == 100 ? "100GBASE-DR"
                                                       : nullptr;
  return name == nullptr ? nullptr : catalog::find_pmd(name);
}

/// Modules for a cage: of the PMD that meets `other`, or the usual one.
FabricOptic chosen(const FabricOptic* other, int cage_gbps, int gbps) {
  const bool host = cage_gbps == 0;
  const int cage = host ? gbps : cage_gbps;
  const Pmd* pmd = nullptr;
  if (other == nullptr) {
    pmd = usual(cage, gbps);
  } else {
    pmd = partner(*other->pmd, gbps);
    // One lane of 100G meets one of a module of four, where the cage has room for it.
    if (pmd != nullptr && pmd->rate_gbps == gbps && cage > gbps && other->pmd->rate_gbps == gbps) {
      if (module_with(*pmd, cage, host).module != nullptr) return module_with(*pmd, cage, host);
      if (const Pmd* wide = partner(*pmd, 400); wide != nullptr && wide != pmd) pmd = wide;
    }
  }
  if (pmd == nullptr) return {};
  return module_with(*pmd, cage, host);
}

FabricEnd resolved(const FabricOptic& optic, int cage_gbps, int gbps, const std::string& place) {
  FabricEnd out;
  out.optic = optic;
  out.part = optic.module != nullptr ? optic.module->id : optic.pmd->id;
  const int rate = rate_of(optic), cage = cage_gbps == 0 ? gbps : cage_gbps;
  if (rate < gbps || rate % gbps != 0)
    throw ConfigError({place, fmt::format("{} has {} Gb/s: no links of {}", out.part, rate, gbps),
                       "a module of that rate, or of a multiple", ""});
  if (rate > cage)
    throw ConfigError({place, fmt::format("{} has {} Gb/s, its port {}", out.part, rate, cage),
                       "a module of the rate of the port at most", ""});
  out.links = rate / gbps;
  out.connector_links = std::max(1, out.links / ports_of(optic));
  return out;
}

}  // namespace

bool has_ends(const FabricEnds& given, int lower_cage_gbps, int upper_cage_gbps, int gbps) {
  try {
    (void)ends_of(given, lower_cage_gbps, upper_cage_gbps, gbps, "");
    return true;
  } catch (const ConfigError&) {
    return false;
  }
}

FabricEndPair ends_of(const FabricEnds& given, int lower_cage_gbps, int upper_cage_gbps, int gbps,
                      const std::string& place) {
  const FabricOptic* known = given.upper ? &*given.upper : given.lower ? &*given.lower : nullptr;
  const FabricOptic upper = given.upper ? *given.upper : chosen(known, upper_cage_gbps, gbps);
  const FabricOptic lower = given.lower            ? *given.lower
                            : upper.pmd != nullptr ? chosen(&upper, lower_cage_gbps, gbps)
                                                   : FabricOptic{};
  if (upper.pmd == nullptr || lower.pmd == nullptr) {
    throw ConfigError({place,
                       fmt::format("no module is known for links of {} Gb/s between ports of {} and {}", gbps,
                                   lower_cage_gbps == 0 ? gbps : lower_cage_gbps, upper_cage_gbps),
                       "lower = \"...\" and upper = \"...\", or links of another rate", ""});
  }
  FabricEndPair out{resolved(lower, lower_cage_gbps, gbps, place + ".lower"),
                    resolved(upper, upper_cage_gbps, gbps, place + ".upper"), gbps};
  if (out.lower.connector_links > 1 && out.upper.connector_links > 1) {
    throw ConfigError({place,
                       fmt::format("both ends break out into links of {} Gb/s: {} and {}", gbps,
                                   out.lower.part, out.upper.part),
                       "links of the whole module's rate", ""});
  }
  return out;
}

Medium medium_of(const FabricQuestion& q, const FabricEndPair& ends, double length_m) noexcept {
  if (ends.lower.links != 1 || ends.upper.links != 1) return Medium::optical;
  if (length_m <= q.dac_reach_m) return Medium::dac;
  return length_m <= q.aoc_reach_m ? Medium::aoc : Medium::optical;
}

FabricOptic fabric_optic_named(std::string_view name, const std::string& place) {
  if (const Module* module = catalog::find_module(name)) {
    const Pmd* pmd = catalog::find_pmd(module->pmd);
    if (pmd == nullptr || pmd->rate_gbps <= 0)
      throw ConfigError({place, fmt::format("{}: the rate of its PMD is not known", module->id), "", ""});
    return {module, pmd};
  }
  const Pmd& pmd = catalog::pmd_named(name, place);
  if (pmd.rate_gbps <= 0)
    throw ConfigError({place, fmt::format("{}: its rate is not known", pmd.id), "", ""});
  return {nullptr, &pmd};
}

}  // namespace lightlane::plan

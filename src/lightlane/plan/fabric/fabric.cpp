#include "lightlane/plan/fabric/fabric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/fabric/fabric_terms.hpp"
#include "lightlane/plan/power/power_plan.hpp"

namespace lightlane::plan {
namespace {

/// Cage and limit of the ports that a module goes into.
void check_port(Fabric& f, const FabricSwitch& s, const FabricEnd& end) {
  if (s.device == nullptr || end.optic.module == nullptr) return;
  const catalog::Module& module = *end.optic.module;
  const auto watts = module_watts(module).used(f.question.basis);
  const catalog::Cage* refused = nullptr;
  std::optional<double> least_w;
  for (const catalog::SwitchPorts& ports : s.device->ports) {
    const catalog::Cage* cage = catalog::find_cage(ports.cage);
    const catalog::CageFit* fit = cage == nullptr ? nullptr : cage->fit(module.form_factor);
    if (fit != nullptr && !fit->fits) refused = cage;
    if (ports.power_max_w) least_w = std::min(ports.power_max_w->value, least_w.value_or(1e9));
  }
  std::string text;
  std::string_view code = "CAGE";
  if (refused != nullptr) {
    text = fmt::format("{} is {}, {} has {}", module.id, module.form_factor, s.device->id, refused->id);
  } else if (watts && least_w && watts->watts > *least_w) {
    code = "PORT_POWER";
    text = fmt::format("{} draws {:g} W, ports of {} allow {:g} W", module.id, watts->watts, s.device->id,
                       *least_w);
  }
  if (text.empty()) return;
  for (const Reason& r : f.reasons)
    if (r.text == text) return;
  f.reasons.push_back({code, text, refused != nullptr ? "a module for that cage" : "a module that draws less",
                       Severity::refusal});
}

std::string cage_lane(std::int64_t link, int per_cage, std::int64_t first_cage) {
  const std::int64_t cage = first_cage + link / per_cage + 1;
  return per_cage == 1 ? fmt::format("{}", cage) : fmt::format("{}/{}", cage, link % per_cage + 1);
}

}  // namespace

std::string_view name(FabricKind kind) noexcept {
  return kind == FabricKind::leaf_spine   ? "leaf-spine"
         : kind == FabricKind::three_tier ? "three-tier"
                                          : "rail";
}

FabricKind fabric_kind_named(std::string_view word, const std::string& place) {
  for (const FabricKind kind : {FabricKind::leaf_spine, FabricKind::three_tier, FabricKind::rail})
    if (word == name(kind)) return kind;
  throw ConfigError({place, fmt::format("is '{}'", word), "leaf-spine, three-tier, rail", ""});
}

std::string FabricSwitch::name() const {
  return device != nullptr ? std::string(device->id) : fmt::format("{}x{}G", cages, cage_gbps);
}

FabricSwitch fabric_switch_named(std::string_view name, const std::string& place) {
  FabricSwitch out;
  const char* end = name.data() + name.size();
  const auto [x, error] = std::from_chars(name.data(), end, out.cages);
  if (error == std::errc() && x != end && *x == 'x') {
    const auto [rest, wrong] = std::from_chars(x + 1, end, out.cage_gbps);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    if (wrong == std::errc() && (unit.empty() || unit == "G") && out.cages > 0 && out.cage_gbps > 0)
      return out;
    throw ConfigError(
        {place, fmt::format("is '{}'", name), "64x400 (ports x Gb/s), or a switch of the catalogue", ""});
  }
  out.device = &switch_named(name, place);
  out.cages = out.device->port_count();
  for (const catalog::SwitchPorts& ports : out.device->ports) {
    const int gbps = ports.rate_gbps ? static_cast<int>(ports.rate_gbps->value) : 0;
    if (gbps == 0 || (out.cage_gbps != 0 && out.cage_gbps != gbps)) {
      throw ConfigError(
          {place, fmt::format("{} has ports of several rates, or of one that is not known", out.device->id),
           "64x400 (ports x Gb/s)", ""});
    }
    out.cage_gbps = gbps;
  }
  return out;
}

Fabric fabric(const FabricQuestion& question) {
  Fabric f;
  f.question = question;
  const FabricSizes sizes = size_fabric(f);
  fill_links(f, sizes);
  fill_bill(f, sizes);
  const FabricQuestion& q = f.question;
  check_port(f, q.leaf, sizes.host.upper);
  check_port(f, q.leaf, sizes.leaf.lower);
  check_port(f, q.spine, sizes.leaf.upper);
  if (f.clos.tiers == 3) {
    check_port(f, q.spine, sizes.core.lower);
    check_port(f, q.core, sizes.core.upper);
  }
  if (f.clos.leaves == 1) {
    f.reasons.push_back(
        {"SPINE", "one leaf carries all hosts: its spines are for growth alone", "", Severity::advice});
  }
  fabric_verdict(f);
  return f;
}

std::string fabric_cables_csv(const Fabric& f) {
  std::string out = "tier,from,from_port,to,to_port,gbps,medium,length_m\n";
  const FabricRacks racks = racks_of(f);
  const FabricQuestion& q = f.question;
  const Clos& c = f.clos;
  const std::int64_t per_server = q.kind == FabricKind::rail ? q.gpus_per_server : 1;
  const auto at = [](const std::vector<std::int64_t>& where, std::int64_t i) {
    return where[static_cast<std::size_t>(i)];
  };
  const auto device = [&](const char* what, std::int64_t plane, std::int64_t number) {
    return q.planes == 1 ? fmt::format("{}-{}", what, number + 1)
                         : fmt::format("{}-{}-{}", what, plane + 1, number + 1);
  };
  const auto write = [&](const FabricLinks& links, const std::string& from, const std::string& from_port,
                         const std::string& to, const std::string& to_port, std::int64_t rack_a,
                         std::int64_t rack_b) {
    const double length = cable_length_m(q.layout, rack_a, rack_b);
    const bool copper = links.lower_links == 1 && links.upper_links == 1 && length <= q.dac_reach_m;
    const bool active =
        !copper && links.lower_links == 1 && links.upper_links == 1 && length <= q.aoc_reach_m;
    fmt::format_to(std::back_inserter(out), "{},{},{},{},{},{},{},{:g}\n", links.name, from, from_port, to,
                   to_port, links.gbps,
                   copper   ? "dac"
                   : active ? "aoc"
                            : links.cable,
                   stock_length_m(q.layout, length));
  };
  const int down_cages = (f.downlinks + f.down_per_cage - 1) / f.down_per_cage;
  const auto spine_cages = (c.spine_downlinks() + f.spine_down_per_cage - 1) / f.spine_down_per_cage;
  for (std::int64_t plane = 0; plane < q.planes; ++plane) {
    for (std::int64_t host = 0; host < q.hosts; ++host) {
      const HostPort port = host_port(f, host);
      write(f.links[0], fmt::format("server-{}", host / per_server + 1),
            fmt::format("{}", plane * per_server + host % per_server + 1), device("leaf", plane, port.leaf),
            cage_lane(port.leaf_link, f.down_per_cage, 0), at(racks.server, host / per_server),
            at(racks.leaf, plane * c.leaves + port.leaf));
    }
    for_each_leaf_link(c, [&](const ClosLink& link) {
      write(f.links[1], device("leaf", plane, link.lower),
            cage_lane(link.lower_link, f.up_per_cage, down_cages), device("spine", plane, link.upper),
            cage_lane(link.upper_link, f.spine_down_per_cage, 0),
            at(racks.leaf, plane * c.leaves + link.lower), at(racks.spine, plane * c.spines + link.upper));
    });
    for_each_core_link(c, [&](const ClosLink& link) {
      write(f.links[2], device("spine", plane, link.lower),
            cage_lane(link.lower_link, f.spine_up_per_cage, spine_cages), device("core", plane, link.upper),
            cage_lane(link.upper_link, f.core_per_cage, 0), at(racks.spine, plane * c.spines + link.lower),
            at(racks.core, plane * c.cores + link.upper));
    });
  }
  return out;
}

}  // namespace lightlane::plan

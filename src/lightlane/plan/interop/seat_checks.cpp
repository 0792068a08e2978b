// Where a module sits, and how its connector and lanes meet the other's.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/interop/interop_checks.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

/// Both carry as many lanes on each fibre: a port of the one is some fibres of the other.
bool alike_on_each_fibre(const Pmd& more, const Pmd& fewer) {
  return wavelength_multiplexed(more) && more.fibre_count > fewer.fibre_count && fewer.fibre_count > 0 &&
         more.lanes * fewer.fibre_count == fewer.lanes * more.fibre_count;
}

bool is_mpo(PmdConnector connector) {
  return connector == PmdConnector::mpo12 || connector == PmdConnector::mpo16 ||
         connector == PmdConnector::mpo24;
}

std::string seat_name(const LinkEnd& end, const Cage& cage) {
  return end.host == nullptr ? std::string(cage.id) : fmt::format("{} port {}", end.host->id, end.port);
}

const Cage* cage_of(const LinkEnd& end) {
  if (end.cage != nullptr || end.host == nullptr) return end.cage;
  const SwitchPorts* port = end.host->port(end.port);
  return port == nullptr ? nullptr : find_cage(port->cage);
}

/// Null where none of the PMD's form factors fits.
const CageFit* best_fit(const Cage& cage, const Pmd& pmd) {
  for (const std::string_view factor : pmd.form_factors) {
    const CageFit* fit = cage.fit(factor);
    if (fit != nullptr && fit->fits) return fit;
  }
  return nullptr;
}

void check_cage_of_any_module(const LinkEnd& end, const Cage& cage, std::string_view label,
                              std::vector<Reason>& reasons) {
  if (end.pmd->form_factors.empty()) {
    reasons.push_back({"CAGE", fmt::format("{}: the form factors of {} are not known", label, end.pmd->id),
                       "", Severity::unknown});
    return;
  }
  const CageFit* fit = best_fit(cage, *end.pmd);
  if (fit == nullptr) {
    reasons.push_back({"CAGE",
                       fmt::format("{}: {} is made in {}, of which {} takes none", label, end.pmd->id,
                                   fmt::join(end.pmd->form_factors, ", "), seat_name(end, cage)),
                       "another port", Severity::refusal});
    return;
  }
  reasons.push_back({"CAGE",
                     fmt::format("{}: in {}, as {}{}{}", label, seat_name(end, cage), fit->form_factor,
                                 fit->text.empty() ? "" : ": ", fit->text),
                     "", Severity::setup});
}

void check_power(const LinkEnd& end, std::string_view label, std::vector<Reason>& reasons) {
  const SwitchPorts* port = end.host == nullptr ? nullptr : end.host->port(end.port);
  if (port == nullptr || !port->power_max_w || !end.module->power_max_w) return;
  const double needs = end.module->power_max_w->value, has = port->power_max_w->value;
  if (needs <= has) return;
  std::string others;
  for (const SwitchPorts& ports : end.host->ports) {
    if (!ports.power_max_w || ports.power_max_w->value < needs) continue;
    others += fmt::format("{}ports {}, {} ... {}", others.empty() ? "" : "; ", ports.first,
                          ports.first + ports.step, ports.last);
  }
  reasons.push_back({"POWER",
                     fmt::format("{}: {} draws up to {:g} W, port {} of {} gives {:g} W", label,
                                 end.module->id, needs, end.port, end.host->id, has),
                     others.empty() ? "" : others, others.empty() ? Severity::refusal : Severity::condition});
}

void check_host_lanes(const LinkEnd& end, const Cage& cage, const CageFit& fit, std::string_view label,
                      std::vector<Reason>& reasons) {
  const Module& module = *end.module;
  if (module.host_lanes && fit.host_lanes && module.host_lanes->value > fit.host_lanes->value) {
    reasons.push_back({"HOST_LANE",
                       fmt::format("{}: {} has {:g} host lanes, {} gives it {:g}", label, module.id,
                                   module.host_lanes->value, seat_name(end, cage), fit.host_lanes->value),
                       "", Severity::refusal});
  }
  const FormFactor* own = find_form_factor(cage.form_factor);
  if (own == nullptr || !own->host_lane_rate_max_gbps || !module.host_lane_rate_gbps) return;
  if (module.host_lane_rate_gbps->value > own->host_lane_rate_max_gbps->value * (1 + 1e-9)) {
    reasons.push_back({"HOST_LANE",
                       fmt::format("{}: {} runs {:g} Gb/s on a host lane, {} at most {:g}", label, module.id,
                                   module.host_lane_rate_gbps->value, seat_name(end, cage),
                                   own->host_lane_rate_max_gbps->value),
                       "", Severity::refusal});
  }
}

const Cable* harness_for(const Pmd& more, const Pmd& fewer, int children) {
  for (const Cable& cable : cables()) {
    if (cable.kind == CableKind::harness && cable.legs == children && cable.fibre == more.fibre &&
        cable.a.connector == more.connector && cable.b.connector == fewer.connector)
      return &cable;
  }
  return nullptr;
}

}  // namespace

Sharing share_lanes(const Pmd& a, const Pmd& b) {
  Sharing out;
  out.swapped = b.lanes > a.lanes;
  const Pmd& more = out.swapped ? b : a;
  const Pmd& fewer = out.swapped ? a : b;
  if (more.lanes == fewer.lanes) {
    out.possible = true;
  } else if (fewer.lanes > 0 && more.lanes % fewer.lanes == 0 && is_mpo(more.connector) &&
             (!wavelength_multiplexed(fewer) || alike_on_each_fibre(more, fewer))) {
    out.children = more.lanes / fewer.lanes;
    out.possible = true;
  }
  return out;
}

void check_seat(const LinkEnd& end, std::string_view label, std::vector<Reason>& reasons) {
  const Cage* cage = cage_of(end);
  if (cage == nullptr) return;
  if (end.module == nullptr) {
    check_cage_of_any_module(end, *cage, label, reasons);
    return;
  }
  const CageFit* fit = cage->fit(end.module->form_factor);
  if (fit == nullptr) {
    reasons.push_back({"CAGE",
                       fmt::format("{}: whether {} fits {} is not known", label, end.module->form_factor,
                                   seat_name(end, *cage)),
                       "", Severity::unknown});
    return;
  }
  if (!fit->fits) {
    reasons.push_back({"CAGE",
                       fmt::format("{}: {} ({}) does not fit {}: {}", label, end.module->id,
                                   end.module->form_factor, seat_name(end, *cage), fit->text),
                       fmt::format("{} in another form factor", end.pmd->id), Severity::refusal});
    return;
  }
  if (!fit->text.empty())
    reasons.push_back(
        {"CAGE",
         fmt::format("{}: {} in {}: {}", label, end.module->form_factor, seat_name(end, *cage), fit->text),
         "", Severity::setup});
  check_power(end, label, reasons);
  check_host_lanes(end, *cage, *fit, label, reasons);
}

void check_connectors(const Pmd& more, const Pmd& fewer, int children, std::vector<Reason>& reasons) {
  if (more.fibre_count != fewer.fibre_count * children && more.fibre_count > 0 && fewer.fibre_count > 0) {
    reasons.push_back({"FIBRE_COUNT",
                       fmt::format("{} uses {} fibre{}, {} uses {}", more.id, more.fibre_count,
                                   more.fibre_count == 1 ? "" : "s", fewer.id, fewer.fibre_count),
                       "", Severity::refusal});
  }
  if (more.connector == PmdConnector::unknown || fewer.connector == PmdConnector::unknown) {
    const Pmd& unknown = more.connector == PmdConnector::unknown ? more : fewer;
    reasons.push_back(
        {"CONNECTOR", fmt::format("the connector of {} is not known", unknown.id), "", Severity::unknown});
    return;
  }
  if (children > 1) {
    const Cable* harness = harness_for(more, fewer, children);
    if (harness == nullptr) {
      reasons.push_back({"CONNECTOR",
                         fmt::format("the catalogue has no harness from {} to {} x {}", shown(more.connector),
                                     children, shown(fewer.connector)),
                         "cassettes, or a harness made to measure", Severity::condition});
    } else {
      reasons.push_back(
          {"CONNECTOR", fmt::format("harness {}: {}", harness->id, harness->summary), "", Severity::setup});
    }
    return;
  }
  if (more.connector != fewer.connector) {
    reasons.push_back({"CONNECTOR",
                       fmt::format("{} has {}, {} has {}", more.id, shown(more.connector), fewer.id,
                                   shown(fewer.connector)),
                       "", Severity::refusal});
    return;
  }
  if (more.polish != fewer.polish && more.polish != Polish::unknown && fewer.polish != Polish::unknown) {
    reasons.push_back(
        {"POLISH",
         fmt::format("{} is {}, {} is {}", more.id, shown(more.polish), fewer.id, shown(fewer.polish)),
         fmt::format("a cord with {} at one end and {} at the other", shown(more.polish),
                     shown(fewer.polish)),
         Severity::condition});
  }
  if (is_mpo(more.connector)) {
    reasons.push_back({"POLARITY",
                       "the fibre path has to cross: an odd number of type B cables, the rest type A", "",
                       Severity::setup});
  }
}

void check_lanes(const Pmd& more, const Pmd& fewer, const Sharing& sharing, int asked,
                 std::vector<Reason>& reasons) {
  if (more.lanes == 0 || fewer.lanes == 0) {
    const Pmd& unknown = more.lanes == 0 ? more : fewer;
    reasons.push_back(
        {"LANE_COUNT", fmt::format("the lanes of {} are not known", unknown.id), "", Severity::unknown});
    return;
  }
  if (!sharing.possible) {
    const bool wdm = wavelength_multiplexed(more);
    reasons.push_back({"LANE_COUNT",
                       wdm ? fmt::format("the {} lanes of {} share one fibre: none can be reached alone",
                                         more.lanes, more.id)
                           : fmt::format("{} lanes of {} do not share out over {} of {}", more.lanes, more.id,
                                         fewer.lanes, fewer.id),
                       "", Severity::refusal});
    return;
  }
  if (asked > 0 && asked > sharing.children) {
    reasons.push_back({"LANE_COUNT",
                       fmt::format("{} x {} were asked for, {} has lanes for {}", asked, fewer.id, more.id,
                                   sharing.children),
                       fmt::format("at most {}", sharing.children), Severity::refusal});
  }
  if (more.rate_gbps != fewer.rate_gbps * sharing.children) {
    reasons.push_back({"RATE",
                       fmt::format("{} carries {} Gb/s, {}{} {}", more.id, more.rate_gbps,
                                   sharing.children > 1 ? fmt::format("{} x ", sharing.children) : "",
                                   fewer.id, fewer.rate_gbps * sharing.children),
                       "", Severity::refusal});
  }
}

}  // namespace lightlane::plan

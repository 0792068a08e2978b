// The question: ranges, and defaults for what it leaves open.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/budget/budget_terms.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

using namespace catalog;

void check(double value, double low, double high, const std::string& place, std::string_view unit) {
  if (value >= low && value <= high) return;  // NaN is refused too
  const std::string problem = value < 0 && low == 0 ? fmt::format("is negative: {:g} {}", value, unit)
                                                    : fmt::format("is {:g} {}", value, unit);
  throw ConfigError({place, problem, fmt::format("{:g} to {:g} {}", low, high, unit), ""});
}

void check(const std::optional<double>& value, double low, double high, const std::string& place,
           std::string_view unit) {
  if (value) check(*value, low, high, place, unit);
}

void check_fibre(const Pmd& pmd, const Fibre& fibre) {
  if (fibre.kind == pmd.fibre) return;
  std::string right;
  for (const Fibre& other : fibres()) {
    if (other.kind == pmd.fibre) right += fmt::format("{}{}", right.empty() ? "" : ", ", other.id);
  }
  throw ConfigError(
      {fmt::format("fibre {}", fibre.id),
       fmt::format("is {}; {} is made for {}", catalog::name(fibre.kind), pmd.id, catalog::name(pmd.fibre)),
       right, ""});
}

void check_wavelengths(const Pmd& pmd, const Fibre& fibre) {
  for (const Wavelength& w : pmd.wavelengths) {
    if (attenuation_db_per_km(fibre, w.nominal_nm, Attenuation::largest)) continue;
    std::string has;
    for (const auto& entry : fibre.attenuation)
      has += fmt::format("{}{:g}", has.empty() ? "" : ", ", entry.wavelength_nm);
    throw ConfigError(
        {fmt::format("fibre {}", fibre.id),
         fmt::format("has no attenuation at {:g} nm, lane {} of {}", w.nominal_nm, w.lane, pmd.id),
         fmt::format("within 60 nm of {} nm", has), "or give the attenuation in dB/km"});
  }
}

void complete(Joint& joint, const Connector& natural, Ledger& ledger) {
  if (joint.type == nullptr) {
    joint.type = &natural;
    if (joint.count != 0)
      ledger.assume(fmt::format("{}: {}", name(joint.type->kind), joint.type->id), std::nullopt, "");
  }
  if (!joint.count) {
    joint.count = 2;
    ledger.assume(fmt::format("count of {}", joint.type->id), 2, "pairs");
  }
  if (joint.loss_db) return;
  const Limit& loss = joint.type->loss_max_db ? joint.type->loss_max_db : joint.type->loss_typical_db;
  joint.loss_db = loss->value;
  if (*joint.count > 0) ledger.assume(fmt::format("loss of {}", joint.type->id), *loss, "dB");
}

}  // namespace

std::vector<Joint> joints(const Question& q) {
  std::vector<Joint> out = q.connectors.value_or(std::vector<Joint>());
  out.insert(out.end(), q.splices.begin(), q.splices.end());
  return out;
}

std::string_view name(Attenuation attenuation) noexcept {
  constexpr std::string_view names[] = {"max", "planning", "typical"};
  return names[static_cast<int>(attenuation)];
}

const Connector& mated_pair(PmdConnector connector, Polish polish, FibreKind fibre) {
  const bool multimode = fibre == FibreKind::multimode;
  std::string_view id = "tia-568-pair";
  switch (connector) {
    case PmdConnector::lc_duplex:
    case PmdConnector::lc_simplex:
      id = multimode ? "lc-multimode" : polish == Polish::apc ? "lc-apc" : "lc-upc";
      break;
    case PmdConnector::mpo12:
    case PmdConnector::mpo16:
    case PmdConnector::mpo24:
      id = !multimode ? "mpo-apc" : polish == Polish::apc ? "mpo-multimode-apc" : "mpo-flat";
      break;
    case PmdConnector::unknown:
      break;
  }
  const Connector* found = find_connector(id);
  LIGHTLANE_ASSERT(found != nullptr);
  return *found;
}

Limit attenuation_db_per_km(const Fibre& fibre, double wavelength_nm, Attenuation which) {
  constexpr double reach_nm = 60;
  const Value* found = nullptr;
  double at_nm = 0;
  for (const catalog::Attenuation& entry : fibre.attenuation) {
    const Limit* order[] = {&entry.typical_db_per_km, &entry.planning_db_per_km, &entry.max_db_per_km};
    const Value* here = nullptr;
    for (int i = 2 - static_cast<int>(which); i < 3 && here == nullptr; ++i)
      if (*order[i]) here = &**order[i];
    if (here == nullptr && which == Attenuation::largest) {
      if (entry.planning_db_per_km)
        here = &*entry.planning_db_per_km;
      else if (entry.typical_db_per_km)
        here = &*entry.typical_db_per_km;
    }
    const double away = std::fabs(entry.wavelength_nm - wavelength_nm);
    if (here == nullptr || away > reach_nm) continue;
    if (found == nullptr || away < std::fabs(at_nm - wavelength_nm)) {
      found = here;
      at_nm = entry.wavelength_nm;
    }
  }
  if (found == nullptr) return std::nullopt;
  Limit out = *found;
  const double ratio = at_nm / wavelength_nm;
  out->value *= ratio * ratio * ratio * ratio;
  return out;
}

std::optional<double> rated_reach_m(const Pmd& pmd, const Fibre& fibre) {
  std::optional<double> plain, any;
  for (const Reach& reach : pmd.reach) {
    if (fibre.kind == FibreKind::multimode) {
      if (same_name(reach.fibre, fibre.id)) return reach.length_m.value;
    } else if (reach.fibre == "SMF") {
      plain = reach.length_m.value;
    } else if (reach.fibre == "SMF unamplified" || (reach.fibre == "SMF DWDM" && !any)) {
      any = reach.length_m.value;
    }
  }
  return plain ? plain : any;
}

void check_ranges(const Question& q) {
  for (std::size_t i = 0; i < q.segments.size(); ++i) {
    const std::string place = q.segments.size() == 1 ? "" : fmt::format("segment {}: ", i + 1);
    check(q.segments[i].length_m, 0, 1e6, place + "length_m", "m");
    check(q.segments[i].attenuation_db_per_km, 0, 20, place + "attenuation_db_per_km", "dB/km");
  }
  for (const Joint& joint : joints(q)) {
    const std::string_view type = joint.type == nullptr ? "connector" : joint.type->id;
    check(joint.count.value_or(0), 0, 1000, fmt::format("{}: count", type), "joints");
    check(joint.loss_db, 0, 20, fmt::format("{}: loss_db", type), "dB");
    check(joint.reflectance_db, -100, 0, fmt::format("{}: reflectance_db", type), "dB");
    if (joint.type != nullptr && !joint.loss_db && !joint.type->loss_max_db && !joint.type->loss_typical_db) {
      throw ConfigError({fmt::format("{}", type), "has no loss in the catalogue",
                         "a loss of its own, or another kind", ""});
    }
  }
  check(q.attenuators_db, 0, 60, "attenuator_db", "dB");
  check(q.metric_db, 0, 10, "tdecq_db", "dB");
  check(q.extinction_ratio_db, 0.5, 40, "extinction_ratio_db", "dB");
  check(q.ageing_db, 0, 30, "ageing_db", "dB");
  check(q.engineering_margin_db, 0, 30, "engineering_margin_db", "dB");
}

std::string_view natural_fibre(FibreKind kind) { return kind == FibreKind::single_mode ? "G.652.D" : "OM4"; }

Question completed(const Question& question, Ledger& ledger) {
  Question q = question;
  if (q.far == nullptr) q.far = q.near;
  check_ranges(q);
  if (q.segments.empty()) q.segments.resize(1);
  for (Segment& segment : q.segments) {
    if (segment.fibre == nullptr) {
      segment.fibre = &fibre_named(natural_fibre(q.near->fibre), "fibre");
      ledger.assume(fmt::format("fibre: {}", segment.fibre->id), std::nullopt, "");
    }
    for (const Pmd* pmd : {q.near, q.far}) {
      check_fibre(*pmd, *segment.fibre);
      if (!segment.attenuation_db_per_km) check_wavelengths(*pmd, *segment.fibre);
    }
    if (segment.length_m) continue;
    const auto near = rated_reach_m(*q.near, *segment.fibre), far = rated_reach_m(*q.far, *segment.fibre);
    if (!near || !far) {
      throw ConfigError({"length_m",
                         fmt::format("is not given, and {} has no reach on {}", near ? q.far->id : q.near->id,
                                     segment.fibre->id),
                         "a length in metres", ""});
    }
    segment.length_m = std::min(*near, *far);
    ledger.assume("length: the reach", *segment.length_m, "m");
  }
  if (!q.connectors) q.connectors = std::vector<Joint>(1);
  const Connector& pair = mated_pair(q.near->connector, q.near->polish, q.near->fibre);
  for (Joint& joint : *q.connectors) complete(joint, pair, ledger);
  for (Joint& joint : q.splices)
    complete(joint, joint_named("splice-fusion", "splice", JointKind::splice), ledger);
  return q;
}

}  // namespace lightlane::plan

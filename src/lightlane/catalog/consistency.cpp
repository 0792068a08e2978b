#include "lightlane/catalog/consistency.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/catalog/closure.hpp"
#include "lightlane/catalog/copper_sense.hpp"
#include "lightlane/catalog/module_sense.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::catalog {
namespace {

template <class Entry, class Find>
const Entry* found(Find find, std::string_view name, const Tables& tables, const Tables& known) {
  const Entry* entry = find(name, tables);
  return entry != nullptr ? entry : find(name, known);
}

double number_or(const Profile& profile, std::string_view key, double other) {
  const auto value = profile.number(key);
  return value ? value->typical : other;
}

class Check {
 public:
  Check(const Profile& profile, std::vector<Inconsistency>& out) : profile_(profile), out_(out) {}
  void below(const char* what, double value, const Limit& limit, std::string_view unit) {
    if (limit && value > limit->value) add(what, value, "above", limit->value, unit);
  }
  void above(const char* what, double value, const Limit& limit, std::string_view unit) {
    if (limit && value < limit->value) add(what, value, "below", limit->value, unit);
  }

 private:
  void add(const char* what, double value, const char* side, double limit, std::string_view unit) {
    out_.push_back({&profile_, fmt::format("{} of {:.6g} {}, {} the limit of {:.6g} {}", what, value, unit,
                                           side, limit, unit)});
  }
  const Profile& profile_;
  std::vector<Inconsistency>& out_;
};

/// The longest rated reach on fibre of that name, or of single-mode fibre.
Limit longest_reach(const Pmd& pmd, const Fibre& fibre) {
  Limit longest;
  for (const Reach& reach : pmd.reach) {
    const bool same = fibre.kind == FibreKind::single_mode ? reach.fibre.starts_with("SMF")
                                                           : same_name(reach.fibre, fibre.id);
    if (same && (!longest || reach.length_m.value > longest->value)) longest = reach.length_m;
  }
  return longest;
}

void check_launch(const Profile& profile, const Pmd& pmd, Check& check) {
  const auto oma = profile.number("tx.oma_outer_dbm"), er = profile.number("tx.extinction_ratio_db");
  if (!oma || !er) return;
  check.below("launches an OMA", oma->typical, pmd.tx.oma_outer_max_dbm, "dBm");
  check.above("launches an OMA", oma->typical, pmd.tx.oma_outer_min_dbm, "dBm");
  check.above("has an extinction ratio", er->typical, pmd.tx.er_min_db, "dB");
  // Average = OMA (r + 1) / (2 (r - 1)) of equally used and spaced levels.
  const double r = math::from_db(er->typical);
  const double average = oma->typical + math::to_db((r + 1) / (2 * (r - 1)));
  check.below("launches an average power", average, pmd.tx.avg_power_max_dbm, "dBm");
  check.above("launches an average power", average, pmd.tx.avg_power_min_dbm, "dBm");
}

}  // namespace

std::optional<double> typical_loss_db(const Profile& profile, const Tables& tables, const Tables& known) {
  const Pmd* pmd = found<Pmd>(find_pmd, profile.pmd, tables, known);
  const Fibre* fibre = found<Fibre>(find_fibre, profile.fibre, tables, known);
  const Connector* connector = found<Connector>(find_connector, profile.connector, tables, known);
  const Connector* splice = found<Connector>(find_connector, "splice-fusion", tables, known);
  if (pmd == nullptr || fibre == nullptr || connector == nullptr || !connector->loss_typical_db) return {};
  double attenuation = 0;
  for (const Wavelength& w : pmd->wavelengths) {
    const Limit limit = fibre->typical_attenuation_db_per_km(w.nominal_nm);
    if (!limit) return {};
    attenuation = std::max(attenuation, limit->value);
  }
  const double splices = number_or(profile, "plant.splices", 0);
  if (pmd->wavelengths.empty() || (splices > 0 && (splice == nullptr || !splice->loss_typical_db))) return {};
  return attenuation * number_or(profile, "plant.length_m", 0) / 1000 +
         number_or(profile, "plant.connectors", 0) * connector->loss_typical_db->value +
         (splices > 0 ? splices * splice->loss_typical_db->value : 0);
}

std::vector<Inconsistency> inconsistencies(const Tables& tables, const Tables& known) {
  std::vector<Inconsistency> out;
  for (const Profile& profile : tables.profiles) {
    const Pmd* pmd = found<Pmd>(find_pmd, profile.pmd, tables, known);
    const Fibre* fibre = found<Fibre>(find_fibre, profile.fibre, tables, known);
    if (pmd == nullptr || fibre == nullptr) continue;
    Check check(profile, out);
    check_launch(profile, *pmd, check);
    if (fibre->kind != pmd->fibre) {
      out.push_back(
          {&profile, fmt::format("has {} fibre for a {} PMD", name(fibre->kind), name(pmd->fibre))});
    } else {
      check.below("has a length", number_or(profile, "plant.length_m", 0), longest_reach(*pmd, *fibre), "m");
    }
    if (const auto loss = typical_loss_db(profile, tables, known)) {
      check.below("has a typical channel loss", *loss, pmd->channel.insertion_loss_max_db, "dB");
    }
  }
  return out;
}

std::vector<Problem> sense_problems(const Loaded& loaded, const Tables& known) {
  std::vector<Problem> out;
  for (const Closure& closure : closures(loaded.tables)) {
    if (closure.good()) continue;
    Problem problem = loaded.pmd_places[static_cast<std::size_t>(closure.pmd - loaded.tables.pmds.data())];
    problem.text =
        closure.holds
            ? fmt::format("{}: the exception '{}' is none", closure.pmd->id, closure.rule->name)
            : fmt::format("{}: {} is {:.6g}, computed {:.6g} ({})", closure.pmd->id, closure.rule->name,
                          closure.printed, closure.computed, closure.rule->meaning);
    out.push_back(std::move(problem));
  }
  for (const Inconsistency& inconsistency : inconsistencies(loaded.tables, known)) {
    Problem problem =
        loaded
            .profile_places[static_cast<std::size_t>(inconsistency.profile - loaded.tables.profiles.data())];
    problem.text = fmt::format("profile {}: {}", inconsistency.profile->pmd, inconsistency.text);
    out.push_back(std::move(problem));
  }
  for (const ModuleFault& fault : module_faults(loaded.tables, known)) {
    const bool module = fault.module != nullptr;
    Problem problem =
        module ? loaded.module_places[static_cast<std::size_t>(fault.module - loaded.tables.modules.data())]
               : loaded.cage_places[static_cast<std::size_t>(fault.cage - loaded.tables.cages.data())];
    problem.text = fmt::format("{} {}: {}", module ? "module" : "cage",
                               module ? fault.module->id : fault.cage->id, fault.text);
    out.push_back(std::move(problem));
  }
  for (const DirectAttachFault& fault : direct_attach_faults(loaded.tables, known)) {
    const auto place = static_cast<std::size_t>(fault.cable - loaded.tables.direct_attach.data());
    Problem problem = loaded.direct_attach_places[place];
    problem.text = fmt::format("direct_attach {}: {}", fault.cable->id, fault.text);
    out.push_back(std::move(problem));
  }
  return out;
}

}  // namespace lightlane::catalog

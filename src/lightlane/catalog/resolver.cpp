#include "lightlane/catalog/resolver.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "lightlane/base/similar_names.hpp"
#include "lightlane/catalog/name_reading.hpp"

namespace lightlane::catalog {
namespace {

constexpr std::string_view pmd_kind = "pmd", copper_kind = "copper", direct_attach_kind = "direct_attach";

/// Every kind of entry with a name, in the order in which a name is looked up.
template <class Visit>
void visit_named(const Tables& t, Visit visit) {
  constexpr std::span<const std::string_view> no_aliases;
  for (const Pmd& p : t.pmds) visit(pmd_kind, p.id, p.aliases);
  for (const Fibre& f : t.fibres) visit("fibre", f.id, f.aliases);
  for (const Connector& c : t.connectors) visit("connector", c.id, c.aliases);
  for (const FormFactor& f : t.form_factors) visit("form_factor", f.id, f.aliases);
  for (const Cage& c : t.cages) visit("cage", c.id, c.aliases);
  for (const Module& m : t.modules) visit("module", m.id, m.aliases);
  for (const Cable& c : t.cables) visit("cable", c.id, c.aliases);
  for (const Copper& c : t.coppers) visit(copper_kind, c.id, c.aliases);
  for (const DirectAttach& d : t.direct_attach) visit(direct_attach_kind, d.id, d.aliases);
  for (const Switch& s : t.switches) visit("switch", s.id, s.aliases);
  for (const Device& d : t.devices) visit("device", d.id, no_aliases);
  for (const Source& s : t.sources) visit("source", s.key, no_aliases);
}

bool add(std::vector<NameMatch>& matches, std::string_view kind, std::string_view id) {
  for (const NameMatch& match : matches)
    if (match.kind == kind && match.id == id) return false;
  matches.push_back({kind, id});
  return true;
}

NameAnswer answer_of(const NameEntry& entry, const Tables& tables) {
  static constexpr NameStatus statuses[] = {NameStatus::ambiguous, NameStatus::nonexistent,
                                            NameStatus::unlisted, NameStatus::alias};
  NameAnswer out;
  out.status = statuses[static_cast<int>(entry.kind)];
  out.explanation = entry.text;
  out.entry = &entry;
  for (const NameMeaning& meaning : entry.meanings) {
    for (const std::string_view name : meaning.pmds) {
      const Pmd* pmd = find_pmd(name, tables);
      add(out.matches, pmd_kind, pmd != nullptr ? pmd->id : name);
    }
  }
  return out;
}

/// By id or alias, of any kind.
bool as_it_stands(std::string_view name, const Tables& tables, NameAnswer& out) {
  visit_named(tables, [&](std::string_view kind, std::string_view id, auto aliases) {
    if (!out.matches.empty()) return;
    const bool exact = same_name(id, name);
    if (!exact && std::none_of(aliases.begin(), aliases.end(),
                               [&](std::string_view alias) { return same_name(alias, name); })) {
      return;
    }
    out.status = exact ? NameStatus::exact : NameStatus::alias;
    out.matches.push_back({kind, id});
  });
  if (out.matches.empty()) return false;
  if (const NameEntry* remark = find_name(name, tables);
      remark != nullptr && remark->kind == NameKind::remark) {
    out.entry = remark;
    out.explanation = remark->text;
  }
  return true;
}

/// A reading against one name of a PMD: how well it agrees.
struct Agreement {
  bool family = false, rate = false, form_factor = false, reach = false, publisher = false;
  bool all() const noexcept { return family && rate && form_factor && reach && publisher; }
};

Agreement agreement(const NameReading& query, const Pmd& pmd, const NameReading& own) {
  Agreement out;
  out.family = query.family == own.family && (!query.family.empty() || query.reach_m > 0) && own.ports == 1;
  out.rate = query.rate_gbps == 0 || query.rate_gbps == pmd.rate_gbps;
  out.form_factor = query.form_factor.empty() || std::find(pmd.form_factors.begin(), pmd.form_factors.end(),
                                                           query.form_factor) != pmd.form_factors.end();
  const auto is_reach = [&](const Reach& r) { return r.length_m.value == query.reach_m; };
  // "CWDM4 10 km" is another type than CWDM4.
  out.reach =
      (query.reach_m == 0 ? own.reach_m == 0 : query.reach_m == own.reach_m) ||
      (query.reach_m > 0 && own.reach_m == 0 && std::any_of(pmd.reach.begin(), pmd.reach.end(), is_reach));
  out.publisher = !query.ieee || own.ieee;
  return out;
}

/// The best of a PMD's names.
Agreement agreement(const NameReading& query, const Pmd& pmd) {
  Agreement best;
  const auto look = [&](std::string_view name) {
    const auto own = read_name(name);
    if (!own || best.all()) return;
    const Agreement a = agreement(query, pmd, *own);
    if (a.all() || (a.family && !best.family)) best = a;
  };
  look(pmd.id);
  for (const std::string_view alias : pmd.aliases) look(alias);
  return best;
}

std::string spoken(const NameReading& r) {
  std::string out;
  if (r.rate_gbps > 0) out += fmt::format("{} Gb/s ", r.rate_gbps);
  out += r.family;
  if (!r.form_factor.empty()) out += " in " + r.form_factor;
  if (r.reach_m > 0)
    out += fmt::format(" over {:.6g} {}", r.reach_m < 1000 ? r.reach_m : r.reach_m / 1000,
                       r.reach_m < 1000 ? "m" : "km");
  return out;
}

std::string form_factors(const Pmd& pmd) {
  return fmt::format("{} is known in {}", pmd.id, fmt::join(pmd.form_factors, ", "));
}

/// What names.toml says of a reading without the parts that say less.
const NameEntry* entry_of(const NameReading& r, const Tables& tables) {
  if (r.family.empty()) return nullptr;
  std::vector<std::string> forms;
  if (!r.form_factor.empty()) forms.push_back(r.form_factor + "-" + r.family);
  if (r.rate_gbps > 0 && r.ieee) forms.push_back(fmt::format("{}GBASE-{}", r.rate_gbps, r.family));
  if (r.rate_gbps > 0) forms.push_back(fmt::format("{}G-{}", r.rate_gbps, r.family));
  if (r.rate_gbps == 0) forms.push_back(r.family);
  for (const std::string& form : forms) {
    const NameEntry* entry = find_name(form, tables);
    if (entry != nullptr && entry->kind != NameKind::remark) return entry;
  }
  return nullptr;
}

/// What of a name that reads well does not fit the types of its family.
std::string misfit(const NameReading& query, const std::vector<std::pair<const Pmd*, Agreement>>& family) {
  std::vector<std::string> parts;
  for (const auto& [pmd, a] : family) {
    if (!a.rate) {
      parts.push_back(fmt::format("{} has {} Gb/s", pmd->id, pmd->rate_gbps));
    } else if (!a.form_factor) {
      parts.push_back(form_factors(*pmd));
    } else if (!a.reach) {
      parts.push_back(fmt::format("{} has another reach", pmd->id));
    } else {
      parts.push_back(fmt::format("{} is not written as IEEE's", pmd->id));
    }
  }
  return fmt::format("Read as {}, which the catalogue does not have: {}.", spoken(query),
                     fmt::join(parts, "; "));
}

/// What is said of the name by which a reading found the PMD.
const NameEntry* remark_of(const NameReading& query, const Pmd& pmd, const Tables& tables) {
  const auto remark = [&](std::string_view name) -> const NameEntry* {
    const auto own = read_name(name);
    const NameEntry* entry = own && own->family == query.family ? find_name(name, tables) : nullptr;
    return entry != nullptr && entry->kind == NameKind::remark ? entry : nullptr;
  };
  const NameEntry* entry = remark(pmd.id);
  for (const std::string_view alias : pmd.aliases) entry = entry != nullptr ? entry : remark(alias);
  return entry;
}

/// "4x100G DR": types and modules that are, or break out into, so many of them, then the type of one.
bool several_ports(const NameReading& query, const Tables& tables, NameAnswer& out) {
  NameReading one = query;
  one.ports = 1;
  one.form_factor = {};
  const auto is_one = [&](const Pmd& pmd) { return agreement(one, pmd).all(); };
  std::vector<const Pmd*> types;
  for (const Pmd& pmd : tables.pmds)
    if (is_one(pmd)) types.push_back(&pmd);
  if (types.empty()) return false;
  for (const Pmd& pmd : tables.pmds) {
    for (const std::string_view text : pmd.breakout) {
      const std::string_view partner = text.substr(0, text.find(" ("));
      const auto read = read_name(partner);
      if (!read || read->ports != query.ports) continue;
      NameReading partner_type = *read;
      partner_type.ports = 1;
      for (const Pmd* type : types)
        if (agreement(partner_type, *type).all()) add(out.matches, pmd_kind, pmd.id);
    }
  }
  for (const Module& module : tables.modules) {
    const Pmd* pmd =
        module.ports && module.ports->value == query.ports ? find_pmd(module.pmd, tables) : nullptr;
    if (pmd != nullptr && is_one(*pmd)) add(out.matches, "module", module.id);
  }
  for (const Pmd* type : types) add(out.matches, pmd_kind, type->id);
  out.status = out.matches.size() > 1 ? NameStatus::ambiguous : NameStatus::unknown;
  out.explanation =
      fmt::format("Read as {} ports of {}: {}.", query.ports, spoken(one),
                  out.matches.size() > types.size() ? "what has or breaks out into them, then the type of one"
                                                    : "only the type of one is known");
  return true;
}

bool by_reading(std::string_view name, const Tables& tables, NameAnswer& out) {
  const auto query = read_name(name);
  if (query && query->ports > 1 && !query->family.empty()) return several_ports(*query, tables, out);
  if (!query || query->ports != 1 || (query->family.empty() && query->reach_m == 0)) return false;
  std::vector<std::pair<const Pmd*, Agreement>> family;
  for (const Pmd& pmd : tables.pmds) {
    const Agreement a = agreement(*query, pmd);
    if (a.family) family.emplace_back(&pmd, a);
    if (a.all()) out.matches.push_back({pmd_kind, pmd.id});
  }
  if (out.matches.size() == 1) {
    out.status = NameStatus::alias;
    out.explanation = fmt::format("Read as {}.", spoken(*query));
    out.entry = remark_of(*query, *find_pmd(out.matches.front().id, tables), tables);
    if (out.entry != nullptr) out.explanation += fmt::format(" {}", out.entry->text);
    return true;
  }
  if (out.matches.empty()) {
    if (const NameEntry* entry = entry_of(*query, tables)) {
      out = answer_of(*entry, tables);
      return true;
    }
  }
  if (family.empty()) return false;
  if (out.matches.size() > 1) {
    out.status = NameStatus::ambiguous;
    out.explanation = fmt::format("Read as {}: the name of {} types.", spoken(*query), out.matches.size());
    return true;
  }
  if (std::any_of(family.begin(), family.end(), [](const auto& f) { return f.second.rate; })) {
    std::erase_if(family, [](const auto& f) { return !f.second.rate; });
  }
  out.status = NameStatus::unknown;
  out.explanation = misfit(*query, family);
  for (const auto& [pmd, a] : family) out.matches.push_back({pmd_kind, pmd->id});
  return true;
}

/// Names that hold this one, then those that few changes make of it; the nearest of each entry's.
void near_names(std::string_view name, const Tables& tables, std::vector<NameMatch>& out) {
  constexpr std::size_t most = 10;
  const std::string wanted = folded_name(name.substr(0, 100));
  if (wanted.empty()) return;
  struct Near {
    std::size_t distance;
    NameMatch match;
  };
  std::vector<Near> near;
  visit_named(tables, [&](std::string_view kind, std::string_view id, auto aliases) {
    const auto distance = [&](std::string_view candidate) {
      const std::size_t letters = name_distance(wanted, candidate);
      return kind == "source" && letters > 0 ? wanted.size() : letters;
    };
    std::size_t best = distance(id);
    for (const std::string_view alias : aliases) best = std::min(best, distance(alias));
    near.push_back({best, {kind, id}});
  });
  std::stable_sort(near.begin(), near.end(),
                   [](const Near& a, const Near& b) { return a.distance < b.distance; });
  const std::size_t limit = std::max<std::size_t>(1, wanted.size() / 4);
  for (const Near& n : near) {
    if (out.size() == most || n.distance > limit || n.distance > near.front().distance + 1) break;
    add(out, n.match.kind, n.match.id);
  }
}

/// Why an entry that carries no light of its own cannot be planned as a PMD; empty where it is another kind.
std::string without_light(const NameMatch& match, const Tables& tables) {
  if (match.kind == copper_kind) {
    const Copper* c = find_copper(match.id, tables);
    return fmt::format(
        "It is Ethernet over copper ({} x {:.7g} GBd{}): there is no light to budget and no fibre to mate. "
        "lightlane catalog show {} has what is known of it, lightlane catalog list --kind direct_attach the "
        "cables.",
        c->lanes, c->lane_rate_gbd,
        c->reach_m ? fmt::format(", cables of up to about {:.6g} m", c->reach_m->value) : "", c->id);
  }
  if (match.kind != direct_attach_kind) return {};
  const DirectAttach* d = find_direct_attach(match.id, tables);
  return fmt::format(
      "It is a cable with its modules on ({}): there is no link to budget between them. lightlane catalog "
      "show {} has its form factors, length and power.",
      d->summary, d->id);
}

/// The PMD of an entry: itself, or what a module has; null where there is none.
const Pmd* pmd_of(const NameMatch& match, const Tables& tables) {
  if (match.kind == pmd_kind) return find_pmd(match.id, tables);
  if (match.kind != "module") return nullptr;
  const Module* module = find_module(match.id, tables);
  return module != nullptr ? find_pmd(module->pmd, tables) : nullptr;
}

}  // namespace

std::string_view name(NameStatus status) noexcept {
  constexpr std::string_view words[] = {"exact", "alias", "ambiguous", "nonexistent", "unlisted", "unknown"};
  return words[static_cast<int>(status)];
}

NameAnswer resolve_name(std::string_view name, const Tables& tables) {
  NameAnswer out;
  if (as_it_stands(name, tables, out)) return out;
  if (const NameEntry* entry = find_name(name, tables); entry != nullptr && entry->kind != NameKind::remark) {
    return answer_of(*entry, tables);
  }
  if (!by_reading(name, tables, out)) near_names(name, tables, out.matches);
  return out;
}

ErrorDetail name_refusal(std::string_view place, std::string_view name,
                         std::span<const std::string_view> wanted_kinds, const Tables& tables) {
  std::vector<std::string_view> names;
  visit_named(tables, [&](std::string_view kind, std::string_view id, auto aliases) {
    if (std::find(wanted_kinds.begin(), wanted_kinds.end(), kind) == wanted_kinds.end()) return;
    names.push_back(id);
    names.insert(names.end(), aliases.begin(), aliases.end());
  });
  const std::string similar = similar_names(name, names);
  return {std::string(place),
          fmt::format("is '{}', which is no {} of the catalogue", name, fmt::join(wanted_kinds, " and no ")),
          "",
          similar.empty()
              ? fmt::format("see lightlane catalog list --kind {}", fmt::join(wanted_kinds, ", --kind "))
              : fmt::format("did you mean {}?", similar)};
}

ErrorDetail pmd_refusal(std::string_view place, std::string_view name, const Tables& tables) {
  NameAnswer answer = resolve_name(name, tables);
  std::vector<std::string_view> ids;
  for (const NameMatch& match : answer.matches) {
    const Pmd* pmd = pmd_of(match, tables);
    if (pmd != nullptr && std::find(ids.begin(), ids.end(), pmd->id) == ids.end()) ids.push_back(pmd->id);
  }
  std::string problem = "is no PMD known here";
  if (answer.one() && answer.matches.front().kind != pmd_kind) {
    const std::string_view kind = answer.matches.front().kind;
    problem = fmt::format("is a {}, not {}PMD",
                          kind == copper_kind          ? "type over copper"
                          : kind == direct_attach_kind ? "direct-attach cable"
                                                       : kind,
                          kind == copper_kind || kind == direct_attach_kind ? "an optical " : "a ");
    const std::string why = without_light(answer.matches.front(), tables);
    answer.explanation += answer.explanation.empty() || why.empty() ? why : " " + why;
  } else if (answer.status == NameStatus::ambiguous) {
    problem = fmt::format("is ambiguous");
  } else if (answer.status == NameStatus::nonexistent) {
    problem = fmt::format("does not exist");
  } else if (answer.status == NameStatus::unlisted) {
    problem = fmt::format("is not in the catalogue");
  }
  std::string hint = answer.explanation;
  if (answer.entry != nullptr && answer.status == NameStatus::ambiguous) {
    for (const NameMeaning& meaning : answer.entry->meanings) {
      hint += fmt::format(" {}{}{}.", fmt::join(meaning.pmds, ", "), meaning.pmds.empty() ? "" : ": ",
                          meaning.text);
    }
  }
  return {
      std::string(place), fmt::format("'{}' {}", name, problem),
      ids.empty() ? "names of lightlane catalog list --kind pmd" : fmt::format("{}", fmt::join(ids, ", ")),
      std::move(hint)};
}

const Pmd& pmd_named(std::string_view name, std::string_view place, const Tables& tables) {
  if (const Pmd* pmd = find_pmd(name, tables)) return *pmd;
  const NameAnswer answer = resolve_name(name, tables);
  if (answer.one()) {
    if (const Pmd* pmd = pmd_of(answer.matches.front(), tables)) return *pmd;
  }
  throw ConfigError(pmd_refusal(place, name, tables));
}

}  // namespace lightlane::catalog

#include "cli/catalog_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/catalog_answer.hpp"
#include "cli/catalog_sheet.hpp"
#include "cli/exit_code.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/closure.hpp"
#include "lightlane/catalog/consistency.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/catalog/schema.hpp"

namespace lightlane::cli {
namespace {

using namespace catalog;
using Json = nlohmann::ordered_json;

constexpr std::string_view kinds[] = {"pmd",         "device",        "profile", "fibre",  "connector",
                                      "form_factor", "power_class",   "cage",    "module", "cable",
                                      "copper",      "direct_attach", "switch",  "name",   "source"};

void check_kind(const std::string& kind) {
  if (kind.empty() || std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds)) return;
  throw ConfigError({"--kind", fmt::format("is '{}'", kind), fmt::format("{}", fmt::join(kinds, ", ")), ""});
}

std::string modulation(const Pmd& p) {
  if (p.lanes == 0) return "unknown";
  return fmt::format("{} x {:.7g} GBd {}", p.lanes, p.lane_rate_gbd, name(p.modulation));
}

std::string reach(const Pmd& p) {
  std::vector<std::string> items;
  for (const Reach& r : p.reach) items.push_back(fmt::format("{} {:.6g} m", r.fibre, r.length_m.value));
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string standard(const Pmd& p) {
  if (p.standard.empty()) return std::string(p.publisher);
  return fmt::format("{}{}{}", p.standard, p.edition.empty() ? "" : " ", p.edition);
}

/// One line of the list: the id, and a few words of each column.
struct Line {
  std::string id;
  std::vector<std::pair<const char*, std::string>> columns;
};

std::vector<Line> lines_of(std::string_view kind) {
  std::vector<Line> out;
  if (kind == "pmd") {
    for (const Pmd& p : pmds()) {
      out.push_back(
          {std::string(p.id), {{"standard", standard(p)}, {"lanes", modulation(p)}, {"reach", reach(p)}}});
    }
  } else if (kind == "device") {
    for (const Device& d : devices()) {
      out.push_back({std::string(d.id),
                     {{"device_kind", std::string(name(d.kind))}, {"summary", std::string(d.summary)}}});
    }
  } else if (kind == "profile") {
    for (const Profile& p : profiles()) {
      out.push_back(
          {std::string(p.pmd),
           {{"transmitter", std::string(p.transmitter)},
            {"receiver", std::string(p.receiver)},
            {"dsp", std::string(p.dsp)},
            {"plant", fmt::format("{:.6g} m {}", p.number("plant.length_m").value_or(TypicalValue()).typical,
                                  p.fibre)}}});
    }
  } else if (kind == "fibre") {
    for (const Fibre& f : fibres()) out.push_back({std::string(f.id), {{"summary", std::string(f.summary)}}});
  } else if (kind == "connector") {
    for (const Connector& c : connectors())
      out.push_back({std::string(c.id), {{"summary", std::string(c.summary)}}});
  } else if (kind == "form_factor") {
    for (const FormFactor& f : form_factors())
      out.push_back({std::string(f.id), {{"summary", std::string(f.summary)}}});
  } else if (kind == "power_class") {
    for (const PowerClass& p : power_classes())
      out.push_back(
          {std::string(p.id), {{"summary", p.max_w ? fmt::format("up to {:.6g} W", p.max_w->value) : ""}}});
  } else if (kind == "cage") {
    for (const Cage& c : cages()) {
      std::vector<std::string_view> takes;
      for (const CageFit& f : c.fits)
        if (f.fits) takes.push_back(f.form_factor);
      out.push_back({std::string(c.id), {{"takes", fmt::format("{}", fmt::join(takes, ", "))}}});
    }
  } else if (kind == "module") {
    for (const Module& m : modules()) {
      out.push_back({std::string(m.id),
                     {{"form_factor", std::string(m.form_factor)},
                      {"pmd", std::string(m.pmd)},
                      {"power", m.power_max_w ? fmt::format("{:.6g} W", m.power_max_w->value) : "unknown"}}});
    }
  } else if (kind == "cable") {
    for (const Cable& c : cables()) out.push_back({std::string(c.id), {{"summary", std::string(c.summary)}}});
  } else if (kind == "copper") {
    for (const Copper& c : coppers()) {
      out.push_back(
          {std::string(c.id),
           {{"standard",
             c.standard.empty() ? std::string(c.publisher) : fmt::format("{} {}", c.standard, c.edition)},
            {"lanes", fmt::format("{} x {:.7g} GBd {}", c.lanes, c.lane_rate_gbd, name(c.modulation))},
            {"reach", c.reach_m ? fmt::format("{:.6g} m", c.reach_m->value) : "unknown"}}});
    }
  } else if (kind == "direct_attach") {
    for (const DirectAttach& d : direct_attach()) {
      out.push_back({std::string(d.id),
                     {{"kind", std::string(name(d.kind))},
                      {"length", d.length_max_m ? fmt::format("{:.6g} m", d.length_max_m->value) : "unknown"},
                      {"summary", std::string(d.summary)}}});
    }
  } else if (kind == "switch") {
    for (const Switch& w : switches())
      out.push_back({std::string(w.id), {{"summary", std::string(w.summary)}}});
  } else if (kind == "name") {
    for (const NameEntry& n : names()) {
      std::set<std::string_view> pmds;
      for (const NameMeaning& m : n.meanings) pmds.insert(m.pmds.begin(), m.pmds.end());
      out.push_back(
          {std::string(n.id),
           {{"status", std::string(name(n.kind))}, {"meant", fmt::format("{}", fmt::join(pmds, ", "))}}});
    }
  } else {
    for (const Source& s : sources()) {
      out.push_back({std::string(s.key),
                     {{"title", std::string(s.title)}, {"reliability", std::string(s.reliability)}}});
    }
  }
  return out;
}

void print_lines(std::string_view kind, const std::vector<Line>& lines) {
  std::size_t width = 0;
  std::vector<std::size_t> widths(lines.empty() ? 0 : lines[0].columns.size(), 0);
  for (const Line& line : lines) {
    width = std::max(width, line.id.size());
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], line.columns[i].second.size());
  }
  fmt::print("{}\n", bold(fmt::format("{} ({})", kind, lines.size())));
  for (const Line& line : lines) {
    std::string text = fmt::format("  {:<{}}", line.id, width);
    for (std::size_t i = 0; i < widths.size(); ++i)
      text += fmt::format("  {:<{}}", line.columns[i].second, widths[i]);
    text.erase(text.find_last_not_of(' ') + 1);
    fmt::print("{}\n", text);
  }
}

std::vector<CatalogSheet> sheets_of(const std::string& name, const std::string& kind) {
  std::vector<CatalogSheet> out;
  const auto add = [&](std::string_view own, const auto* entry) {
    if (entry != nullptr && (kind.empty() || kind == own)) out.push_back(catalog_sheet(*entry));
  };
  add("pmd", find_pmd(name));
  add("device", find_device(name));
  add("fibre", find_fibre(name));
  add("connector", find_connector(name));
  add("form_factor", find_form_factor(name));
  const auto power_class = std::find_if(power_classes().begin(), power_classes().end(),
                                        [&](const PowerClass& p) { return same_name(p.id, name); });
  add("power_class", power_class != power_classes().end() ? &*power_class : nullptr);
  add("cage", find_cage(name));
  add("module", find_module(name));
  add("cable", find_cable(name));
  add("copper", find_copper(name));
  add("direct_attach", find_direct_attach(name));
  add("switch", find_switch(name));
  add("name", find_name(name));
  add("source", find_source(name));
  add("profile", find_profile(name));
  return out;
}

/// A name that is not an entry's, or not of that kind: what else it may be.
ErrorDetail refusal(const std::string& name, const std::string& kind) {
  const NameAnswer answer = resolve_name(name);
  std::vector<std::string_view> ids;
  for (const NameMatch& match : answer.matches) ids.push_back(match.id);
  const std::string problem =
      kind.empty() ? fmt::format("is '{}'", name) : fmt::format("is '{}', which is no {}", name, kind);
  return {"NAME", problem,
          ids.empty() ? "names of lightlane catalog list" : fmt::format("{}", fmt::join(ids, ", ")),
          answer.explanation};
}

/// Files as they are, and every .toml below a folder, in the order of names.
std::vector<std::string> toml_files(const std::vector<std::string>& paths) {
  namespace fs = std::filesystem;
  std::set<std::string> out;
  for (const std::string& path : paths) {
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      out.insert(path);
      continue;
    }
    const std::size_t before = out.size();
    for (fs::recursive_directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
      if (it->path().extension() == ".toml") out.insert(it->path().string());
    }
    if (error || out.size() == before)
      throw InputError({path, error ? "cannot be read: " + error.message() : "has no .toml file", "", ""});
  }
  return {out.begin(), out.end()};
}

struct Counts {
  std::size_t values = 0, sure = 0, likely = 0;
  void count(Confidence confidence) {
    ++values;
    sure += confidence == Confidence::sure;
    likely += confidence == Confidence::likely;
  }
};

Counts count_limits(const Tables& tables) {
  Counts counts;
  for (const Pmd& p : tables.pmds) {
    for (const auto& key : pmd_keys())
      if (const Limit& limit = key.get(p)) counts.count(limit->confidence);
  }
  return counts;
}

void print_check(const Tables& tables, const std::vector<Closure>& identities,
                 const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) fmt::print("{}\n", to_string(problem));
  const Counts counts = count_limits(tables);
  fmt::print(
      "{} PMDs with {} limits ({} sure, {} likely, {} unverified), {} devices, {} profiles, {} fibres, {} "
      "connectors, {} form factors, {} cages, {} modules, {} cables, {} copper types, {} direct-attach "
      "cables, {} "
      "switches, {} names, {} sources\n",
      tables.pmds.size(), counts.values, counts.sure, counts.likely,
      counts.values - counts.sure - counts.likely, tables.devices.size(), tables.profiles.size(),
      tables.fibres.size(), tables.connectors.size(), tables.form_factors.size(), tables.cages.size(),
      tables.modules.size(), tables.cables.size(), tables.coppers.size(), tables.direct_attach.size(),
      tables.switches.size(), tables.names.size(), tables.sources.size());
  const auto holding =
      std::count_if(identities.begin(), identities.end(), [](const Closure& c) { return c.holds; });
  fmt::print("{} of {} identities hold\n", holding, identities.size());
  for (const Closure& c : identities) {
    if (c.exception.empty()) continue;
    fmt::print("  exception: {} {}: {:.6g} printed, {:.6g} computed: {}\n", c.pmd->id, c.rule->name,
               c.printed, c.computed, c.exception);
  }
  fmt::print("{} problem{}\n", problems.size(), problems.size() == 1 ? "" : "s");
}

Json check_json(const Tables& tables, const std::vector<Closure>& identities,
                const std::vector<Problem>& problems) {
  const Counts counts = count_limits(tables);
  Json json = {{"pmds", tables.pmds.size()},
               {"limits", counts.values},
               {"limits_sure", counts.sure},
               {"limits_likely", counts.likely},
               {"devices", tables.devices.size()},
               {"profiles", tables.profiles.size()},
               {"fibres", tables.fibres.size()},
               {"connectors", tables.connectors.size()},
               {"form_factors", tables.form_factors.size()},
               {"power_classes", tables.power_classes.size()},
               {"cages", tables.cages.size()},
               {"modules", tables.modules.size()},
               {"cables", tables.cables.size()},
               {"coppers", tables.coppers.size()},
               {"direct_attach", tables.direct_attach.size()},
               {"switches", tables.switches.size()},
               {"names", tables.names.size()},
               {"sources", tables.sources.size()},
               {"identities", Json::array()},
               {"problems", Json::array()}};
  for (const Closure& c : identities) {
    json["identities"].push_back({{"pmd", c.pmd->id},
                                  {"rule", c.rule->name},
                                  {"printed", c.printed},
                                  {"computed", c.computed},
                                  {"tolerance", c.rule->tolerance},
                                  {"holds", c.holds},
                                  {"exception", c.exception.empty() ? Json() : Json(c.exception)}});
  }
  for (const Problem& p : problems)
    json["problems"].push_back({{"file", p.file}, {"line", p.line}, {"text", p.text}});
  return json;
}

}  // namespace

int run_catalog_list(const CatalogListOptions& options) {
  check_kind(options.kind);
  Json json = Json::object();
  bool first = true;
  for (const std::string_view kind : kinds) {
    if (!options.kind.empty() && options.kind != kind) continue;
    const std::vector<Line> lines = lines_of(kind);
    if (options.format == "text") {
      fmt::print("{}", first ? "" : "\n");
      print_lines(kind, lines);
    }
    Json& list = json[std::string(kind)] = Json::array();
    for (const Line& line : lines) {
      Json entry = {{"id", line.id}};
      for (const auto& [column, text] : line.columns) entry[column] = text;
      list.push_back(std::move(entry));
    }
    first = false;
  }
  if (options.format == "json") fmt::print("{}\n", json.dump(2));
  return ok;
}

int run_catalog_show(const CatalogShowOptions& options) {
  check_kind(options.kind);
  std::vector<CatalogSheet> sheets = sheets_of(options.name, options.kind);
  if (sheets.empty()) {
    const NameAnswer answer = resolve_name(options.name);
    if (answer.one()) sheets = sheets_of(std::string(answer.matches.front().id), options.kind);
    if (sheets.empty()) throw ConfigError(refusal(options.name, options.kind));
  }
  Json json = Json::array();
  for (const CatalogSheet& sheet : sheets) {
    if (options.format == "json") {
      json.push_back(to_json(sheet));
      continue;
    }
    if (&sheet != &sheets.front()) fmt::print("\n{}: ", sheet.kind);
    print_text(sheet);
  }
  if (options.format == "json") fmt::print("{}\n", json.dump(2));
  return ok;
}

int run_catalog_search(const CatalogSearchOptions& options) {
  const NameAnswer answer = resolve_name(options.name);
  if (options.format == "json") {
    fmt::print("{}\n", to_json(options.name, answer).dump(2));
  } else {
    print_text(options.name, answer);
  }
  return answer.one() ? ok : limit_not_met;
}

int run_catalog_check(const CatalogCheckOptions& options) {
  std::vector<Document> documents;
  for (const std::string& file : toml_files(options.files)) documents.push_back(read_document(file));
  Loaded loaded = load(documents, builtin());
  if (options.files.empty()) {
    loaded.tables = builtin();
    loaded.pmd_places.assign(pmds().size(), {"compiled in", 0, ""});
    loaded.profile_places.assign(profiles().size(), {"compiled in", 0, ""});
    loaded.module_places.assign(modules().size(), {"compiled in", 0, ""});
    loaded.cage_places.assign(cages().size(), {"compiled in", 0, ""});
  }
  std::vector<Problem> problems = loaded.problems;
  const std::vector<Problem> sense = sense_problems(loaded, builtin());
  problems.insert(problems.end(), sense.begin(), sense.end());
  const std::vector<Closure> identities = closures(loaded.tables);
  if (options.format == "json") {
    fmt::print("{}\n", check_json(loaded.tables, identities, problems).dump(2));
  } else {
    print_check(loaded.tables, identities, problems);
  }
  return problems.empty() ? ok : bad_input;
}

}  // namespace lightlane::cli

#include "cli/catalog_answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "cli/terminal.hpp"

namespace lightlane::cli {
namespace {

using namespace catalog;
using Json = nlohmann::ordered_json;

/// A few words of the entry, so that one is told from another.
std::string summary(const NameMatch& match) {
  if (match.kind == "pmd") {
    const Pmd* p = find_pmd(match.id);
    std::vector<std::string> parts = {fmt::format("{} Gb/s", p->rate_gbps)};
    if (p->lanes > 0)
      parts.push_back(fmt::format("{} x {:.7g} GBd {}", p->lanes, p->lane_rate_gbd, name(p->modulation)));
    for (const Reach& r : p->reach) parts.push_back(fmt::format("{} {:.6g} m", r.fibre, r.length_m.value));
    parts.push_back(p->standard.empty() ? std::string(p->publisher) : std::string(p->standard));
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  if (const Fibre* f = find_fibre(match.id); f != nullptr && match.kind == "fibre")
    return std::string(f->summary);
  if (const Connector* c = find_connector(match.id); c != nullptr && match.kind == "connector")
    return std::string(c->summary);
  if (const Device* d = find_device(match.id); d != nullptr && match.kind == "device")
    return std::string(d->summary);
  if (const FormFactor* f = find_form_factor(match.id); f != nullptr && match.kind == "form_factor")
    return std::string(f->summary);
  if (const Cage* c = find_cage(match.id); c != nullptr && match.kind == "cage")
    return std::string(c->summary);
  if (const Module* m = find_module(match.id); m != nullptr && match.kind == "module")
    return fmt::format("{}, {}, {}", m->summary, m->form_factor, m->pmd);
  if (const Cable* c = find_cable(match.id); c != nullptr && match.kind == "cable")
    return std::string(c->summary);
  if (const Copper* c = find_copper(match.id); c != nullptr && match.kind == "copper")
    return fmt::format("{} Gb/s over copper, {} x {:.7g} GBd {}", c->rate_gbps, c->lanes, c->lane_rate_gbd,
                       name(c->modulation));
  if (const DirectAttach* d = find_direct_attach(match.id); d != nullptr && match.kind == "direct_attach")
    return std::string(d->summary);
  if (const Switch* w = find_switch(match.id); w != nullptr && match.kind == "switch")
    return std::string(w->summary);
  if (const Source* s = find_source(match.id); s != nullptr && match.kind == "source")
    return std::string(s->title);
  return {};
}

std::string_view headline(const NameAnswer& answer) {
  switch (answer.status) {
    case NameStatus::exact:
      return "an entry of the catalogue";
    case NameStatus::alias:
      return "another name of";
    case NameStatus::ambiguous:
      return "ambiguous: it may mean";
    case NameStatus::nonexistent:
      return "does not exist; what may be meant";
    case NameStatus::unlisted:
      return "exists, and is not in the catalogue; akin to it";
    case NameStatus::unknown:
      break;
  }
  return answer.matches.empty() ? "unknown; see lightlane catalog list" : "unknown; near it";
}

Json sources(std::string_view joined) {
  Json out = Json::array();
  for (std::size_t at = 0; at < joined.size();) {
    const std::size_t end = std::min(joined.find(", ", at), joined.size());
    out.push_back(joined.substr(at, end - at));
    at = end + 2;
  }
  return out;
}

std::string rests_on(const Provenance& p) { return fmt::format("[{}; {}]", name(p.confidence), p.source); }

}  // namespace

void print_text(const std::string& name, const NameAnswer& answer) {
  fmt::print("{}  {}\n", bold(name), headline(answer));
  std::size_t kind_width = 0, id_width = 0;
  for (const NameMatch& match : answer.matches) {
    kind_width = std::max(kind_width, match.kind.size());
    id_width = std::max(id_width, match.id.size());
  }
  for (const NameMatch& match : answer.matches)
    fmt::print("  {:<{}}  {:<{}}  {}\n", match.kind, kind_width, match.id, id_width, summary(match));
  if (!answer.explanation.empty()) {
    fmt::print("\n{}{}\n", answer.explanation,
               answer.entry != nullptr ? " " + rests_on(answer.entry->provenance) : "");
  }
  if (answer.entry == nullptr) return;
  for (const NameMeaning& m : answer.entry->meanings) {
    fmt::print("  - {}{}{} {}\n", fmt::join(m.pmds, ", "), m.pmds.empty() ? "" : ": ", m.text,
               rests_on(m.provenance));
  }
}

Json to_json(const std::string& name, const NameAnswer& answer) {
  Json out = {{"name", name}, {"status", catalog::name(answer.status)}, {"matches", Json::array()}};
  for (const NameMatch& match : answer.matches)
    out["matches"].push_back({{"kind", match.kind}, {"id", match.id}, {"summary", summary(match)}});
  out["explanation"] = answer.explanation.empty() ? Json() : Json(answer.explanation);
  if (answer.entry == nullptr) return out;
  out["confidence"] = catalog::name(answer.entry->provenance.confidence);
  out["source"] = sources(answer.entry->provenance.source);
  out["meanings"] = Json::array();
  for (const NameMeaning& m : answer.entry->meanings) {
    Json pmds = Json::array();
    for (const std::string_view pmd : m.pmds) pmds.push_back(pmd);
    out["meanings"].push_back({{"text", m.text},
                               {"pmds", std::move(pmds)},
                               {"confidence", catalog::name(m.provenance.confidence)},
                               {"source", sources(m.provenance.source)}});
  }
  return out;
}

}  // namespace lightlane::cli

#include "cli/catalog_sheet.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/terminal.hpp"
#include "lightlane/catalog/closure.hpp"
#include "lightlane/catalog/schema.hpp"

namespace lightlane::cli {
namespace {

using namespace catalog;
using Json = nlohmann::ordered_json;

CatalogRow row(std::string_view key, Json value, const Provenance& p, std::string_view unit = {}) {
  return {key, std::move(value), unit, 0, 0, name(p.confidence), p.source, p.note, {}};
}

CatalogRow row(std::string_view key, const Limit& limit, std::string_view unit, std::string_view meaning) {
  CatalogRow out;
  out.key = key;
  out.unit = unit;
  out.meaning = meaning;
  if (limit) {
    out.value = limit->value;
    out.confidence = name(limit->confidence);
    out.source = limit->source;
    out.note = limit->note;
  }
  return out;
}

template <class Owner>
bool worth_saying(const LimitKey<Owner>&, const Owner&) {
  return true;
}
bool worth_saying(const LimitKey<Pmd>& key, const Pmd& pmd) {
  return key.get(pmd).has_value() || applies(key, pmd);
}

template <class Owner>
CatalogSection limits(const Owner& owner, std::string_view table, std::span<const LimitKey<Owner>> keys) {
  CatalogSection section{table, {}};
  for (const auto& key : keys)
    if (key.table == table && worth_saying(key, owner))
      section.rows.push_back(row(key.key, key.get(owner), key.unit, key.meaning));
  return section;
}

Json texts(std::span<const std::string_view> list) {
  Json out = Json::array();
  for (const std::string_view text : list) out.push_back(text);
  return out;
}

/// Null where the text is empty: unknown, or there is none.
Json text_or_null(std::string_view text) { return text.empty() ? Json() : Json(text); }
template <class Number>
Json number_or_null(Number number) {
  return number == 0 ? Json() : Json(number);
}

void properties(CatalogSheet& sheet, const Properties& p, PropertyKey::Owner owner) {
  CatalogSection section{"values", {}};
  for (const PropertyKey& key : property_keys()) {
    if (key.owner != owner) continue;
    const auto is_key = [&](const auto& entry) { return entry.key == key.key; };
    if (const auto n = std::find_if(p.numbers.begin(), p.numbers.end(), is_key); n != p.numbers.end()) {
      const TypicalValue& v = n->value;
      section.rows.push_back({key.key, v.typical, key.unit, v.spread, v.per_kelvin, name(v.confidence),
                              v.source, v.note, key.meaning});
    } else if (const auto t = std::find_if(p.texts.begin(), p.texts.end(), is_key); t != p.texts.end()) {
      section.rows.push_back(row(key.key, t->text, t->provenance));
      section.rows.back().meaning = key.meaning;
    } else if (const auto l = std::find_if(p.lists.begin(), p.lists.end(), is_key); l != p.lists.end()) {
      section.rows.push_back(row(key.key, Json(std::vector<double>(l->values.begin(), l->values.end())),
                                 l->provenance, key.unit));
      section.rows.back().meaning = key.meaning;
    }
  }
  sheet.sections.push_back(std::move(section));
}

Json wavelengths(const Pmd& p) {
  Json out = Json::array();
  for (const Wavelength& w : p.wavelengths) {
    Json lane = {{"lane", w.lane}};
    if (w.end != End::both) lane["end"] = name(w.end);
    lane["nominal_nm"] = w.nominal_nm;
    lane["min_nm"] = w.min_nm ? Json(*w.min_nm) : Json();
    lane["max_nm"] = w.max_nm ? Json(*w.max_nm) : Json();
    out.push_back(std::move(lane));
  }
  return out.empty() ? Json() : out;
}

CatalogSection identity(const Pmd& p) {
  Provenance medium = p.medium;  // its note speaks of the connector
  medium.note = {};
  return {
      "",
      {row("aliases", texts(p.aliases), p.identity), row("publisher", p.publisher, p.identity),
       row("standard", text_or_null(p.standard), p.identity),
       row("edition", text_or_null(p.edition), p.identity), row("clause", text_or_null(p.clause), p.identity),
       row("rate_gbps", p.rate_gbps, p.identity, "Gb/s"), row("lanes", number_or_null(p.lanes), p.signal),
       row("lane_rate_gbd", number_or_null(p.lane_rate_gbd), p.signal, "GBd"),
       row("modulation", name(p.modulation), p.signal), row("coherent", p.coherent(), p.signal),
       row("wavelengths", wavelengths(p), p.wavelength), row("fibre", name(p.fibre), medium),
       row("fibre_count", number_or_null(p.fibre_count), medium),
       row("connector", name(p.connector), p.medium), row("polish", name(p.polish), medium),
       row("single_fibre_bidirectional", p.single_fibre_bidirectional, medium)}};
}

std::string shown(const Json& value) {
  if (value.is_null()) return "unknown";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number_float()) return fmt::format("{:.7g}", value.get<double>());
  if (!value.is_array()) return value.dump();
  std::vector<std::string> items;
  for (const Json& item : value) {
    if (!item.is_object()) {
      items.push_back(shown(item));
    } else if (item["min_nm"].is_null()) {
      items.push_back(fmt::format("{}{:.7g}",
                                  item.contains("end") ? item["end"].get<std::string>() + " " : "",
                                  item["nominal_nm"].get<double>()));
    } else {
      items.push_back(fmt::format("{:.7g} ({:.7g} to {:.7g})", item["nominal_nm"].get<double>(),
                                  item["min_nm"].get<double>(), item["max_nm"].get<double>()));
    }
  }
  // Lanes that are alike are said once.
  if (items.size() > 1 && value[0].is_object() && std::equal(items.begin() + 1, items.end(), items.begin())) {
    return fmt::format("{} x {}", items.size(), items[0]);
  }
  return items.empty() ? "none" : fmt::format("{}", fmt::join(items, ", "));
}

std::string tail(const CatalogRow& r) {
  std::string out;
  if (r.spread != 0) out += fmt::format("+- {:.6g}", r.spread);
  if (r.per_kelvin != 0) out += fmt::format("{}{:+.6g}/K", out.empty() ? "" : ", ", r.per_kelvin);
  if (!r.note.empty()) out += fmt::format("{}{}", out.empty() ? "" : "; ", r.note);
  return out;
}

}  // namespace

CatalogSheet catalog_sheet(const Pmd& p) {
  CatalogSheet sheet{"pmd", std::string(p.id), "", {}, {p.notes.begin(), p.notes.end()}};
  sheet.title = p.standard.empty()
                    ? fmt::format("{} type", p.publisher)
                    : fmt::format("{}{}{}{}", p.standard, p.edition.empty() ? "" : " ", p.edition,
                                  p.clause.empty() ? "" : fmt::format(", clause {}", p.clause));
  sheet.sections.push_back(identity(p));
  CatalogSection reach{"reach", {}};
  for (const Reach& r : p.reach) reach.rows.push_back(row(r.fibre, Limit(r.length_m), "m", ""));
  sheet.sections.push_back(std::move(reach));
  for (const char* group : {"tx", "rx", "channel", "budget", "measurement", "eye_mask", "fec", "power"}) {
    sheet.sections.push_back(limits(p, group, pmd_keys()));
    std::vector<CatalogRow>& rows = sheet.sections.back().rows;
    if (sheet.sections.back().name == "tx") {
      rows.insert(rows.begin(), {"penalty_metric", name(p.tx.penalty_metric), "", 0, 0, "", "", "", ""});
    } else if (sheet.sections.back().name == "fec") {
      rows.insert(rows.begin(), {row("kind", name(p.fec.kind), p.fec.provenance),
                                 row("text", text_or_null(p.fec.text), p.fec.provenance)});
    }
  }
  sheet.sections.push_back({"host",
                            {row("interfaces", texts(p.host_interfaces), p.host),
                             row("form_factors", texts(p.form_factors), p.host)}});
  const ManagementCodes& c = p.cmis;
  sheet.sections.push_back(
      {"cmis",
       {row("media_type", text_or_null(c.media_type), c.provenance),
        row("media_ids", texts(c.media_ids), c.provenance), row("host_ids", texts(c.host_ids), c.provenance),
        row("sff8636_codes", texts(c.sff8636_codes), c.provenance)}});
  sheet.sections.push_back({"breakout", {row("partners", texts(p.breakout), p.breakout_provenance)}});
  CatalogSection modes{"mode", {}};
  for (const OtherMode& m : p.modes)
    modes.rows.push_back(row(m.pmd, fmt::format("{} of it: {}", m.count, m.text), m.provenance));
  if (!modes.rows.empty()) sheet.sections.push_back(std::move(modes));
  CatalogSection exceptions{"exceptions", {}};
  for (const ClosureException& e : p.exceptions)
    exceptions.rows.push_back({e.rule, e.reason, "", 0, 0, "", "", "", ""});
  if (!exceptions.rows.empty()) sheet.sections.push_back(std::move(exceptions));
  return sheet;
}

CatalogSheet catalog_sheet(const Device& d) {
  CatalogSheet sheet{
      "device", std::string(d.id), fmt::format("typical {}: {}", name(d.kind), d.summary), {}, {}};
  sheet.sections.push_back({"",
                            {{"reference_temperature_c", d.reference_temperature_c, "C", 0, 0, "", "", "",
                              "case temperature of the typical values"}}});
  properties(sheet, d, static_cast<PropertyKey::Owner>(d.kind));
  return sheet;
}

CatalogSheet catalog_sheet(const Profile& p) {
  CatalogSheet sheet{
      "profile", std::string(p.pmd), "typical module and plant that the name alone selects", {}, {}};
  if (!p.provenance.note.empty()) sheet.notes.push_back(p.provenance.note);
  CatalogSection section{"", {}};
  Provenance provenance = p.provenance;
  provenance.note = {};
  for (const auto& [key, text] : {std::pair("transmitter", p.transmitter),
                                  {"receiver", p.receiver},
                                  {"dsp", p.dsp},
                                  {"fibre", p.fibre},
                                  {"connector", p.connector}}) {
    section.rows.push_back(row(key, text, provenance));
  }
  sheet.sections.push_back(std::move(section));
  properties(sheet, p, PropertyKey::Owner::profile);
  return sheet;
}

CatalogSheet catalog_sheet(const Fibre& f) {
  CatalogSheet sheet{"fibre", std::string(f.id), std::string(f.summary), {}, {}};
  sheet.sections.push_back(limits(f, "", fibre_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(rows.begin(), {{"aliases", texts(f.aliases), "", 0, 0, "", "", "", ""},
                             {"kind", name(f.kind), "", 0, 0, "", "", "", ""}});
  static constexpr std::pair<double, std::string_view> names[] = {{850, "attenuation_850_nm"},
                                                                  {953, "attenuation_953_nm"},
                                                                  {1300, "attenuation_1300_nm"},
                                                                  {1310, "attenuation_1310_nm"},
                                                                  {1550, "attenuation_1550_nm"}};
  for (const Attenuation& a : f.attenuation) {
    const auto found = std::find_if(std::begin(names), std::end(names),
                                    [&](const auto& n) { return n.first == a.wavelength_nm; });
    CatalogSection section = limits(a, "", attenuation_keys());
    section.name = found != std::end(names) ? found->second : "attenuation";
    section.rows.insert(section.rows.begin(), {"wavelength_nm", a.wavelength_nm, "nm", 0, 0, "", "", "", ""});
    sheet.sections.push_back(std::move(section));
  }
  return sheet;
}

CatalogSheet catalog_sheet(const Connector& c) {
  CatalogSheet sheet{"connector", std::string(c.id), std::string(c.summary), {}, {}};
  sheet.sections.push_back(limits(c, "", connector_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(rows.begin(), {{"aliases", texts(c.aliases), "", 0, 0, "", "", "", ""},
                             {"kind", name(c.kind), "", 0, 0, "", "", "", ""},
                             {"polish", name(c.polish), "", 0, 0, "", "", "", ""}});
  return sheet;
}

CatalogSheet catalog_sheet(const Source& s) {
  CatalogSheet sheet{"source", std::string(s.key), std::string(s.title), {}, {}};
  sheet.sections.push_back({"",
                            {{"reference", s.reference, "", 0, 0, "", "", "", ""},
                             {"reliability", s.reliability, "", 0, 0, "", "", "", ""}}});
  return sheet;
}

CatalogSheet catalog_sheet(const NameEntry& n) {
  CatalogSheet sheet{"name", std::string(n.id), std::string(n.text), {}, {}};
  sheet.sections.push_back(
      {"", {row("aliases", texts(n.aliases), n.provenance), row("status", name(n.kind), n.provenance)}});
  static constexpr std::string_view numbered[] = {"meaning_1", "meaning_2", "meaning_3", "meaning_4"};
  for (std::size_t i = 0; i < std::min(n.meanings.size(), std::size(numbered)); ++i) {
    const NameMeaning& m = n.meanings[i];
    sheet.sections.push_back(
        {numbered[i], {row("pmds", texts(m.pmds), m.provenance), row("text", m.text, m.provenance)}});
  }
  return sheet;
}

CatalogSheet catalog_sheet(const FormFactor& f) {
  CatalogSheet sheet{"form_factor", std::string(f.id), std::string(f.summary), {}, {}};
  sheet.sections.push_back(limits(f, "", form_factor_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(rows.begin(), {row("aliases", texts(f.aliases), f.provenance),
                             row("identifier", text_or_null(f.identifier), f.provenance),
                             row("management", name(f.management), f.provenance)});
  return sheet;
}

CatalogSheet catalog_sheet(const PowerClass& p) {
  CatalogSheet sheet{
      "power_class", std::string(p.id), fmt::format("class {} of {}", p.number, name(p.management)), {}, {}};
  sheet.sections.push_back(limits(p, "", power_class_keys()));
  return sheet;
}

CatalogSheet catalog_sheet(const Cage& c) {
  CatalogSheet sheet{"cage", std::string(c.id), std::string(c.summary), {}, {}};
  sheet.sections.push_back({"",
                            {{"aliases", texts(c.aliases), "", 0, 0, "", "", "", ""},
                             {"form_factor", c.form_factor, "", 0, 0, "", "", "", ""}}});
  for (const CageFit& f : c.fits) {
    CatalogSection section{f.form_factor, {row("fits", f.fits, f.provenance)}};
    if (f.fits)
      section.rows.push_back(row("host_lanes", f.host_lanes, "", "lanes of the cage that are in use"));
    if (!f.text.empty()) section.rows.push_back(row("text", f.text, f.provenance));
    sheet.sections.push_back(std::move(section));
  }
  return sheet;
}

CatalogSheet catalog_sheet(const Module& m) {
  CatalogSheet sheet{"module", std::string(m.id), std::string(m.summary), {}, {}};
  sheet.sections.push_back(limits(m, "", module_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(rows.begin(), {row("aliases", texts(m.aliases), m.provenance),
                             row("form_factor", m.form_factor, m.provenance), row("pmd", m.pmd, m.provenance),
                             row("host_interface", text_or_null(m.host_interface), m.provenance),
                             row("fec_in_module", m.fec_in_module, m.provenance)});
  static constexpr std::string_view numbered[] = {"application_1", "application_2", "application_3",
                                                  "application_4", "application_5", "application_6",
                                                  "application_7", "application_8"};
  for (std::size_t i = 0; i < std::min(m.applications.size(), std::size(numbered)); ++i) {
    const ModuleApplication& a = m.applications[i];
    sheet.sections.push_back(
        {numbered[i],
         {row("host_id", a.host_id, a.provenance), row("media_id", a.media_id, a.provenance),
          row("host_lanes", a.host_lanes, a.provenance), row("media_lanes", a.media_lanes, a.provenance),
          row("host_assignment", text_or_null(a.host_assignment), a.provenance)}});
  }
  return sheet;
}

CatalogSheet catalog_sheet(const Cable& c) {
  CatalogSheet sheet{"cable", std::string(c.id), std::string(c.summary), {}, {}};
  sheet.sections.push_back(
      {"",
       {row("aliases", texts(c.aliases), c.provenance), row("kind", name(c.kind), c.provenance),
        row("fibre", name(c.fibre), c.provenance), row("polarity", text_or_null(c.polarity), c.provenance)}});
  for (const auto& [section, end] :
       {std::pair<std::string_view, const CableEnd&>("end_a", c.a), {"end_b", c.b}}) {
    sheet.sections.push_back(
        {section,
         {row("connector", name(end.connector), c.provenance), row("gender", name(end.gender), c.provenance),
          row("polish", name(end.polish), c.provenance)}});
  }
  static constexpr std::string_view numbered[] = {"leg_1", "leg_2", "leg_3", "leg_4",
                                                  "leg_5", "leg_6", "leg_7", "leg_8"};
  CatalogSection legs{"legs", {}};
  const int width = positions(c.b.connector);
  for (int leg = 0; leg < std::min<int>(c.legs, std::size(numbered)); ++leg) {
    Json map = Json::array();
    for (int i = 1; i <= width; ++i) map.push_back(c.position_at_a(leg, i));
    legs.rows.push_back(row(numbered[leg], std::move(map), c.provenance));
    legs.rows.back().meaning = "by position of end b: the position at end a, 0 = no fibre";
  }
  sheet.sections.push_back(std::move(legs));
  return sheet;
}

CatalogSheet catalog_sheet(const Copper& c) {
  CatalogSheet sheet{"copper", std::string(c.id), fmt::format("{} Gb/s over copper", c.rate_gbps), {}, {}};
  sheet.sections.push_back(limits(c, "", copper_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(
      rows.begin(),
      {row("aliases", texts(c.aliases), c.provenance), row("publisher", c.publisher, c.provenance),
       row("standard", text_or_null(c.standard), c.provenance),
       row("edition", text_or_null(c.edition), c.provenance),
       row("clause", text_or_null(c.clause), c.provenance), row("rate_gbps", c.rate_gbps, c.provenance),
       row("lanes", c.lanes, c.provenance), row("lane_rate_gbd", c.lane_rate_gbd, c.provenance),
       row("modulation", name(c.modulation), c.provenance),
       row("host_id", text_or_null(c.host_id), c.provenance)});
  sheet.notes.assign(c.notes.begin(), c.notes.end());
  return sheet;
}

CatalogSheet catalog_sheet(const DirectAttach& d) {
  CatalogSheet sheet{"direct_attach", std::string(d.id), std::string(d.summary), {}, {}};
  sheet.sections.push_back(limits(d, "", direct_attach_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(rows.begin(),
              {row("aliases", texts(d.aliases), d.provenance), row("kind", name(d.kind), d.provenance),
               row("copper", text_or_null(d.copper), d.provenance), row("gearbox", d.gearbox, d.provenance),
               row("legs", d.legs, d.provenance)});
  for (const auto& [section, end] :
       {std::pair<std::string_view, const DirectAttachEnd&>("end_a", d.a), {"end_b", d.b}}) {
    sheet.sections.push_back(limits(end, "", direct_attach_end_keys()));
    sheet.sections.back().name = section;
    std::vector<CatalogRow>& own = sheet.sections.back().rows;
    own.insert(own.begin(), row("form_factor", end.form_factor, d.provenance));
  }
  return sheet;
}

CatalogSheet catalog_sheet(const Switch& s) {
  CatalogSheet sheet{"switch", std::string(s.id), std::string(s.summary), {}, {}};
  sheet.sections.push_back(limits(s, "", switch_keys()));
  std::vector<CatalogRow>& rows = sheet.sections.back().rows;
  rows.insert(rows.begin(),
              {row("aliases", texts(s.aliases), s.provenance), row("ports", s.port_count(), s.provenance)});
  static constexpr std::string_view numbered[] = {"ports_1", "ports_2", "ports_3", "ports_4",
                                                  "ports_5", "ports_6", "ports_7", "ports_8"};
  for (std::size_t i = 0; i < std::min(s.ports.size(), std::size(numbered)); ++i) {
    const SwitchPorts& p = s.ports[i];
    CatalogSection section = limits(p, "", switch_port_keys());
    section.name = numbered[i];
    section.rows.insert(section.rows.begin(),
                        {row("first", p.first, p.provenance), row("last", p.last, p.provenance),
                         row("step", p.step, p.provenance), row("cage", p.cage, p.provenance)});
    sheet.sections.push_back(std::move(section));
  }
  return sheet;
}

void print_text(const CatalogSheet& sheet) {
  fmt::print("{}  {}\n", bold(sheet.id), sheet.title);
  for (const CatalogSection& section : sheet.sections) {
    std::vector<std::string_view> unknown;
    std::size_t key_width = 0, value_width = 0, source_width = 0;
    for (const CatalogRow& r : section.rows) {
      if (r.value.is_null()) {
        unknown.push_back(r.key);
        continue;
      }
      key_width = std::max(key_width, r.key.size());
      source_width = std::max(source_width, r.source.size());
      const std::size_t width = shown(r.value).size() + (r.unit.empty() ? 0 : r.unit.size() + 1);
      if (width <= 24) value_width = std::max(value_width, width);
    }
    if (section.rows.empty()) continue;
    fmt::print("{}{}", section.name.empty() ? "" : "\n",
               section.name.empty() ? "" : bold(section.name) + "\n");
    for (const CatalogRow& r : section.rows) {
      if (r.value.is_null()) continue;
      const std::string value = shown(r.value) + (r.unit.empty() ? "" : fmt::format(" {}", r.unit));
      std::string line =
          fmt::format("  {:<{}}  {:<{}}  {:<10}  {:<{}}  {}", r.key, key_width, value, value_width,
                      r.confidence, r.source, std::min<std::size_t>(source_width, 24), tail(r));
      line.erase(line.find_last_not_of(' ') + 1);
      fmt::print("{}\n", line);
    }
    if (!unknown.empty()) fmt::print("  unknown: {}\n", fmt::join(unknown, ", "));
  }
  for (const std::string_view note : sheet.notes) fmt::print("\n{}\n", note);
}

Json to_json(const CatalogSheet& sheet) {
  Json out = {{"kind", sheet.kind}, {"id", sheet.id}, {"title", sheet.title}};
  for (const CatalogSection& section : sheet.sections) {
    if (section.rows.empty()) continue;
    Json& target = section.name.empty() ? out : out[std::string(section.name)];
    if (!section.name.empty()) target = Json::object();
    for (const CatalogRow& r : section.rows) {
      Json& entry = target[std::string(r.key)];
      entry = {{"value", r.value}};
      if (!r.unit.empty()) entry["unit"] = r.unit;
      if (r.spread != 0) entry["spread"] = r.spread;
      if (r.per_kelvin != 0) entry["per_kelvin"] = r.per_kelvin;
      if (!r.source.empty()) {
        entry["confidence"] = r.confidence;
        entry["source"] = Json::array();
        for (std::size_t at = 0; at < r.source.size();) {
          const std::size_t end = std::min(r.source.find(", ", at), r.source.size());
          entry["source"].push_back(r.source.substr(at, end - at));
          at = end + 2;
        }
      }
      if (!r.note.empty()) entry["note"] = r.note;
      if (!r.meaning.empty()) entry["meaning"] = r.meaning;
    }
  }
  out["notes"] = texts(sheet.notes);
  return out;
}

}  // namespace lightlane::cli

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/catalog/closure.hpp"
#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {
namespace {

constexpr std::string_view reach_fibres[] = {
    "SMF", "SMF engineered", "SMF unamplified", "SMF amplified DWDM", "SMF DWDM", "OM3", "OM4", "OM5"};

}  // namespace

Scope Reader::pmd_identity(Pmd& out, const Node& table) {
  names(out, table, "pmd");
  out.publisher = text(table, "pmd", "publisher", true);
  out.standard = text(table, "pmd", "standard");
  out.edition = text(table, "pmd", "edition");
  out.clause = text(table, "pmd", "clause");
  if (!table.contains("rate_gbps")) refuse(table, "pmd.rate_gbps: is missing");
  out.rate_gbps = whole(table, "pmd", "rate_gbps", 1, 10000, 0);
  out.notes = texts(table, "pmd", "notes");
  Scope identity = scope(table, "pmd", {});
  need(table, fmt::format("pmd '{}'", out.id), identity);
  out.identity = identity.provenance;
  identity.provenance.note = {};
  out.signal = out.wavelength = out.medium = identity.provenance;
  return identity;
}

void Reader::pmd_signal(Pmd& out, const Node& table, const Scope& identity) {
  const std::string path = "pmd.signal";
  allow(table, path, with_provenance({"lanes", "lane_rate_gbd", "modulation"}));
  out.signal = provenance(table, path, identity);
  out.lanes = whole(table, path, "lanes", 1, 32, 0);
  out.lane_rate_gbd = number(table, path, "lane_rate_gbd", 1, 300).value_or(0);
  out.modulation = word(table, path, "modulation", line_code_words(), LineCode::unknown);
}

void Reader::pmd_medium(Pmd& out, const Node& table, const Scope& identity) {
  const std::string path = "pmd.medium";
  allow(table, path,
        with_provenance({"fibre", "fibre_count", "connector", "polish", "single_fibre_bidirectional"}));
  out.medium = provenance(table, path, identity);
  out.fibre = word(table, path, "fibre", fibre_kind_words(), FibreKind::single_mode);
  out.fibre_count = whole(table, path, "fibre_count", 1, 64, 0);
  out.connector = word(table, path, "connector", pmd_connector_words(), PmdConnector::unknown);
  out.polish = word(table, path, "polish", polish_words(), Polish::unknown);
  out.single_fibre_bidirectional = flag(table, path, "single_fibre_bidirectional");
}

void Reader::pmd_wavelengths(Pmd& out, const Node& table) {
  const std::string path = "pmd.wavelength.lanes";
  const Node* lanes = table.get("lanes");
  if (lanes == nullptr || !lanes->is_array()) {
    refuse(table, path + ": is not a list of tables");
    return;
  }
  std::vector<Wavelength> list;
  for (const Node& item : lanes->items) {
    if (!item.is_table()) {
      refuse(item, path + ": is not a list of tables");
      continue;
    }
    allow(item, path, {"lane", "end", "nominal_nm", "min_nm", "max_nm"});
    Wavelength w;
    w.lane = whole(item, path, "lane", 0, 31, -1);
    w.end = word(item, path, "end", end_words(), End::both);
    w.nominal_nm = number(item, path, "nominal_nm", 700, 1700).value_or(0);
    w.min_nm = number(item, path, "min_nm", 700, 1700);
    w.max_nm = number(item, path, "max_nm", 700, 1700);
    if (w.lane < 0 || w.nominal_nm == 0) refuse(item, path + ": needs lane and nominal_nm");
    if ((w.min_nm && *w.min_nm > w.nominal_nm) || (w.max_nm && *w.max_nm < w.nominal_nm)) {
      refuse(item, path + ": nominal_nm lies outside of min_nm to max_nm");
    }
    list.push_back(w);
  }
  out.wavelengths = Memory::keep(memory_.wavelengths, std::move(list));
}

void Reader::pmd_reach(Pmd& out, const Node& table, const Scope& identity) {
  Keys keys = with_provenance({});
  keys.insert(keys.end(), std::begin(reach_fibres), std::end(reach_fibres));
  allow(table, "pmd.reach", keys);
  const Scope own = scope(table, "pmd.reach", identity);
  std::vector<Reach> list;
  for (const std::string_view fibre : reach_fibres) {
    const Node* node = table.get(fibre);
    if (node == nullptr) continue;
    Limit value = limit(*node, fmt::format("pmd.reach.{}", fibre), own, 0.5, 1e6, "m");
    if (!value) continue;
    if (value->note.empty()) value->note = own.provenance.note;
    list.push_back({fibre, *value});
  }
  out.reach = Memory::keep(memory_.reaches, std::move(list));
}

void Reader::pmd_group(Pmd& out, const Node& table, std::string_view name,
                       std::initializer_list<std::string_view> more) {
  const Node* t = child(table, "pmd", name);
  if (t == nullptr) return;
  const std::string path = fmt::format("pmd.{}", name);
  Keys keys = with_provenance(more);
  add_keys(keys, name, pmd_keys());
  allow(*t, path, keys);
  const Scope own = scope(*t, path, {});
  limits(out, *t, path, name, pmd_keys(), own);
  if (own.provenance.note.empty()) return;
  for (const auto& key : pmd_keys()) {  // what is said of the group is said of each value
    Limit& limit = key.slot(out);
    if (key.table == name && limit && limit->note.empty()) limit->note = own.provenance.note;
  }
}

void Reader::pmd_texts(Pmd& out, const Node& table) {
  if (const Node* t = child(table, "pmd", "fec")) {
    out.fec.kind = word(*t, "pmd.fec", "kind", fec_kind_words(), FecKind::unknown);
    out.fec.text = text(*t, "pmd.fec", "text");
    out.fec.provenance = provenance(*t, "pmd.fec");
  }
  if (const Node* t = child(table, "pmd", "host")) {
    allow(*t, "pmd.host", with_provenance({"interfaces", "form_factors"}));
    out.host = provenance(*t, "pmd.host");
    out.host_interfaces = texts(*t, "pmd.host", "interfaces");
    out.form_factors = texts(*t, "pmd.host", "form_factors");
  }
  if (const Node* t = child(table, "pmd", "cmis")) {
    allow(*t, "pmd.cmis", with_provenance({"media_type", "media_ids", "host_ids", "sff8636_codes"}));
    out.cmis.provenance = provenance(*t, "pmd.cmis");
    out.cmis.media_type = text(*t, "pmd.cmis", "media_type");
    out.cmis.media_ids = texts(*t, "pmd.cmis", "media_ids");
    out.cmis.host_ids = texts(*t, "pmd.cmis", "host_ids");
    out.cmis.sff8636_codes = texts(*t, "pmd.cmis", "sff8636_codes");
  }
  if (const Node* t = child(table, "pmd", "breakout")) {
    allow(*t, "pmd.breakout", with_provenance({"partners"}));
    out.breakout_provenance = provenance(*t, "pmd.breakout");
    out.breakout = texts(*t, "pmd.breakout", "partners");
  }
}

void Reader::pmd_modes(Pmd& out, const Node& list) {
  std::vector<OtherMode> modes;
  for (const Node& table : list.items) {
    const std::string path = "pmd.mode";
    allow(table, path, with_provenance({"pmd", "count", "text"}));
    OtherMode mode;
    mode.pmd = text(table, path, "pmd");
    mode.count = whole(table, path, "count", 1, 8, 1);
    mode.text = text(table, path, "text");
    mode.provenance = provenance(table, path);
    if (mode.pmd.empty() || mode.text.empty()) refuse(table, path + ": needs pmd and text");
    if (!mode.pmd.empty()) refer(*table.get("pmd"), Reference::Kind::pmd, mode.pmd);
    modes.push_back(mode);
  }
  out.modes = Memory::keep(memory_.modes, std::move(modes));
}

void Reader::pmd_exceptions(Pmd& out, const Node& table) {
  Keys keys;
  for (const ClosureRule& rule : closure_rules()) keys.push_back(rule.name);
  allow(table, "pmd.exceptions", keys);
  std::vector<ClosureException> list;
  for (const std::string_view rule : keys) {
    const std::string_view reason = text(table, "pmd.exceptions", rule);
    if (!reason.empty()) list.push_back({rule, reason});
  }
  out.exceptions = Memory::keep(memory_.exceptions, std::move(list));
}

void Reader::pmd(const Node& table) {
  allow(table, "pmd",
        with_provenance({"id",      "aliases",  "publisher",   "standard", "edition", "clause", "rate_gbps",
                         "notes",   "signal",   "wavelength",  "medium",   "reach",   "tx",     "rx",
                         "channel", "budget",   "measurement", "eye_mask", "fec",     "host",   "power",
                         "cmis",    "breakout", "exceptions",  "mode"}));
  Pmd out;
  const Scope identity = pmd_identity(out, table);
  if (const Node* t = child(table, "pmd", "signal")) pmd_signal(out, *t, identity);
  if (const Node* t = child(table, "pmd", "medium")) pmd_medium(out, *t, identity);
  if (const Node* t = child(table, "pmd", "wavelength")) {
    allow(*t, "pmd.wavelength", with_provenance({"lanes"}));
    out.wavelength = provenance(*t, "pmd.wavelength", identity);
    pmd_wavelengths(out, *t);
  }
  if (const Node* t = child(table, "pmd", "reach")) pmd_reach(out, *t, identity);
  if (const Node* t = child(table, "pmd", "tx")) {
    out.tx.penalty_metric =
        word(*t, "pmd.tx", "penalty_metric", penalty_metric_words(), PenaltyMetric::unknown);
  }
  pmd_group(out, table, "tx", {"penalty_metric"});
  pmd_group(out, table, "fec", {"kind", "text"});
  for (const char* name : {"rx", "channel", "budget", "measurement", "eye_mask", "power"})
    pmd_group(out, table, name);
  pmd_texts(out, table);
  if (const Node* list = table.get("mode")) {
    if (list->is_array() && std::all_of(list->items.begin(), list->items.end(),
                                        [](const Node& item) { return item.is_table(); })) {
      pmd_modes(out, *list);
    } else {
      refuse(*list, "pmd.mode: is no list of tables: [[pmd.mode]]");
    }
  }
  if (const Node* t = child(table, "pmd", "exceptions")) pmd_exceptions(out, *t);
  memory_.pmds.push_back(out);
  harvest_.pmd_places.push_back({file_, table.line, {}});
}

}  // namespace lightlane::catalog

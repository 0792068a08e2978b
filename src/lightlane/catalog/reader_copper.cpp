#include <fmt/format.h>

#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {

void Reader::copper(const Node& table) {
  const std::string path = "copper";
  Keys keys = with_provenance({"id", "aliases", "publisher", "standard", "edition", "clause", "rate_gbps",
                               "lanes", "lane_rate_gbd", "modulation", "host_id", "notes"});
  add_keys(keys, "", copper_keys());
  allow(table, path, keys);
  Copper out;
  names(out, table, path);
  for (const char* key : {"rate_gbps", "lanes", "lane_rate_gbd", "modulation"})
    if (!table.contains(key)) refuse(table, fmt::format("{}.{}: is missing", path, key));
  out.publisher = text(table, path, "publisher", true);
  out.standard = text(table, path, "standard");
  out.edition = text(table, path, "edition");
  out.clause = text(table, path, "clause");
  out.rate_gbps = whole(table, path, "rate_gbps", 1, 10000, 0);
  out.lanes = whole(table, path, "lanes", 1, 32, 1);
  out.lane_rate_gbd = number(table, path, "lane_rate_gbd", 1, 300).value_or(0);
  out.modulation = word(table, path, "modulation", line_code_words(), LineCode::unknown);
  out.host_id = code(table, path, "host_id");
  out.notes = texts(table, path, "notes");
  const Scope own = scope(table, path, {});
  need(table, fmt::format("copper '{}'", out.id), own);
  out.provenance = own.provenance;
  limits(out, table, path, "", copper_keys(), own);
  memory_.coppers.push_back(out);
}

DirectAttachEnd Reader::direct_attach_end(const Node& table, std::string_view key, const Scope& own) {
  const std::string path = fmt::format("direct_attach.{}", key);
  DirectAttachEnd out;
  const Node* node = child(table, "direct_attach", key);
  if (node == nullptr) {
    if (!table.contains(key)) refuse(table, path + ": is missing");
    return out;
  }
  Keys keys = with_provenance({"form_factor"});
  add_keys(keys, "", direct_attach_end_keys());
  allow(*node, path, keys);
  out.form_factor = form_factor_name(*node, path);
  limits(out, *node, path, "", direct_attach_end_keys(), scope(*node, path, own));
  return out;
}

void Reader::direct_attach(const Node& table) {
  const std::string path = "direct_attach";
  Keys keys = with_provenance({"id", "aliases", "kind", "summary", "copper", "gearbox", "legs", "a", "b"});
  add_keys(keys, "", direct_attach_keys());
  allow(table, path, keys);
  DirectAttach out;
  names(out, table, path);
  if (!table.contains("kind")) refuse(table, path + ".kind: is missing");
  out.kind = word(table, path, "kind", direct_attach_kind_words(), DirectAttachKind::passive_copper);
  out.summary = text(table, path, "summary", true);
  out.copper = text(table, path, "copper");
  if (!out.copper.empty()) refer(*table.get("copper"), Reference::Kind::copper, out.copper);
  out.gearbox = flag(table, path, "gearbox");
  out.legs = whole(table, path, "legs", 1, 16, 1);
  const Scope own = scope(table, path, {});
  need(table, fmt::format("direct_attach '{}'", out.id), own);
  out.provenance = own.provenance;
  limits(out, table, path, "", direct_attach_keys(), own);
  out.a = direct_attach_end(table, "a", own);
  out.b = direct_attach_end(table, "b", own);
  memory_.direct_attach.push_back(out);
  harvest_.direct_attach_places.push_back({file_, table.line, {}});
}

}  // namespace lightlane::catalog

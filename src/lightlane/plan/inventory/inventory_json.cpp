// JSON: cables of NetBox's REST interface, neighbours of a SONiC switch.

#include <fmt/format.h>

#include <charconv>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/json_text.hpp"
#include "lightlane/plan/inventory/inventory_tables.hpp"

namespace lightlane::plan {
namespace {

std::string text_of(const JsonValue* value) {
  if (value == nullptr) return "";
  if (value->kind == JsonValue::Kind::text) return value->text;
  if (value->kind == JsonValue::Kind::other && value->text != "null") return value->text;
  // {"value": "m", "label": "Meters"}, {"name": "leaf1"}
  for (const char* key : {"value", "name", "display"})
    if (const JsonValue* member = value->get(key); member != nullptr && !member->is_object())
      return text_of(member);
  return "";
}

/// One of NetBox's terminations: {"object_type": "dcim.interface", "object": {"device": {"name"}, "name"}},
/// or as before version 3.3, termination_a_type and termination_a.
struct Termination {
  std::string kind;
  InventoryEnd end;
  std::size_t count = 0;
};

Termination termination(const JsonValue& cable, const std::string& letter) {
  Termination out;
  const JsonValue* object = nullptr;
  if (const JsonValue* list = cable.get(letter + "_terminations"); list != nullptr && list->is_array()) {
    out.count = list->items.size();
    if (out.count == 0) return out;
    out.kind = text_of(list->items[0].get("object_type"));
    object = list->items[0].get("object");
  } else if ((object = cable.get("termination_" + letter)) != nullptr) {
    out.count = 1;
    out.kind = text_of(cable.get("termination_" + letter + "_type"));
  }
  if (object == nullptr) return out;
  out.end.device = text_of(object->get("device"));
  out.end.port = text_of(object->get("name"));
  out.end.type = text_of(object->get("type"));
  return out;
}

std::optional<double> number_of(const JsonValue* value) {
  const std::string text = text_of(value);
  double out = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(out) : std::nullopt;
}

void take_cable(const JsonValue& cable, Inventory& out) {
  InventoryLink link;
  link.row = ++out.rows;
  const auto skip = [&](std::string text) { out.notes.push_back({link.row, true, std::move(text)}); };
  if (!cable.is_object()) return skip("is no object");
  link.id = text_of(cable.get("label"));
  if (link.id.empty()) link.id = text_of(cable.get("id"));
  const Termination a = termination(cable, "a"), b = termination(cable, "b");
  for (const Termination* end : {&a, &b}) {
    if (!end->kind.empty() && end->kind != "dcim.interface")
      return skip(fmt::format("ends at a {}, no interface", end->kind));
    if (end->count > 1)
      out.notes.push_back(
          {link.row, false, fmt::format("has {} terminations at one end: the first is taken", end->count)});
  }
  link.a = a.end;
  link.b = b.end;
  link.fibre = fibre_word(text_of(cable.get("type")));
  link.status = text_of(cable.get("status"));
  if (const auto length = number_of(cable.get("length"))) {
    const std::string unit = text_of(cable.get("length_unit"));
    link.length_m = length_m_of(fmt::format("{}", *length), unit);
    if (!link.length_m || *link.length_m > 1e6)
      return skip(fmt::format("length is '{:g} {}', not 0 to 1000 km with a unit of m, km, cm, ft, in, mi",
                              *length, unit));
  }
  if (accept_link(link, out)) out.links.push_back(std::move(link));
}

void take_neighbours(const JsonValue& root, const JsonValue& neighbours, Inventory& out) {
  out.format = "SONiC config_db";
  const JsonValue* metadata = root.get("DEVICE_METADATA");
  const JsonValue* local = metadata == nullptr ? nullptr : metadata->get("localhost");
  const std::string host = local == nullptr ? "" : text_of(local->get("hostname"));
  const JsonValue* ports = root.get("PORT");
  for (const auto& [port, neighbour] : neighbours.members) {
    InventoryLink link;
    link.row = ++out.rows;
    link.a.device = host.empty() ? out.file : host;
    link.a.port = port;
    link.b.device = text_of(neighbour.get("name"));
    link.b.port = text_of(neighbour.get("port"));
    const JsonValue* entry = ports == nullptr ? nullptr : ports->get(port);
    if (entry != nullptr) {
      link.a.fec = text_of(entry->get("fec"));
      if (link.a.fec == "rs" || link.a.fec == "auto")
        link.a.fec.clear();  // which code, SONiC leaves to the speed
      if (const auto mbps = number_of(entry->get("speed"))) link.rate_gbps = static_cast<int>(*mbps / 1000);
    }
    if (accept_link(link, out)) out.links.push_back(std::move(link));
  }
}

}  // namespace

void read_inventory_json(std::string_view text, Inventory& out) {
  const JsonDocument document = read_json(text, out.file);
  const JsonValue& root = document.value;
  if (root.is_object()) {
    if (const JsonValue* neighbours = root.get("DEVICE_NEIGHBOR");
        neighbours != nullptr && neighbours->is_object())
      return take_neighbours(root, *neighbours, out);
  }
  const JsonValue* list = root.is_array() ? &root : root.get("results");
  if (list == nullptr || !list->is_array()) {
    throw InputError(
        {out.file, "is JSON without links",
         "cables of NetBox ({\"results\": [...]} or a list), or config_db.json with DEVICE_NEIGHBOR", ""});
  }
  out.format = "NetBox REST";
  for (const JsonValue& cable : list->items) take_cable(cable, out);
  if (const std::string next = root.is_object() ? text_of(root.get("next")) : ""; !next.empty())
    out.notes.push_back(
        {out.rows, false, fmt::format("is the last of this page; there are more at {}", next)});
}

}  // namespace lightlane::plan

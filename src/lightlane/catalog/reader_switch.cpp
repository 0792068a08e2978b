#include <fmt/format.h>

#include <algorithm>

#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {

SwitchPorts Reader::switch_ports(const Node& table, const Scope& outer) {
  const std::string path = "switch.port";
  Keys keys = with_provenance({"first", "last", "step", "cage"});
  add_keys(keys, "", switch_port_keys());
  allow(table, path, keys);
  SwitchPorts out;
  for (const char* key : {"first", "last", "rate_gbps"})
    if (!table.contains(key)) refuse(table, fmt::format("{}.{}: is missing", path, key));
  out.first = whole(table, path, "first", 0, 1024, 1);
  out.last = whole(table, path, "last", out.first, 1024, out.first);
  out.step = whole(table, path, "step", 1, 1024, 1);
  out.cage = text(table, path, "cage", true);
  if (!out.cage.empty()) refer(*table.get("cage"), Reference::Kind::cage, out.cage);
  const Scope own = scope(table, path, outer);
  need(table, path, own);
  out.provenance = own.provenance;
  limits(out, table, path, "", switch_port_keys(), own);
  return out;
}

void Reader::switch_entry(const Node& table) {
  const std::string path = "switch";
  Keys keys = with_provenance({"id", "aliases", "summary", "port"});
  add_keys(keys, "", switch_keys());
  allow(table, path, keys);
  Switch out;
  names(out, table, path);
  out.summary = text(table, path, "summary", true);
  const Scope own = scope(table, path, {});
  need(table, fmt::format("switch '{}'", out.id), own);
  out.provenance = own.provenance;
  limits(out, table, path, "", switch_keys(), own);
  std::vector<SwitchPorts> ports;
  for (const Node& item : tables_of(table, path, "port")) {
    const SwitchPorts group = switch_ports(item, own);
    for (int port = group.first; port <= group.last; port += group.step) {
      const auto taken = [&](const SwitchPorts& other) { return other.has(port); };
      if (std::none_of(ports.begin(), ports.end(), taken)) continue;
      refuse(item, fmt::format("switch '{}': port {} is there twice", out.id, port));
      break;
    }
    ports.push_back(group);
  }
  if (ports.empty()) refuse(table, "switch.port: is missing");
  out.ports = Memory::keep(memory_.switch_ports, std::move(ports));
  memory_.switches.push_back(out);
}

}  // namespace lightlane::catalog

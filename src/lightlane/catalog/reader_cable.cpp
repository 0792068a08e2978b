#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {

CableEnd Reader::cable_end(const Node& table, std::string_view key) {
  const std::string path = fmt::format("cable.{}", key);
  CableEnd out;
  const Node* node = child(table, "cable", key);
  if (node == nullptr) {
    if (!table.contains(key)) refuse(table, path + ": is missing");
    return out;
  }
  allow(*node, path, {"connector", "gender", "polish"});
  if (!node->contains("connector")) refuse(*node, path + ".connector: is missing");
  out.connector = word(*node, path, "connector", pmd_connector_words(), PmdConnector::unknown);
  out.gender = word(*node, path, "gender", gender_words(), Gender::none);
  out.polish = word(*node, path, "polish", polish_words(), Polish::unknown);
  return out;
}

/// One leg: a list of whole numbers, one for each position of end b.
void Reader::cable_leg(const Node& leg, const Cable& cable, std::vector<int>& map) {
  const std::string path = "cable.legs";
  const auto width = static_cast<std::size_t>(positions(cable.b.connector));
  if (!leg.is_array() || leg.items.size() != width) {
    refuse(leg,
           fmt::format("{}: is not a list of {} positions of end a, 0 where there is no fibre", path, width));
    return;
  }
  for (const Node& item : leg.items) {
    const auto position = number(item, path, 0, positions(cable.a.connector), "");
    if (!position || *position != std::floor(*position)) {
      if (position) refuse(item, path + ": is not a whole number");
      return;
    }
    const int fibre = static_cast<int>(*position);
    if (fibre > 0 && std::find(map.begin(), map.end(), fibre) != map.end()) {
      refuse(item, fmt::format("{}: fibre {} is there twice", path, fibre));
    }
    map.push_back(fibre);
  }
}

void Reader::cable(const Node& table) {
  const std::string path = "cable";
  allow(table, path,
        with_provenance({"id", "aliases", "kind", "summary", "fibre", "polarity", "a", "b", "legs"}));
  Cable out;
  names(out, table, path);
  for (const char* key : {"kind", "fibre", "legs"})
    if (!table.contains(key)) refuse(table, fmt::format("{}.{}: is missing", path, key));
  out.kind = word(table, path, "kind", cable_kind_words(), CableKind::cord);
  out.summary = text(table, path, "summary", true);
  out.fibre = word(table, path, "fibre", fibre_kind_words(), FibreKind::single_mode);
  out.polarity = text(table, path, "polarity");
  if (!out.polarity.empty() && out.polarity != "A" && out.polarity != "B" && out.polarity != "C") {
    refuse(*table.get("polarity"), fmt::format("{}.polarity: is none of A, B, C", path));
  }
  out.a = cable_end(table, "a");
  out.b = cable_end(table, "b");
  out.provenance = provenance(table, fmt::format("cable '{}'", out.id));
  const Node* legs = table.get("legs");
  std::vector<int> map;
  if (legs != nullptr && (!legs->is_array() || legs->items.empty())) {
    refuse(*legs, path + ".legs: is not a list of legs");
  } else if (legs != nullptr && positions(out.a.connector) > 0 && positions(out.b.connector) > 0) {
    for (const Node& leg : legs->items) cable_leg(leg, out, map);
    out.legs = static_cast<int>(legs->items.size());
    const auto whole = static_cast<std::size_t>(out.legs * positions(out.b.connector));
    if (map.size() != whole) map.assign(whole, 0);  // was refused above
  }
  if (map.empty()) out.legs = 0;
  out.map = Memory::keep(memory_.maps, std::move(map));
  memory_.cables.push_back(out);
}

}  // namespace lightlane::catalog

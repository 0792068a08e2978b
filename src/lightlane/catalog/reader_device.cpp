#include <fmt/format.h>

#include <algorithm>

#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {
namespace {

/// Whether `word` is one of those in "a | b | c".
bool one_of(std::string_view word, std::string_view words) {
  constexpr std::string_view separator = " | ";
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t end = std::min(words.find(separator, at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + separator.size();
  }
  return false;
}

}  // namespace

void Reader::source(const Node& table) {
  allow(table, "source", {"key", "title", "reference", "reliability"});
  Source out;
  out.key = text(table, "source", "key", true);
  out.title = text(table, "source", "title", true);
  out.reference = text(table, "source", "reference", true);
  out.reliability = text(table, "source", "reliability", true);
  if (!out.key.empty()) take(*table.get("key"), "source", out.key);
  memory_.sources.push_back(out);
}

void Reader::fibre(const Node& table) {
  Keys keys = with_provenance({"id", "aliases", "kind", "summary", "attenuation"});
  add_keys(keys, "", fibre_keys());
  allow(table, "fibre", keys);
  Fibre out;
  names(out, table, "fibre");
  out.kind = word(table, "fibre", "kind", fibre_kind_words(), FibreKind::single_mode);
  out.summary = text(table, "fibre", "summary", true);
  const Scope own = scope(table, "fibre", {});
  limits(out, table, "fibre", "", fibre_keys(), own);

  Keys entries = with_provenance({"wavelength_nm"});
  add_keys(entries, "", attenuation_keys());
  std::vector<Attenuation> list;
  const Node* array = table.get("attenuation");
  for (const Node& item : array != nullptr ? array->items : std::vector<Node>()) {
    allow(item, "fibre.attenuation", entries);
    Attenuation a;
    a.wavelength_nm = number(item, "fibre.attenuation", "wavelength_nm", 700, 1700).value_or(0);
    limits(a, item, "fibre.attenuation", "", attenuation_keys(), scope(item, "fibre.attenuation", own));
    if (!list.empty() && a.wavelength_nm <= list.back().wavelength_nm) {
      refuse(item, "fibre.attenuation: wavelengths do not rise");
    }
    list.push_back(a);
  }
  if (list.empty()) refuse(table, "fibre.attenuation: is missing");
  out.attenuation = Memory::keep(memory_.attenuations, std::move(list));
  memory_.fibres.push_back(out);
}

void Reader::connector(const Node& table) {
  Keys keys = with_provenance({"id", "aliases", "kind", "polish", "summary"});
  add_keys(keys, "", connector_keys());
  allow(table, "connector", keys);
  Connector out;
  names(out, table, "connector");
  out.kind = word(table, "connector", "kind", joint_kind_words(), JointKind::connector);
  out.polish = word(table, "connector", "polish", polish_words(), Polish::unknown);
  out.summary = text(table, "connector", "summary", true);
  limits(out, table, "connector", "", connector_keys(), scope(table, "connector", {}));
  memory_.connectors.push_back(out);
}

void Reader::property_value(Lists& out, const Node& node, const std::string& at, const PropertyKey& key,
                            const Provenance& p) {
  switch (key.type) {
    case PropertyKey::Type::text: {
      if (!node.is_text() || !one_of(node.text, key.unit)) {
        refuse(node, fmt::format("{}: is none of {}", at, key.unit));
        return;
      }
      out.texts.push_back({key.key, memory_.keep(node.text), p});
      return;
    }
    case PropertyKey::Type::list: {
      std::vector<double> values;
      for (const Node& item : node.items)
        if (const auto x = number(item, at, -1e6, 1e6, key.unit)) values.push_back(*x);
      if (values.empty()) refuse(node, at + ": is not a list of numbers");
      out.lists.push_back({key.key, Memory::keep(memory_.number_lists, std::move(values)), p});
      return;
    }
    case PropertyKey::Type::number:
      if (const auto x = number(node, at, key.minimum, key.maximum, key.unit)) {
        out.numbers.push_back({key.key, {*x, 0, 0, p.confidence, p.source, p.note}});
      }
      return;
  }
}

void Reader::property(Lists& out, const Node& node, const std::string& path, const std::string& key,
                      PropertyKey::Owner owner, const Scope& outer) {
  const std::string at = fmt::format("{}.{}", path, key);
  const Node* value = &node;
  Scope own = outer;
  own.provenance.note = {};
  if (node.is_table()) {
    value = nullptr;
    for (const char* name : {"typical", "text", "values"})
      if (value == nullptr) value = node.get(name);
    if (value == nullptr) {  // a dotted key: modulator.bandwidth_ghz
      for (const auto& [name, inner] : node.members)
        property(out, inner, path, key + "." + name, owner, outer);
      return;
    }
    allow(node, at, with_provenance({"typical", "text", "values", "spread", "per_kelvin"}));
    own = scope(node, at, outer);
  }
  for (const PropertyKey& candidate : property_keys()) {
    if (candidate.owner != owner || candidate.key != key) continue;
    const std::size_t numbers = out.numbers.size();
    need(node, at, own);
    property_value(out, *value, at, candidate, own.provenance);
    if (!node.is_table() || out.numbers.size() == numbers) return;
    TypicalValue& typical = out.numbers.back().value;
    typical.spread = number(node, at, "spread", 0, 1e15).value_or(0);
    typical.per_kelvin = number(node, at, "per_kelvin", -1e15, 1e15).value_or(0);
    return;
  }
  refuse(node, at + ": unknown key");
}

void Reader::properties(Properties& out, const Node& table, const std::string& path, PropertyKey::Owner owner,
                        const Scope& outer) {
  Lists lists;
  if (const Node* values = child(table, path, "values")) {
    for (const auto& [key, node] : values->members)
      property(lists, node, path + ".values", key, owner, outer);
  }
  out.numbers = Memory::keep(memory_.numbers, std::move(lists.numbers));
  out.texts = Memory::keep(memory_.text_entries, std::move(lists.texts));
  out.lists = Memory::keep(memory_.lists, std::move(lists.lists));
}

void Reader::device(const Node& table) {
  allow(table, "device", with_provenance({"id", "kind", "summary", "reference_temperature_c", "values"}));
  Device out;
  names(out, table, "device");
  if (!table.contains("kind")) refuse(table, "device.kind: is missing");
  out.kind = word(table, "device", "kind", device_kind_words(), DeviceKind::transmitter);
  out.summary = text(table, "device", "summary", true);
  out.reference_temperature_c = number(table, "device", "reference_temperature_c", -40, 125).value_or(45);
  properties(out, table, "device", static_cast<PropertyKey::Owner>(out.kind), scope(table, "device", {}));
  memory_.devices.push_back(out);
}

void Reader::profile(const Node& table) {
  allow(table, "profile",
        with_provenance({"pmd", "transmitter", "receiver", "dsp", "fibre", "connector", "values"}));
  Profile out;
  out.pmd = text(table, "profile", "pmd", true);
  if (!out.pmd.empty()) take(*table.get("pmd"), "profile", out.pmd);
  out.transmitter = text(table, "profile", "transmitter", true);
  out.receiver = text(table, "profile", "receiver", true);
  out.dsp = text(table, "profile", "dsp", true);
  out.fibre = text(table, "profile", "fibre", true);
  out.connector = text(table, "profile", "connector", true);
  const auto place = [&](std::string_view key) -> const Node& {
    const Node* node = table.get(key);
    return node != nullptr ? *node : table;
  };
  refer(place("pmd"), Reference::Kind::pmd, out.pmd);
  refer(place("transmitter"), Reference::Kind::device, out.transmitter, DeviceKind::transmitter);
  refer(place("receiver"), Reference::Kind::device, out.receiver, DeviceKind::receiver);
  refer(place("dsp"), Reference::Kind::device, out.dsp, DeviceKind::dsp);
  refer(place("fibre"), Reference::Kind::fibre, out.fibre);
  refer(place("connector"), Reference::Kind::connector, out.connector);
  const Scope own = scope(table, "profile", {});
  need(table, fmt::format("profile '{}'", out.pmd), own);
  out.provenance = own.provenance;
  properties(out, table, "profile", PropertyKey::Owner::profile, own);
  memory_.profiles.push_back(out);
  harvest_.profile_places.push_back({file_, table.line, {}});
}

}  // namespace lightlane::catalog

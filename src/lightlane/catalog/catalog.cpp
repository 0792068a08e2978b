#include "lightlane/catalog/catalog.hpp"

#include <algorithm>
#include <cmath>

namespace lightlane::catalog {
namespace {

char folded(char c) noexcept {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == ' ' || c == '_' ? '-' : c;
}

template <class Entry>
const Entry* find_entry(std::span<const Entry> entries, std::string_view name) noexcept {
  for (const Entry& entry : entries) {
    if (same_name(entry.id, name)) return &entry;
    for (const std::string_view alias : entry.aliases)
      if (same_name(alias, name)) return &entry;
  }
  return nullptr;
}

template <class Entry>
const Entry* find_key(std::span<const Entry> entries, std::string_view key) noexcept {
  for (const Entry& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return folded(x) == folded(y); });
}

const Pmd* find_pmd(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.pmds, name);
}
const Fibre* find_fibre(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.fibres, name);
}
const Connector* find_connector(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.connectors, name);
}
const NameEntry* find_name(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.names, name);
}
const FormFactor* find_form_factor(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.form_factors, name);
}
const Cage* find_cage(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.cages, name);
}
const Module* find_module(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.modules, name);
}
const Cable* find_cable(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.cables, name);
}
const Switch* find_switch(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.switches, name);
}
const Copper* find_copper(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.coppers, name);
}
const DirectAttach* find_direct_attach(std::string_view name, const Tables& tables) noexcept {
  return find_entry(tables.direct_attach, name);
}
const PowerClass* find_power_class(Management management, int number, const Tables& tables) noexcept {
  for (const PowerClass& c : tables.power_classes)
    if (c.management == management && c.number == number) return &c;
  return nullptr;
}
const Source* find_source(std::string_view key, const Tables& tables) noexcept {
  return find_key(tables.sources, key);
}

const Device* find_device(std::string_view name, const Tables& tables) noexcept {
  for (const Device& device : tables.devices)
    if (same_name(device.id, name)) return &device;
  return nullptr;
}

const Profile* find_profile(std::string_view pmd, const Tables& tables) noexcept {
  const Pmd* found = find_pmd(pmd, tables);
  for (const Profile& profile : tables.profiles)
    if (same_name(profile.pmd, found != nullptr ? found->id : pmd)) return &profile;
  return nullptr;
}

int Switch::port_count() const noexcept {
  int count = 0;
  for (const SwitchPorts& group : ports) count += group.count();
  return count;
}

const SwitchPorts* Switch::port(int number) const noexcept {
  for (const SwitchPorts& group : ports)
    if (group.has(number)) return &group;
  return nullptr;
}

std::optional<TypicalValue> Properties::number(std::string_view key) const noexcept {
  const NumberEntry* entry = find_key(numbers, key);
  return entry != nullptr ? std::optional(entry->value) : std::nullopt;
}

std::string_view Properties::text(std::string_view key) const noexcept {
  const TextEntry* entry = find_key(texts, key);
  return entry != nullptr ? entry->text : std::string_view();
}

std::span<const double> Properties::list(std::string_view key) const noexcept {
  const ListEntry* entry = find_key(lists, key);
  return entry != nullptr ? entry->values : std::span<const double>();
}

const Limit& ChannelLimits::discrete_reflectance_max(int count) const noexcept {
  const std::pair<int, const Limit*> table[] = {
      {1, &discrete_reflectance_1_max_db}, {2, &discrete_reflectance_2_max_db},
      {4, &discrete_reflectance_4_max_db}, {6, &discrete_reflectance_6_max_db},
      {8, &discrete_reflectance_8_max_db}, {10, &discrete_reflectance_10_max_db}};
  for (const auto& [most, limit] : table)
    if (count <= most && *limit) return *limit;
  return discrete_reflectance_max_db;
}

Limit Fibre::typical_attenuation_db_per_km(double wavelength_nm) const noexcept {
  constexpr double reach_nm = 60;
  const Attenuation* nearest = nullptr;
  for (const Attenuation& entry : attenuation) {
    if (!entry.typical_db_per_km) continue;
    if (nearest == nullptr ||
        std::fabs(entry.wavelength_nm - wavelength_nm) < std::fabs(nearest->wavelength_nm - wavelength_nm))
      nearest = &entry;
  }
  if (nearest == nullptr || std::fabs(nearest->wavelength_nm - wavelength_nm) > reach_nm) return std::nullopt;
  Limit result = nearest->typical_db_per_km;
  const double ratio = nearest->wavelength_nm / wavelength_nm;
  result->value *= ratio * ratio * ratio * ratio;
  return result;
}

}  // namespace lightlane::catalog

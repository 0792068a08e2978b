#pragma once
/// The catalogue: limits of PMDs, typical devices, fibres, connectors, modules, cages, cables and what they
/// rest on, as constant tables that were compiled from data/catalog/*.toml. Nothing is read or allocated at
/// start-up; everything is valid for ever.

#include <span>
#include <string_view>

#include "lightlane/catalog/cable.hpp"
#include "lightlane/catalog/copper.hpp"
#include "lightlane/catalog/device.hpp"
#include "lightlane/catalog/module.hpp"
#include "lightlane/catalog/name.hpp"
#include "lightlane/catalog/plant.hpp"
#include "lightlane/catalog/pmd.hpp"
#include "lightlane/catalog/switch.hpp"
#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

/// Where values come from.
struct Source {
  std::string_view key;  ///< "EC-DR4"
  std::string_view title, reference, reliability;
};

/// All kinds together. The program's own is `builtin()`; `load()` of catalog/loader.hpp makes others from
/// files.
struct Tables {
  std::span<const Source> sources;
  std::span<const Pmd> pmds;
  std::span<const Device> devices;
  std::span<const Profile> profiles;
  std::span<const Fibre> fibres;
  std::span<const Connector> connectors;
  std::span<const NameEntry> names;
  std::span<const FormFactor> form_factors;
  std::span<const PowerClass> power_classes;
  std::span<const Cage> cages;
  std::span<const Module> modules;
  std::span<const Cable> cables;
  std::span<const Switch> switches;
  std::span<const Copper> coppers;
  std::span<const DirectAttach> direct_attach;
};
const Tables& builtin() noexcept;

inline std::span<const Pmd> pmds() noexcept { return builtin().pmds; }
inline std::span<const Device> devices() noexcept { return builtin().devices; }
inline std::span<const Profile> profiles() noexcept { return builtin().profiles; }
inline std::span<const Fibre> fibres() noexcept { return builtin().fibres; }
inline std::span<const Connector> connectors() noexcept { return builtin().connectors; }
inline std::span<const NameEntry> names() noexcept { return builtin().names; }
inline std::span<const FormFactor> form_factors() noexcept { return builtin().form_factors; }
inline std::span<const PowerClass> power_classes() noexcept { return builtin().power_classes; }
inline std::span<const Cage> cages() noexcept { return builtin().cages; }
inline std::span<const Module> modules() noexcept { return builtin().modules; }
inline std::span<const Cable> cables() noexcept { return builtin().cables; }
inline std::span<const Switch> switches() noexcept { return builtin().switches; }
inline std::span<const Copper> coppers() noexcept { return builtin().coppers; }
inline std::span<const DirectAttach> direct_attach() noexcept { return builtin().direct_attach; }
inline std::span<const Source> sources() noexcept { return builtin().sources; }

/// Names are compared without regard to case, and a space, an underscore and a hyphen are the same.
bool same_name(std::string_view a, std::string_view b) noexcept;

/// By id or alias; null where there is none.
const Pmd* find_pmd(std::string_view name, const Tables& tables = builtin()) noexcept;
const Device* find_device(std::string_view name, const Tables& tables = builtin()) noexcept;
const Fibre* find_fibre(std::string_view name, const Tables& tables = builtin()) noexcept;
const Connector* find_connector(std::string_view name, const Tables& tables = builtin()) noexcept;
/// Of a name with something to say of it, whatever its kind; catalog/resolver.hpp answers any name.
const NameEntry* find_name(std::string_view name, const Tables& tables = builtin()) noexcept;
const FormFactor* find_form_factor(std::string_view name, const Tables& tables = builtin()) noexcept;
const Cage* find_cage(std::string_view name, const Tables& tables = builtin()) noexcept;
const Module* find_module(std::string_view name, const Tables& tables = builtin()) noexcept;
const Cable* find_cable(std::string_view name, const Tables& tables = builtin()) noexcept;
const Switch* find_switch(std::string_view name, const Tables& tables = builtin()) noexcept;
const Copper* find_copper(std::string_view name, const Tables& tables = builtin()) noexcept;
const DirectAttach* find_direct_attach(std::string_view name, const Tables& tables = builtin()) noexcept;
/// Null where there is no such class.
const PowerClass* find_power_class(Management management, int number,
                                   const Tables& tables = builtin()) noexcept;
const Source* find_source(std::string_view key, const Tables& tables = builtin()) noexcept;
/// Of a PMD's id or alias.
const Profile* find_profile(std::string_view pmd, const Tables& tables = builtin()) noexcept;

}  // namespace lightlane::catalog

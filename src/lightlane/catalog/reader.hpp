#pragma once
/// The inside of load(): one document's tree into entries, with every problem on the way. See loader.hpp.

#include <deque>
#include <initializer_list>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/loader.hpp"
#include "lightlane/catalog/schema.hpp"
#include "lightlane/catalog/toml_tree.hpp"

namespace lightlane::catalog {

/// What the tables point into.
struct Memory {
  std::set<std::string, std::less<>> texts;
  std::deque<std::vector<std::string_view>> text_lists;
  std::deque<std::vector<double>> number_lists;
  std::deque<std::vector<Wavelength>> wavelengths;
  std::deque<std::vector<Reach>> reaches;
  std::deque<std::vector<Attenuation>> attenuations;
  std::deque<std::vector<ClosureException>> exceptions;
  std::deque<std::vector<OtherMode>> modes;
  std::deque<std::vector<NumberEntry>> numbers;
  std::deque<std::vector<TextEntry>> text_entries;
  std::deque<std::vector<ListEntry>> lists;
  std::deque<std::vector<NameMeaning>> meanings;
  std::deque<std::vector<CageFit>> cage_fits;
  std::deque<std::vector<ModuleApplication>> applications;
  std::deque<std::vector<int>> maps;
  std::deque<std::vector<SwitchPorts>> switch_ports;
  std::vector<Source> sources;
  std::vector<Pmd> pmds;
  std::vector<Device> devices;
  std::vector<Profile> profiles;
  std::vector<Fibre> fibres;
  std::vector<Connector> connectors;
  std::vector<NameEntry> names;
  std::vector<FormFactor> form_factors;
  std::vector<PowerClass> power_classes;
  std::vector<Cage> cages;
  std::vector<Module> modules;
  std::vector<Cable> cables;
  std::vector<Switch> switches;
  std::vector<Copper> coppers;
  std::vector<DirectAttach> direct_attach;

  std::string_view keep(std::string_view text);
  template <class T>
  static std::span<const T> keep(std::deque<std::vector<T>>& store, std::vector<T> list) {
    return list.empty() ? std::span<const T>() : std::span<const T>(store.emplace_back(std::move(list)));
  }
};

/// A name that must be known once everything has been read.
struct Reference {
  enum class Kind { source, device, fibre, connector, pmd, form_factor, cage, copper };
  Problem place;
  Kind kind;
  std::string name;
  DeviceKind device = DeviceKind::transmitter;
};

/// Where an id, alias or key was given.
struct Taken {
  std::string kind, name;
  Problem place;
};

/// What reading leaves behind, of all documents.
struct Harvest {
  Memory memory;
  std::vector<Problem> problems;
  std::vector<Problem> pmd_places, profile_places, module_places, cage_places, direct_attach_places;
  std::vector<Reference> references;
  std::vector<Taken> taken;
};

/// Provenance as far as it is known: of an entry, a group, a value.
struct Scope {
  Provenance provenance;
  bool has_confidence = false;
};

class Reader {
 public:
  Reader(Harvest& harvest, const std::string& file)
      : harvest_(harvest), memory_(harvest.memory), file_(file) {}
  void read(const Node& root);

 private:
  using Keys = std::vector<std::string_view>;
  using Words = std::span<const std::string_view>;
  // reader.cpp: values
  void refuse(const Node& node, std::string text);
  void refer(const Node& node, Reference::Kind kind, std::string_view name, DeviceKind device = {});
  void take(const Node& node, std::string kind, std::string_view name);
  static Keys with_provenance(std::initializer_list<std::string_view> keys);
  template <class Owner>
  static void add_keys(Keys& out, std::string_view group, std::span<const LimitKey<Owner>> keys) {
    for (const auto& key : keys)
      if (key.table == group) out.push_back(key.key);
  }
  void allow(const Node& table, const std::string& path, const Keys& keys);
  std::string_view text(const Node& table, const std::string& path, std::string_view key,
                        bool needed = false);
  std::span<const std::string_view> texts(const Node& table, const std::string& path, std::string_view key);
  std::size_t word_index(const Node& table, const std::string& path, std::string_view key, Words words,
                         std::size_t other);
  template <class Enum>
  Enum word(const Node& table, const std::string& path, std::string_view key, Words words, Enum other) {
    return static_cast<Enum>(word_index(table, path, key, words, static_cast<std::size_t>(other)));
  }
  std::optional<double> number(const Node& node, const std::string& path, double lo, double hi,
                               std::string_view unit);
  std::optional<double> number(const Node& table, const std::string& path, std::string_view key, double lo,
                               double hi);
  int whole(const Node& table, const std::string& path, std::string_view key, int lo, int hi, int other);
  bool flag(const Node& table, const std::string& path, std::string_view key);
  const Node* child(const Node& table, const std::string& path, std::string_view key);
  std::string_view source_of(const Node& node, const std::string& path);
  /// source, confidence and note of a table; what it leaves out is as in `outer`, but for the note.
  Scope scope(const Node& table, const std::string& path, const Scope& outer);
  void need(const Node& node, const std::string& path, const Scope& scope);
  /// scope() of a table that must end up with source and confidence.
  Provenance provenance(const Node& table, const std::string& path, const Scope& outer = {});
  Limit limit(const Node& node, const std::string& path, const Scope& group, double lo, double hi,
              std::string_view unit);
  template <class Owner>
  void limits(Owner& owner, const Node& table, const std::string& path, std::string_view group,
              std::span<const LimitKey<Owner>> keys, const Scope& scope) {
    for (const auto& key : keys) {
      const Node* node = key.table == group ? table.get(key.key) : nullptr;
      if (node != nullptr) {
        key.slot(owner) =
            limit(*node, path + "." + std::string(key.key), scope, key.minimum, key.maximum, key.unit);
      }
    }
  }
  template <class Entry>
  void names(Entry& entry, const Node& table, const std::string& kind) {
    entry.id = text(table, kind, "id", true);
    if (!entry.id.empty()) take(*table.get("id"), kind, entry.id);
    if constexpr (requires { entry.aliases; }) {
      entry.aliases = texts(table, kind, "aliases");
      for (const std::string_view alias : entry.aliases) take(*table.get("aliases"), kind, alias);
    }
  }

  // reader_pmd.cpp
  void pmd(const Node& table);
  Scope pmd_identity(Pmd& pmd, const Node& table);
  void pmd_signal(Pmd& pmd, const Node& table, const Scope& identity);
  void pmd_medium(Pmd& pmd, const Node& table, const Scope& identity);
  void pmd_wavelengths(Pmd& pmd, const Node& table);
  void pmd_reach(Pmd& pmd, const Node& table, const Scope& identity);
  void pmd_group(Pmd& pmd, const Node& table, std::string_view name,
                 std::initializer_list<std::string_view> more = {});
  void pmd_texts(Pmd& pmd, const Node& table);
  void pmd_modes(Pmd& pmd, const Node& list);
  void pmd_exceptions(Pmd& pmd, const Node& table);

  // reader_device.cpp
  struct Lists {
    std::vector<NumberEntry> numbers;
    std::vector<TextEntry> texts;
    std::vector<ListEntry> lists;
  };
  void source(const Node& table);
  void fibre(const Node& table);
  void connector(const Node& table);
  void device(const Node& table);
  void profile(const Node& table);
  void properties(Properties& out, const Node& table, const std::string& path, PropertyKey::Owner owner,
                  const Scope& scope);
  void property(Lists& out, const Node& node, const std::string& path, const std::string& key,
                PropertyKey::Owner owner, const Scope& scope);
  void property_value(Lists& out, const Node& node, const std::string& at, const PropertyKey& key,
                      const Provenance& p);

  // reader_name.cpp
  void name_entry(const Node& table);
  NameMeaning name_meaning(const Node& table);

  // reader_module.cpp
  const std::vector<Node>& tables_of(const Node& table, const std::string& path, std::string_view key);
  /// "0x1C", as SFF-8024 counts; empty where it is missing.
  std::string_view code(const Node& table, const std::string& path, std::string_view key);
  std::string_view form_factor_name(const Node& table, const std::string& path);
  void form_factor(const Node& table);
  void power_class(const Node& table);
  void cage(const Node& table);
  void module(const Node& table);
  void module_applications(Module& out, const Node& table, const Scope& own);

  // reader_switch.cpp
  void switch_entry(const Node& table);
  SwitchPorts switch_ports(const Node& table, const Scope& outer);

  // reader_copper.cpp
  void copper(const Node& table);
  void direct_attach(const Node& table);
  DirectAttachEnd direct_attach_end(const Node& table, std::string_view key, const Scope& own);

  // reader_cable.cpp
  void cable(const Node& table);
  CableEnd cable_end(const Node& table, std::string_view key);
  void cable_leg(const Node& leg, const Cable& cable, std::vector<int>& map);

  Harvest& harvest_;
  Memory& memory_;
  const std::string& file_;
};

}  // namespace lightlane::catalog

#pragma once
/// Every key of the catalogue once, with unit, meaning and the range that can be meant: for the reader of
/// data/catalog, the compiler of its tables, `lightlane catalog show`, and the schema file beside the data.

#include <span>
#include <string>
#include <string_view>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

/// A number of a PMD, fibre or connector that carries its source: `field` of the struct behind `table`.
template <class Owner>
struct LimitKey {
  std::string_view table;  ///< "tx"; empty: the entry itself
  std::string_view key;    ///< "oma_outer_min_dbm", the name of the member
  std::string_view unit;   ///< "dBm"
  std::string_view meaning;
  double minimum, maximum;  ///< what can be meant
  const Limit& (*get)(const Owner&);
  Limit& (*slot)(Owner&);
};
std::span<const LimitKey<Pmd>> pmd_keys() noexcept;
std::span<const LimitKey<Fibre>> fibre_keys() noexcept;
std::span<const LimitKey<Attenuation>> attenuation_keys() noexcept;
std::span<const LimitKey<Connector>> connector_keys() noexcept;
std::span<const LimitKey<FormFactor>> form_factor_keys() noexcept;
std::span<const LimitKey<PowerClass>> power_class_keys() noexcept;
std::span<const LimitKey<CageFit>> cage_fit_keys() noexcept;
std::span<const LimitKey<Module>> module_keys() noexcept;
std::span<const LimitKey<Copper>> copper_keys() noexcept;
std::span<const LimitKey<DirectAttach>> direct_attach_keys() noexcept;
std::span<const LimitKey<DirectAttachEnd>> direct_attach_end_keys() noexcept;
std::span<const LimitKey<Switch>> switch_keys() noexcept;
std::span<const LimitKey<SwitchPorts>> switch_port_keys() noexcept;

/// Whether the key can mean anything for such a PMD: an eye mask belongs to NRZ, a threshold range to PAM4,
/// dispersion to single-mode fibre. What does not apply is not "unknown".
bool applies(const LimitKey<Pmd>& key, const Pmd& pmd) noexcept;

/// A key of a device or profile.
struct PropertyKey {
  enum class Owner { transmitter, receiver, dsp, profile };
  enum class Type { number, text, list };
  Owner owner;
  Type type;
  std::string_view key;
  std::string_view unit;  ///< texts: what is allowed, separated by " | "
  std::string_view meaning;
  double minimum = 0, maximum = 0;
};
std::span<const PropertyKey> property_keys() noexcept;

/// Words of an enumeration, in the order of its values.
std::span<const std::string_view> confidence_words() noexcept;
std::span<const std::string_view> line_code_words() noexcept;
std::span<const std::string_view> fibre_kind_words() noexcept;
std::span<const std::string_view> pmd_connector_words() noexcept;
std::span<const std::string_view> polish_words() noexcept;
std::span<const std::string_view> fec_kind_words() noexcept;
std::span<const std::string_view> penalty_metric_words() noexcept;
std::span<const std::string_view> end_words() noexcept;
std::span<const std::string_view> device_kind_words() noexcept;
std::span<const std::string_view> joint_kind_words() noexcept;
std::span<const std::string_view> name_kind_words() noexcept;
std::span<const std::string_view> management_words() noexcept;
std::span<const std::string_view> cable_kind_words() noexcept;
std::span<const std::string_view> direct_attach_kind_words() noexcept;
std::span<const std::string_view> gender_words() noexcept;

}  // namespace lightlane::catalog

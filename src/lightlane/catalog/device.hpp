#pragma once
/// Typical devices: transmitters, receivers, DSPs. What parts of a kind are like, with spread and temperature
/// coefficient, never a limit of a standard. Keys are those of the configuration that they fill: a
/// transmitter's are members of optics::TransmitterConfig ("modulator.bandwidth_ghz", "rin_db_per_hz"), a
/// receiver's of optics::PhotoreceiverConfig, a DSP's of rxdsp::EqualizerConfig and, beginning with "dac.",
/// of optics::DacConfig. Keys that begin with "laser.", "power." or "latency." are for the module's monitors,
/// power and delay. catalog/schema.hpp lists them all.

#include <optional>
#include <span>
#include <string_view>

#include "lightlane/catalog/value.hpp"

namespace lightlane::catalog {

struct NumberEntry {
  std::string_view key;
  TypicalValue value;
};
struct TextEntry {
  std::string_view key;
  std::string_view text;
  Provenance provenance;
};
struct ListEntry {
  std::string_view key;
  std::span<const double> values;
  Provenance provenance;
};

/// Keys with what is known of them.
struct Properties {
  std::span<const NumberEntry> numbers;
  std::span<const TextEntry> texts;
  std::span<const ListEntry> lists;

  std::optional<TypicalValue> number(std::string_view key) const noexcept;
  /// Empty where there is none.
  std::string_view text(std::string_view key) const noexcept;
  std::span<const double> list(std::string_view key) const noexcept;
};

enum class DeviceKind : std::uint8_t { transmitter, receiver, dsp };
std::string_view name(DeviceKind kind) noexcept;

struct Device : Properties {
  std::string_view id;  ///< "siph-mzm-53g"
  DeviceKind kind = DeviceKind::transmitter;
  std::string_view summary;
  double reference_temperature_c = 45;  ///< case temperature at which the typical values hold
};

/// What `link.pmd = "..."` alone selects: a typical module, its launch, and a typical plant. Keys:
/// "tx.oma_outer_dbm", "tx.extinction_ratio_db", "plant.length_m", "plant.connectors", "plant.splices",
/// "plant.mux_loss_db" ...
struct Profile : Properties {
  std::string_view pmd;                         ///< its id
  std::string_view transmitter, receiver, dsp;  ///< ids of devices
  std::string_view fibre;                       ///< name of a fibre
  std::string_view connector;                   ///< name of a connector
  Provenance provenance;
};

}  // namespace lightlane::catalog

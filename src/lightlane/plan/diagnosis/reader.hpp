#pragma once
/// Readings out of what switches, tools and people write: each format has its reader, and the format is seen
/// from the text. Lines, keys and cells that cannot be understood are counted and listed; the rest goes on.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lightlane/plan/diagnosis/readings.hpp"

namespace lightlane::plan {

enum class InputFormat : std::uint8_t {
  toml,          ///< by hand: [[interface]] tables
  csv,           ///< snapshot or history
  sonic,         ///< show interfaces transceiver eeprom -d | status, sfputil show eeprom -d, FEC counters
  sonic_json,    ///< redis databases as JSON: {"TRANSCEIVER_DOM_SENSOR|Ethernet0": {...}}
  nxos,          ///< show interface transceiver details
  eos,           ///< show interfaces transceiver, show interfaces transceiver dom thresholds
  eos_json,      ///< the same, | json
  ethtool,       ///< ethtool -m
  ethtool_json,  ///< ethtool --json -m
  prometheus,    ///< text of a scrape
};
std::string_view name(InputFormat format) noexcept;  ///< "sonic-json"
std::span<const std::string_view> input_format_names() noexcept;
std::optional<InputFormat> input_format_named(std::string_view name) noexcept;

/// By the text, and by the end of the file's name where that does not tell; none: nothing fits.
std::optional<InputFormat> format_of(std::string_view text, std::string_view file) noexcept;

/// Adds to `input`. `interface`: of readings whose text names none. Throws InputError where the text is
/// nothing of that format at all.
void read_readings(std::string_view text, const std::string& file, InputFormat format,
                   const std::string& interface, DiagnosisInput& input);

/// One reading or fact by name and text, as --set and files by hand have them: "rx_power_dbm" "-5,-5.2",
/// "fec" "rs544", "oper_up" "up". Throws ConfigError that says `place`.
void set_by_name(Readings& readings, std::string_view name, std::string_view text, const std::string& place);

}  // namespace lightlane::plan

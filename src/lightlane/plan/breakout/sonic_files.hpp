#pragma once
/// The three JSON files by which SONiC knows a switch's ports: what the hardware can (platform.json), what a
/// variant of the product makes of it (hwsku.json), and what is configured (config_db.json). Read as SONiC
/// reads them; what SONiC does not look at is kept and written again.
///
/// An entry that cannot be read is named in `problems` and left out; the rest goes on. A file that is no
/// JSON, or has no ports at all, is an InputError.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lightlane/plan/breakout/breakout_lint.hpp"
#include "lightlane/plan/breakout/json_text.hpp"

namespace lightlane::plan {

struct SonicListedMode {
  std::string text;                  ///< "4x100G[50G]"
  std::vector<std::string> aliases;  ///< of its ports
  bool operator==(const SonicListedMode&) const = default;
};

/// A cage: the parent of what it is broken out into.
struct SonicPlatformPort {
  std::string name;                         ///< "Ethernet0"
  std::vector<std::string> lanes, indexes;  ///< as between the commas
  std::vector<SonicListedMode> modes;       ///< in the order of the file, which decides where two are alike
  JsonValue others;                         ///< members that are none of the above
  bool operator==(const SonicPlatformPort&) const = default;
};

struct SonicPlatform {
  std::string file;
  std::vector<SonicPlatformPort> ports;
  JsonValue others;
  std::vector<BreakoutLint> problems;

  const SonicPlatformPort* port(std::string_view name) const noexcept;
};

struct SonicHwskuPort {
  std::string name;
  std::string mode;                                             ///< default_brkout_mode; may be empty
  std::vector<std::pair<std::string, std::string>> attributes;  ///< "fec", "autoneg", "role" ...
  bool operator==(const SonicHwskuPort&) const = default;
};

struct SonicHwsku {
  std::string file;
  std::vector<SonicHwskuPort> ports;
  JsonValue others;
  std::vector<BreakoutLint> problems;

  const SonicHwskuPort* port(std::string_view name) const noexcept;
};

struct SonicConfigPort {
  std::string name;
  std::vector<std::pair<std::string, std::string>> fields;  ///< "alias", "lanes", "speed" ...

  /// Empty where there is none.
  std::string_view field(std::string_view name) const noexcept;
  void set(std::string_view name, std::string value);
  std::vector<std::string> lanes() const;  ///< as between the commas, without spaces
  /// None where they are no numbers.
  std::optional<long> speed_mbps() const noexcept;
  std::optional<int> index() const noexcept;
  std::optional<int> subport() const noexcept;
  bool operator==(const SonicConfigPort&) const = default;
};

struct SonicConfig {
  std::string file;
  std::vector<SonicConfigPort> ports;                               ///< PORT
  std::vector<std::pair<std::string, std::string>> breakout_cfg;    ///< BREAKOUT_CFG: parent, brkout_mode
  std::vector<std::pair<std::string, std::string>> breakout_ports;  ///< BREAKOUT_PORTS: child, master
  JsonValue others;                                                 ///< all other tables
  std::vector<BreakoutLint> problems;

  const SonicConfigPort* port(std::string_view name) const noexcept;
};

/// `file`: its name, for what is said of it.
SonicPlatform read_sonic_platform(std::string_view text, const std::string& file);
SonicHwsku read_sonic_hwsku(std::string_view text, const std::string& file);
SonicConfig read_sonic_config(std::string_view text, const std::string& file);

/// Four spaces, the order that was read; what is not known of comes first.
std::string write_sonic_platform(const SonicPlatform& platform);
std::string write_sonic_hwsku(const SonicHwsku& hwsku);
/// Four spaces, tables and fields by name, ports by number.
std::string write_sonic_config(const SonicConfig& config);

/// Of "Ethernet152", 152; none where it is no such name.
std::optional<int> sonic_port_number(std::string_view name) noexcept;
/// By number: Ethernet8 before Ethernet16.
bool sonic_port_before(std::string_view a, std::string_view b) noexcept;
/// Whole, decimal, without anything around it; none beyond nine digits.
std::optional<int> decimal(std::string_view text) noexcept;
/// Between the commas, without spaces around.
std::vector<std::string> comma_list(std::string_view text);

}  // namespace lightlane::plan

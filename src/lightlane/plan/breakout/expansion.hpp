#pragma once
/// A parent port and a mode, expanded into its children as SONiC's own code does it: names, lanes, alias,
/// index, subport, speed and FEC, to the letter. Checked against executed results.

#include <string>
#include <string_view>
#include <vector>

#include "lightlane/plan/breakout/breakout_mode.hpp"
#include "lightlane/plan/breakout/sonic_files.hpp"

namespace lightlane::plan {

/// Which of the listed modes SONiC takes for the one that is asked for, and both as it reads them.
struct SonicModeMatch {
  const SonicListedMode* listed = nullptr;
  BreakoutMode asked, found;
};

/// Throws ConfigError at `place` where SONiC refuses: no listed mode is the same, or a listed one that stands
/// before it cannot be read.
SonicModeMatch match_sonic_mode(const SonicPlatformPort& port, std::string_view mode, std::string_view place);

/// How SONiC reads a listed mode: its text where all of it counts, else what counts; empty where it cannot be
/// read.
std::string read_as(const SonicListedMode& mode);

/// The children of `port` in this mode, as entries of PORT: alias, lanes, speed, index, subport, and fec = rs
/// where a lane has 50 Gb/s or more. Throws ConfigError at `place` where SONiC fails.
std::vector<SonicConfigPort> expand_sonic_port(const SonicPlatformPort& port, std::string_view mode,
                                               std::string_view place);

struct SonicParent {
  std::string name, mode;
  std::vector<std::string> children;
};

/// All ports that both files have, in the mode of the hwsku.json, whose fec, autoneg and role go to all
/// children of a parent. `config` has PORT and BREAKOUT_CFG; a port that SONiC could not expand is a problem
/// there, and left out.
struct SonicExpansion {
  SonicConfig config;
  std::vector<SonicParent> parents;
};
SonicExpansion expand_sonic(const SonicPlatform& platform, const SonicHwsku& hwsku);

/// Puts `parent` of `config` into a mode: its children go, the new ones come, with what the old ones said
/// otherwise (mtu, admin_status ...) where a child keeps its name; BREAKOUT_CFG says the mode, and
/// BREAKOUT_PORTS the master where the file has that table. Throws ConfigError at `place`.
void set_sonic_mode(SonicConfig& config, const SonicPlatformPort& parent, std::string_view mode,
                    std::string_view place);

/// The ports of `config` whose lanes are all of `parent`.
std::vector<const SonicConfigPort*> children_of(const SonicConfig& config, const SonicPlatformPort& parent);

}  // namespace lightlane::plan

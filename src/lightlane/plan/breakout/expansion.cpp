#include "lightlane/plan/breakout/expansion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

constexpr long fec_from_mbps = 50000;  ///< of a lane

[[noreturn]] void refuse(std::string_view place, const SonicPlatformPort& port, std::string_view mode,
                         std::string why, std::string hint = "") {
  throw ConfigError({std::string(place), fmt::format("{} in mode '{}': {}", port.name, mode, why), "", hint});
}

std::string listed_texts(const SonicPlatformPort& port) {
  std::vector<std::string_view> out;
  for (const SonicListedMode& mode : port.modes) out.push_back(mode.text);
  return fmt::format("{}", fmt::join(out, ", "));
}

/// What the children of one part cannot do without.
void check_part(const SonicPlatformPort& port, const BreakoutMode& mode, const BreakoutPart& part, int lanes,
                std::string_view place) {
  if (part.ports == 0) refuse(place, port, mode.text, "no ports");
  if (lanes / part.ports == 0)
    refuse(place, port, mode.text, fmt::format("{} ports on {} lanes", part.ports, lanes));
}

std::string joined_lanes(const SonicPlatformPort& port, std::size_t first, std::size_t count) {
  std::string out;
  for (std::size_t i = first; i < std::min(first + count, port.lanes.size()); ++i)
    out += (i == first ? "" : ",") + port.lanes[i];
  return out;
}

/// What hwsku.json says of any child goes to all of them.
void take_attributes(const SonicHwsku& hwsku, std::vector<SonicConfigPort>& children) {
  for (const SonicConfigPort& child : children) {
    const SonicHwskuPort* entry = hwsku.port(child.name);
    if (entry == nullptr) continue;
    for (const auto& [key, value] : entry->attributes) {
      if (key != "fec" && key != "autoneg" && key != "role") continue;
      for (SonicConfigPort& each : children) each.set(key, value);
    }
  }
}

}  // namespace

std::string read_as(const SonicListedMode& mode) {
  try {
    const BreakoutMode read = parse_breakout_mode(mode.text, "mode");
    return read.drops() ? to_string(read) : mode.text;
  } catch (const ConfigError&) {
    return "";
  }
}

SonicModeMatch match_sonic_mode(const SonicPlatformPort& port, std::string_view mode,
                                std::string_view place) {
  const int lanes = static_cast<int>(port.lanes.size());
  SonicModeMatch out{nullptr, parse_breakout_mode(mode, place), {}};
  for (const SonicListedMode& listed : port.modes) {
    BreakoutMode candidate = parse_breakout_mode(listed.text, place);
    if (!sonic_same_mode(out.asked, candidate, lanes)) continue;
    if (listed.aliases.empty()) break;
    out.listed = &listed;
    out.found = std::move(candidate);
    return out;
  }
  std::string hint;
  for (const SonicListedMode& listed : port.modes) {
    const BreakoutMode other = parse_breakout_mode(listed.text, place);
    if (hint.empty() && other.ports() == out.asked.ports() &&
        other.parts.front().speed_mbps == out.asked.parts.front().speed_mbps)
      hint = fmt::format("write '{}': SONiC compares the alternative speeds, too", listed.text);
  }
  throw ConfigError({std::string(place), fmt::format("{} has no breakout mode '{}'", port.name, mode),
                     listed_texts(port), hint});
}

std::vector<SonicConfigPort> expand_sonic_port(const SonicPlatformPort& port, std::string_view mode,
                                               std::string_view place) {
  const auto base = sonic_port_number(port.name);
  if (!base) refuse(place, port, mode, "its name is not Ethernet and a number");
  const SonicModeMatch match = match_sonic_mode(port, mode, place);
  const int parent_lanes = static_cast<int>(port.lanes.size());
  if (match.asked.lanes(parent_lanes) > parent_lanes) {
    refuse(place, port, mode,
           fmt::format("uses {} lanes of {}", match.asked.lanes(parent_lanes), parent_lanes));
  }
  const bool single = match.asked.ports() == 1;
  std::vector<SonicConfigPort> out;
  std::size_t lane = 0;
  for (const BreakoutPart& part : match.asked.parts) {
    const int lanes = part.lanes.value_or(parent_lanes);
    check_part(port, match.asked, part, lanes, place);
    const auto each = static_cast<std::size_t>(lanes / part.ports);
    for (int i = 0; i < part.ports; ++i, lane += each) {
      const std::size_t k = out.size();
      if (k >= match.listed->aliases.size())
        refuse(place, port, mode, fmt::format("{} aliases for {} ports", k, match.asked.ports()));
      if (lane >= port.indexes.size())
        refuse(place, port, mode,
               fmt::format("{} entries in \"index\" for {} lanes", port.indexes.size(), parent_lanes));
      SonicConfigPort child{fmt::format("Ethernet{}", static_cast<std::size_t>(*base) + lane), {}};
      child.fields = {{"alias", match.listed->aliases[k]},
                      {"lanes", joined_lanes(port, lane, each)},
                      {"speed", fmt::format("{}", part.speed_mbps)},
                      {"index", port.indexes[lane]},
                      {"subport", single ? "0" : fmt::format("{}", k + 1)}};
      if (part.speed_mbps / static_cast<long>(each) >= fec_from_mbps) child.set("fec", "rs");
      out.push_back(std::move(child));
    }
  }
  return out;
}

SonicExpansion expand_sonic(const SonicPlatform& platform, const SonicHwsku& hwsku) {
  SonicExpansion out;
  out.config.file = hwsku.file;
  for (const SonicPlatformPort& port : platform.ports) {
    const SonicHwskuPort* entry = hwsku.port(port.name);
    if (entry == nullptr) continue;
    const std::string place = hwsku.file + ": " + port.name;
    try {
      if (entry->mode.empty())
        throw ConfigError({place, "has no default_brkout_mode", listed_texts(port), ""});
      std::vector<SonicConfigPort> children = expand_sonic_port(port, entry->mode, place);
      take_attributes(hwsku, children);
      SonicParent parent{port.name, entry->mode, {}};
      for (SonicConfigPort& child : children) {
        parent.children.push_back(child.name);
        out.config.ports.push_back(std::move(child));
      }
      out.parents.push_back(std::move(parent));
      out.config.breakout_cfg.emplace_back(port.name, entry->mode);
    } catch (const ConfigError& error) {
      const ErrorDetail& e = error.detail();
      std::string cure = e.hint;
      if (cure.empty() && !e.allowed.empty()) cure = "one of " + e.allowed;
      out.config.problems.push_back(
          {LintSeverity::error, "MODE_REFUSED", place, e.problem, std::move(cure), {port.name}});
    }
  }
  return out;
}

std::vector<const SonicConfigPort*> children_of(const SonicConfig& config, const SonicPlatformPort& parent) {
  std::vector<const SonicConfigPort*> out;
  std::vector<std::string> own;
  for (const std::string& lane : parent.lanes) own.push_back(comma_list(lane).front());
  for (const SonicConfigPort& port : config.ports) {
    const std::vector<std::string> lanes = port.lanes();
    const bool inside =
        !lanes.empty() && std::all_of(lanes.begin(), lanes.end(), [&](const std::string& lane) {
          return std::find(own.begin(), own.end(), lane) != own.end();
        });
    if (inside) out.push_back(&port);
  }
  return out;
}

void set_sonic_mode(SonicConfig& config, const SonicPlatformPort& parent, std::string_view mode,
                    std::string_view place) {
  std::vector<SonicConfigPort> children = expand_sonic_port(parent, mode, place);
  std::vector<std::string> gone;
  for (const SonicConfigPort* old : children_of(config, parent)) gone.push_back(old->name);
  for (SonicConfigPort& child : children) {
    const SonicConfigPort* old = config.port(child.name);
    if (old == nullptr) continue;
    for (const auto& [key, value] : old->fields)
      if (key != "fec" && key != "description" && child.field(key).empty()) child.set(key, value);
    gone.push_back(old->name);
  }
  const auto dropped = [&](const std::string& name) {
    return std::find(gone.begin(), gone.end(), name) != gone.end();
  };
  std::erase_if(config.ports, [&](const SonicConfigPort& port) { return dropped(port.name); });
  std::erase_if(config.breakout_cfg, [&](const auto& entry) { return entry.first == parent.name; });
  config.breakout_cfg.emplace_back(parent.name, mode);
  const bool masters = !config.breakout_ports.empty();
  std::erase_if(config.breakout_ports,
                [&](const auto& entry) { return dropped(entry.first) || entry.second == parent.name; });
  for (SonicConfigPort& child : children) {
    if (masters) config.breakout_ports.emplace_back(child.name, parent.name);
    config.ports.push_back(std::move(child));
  }
}

}  // namespace lightlane::plan

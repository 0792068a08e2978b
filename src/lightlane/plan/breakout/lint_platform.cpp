#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_lints.hpp"

namespace lightlane::plan {
namespace {

class PortLints {
 public:
  PortLints(const std::string& file, const std::string& port, std::vector<BreakoutLint>& out)
      : file_(file), port_(port), out_(out) {}
  void say(LintSeverity severity, std::string_view code, std::string text, std::string cure = "") const {
    out_.push_back({severity, code, file_ + ": " + port_, std::move(text), std::move(cure), {port_}});
  }

 private:
  const std::string &file_, &port_;
  std::vector<BreakoutLint>& out_;
};

/// The mode with the alternatives that stand in what SONiC drops.
std::string with_dropped(BreakoutMode mode) {
  for (BreakoutPart& part : mode.parts) {
    std::string number;
    for (const char c : part.dropped + ",") {
      if (c >= '0' && c <= '9' && number.size() < 7) {
        number += c;
      } else if (!number.empty()) {
        part.speeds.push_back(std::stol(number) * (c == 'G' ? 1000 : 1));
        number.clear();
      }
    }
    std::sort(part.speeds.begin(), part.speeds.end());
    part.speeds.erase(std::unique(part.speeds.begin(), part.speeds.end()), part.speeds.end());
  }
  return to_string(mode);
}

void lint_listed_mode(const SonicPlatformPort& port, const SonicListedMode& listed, const BreakoutMode& mode,
                      const PortLints& lints) {
  const int lanes = static_cast<int>(port.lanes.size()), ports = mode.ports();
  const int aliases = static_cast<int>(listed.aliases.size());
  const auto in = [&](std::string what) { return fmt::format("mode '{}' {}", listed.text, what); };
  if (mode.drops()) {
    lints.say(LintSeverity::warning, "MODE_DROPS",
              in(fmt::format("is read as '{}': SONiC drops the rest without a word", to_string(mode))),
              fmt::format("write '{}'", with_dropped(mode)));
  }
  if (aliases < ports) {
    lints.say(LintSeverity::error, "ALIAS_COUNT",
              in(fmt::format("has {} aliases for {} ports", aliases, ports)), "an alias for each port");
  } else if (aliases > ports) {
    lints.say(LintSeverity::note, "ALIAS_COUNT",
              in(fmt::format("has {} aliases for {} port{}: the others are not used", aliases, ports,
                             ports == 1 ? "" : "s")));
  }
  if (mode.lanes(lanes) > lanes) {
    lints.say(LintSeverity::error, "LANES_EXCEEDED",
              in(fmt::format("uses {} lanes of {}", mode.lanes(lanes), lanes)));
  }
  for (const BreakoutPart& part : mode.parts) {
    const int own = part.lanes.value_or(lanes);
    if (part.ports == 0 || own < part.ports) {
      lints.say(LintSeverity::error, "LANES_EXCEEDED",
                in(fmt::format("has {} ports on {} lanes", part.ports, own)));
    } else if (own % part.ports != 0) {
      lints.say(LintSeverity::warning, "LANES_UNUSED",
                in(fmt::format("leaves {} of {} lanes unused: each of {} ports gets {}", own % part.ports,
                               own, part.ports, own / part.ports)));
    }
  }
}

void lint_platform_port(const SonicPlatformPort& port, const PortLints& lints) {
  const int lanes = static_cast<int>(port.lanes.size());
  if (port.indexes.size() != port.lanes.size()) {
    lints.say(port.indexes.size() < port.lanes.size() ? LintSeverity::error : LintSeverity::warning,
              "INDEX_COUNT",
              fmt::format("has {} entries in \"index\" for {} lanes", port.indexes.size(), lanes),
              "the number of the cage, once for each lane");
  } else if (std::adjacent_find(port.indexes.begin(), port.indexes.end(), std::not_equal_to<>()) !=
             port.indexes.end()) {
    lints.say(LintSeverity::warning, "INDEX_DIFFERS", "its lanes have different entries in \"index\"",
              "one cage has one index");
  }
  if (!sonic_port_number(port.name))
    lints.say(LintSeverity::error, "NAME", "is not named Ethernet and a number: SONiC cannot expand it");
  std::vector<BreakoutMode> modes;
  for (const SonicListedMode& listed : port.modes) {
    try {
      modes.push_back(parse_breakout_mode(listed.text, port.name));
    } catch (const ConfigError& error) {
      lints.say(LintSeverity::error, "MODE_SYNTAX",
                error.detail().problem + ": no mode behind it can be used", error.detail().allowed);
      continue;
    }
    lint_listed_mode(port, listed, modes.back(), lints);
    for (std::size_t i = 0; i + 1 < modes.size(); ++i) {
      if (!sonic_same_mode(modes[i], modes.back(), lanes)) continue;
      lints.say(LintSeverity::warning, "MODE_SAME",
                fmt::format("modes '{}' and '{}' are the same to SONiC: the second is never used",
                            modes[i].text, listed.text),
                "keep one");
    }
  }
}

}  // namespace

void lint_platform(const SonicPlatform& platform, std::vector<BreakoutLint>& out) {
  out.insert(out.end(), platform.problems.begin(), platform.problems.end());
  std::map<std::string, std::string> owners;
  std::map<int, const SonicPlatformPort*> by_number;
  for (const SonicPlatformPort& port : platform.ports) {
    const PortLints lints(platform.file, port.name, out);
    lint_platform_port(port, lints);
    if (const auto number = sonic_port_number(port.name)) by_number.emplace(*number, &port);
    for (const std::string& lane : port.lanes) {
      const auto [known, fresh] = owners.emplace(comma_list(lane).front(), port.name);
      if (!fresh)
        lints.say(LintSeverity::error, "LANES_TWICE",
                  fmt::format("lane {} is also of {}", known->first, known->second),
                  "a lane belongs to one port");
    }
  }
  for (auto it = by_number.begin(); it != by_number.end() && std::next(it) != by_number.end(); ++it) {
    const auto& [number, port] = *it;
    const auto& [after, other] = *std::next(it);
    if (after >= number + static_cast<int>(port->lanes.size())) continue;
    PortLints(platform.file, port->name, out)
        .say(LintSeverity::warning, "NAME",
             fmt::format("its children may be named as far as Ethernet{}, and {} is another port",
                         number + static_cast<int>(port->lanes.size()) - 1, other->name));
  }
}

void lint_hwsku(const SonicHwsku& hwsku, const SonicPlatform& platform, std::vector<BreakoutLint>& out) {
  out.insert(out.end(), hwsku.problems.begin(), hwsku.problems.end());
  for (const SonicHwskuPort& entry : hwsku.ports) {
    const PortLints lints(hwsku.file, entry.name, out);
    const SonicPlatformPort* port = platform.port(entry.name);
    if (port == nullptr) {
      lints.say(
          LintSeverity::warning, "NOT_A_PARENT",
          fmt::format(
              "is no port of {}: its mode is not used, SONiC writes it to BREAKOUT_CFG all the same, and "
              "its fec, autoneg and role go to all children of the parent",
              platform.file),
          "keep the entries of parents only");
      continue;
    }
    if (entry.mode.empty()) continue;  // the expansion says it
    try {
      const SonicModeMatch match = match_sonic_mode(*port, entry.mode, entry.name);
      if (match.listed->text == entry.mode) continue;
      const bool other_default =
          !std::equal(match.asked.parts.begin(), match.asked.parts.end(), match.found.parts.begin(),
                      [](const auto& a, const auto& b) { return a.speed_mbps == b.speed_mbps; });
      lints.say(
          other_default ? LintSeverity::warning : LintSeverity::note, "MODE_UNLISTED",
          fmt::format("mode '{}' is not listed; SONiC takes it for '{}'{}", entry.mode, match.listed->text,
                      other_default ? ", because it compares the sets of speeds and not the default" : ""),
          other_default
              ? fmt::format("list it with its aliases; '{}' would give other speeds", match.listed->text)
              : fmt::format("write '{}'", match.listed->text));
    } catch (const ConfigError&) {
    }
  }
  for (const SonicPlatformPort& port : platform.ports) {
    if (hwsku.port(port.name) == nullptr)
      PortLints(platform.file, port.name, out)
          .say(LintSeverity::note, "NOT_IN_HWSKU",
               fmt::format("has no entry in {}: SONiC makes no port of it", hwsku.file));
  }
}

}  // namespace lightlane::plan

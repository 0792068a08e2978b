#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/breakout/breakout_lints.hpp"

namespace lightlane::plan {
namespace {

/// Lints of one file.
class FileLints {
 public:
  FileLints(const std::string& file, std::vector<BreakoutLint>& out) : file_(file), out_(out) {}
  void say(LintSeverity severity, std::string_view code, const std::string& port, std::string text,
           std::string cure = "") const {
    out_.push_back({severity, code, file_ + ": " + port, std::move(text), std::move(cure), {port}});
  }

 private:
  const std::string& file_;
  std::vector<BreakoutLint>& out_;
};

void lint_fields(const SonicConfig& config, const FileLints& lints) {
  std::map<std::string, std::string> lanes, aliases;
  for (const SonicConfigPort& port : config.ports) {
    if (port.field("lanes").empty()) lints.say(LintSeverity::error, "FIELD", port.name, "has no \"lanes\"");
    if (!port.speed_mbps() || *port.speed_mbps() == 0)
      lints.say(LintSeverity::error, "FIELD", port.name,
                fmt::format("has \"speed\" '{}', no number of Mb/s", port.field("speed")), "such as 100000");
    if (!port.field("subport").empty() && !port.subport())
      lints.say(LintSeverity::error, "FIELD", port.name,
                fmt::format("has \"subport\" '{}', no number", port.field("subport")));
    for (const std::string& lane : port.lanes()) {
      if (!decimal(lane))
        lints.say(LintSeverity::error, "FIELD", port.name, fmt::format("has lane '{}', no number", lane));
      const auto [known, fresh] = lanes.emplace(lane, port.name);
      if (!fresh)
        lints.say(LintSeverity::error, "LANES_TWICE", port.name,
                  fmt::format("lane {} is also of {}", lane, known->second), "a lane belongs to one port");
    }
    if (port.field("alias").empty()) continue;
    const auto [known, fresh] = aliases.emplace(port.field("alias"), port.name);
    if (!fresh)
      lints.say(LintSeverity::error, "ALIAS_TWICE", port.name,
                fmt::format("alias '{}' is also that of {}", port.field("alias"), known->second),
                "one name for each port");
  }
}

/// Lanes that no parent has, or that two share.
void lint_places(const SonicConfig& config, const SonicPlatform& platform, const FileLints& lints) {
  std::map<std::string, const SonicPlatformPort*> parents;
  for (const SonicPlatformPort& parent : platform.ports)
    for (const std::string& lane : parent.lanes) parents.emplace(comma_list(lane).front(), &parent);
  for (const SonicConfigPort& port : config.ports) {
    std::vector<std::string> names;
    for (const std::string& lane : port.lanes()) {
      const auto found = parents.find(lane);
      if (found == parents.end()) {
        lints.say(LintSeverity::error, "LANES_OUTSIDE", port.name,
                  fmt::format("lane {} is of no port of {}", lane, platform.file), "lanes of the parent");
      } else if (std::find(names.begin(), names.end(), found->second->name) == names.end()) {
        names.push_back(found->second->name);
      }
    }
    if (names.size() > 1)
      lints.say(LintSeverity::error, "LANES_OUTSIDE", port.name,
                fmt::format("has lanes of {}", fmt::join(names, " and ")), "lanes of one parent");
  }
}

/// The children of a family against what SONiC would make of its mode.
void lint_children(const PortFamily& family, const std::vector<SonicConfigPort>& expected,
                   const FileLints& lints) {
  std::set<std::string> wanted;
  for (const SonicConfigPort& want : expected) {
    wanted.insert(want.name);
    const auto found = std::find_if(family.children.begin(), family.children.end(),
                                    [&](const SonicConfigPort* child) { return child->name == want.name; });
    if (found == family.children.end()) {
      lints.say(LintSeverity::error, "PORT_MISSING", want.name,
                fmt::format("is a child of {} in mode '{}', and not in PORT", family.name, family.mode));
      continue;
    }
    const SonicConfigPort& child = **found;
    for (const std::string_view key : {"lanes", "index"}) {
      if (child.field(key) != want.field(key))
        lints.say(LintSeverity::error, "PORT_DIFFERS", child.name,
                  fmt::format("has \"{}\" {}, its mode '{}' gives {}", key, child.field(key), family.mode,
                              want.field(key)));
    }
    if (child.field("alias") != want.field("alias"))
      lints.say(LintSeverity::note, "ALIAS_DIFFERS", child.name,
                fmt::format("has alias '{}', the platform '{}'", child.field("alias"), want.field("alias")));
  }
  for (const SonicConfigPort* child : family.children) {
    if (!wanted.contains(child->name))
      lints.say(LintSeverity::error, "PORT_DIFFERS", child->name,
                fmt::format("is no child of {} in mode '{}'", family.name, family.mode));
  }
}

/// Whether a speed is one of those of the part that the child belongs to.
void lint_speeds(const PortFamily& family, const FileLints& lints) {
  const BreakoutMode mode = parse_breakout_mode(family.mode, family.name);
  for (const SonicConfigPort* child : family.children) {
    const auto allowed = std::any_of(mode.parts.begin(), mode.parts.end(), [&](const BreakoutPart& part) {
      return std::find(part.speeds.begin(), part.speeds.end(), child->speed_mbps().value_or(0)) !=
             part.speeds.end();
    });
    if (!allowed && child->speed_mbps())
      lints.say(
          LintSeverity::error, "SPEED", child->name,
          fmt::format("has speed {}, which mode '{}' does not have", *child->speed_mbps(), family.mode));
  }
}

/// Without BREAKOUT_CFG: a listed mode that gives these children.
void lint_unnamed_mode(const PortFamily& family, const FileLints& lints) {
  if (family.children.empty()) return;
  for (const SonicListedMode& listed : family.parent->modes) {
    try {
      const auto expected = expand_sonic_port(*family.parent, listed.text, family.name);
      const bool fits = expected.size() == family.children.size() &&
                        std::equal(expected.begin(), expected.end(), family.children.begin(),
                                   [](const SonicConfigPort& a, const SonicConfigPort* b) {
                                     return a.name == b->name && a.lanes() == b->lanes();
                                   });
      if (!fits) continue;
      PortFamily in_mode = family;
      in_mode.mode = listed.text;
      const BreakoutMode mode = parse_breakout_mode(listed.text, family.name);
      const bool speeds =
          std::all_of(family.children.begin(), family.children.end(), [&](const SonicConfigPort* c) {
            return std::any_of(mode.parts.begin(), mode.parts.end(), [&](const BreakoutPart& p) {
              return std::find(p.speeds.begin(), p.speeds.end(), c->speed_mbps().value_or(0)) !=
                     p.speeds.end();
            });
          });
      if (speeds) return;
    } catch (const ConfigError&) {
    }
  }
  std::vector<std::string_view> listed;
  for (const SonicListedMode& mode : family.parent->modes) listed.push_back(mode.text);
  lints.say(LintSeverity::error, "MODE_MISSING", family.name,
            fmt::format("is broken out into {}, which the platform does not list", family.real_mode()),
            fmt::format("one of {}", fmt::join(listed, ", ")));
}

void lint_breakout_tables(const SonicConfig& config, const SonicPlatform& platform, const FileLints& lints) {
  for (const auto& [parent, mode] : config.breakout_cfg) {
    const SonicPlatformPort* port = platform.port(parent);
    if (port == nullptr) {
      lints.say(LintSeverity::warning, "NOT_A_PARENT", parent,
                fmt::format("stands in BREAKOUT_CFG and is no port of {}", platform.file),
                "keep parents only");
    }
  }
  for (const auto& [child, master] : config.breakout_ports) {
    if (config.port(child) == nullptr) {
      lints.say(LintSeverity::warning, "BREAKOUT_PORTS", child, "stands in BREAKOUT_PORTS and not in PORT");
    } else if (const SonicPlatformPort* port = platform.port(master); port != nullptr) {
      const auto own = children_of(config, *port);
      if (std::find(own.begin(), own.end(), config.port(child)) == own.end())
        lints.say(LintSeverity::error, "BREAKOUT_PORTS", child,
                  fmt::format("has master {}, whose lanes it has not", master));
    }
  }
}

/// Tables that speak of ports which are not there.
void lint_references(const SonicConfig& config, const FileLints& lints) {
  std::set<std::string_view> known;
  for (const SonicConfigPort& port : config.ports) known.insert(port.name);
  const auto look = [&](const std::string& table, std::string_view text) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = std::min(text.find('|', begin), text.size());
      const std::string_view word = text.substr(begin, end - begin);
      if (sonic_port_number(word) && !known.contains(word))
        lints.say(LintSeverity::warning, "REFERENCE", std::string(word),
                  fmt::format("stands in {} and not in PORT", table),
                  "remove it there, or the switch refuses the file");
      begin = end + 1;
    }
  };
  for (const auto& [table, entries] : config.others.members) {
    for (const auto& [key, entry] : entries.members) {
      look(table, key);
      if (table == "CABLE_LENGTH")
        for (const auto& [field, value] : entry.members) look(table, field);
    }
  }
}

}  // namespace

int PortFamily::lanes() const noexcept {
  if (parent != nullptr) return static_cast<int>(parent->lanes.size());
  return std::accumulate(children.begin(), children.end(), 0, [](int sum, const SonicConfigPort* child) {
    return sum + static_cast<int>(child->lanes().size());
  });
}

std::optional<int> PortFamily::offset(const SonicConfigPort& child) const {
  const std::vector<std::string> lanes = child.lanes();
  if (lanes.empty()) return std::nullopt;
  if (parent != nullptr) {
    for (std::size_t i = 0; i < parent->lanes.size(); ++i)
      if (comma_list(parent->lanes[i]).front() == lanes.front()) return static_cast<int>(i);
    return std::nullopt;
  }
  // Without the platform: where the children fill a row of lanes without a gap.
  std::vector<int> all;
  for (const SonicConfigPort* each : children)
    for (const std::string& lane : each->lanes()) all.push_back(decimal(lane).value_or(-1000));
  std::sort(all.begin(), all.end());
  if (children.size() < 2 || all.back() - all.front() + 1 != static_cast<int>(all.size()))
    return std::nullopt;
  return decimal(lanes.front()).value_or(all.front()) - all.front();
}

std::string PortFamily::real_mode() const {
  BreakoutMode out;
  for (const SonicConfigPort* child : children) {
    const int lanes = static_cast<int>(child->lanes().size());
    const long speed = child->speed_mbps().value_or(0);
    if (lanes == 0 || speed == 0) return "";
    const bool more = !out.parts.empty() && out.parts.back().speed_mbps == speed &&
                      *out.parts.back().lanes == lanes * out.parts.back().ports;
    if (more) {
      ++out.parts.back().ports;
      *out.parts.back().lanes += lanes;
    } else {
      out.parts.push_back({1, speed, {speed}, lanes, ""});
    }
  }
  return to_string(out);
}

std::vector<PortFamily> port_families(const SonicConfig& config, const SonicPlatform* platform) {
  std::vector<PortFamily> out;
  if (platform != nullptr) {
    std::map<std::string, std::size_t> families;
    for (const SonicPlatformPort& parent : platform->ports) {
      const auto mode = std::find_if(config.breakout_cfg.begin(), config.breakout_cfg.end(),
                                     [&](const auto& entry) { return entry.first == parent.name; });
      for (const std::string& lane : parent.lanes) families.emplace(comma_list(lane).front(), out.size());
      out.push_back({parent.name,
                     config.file,
                     &parent,
                     mode == config.breakout_cfg.end() ? std::string() : mode->second,
                     {}});
    }
    for (const SonicConfigPort& port : config.ports) {
      const std::vector<std::string> lanes = port.lanes();
      const auto found = lanes.empty() ? families.end() : families.find(lanes.front());
      if (found != families.end()) out[found->second].children.push_back(&port);
    }
  } else {
    std::map<std::string, std::size_t> families;  // by index: one cage has one
    for (const SonicConfigPort& port : config.ports) {
      const std::string key =
          port.field("index").empty() ? "name " + port.name : "index " + std::string(port.field("index"));
      const auto [found, fresh] = families.emplace(key, out.size());
      if (fresh) out.push_back({port.name, config.file, nullptr, "", {}});
      out[found->second].children.push_back(&port);
    }
  }
  for (PortFamily& family : out) {
    const auto place = [&](const SonicConfigPort* port) {
      const auto lanes = port->lanes();
      const int number = lanes.empty() ? -1 : decimal(lanes.front()).value_or(-1);
      return family.parent == nullptr ? number : family.offset(*port).value_or(number);
    };
    std::stable_sort(family.children.begin(), family.children.end(),
                     [&](const auto* a, const auto* b) { return place(a) < place(b); });
    if (family.parent == nullptr && !family.children.empty()) family.name = family.children.front()->name;
  }
  std::erase_if(out, [](const PortFamily& family) { return family.children.empty() && family.mode.empty(); });
  return out;
}

void lint_ports(const SonicConfig& config, const SonicPlatform* platform,
                const std::vector<PortFamily>& families, std::vector<BreakoutLint>& out) {
  const FileLints lints(config.file, out);
  out.insert(out.end(), config.problems.begin(), config.problems.end());
  lint_fields(config, lints);
  lint_references(config, lints);
  if (platform == nullptr) return;
  lint_places(config, *platform, lints);
  lint_breakout_tables(config, *platform, lints);
  for (const PortFamily& family : families) {
    if (family.mode.empty()) {
      lint_unnamed_mode(family, lints);
      continue;
    }
    try {
      lint_children(family, expand_sonic_port(*family.parent, family.mode, family.name), lints);
      lint_speeds(family, lints);
    } catch (const ConfigError& error) {
      const ErrorDetail& e = error.detail();
      lints.say(LintSeverity::error, "MODE_REFUSED", family.name, e.problem,
                !e.hint.empty() ? e.hint : "one of " + e.allowed);
    }
  }
}

}  // namespace lightlane::plan

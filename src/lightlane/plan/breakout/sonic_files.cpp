#include "lightlane/plan/breakout/sonic_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lightlane/base/error.hpp"

namespace lightlane::plan {
namespace {

/// As SONiC splits: nothing is trimmed.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t comma = text.find(',');
    out.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& item : list) out += (out.empty() && &item == &list.front() ? "" : ",") + item;
  return out;
}

template <class Entries>
auto named(const Entries& entries, std::string_view name) noexcept {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const auto& entry) { return entry.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

/// The problems of one file.
class Problems {
 public:
  Problems(const std::string& file, std::vector<BreakoutLint>& out) : file_(file), out_(out) {}
  void error(const std::string& entry, std::string text, std::string cure = "") const {
    out_.push_back(
        {LintSeverity::error, "ENTRY", file_ + ": " + entry, std::move(text), std::move(cure), {entry}});
  }
  void warning(std::string_view code, const std::string& entry, std::string text, std::string cure) const {
    out_.push_back(
        {LintSeverity::warning, code, file_ + ": " + entry, std::move(text), std::move(cure), {entry}});
  }
  void twice(const std::vector<std::string>& names) const {
    for (const std::string& entry : names)
      out_.push_back({LintSeverity::error,
                      "TWICE",
                      file_ + ": " + entry,
                      "stands twice in its object: the last one counts, what the first says is lost",
                      "keep one of them",
                      {entry}});
  }

 private:
  const std::string& file_;
  std::vector<BreakoutLint>& out_;
};

const JsonValue& object_of(const JsonDocument& document, std::string_view key, const std::string& file,
                           std::string_view what) {
  if (!document.value.is_object()) throw InputError({file, "is no JSON object", "", ""});
  const JsonValue* found = document.value.get(key);
  if (found == nullptr || !found->is_object())
    throw InputError({file, fmt::format("has no \"{}\"", key), std::string(what), ""});
  return *found;
}

JsonValue without(const JsonValue& object, std::initializer_list<std::string_view> keys) {
  JsonValue out;
  for (const auto& member : object.members)
    if (std::find(keys.begin(), keys.end(), member.first) == keys.end()) out.members.push_back(member);
  return out;
}

bool read_modes(const JsonValue& modes, SonicPlatformPort& out, const Problems& problems) {
  if (!modes.is_object()) {
    problems.error(out.name, "\"breakout_modes\" is no object of modes with their aliases",
                   "SONiC before 2021 had a text there; newer ones do not read it");
    return false;
  }
  for (const auto& [text, aliases] : modes.members) {
    SonicListedMode mode{text, {}};
    bool good = aliases.is_array();
    for (const JsonValue& alias : aliases.items) {
      good = good && alias.is_text();
      mode.aliases.push_back(alias.text);
    }
    if (!good) {
      problems.error(out.name, fmt::format("the aliases of '{}' are no list of texts", text));
      continue;
    }
    out.modes.push_back(std::move(mode));
  }
  return true;
}

bool read_platform_port(const JsonValue& entry, SonicPlatformPort& out, const Problems& problems) {
  if (!entry.is_object()) {
    problems.error(out.name, "is no object");
    return false;
  }
  for (const auto& [key, list] : {std::pair("lanes", &out.lanes), std::pair("index", &out.indexes)}) {
    const JsonValue* value = entry.get(key);
    if (value == nullptr || !value->is_text() || value->text.empty()) {
      problems.error(out.name, fmt::format("has no \"{}\" as a text such as \"1,2,3,4\"", key));
      return false;
    }
    *list = split(value->text);
    if (list->size() > 64) {
      problems.error(out.name,
                     fmt::format("has {} entries in \"{}\", more than any cage", list->size(), key));
      return false;
    }
  }
  const JsonValue* modes = entry.get("breakout_modes");
  if (modes == nullptr) {
    problems.error(out.name, "has no \"breakout_modes\"");
    return false;
  }
  out.others = without(entry, {"index", "lanes", "breakout_modes"});
  return read_modes(*modes, out, problems);
}

/// The members as texts; one that is none is taken as it is written, and named.
std::vector<std::pair<std::string, std::string>> fields_of(const JsonValue& entry, const std::string& name,
                                                           const Problems& problems) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [key, value] : entry.members) {
    if (value.is_object() || value.is_array()) {
      problems.error(name, fmt::format("\"{}\" is no text", key));
      continue;
    }
    if (!value.is_text())
      problems.warning("FIELD_TYPE", name, fmt::format("\"{}\" is {}, no text", key, value.text),
                       "write it in quotes: the database holds texts");
    out.emplace_back(key, value.text);
  }
  return out;
}

/// A table whose entries have one text of interest.
std::vector<std::pair<std::string, std::string>> pairs_of(const JsonValue& document, std::string_view table,
                                                          std::string_view key, const Problems& problems) {
  std::vector<std::pair<std::string, std::string>> out;
  const JsonValue* found = document.get(table);
  if (found == nullptr) return out;
  for (const auto& [name, entry] : found->members) {
    const JsonValue* value = entry.get(key);
    if (value == nullptr || !value->is_text()) {
      problems.error(name, fmt::format("{} has no \"{}\" for it", table, key));
    } else {
      out.emplace_back(name, value->text);
    }
  }
  return out;
}

JsonValue table_of(const std::vector<std::pair<std::string, std::string>>& pairs, std::string_view key) {
  auto sorted = pairs;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return sonic_port_before(a.first, b.first); });
  JsonValue out;
  for (const auto& [name, value] : sorted) {
    JsonValue entry;
    entry.members.emplace_back(key, JsonValue::of(value));
    out.members.emplace_back(name, std::move(entry));
  }
  return out;
}

}  // namespace

SonicPlatform read_sonic_platform(std::string_view text, const std::string& file) {
  const JsonDocument document = read_json(text, file);
  SonicPlatform out;
  out.file = file;
  const Problems problems(file, out.problems);
  problems.twice(document.twice);
  for (const auto& [name, entry] :
       object_of(document, "interfaces", file, "a platform.json of SONiC, with lanes and modes of each port")
           .members) {
    SonicPlatformPort port;
    port.name = name;
    if (read_platform_port(entry, port, problems)) out.ports.push_back(std::move(port));
  }
  out.others = without(document.value, {"interfaces"});
  return out;
}

SonicHwsku read_sonic_hwsku(std::string_view text, const std::string& file) {
  const JsonDocument document = read_json(text, file);
  SonicHwsku out;
  out.file = file;
  const Problems problems(file, out.problems);
  problems.twice(document.twice);
  for (const auto& [name, entry] :
       object_of(document, "interfaces", file, "a hwsku.json of SONiC, with the default mode of each port")
           .members) {
    if (!entry.is_object()) {
      problems.error(name, "is no object");
      continue;
    }
    SonicHwskuPort port{name, "", fields_of(entry, name, problems)};
    const auto mode = std::find_if(port.attributes.begin(), port.attributes.end(),
                                   [](const auto& field) { return field.first == "default_brkout_mode"; });
    if (mode != port.attributes.end()) {
      port.mode = mode->second;
      port.attributes.erase(mode);
    }
    out.ports.push_back(std::move(port));
  }
  out.others = without(document.value, {"interfaces"});
  return out;
}

SonicConfig read_sonic_config(std::string_view text, const std::string& file) {
  const JsonDocument document = read_json(text, file);
  SonicConfig out;
  out.file = file;
  const Problems problems(file, out.problems);
  problems.twice(document.twice);
  for (const auto& [name, entry] : object_of(document, "PORT", file, "a config_db.json of SONiC").members) {
    if (!entry.is_object()) {
      problems.error(name, "is no object");
      continue;
    }
    out.ports.push_back({name, fields_of(entry, name, problems)});
  }
  out.breakout_cfg = pairs_of(document.value, "BREAKOUT_CFG", "brkout_mode", problems);
  out.breakout_ports = pairs_of(document.value, "BREAKOUT_PORTS", "master", problems);
  out.others = without(document.value, {"PORT", "BREAKOUT_CFG", "BREAKOUT_PORTS"});
  return out;
}

std::string write_sonic_platform(const SonicPlatform& platform) {
  JsonValue out = platform.others;
  JsonValue& ports = out.at("interfaces");
  for (const SonicPlatformPort& port : platform.ports) {
    JsonValue entry;
    entry.members.emplace_back("index", JsonValue::of(joined(port.indexes)));
    entry.members.emplace_back("lanes", JsonValue::of(joined(port.lanes)));
    JsonValue modes;
    for (const SonicListedMode& mode : port.modes) {
      JsonValue aliases;
      aliases.kind = JsonValue::Kind::array;
      for (const std::string& alias : mode.aliases) aliases.items.push_back(JsonValue::of(alias));
      modes.members.emplace_back(mode.text, std::move(aliases));
    }
    entry.members.emplace_back("breakout_modes", std::move(modes));
    entry.members.insert(entry.members.end(), port.others.members.begin(), port.others.members.end());
    ports.members.emplace_back(port.name, std::move(entry));
  }
  return write_json(out);
}

std::string write_sonic_hwsku(const SonicHwsku& hwsku) {
  JsonValue out = hwsku.others;
  JsonValue& ports = out.at("interfaces");
  for (const SonicHwskuPort& port : hwsku.ports) {
    JsonValue entry;
    if (!port.mode.empty()) entry.members.emplace_back("default_brkout_mode", JsonValue::of(port.mode));
    for (const auto& [key, value] : port.attributes) entry.members.emplace_back(key, JsonValue::of(value));
    ports.members.emplace_back(port.name, std::move(entry));
  }
  return write_json(out);
}

std::string write_sonic_config(const SonicConfig& config) {
  JsonValue out = config.others;
  std::vector<SonicConfigPort> ports = config.ports;
  std::stable_sort(ports.begin(), ports.end(),
                   [](const auto& a, const auto& b) { return sonic_port_before(a.name, b.name); });
  JsonValue table;
  for (SonicConfigPort& port : ports) {
    std::sort(port.fields.begin(), port.fields.end());
    JsonValue entry;
    for (const auto& [key, value] : port.fields) entry.members.emplace_back(key, JsonValue::of(value));
    table.members.emplace_back(port.name, std::move(entry));
  }
  out.members.emplace_back("PORT", std::move(table));
  if (!config.breakout_cfg.empty())
    out.members.emplace_back("BREAKOUT_CFG", table_of(config.breakout_cfg, "brkout_mode"));
  if (!config.breakout_ports.empty())
    out.members.emplace_back("BREAKOUT_PORTS", table_of(config.breakout_ports, "master"));
  std::stable_sort(out.members.begin(), out.members.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return write_json(out);
}

const SonicPlatformPort* SonicPlatform::port(std::string_view wanted) const noexcept {
  return named(ports, wanted);
}
const SonicHwskuPort* SonicHwsku::port(std::string_view wanted) const noexcept {
  return named(ports, wanted);
}
const SonicConfigPort* SonicConfig::port(std::string_view wanted) const noexcept {
  return named(ports, wanted);
}

std::string_view SonicConfigPort::field(std::string_view wanted) const noexcept {
  for (const auto& [key, value] : fields)
    if (key == wanted) return value;
  return {};
}

void SonicConfigPort::set(std::string_view wanted, std::string value) {
  for (auto& [key, old] : fields) {
    if (key == wanted) {
      old = std::move(value);
      return;
    }
  }
  fields.emplace_back(wanted, std::move(value));
}

std::vector<std::string> SonicConfigPort::lanes() const {
  const std::string_view text = field("lanes");
  return text.empty() ? std::vector<std::string>() : comma_list(text);
}

std::optional<long> SonicConfigPort::speed_mbps() const noexcept { return decimal(field("speed")); }
std::optional<int> SonicConfigPort::index() const noexcept { return decimal(field("index")); }
std::optional<int> SonicConfigPort::subport() const noexcept { return decimal(field("subport")); }

std::optional<int> decimal(std::string_view text) noexcept {
  int value = 0;
  if (text.empty() || text.size() > 9) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

std::vector<std::string> comma_list(std::string_view text) {
  std::vector<std::string> out = split(text);
  for (std::string& item : out) {
    const std::size_t first = item.find_first_not_of(" \t");
    item = first == std::string::npos ? "" : item.substr(first, item.find_last_not_of(" \t") - first + 1);
  }
  return out;
}

std::optional<int> sonic_port_number(std::string_view name) noexcept {
  constexpr std::string_view prefix = "Ethernet";
  if (!name.starts_with(prefix)) return std::nullopt;
  return decimal(name.substr(prefix.size()));
}

bool sonic_port_before(std::string_view a, std::string_view b) noexcept {
  const auto na = sonic_port_number(a), nb = sonic_port_number(b);
  if (na && nb) return *na != *nb ? *na < *nb : a < b;
  if (na.has_value() != nb.has_value()) return na.has_value();
  return a < b;
}

}  // namespace lightlane::plan

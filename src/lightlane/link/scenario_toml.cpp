#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "lightlane/base/error.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

std::string where(std::string_view place, const toml::node& node, std::string_view path) {
  return fmt::format("{}: line {}: {}", place, node.source().begin.line, path);
}

std::string shown(const toml::node& node) {
  if (const auto* v = node.as_integer()) return fmt::format("{}", v->get());
  if (const auto* v = node.as_floating_point()) return fmt::format("{}", v->get());
  if (const auto* v = node.as_boolean()) return v->get() ? "true" : "false";
  if (const auto* v = node.as_string()) return fmt::format("\"{}\"", v->get());
  std::ostringstream type;
  type << node.type();
  return "of type " + type.str();
}

[[noreturn]] void refuse(const std::string& at, const toml::node& node, std::string allowed) {
  throw ConfigError({at, "is " + shown(node), std::move(allowed), ""});
}

std::string range(double lo, double hi, std::string_view unit) {
  return fmt::format("a number from {} to {}{}{}", lo, hi, unit.empty() ? "" : " ", unit);
}

double number(const toml::node& node, const std::string& at, double lo, double hi, std::string_view unit) {
  const auto value = node.is_number() ? node.value<double>() : std::nullopt;
  if (!value || !(*value >= lo && *value <= hi)) refuse(at, node, range(lo, hi, unit));
  return *value;
}

std::int64_t integer(const toml::node& node, const std::string& at, std::int64_t lo, std::int64_t hi,
                     std::string_view unit) {
  const auto* value = node.as_integer();
  if (value == nullptr || value->get() < lo || value->get() > hi) {
    refuse(at, node, fmt::format("an integer from {} to {}{}{}", lo, hi, unit.empty() ? "" : " ", unit));
  }
  return value->get();
}

template <class Value, class Element>
void list(const toml::node& node, const std::string& at, std::vector<Value>& out, Element element) {
  const toml::array* items = node.as_array();
  if (items == nullptr) refuse(at, node, "a list");
  out.clear();
  for (const toml::node& item : *items) out.push_back(element(item));
}

/// Stores one value of the file in the slot of its key.
struct Store {
  const toml::node& node;
  const std::string& at;
  std::string_view unit;

  void operator()(const NumberKey& key) const { *key.value = number(node, at, key.minimum, key.maximum, unit); }
  void operator()(const IntegerKey& key) const { *key.value = integer(node, at, key.minimum, key.maximum, unit); }
  void operator()(const BooleanKey& key) const {
    if (!node.is_boolean()) refuse(at, node, "true or false");
    *key.value = node.as_boolean()->get();
  }
  void operator()(const TextKey& key) const {
    const auto* value = node.as_string();
    if (value == nullptr) refuse(at, node, "a text in quotes");
    if (!key.allowed.empty() && std::find(key.allowed.begin(), key.allowed.end(), value->get()) == key.allowed.end()) {
      refuse(at, node, fmt::format("{}", fmt::join(key.allowed, ", ")));
    }
    *key.value = value->get();
  }
  void operator()(const IntegerListKey& key) const {
    list(node, at, *key.value, [&](const toml::node& n) { return integer(n, at, key.minimum, key.maximum, unit); });
  }
  void operator()(const NumberListKey& key) const {
    list(node, at, *key.value, [&](const toml::node& n) { return number(n, at, key.minimum, key.maximum, unit); });
  }
};

/// Levenshtein distance, to propose the key that was meant.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t next = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = row[j];
      row[j] = next;
    }
  }
  return row.back();
}

std::string nearest(std::string_view path, const std::vector<Key>& keys) {
  const auto best = std::min_element(keys.begin(), keys.end(), [&](const Key& a, const Key& b) {
    return distance(path, a.path) < distance(path, b.path);
  });
  return distance(path, best->path) <= 6 ? fmt::format("did you mean {}?", best->path)
                                         : "lightlane phy --print-config lists the keys";
}

void read_events(const toml::node& node, std::string_view place, std::vector<Event>& events) {
  const toml::array* items = node.as_array();
  if (items == nullptr) refuse(where(place, node, "events"), node, "tables [[events]]");
  events.clear();
  for (const toml::node& item : *items) {
    const toml::table* entry = item.as_table();
    if (entry == nullptr) refuse(where(place, item, "events"), item, "tables [[events]]");
    Event event;
    for (const auto& [key, value] : *entry) {
      const std::string at = where(place, value, fmt::format("events.{}", key.str()));
      const Store store{value, at, ""};
      if (key == "kind") store(TextKey{&event.kind, {"cut", "bit_slip", "skew_step", "errors"}});
      else if (key == "lane") store(IntegerKey{&event.lane, 0, 19});
      else if (key == "time_us") store(NumberKey{&event.time_us, 0, 1e9});
      else if (key == "duration_us") store(NumberKey{&event.duration_us, 0, 1e9});
      else if (key == "bits") store(IntegerKey{&event.bits, -100000, 100000});
      else if (key == "count") store(IntegerKey{&event.count, 1, 1'000'000'000});
      else throw ConfigError({at, "is no key of an event", "kind, lane, time_us, duration_us, bits, count", ""});
    }
    if (event.kind.empty()) {
      throw ConfigError({where(place, item, "events.kind"), "is missing",
                         "cut, bit_slip, skew_step, errors", ""});
    }
    events.push_back(event);
  }
}

/// What a table describes: the whole, a port of it, or the reverse direction of either.
enum class Part { whole, port, reverse };
void read_table(const toml::table& root, std::string_view place, Scenario& scenario, Part part);

/// The other direction: the same with the changes of its table, and no events but its own.
void read_reverse(const toml::node& node, std::string_view place, Scenario& scenario) {
  const toml::table* table = node.as_table();
  if (table == nullptr) refuse(where(place, node, "reverse"), node, "a table [reverse]");
  if (scenario.reverse.empty()) {
    Scenario reverse = scenario;
    reverse.ports.clear();
    reverse.events.clear();
    scenario.reverse.push_back(std::move(reverse));
  }
  read_table(*table, place, scenario.reverse.front(), Part::reverse);
}

/// Each port is the scenario as a whole with the changes of its table.
void read_ports(const toml::node& node, std::string_view place, Scenario& scenario) {
  const toml::array* items = node.as_array();
  if (items == nullptr) refuse(where(place, node, "ports"), node, "tables [[ports]]");
  Scenario common = scenario;
  common.ports.clear();
  common.place.own_events = false;
  for (Scenario& reverse : common.reverse) reverse.place.own_events = false;
  scenario.ports.clear();
  for (const toml::node& item : *items) {
    const toml::table* entry = item.as_table();
    if (entry == nullptr) refuse(where(place, item, "ports"), item, "tables [[ports]]");
    scenario.ports.push_back(common);
    read_table(*entry, place, scenario.ports.back(), Part::port);
  }
}

void read_table(const toml::table& root, std::string_view place, Scenario& scenario, Part part) {
  const std::vector<Key> keys = keys_of(scenario);
  for (const auto& [section, node] : root) {
    // Last, on top of everything else.
    if ((section == "ports" && part == Part::whole) || (section == "reverse" && part != Part::reverse)) continue;
    if (section == "events") {
      read_events(node, place, scenario.events);
      scenario.place.own_events = true;
      continue;
    }
    const toml::table* table = node.as_table();
    if (table == nullptr) {
      throw ConfigError({where(place, node, section.str()), "is no table of a scenario",
                         "link, traffic, phy, errors, optics, run, events, reverse, ports", nearest(section.str(), keys)});
    }
    for (const auto& [name, value] : *table) {
      const std::string path = fmt::format("{}.{}", section.str(), name.str());
      const std::string at = where(place, value, path);
      const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.path == path; });
      if (key == keys.end()) throw ConfigError({at, "is no key of a scenario", "", nearest(path, keys)});
      if (part == Part::reverse && path.ends_with("x_clock_ppm")) {
        throw ConfigError({at, "stands in [reverse]", "only the forward direction's: a clock belongs to a side", ""});
      }
      std::visit(Store{value, at, key->unit}, key->slot);
    }
  }
  if (const toml::node* reverse = part == Part::reverse ? nullptr : root.get("reverse")) {
    read_reverse(*reverse, place, scenario);
  }
  if (const toml::node* ports = part == Part::whole ? root.get("ports") : nullptr) read_ports(*ports, place, scenario);
}

struct Show {
  std::string operator()(const NumberKey& key) const {
    const std::string text = fmt::format("{}", *key.value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  }
  std::string operator()(const IntegerKey& key) const { return fmt::format("{}", *key.value); }
  std::string operator()(const BooleanKey& key) const { return *key.value ? "true" : "false"; }
  std::string operator()(const TextKey& key) const {
    std::string out = "\"";
    for (const char c : *key.value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + '"';
  }
  std::string operator()(const IntegerListKey& key) const { return fmt::format("[{}]", fmt::join(*key.value, ", ")); }
  std::string operator()(const NumberListKey& key) const { return fmt::format("[{}]", fmt::join(*key.value, ", ")); }
};

}  // namespace

void read_toml(std::string_view text, std::string_view place, Scenario& scenario) {
  try {
    const toml::table root = toml::parse(text);
    read_table(root, place, scenario, Part::whole);
  } catch (const toml::parse_error& error) {
    throw InputError({fmt::format("{}: line {}, column {}", place, error.source().begin.line,
                                  error.source().begin.column),
                      std::string(error.description()), "TOML", ""});
  }
}

void read_toml_file(const std::string& path, Scenario& scenario) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf())) throw InputError({path, "cannot be read", "a readable TOML file", ""});
  read_toml(text.str(), path, scenario);
}

void assign(std::string_view assignment, Scenario& scenario) {
  const std::size_t equals = assignment.find('=');
  const std::size_t dot = assignment.find('.');
  const std::string place(assignment);
  if (equals == std::string_view::npos || dot == std::string_view::npos || dot > equals) {
    throw ConfigError({"--set " + place, "is no assignment", "table.key=value", ""});
  }
  const std::string path(assignment.substr(0, equals));
  const std::string value(assignment.substr(equals + 1));
  const std::vector<Key> keys = keys_of(scenario);
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.path == path; });
  if (key == keys.end()) throw ConfigError({"--set " + path, "is no key of a scenario", "", nearest(path, keys)});
  const bool text = std::holds_alternative<TextKey>(key->slot);
  toml::table parsed;
  try {
    if (text) {
      parsed.insert("value", value);
    } else {
      parsed = toml::parse("value = " + value);
    }
  } catch (const toml::parse_error& error) {
    throw ConfigError({"--set " + path, "is '" + value + "'", std::string(error.description()), ""});
  }
  std::visit(Store{*parsed.get("value"), "--set " + path, key->unit}, key->slot);
  for (Scenario& port : scenario.ports) assign(assignment, port);
  for (Scenario& reverse : scenario.reverse) assign(assignment, reverse);
}

namespace {

std::string events_to_toml(const std::vector<Event>& events, std::string_view table) {
  std::string text;
  for (const Event& e : events) {
    text += fmt::format(
        "\n[[{}]]\nkind = \"{}\"\nlane = {}\ntime_us = {}\nduration_us = {}\nbits = {}\ncount = {}\n", table, e.kind,
        e.lane, e.time_us, e.duration_us, e.bits, e.count);
  }
  return text;
}

/// The keys in which `part` differs from `whole`, and its own events, under dotted names.
std::string changes_to_toml(Scenario part, Scenario whole, std::string_view table) {
  std::string text;
  const std::vector<Key> keys = keys_of(part), whole_keys = keys_of(whole);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string value = std::visit(Show{}, keys[i].slot);
    if (value != std::visit(Show{}, whole_keys[i].slot)) text += fmt::format("{} = {}\n", keys[i].path, value);
  }
  if (part.place.own_events && part.events.empty()) text += "events = []\n";
  if (part.place.own_events) text += events_to_toml(part.events, fmt::format("{}.events", table));
  return text;
}

}  // namespace

std::string to_toml(const Scenario& scenario) {
  Scenario copy = scenario;
  std::string text;
  std::string_view table;
  for (const Key& key : keys_of(copy)) {
    const std::string_view section = key.path.substr(0, key.path.find('.'));
    if (section != table) text += fmt::format("{}[{}]\n", table.empty() ? "" : "\n", section);
    table = section;
    const std::string line =
        fmt::format("{} = {}", key.path.substr(section.size() + 1), std::visit(Show{}, key.slot));
    text += fmt::format("{:<44} # {}{}\n", line, key.help, key.unit.empty() ? "" : fmt::format(" [{}]", key.unit));
  }
  text += events_to_toml(scenario.events, "events");
  for (const Scenario& reverse : scenario.reverse) {
    text += "\n[reverse]\n" + changes_to_toml(reverse, scenario, "reverse");
  }
  for (const Scenario& port : scenario.ports) {
    text += "\n[[ports]]\n" + changes_to_toml(port, scenario, "ports");
    for (const Scenario& reverse : port.reverse) {
      const Scenario& base = scenario.reverse.empty() ? port : scenario.reverse.front();
      text += "\n[ports.reverse]\n" + changes_to_toml(reverse, base, "ports.reverse");
    }
  }
  return text;
}

}  // namespace lightlane::link

#include "lightlane/plan/inventory/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/csv.hpp"
#include "lightlane/plan/inventory/inventory_tables.hpp"

namespace lightlane::plan {
namespace {

struct Unit {
  std::string_view name;
  double metres;
};
constexpr Unit units[] = {{"m", 1},           {"metre", 1},       {"metres", 1},       {"meter", 1},
                          {"meters", 1},      {"km", 1000},       {"kilometre", 1000}, {"kilometres", 1000},
                          {"cm", 0.01},       {"mm", 0.001},      {"ft", 0.3048},      {"feet", 0.3048},
                          {"foot", 0.3048},   {"in", 0.0254},     {"inch", 0.0254},    {"mi", 1609.344},
                          {"mile", 1609.344}, {"miles", 1609.344}};

const Unit* unit_named(std::string_view name) {
  for (const Unit& unit : units) {
    if (std::equal(name.begin(), name.end(), unit.name.begin(), unit.name.end(), [](char a, char b) {
          return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        }))
      return &unit;
  }
  return nullptr;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

std::size_t Inventory::skipped() const noexcept {
  return static_cast<std::size_t>(
      std::count_if(notes.begin(), notes.end(), [](const InventoryNote& note) { return note.skipped; }));
}

std::optional<double> length_m_of(std::string_view text, std::string_view unit) {
  text = trimmed(text);
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc()) return std::nullopt;
  const std::string_view behind = trimmed(text.substr(static_cast<std::size_t>(read.ptr - text.data())));
  const Unit* found = unit_named(!behind.empty() ? behind : unit.empty() ? std::string_view("m") : unit);
  if (found == nullptr || !(value >= 0 && value <= 1e12)) return std::nullopt;
  return value * found->metres;
}

std::string fibre_word(std::string_view text) {
  std::string out(trimmed(text));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (out == "smf" || out == "sm" || out == "single-mode" || out == "singlemode") return "G.652.D";
  if (out.starts_with("smf-os")) return "OS" + out.substr(6);
  if (out.starts_with("mmf-om")) return "OM" + out.substr(6);
  return std::string(trimmed(text));
}

bool accept_link(const InventoryLink& link, Inventory& out) {
  const auto skip = [&](std::string text) {
    out.notes.push_back({link.row, true, std::move(text)});
    return false;
  };
  const bool no_a = link.a.device.empty() && link.a.port.empty();
  const bool no_b = link.b.device.empty() && link.b.port.empty();
  if (no_a || no_b)
    return skip(no_a && no_b ? "has no ends" : fmt::format("has no {} end", no_a ? "first" : "second"));
  if (link.a.device == link.b.device && link.a.port == link.b.port)
    return skip(fmt::format("loops: both ends are {} {}", link.a.device, link.a.port));
  for (const std::string_view copper : {"cat", "dac", "coax", "aoc", "mrj21", "power", "usb"}) {
    if (link.fibre.size() >= copper.size() && std::equal(copper.begin(), copper.end(), link.fibre.begin(),
                                                         [](char a, char b) { return a == (b | 0x20); }))
      return skip(fmt::format("is {}, no fibre between optical modules", link.fibre));
  }
  return true;
}

Inventory read_inventory(std::string_view text, const std::string& file) {
  Inventory out;
  out.file = file;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) throw InputError({file, "is empty", "a table or JSON of links", ""});
  if (text[first] == '{' || text[first] == '[') {
    read_inventory_json(text, out);
  } else {
    read_inventory_table(text, out);
  }
  return out;
}

std::string inventory_csv(const Inventory& inventory) {
  std::string out =
      "id,a_device,a_port,a_type,a_seat,a_mode,a_fec,b_device,b_port,b_type,b_seat,b_mode,b_fec,length_m,"
      "fibre,path,"
      "connectors,connector,splices,loss_db,rate_gbps,status\n";
  const auto number = [](const auto& value) { return value ? fmt::format("{}", *value) : std::string(); };
  for (const InventoryLink& l : inventory.links) {
    const std::string row[] = {l.id,
                               l.a.device,
                               l.a.port,
                               l.a.type,
                               l.a.seat,
                               l.a.mode,
                               l.a.fec,
                               l.b.device,
                               l.b.port,
                               l.b.type,
                               l.b.seat,
                               l.b.mode,
                               l.b.fec,
                               number(l.length_m),
                               l.fibre,
                               l.path,
                               number(l.connectors),
                               l.connector,
                               number(l.splices),
                               number(l.loss_db),
                               number(l.rate_gbps),
                               l.status};
    out += csv_line(row);
  }
  return out;
}

}  // namespace lightlane::plan

#include "lightlane/plan/interop/link_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/budget/plan_file.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::plan {
namespace {

constexpr double longest_m = 1e6;

void read_end(const TomlTable& document, std::string_view key, std::string_view link_key, LinkEnd& end) {
  const auto link = document.table("link");
  end = link->named(link_key, [](const std::string& name) { return link_end(name, ""); });
  const auto table = document.table(key);
  if (!table) return;
  table->only({"in", "mode", "fec", "host_vendor", "coded_for"});
  if (table->contains("in")) {
    table->named("in", [&](const std::string& seat) {
      plug_into(end, seat, "");
      return 0;
    });
  }
  if (table->contains("fec"))
    end.fec = table->named("fec", [](const std::string& fec) { return host_fec_named(fec, ""); });
  end.port_mode = table->text("mode").value_or("");
  end.host_vendor = table->text("host_vendor").value_or("");
  end.coded_for = table->text("coded_for").value_or("");
}

}  // namespace

HostFec host_fec_named(std::string_view text, std::string_view place) {
  if (text == "none" || text == "off" || text == "disabled") return HostFec::none;
  if (text == "kr4" || text == "rs528" || text == "RS(528,514)") return HostFec::kr4;
  if (text == "kp4" || text == "rs544" || text == "RS(544,514)") return HostFec::kp4;
  throw ConfigError(
      {std::string(place), fmt::format("is '{}'", text), "none, kr4 (RS(528,514)), kp4 (RS(544,514))", ""});
}

const catalog::Cable& cable_named(std::string_view name, std::string_view place) {
  if (const catalog::Cable* cable = catalog::find_cable(name)) return *cable;
  constexpr std::string_view kinds[] = {"cable"};
  throw ConfigError(catalog::name_refusal(place, name, kinds));
}

std::vector<PathCable> path_of(std::string_view text, std::string_view place) {
  std::vector<PathCable> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(",+"), text.size());
    std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    PathCable cable;
    if (piece.ends_with(":turned")) {
      cable.turned = true;
      piece.remove_suffix(7);
    }
    const std::size_t colon = piece.rfind(':');
    if (colon != std::string_view::npos) {
      const std::string_view length = piece.substr(colon + 1);
      const auto read = std::from_chars(length.data(), length.data() + length.size(), cable.length_m);
      if (read.ec != std::errc() || read.ptr != length.data() + length.size() ||
          !(cable.length_m >= 0 && cable.length_m <= longest_m)) {
        throw ConfigError({std::string(place), fmt::format("'{}': '{}' is no length", piece, length),
                           fmt::format("0 to {:g} m", longest_m), "cable:metres, cable:metres:turned"});
      }
      piece = piece.substr(0, colon);
    }
    cable.cable = &cable_named(piece, place);
    out.push_back(cable);
  }
  return out;
}

InteropQuestion read_link_file(const std::string& text, const std::string& file) {
  const catalog::Node root = read_toml(text, file);
  const TomlTable document(root, file);
  document.only({"link", "segment", "connector", "splice", "near", "far", "cable"});
  InteropQuestion q;
  q.plant = read_plant(document);
  read_end(document, "near", "near", q.a);
  read_end(document, "far", document.table("link")->contains("far") ? "far" : "near", q.b);
  for (const TomlTable& table : document.tables("cable")) {
    table.only({"type", "length_m", "turned"});
    PathCable cable;
    cable.cable = table.named("type", [](const std::string& name) { return &cable_named(name, ""); });
    cable.length_m = table.number("length_m", 0, longest_m).value_or(0);
    cable.turned = table.flag("turned").value_or(false);
    q.path.push_back(cable);
  }
  return q;
}

}  // namespace lightlane::plan

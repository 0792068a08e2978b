#include <fmt/format.h>

#include <algorithm>

#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {

const std::vector<Node>& Reader::tables_of(const Node& table, const std::string& path, std::string_view key) {
  static const std::vector<Node> none;
  const Node* node = table.get(key);
  if (node == nullptr) return none;
  const bool good = node->is_array() && std::all_of(node->items.begin(), node->items.end(),
                                                    [](const Node& item) { return item.is_table(); });
  if (good) return node->items;
  refuse(*node, fmt::format("{}.{}: is not a list of tables", path, key));
  return none;
}

std::string_view Reader::code(const Node& table, const std::string& path, std::string_view key) {
  const std::string_view out = text(table, path, key);
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  if (out.empty() || (out.size() == 4 && out.starts_with("0x") && hex(out[2]) && hex(out[3]))) return out;
  refuse(*table.get(key), fmt::format("{}.{}: is '{}', not a code such as 0x1C", path, key, out));
  return {};
}

std::string_view Reader::form_factor_name(const Node& table, const std::string& path) {
  const std::string_view out = text(table, path, "form_factor", true);
  if (!out.empty()) refer(*table.get("form_factor"), Reference::Kind::form_factor, out);
  return out;
}

void Reader::form_factor(const Node& table) {
  const std::string path = "form_factor";
  Keys keys = with_provenance({"id", "aliases", "summary", "identifier", "management"});
  add_keys(keys, "", form_factor_keys());
  allow(table, path, keys);
  FormFactor out;
  names(out, table, path);
  out.summary = text(table, path, "summary", true);
  out.identifier = code(table, path, "identifier");
  out.management = word(table, path, "management", management_words(), Management::unknown);
  const Scope own = scope(table, path, {});
  need(table, fmt::format("form_factor '{}'", out.id), own);
  out.provenance = own.provenance;
  limits(out, table, path, "", form_factor_keys(), own);
  memory_.form_factors.push_back(out);
}

void Reader::power_class(const Node& table) {
  const std::string path = "power_class";
  Keys keys = with_provenance({"id", "management", "number"});
  add_keys(keys, "", power_class_keys());
  allow(table, path, keys);
  PowerClass out;
  names(out, table, path);
  for (const char* key : {"management", "number", "max_w"})
    if (!table.contains(key)) refuse(table, fmt::format("{}.{}: is missing", path, key));
  out.management = word(table, path, "management", management_words(), Management::unknown);
  out.number = whole(table, path, "number", 1, 8, 0);
  limits(out, table, path, "", power_class_keys(), scope(table, path, {}));
  memory_.power_classes.push_back(out);
}

void Reader::cage(const Node& table) {
  const std::string path = "cage";
  allow(table, path, with_provenance({"id", "aliases", "summary", "form_factor", "fit"}));
  Cage out;
  names(out, table, path);
  out.summary = text(table, path, "summary", true);
  out.form_factor = form_factor_name(table, path);
  const Scope own = scope(table, path, {});
  Keys keys = with_provenance({"form_factor", "fits", "text"});
  add_keys(keys, "", cage_fit_keys());
  std::vector<CageFit> fits;
  for (const Node& item : tables_of(table, path, "fit")) {
    const std::string at = "cage.fit";
    allow(item, at, keys);
    CageFit fit;
    fit.form_factor = form_factor_name(item, at);
    if (!item.contains("fits")) refuse(item, at + ".fits: is missing");
    fit.fits = flag(item, at, "fits");
    fit.text = text(item, at, "text", !fit.fits);
    const Scope inner = scope(item, at, own);
    need(item, fmt::format("cage '{}': fit of '{}'", out.id, fit.form_factor), inner);
    fit.provenance = inner.provenance;
    limits(fit, item, at, "", cage_fit_keys(), inner);
    const auto same = [&](const CageFit& other) { return same_name(other.form_factor, fit.form_factor); };
    if (std::any_of(fits.begin(), fits.end(), same)) {
      refuse(item, fmt::format("cage '{}': '{}' is there twice", out.id, fit.form_factor));
    }
    fits.push_back(fit);
  }
  if (fits.empty()) refuse(table, "cage.fit: is missing");
  out.fits = Memory::keep(memory_.cage_fits, std::move(fits));
  memory_.cages.push_back(out);
  harvest_.cage_places.push_back({file_, table.line, {}});
}

void Reader::module_applications(Module& out, const Node& table, const Scope& own) {
  const std::string at = "module.application";
  std::vector<ModuleApplication> applications;
  for (const Node& item : tables_of(table, "module", "application")) {
    allow(item, at, with_provenance({"host_id", "media_id", "host_lanes", "media_lanes", "host_assignment"}));
    ModuleApplication a;
    for (const char* key : {"host_id", "media_id", "host_lanes", "media_lanes"})
      if (!item.contains(key)) refuse(item, fmt::format("{}.{}: is missing", at, key));
    a.host_id = code(item, at, "host_id");
    a.media_id = code(item, at, "media_id");
    a.host_assignment = code(item, at, "host_assignment");
    a.host_lanes = whole(item, at, "host_lanes", 1, 16, 0);
    a.media_lanes = whole(item, at, "media_lanes", 1, 16, 0);
    a.provenance = provenance(item, at, own);
    applications.push_back(a);
  }
  out.applications = Memory::keep(memory_.applications, std::move(applications));
}

void Reader::module(const Node& table) {
  const std::string path = "module";
  Keys keys = with_provenance(
      {"id", "aliases", "summary", "form_factor", "pmd", "host_interface", "fec_in_module", "application"});
  add_keys(keys, "", module_keys());
  allow(table, path, keys);
  Module out;
  names(out, table, path);
  out.summary = text(table, path, "summary", true);
  out.form_factor = form_factor_name(table, path);
  out.pmd = text(table, path, "pmd", true);
  if (!out.pmd.empty()) refer(*table.get("pmd"), Reference::Kind::pmd, out.pmd);
  out.host_interface = text(table, path, "host_interface");
  out.fec_in_module = flag(table, path, "fec_in_module");
  const Scope own = scope(table, path, {});
  need(table, fmt::format("module '{}'", out.id), own);
  out.provenance = own.provenance;
  limits(out, table, path, "", module_keys(), own);
  module_applications(out, table, own);
  memory_.modules.push_back(out);
  harvest_.module_places.push_back({file_, table.line, {}});
}

}  // namespace lightlane::catalog

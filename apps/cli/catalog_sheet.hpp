#pragma once
/// An entry of the catalogue as sections of rows, from which `lightlane catalog show` makes text and JSON
/// alike.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::cli {

struct CatalogRow {
  std::string_view key;
  nlohmann::ordered_json value;  ///< number, text, list; null = unknown
  std::string_view unit;
  double spread = 0, per_kelvin = 0;
  std::string_view confidence, source, note;
  std::string_view meaning;
};
struct CatalogSection {
  std::string_view name;  ///< empty: the entry itself
  std::vector<CatalogRow> rows;
};
struct CatalogSheet {
  std::string_view kind;
  std::string id;
  std::string title;
  std::vector<CatalogSection> sections;
  std::vector<std::string_view> notes;
};

CatalogSheet catalog_sheet(const catalog::Pmd& pmd);
CatalogSheet catalog_sheet(const catalog::Device& device);
CatalogSheet catalog_sheet(const catalog::Profile& profile);
CatalogSheet catalog_sheet(const catalog::Fibre& fibre);
CatalogSheet catalog_sheet(const catalog::Connector& connector);
CatalogSheet catalog_sheet(const catalog::Source& source);
CatalogSheet catalog_sheet(const catalog::NameEntry& entry);
CatalogSheet catalog_sheet(const catalog::FormFactor& form_factor);
CatalogSheet catalog_sheet(const catalog::PowerClass& power_class);
CatalogSheet catalog_sheet(const catalog::Cage& cage);
CatalogSheet catalog_sheet(const catalog::Module& module);
CatalogSheet catalog_sheet(const catalog::Cable& cable);
CatalogSheet catalog_sheet(const catalog::Copper& c);
CatalogSheet catalog_sheet(const catalog::DirectAttach& d);
CatalogSheet catalog_sheet(const catalog::Switch& entry);

void print_text(const CatalogSheet& sheet);
nlohmann::ordered_json to_json(const CatalogSheet& sheet);

}  // namespace lightlane::cli

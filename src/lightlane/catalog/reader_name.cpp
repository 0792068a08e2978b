#include <fmt/format.h>

#include "lightlane/catalog/reader.hpp"

namespace lightlane::catalog {

NameMeaning Reader::name_meaning(const Node& table) {
  const std::string path = "name.meaning";
  allow(table, path, with_provenance({"text", "pmds"}));
  NameMeaning out;
  out.text = text(table, path, "text", true);
  out.pmds = texts(table, path, "pmds");
  for (const std::string_view pmd : out.pmds) refer(*table.get("pmds"), Reference::Kind::pmd, pmd);
  out.provenance = provenance(table, path);
  return out;
}

void Reader::name_entry(const Node& table) {
  allow(table, "name", with_provenance({"id", "aliases", "kind", "text", "meaning"}));
  NameEntry out;
  if (!table.contains("kind")) refuse(table, "name.kind: is missing");
  out.kind = word(table, "name", "kind", name_kind_words(), NameKind::ambiguous);
  if (out.kind == NameKind::remark) {  // of a name that a PMD has
    out.id = text(table, "name", "id", true);
    if (!out.id.empty()) refer(*table.get("id"), Reference::Kind::pmd, out.id);
    take(table, "remark", out.id);
    if (const Node* aliases = table.get("aliases")) refuse(*aliases, "name.aliases: a remark has none");
  } else {  // no PMD's
    names(out, table, "pmd");
  }
  out.text = text(table, "name", "text", true);
  out.provenance = provenance(table, fmt::format("name '{}'", out.id));
  std::vector<NameMeaning> meanings;
  const Node* array = table.get("meaning");
  if (array != nullptr && !array->is_array()) refuse(*array, "name.meaning: is not a list of tables");
  for (const Node& item : array != nullptr ? array->items : std::vector<Node>()) {
    if (item.is_table()) {
      meanings.push_back(name_meaning(item));
    } else {
      refuse(item, "name.meaning: is not a table");
    }
  }
  if (out.kind == NameKind::ambiguous && meanings.size() < 2) {
    refuse(table, fmt::format("name '{}': is ambiguous with {} meanings", out.id, meanings.size()));
  } else if (out.kind == NameKind::nonexistent && meanings.empty()) {
    refuse(table, fmt::format("name '{}': does not say what may be meant", out.id));
  }
  out.meanings = Memory::keep(memory_.meanings, std::move(meanings));
  memory_.names.push_back(out);
}

}  // namespace lightlane::catalog

// Recipes for every link of an inventory.

#include <fmt/format.h>

#include <cstdio>
#include <map>

#include "cli/exit_code.hpp"
#include "cli/plan/acceptance_command.hpp"
#include "cli/plan/acceptance_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/plan/inventory/inventory_check.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;
using Json = nlohmann::ordered_json;

bool any_given(const EndOptions& end) {
  return !end.in.empty() || !end.mode.empty() || !end.fec.empty() || !end.host_vendor.empty() ||
         !end.coded_for.empty();
}

std::string label_of(const InventoryLink& link) {
  return link.id.empty() ? fmt::format("row {}", link.row) : link.id;
}

/// A row without a recipe, and why.
struct Left {
  std::size_t row = 0;
  std::string text;
};

void print_left(const std::vector<Left>& left, const std::string& format) {
  if (left.empty()) return;
  // A table has no place for them.
  std::FILE* to = format == "csv" ? stderr : stdout;
  fmt::print(to, "{}\n", format == "md" ? "\n# Rows without a recipe\n" : "\nRows without a recipe");
  for (const Left& row : left)
    fmt::print(to, "{}row {}: {}\n", format == "md" ? "* " : "  ", row.row, row.text);
}

}  // namespace

int run_acceptance_inventory(const AcceptanceOptions& o) {
  const InteropOptions& l = o.link;
  if (!l.types.empty() || !l.file.empty() || !l.path.empty() || any_given(l.a) || any_given(l.b)) {
    throw ConfigError({"--inventory", "has the ends of its links",
                       "no type, no plan and no flag of one end beside it", ""});
  }
  const Inventory inventory = read_inventory(catalog::read_document(l.inventory).text, l.inventory);
  InventoryDefaults defaults;
  defaults.plant = question_of(l.plant);
  defaults.type = l.assume_type;
  if (!defaults.type.empty()) (void)link_end(defaults.type, "--assume-type");
  check_acceptance(o.config);

  std::map<std::string, std::size_t> assumed;
  std::vector<Left> left;
  for (const InventoryNote& note : inventory.notes)
    if (note.skipped) left.push_back({note.row, note.text});
  bool good = left.empty() && !inventory.links.empty();
  Json links = Json::array();
  if (o.format == "csv") print_csv_header(true);
  for (const InventoryLink& link : inventory.links) {
    const std::string label = label_of(link);
    try {
      const Acceptance answer = acceptance(question_of(link, defaults, assumed), o.config);
      good = good && answer.interop.verdict == InteropVerdict::ok;
      if (o.format == "json") {
        links.push_back({{"row", link.row}, {"id", label}});
        links.back().update(to_json(answer));
      } else if (o.format == "csv") {
        print_csv_rows(answer, label);
      } else if (o.format == "md") {
        print_work_order(answer, label);
        fmt::print("\n");
      } else {
        print_text(answer, label);
        fmt::print("\n");
      }
    } catch (const ConfigError& error) {
      left.push_back({link.row, error.what()});
      good = false;
    }
  }
  if (o.format == "json") {
    Json skipped = Json::array();
    for (const Left& row : left) skipped.push_back({{"row", row.row}, {"text", row.text}});
    fmt::print("{}\n", Json{{"links", links}, {"skipped", skipped}, {"assumed_rows", assumed}}.dump(2));
  } else {
    print_left(left, o.format);
  }
  return good ? ok : limit_not_met;
}

}  // namespace lightlane::cli

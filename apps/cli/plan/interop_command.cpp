#include "cli/plan/interop_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/exit_code.hpp"
#include "cli/plan/interop_report.hpp"
#include "cli/plan/inventory_report.hpp"
#include "cli/terminal.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/plan/interop/link_file.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

std::string read_standard_input() {
  std::string out;
  char buffer[1 << 16];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, stdin)) out.append(buffer, got);
  return out;
}

bool any_given(const EndOptions& end) {
  return !end.in.empty() || !end.mode.empty() || !end.fec.empty() || !end.host_vendor.empty() ||
         !end.coded_for.empty();
}

void set_end(LinkEnd& end, const EndOptions& options, const std::string& letter) {
  if (!options.in.empty()) plug_into(end, options.in, "--" + letter + "-in");
  if (!options.fec.empty()) end.fec = host_fec_named(options.fec, "--" + letter + "-fec");
  end.port_mode = options.mode;
  end.host_vendor = options.host_vendor;
  end.coded_for = options.coded_for;
}

InteropQuestion question_of(const InteropOptions& o) {
  if (o.types.size() != 2) {
    throw ConfigError({"types", fmt::format("are {}", o.types.size()), "two ends, or --matrix, or --plan",
                       "see lightlane catalog list --kind pmd"});
  }
  InteropQuestion q;
  int of_a = 0, of_b = 0;
  q.a = link_end(o.types[0], "A", &of_a);
  q.b = link_end(o.types[1], "B", &of_b);
  if (of_a > 0 && of_b > 0) {
    throw ConfigError(
        {"B", fmt::format("is '{}', and A is '{}'", o.types[1], o.types[0]), "a count at one end", ""});
  }
  q.count = std::max(of_a, of_b);
  q.plant = question_of(o.plant);
  q.path = path_of(o.path, "--path");
  set_end(q.a, o.a, "a");
  set_end(q.b, o.b, "b");
  return q;
}

int run_matrix(const InteropOptions& o) {
  if (!o.path.empty() || any_given(o.a) || any_given(o.b)) {
    throw ConfigError({"--matrix", "has every pair of its types", "no path and no flag of one end", ""});
  }
  std::vector<LinkEnd> ends;
  for (const std::string& type : o.types) ends.push_back(link_end(type, "types"));
  if (ends.empty()) {
    for (const catalog::Pmd& pmd : catalog::pmds()) {
      ends.emplace_back();
      ends.back().pmd = &pmd;
    }
  }
  const std::vector<MatrixCell> cells = interop_matrix(ends, question_of(o.plant));
  if (o.format == "json") {
    fmt::print("{}\n", matrix_json(ends, cells).dump(2));
  } else if (o.format == "csv") {
    print_matrix_csv(ends, cells);
  } else {
    print_matrix_text(ends, cells);
  }
  return ok;
}

int run_inventory(const InteropOptions& o) {
  if (!o.types.empty() || o.matrix || !o.path.empty() || any_given(o.a) || any_given(o.b)) {
    throw ConfigError(
        {"--inventory", "has the ends of its links", "no type and no flag of one end beside it", ""});
  }
  const std::string file = o.inventory == "-" ? "standard input" : o.inventory;
  const std::string text =
      o.inventory == "-" ? read_standard_input() : catalog::read_document(o.inventory).text;
  const Inventory inventory = read_inventory(text, file);
  InventoryDefaults defaults;
  defaults.plant = question_of(o.plant);
  defaults.type = o.assume_type;
  if (!defaults.type.empty()) (void)link_end(defaults.type, "--assume-type");
  ProgressLine progress;
  watch_for_interrupt();
  const InventoryReport report = check_inventory(inventory, defaults, [&](std::size_t done) {
    if (progress.due())
      progress.show(fmt::format("{} of {} links judged", grouped(done), grouped(inventory.links.size())));
    return !interrupted();
  });
  if (o.format == "json") {
    fmt::print("{}\n", inventory_json(inventory, report).dump(2));
  } else if (o.format == "csv") {
    print_inventory_csv(report);
  } else {
    print_inventory_text(inventory, report, o.all);
  }
  const bool good = report.complete && report.count(InteropVerdict::ok) == report.links.size() &&
                    inventory.skipped() == 0 && !report.links.empty();
  return good ? ok : limit_not_met;
}

}  // namespace

InteropQuestion link_question(const InteropOptions& o) {
  if (o.file.empty()) return question_of(o);
  if (!o.types.empty() || any_given(o.plant) || any_given(o.a) || any_given(o.b) || !o.path.empty() ||
      o.matrix || !o.inventory.empty()) {
    throw ConfigError(
        {"--plan", "has the link, its ends and its plant", "no type and no flag of them beside it", ""});
  }
  const catalog::Document document = catalog::read_document(o.file);
  return read_link_file(document.text, document.file);
}

int run_interop(const InteropOptions& o) {
  if ((o.matrix || !o.inventory.empty()) && !o.file.empty()) (void)link_question(o);  // refuses
  if (!o.inventory.empty()) return with_flags([&] { return run_inventory(o); });
  if (!o.assume_type.empty() || o.all)
    throw ConfigError({o.all ? "--all" : "--assume-type", "is for inventories", "beside --inventory", ""});
  if (o.matrix) return with_flags([&] { return run_matrix(o); });
  if (o.format == "csv")
    throw ConfigError({"--format", "is csv", "text, json; csv with --matrix and --inventory", ""});
  const Interop answer = answer_link(o, [](const InteropQuestion& q) { return interop(q); });
  if (o.format == "json") {
    fmt::print("{}\n", to_json(answer).dump(2));
  } else {
    print_text(answer);
  }
  return answer.verdict == InteropVerdict::ok ? ok : limit_not_met;
}

}  // namespace lightlane::cli

#include "cli/plan/migrate_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cli/exit_code.hpp"
#include "cli/plan/migrate_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/io/atomic_file.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

NewSeat seat_of(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw ConfigError({"--switch", "is '" + text + "'", "device=seat, like leaf*=nvidia-sn4700:1", ""});
  const NewSeat out = {text.substr(0, equals), text.substr(equals + 1)};
  LinkEnd end;
  plug_into(end, out.seat, "--switch");
  return out;
}

Price price_of(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  Price out;
  const char* end = text.data() + text.size();
  if (equals != std::string::npos) {
    const auto read = std::from_chars(text.data() + equals + 1, end, out.each);
    out.name = text.substr(0, equals);
    const bool known = catalog::find_pmd(out.name) != nullptr || catalog::find_module(out.name) != nullptr;
    if (read.ec == std::errc() && read.ptr == end && known && out.each >= 0 && out.each <= 1e9) return out;
  }
  throw ConfigError(
      {"--price", "is '" + text + "'", "name=number, like 400GBASE-FR4=900, of a PMD or module", ""});
}

MigrationQuestion question_of(const MigrateOptions& o) {
  MigrationQuestion q;
  q.defaults.plant = question_of(o.plant);
  q.defaults.type = o.assume_type;
  if (!q.defaults.type.empty()) (void)link_end(q.defaults.type, "--assume-type");
  q.target_gbps = o.target_gbps.value_or(q.target_gbps);
  q.growth.rate = o.growth.value_or(q.growth.rate);
  q.years = o.years.value_or(q.years);
  q.new_fibre = !o.keep_fibre;
  for (const std::string& seat : o.seats) q.seats.push_back(seat_of(seat));
  for (const std::string& price : o.prices) q.prices.push_back(price_of(price));
  q.inventory = read_inventory(catalog::read_document(o.inventory).text, o.inventory);
  return q;
}

MigrationQuestion question_of_plan(const std::string& plan) {
  const catalog::Document document = catalog::read_document(plan);
  const std::filesystem::path folder = std::filesystem::path(plan).parent_path();
  return read_migration(document.text, document.file, [&](const std::string& name) {
    return catalog::read_document((folder / name).string()).text;
  });
}

bool flags_given(const MigrateOptions& o) {
  return !o.inventory.empty() || !o.assume_type.empty() || o.target_gbps || o.growth || o.years ||
         !o.seats.empty() || !o.prices.empty() || o.keep_fibre || any_given(o.plant);
}

Migration answer_of(const MigrateOptions& o, MigrationQuestion& q) {
  if (o.plan.empty()) {
    return with_flags([&] {
      q = question_of(o);
      return migrate(q);
    });
  }
  q = question_of_plan(o.plan);
  try {
    return migrate(q);
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = o.plan + ": " + detail.place;
    throw InputError(detail);
  }
}

}  // namespace

int run_migrate(const MigrateOptions& o) {
  if (!o.plan.empty() && flags_given(o))
    throw ConfigError(
        {"--plan", "has the inventory and what to make of it", "no flag of them beside it", ""});
  if (o.plan.empty() && o.inventory.empty())
    throw ConfigError({"--plan", "is missing", "--plan or --inventory", "see data/plans/migrate-*.toml"});
  MigrationQuestion question;
  const Migration migration = answer_of(o, question);
  if (!o.bill.empty()) io::write_file(o.bill, bill_csv(migration.bill));
  if (!o.svg.empty()) io::write_file(o.svg, migration_svg(migration));
  if (o.format == "json") {
    fmt::print("{}\n", to_json(migration, question.inventory).dump(2));
  } else if (o.format == "csv") {
    print_csv(migration);
  } else {
    print_text(migration, question.inventory, o.all);
  }
  const bool fine = std::all_of(migration.moves.begin(), migration.moves.end(),
                                [](const LinkMove& move) { return move.after == InteropVerdict::ok; });
  return fine && !migration.moves.empty() && migration.years.back().links_short == 0 ? ok : limit_not_met;
}

}  // namespace lightlane::cli

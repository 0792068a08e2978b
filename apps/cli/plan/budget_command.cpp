#include "cli/plan/budget_command.hpp"

#include <fmt/format.h>

#include "cli/exit_code.hpp"
#include "cli/plan/budget_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/plan/budget/plan_file.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

bool has_yield(const BudgetOptions& o) {
  return o.draws != 0 || o.tx_better_db != 0 || o.tx_sigma_db != 0 || o.rx_better_db != 0 ||
         o.rx_sigma_db != 0;
}

Question with_yield(Question q, const BudgetOptions& o) {
  if (!has_yield(o)) return q;
  q.yield = YieldConfig{o.draws == 0 ? YieldConfig().draws : o.draws,
                        o.seed,
                        o.tx_better_db,
                        o.tx_sigma_db,
                        o.rx_better_db,
                        o.rx_sigma_db};
  return q;
}

Question question_of(const BudgetOptions& o) {
  Question q = cli::question_of(o.plant);
  q.near = &catalog::pmd_named(o.near, "PMD");
  if (!o.far.empty()) q.far = &catalog::pmd_named(o.far, "--far");
  return q;
}

int run_published(const BudgetOptions& o) {
  if (!o.near.empty() || !o.far.empty() || !o.plant.fibre.empty() || !o.plant.connector.empty() ||
      !o.plant.splice.empty() || o.plant.tdecq_db || o.plant.extinction_ratio_db ||
      o.plant.connector_reflectance_db || o.plant.attenuator_db != 0 || o.plant.ageing_db != 0 ||
      o.plant.attenuation != "max" || !o.svg.empty() || has_yield(o)) {
    throw ConfigError({"--as-published", "compares LR4 with LR1 over one plant",
                       "--length-m, --attenuation-db-per-km, --connectors, --connector-loss-db, --splices, "
                       "--splice-loss-db, --engineering-margin-db",
                       ""});
  }
  PublishedPlant plant;
  plant.length_m = o.plant.length_m.value_or(plant.length_m);
  plant.attenuation_db_per_km = o.plant.attenuation_db_per_km.value_or(plant.attenuation_db_per_km);
  plant.connectors = o.plant.connectors.value_or(plant.connectors);
  plant.connector_db = o.plant.connector_loss_db.value_or(plant.connector_db);
  plant.splices = o.plant.splices.value_or(plant.splices);
  plant.splice_db = o.plant.splice_loss_db.value_or(plant.splice_db);
  plant.system_margin_db = o.plant.engineering_margin_db.value_or(plant.system_margin_db);
  const PublishedBudget result = with_flags([&] { return published_budget(plant); });
  if (o.format == "json") {
    fmt::print("{}\n", to_json(result).dump(2));
  } else {
    print_text(result);
  }
  return ok;
}

Budget budget_of_plan(const BudgetOptions& options) {
  const catalog::Document document = catalog::read_document(options.plan);
  const Question question = read_plan(document.text, document.file);
  try {
    return budget(with_yield(question, options));
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = options.plan + ": " + detail.place;
    throw InputError(detail);
  }
}

}  // namespace

int run_budget(const BudgetOptions& options) {
  if (!options.plan.empty() &&
      (any_given(options.plant) || !options.near.empty() || !options.far.empty() || options.as_published)) {
    throw ConfigError(
        {"--plan", "has the link and its plant", "no PMD and no flag of the plant beside it", ""});
  }
  if (options.as_published) return run_published(options);
  if (options.plan.empty() && options.near.empty()) {
    throw ConfigError(
        {"PMD", "is missing", "a PMD, --plan or --as-published", "see lightlane catalog list --kind pmd"});
  }
  const Budget result = options.plan.empty()
                            ? with_flags([&] { return budget(with_yield(question_of(options), options)); })
                            : budget_of_plan(options);
  if (!options.svg.empty()) io::write_file(options.svg, waterfall_svg(result));
  if (options.format == "json") {
    fmt::print("{}\n", to_json(result).dump(2));
  } else {
    print_text(result);
  }
  return result.verdict == Verdict::pass ? ok : limit_not_met;
}

}  // namespace lightlane::cli

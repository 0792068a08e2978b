#include "cli/plan/budget_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/plan/budget_report.hpp"
#include "cli/exit_code.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/io/atomic_file.hpp"
#include "lightlane/plan/budget/plan_file.hpp"
#include "lightlane/plan/names.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

bool has_plant(const BudgetOptions& o) {
  return o.length_m || !o.fibre.empty() || o.attenuation != "max" || o.attenuation_db_per_km ||
         o.connectors || o.splices || !o.connector.empty() || !o.splice.empty() || o.connector_loss_db ||
         o.connector_reflectance_db || o.splice_loss_db || o.attenuator_db != 0 || o.tdecq_db ||
         o.extinction_ratio_db || o.ageing_db != 0 || o.engineering_margin_db;
}

Attenuation attenuation_of(const std::string& word) {
  for (const Attenuation a : {Attenuation::largest, Attenuation::planning, Attenuation::typical})
    if (word == name(a)) return a;
  throw ConfigError({"--attenuation", "is '" + word + "'", "max, planning, typical", ""});
}

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
  Question q;
  q.near = &catalog::pmd_named(o.near, "PMD");
  if (!o.far.empty()) q.far = &catalog::pmd_named(o.far, "--far");
  q.attenuation = attenuation_of(o.attenuation);
  if (o.length_m || !o.fibre.empty() || o.attenuation_db_per_km) {
    q.segments.push_back(
        {o.fibre.empty() ? nullptr : &fibre_named(o.fibre, "--fibre"), o.length_m, o.attenuation_db_per_km});
  }
  if (o.connectors || !o.connector.empty() || o.connector_loss_db || o.connector_reflectance_db) {
    Joint joint = {nullptr, o.connectors, o.connector_loss_db, o.connector_reflectance_db};
    if (!o.connector.empty())
      joint.type = &joint_named(o.connector, "--connector", catalog::JointKind::connector);
    q.connectors = {{joint}};
  }
  if (o.splices || !o.splice.empty() || o.splice_loss_db) {
    Joint joint = {nullptr, o.splices, o.splice_loss_db, std::nullopt};
    if (!o.splice.empty()) joint.type = &joint_named(o.splice, "--splice", catalog::JointKind::splice);
    q.splices = {joint};
  }
  q.attenuators_db = o.attenuator_db;
  q.metric_db = o.tdecq_db;
  q.extinction_ratio_db = o.extinction_ratio_db;
  q.ageing_db = o.ageing_db;
  q.engineering_margin_db = o.engineering_margin_db.value_or(0);
  return q;
}

/// Keys of the library as flags: length_m -> --length-m.
template <class Run>
auto with_flags(Run run) {
  try {
    return run();
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    std::string key = detail.place.substr(0, detail.place.find(' '));
    if (key.find('_') != std::string::npos || key == "draws") {
      std::replace(key.begin(), key.end(), '_', '-');
      detail.place = "--" + key + detail.place.substr(std::min(key.size(), detail.place.size()));
    }
    throw ConfigError(detail);
  }
}

int run_published(const BudgetOptions& o) {
  if (!o.near.empty() || !o.far.empty() || !o.fibre.empty() || !o.connector.empty() || !o.splice.empty() ||
      o.tdecq_db || o.extinction_ratio_db || o.connector_reflectance_db || o.attenuator_db != 0 ||
      o.ageing_db != 0 || o.attenuation != "max" || !o.svg.empty() || has_yield(o)) {
    throw ConfigError({"--as-published", "compares LR4 with LR1 over one plant",
                       "--length-m, --attenuation-db-per-km, --connectors, --connector-loss-db, --splices, "
                       "--splice-loss-db, --engineering-margin-db",
                       ""});
  }
  PublishedPlant plant;
  plant.length_m = o.length_m.value_or(plant.length_m);
  plant.attenuation_db_per_km = o.attenuation_db_per_km.value_or(plant.attenuation_db_per_km);
  plant.connectors = o.connectors.value_or(plant.connectors);
  plant.connector_db = o.connector_loss_db.value_or(plant.connector_db);
  plant.splices = o.splices.value_or(plant.splices);
  plant.splice_db = o.splice_loss_db.value_or(plant.splice_db);
  plant.system_margin_db = o.engineering_margin_db.value_or(plant.system_margin_db);
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
      (has_plant(options) || !options.near.empty() || !options.far.empty() || options.as_published)) {
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

#include "lightlane/plan/cost/published_cost.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/catalog/resolver.hpp"
#include "lightlane/plan/cost/cost_math.hpp"
#include "lightlane/plan/cost/growth.hpp"

namespace lightlane::plan {
namespace {

double rounded(double value, double step) { return std::round(value / step) * step; }

Tco model_of(const PublishedCostInputs& in) {
  TcoQuestion q;
  q.years = in.years;
  q.years_given = true;
  q.figures[CostKey::electricity_per_kwh] = in.electricity_per_kwh;
  q.figures[CostKey::pue] = 1;
  for (const GuideModule& m : published_guide().modules) {
    TcoPlan plan;
    plan.name = m.name;
    plan.figures[CostKey::unit_price] = m.unit_price;
    plan.figures[CostKey::power_w] = m.power_w;
    TcoItem item;
    item.part = m.pmd;
    item.quantity = in.ports;
    plan.items = {item};
    q.assumed.push_back(
        {"unit_price of " + m.name, m.unit_price, "", "unverified", "published guide, case 1"});
    q.assumed.push_back(
        {"power_w of " + m.name, m.power_w, "W", "unverified", "published guide, calculator 2"});
    q.alternatives.push_back(std::move(plan));
  }
  return tco(q);
}

/// What calculator 3 adds to the energy, for each port, at its own defaults.
double hidden_cost(std::size_t module) {
  const Guide& g = published_guide();
  const double energy =
      energy_kwh(g.tco.ports * g.modules[module].power_w, g.tco.years) * g.tco.electricity_per_kwh;
  return (g.tco.totals[module] - energy) / g.tco.ports;
}

void add_totals(PublishedCost& out) {
  const PublishedCostInputs& in = out.inputs;
  for (std::size_t i = 0; i < published_guide().modules.size(); ++i) {
    const GuideModule& m = published_guide().modules[i];
    PublishedTotal total;
    total.name = m.name;
    total.hidden_cost_per_port = hidden_cost(i);
    total.energy = energy_kwh(in.ports * m.power_w, in.years) * in.electricity_per_kwh;
    total.total = in.ports * total.hidden_cost_per_port + total.energy;
    out.totals.push_back(total);
  }
  out.saving = out.totals[0].total - out.totals[1].total;
  out.saving_percent = 100 * out.saving / out.totals[0].total;
}

/// Power that one LR1 saves against one LR4.
double saved_w() {
  const Guide& g = published_guide();
  return g.modules[0].power_w - g.modules[1].power_w;
}

void add_migration(PublishedCost& out) {
  const PublishedCostInputs& in = out.inputs;
  const Guide& g = published_guide();
  const GrowthModel model = {GrowthKind::compound, in.growth_percent / 100, 0};
  out.migration_ports_reckoned = growth(model, in.existing_ports + in.new_ports, g.migration.years);
  out.migration_saving_kwh_reckoned = energy_kwh(in.existing_ports * saved_w(), 1);
  out.migration_ports = rounded(out.migration_ports_reckoned, 10);
  out.migration_saving_kwh = rounded(out.migration_saving_kwh_reckoned, 100);
  out.status = g.migration.status;
  out.recommendation = g.migration.recommendation;
}

void check_calculators(std::vector<GuideCheck>& checks) {
  const Guide& g = published_guide();
  const Tco model = model_of({g.tco.ports, g.tco.electricity_per_kwh, g.tco.years, 0, 0, 0});
  const std::string prices =
      "prices and powers of its case 1 over 5 years, PUE 1; its prices for this are not said";
  for (std::size_t i = 0; i < 2; ++i)
    checks.push_back(guide_check("calculator 3: total of " + g.modules[i].name, g.tco.totals[i],
                                 model.alternatives[i].total, "$", 0, prices));
  checks.push_back(guide_check("calculator 3: saving", g.tco.saving, model.savings[1].total, "$", 0, prices));
  checks.push_back(guide_check("calculator 3: saving, of its own totals", g.tco.saving_percent,
                               100 * (g.tco.totals[0] - g.tco.totals[1]) / g.tco.totals[0], "%", 1,
                               "the totals agree with each other"));
  const GrowthModel grows = {GrowthKind::compound, g.migration.growth_percent / 100, 0};
  checks.push_back(
      guide_check("calculator 4: ports in year 5", g.migration.ports,
                  growth(grows, g.migration.existing_ports + g.migration.new_ports, g.migration.years), "",
                  10, "existing and new ports, compound growth, rounded to ten"));
  checks.push_back(
      guide_check("calculator 4: saving a year", g.migration.saving_kwh,
                  energy_kwh(g.migration.existing_ports * saved_w(), 1), "kWh", 100,
                  fmt::format("the existing LR4 ports converted, {:.2g} W each, one module a port, no PUE, "
                              "rounded to a hundred; the new ports are not counted",
                              saved_w())));
}

void check_case_1(std::vector<GuideCheck>& checks) {
  const Guide& g = published_guide();
  const auto& c = g.case_1;
  const double price = g.modules[0].unit_price, lower = g.modules[1].unit_price;
  const double kwh = energy_kwh(c.modules * saved_w(), g.tco.years);
  checks.push_back(guide_check("case 1: modules", c.modules, 2 * c.links, "", 0,
                               "a link has a module at either end; all its sums count one"));
  checks.push_back(guide_check("case 1: power saved", c.power_saving_w, saved_w() * c.modules, "W", 0,
                               "of the whole deployment, not \"per deployed port-pair\""));
  checks.push_back(guide_check("case 1: energy saved \"annually\"", c.saving_kwh, kwh / g.tco.years, "kWh", 0,
                               fmt::format("{:.0f} kWh are the saving of five years", kwh)));
  checks.push_back(guide_check("case 1: energy saved in 5 years", c.saving_kwh, kwh, "kWh", 0, ""));
  checks.push_back(
      guide_check("case 1: its price in 5 years", c.saving_money, kwh * g.tco.electricity_per_kwh, "$", 1,
                  fmt::format("a year it is {:.2f} $", kwh / g.tco.years * g.tco.electricity_per_kwh)));
  checks.push_back(
      guide_check("case 1: capital saved", c.capital_percent, 100 * (price - lower) / price, "%", 1,
                  fmt::format("{:.0f} and {:.0f} $ for {:g} modules: {:.0f} $ less", c.modules * price,
                              c.modules * lower, c.modules, c.modules * (price - lower))));
  checks.push_back(guide_check("case 1: power saved", c.power_percent, 100 * saved_w() / g.modules[0].power_w,
                               "%", 1, "from its own 4.2 and 3.5 W"));
}

void check_cases_2_and_3(std::vector<GuideCheck>& checks) {
  const Guide& g = published_guide();
  const auto minutes = [](double percent) { return minutes_down_per_year(1 - percent / 100); };
  const auto& two = g.case_2;
  const catalog::Pmd& lr4 = catalog::pmd_named(g.modules[0].pmd, "pmd");
  checks.push_back(guide_check(
      "case 2: availability", two.required_percent, two.reached_percent, "%", 0,
      fmt::format(
          "five nines were required ({:.1f} min/y) and {:g} % reached ({:.1f} min/y): more than the {:g} % "
          "that it then calls its target ({:.1f} min/y), less than what was required",
          minutes(two.required_percent), two.reached_percent, minutes(two.reached_percent),
          two.target_percent, minutes(two.target_percent))));
  if (lr4.channel.insertion_loss_max_db) {
    checks.push_back(
        guide_check("case 2: loss on LR4 \"within specification\"", two.loss_db[0],
                    lr4.channel.insertion_loss_max_db->value, "dB", 0,
                    fmt::format("{:g} to {:g} dB over {:g} to {:g} km; the limits are {:g} dB and 10 km",
                                two.loss_db[0], two.loss_db[1], two.length_m[0] / 1000,
                                two.length_m[1] / 1000, lr4.channel.insertion_loss_max_db->value)));
  }
  const auto& three = g.case_3;
  checks.push_back(
      guide_check("case 3: saving", three.saving, three.ports * three.saving_per_port, "$", 0, ""));
  checks.push_back(guide_check("case 3: saving", three.saving_percent,
                               100 * three.saving_per_port / g.modules[0].unit_price, "%", 1,
                               "200 of 650 $ a port"));
  const GrowthModel yearly = {GrowthKind::compound, three.growth_percent / 100, 0};
  checks.push_back(guide_check(
      "case 3: growth in 24 months", three.share_over_baseline_percent,
      100 * (growth(yearly, 1, three.months / 12) - 1), "%", 1,
      fmt::format(
          "{:g} new ports over {:g} % are a baseline of {:.0f}; {:g} % a year is more than twice that",
          three.new_ports, three.share_over_baseline_percent,
          100 * three.new_ports / three.share_over_baseline_percent, three.growth_percent)));
}

void check_inputs(const PublishedCostInputs& in) {
  const auto check = [](const char* place, double value, double low, double high) {
    if (!(value >= low && value <= high))
      throw ConfigError({place, fmt::format("is {:g}", value), fmt::format("{:g} to {:g}", low, high), ""});
  };
  check("existing_ports", in.existing_ports, 0, 1e9);
  check("new_ports", in.new_ports, 0, 1e9);
  check("growth_percent", in.growth_percent, -99, 10000);
}

}  // namespace

PublishedCost published_cost(const PublishedCostInputs& inputs) {
  check_inputs(inputs);
  PublishedCost out;
  out.inputs = inputs;
  out.model = model_of(inputs);  // checks the others
  add_totals(out);
  add_migration(out);
  check_calculators(out.checks);
  check_case_1(out.checks);
  check_cases_2_and_3(out.checks);
  out.differences = {
      fmt::format(
          "The guide does not say the prices that its calculator counts. With those of its first case "
          "study ({:g} and {:g} $) and its powers the totals are what the model here has.",
          published_guide().modules[0].unit_price, published_guide().modules[1].unit_price),
      fmt::format(
          "What it shows is energy and {:.2f} $ a port for LR4, {:.2f} $ for LR1: these two constants are "
          "kept here so that it can be reproduced. They are inferred, not said.",
          hidden_cost(0), hidden_cost(1)),
      "Energy is the smaller part in both, and the same: power of the module, all hours of the year, no PUE.",
      "Failures, spares, work and interest are in neither; `lightlane tco` counts them where they are given.",
  };
  return out;
}

}  // namespace lightlane::plan

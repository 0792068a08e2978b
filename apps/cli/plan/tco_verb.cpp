#include <algorithm>

#include "cli/plan/tco_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {
namespace {

/// Short names beside those of the figures.
constexpr std::pair<plan::CostKey, const char*> short_names[] = {
    {plan::CostKey::unit_price, "--price"},
    {plan::CostKey::power_w, "--power"},
    {plan::CostKey::electricity_per_kwh, "--electricity"},
    {plan::CostKey::labour_per_hour, "--labour"},
    {plan::CostKey::discount_rate, "--rate"},
};

std::string flag_of(const plan::CostTerm& term) {
  std::string name(term.name);
  std::replace(name.begin(), name.end(), '_', '-');
  std::string flags = "--" + name;
  for (const auto& [key, extra] : short_names)
    if (key == term.key) flags += std::string(",") + extra;
  return flags;
}

std::string help_of(const plan::CostTerm& term) {
  std::string text(term.meaning);
  text[0] = static_cast<char>(std::toupper(text[0]));
  if (!term.unit.empty()) text += " [" + std::string(term.unit) + "]";
  if (term.fallback) {
    std::string number = std::to_string(*term.fallback);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.back() == '.') number.pop_back();
    text += "; default " + number;
  }
  return text;
}

void add_figures(CLI::App* verb, TcoOptions& options) {
  for (const plan::CostTerm& term : plan::cost_terms()) {
    auto& list = options.figures[static_cast<std::size_t>(term.key)];
    verb->add_option(flag_of(term), list, help_of(term))->delimiter(',')->group("Figures");
  }
  verb->add_option("--mtbf-hours", options.mtbf_hours, "Instead of FIT: mean time between failures [h]")
      ->delimiter(',')
      ->group("Figures");
  verb->add_option("--afr-percent", options.afr_percent, "Instead of FIT: share that fails in a year [%]")
      ->delimiter(',')
      ->group("Figures");
}

}  // namespace

void add_tco(CLI::App& app, Common& common, Run& run) {
  static TcoOptions options;
  CLI::App* verb =
      add_verb(app, common, "tco",
               "Total cost of ownership of alternatives side by side: purchase, energy, failures, "
               "spares, availability, present value",
               {"text", "json", "csv"});
  verb->footer(
      "A figure is one number for all alternatives, or one for each: --price 650,450. What is not given is\n"
      "assumed and listed, or left out and said; no price is.");
  verb->add_option("type", options.types, "PMDs or modules, an alternative each; the first is compared with");
  verb->add_option("--bill", options.bills, "Bill of materials (CSV), an alternative each, behind the types");
  verb->add_option("--plan", options.plan, "Plan file (TOML) with the alternatives, instead of the flags");
  verb->add_option("--ports", options.ports, "Modules of each type, of all paths together; default 1");
  verb->add_option("--links", options.links,
                   "Links of each type instead: two modules for every path of each");
  verb->add_option("--years", options.years, "Years to look at, 1 to 100; default 5");
  add_figures(verb, options);
  verb->add_option("--redundancy", options.redundancy,
                   "Paths of a link: 1of2 = one of two is enough, 1+1 the same; default none")
      ->delimiter(',');
  verb->add_option("--target-availability", options.target_availability,
                   "That one link is to have, 0 to 1; exit status 1 where it has not");
  verb->add_option("--sensitivity-percent", options.sensitivity_percent,
                   "How far every figure is moved for the sensitivities [%]; default 20");
  verb->add_option("--currency", options.currency, "Sign of the money; default $");
  verb->add_flag(
      "--as-published", options.as_published,
      "Cost and migration calculators and the case studies of a published guide, what their inputs "
      "give, and why they differ");
  verb->add_option("--existing-ports", options.existing_ports, "With --as-published: LR4 ports; default 200");
  verb->add_option("--new-ports", options.new_ports, "With --as-published: LR1 ports; default 100");
  verb->add_option("--growth-percent", options.growth_percent,
                   "With --as-published: growth a year; default 20");
  verb->add_option("--svg", options.svg, "Write the cumulative cost over the years to this file");
  verb->add_option("--tornado-svg", options.tornado_svg, "Write the sensitivities as a tornado to this file");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_tco(options);
    };
  });
}

}  // namespace lightlane::cli

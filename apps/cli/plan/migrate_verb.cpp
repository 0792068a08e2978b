#include "cli/plan/migrate_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_migrate(CLI::App& app, Common& common, Run& run) {
  static MigrateOptions options;
  CLI::App* verb = add_verb(
      app, common, "migrate",
      "From an inventory to faster links in phases: verdict per link, what to buy, what is left over",
      {"text", "json", "csv"});
  verb->add_option("--plan", options.plan,
                   "Plan file (TOML): inventory, growth, new switches, phases, prices");
  verb->add_option("--inventory", options.inventory, "Or an inventory (CSV, NetBox, SONiC), and flags");
  verb->add_option("--assume-type", options.assume_type, "What an end without a type is");
  verb->add_option("--target-gbps", options.target_gbps, "Rate to go to [Gb/s]; default 400");
  verb->add_option("--growth", options.growth,
                   "Growth of the demand of each link [share a year], compound; default 0.2");
  verb->add_option("--years", options.years, "Years to look ahead; default 5");
  verb->add_option("--switch", options.seats,
                   "Devices that are replaced, and by what: leaf*=nvidia-sn4700:1; may be repeated; default "
                   "all, by anything")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--price", options.prices, "Price of a type or module: 400GBASE-FR4=900; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_flag("--keep-fibre", options.keep_fibre, "No fibre is laid or terminated anew");
  verb->add_option("--bill", options.bill, "Write the bill of materials to this file (CSV)");
  verb->add_option("--svg", options.svg, "Write demand, capacity and phases as a picture to this file");
  verb->add_flag("--all", options.all, "A line for every link");
  add_plant_options(verb, options.plant);
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_migrate(options);
    };
  });
}

}  // namespace lightlane::cli

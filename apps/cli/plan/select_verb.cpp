#include "cli/plan/select_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_select(CLI::App& app, Common& common, Run& run) {
  static SelectOptions options;
  CLI::App* verb =
      add_verb(app, common, "select", "Which optic: requirements to ranked types and modules, with reasons",
               {"text", "json", "csv"});
  verb->add_option("--rate", options.rate_gbps, "MAC rate of a port [Gb/s]; default any")
      ->check(CLI::Range(1, 10000));
  verb->add_option("--plant-connector", options.plant_connector,
                   "What the plant ends in: lc, lc-simplex, mpo12, mpo16, mpo24; default what each type has");
  verb->add_option("--fibres", options.fibres, "Fibres that are there, 1 to 64")->check(CLI::Range(1, 64));
  verb->add_option("--in", options.in, "Where the module goes: a switch's port (nvidia-sn5400:17) or a cage");
  verb->add_option("--far", options.far, "What is at the other end already: PMD or module; default the same");
  verb->add_option("--far-in", options.far_in, "Where that is plugged in");
  verb->add_option("--power-max-w", options.power_max_w, "Largest power of the module [W]");
  verb->add_option("--latency-max-ns", options.latency_max_ns, "Largest delay of fibre and FEC [ns]");
  verb->add_option("--case-temperature-c", options.case_temperature_c,
                   "Temperature that the module has to stand [C]");
  verb->add_option("--price", options.prices, "Price of a type or module: 400GBASE-DR4=450; may be repeated")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--price-max", options.price_max, "Largest price");
  verb->add_option("--rank-by", options.rank_by,
                   "price, power, margin; default price where all are known, else power");
  verb->add_flag("--all", options.all, "With a line for each type that is refused");
  add_plant_options(verb, options.plant);
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_select(options);
    };
  });
}

}  // namespace lightlane::cli

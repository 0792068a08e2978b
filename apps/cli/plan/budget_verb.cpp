#include "cli/plan/budget_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_plant_options(CLI::App* verb, PlantOptions& options) {
  verb->add_option("--length-m", options.length_m, "Length of the fibre [m]; default the reach of the PMDs");
  verb->add_option("--fibre", options.fibre, "Kind of fibre; default G.652.D, or OM4");
  verb->add_option("--attenuation", options.attenuation,
                   "Which of the fibre's coefficients: max, planning, typical")
      ->capture_default_str();
  verb->add_option("--attenuation-db-per-km", options.attenuation_db_per_km,
                   "Attenuation at every wavelength [dB/km]; default the fibre's, by wavelength");
  verb->add_option("--connectors", options.connectors, "Mated pairs of connectors; default 2");
  verb->add_option("--connector", options.connector,
                   "Their kind and grade; default what the PMD is made for");
  verb->add_option("--connector-loss-db", options.connector_loss_db,
                   "Loss of each [dB]; default the largest of its kind");
  verb->add_option("--connector-reflectance-db", options.connector_reflectance_db,
                   "Reflectance of each [dB], negative; default that of its kind");
  verb->add_option("--splices", options.splices, "Splices; default none");
  verb->add_option("--splice", options.splice, "Their kind; default splice-fusion");
  verb->add_option("--splice-loss-db", options.splice_loss_db,
                   "Loss of each [dB]; default the largest of its kind");
  verb->add_option("--attenuator-db", options.attenuator_db, "Fixed attenuators [dB]")->capture_default_str();
  verb->add_option("--tdecq-db", options.tdecq_db,
                   "TDECQ (TDEC, TDP) of the transmitters [dB]; default the limit");
  verb->add_option("--extinction-ratio-db", options.extinction_ratio_db,
                   "Extinction ratio of the transmitters [dB]; default the smallest allowed");
  verb->add_option("--ageing-db", options.ageing_db, "Set aside for ageing and repairs [dB]")
      ->capture_default_str();
  verb->add_option("--engineering-margin-db", options.engineering_margin_db,
                   "Set aside by the designer [dB]; default 0, with --as-published 2");
}

void add_budget(CLI::App& app, Common& common, Run& run) {
  static BudgetOptions options;
  CLI::App* verb =
      add_verb(app, common, "budget",
               "Power budget of any PMD or mixed pair over a plant, both directions, worst lane");
  verb->add_option("pmd", options.near, "PMD of the near end, by name or alias");
  verb->add_option("--far", options.far, "PMD of the far end; default as the near one");
  verb->add_option("--plan", options.plan,
                   "Plan file (TOML) with the ends and the plant by segments, instead of the flags");
  add_plant_options(verb, options.plant);
  verb->add_option("--draws", options.draws, "Yield by so many random links, 100 to 10,000,000; 0 = none")
      ->capture_default_str();
  verb->add_option("--seed", options.seed, "Of the draws")->capture_default_str();
  verb->add_option("--tx-better-db", options.tx_better_db,
                   "Yield: transmitters are so much better than their limit on average [dB]")
      ->capture_default_str();
  verb->add_option("--tx-sigma-db", options.tx_sigma_db, "Yield: their standard deviation [dB]")
      ->capture_default_str();
  verb->add_option("--rx-better-db", options.rx_better_db,
                   "Yield: receivers are so much better than their limit on average [dB]")
      ->capture_default_str();
  verb->add_option("--rx-sigma-db", options.rx_sigma_db, "Yield: their standard deviation [dB]")
      ->capture_default_str();
  verb->add_flag("--as-published", options.as_published,
                 "LR4 and LR1 as a published guide reckons them in average power, the correct budget, and "
                 "why they differ");
  verb->add_option("--svg", options.svg, "Write the budget as a waterfall to this file");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_budget(options);
    };
  });
}

}  // namespace lightlane::cli

#include "cli/plan/acceptance_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_acceptance(CLI::App& app, Common& common, Run& run) {
  static AcceptanceOptions options;
  CLI::App* verb = add_verb(
      app, common, "acceptance",
      "Commission a link: clean, measure, set, count, soak; what to see each time, and a work order to print",
      {"text", "json", "csv", "md"});
  verb->add_option("types", options.link.types,
                   "The two ends: PMDs or modules, \"4x100G-FR1\" for a breakout");
  add_link_options(verb, options.link);
  verb->add_option("--inventory", options.link.inventory,
                   "Every link of an inventory, as lightlane interop --inventory reads it");
  verb->add_option("--assume-type", options.link.assume_type, "Inventory: what an end without a type is");
  plan::AcceptanceConfig& config = options.config;
  verb->add_option("--confidence", config.confidence, "Of what counting errors proves")
      ->capture_default_str();
  verb->add_option("--ber", config.ber,
                   "Bit error ratio to prove behind the FEC, or without one; default the standard's");
  verb->add_option("--errors", config.errors, "Errors that may be seen while proving it")
      ->capture_default_str();
  verb->add_option("--soak-h", config.soak_h, "Hours of the soak")->capture_default_str();
  verb->add_option("--pre-fec-margin-db", config.pre_fec_margin_db,
                   "Wanted between pre-FEC BER and its limit, where the budget has as much [optical dB]")
      ->capture_default_str();
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_acceptance(options);
    };
  });
}

}  // namespace lightlane::cli

#include "cli/plan/compare_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {
void add_compare(CLI::App& app, Common& common, Run& run) {
  static CompareOptions options;
  CLI::App* verb =
      add_verb(app, common, "compare",
               "PMDs or modules side by side: signal, power over temperature, margin over a plant, "
               "delay, cost, reliability, density",
               {"text", "json", "csv"});
  verb->add_option("type", options.types, "PMDs or modules, any number");
  add_plant_options(verb, options.plant);
  verb->add_option("--temperature-c", options.temperature_c, "Case temperature [C]; default 45");
  verb->add_option("--degradation-percent", options.degradation_percent,
                   "The signal's OMA is smaller by so much [%], 0 to 90; default 0");
  verb->add_option("--low-c", options.low_c, "Where the picture of the power begins [C]")
      ->capture_default_str();
  verb->add_option("--high-c", options.high_c, "Where it ends [C]")->capture_default_str();
  const auto list = [&](const char* flag, std::vector<double>& values, const char* help) {
    verb->add_option(flag, values, help)->delimiter(',');
  };
  list("--price", options.price, "Price of one module: one for all, or one for each; default unknown");
  list("--power", options.power, "Typical power of one module [W], likewise; default the catalogue's");
  list("--fit", options.fit, "Failures in 1e9 hours, likewise; default unknown");
  list("--mtbf-hours", options.mtbf_hours, "Instead of FIT: mean time between failures [h]");
  list("--afr-percent", options.afr_percent, "Instead of FIT: share that fails in a year [%]");
  verb->add_option("--years", options.years, "Years that the share without a failure is of; default 5");
  verb->add_option("--cages", options.cages, "Cages of a switch; default 32");
  verb->add_option("--switch", options.host, "A switch of the catalogue instead: its cages that they fit");
  verb->add_option("--currency", options.currency, "Sign of the money")->capture_default_str();
  verb->add_flag(
      "--as-published", options.as_published,
      "The performance calculator of a published guide, what there is to set against it, and why they "
      "differ");
  verb->add_option("--power-svg", options.power_svg, "Write power over temperature to this file");
  verb->add_option("--margin-svg", options.margin_svg, "Write margin over length to this file");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_compare(options);
    };
  });
}

}  // namespace lightlane::cli

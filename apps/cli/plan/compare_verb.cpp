#include "cli/plan/compare_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {
namespace {

void add_plant(CLI::App* verb, CompareOptions& o) {
  const auto option = [&](const char* flag, auto& value, const char* help) {
    return verb->add_option(flag, value, help)->group("Plant");
  };
  option("--length-m", o.length_m, "Length of the fibre [m]; default the shortest reach of them");
  option("--fibre", o.fibre, "Kind of fibre; default G.652.D, or OM4");
  option("--attenuation", o.attenuation, "Which of the fibre's coefficients: max, planning, typical")
      ->capture_default_str();
  option("--attenuation-db-per-km", o.attenuation_db_per_km, "Attenuation at every wavelength [dB/km]");
  option("--connectors", o.connectors, "Mated pairs of connectors; default 2");
  option("--connector", o.connector, "Their kind and grade; default what each is made for");
  option("--connector-loss-db", o.connector_loss_db, "Loss of each [dB]; default the largest of its kind");
  option("--splices", o.splices, "Splices; default none");
  option("--splice-loss-db", o.splice_loss_db, "Loss of each [dB]; default the largest of a fusion splice");
  option("--attenuator-db", o.attenuator_db, "Fixed attenuators [dB]");
  option("--ageing-db", o.ageing_db, "Set aside for ageing and repairs [dB]");
  option("--engineering-margin-db", o.engineering_margin_db, "Set aside by the designer [dB]");
}

}  // namespace

void add_compare(CLI::App& app, Common& common, Run& run) {
  static CompareOptions options;
  CLI::App* verb =
      add_verb(app, common, "compare",
               "PMDs or modules side by side: signal, power over temperature, margin over a plant, "
               "delay, cost, reliability, density",
               {"text", "json", "csv"});
  verb->add_option("type", options.types, "PMDs or modules, any number");
  add_plant(verb, options);
  verb->add_option("--temperature-c", options.temperature_c, "Case temperature [C]; default 45");
  verb->add_option("--from-c", options.low_c, "Where the picture of the power begins [C]")
      ->capture_default_str();
  verb->add_option("--to-c", options.high_c, "Where it ends [C]")->capture_default_str();
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

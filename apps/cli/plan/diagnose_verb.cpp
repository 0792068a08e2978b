#include "cli/plan/diagnose_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {
namespace {

void add_readings(CLI::App* verb, DiagnoseOptions& o) {
  verb->add_option("files", o.files,
                   "Output of a switch or tool, a scrape, a history or a file by hand; - is standard input");
  verb->add_option(
          "--input-format", o.input_format,
          "auto, toml, csv, sonic, sonic-json, nxos, eos, eos-json, ethtool, ethtool-json, prometheus")
      ->capture_default_str();
  verb->add_option("--interface", o.interface, "This one alone; the name of readings that have none");
  verb->add_option("--pmd", o.pmd, "Type of the modules that do not say theirs, by name or alias");
  verb->add_option("--rx-power-dbm", o.rx_power_dbm,
                   "Received power by lane [dBm], with commas; - = not read");
  verb->add_option("--tx-power-dbm", o.tx_power_dbm, "Transmitted power by lane [dBm]");
  verb->add_option("--tx-bias-ma", o.tx_bias_ma, "Laser bias by lane [mA]");
  verb->add_option("--ber", o.ber, "Bit error ratio before FEC by lane");
  verb->add_option("--snr-db", o.snr_db, "Signal to noise ratio by lane [dB]");
  verb->add_option("--bins", o.bins, "Codewords with 0, 1, 2 ... corrected symbols");
  verb->add_option("--temperature-c", o.temperature_c, "Of the module [C]");
  verb->add_option("--voltage-v", o.voltage_v, "Supply of the module [V]");
  verb->add_option("--oper", o.oper, "The link is up, down");
  verb->add_option("--fec", o.fec, "What the port is set to: none, rs, rs544, rs528, fc, auto");
  verb->add_option("--set", o.set, "Any other reading or fact, name=value; see --list-readings")
      ->allow_extra_args(false);
  verb->add_option("--far", o.far, "File with the readings of the other end");
  verb->add_option("--far-interface", o.far_interface, "Which interface of it");
  verb->add_option("--far-pmd", o.far_pmd, "Type at the other end; default as here");
  verb->add_option("--far-set", o.far_set, "Reading or fact of the other end, name=value")
      ->allow_extra_args(false);
}

}  // namespace

void add_diagnose(CLI::App& app, Common& common, Run& run) {
  static DiagnoseOptions options;
  CLI::App* verb = add_verb(app, common, "diagnose",
                            "What is wrong with a link: readings to ranked causes, checks and actions");
  add_readings(verb, options);
  verb->add_option(
      "--plan", options.plan,
      "Predict the received power: plan file (TOML) of lightlane budget, or the flags of the plant");
  add_plant_options(verb, options.plant);
  verb->add_option("--interleaved", options.interleaved,
                   "Codewords that share a stretch of the stream, for frame loss; default by rate");
  verb->add_option("--rules", options.rules,
                   "Rules (TOML) beside those that ship; of a known id instead of it");
  verb->add_flag("--details", options.details, "Of several interfaces all of each, not a line");
  verb->add_flag("--list-rules", options.list_rules, "Show the rules");
  verb->add_flag("--list-features", options.list_features, "Show what rules can look at");
  verb->add_flag("--list-readings", options.list_readings,
                 "Show names, units and ranges of readings and facts");
  verb->add_option("--svg", options.svg,
                   "Write histories, or powers of the lanes against limits, to this file");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_diagnose(options);
    };
  });
}

}  // namespace lightlane::cli

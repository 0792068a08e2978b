#include "cli/plan/interop_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {
namespace {

void add_end_options(CLI::App* verb, EndOptions& end, const std::string& letter) {
  const std::string of = "of end " + std::string(1, static_cast<char>(letter[0] - 'a' + 'A'));
  const std::string flag = "--" + letter;
  verb->add_option(
      flag + "-in", end.in,
      "What end " + of.substr(7) + " is plugged into: a switch's port (nvidia-sn5400:17) or a cage");
  verb->add_option(flag + "-mode", end.mode,
                   "Port mode " + of + ", as switches write it: 1x400G, 4x100G, 1x100G(4)");
  verb->add_option(flag + "-fec", end.fec, "FEC that the host " + of + " is set to: none, kr4, kp4");
  verb->add_option(flag + "-host-vendor", end.host_vendor, "Vendor of the host " + of + " (advisory)");
  verb->add_option(flag + "-coded-for", end.coded_for,
                   "Vendor that the module " + of + " is coded for (advisory)");
}

}  // namespace

void add_link_options(CLI::App* verb, InteropOptions& options) {
  verb->add_option("--plan", options.file,
                   "Link file (TOML) with ends, plant and cables, instead of the flags");
  verb->add_option(
      "--path", options.path,
      "Cables from A to B, with metres: mpo12-b-sm:10,mpo12-4lc-sm:5; `:turned` where end b faces A");
  add_end_options(verb, options.a, "a");
  add_end_options(verb, options.b, "b");
  add_plant_options(verb, options.plant);
}

void add_interop(CLI::App& app, Common& common, Run& run) {
  static InteropOptions options;
  CLI::App* verb = add_verb(
      app, common, "interop",
      "Does A talk to B? Cage, lanes, connectors, polarity, FEC, rate, light: verdict, reasons, cures",
      {"text", "json", "csv"});
  verb->add_option("types", options.types,
                   "The two ends: PMDs or modules, \"4x100G-FR1\" for a breakout; with --matrix any number, "
                   "none = every PMD");
  verb->add_flag("--matrix", options.matrix, "Every pair of the types");
  verb->add_option("--inventory", options.inventory,
                   "Links to judge, each: a table (CSV), NetBox cables (CSV, REST), SONiC links or "
                   "config_db.json; - = standard input");
  verb->add_option("--assume-type", options.assume_type, "Inventory: what an end without a type is");
  verb->add_flag("--all", options.all, "Inventory: a line for every link, not only for the worst");
  add_link_options(verb, options);
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_interop(options);
    };
  });
}

}  // namespace lightlane::cli

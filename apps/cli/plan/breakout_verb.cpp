#include "cli/plan/breakout_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_breakout(CLI::App& app, Common& common, Run& run) {
  static BreakoutOptions options;
  CLI::App* verb = add_verb(app, common, "breakout",
                            "Breakout modes of a module or port, lane by lane; SONiC's port files expanded, "
                            "written and checked",
                            {"text", "json", "csv"});
  verb->add_option("subject,--module", options.subject,
                   "Module, PMD, cage or switch; with files: the module that is plugged");
  verb->add_option("--mode", options.mode, "One mode, such as 4x100G or 1x100G(4); default all");
  verb->add_option("--cage", options.cage, "Cage that the module is plugged into");
  verb->add_option("--switch", options.device, "Switch that has the port: cage, rate and power of it");
  verb->add_option("--switch-port", options.device_port, "Which of its ports; default the first");
  verb->add_option("--cable", options.cable, "Harness, cord or trunk at the module");
  verb->add_option("--far", options.far, "PMD or module that each child is to meet");
  verb->add_option("--platform", options.platform, "platform.json of SONiC: lanes and modes of each port");
  verb->add_option("--hwsku", options.hwsku, "hwsku.json of SONiC: the default mode of each port");
  verb->add_option("--config", options.config, "config_db.json of SONiC: the ports as configured");
  verb->add_option("--port", options.port,
                   "One port of these files, such as Ethernet0; with --mode set to it");
  verb->add_option("--write", options.write,
                   "Write PORT and BREAKOUT_CFG to this file; with --config its other tables as well");
  verb->add_flag("--lint", options.lint, "Check the files against each other, and what --module ... say");
  verb->callback([&] {
    run = [&] {
      options.format = common.format;
      return run_breakout(options);
    };
  });
}

}  // namespace lightlane::cli

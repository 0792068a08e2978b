#include "cli/plan/power_command.hpp"
#include "cli/plan/verbs.hpp"

namespace lightlane::cli {

void add_power(CLI::App& app, Common& common, Run& run) {
  static PowerOptions o;
  CLI::App* verb =
      add_verb(app, common, "power",
               "Power and heat of a module, or of a switch with its modules: per port, supplies, "
               "air, case temperatures",
               {"text", "json", "csv"});
  verb->add_option("module", o.module, "Module of the catalogue, by name");
  verb->add_option("--module", o.module, "The same");
  verb->add_option("--plan", o.plan, "Plan file (TOML) with different modules by port, instead of the flags");
  verb->add_option("--switch", o.device, "Switch of the catalogue");
  verb->add_option("--ports", o.ports, "Ports of a switch that is in no catalogue, all alike");
  verb->add_option("--rate-gbps", o.rate_gbps, "Rate of each of them [Gb/s]; default that of the module");
  verb->add_option("--count", o.count, "Modules, from the first port on; default one in every port");
  verb->add_flag("--alternate-slots", o.alternate_slots, "Modules in every other port only");
  verb->add_option("--basis", o.basis, "What of a module's power counts: typical, max, class")
      ->capture_default_str();
  verb->add_option("--lanes", o.lanes, "Media lanes of each module in use; default all");
  verb->add_option("--utilisation", o.utilisation, "Share of its power that each draws, 0 to 1; default 1");
  verb->add_option("--module-power-w", o.module_w,
                   "Power of each as measured [W], instead of the catalogue's");
  verb->add_option("--port-limit-w", o.port_limit_w,
                   "What a port allows [W], where the catalogue does not say");
  verb->add_option("--optics-allowance-w", o.optics_allowance_w, "What all modules may draw together [W]");
  verb->add_option("--base-w", o.base_w, "Switch without modules, behind its supplies [W]");
  verb->add_option("--fan-w", o.fan_w, "All fans at full speed [W]; default contained in the base power");
  verb->add_option("--fan-speed", o.fan_speed, "Their speed over the full one, 0.1 to 1; default 1");
  verb->add_option("--supplies", o.supplies, "Power supplies; default the catalogue's");
  verb->add_option("--supply-w", o.supply_w, "Rating of one [W]; default the catalogue's");
  verb->add_option("--psu-fail", o.supplies_failed, "How many may fail; default 1");
  verb->add_option("--efficiency", o.efficiency, "Of the supplies, 0.5 to 1; default 0.93");
  verb->add_option("--inlet-c", o.inlet_c, "Inlet air [C]; default 25");
  verb->add_option("--altitude-m", o.altitude_m, "Above sea level [m]; default 0");
  verb->add_option("--cfm", o.cfm, "Air through the switch, fans at full speed [CFM]; default 160 a kW");
  verb->add_option("--air-speed-mps", o.speed_mps,
                   "Air at the modules, fans at full speed [m/s]; default 3.5");
  verb->add_option("--airflow", o.airflow, "front-to-rear or rear-to-front; the modules are in front")
      ->capture_default_str();
  verb->add_option("--row-airflow", o.row, "Direction of other devices in the row; may be repeated");
  verb->add_option("--depth", o.depth, "Modules one behind another in a stream of air; default 2");
  verb->callback([&] {
    run = [&] {
      o.format = common.format;
      return run_power(o);
    };
  });
}

}  // namespace lightlane::cli

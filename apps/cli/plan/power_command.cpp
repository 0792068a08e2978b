#include "cli/plan/power_command.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/exit_code.hpp"
#include "cli/plan/power_report.hpp"
#include "lightlane/base/error.hpp"
#include "lightlane/catalog/loader.hpp"
#include "lightlane/plan/power/power_plan.hpp"

namespace lightlane::cli {
namespace {

using namespace plan;

/// Ports of the load: of all of the switch, the first ones, or every other one.
std::vector<int> ports_of(const PowerOptions& o, const PowerQuestion& q) {
  std::vector<int> all;
  if (q.device != nullptr) {
    for (const catalog::SwitchPorts& group : q.device->ports)
      for (int port = group.first; port <= group.last; port += group.step) all.push_back(port);
    std::sort(all.begin(), all.end());
  } else {
    for (int port = 1; port <= q.ports; ++port) all.push_back(port);
  }
  std::vector<int> out;
  for (std::size_t i = 0; i < all.size(); i += o.alternate_slots ? 2 : 1) out.push_back(all[i]);
  if (!o.count) return out;
  if (*o.count < 0 || static_cast<std::size_t>(*o.count) > out.size())
    throw ConfigError({"--count", fmt::format("is {}", *o.count), fmt::format("0 to {}", out.size()), ""});
  out.resize(static_cast<std::size_t>(*o.count));
  return out;
}

PowerQuestion question_of(const PowerOptions& o) {
  PowerQuestion q;
  if (!o.device.empty()) {
    if (o.ports || o.rate_gbps != 0)
      throw ConfigError({"--switch", "stands beside --ports or --rate-gbps", "the catalogue knows them", ""});
    q.device = &switch_named(o.device, "--switch");
  } else {
    q.ports = o.ports.value_or(o.count.value_or(1));
    if (q.ports < 1 || q.ports > 1024)
      throw ConfigError({o.ports ? "--ports" : "--count", fmt::format("is {}", q.ports), "1 to 1024", ""});
    q.rate_gbps = o.rate_gbps;
  }
  q.basis = basis_named(o.basis, "--basis");
  if (!o.module.empty()) {
    PortLoad load;
    load.module = &module_named(o.module, "--module");
    load.ports = ports_of(o, q);
    load.lanes = o.lanes;
    load.utilisation = o.utilisation.value_or(1);
    load.power_w = o.module_w;
    q.loads.push_back(load);
  }
  q.port_power_max_w = o.port_limit_w;
  q.optics_allowance_w = o.optics_allowance_w;
  q.base_w = o.base_w;
  q.fan_w = o.fan_w;
  q.fan_speed = o.fan_speed.value_or(1);
  q.supplies = o.supplies;
  q.supply_w = o.supply_w;
  q.supplies_failed = o.supplies_failed.value_or(1);
  q.efficiency = o.efficiency;
  q.inlet_c = o.inlet_c;
  q.altitude_m = o.altitude_m;
  q.cfm = o.cfm;
  q.speed_mps = o.speed_mps;
  q.airflow = airflow_named(o.airflow, "--airflow");
  for (const std::string& word : o.row) q.neighbours.push_back(airflow_named(word, "--row-airflow"));
  q.depth = o.depth;
  return q;
}

/// Without them a module is asked for, alone.
bool has_flags_of_switch(const PowerOptions& o) {
  return !o.device.empty() || !o.row.empty() || o.ports || o.count || o.rate_gbps != 0 || o.lanes ||
         o.utilisation || o.module_w || o.alternate_slots || o.port_limit_w || o.base_w || o.fan_w ||
         o.fan_speed || o.optics_allowance_w || o.supplies || o.supplies_failed || o.supply_w ||
         o.efficiency || o.inlet_c || o.altitude_m || o.cfm || o.speed_mps || o.depth || o.basis != "max" ||
         o.airflow != "front-to-rear";
}

bool has_flags(const PowerOptions& o) { return !o.module.empty() || has_flags_of_switch(o); }

/// Keys of the library as the flags that hold them.
std::string flag_of(const std::string& key) {
  for (const auto& [name, flag] :
       {std::pair("supplies_failed", "--psu-fail"), std::pair("power_w", "--module-power-w"),
        std::pair("port_power_max_w", "--port-limit-w"), std::pair("speed_mps", "--air-speed-mps")})
    if (key == name) return flag;
  if (key.empty() || key.starts_with("--")) return key;
  std::string flag = "--" + key;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

PowerAnswer answer_of_flags(const PowerOptions& o) {
  if (o.module.empty() && o.device.empty() && !o.ports)
    throw ConfigError({"--module", "is missing", "a module, --switch or --plan",
                       "see lightlane catalog list --kind module"});
  try {
    return power_answer(question_of(o));
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = flag_of(detail.place);
    throw ConfigError(detail);
  }
}

PowerAnswer answer_of_plan(const PowerOptions& o) {
  if (has_flags(o)) throw ConfigError({"--plan", "has everything", "no other flag beside it", ""});
  const catalog::Document document = catalog::read_document(o.plan);
  const PowerQuestion question = read_power_plan(document.text, document.file);
  try {
    return power_answer(question);
  } catch (const ConfigError& error) {
    ErrorDetail detail = error.detail();
    detail.place = o.plan + ": " + detail.place;
    throw InputError(detail);
  }
}

}  // namespace

int run_power(const PowerOptions& options) {
  if (options.plan.empty() && !options.module.empty() && !has_flags_of_switch(options)) {
    const ModuleWatts module = module_watts(module_named(options.module, "--module"));
    if (options.format == "json") {
      fmt::print("{}\n", to_json(module).dump(2));
    } else if (options.format == "csv") {
      throw ConfigError({"--format", "csv has a row for each port", "--switch or --ports", ""});
    } else {
      print_text(module);
    }
    return ok;
  }
  const PowerAnswer answer = options.plan.empty() ? answer_of_flags(options) : answer_of_plan(options);
  if (options.format == "json") {
    fmt::print("{}\n", to_json(answer).dump(2));
  } else if (options.format == "csv") {
    fmt::print("{}", power_csv(answer));
  } else {
    print_text(answer);
  }
  return answer.verdict == Verdict::pass ? ok : limit_not_met;
}

}  // namespace lightlane::cli

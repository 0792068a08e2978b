#pragma once
#include <optional>
#include <string>
#include <vector>

namespace lightlane::cli {

struct PowerOptions {
  std::string plan;  ///< a plan file instead of everything below
  std::string device;
  std::optional<int> ports, count;
  double rate_gbps = 0;
  std::string module;
  std::optional<int> lanes;
  std::optional<double> utilisation, module_w;
  std::string basis = "max";  ///< typical | max | class
  bool alternate_slots = false;
  std::optional<double> port_limit_w, base_w, fan_w, fan_speed, optics_allowance_w;
  std::optional<int> supplies, supplies_failed;
  std::optional<double> supply_w, efficiency;
  std::optional<double> inlet_c, altitude_m, cfm, speed_mps;
  std::string airflow = "front-to-rear";
  std::vector<std::string> row;
  std::optional<int> depth;
  std::string format = "text";
};
/// Exit status 0 where the verdict is pass, 1 with any other.
int run_power(const PowerOptions& options);

}  // namespace lightlane::cli

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/plan/plant_options.hpp"

namespace lightlane::cli {

struct DiagnoseOptions {
  std::vector<std::string> files;  ///< "-" is standard input
  std::string input_format = "auto";
  std::string far;  ///< file with the other end
  std::string interface, far_interface;
  std::string pmd, far_pmd;
  std::vector<std::string> set, far_set;  ///< name=value
  std::string rx_power_dbm, tx_power_dbm, tx_bias_ma, ber, snr_db, bins;
  std::string temperature_c, voltage_v, oper, fec;
  std::string rules;
  std::optional<int> interleaved;
  // plant
  std::string plan;
  PlantOptions plant;

  bool details = false;
  bool list_rules = false, list_features = false, list_readings = false;
  std::string svg;
  std::string format = "text";
};
/// Exit status 0 where everything that can be judged is healthy, 1 else.
int run_diagnose(const DiagnoseOptions& options);

}  // namespace lightlane::cli

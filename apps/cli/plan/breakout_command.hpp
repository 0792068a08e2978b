#pragma once
#include <optional>
#include <string>

namespace lightlane::cli {

struct BreakoutOptions {
  std::string subject;  ///< module, PMD, cage or switch
  std::string mode, cage, device, cable, far;
  std::optional<int> device_port;
  std::string platform, hwsku, config;  ///< files of SONiC
  std::string port;                     ///< of these files
  std::string write;
  bool lint = false;
  std::string format = "text";
};
/// Exit status 0 where the mode is possible and no lint is an error, else 1.
int run_breakout(const BreakoutOptions& options);

}  // namespace lightlane::cli

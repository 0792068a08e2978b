#include "lightlane/pcs/fec_degrade.hpp"

#include <fmt/format.h>

#include "lightlane/base/error.hpp"

namespace lightlane::pcs {

FecDegradeMonitor::FecDegradeMonitor(const FecDegradeConfig& config) : config_(config) {
  if (!config.enable) return;
  constexpr std::uint64_t longest = std::uint64_t{1} << 31;
  if (config.interval_codewords < 2 || config.interval_codewords % 2 != 0 || config.interval_codewords > longest) {
    throw ConfigError({"degrade.interval_codewords", fmt::format("is {}", config.interval_codewords),
                       fmt::format("an even number, 2 to {}", longest), "FEC_degraded_SER_interval"});
  }
  if (config.deactivate_threshold > config.activate_threshold + 1) {
    throw ConfigError({"degrade.deactivate_threshold", fmt::format("is {}", config.deactivate_threshold),
                       fmt::format("0 to {}", config.activate_threshold + 1), "at most activate_threshold + 1"});
  }
}

void FecDegradeMonitor::count(std::uint64_t symbol_errors, std::uint64_t codewords) noexcept {
  if (!config_.enable) return;
  symbols_ += symbol_errors;
  codewords_ += codewords;
  if (codewords_ < config_.interval_codewords) return;
  if (symbols_ > config_.activate_threshold) {
    events_ += degraded_ ? 0 : 1;
    degraded_ = true;
  } else if (symbols_ < config_.deactivate_threshold) {
    degraded_ = false;
  }
  restart_interval();
}

void FecDegradeMonitor::reset() noexcept {
  restart_interval();
  events_ = 0;
  degraded_ = false;
}

}  // namespace lightlane::pcs

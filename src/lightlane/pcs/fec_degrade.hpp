#pragma once
/// FEC degraded SER: a receiver that still corrects everything says early that the link is getting worse (802.3
/// 91.5.3.3, 119.2.5.3; optional, off by default).

#include <cstdint>

namespace lightlane::pcs {

struct FecDegradeConfig {
  bool enable = false;
  std::uint64_t interval_codewords = 8192;    ///< FEC_degraded_SER_interval: even, 2 .. 2^31
  std::uint64_t activate_threshold = 6000;    ///< set when an interval has more symbol errors
  std::uint64_t deactivate_threshold = 3000;  ///< cleared when one has fewer; at most activate_threshold + 1
};

/// Counts symbol errors over intervals of codewords.
class FecDegradeMonitor {
 public:
  /// Throws ConfigError naming `degrade.<key>`, for an enabled monitor only.
  explicit FecDegradeMonitor(const FecDegradeConfig& config);

  /// `codewords` more codewords with `symbol_errors` in them; does nothing where not enabled.
  void count(std::uint64_t symbol_errors, std::uint64_t codewords) noexcept;
  /// Alignment was lost: the interval begins anew, the state stays.
  void restart_interval() noexcept { codewords_ = symbols_ = 0; }
  void reset() noexcept;

  bool degraded() const noexcept { return degraded_; }
  std::uint64_t events() const noexcept { return events_; }  ///< times that the state was set

 private:
  FecDegradeConfig config_;
  std::uint64_t codewords_ = 0, symbols_ = 0, events_ = 0;
  bool degraded_ = false;
};

}  // namespace lightlane::pcs

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

}  // namespace lightlane::pcs

#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/captured_waveform.hpp"

namespace lightlane::cli {

struct TdecqOptions {
  CaptureOptions capture;
  std::string edition = "cd";      ///< bs | cd | cu | db | dj
  std::string thresholds;          ///< nominal | adjusted; empty: as the edition
  std::vector<double> taps;        ///< evaluate these; empty: the optimum
  std::optional<double> phase_ui;  ///< from the middle of the file's symbols
  double scope_noise_w = 0;
  std::optional<int> ffe_taps;         ///< as the edition
  std::optional<int> main_positions;   ///< as the edition
  double reference_bandwidth_ghz = 0;  ///< 0: half the symbol rate
  bool no_filter = false;              ///< the capture is behind the reference filter
  std::optional<double> limit_db;      ///< above it the exit status is 1
  std::string format = "text";         ///< text | json
};
/// TDECQ (TECQ, SECQ) of a captured waveform, with its causes. Exit status 1 for a closed eye or above the
/// limit.
int run_tdecq(const TdecqOptions& options);

}  // namespace lightlane::cli

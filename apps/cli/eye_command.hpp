#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/captured_waveform.hpp"

namespace lightlane::cli {

struct EyeOptions {
  CaptureOptions capture;
  std::string modulation = "pam4";   ///< pam4 | nrz
  std::string filter = "reference";  ///< none | reference | bt4:GHz
  double noise_w = 0;                ///< Gaussian, added analytically
  double probability = 1e-6;         ///< of heights and widths
  std::vector<double> contours;      ///< further ones
  int ui = 2, columns_per_ui = 64, rows = 128;
  std::vector<double> mask;  ///< NRZ: X1, X2, X3, Y1, Y2, Y3; empty: of 100GBASE-LR4
  double hit_ratio = 5e-5;
  std::string svg, html;        ///< files to write
  std::string format = "text";  ///< text | json
};
/// Eye diagram of a captured waveform: picture and figures. Exit status 1 where a mask that was given is not
/// met.
int run_eye(const EyeOptions& options);

}  // namespace lightlane::cli

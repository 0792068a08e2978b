#pragma once
/// What `lightlane eye` tells, as text, JSON and a page.

#include <optional>
#include <string>

#include "cli/captured_waveform.hpp"
#include "cli/eye_command.hpp"
#include "cli/eye_picture.hpp"
#include "lightlane/measure/edge_jitter.hpp"
#include "lightlane/measure/eye.hpp"
#include "lightlane/measure/nrz.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/signal/lanes.hpp"

namespace lightlane::cli {

/// Everything that was measured; what could not be is absent.
struct EyeReport {
  signal::Modulation modulation = signal::Modulation::pam4;
  double filter_ghz = 0;  ///< 0: none
  std::optional<FoundPattern> pattern;
  measure::EyeResult eye;
  double pave_w = 0;
  std::optional<measure::OmaOuter> oma;
  std::optional<measure::EdgeJitter> jitter;
  std::optional<double> rin_oma_db_per_hz;
  struct Nrz {
    measure::EyeMask mask;
    measure::EyeMaskResult mask_result;
    measure::VecpResult vecp;
    measure::NoiseLoadingResult tdec, tdp;
  };
  std::optional<Nrz> nrz;
};

void print_eye_text(const EyeOptions& options, const Capture& capture, const EyeReport& report);
void print_eye_json(const EyeOptions& options, const Capture& capture, const EyeReport& report);
std::string eye_page(const EyeOptions& options, const Capture& capture, const EyeReport& report);
EyePicture eye_picture(const Capture& capture, const EyeReport& report);

}  // namespace lightlane::cli

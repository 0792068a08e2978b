#pragma once
#include <string>

#include "lightlane/link/optical_report.hpp"

namespace lightlane::cli {

/// TDECQ, or an NRZ PMD's penalty; infinite where the eye is closed, nan where nothing was measured.
double penalty_db(const link::OpticalLaneReport& lane);
/// "TDECQ", or the clause's word for the penalty of an NRZ PMD.
std::string penalty_name(const link::OpticalReport& report);
/// "2.31", "closed" where the eye is, "-" where nothing was measured.
std::string penalty_text(const link::OpticalLaneReport& lane);

/// The measurement runs of a direction: figures, eyes, histograms, taps and causes; lanes that measure alike
/// once, the worst one in full and the others folded. Empty where nothing was measured.
std::string html_transmitters(const link::OpticalReport& report);

}  // namespace lightlane::cli

#pragma once
/// Why TDECQ is what it is: the equalised samples taken apart into level, interference and noise.

#include "lightlane/measure/tdecq.hpp"
#include "lightlane/measure/tdecq_search.hpp"

namespace lightlane::measure {

/// What the receiver made of the waveform, in scaled units.
struct TdecqParts {
  TdecqCauses causes;
  std::array<double, 4> level{};  ///< mean of the equalised samples of each level, over both histograms
};

/// Each cause is taken out of the equalised samples while taps, phase and thresholds stay (nominal thresholds
/// where the levels are made equally spaced), and the noise that may be added is found again. What repeats
/// with the pattern is level and interference, the rest is noise: from the mean of four or more periods; else
/// from a fit to the levels (17 symbols linearly, then every neighbourhood of three), which takes
/// interference that it does not describe for noise. `scope_noise`: over OMAouter. `tdecq_db`: the sum that
/// the causes share out.
TdecqParts find_causes(const TdecqSearch& task, const TdecqFound& found, std::size_t periods, double tdecq_db,
                       double scope_noise);

}  // namespace lightlane::measure

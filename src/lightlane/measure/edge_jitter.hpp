#pragma once
/// When the edges of a waveform come: for eye timing and jitter.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::measure {

struct EdgeJitter {
  std::size_t edges = 0;
  double crossing_ui = 0;  ///< mean place of the edges, from the boundary between their symbols (sample i M)
  double rms_ui = 0;       ///< standard deviation about that, all causes
  double peak_to_peak_ui = 0;
  double even_odd_ui =
      0;  ///< mean place of edges before even symbols less that before odd ones, as a magnitude
  /// Two periods of the pattern or more: what stands still with the pattern, and what does not.
  std::optional<double> data_dependent_ui;    ///< peak to peak of the means of each place in the pattern
  std::optional<double> uncorrelated_rms_ui;  ///< rms about those means (unbiased)
};

/// Every change of level is an edge; it comes where the power crosses half way between the mean powers of its
/// two levels (at the symbols' centres), nearest to the boundary and within a symbol of it, by cubic
/// interpolation. Edges that do not cross there are left out. No clock recovery: slow wander is in it.
/// `power` and `levels` as for measure_oma_outer(), at least 4 samples per UI. Throws as require_waveform(),
/// and InputError where no edge is found.
EdgeJitter measure_edge_jitter(std::span<const float> power, std::span<const std::uint8_t> levels,
                               int samples_per_ui);

}  // namespace lightlane::measure

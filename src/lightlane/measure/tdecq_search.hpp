#pragma once
/// The search of TDECQ over phase and main tap, around the convex programme of the taps and thresholds.

#include <optional>
#include <vector>

#include "lightlane/measure/reference_equalizer.hpp"

namespace lightlane::measure {

struct TdecqSearch {
  const TdecqGrid& grid;
  const LevelRow& levels;
  const TdecqKernels& kernels;
  double spacing_ui = 0.1, width_ui = 0.04;
  int main_positions = 3;                         ///< tap 0 to main_positions - 1 may be the main one
  EqualizerRules rules;                           ///< of any main tap
  std::optional<std::vector<double>> fixed_taps;  ///< the largest is the main tap
  std::optional<double> fixed_phase_ui;
};

struct TdecqFound {
  double phase_ui = 0;
  int lag = 0;               ///< the sample at symbol n and this phase decides symbol n - lag
  EqualizerRules rules;      ///< with the main tap
  EqualizerOptimum optimum;  ///< by decisions, over two phases (Gauss) of each histogram
  double correlation = 0;    ///< of the waveform with the levels, at its best phase
};

/// Coarse: every 1/20 UI with every main tap on a part of the symbols, started from MMSE taps; fine: every
/// maximum within 0.2 dB of the best, on all symbols, over phase by parabolas and, where there is a kink, by
/// golden sections. The phase is found to 0.0004 UI, or to 1e-5 of the noise where a parabola fits.
TdecqFound search(const TdecqSearch& task);

}  // namespace lightlane::measure

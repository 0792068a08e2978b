#pragma once
/// Eye diagrams as data: density, contours of equal error ratio, bathtubs, openings of the sub-eyes.
///
/// Error ratios are those of a slicer with one threshold: P(sent at or below the threshold's lower level, and
/// the power is above the threshold) + P(sent above it, and the power is below), over all symbols. Gaussian
/// noise is added analytically, so that 1e-15 is no matter of counting (tails end at 9 sigma: below 1e-19 the
/// ratio is 0); without noise they count the waveform's own symbols.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "lightlane/signal/lanes.hpp"

namespace lightlane::measure {

struct EyeConfig {
  int samples_per_ui = 16;  ///< 3 to 4096
  signal::Modulation modulation = signal::Modulation::pam4;
  bool cyclic = true;  ///< the waveform repeats; else its first and last two symbols only lead in and out
  double noise_w = 0;  ///< rms of Gaussian noise that is added, the same at every level
  double probability = 1e-6;       ///< of the openings; a default (OIF-CEI quotes PAM4 eyes at 1e-6)
  std::vector<double> contours{};  ///< error ratios of further contours
  int columns_per_ui = 64;         ///< phases, 4 to 1024
  int rows = 128;                  ///< of the density, 4 to 4096
  int ui = 2;                      ///< width of the density: 1 or 2
};

/// How the traces fill the picture. Column c spans phases [first_ui + c step_ui, ...) from the symbol's
/// centre; row 0 is the lowest. Each column sums to 1.
struct EyeDensity {
  std::size_t columns = 0, rows = 0;
  double first_ui = 0, step_ui = 0, low_w = 0, high_w = 0;
  std::vector<float> share;  ///< [row * columns + column]
};

/// Where a slicer between two levels errs with this probability or less: low_w to high_w at each phase; none
/// at phases where no threshold is so good.
struct EyeContour {
  int eye = 0;  ///< 0: the lowest
  double probability = 0;
  struct Opening {
    double phase_ui, low_w, high_w;
  };
  std::vector<Opening> openings;  ///< by phase, those that are open
};

struct SubEye {
  bool open = false;       ///< at `probability`, at the eye's centre
  double threshold_w = 0;  ///< middle of the opening at the centre; where closed: the best threshold there
  double height_w = 0;     ///< opening at the centre phase
  double low_w = 0, high_w = 0;
  double width_ui = 0;  ///< opening at the threshold
  double left_ui = 0, right_ui = 0;
  double error_ratio = 0;  ///< at threshold and centre
};

struct Bathtub {
  int eye = 0;
  std::vector<double> at;  ///< phase [UI] or threshold [W]
  std::vector<double> error_ratio;
};

struct EyeResult {
  std::size_t symbols = 0;
  double centre_ui = 0;             ///< phase of the largest smallest opening, the same for all sub-eyes
  std::vector<double> level_w;      ///< mean of each level at the centre, as many as levels
  std::vector<double> level_rms_w;  ///< standard deviation there, noise_w included
  std::vector<SubEye> eyes;         ///< lowest first: three or one
  double ser = 0, ber = 0;          ///< of slicers at the sub-eyes' thresholds and the centre, Gray-coded
  std::optional<double> rlm_120d, rlm_94;  ///< PAM4: level separation mismatch ratio
  std::vector<Bathtub> horizontal;         ///< at the threshold, over the phases -1 to 1 UI
  std::vector<Bathtub> vertical;           ///< at the centre, over thresholds
  std::vector<EyeContour> contours;        ///< of `probability` and of `contours`, for each eye
  EyeDensity density;
};

/// `power` [W] and `levels` as for measure_oma_outer(); where not cyclic, levels.size() symbols, and what is
/// left of the waveform behind them is not looked at. Thresholds and heights are as fine as 1/16 of the
/// noise's rms or 1/4096 of the waveform's span. About 0.1 s for 65535 symbols. Throws ConfigError for a
/// configuration, InputError for a waveform that cannot be measured (require_waveform()).
EyeResult measure_eye(std::span<const float> power, std::span<const std::uint8_t> levels,
                      const EyeConfig& config);

/// Level separation mismatch ratio of four levels, ascending: annex 120D form, min(3 ES1, 3 ES2, 2 - 3 ES1, 2
/// - 3 ES2), and clause 94 form, three times the smallest step over all. 1: equally spaced.
double level_mismatch_120d(std::span<const double> level_w);
double level_mismatch_94(std::span<const double> level_w);

/// Levels read off a waveform whose pattern is not known: the phase at which its powers fall into the most
/// distinct groups.
struct SlicedLevels {
  std::vector<std::uint8_t> levels;  ///< of symbol i, whose samples begin at shift_samples + i M
  std::size_t shift_samples = 0;     ///< below M
  double separation = 0;  ///< smallest gap between neighbouring groups' means over the sum of their rms
};
/// None where the groups run into each other (separation below 2.5): the eye is closed.
std::optional<SlicedLevels> slice_levels(std::span<const float> power, int samples_per_ui,
                                         signal::Modulation modulation);

}  // namespace lightlane::measure

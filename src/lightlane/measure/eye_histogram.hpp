#pragma once
/// Distributions of a waveform's power at each phase, by the level that was sent: what eyes, masks and
/// bathtubs are read from. Internal to this floor.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {

/// Cells of power. Edge j lies at low_w + j width_w, j = 0 .. cells.
struct PowerGrid {
  double low_w = 0, width_w = 1;
  std::size_t cells = 0;
  double edge(std::size_t j) const noexcept { return low_w + static_cast<double>(j) * width_w; }
};

/// A grid over all values, wide enough for the noise on both sides (6 sigma), whose cells resolve it: a
/// multiple of `rows` cells, at least `least_cells`, at most 65536, each a sixteenth of the noise's rms or
/// less where that many are enough.
PowerGrid power_grid(std::span<const float> values, double noise_w, std::size_t rows,
                     std::size_t least_cells);

/// One phase: for each level, how likely the power, with Gaussian noise added, is beyond each edge of the
/// grid. Counts, not shares: above[c][j] + below[c][j] = symbols of level c. Both tails are summed on their
/// own, so that 1e-15 stays.
struct PhaseTails {
  std::vector<std::vector<double>> above, below;  ///< [level][edge]
  std::vector<double> symbols;                    ///< [level]
};

/// Tails of one phase after the other: holds the scratch memory and the table of the normal tail.
class TailBuilder {
 public:
  TailBuilder(const PowerGrid& grid, double noise_w, std::size_t levels);
  /// values[i] was sent as sent[(first + i) mod sent.size()].
  void build(std::span<const float> values, std::span<const std::uint8_t> sent, std::size_t first,
             PhaseTails& out);

 private:
  void add_noise(const std::vector<double>& histogram, std::vector<double>& above,
                 std::vector<double>& below) const;

  PowerGrid grid_;
  double noise_w_;
  std::vector<double> tail_;  // Q of half cells: tail_[d] = Q((d + 1/2) width / noise)
  std::vector<std::vector<double>> histogram_;
};

}  // namespace lightlane::measure

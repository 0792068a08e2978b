#include "lightlane/measure/eye_histogram.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::measure {
namespace {

constexpr double grid_margin = 6;  // of the noise's rms, on either side of the waveform
constexpr double tail_reach = 9;   // beyond it Q is below 1e-19
constexpr std::size_t most_cells = 65536;

}  // namespace

PowerGrid power_grid(std::span<const float> values, double noise_w, std::size_t rows,
                     std::size_t least_cells) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double span = static_cast<double>(*high) - static_cast<double>(*low);
  const double overshoot = 0.07 * span;  // of the interpolation, at a vertical edge
  const double margin = grid_margin * noise_w + overshoot;
  PowerGrid grid;
  grid.low_w = static_cast<double>(*low) - margin;
  const double whole = span + 2 * margin;
  double cells = static_cast<double>(least_cells);
  if (noise_w > 0) cells = std::max(cells, std::ceil(16 * whole / noise_w));
  const std::size_t per_row = std::max<std::size_t>(
      1, (static_cast<std::size_t>(std::min(cells, static_cast<double>(most_cells))) + rows - 1) / rows);
  grid.cells = rows * per_row;
  grid.width_w = whole / static_cast<double>(grid.cells);
  return grid;
}

TailBuilder::TailBuilder(const PowerGrid& grid, double noise_w, std::size_t levels)
    : grid_(grid), noise_w_(noise_w), histogram_(levels, std::vector<double>(grid.cells)) {
  if (!(noise_w > 0)) return;
  const double step = grid.width_w / noise_w;
  const std::size_t reach = std::min(grid.cells, static_cast<std::size_t>(std::ceil(tail_reach / step)));
  for (std::size_t d = 0; d < reach; ++d)
    tail_.push_back(math::normal_tail((static_cast<double>(d) + 0.5) * step));
}

void TailBuilder::build(std::span<const float> values, std::span<const std::uint8_t> sent, std::size_t first,
                        PhaseTails& out) {
  const std::size_t levels = histogram_.size();
  for (auto& h : histogram_) std::fill(h.begin(), h.end(), 0.0);
  out.symbols.assign(levels, 0.0);
  out.above.resize(levels);
  out.below.resize(levels);
  const double scale = 1 / grid_.width_w, top = static_cast<double>(grid_.cells) - 1.000001;
  std::size_t symbol = first % sent.size();
  for (const float value : values) {
    auto& histogram = histogram_[sent[symbol]];
    out.symbols[sent[symbol]] += 1;
    if (++symbol == sent.size()) symbol = 0;
    const double at = (static_cast<double>(value) - grid_.low_w) * scale;  // in cells
    if (noise_w_ > 0) {
      // Shared between the two cells whose centres are next: no bias, a variance of a quarter cell at most.
      const double from = std::clamp(at - 0.5, 0.0, top);
      const std::size_t cell = static_cast<std::size_t>(from);
      const double part = from - static_cast<double>(cell);
      histogram[cell] += 1 - part;
      histogram[cell + 1] += part;
    } else {
      histogram[static_cast<std::size_t>(std::clamp(at, 0.0, top))] += 1;
    }
  }
  for (std::size_t c = 0; c < levels; ++c) add_noise(histogram_[c], out.above[c], out.below[c]);
}

void TailBuilder::add_noise(const std::vector<double>& histogram, std::vector<double>& above,
                            std::vector<double>& below) const {
  const std::size_t cells = histogram.size(), reach = tail_.size();
  above.assign(cells + 1, 0.0);  // first: what noise carries across the edge
  below.assign(cells + 1, 0.0);
  for (std::size_t b = 0; b < cells; ++b) {
    const double count = histogram[b];
    if (count == 0) continue;
    const std::size_t up = std::min(cells - b, reach), down = std::min(b + 1, reach);
    double* over = above.data() + b + 1;  // the centre of cell b lies (d + 1/2) cells below edge b + 1 + d
    for (std::size_t d = 0; d < up; ++d) over[d] += count * tail_[d];
    double* under = below.data() + (b + 1 - down);
    for (std::size_t d = 0; d < down; ++d) under[d] += count * tail_[down - 1 - d];
  }
  // Then what stood on that side and stayed there. Where nothing stood, the tail is left as it is.
  double lower = 0, upper = 0;
  for (const double count : histogram) upper += count;
  std::size_t highest = cells;
  while (highest > 0 && histogram[highest - 1] == 0) --highest;
  for (std::size_t j = 0; j <= cells; ++j) {
    if (j >= highest) upper = 0;  // exactly
    const double carried_up = above[j], carried_down = below[j];
    above[j] = carried_up + (upper - carried_down);
    below[j] = carried_down + (lower - carried_up);
    if (j < cells) {
      lower += histogram[j];
      upper -= histogram[j];
    }
  }
}

}  // namespace lightlane::measure

#include "lightlane/measure/nrz.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/edge_jitter.hpp"
#include "lightlane/measure/eye_histogram.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

constexpr std::size_t grid_cells = 8192;
constexpr int mask_phases = 64;

void check_noise(const char* key, double value) {
  if (!(value >= 0) || !std::isfinite(value))
    throw ConfigError({key, fmt::format("is {}", value), "0 or more", ""});
}

/// Powers at one instant or several, split by the bit that was sent.
struct BitHistograms {
  PowerGrid grid;
  std::array<std::vector<double>, 2> count;  // [bit][cell], each sums to 1
};

BitHistograms histograms_at(const PhaseSampler& sampler, std::span<const std::uint8_t> levels,
                            const PowerGrid& grid, std::span<const double> phases) {
  BitHistograms out{grid, {std::vector<double>(grid.cells), std::vector<double>(grid.cells)}};
  std::array<double, 2> all{};
  std::vector<float> values;
  for (const double phase : phases) {
    sampler.sample(phase, values);
    std::size_t symbol = sampler.first_symbol() % levels.size();
    for (const float value : values) {
      const std::uint8_t bit = levels[symbol];
      if (++symbol == levels.size()) symbol = 0;
      const double at = std::clamp((static_cast<double>(value) - grid.low_w) / grid.width_w - 0.5, 0.0,
                                   static_cast<double>(grid.cells) - 1.000001);
      const std::size_t cell = static_cast<std::size_t>(at);
      const double part = at - static_cast<double>(cell);
      out.count[bit][cell] += 1 - part;
      out.count[bit][cell + 1] += part;
      all[bit] += 1;
    }
  }
  for (std::size_t bit = 0; bit < 2; ++bit) {
    if (all[bit] == 0)
      throw InputError({"pattern", fmt::format("never has level {}", bit), "both levels", ""});
    for (double& count : out.count[bit]) count /= all[bit];
  }
  return out;
}

/// Zeros and ones weighted alike.
double bit_error_ratio(const BitHistograms& h, double threshold, double noise) {
  double errors = 0;
  for (std::size_t bit = 0; bit < 2; ++bit) {
    for (std::size_t cell = 0; cell < h.grid.cells; ++cell) {
      const double count = h.count[bit][cell];
      if (count == 0) continue;
      const double value = h.grid.low_w + (static_cast<double>(cell) + 0.5) * h.grid.width_w;
      const double distance = bit == 1 ? value - threshold : threshold - value;
      errors += count * (noise > 0 ? math::normal_tail(distance / noise) : (distance > 0 ? 0.0 : 1.0));
    }
  }
  return 0.5 * errors;
}

/// The mask's lower side at time x, mirrored for the upper one; 1/2 or more where it has ended.
double mask_bottom(const EyeMask& mask, double x) {
  x = std::min(x, 1 - x);
  if (x < mask.x1) return 1;
  if (x >= mask.x3) return mask.y1;
  const bool inner = x >= mask.x2;
  const double xa = inner ? mask.x2 : mask.x1, ya = inner ? mask.y2 : 0.5, xb = inner ? mask.x3 : mask.x2,
               yb = inner ? mask.y1 : mask.y2;
  return xb > xa ? ya + (x - xa) / (xb - xa) * (yb - ya) : yb;
}

EyeMask grown(const EyeMask& mask, double margin) {
  EyeMask out = mask;
  for (double* c : {&out.x1, &out.x2, &out.x3, &out.y1, &out.y2})
    *c = margin >= 0 ? *c * (1 - margin) : *c - margin * (0.5 - *c);
  out.y3 = mask.y3 * (1 - margin);
  return out;
}

void check(const EyeMask& m) {
  const bool ordered = 0 < m.x1 && m.x1 <= m.x2 && m.x2 <= m.x3 && m.x3 <= 0.5 && 0 < m.y1 && m.y1 <= m.y2 &&
                       m.y2 <= 0.5 && m.y3 > 0;
  if (!ordered) {
    throw ConfigError({"mask", fmt::format("is {}, {}, {}, {}, {}, {}", m.x1, m.x2, m.x3, m.y1, m.y2, m.y3),
                       "0 < X1 <= X2 <= X3 <= 0.5, 0 < Y1 <= Y2 <= 0.5, 0 < Y3", ""});
  }
  if (!(m.hit_ratio >= 0 && m.hit_ratio < 1))
    throw ConfigError({"mask hit ratio", fmt::format("is {}", m.hit_ratio), "0 to below 1", ""});
}

/// An eye one UI wide: at each phase, the share of the traces above each edge of the grid.
class MaskEye {
 public:
  MaskEye(std::span<const float> power, const PhaseSampler& sampler, double crossing_ui, double noise_w)
      : grid_(power_grid(power, noise_w, 1, grid_cells)) {
    TailBuilder builder(grid_, noise_w, 1);
    const std::array<std::uint8_t, 1> any{0};
    std::vector<float> values;
    for (int k = 0; k < mask_phases; ++k) {
      // Eye time x is phase x - 1/2 from the middle, which the crossing has moved; within reach of the
      // sampler.
      double phase = time_of(k) - 0.5 + crossing_ui;
      if (std::abs(phase) > 1) phase -= phase > 0 ? 1 : -1;
      sampler.sample(phase, values);
      builder.build(values, any, 0, tails_[static_cast<std::size_t>(k)]);
    }
  }

  double hit_ratio(const EyeMask& mask, double zero_w, double one_w) const {
    double hits = 0, all = 0;
    const auto at = [&](double amplitude) { return zero_w + amplitude * (one_w - zero_w); };
    for (int k = 0; k < mask_phases; ++k) {
      const PhaseTails& tails = tails_[static_cast<std::size_t>(k)];
      const double low = mask_bottom(mask, time_of(k));
      if (low < 0.5) hits += std::max(0.0, above(tails, at(low)) - above(tails, at(1 - low)));
      hits += above(tails, at(1 + mask.y3)) + tails.symbols[0] - above(tails, at(-mask.y3));
      all += tails.symbols[0];
    }
    return std::max(0.0, hits / all);
  }

 private:
  static double time_of(int k) { return (k + 0.5) / mask_phases; }
  double above(const PhaseTails& tails, double power) const {
    const double place = (power - grid_.low_w) / grid_.width_w;
    if (place <= 0) return tails.symbols[0];
    if (place >= static_cast<double>(grid_.cells)) return 0;
    const std::size_t j = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(j);
    return (1 - part) * tails.above[0][j] + part * tails.above[0][j + 1];
  }

  PowerGrid grid_;
  std::array<PhaseTails, mask_phases> tails_;
};

/// Mean powers of zeros and ones in the middle fifth of the eye.
std::array<double, 2> central_levels(const PhaseSampler& sampler, std::span<const std::uint8_t> levels,
                                     double centre_ui) {
  std::array<double, 2> sum{}, count{};
  std::vector<float> values;
  for (int k = -4; k <= 4; ++k) {
    sampler.sample(std::clamp(centre_ui + 0.025 * k, -1.0, 1.0), values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::uint8_t bit = levels[(sampler.first_symbol() + i) % levels.size()];
      sum[bit] += static_cast<double>(values[i]);
      count[bit] += 1;
    }
  }
  return {sum[0] / count[0], sum[1] / count[1]};
}

}  // namespace

NrzPower measure_nrz_power(std::span<const float> power, std::span<const std::uint8_t> levels,
                           int samples_per_ui) {
  const OmaOuter oma = measure_oma_outer(
      power, levels, samples_per_ui, {.high_level = 1, .low_level = 0, .high_symbols = 5, .low_symbols = 5});
  return {oma.p0_w, oma.p3_w, oma.oma_w, oma.pave_w, oma.er_db};
}

EyeMaskResult measure_eye_mask(std::span<const float> power, std::span<const std::uint8_t> levels,
                               int samples_per_ui, const EyeMask& mask, double noise_w) {
  check(mask);
  check_noise("noise_w", noise_w);
  require_waveform(power, levels, samples_per_ui, 1);
  EyeMaskResult out;
  out.crossing_ui = measure_edge_jitter(power, levels, samples_per_ui).crossing_ui;
  const PhaseSampler sampler(power, samples_per_ui, true);
  const auto level = central_levels(sampler, levels, out.crossing_ui);
  out.zero_w = level[0];
  out.one_w = level[1];
  const MaskEye eye(power, sampler, out.crossing_ui, noise_w);
  const auto ratio = [&](double margin) { return eye.hit_ratio(grown(mask, margin), out.zero_w, out.one_w); };
  out.hit_ratio = ratio(0);
  out.pass = out.hit_ratio <= mask.hit_ratio;
  double low = -1, high = 1;  // a larger mask is hit at least as often
  if (ratio(high) <= mask.hit_ratio) low = high;
  for (int step = 0; step < 40 && low < high; ++step) {
    const double middle = 0.5 * (low + high);
    (ratio(middle) <= mask.hit_ratio ? low : high) = middle;
  }
  out.margin = low;
  return out;
}

NoiseLoadingResult measure_noise_loading(std::span<const float> power, std::span<const std::uint8_t> levels,
                                         int samples_per_ui, const NoiseLoadingConfig& config) {
  if (!(config.offset_ui >= 0 && config.offset_ui + 0.5 * config.window_ui < 0.5 && config.window_ui >= 0)) {
    throw ConfigError({"decision offset",
                       fmt::format("is {} UI, window {} UI", config.offset_ui, config.window_ui),
                       "inside the eye: together below 0.5 UI", ""});
  }
  if (!(config.ber > 0 && config.ber < 0.5))
    throw ConfigError({"ber", fmt::format("is {}", config.ber), "above 0, below 0.5", ""});
  if (!(config.q > 0)) throw ConfigError({"q", fmt::format("is {}", config.q), "above 0", ""});
  check_noise("scope_noise_w", config.scope_noise_w);
  check_noise("noise_w", config.noise_w);
  require_waveform(power, levels, samples_per_ui, 1);
  const NrzPower nrz = measure_nrz_power(power, levels, samples_per_ui);
  const double centre = measure_edge_jitter(power, levels, samples_per_ui).crossing_ui;
  const PhaseSampler sampler(power, samples_per_ui, true);
  const PowerGrid grid = power_grid(power, 0, 1, grid_cells);
  const auto side = [&](double sign) {
    std::vector<double> phases;
    const int half = config.window_ui > 0 ? 2 : 0;
    for (int k = -half; k <= half; ++k) {
      const double phase =
          centre + sign * config.offset_ui + (half > 0 ? config.window_ui * k / (2 * half) : 0.0);
      phases.push_back(std::clamp(phase, -1.0, 1.0));
    }
    return histograms_at(sampler, levels, grid, phases);
  };
  const BitHistograms left = side(-1), right = side(1);
  NoiseLoadingResult out;
  out.oma_w = nrz.oma_w;
  out.pave_w = nrz.pave_w;
  const auto worse = [&](double noise) {
    return std::max(bit_error_ratio(left, nrz.pave_w, noise), bit_error_ratio(right, nrz.pave_w, noise));
  };
  const double own = config.noise_w;
  if (worse(std::max(own, 1e-6 * nrz.oma_w)) > config.ber) {
    out.closed = true;
    return out;
  }
  double low = math::log(1e-6), high = math::log(10.0);  // of the OMA
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    (worse(math::exp(middle) * nrz.oma_w) <= config.ber ? low : high) = middle;
  }
  const double total = math::exp(low) * nrz.oma_w;
  out.ber_left = bit_error_ratio(left, nrz.pave_w, total);
  out.ber_right = bit_error_ratio(right, nrz.pave_w, total);
  out.noise_w =
      std::sqrt(std::max(0.0, total * total - own * own) + config.scope_noise_w * config.scope_noise_w);
  out.closed = !(out.noise_w > 0);
  if (!out.closed) out.penalty_db = math::to_db(nrz.oma_w / (2 * config.q * out.noise_w));
  return out;
}

VecpResult measure_vecp(std::span<const float> power, std::span<const std::uint8_t> levels,
                        int samples_per_ui, const VecpConfig& config) {
  if (!(config.probability >= 0 && config.probability < 0.5)) {
    throw ConfigError({"probability", fmt::format("is {}", config.probability), "0 to below 0.5", ""});
  }
  check_noise("noise_w", config.noise_w);
  require_waveform(power, levels, samples_per_ui, 1);
  VecpResult out;
  out.oma_w = measure_nrz_power(power, levels, samples_per_ui).oma_w;
  const PhaseSampler sampler(power, samples_per_ui, true);
  const PowerGrid grid = power_grid(power, config.noise_w, 1, grid_cells);
  std::vector<float> values;
  sampler.sample(std::clamp(measure_edge_jitter(power, levels, samples_per_ui).crossing_ui, -1.0, 1.0),
                 values);
  TailBuilder builder(grid, config.noise_w, 2);
  PhaseTails tails;
  builder.build(values, levels, sampler.first_symbol(), tails);
  // The lowest edge that at most p of the zeros exceed, the highest that at most p of the ones fall short of.
  std::size_t top_of_zeros = 0, bottom_of_ones = grid.cells;
  while (top_of_zeros < grid.cells && tails.above[0][top_of_zeros] > config.probability * tails.symbols[0])
    ++top_of_zeros;
  while (bottom_of_ones > 0 && tails.below[1][bottom_of_ones] > config.probability * tails.symbols[1])
    --bottom_of_ones;
  out.opening_w = grid.edge(bottom_of_ones) - grid.edge(top_of_zeros);
  out.closed = !(out.opening_w > 0);
  if (!out.closed) out.vecp_db = math::to_db(out.oma_w / out.opening_w);
  return out;
}

}  // namespace lightlane::measure

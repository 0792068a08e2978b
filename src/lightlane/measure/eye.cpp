#include "lightlane/measure/eye.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/measure/eye_histogram.hpp"
#include "lightlane/measure/oma.hpp"
#include "lightlane/measure/waveform_filter.hpp"

namespace lightlane::measure {
namespace {

constexpr std::size_t least_cells = 4096;

void check(const EyeConfig& config) {
  const auto refuse = [](const char* key, auto value, const char* allowed) {
    throw ConfigError({fmt::format("eye.{}", key), fmt::format("is {}", value), allowed, ""});
  };
  if (config.samples_per_ui < 3 || config.samples_per_ui > 4096)
    refuse("samples_per_ui", config.samples_per_ui, "3 to 4096");
  if (!(config.noise_w >= 0) || !std::isfinite(config.noise_w))
    refuse("noise_w", config.noise_w, "0 or more");
  if (config.columns_per_ui < 4 || config.columns_per_ui > 1024)
    refuse("columns_per_ui", config.columns_per_ui, "4 to 1024");
  if (config.rows < 4 || config.rows > 4096) refuse("rows", config.rows, "4 to 4096");
  if (config.ui != 1 && config.ui != 2) refuse("ui", config.ui, "1, 2");
  const auto check_probability = [&](const char* key, double p) {
    if (!(p > 0 && p < 0.5)) refuse(key, p, "above 0, below 0.5");
  };
  check_probability("probability", config.probability);
  for (const double p : config.contours) check_probability("contours", p);
}

/// Error ratio of each sub-eye's slicer, by phase and edge of the grid.
struct ErrorMap {
  PowerGrid grid;
  std::size_t columns = 0, eyes = 0;
  double step_ui = 0;
  std::vector<double> ratio;  // [column][eye][edge]
  double phase(std::size_t column) const { return -1 + step_ui * static_cast<double>(column); }
  std::span<const double> at(std::size_t column, std::size_t eye) const {
    return std::span(ratio).subspan((column * eyes + eye) * (grid.cells + 1), grid.cells + 1);
  }
};

struct Interval {
  bool open = false;
  double low = 0, high = 0,
         best = 0;  // best: the threshold with the least errors, the middle of a flat bottom
  double least = 1;
};

/// Where between a good and a bad edge the error ratio is p: by its logarithm where it has one.
double crossing(double good_at, double good, double bad_at, double bad, double p) {
  if (!(good > 0)) return good_at;
  const double part = math::log(p / good) / math::log(bad / good);
  return good_at + std::clamp(part, 0.0, 1.0) * (bad_at - good_at);
}

Interval interval_of(std::span<const double> ratio, const PowerGrid& grid, double p) {
  Interval out;
  std::size_t first = 0;
  for (std::size_t j = 1; j < ratio.size(); ++j) {
    if (ratio[j] < ratio[first]) first = j;
  }
  std::size_t last = first;
  while (last + 1 < ratio.size() && ratio[last + 1] == ratio[first]) ++last;
  out.least = ratio[first];
  out.best = 0.5 * (grid.edge(first) + grid.edge(last));
  if (!(out.least <= p)) return out;
  out.open = true;
  std::size_t low = first, high = last;
  while (low > 0 && ratio[low - 1] <= p) --low;
  while (high + 1 < ratio.size() && ratio[high + 1] <= p) ++high;
  out.low =
      low > 0 ? crossing(grid.edge(low), ratio[low], grid.edge(low - 1), ratio[low - 1], p) : grid.edge(low);
  out.high = high + 1 < ratio.size()
                 ? crossing(grid.edge(high), ratio[high], grid.edge(high + 1), ratio[high + 1], p)
                 : grid.edge(high);
  return out;
}

double ratio_at(std::span<const double> ratio, const PowerGrid& grid, double threshold) {
  const double at =
      std::clamp((threshold - grid.low_w) / grid.width_w, 0.0, static_cast<double>(grid.cells) - 1e-9);
  const std::size_t j = static_cast<std::size_t>(at);
  const double part = at - static_cast<double>(j), a = ratio[j], b = ratio[j + 1];
  if (a > 0 && b > 0) return a * math::exp(part * math::log(b / a));
  return a + part * (b - a);
}

/// Phases, tails, density: one column after the other, each on its own.
class EyeMeasurement {
 public:
  EyeMeasurement(std::span<const float> power, std::span<const std::uint8_t> levels, const EyeConfig& config)
      : config_(config),
        levels_(levels),
        sampler_(power, config.samples_per_ui, config.cyclic),
        level_count_(config.modulation == signal::Modulation::pam4 ? 4 : 2) {
    map_.grid = power_grid(power, config.noise_w, static_cast<std::size_t>(config.rows), least_cells);
    map_.columns = 2 * static_cast<std::size_t>(config.columns_per_ui);
    map_.eyes = level_count_ - 1;
    map_.step_ui = 1.0 / config.columns_per_ui;
    map_.ratio.resize(map_.columns * map_.eyes * (map_.grid.cells + 1));
    start_density();
  }

  EyeResult run() {
    const std::size_t blocks = std::min<std::size_t>(map_.columns, 16);
    parallel_for(blocks, [&](std::size_t b) {
      TailBuilder builder(map_.grid, config_.noise_w, level_count_);
      PhaseTails tails;
      std::vector<float> values;
      for (std::size_t c = b * map_.columns / blocks; c < (b + 1) * map_.columns / blocks; ++c) {
        sampler_.sample(map_.phase(c), values);
        builder.build(values, levels_, sampler_.first_symbol(), tails);
        fill_column(c, tails);
      }
    });
    out_.symbols = sampler_.symbols();
    find_centre();
    measure_levels();
    for (std::size_t e = 0; e < map_.eyes; ++e) measure_eye(e);
    for (const SubEye& eye : out_.eyes) out_.ser += eye.error_ratio;
    out_.ber = config_.modulation == signal::Modulation::pam4 ? out_.ser / 2 : out_.ser;
    add_contours(config_.probability);
    for (const double p : config_.contours) add_contours(p);
    return std::move(out_);
  }

 private:
  void start_density() {
    EyeDensity& d = out_.density;
    d.rows = static_cast<std::size_t>(config_.rows);
    d.columns = static_cast<std::size_t>(config_.ui * config_.columns_per_ui);
    d.first_ui = map_.phase((map_.columns - d.columns) / 2);
    d.step_ui = map_.step_ui;
    d.low_w = map_.grid.low_w;
    d.high_w = map_.grid.edge(map_.grid.cells);
    d.share.assign(d.rows * d.columns, 0.0f);
  }

  void fill_column(std::size_t column, const PhaseTails& tails) {
    const std::size_t edges = map_.grid.cells + 1;
    double all = 0;
    for (const double n : tails.symbols) all += n;
    for (std::size_t e = 0; e < map_.eyes; ++e) {
      double* ratio = map_.ratio.data() + (column * map_.eyes + e) * edges;
      std::fill_n(ratio, edges, 0.0);
      for (std::size_t c = 0; c < level_count_; ++c) {
        const std::vector<double>& wrong = c <= e ? tails.above[c] : tails.below[c];
        for (std::size_t j = 0; j < edges; ++j) ratio[j] += wrong[j];
      }
      for (std::size_t j = 0; j < edges; ++j) ratio[j] /= all;
    }
    fill_density(column, tails, all);
  }

  void fill_density(std::size_t column, const PhaseTails& tails, double all) {
    EyeDensity& d = out_.density;
    const std::size_t skip = (map_.columns - d.columns) / 2;
    if (column < skip || column >= skip + d.columns) return;
    const std::size_t per_row = map_.grid.cells / d.rows;
    for (std::size_t r = 0; r < d.rows; ++r) {
      double share = 0;
      for (std::size_t c = 0; c < level_count_; ++c)
        share += tails.above[c][r * per_row] - tails.above[c][(r + 1) * per_row];
      d.share[r * d.columns + (column - skip)] = static_cast<float>(std::max(0.0, share / all));
    }
  }

  /// The phase whose smallest opening is the largest (closed: whose errors are the fewest); the middle of
  /// equals.
  void find_centre() {
    std::vector<double> merit(map_.columns);
    for (std::size_t c = 0; c < map_.columns; ++c) {
      double smallest = 1e300, errors = 0;
      for (std::size_t e = 0; e < map_.eyes; ++e) {
        const Interval interval = interval_of(map_.at(c, e), map_.grid, config_.probability);
        smallest = std::min(smallest, interval.open ? interval.high - interval.low : 0.0);
        errors += interval.least;
      }
      merit[c] = smallest > 0 ? smallest / map_.grid.width_w : -errors;
    }
    // Openings are as fine as the grid: within a tenth of a cell (without noise, a cell) they are the same.
    const double best = *std::max_element(merit.begin(), merit.end());
    const double slack = best > 0 ? (config_.noise_w > 0 ? 0.1 : 1.0) : 0.0;
    // Of several equally good stretches, the one about the symbol's centre.
    std::size_t centre = map_.columns / 2, nearest = map_.columns;
    for (std::size_t c = 0; c < map_.columns; ++c) {
      const std::size_t away = c > centre ? c - centre : centre - c;
      if (merit[c] >= best - slack &&
          (nearest == map_.columns || away < (nearest > centre ? nearest - centre : centre - nearest)))
        nearest = c;
    }
    std::size_t first = nearest, last = nearest;
    while (first > 0 && merit[first - 1] >= best - slack) --first;
    while (last + 1 < map_.columns && merit[last + 1] >= best - slack) ++last;
    column_ = (first + last) / 2;
    out_.centre_ui = map_.phase(column_);
  }

  void measure_levels() {
    std::vector<float> values;
    sampler_.sample(out_.centre_ui, values);
    std::vector<double> count(level_count_), sum(level_count_), square(level_count_);
    const auto each = [&](auto&& take) {
      std::size_t symbol = sampler_.first_symbol() % levels_.size();
      for (const float value : values) {
        take(levels_[symbol], static_cast<double>(value));
        if (++symbol == levels_.size()) symbol = 0;
      }
    };
    each([&](std::uint8_t level, double value) {
      count[level] += 1;
      sum[level] += value;
    });
    for (std::size_t c = 0; c < level_count_; ++c) {
      if (count[c] == 0)
        throw InputError({"pattern", fmt::format("never has level {}", c), "every level", ""});
      out_.level_w.push_back(sum[c] / count[c]);
    }
    each([&](std::uint8_t level, double value) {
      square[level] += (value - out_.level_w[level]) * (value - out_.level_w[level]);
    });
    for (std::size_t c = 0; c < level_count_; ++c) {
      out_.level_rms_w.push_back(std::sqrt(square[c] / count[c] + config_.noise_w * config_.noise_w));
    }
    if (level_count_ == 4 && std::is_sorted(out_.level_w.begin(), out_.level_w.end()) &&
        out_.level_w[0] < out_.level_w[3]) {
      out_.rlm_120d = level_mismatch_120d(out_.level_w);
      out_.rlm_94 = level_mismatch_94(out_.level_w);
    }
  }

  void measure_eye(std::size_t e) {
    const Interval interval = interval_of(map_.at(column_, e), map_.grid, config_.probability);
    SubEye eye;
    eye.open = interval.open;
    eye.threshold_w = interval.open ? 0.5 * (interval.low + interval.high) : interval.best;
    Bathtub horizontal{static_cast<int>(e), {}, {}}, vertical{static_cast<int>(e), {}, {}};
    for (std::size_t c = 0; c < map_.columns; ++c) {
      horizontal.at.push_back(map_.phase(c));
      horizontal.error_ratio.push_back(ratio_at(map_.at(c, e), map_.grid, eye.threshold_w));
    }
    const std::span<const double> ratio = map_.at(column_, e);
    const std::size_t per_row = map_.grid.cells / static_cast<std::size_t>(config_.rows);
    for (std::size_t j = 0; j <= map_.grid.cells; j += per_row) {
      vertical.at.push_back(map_.grid.edge(j));
      vertical.error_ratio.push_back(ratio[j]);
    }
    eye.error_ratio = horizontal.error_ratio[column_];
    if (eye.open) {
      eye.low_w = interval.low;
      eye.high_w = interval.high;
      eye.height_w = interval.high - interval.low;
      measure_width(horizontal, eye);
    }
    out_.eyes.push_back(eye);
    out_.horizontal.push_back(std::move(horizontal));
    out_.vertical.push_back(std::move(vertical));
  }

  void measure_width(const Bathtub& tub, SubEye& eye) const {
    const double p = config_.probability;
    std::size_t left = column_, right = column_;
    while (left > 0 && tub.error_ratio[left - 1] <= p) --left;
    while (right + 1 < map_.columns && tub.error_ratio[right + 1] <= p) ++right;
    eye.left_ui = left > 0 ? crossing(tub.at[left], tub.error_ratio[left], tub.at[left - 1],
                                      tub.error_ratio[left - 1], p)
                           : tub.at[left];
    eye.right_ui = right + 1 < map_.columns ? crossing(tub.at[right], tub.error_ratio[right],
                                                       tub.at[right + 1], tub.error_ratio[right + 1], p)
                                            : tub.at[right];
    eye.width_ui = eye.right_ui - eye.left_ui;
  }

  void add_contours(double p) {
    for (std::size_t e = 0; e < map_.eyes; ++e) {
      EyeContour contour{static_cast<int>(e), p, {}};
      for (std::size_t c = 0; c < map_.columns; ++c) {
        const Interval interval = interval_of(map_.at(c, e), map_.grid, p);
        if (interval.open) contour.openings.push_back({map_.phase(c), interval.low, interval.high});
      }
      out_.contours.push_back(std::move(contour));
    }
  }

  const EyeConfig& config_;
  std::span<const std::uint8_t> levels_;
  PhaseSampler sampler_;
  std::size_t level_count_;
  ErrorMap map_;
  EyeResult out_;
  std::size_t column_ = 0;  // of the centre
};

}  // namespace

EyeResult measure_eye(std::span<const float> power, std::span<const std::uint8_t> levels,
                      const EyeConfig& config) {
  check(config);
  const std::size_t m = static_cast<std::size_t>(config.samples_per_ui);
  if (!config.cyclic && levels.size() * m <= power.size()) power = power.first(levels.size() * m);
  require_waveform(power, levels, config.samples_per_ui,
                   config.modulation == signal::Modulation::pam4 ? 3 : 1);
  return EyeMeasurement(power, levels, config).run();
}

double level_mismatch_120d(std::span<const double> v) {
  LIGHTLANE_ASSERT(v.size() == 4);
  const double middle = 0.5 * (v[0] + v[3]), es1 = (v[1] - middle) / (v[0] - middle),
               es2 = (v[2] - middle) / (v[3] - middle);
  return std::min({3 * es1, 3 * es2, 2 - 3 * es1, 2 - 3 * es2});
}

double level_mismatch_94(std::span<const double> v) {
  LIGHTLANE_ASSERT(v.size() == 4);
  return 3 * std::min({v[1] - v[0], v[2] - v[1], v[3] - v[2]}) / (v[3] - v[0]);
}

}  // namespace lightlane::measure

#include "lightlane/measure/tdecq_causes.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::measure {
namespace {

using Row = std::vector<float>;
using Rows = std::array<std::vector<Row>, 2>;  // [left, right][node]

constexpr int reach = 8;  ///< symbols to either side that the linear fit knows
constexpr std::size_t enough_periods = 4;

Rows equalise(const TdecqHistogram& histogram, const std::vector<double>& taps, int lead,
              const TdecqKernels& kernels) {
  std::vector<float> weight(taps.begin(), taps.end());
  Rows out;
  for (int side = 0; side < 2; ++side) {
    for (std::size_t r = 0; r < histogram.rows(side); ++r) {
      const SampleRow row = histogram.row(side, r, histogram.blocks().front());
      std::vector<const float*> inputs;
      for (std::size_t j = 0; j < taps.size(); ++j) inputs.push_back(row.x + lead - static_cast<int>(j));
      Row y(row.count);
      kernels.interpolate(inputs.data(), weight.data(), static_cast<int>(weight.size()), y.data(), y.size());
      out[static_cast<std::size_t>(side)].push_back(std::move(y));
    }
  }
  return out;
}

/// The part of a row that the levels around each symbol explain.
class PatternFit {
 public:
  PatternFit(const LevelRow& levels, int lag, const TdecqKernels& kernels)
      : targets_(levels.targets() - lag),
        octets_(levels.octets(lag)),
        symbols_(levels.symbols()),
        kernels_(kernels) {
    constexpr std::size_t size = 2 * reach + 1;
    math::SquareMatrix normal(size);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        normal(i, j) = normal(j, i) =
            kernels.dot(targets_ + static_cast<std::ptrdiff_t>(i) - reach,
                        targets_ + static_cast<std::ptrdiff_t>(j) - reach, symbols_);
      }
    }
    normal_ = std::move(normal);
  }

  /// None for a pattern too short or too regular to tell its symbols apart.
  std::optional<Row> predict(const Row& y) const {
    constexpr std::size_t size = 2 * reach + 1;
    std::vector<double> right(size);
    for (std::size_t i = 0; i < size; ++i) {
      right[i] = kernels_.dot(targets_ + static_cast<std::ptrdiff_t>(i) - reach, y.data(), symbols_);
    }
    const auto solution = math::solve_spd(normal_, right);
    if (!solution) return std::nullopt;
    std::array<const float*, size> inputs{};
    std::array<float, size> weight{};
    for (std::size_t i = 0; i < size; ++i) {
      inputs[i] = targets_ + static_cast<std::ptrdiff_t>(i) - reach;
      weight[i] = static_cast<float>((*solution)[i]);
    }
    Row fit(symbols_);
    kernels_.interpolate(inputs.data(), weight.data(), static_cast<int>(size), fit.data(), symbols_);
    add_neighbourhoods(y, fit);
    return fit;
  }

 private:
  /// Adds the mean of what the fit leaves, for each neighbourhood of three symbols.
  void add_neighbourhoods(const Row& y, Row& fit) const {
    std::array<double, 64> sum{};
    std::array<double, 64> count{};
    std::vector<std::uint8_t> place(symbols_);
    for (std::size_t n = 0; n < symbols_; ++n) {
      const std::size_t before = n > 0 ? n - 1 : symbols_ - 1, after = n + 1 < symbols_ ? n + 1 : 0;
      place[n] = static_cast<std::uint8_t>(octets_[before] * 16 + octets_[n] * 4 + octets_[after]);
      sum[place[n]] += static_cast<double>(y[n]) - static_cast<double>(fit[n]);
      count[place[n]] += 1;
    }
    for (std::size_t p = 0; p < sum.size(); ++p) sum[p] = count[p] > 0 ? sum[p] / count[p] : 0;
    for (std::size_t n = 0; n < symbols_; ++n) fit[n] += static_cast<float>(sum[place[n]]);
  }

  const float* targets_;
  const std::uint8_t* octets_;
  std::size_t symbols_;
  const TdecqKernels& kernels_;
  math::SquareMatrix normal_;
};

Row period_mean(const Row& y, std::size_t periods) {
  const std::size_t period = y.size() / periods;
  Row out(y.size());
  for (std::size_t n = 0; n < period; ++n) {
    double sum = 0;
    for (std::size_t p = 0; p < periods; ++p) sum += y[p * period + n];
    for (std::size_t p = 0; p < periods; ++p)
      out[p * period + n] = static_cast<float>(sum / static_cast<double>(periods));
  }
  return out;
}

Rows repeating_part(const Rows& y, const LevelRow& levels, int lag, std::size_t periods,
                    const TdecqKernels& kernels) {
  const PatternFit fit(levels, lag, kernels);
  Rows out = y;
  for (auto& side : out) {
    for (Row& row : side) {
      if (periods >= enough_periods) {
        row = period_mean(row, periods);
      } else if (auto predicted = fit.predict(row)) {
        row = std::move(*predicted);
      } else {
        row = period_mean(row, periods);
      }
    }
  }
  return out;
}

std::array<double, 4> level_means(const Rows& y, const std::uint8_t* level) {
  std::array<double, 4> sum{}, count{};
  for (const auto& side : y) {
    for (const Row& row : side) {
      for (std::size_t n = 0; n < row.size(); ++n) {
        sum[level[n]] += row[n];
        count[level[n]] += 1;
      }
    }
  }
  for (std::size_t a = 0; a < 4; ++a) sum[a] = count[a] > 0 ? sum[a] / count[a] : 0;
  return sum;
}

/// out = change(equalised, repeating, level).
template <class Change>
Rows changed(const Rows& y, const Rows& repeating, const std::uint8_t* level, Change change) {
  Rows out = y;
  for (std::size_t side = 0; side < 2; ++side) {
    for (std::size_t r = 0; r < y[side].size(); ++r) {
      for (std::size_t n = 0; n < y[side][r].size(); ++n) {
        out[side][r][n] = static_cast<float>(change(y[side][r][n], repeating[side][r][n], level[n]));
      }
    }
  }
  return out;
}

}  // namespace

TdecqParts find_causes(const TdecqSearch& task, const TdecqFound& found, std::size_t periods, double tdecq_db,
                       double scope_noise) {
  std::vector<float> storage, storage_of_parts;
  const TdecqHistogram histogram(task.grid, task.levels, found.phase_ui,
                                 gauss_nodes(task.spacing_ui, task.width_ui), found.lag, 1, task.kernels,
                                 storage);
  const std::vector<double> taps = unit_taps(found.optimum.point);
  const double gain = noise_gain(taps, found.rules.noise);
  const std::uint8_t* const level = task.levels.octets(found.lag);
  const Rows y = equalise(histogram, taps, found.rules.main, task.kernels);
  const Rows repeating = repeating_part(y, task.levels, found.lag, periods, task.kernels);

  TdecqParts out;
  out.level = level_means(y, level);
  EqualizerRules alone;  // the samples are equalised
  alone.taps = 1;
  alone.target_ser = found.rules.target_ser;
  alone.noise = math::SquareMatrix(1);
  alone.noise(0, 0) = 1.0;
  const auto total_noise = [&](const Rows& rows, const std::array<double, 3>& thresholds) {
    alone.threshold = thresholds;
    const TdecqHistogram samples(rows[0], rows[1], task.levels, found.lag, task.kernels, storage_of_parts);
    const double noise = largest_noise(samples, alone, start_of({1.0}, alone), true, 1e-5).noise / gain;
    return std::sqrt(noise * noise + scope_noise * scope_noise);
  };
  const std::array<double, 3> used = unit_thresholds(found.optimum.point), nominal = task.rules.threshold;
  const double base = total_noise(y, used);
  const auto lost = [&](const Rows& rows, const std::array<double, 3>& thresholds) {
    const double noise = total_noise(rows, thresholds);
    return noise > 0 && base > 0 ? math::to_db(noise / base) : 0.0;
  };
  // Linear interference draws the levels' means together, alike: what is left of the outer step is its doing,
  // how the inner levels then lie is the nonlinearity's.
  const double outer = out.level[3] - out.level[0], middle = 0.5 * (out.level[3] + out.level[0]);
  const auto mean = [&](int l) { return out.level[static_cast<std::size_t>(l)]; };
  const auto steady = [&](int l) { return middle + (mean(l) - middle) / outer; };
  const auto even = [&](int l) { return outer * (2.0 * l - 3.0) / 6.0; };
  out.causes.isi_db = lost(
      changed(y, repeating, level, [&](double a, double b, int l) { return steady(l) + (a - b); }), used);
  out.causes.noise_db = lost(repeating, used);
  out.causes.nonlinearity_db = lost(
      changed(y, repeating, level, [&](double a, double, int l) { return a - mean(l) + even(l); }), nominal);
  out.causes.noise_enhancement_db = math::to_db(gain);
  out.causes.interaction_db = tdecq_db - out.causes.isi_db - out.causes.noise_db -
                              out.causes.nonlinearity_db - out.causes.noise_enhancement_db;
  return out;
}

}  // namespace lightlane::measure

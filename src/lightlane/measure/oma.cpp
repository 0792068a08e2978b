#include "lightlane/measure/oma.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::measure {
namespace {

struct Runs {
  std::vector<std::size_t> starts;  ///< symbol that begins the run
  std::vector<int> lengths;
};

/// Cyclic runs of `level` of `symbols` symbols; of more than that where there is none so long.
Runs find_runs(std::span<const std::uint8_t> levels, std::uint8_t level, int symbols) {
  const std::size_t n = levels.size();
  std::size_t begin = 0;
  while (begin < n && levels[begin] == level) ++begin;  // any symbol that is no part of a run
  Runs exact, longer;
  std::size_t length = 0;
  for (std::size_t k = 1; k <= n && begin < n; ++k) {
    const std::size_t i = (begin + k) % n;
    if (levels[i] == level) {
      ++length;
      continue;
    }
    if (length >= static_cast<std::size_t>(symbols)) {
      Runs& runs = length == static_cast<std::size_t>(symbols) ? exact : longer;
      runs.starts.push_back((i + n - length) % n);
      runs.lengths.push_back(static_cast<int>(length));
    }
    length = 0;
  }
  return exact.starts.empty() ? longer : exact;
}

/// Mean over the 2 UI about the middle of a run: each sample stands for the time half a sample to either side
/// of it.
double central_mean(std::span<const float> power, std::size_t first_sample, int run_symbols,
                    int samples_per_ui) {
  const double middle = 0.5 * run_symbols * samples_per_ui, low = middle - samples_per_ui,
               high = middle + samples_per_ui;
  double sum = 0, weights = 0;
  for (auto i = static_cast<std::size_t>(std::floor(low)); static_cast<double>(i) <= high; ++i) {
    const double at = static_cast<double>(i);
    const double weight = std::max(0.0, std::min(high, at + 0.5) - std::max(low, at - 0.5));
    sum += weight * power[(first_sample + i) % power.size()];
    weights += weight;
  }
  return sum / weights;
}

double level_power(std::span<const float> power, std::span<const std::uint8_t> levels, int samples_per_ui,
                   std::uint8_t level, int symbols, std::size_t& count) {
  const Runs runs = find_runs(levels, level, symbols);
  if (runs.starts.empty()) {
    throw InputError({"pattern", fmt::format("has no run of {} or more symbols of level {}", symbols, level),
                      "PRBS13Q, SSPRQ or another pattern with such runs", "802.3 121.8.4"});
  }
  double sum = 0;
  const auto m = static_cast<std::size_t>(samples_per_ui);
  for (std::size_t base = 0; base < power.size(); base += levels.size() * m) {
    for (std::size_t r = 0; r < runs.starts.size(); ++r) {
      sum += central_mean(power, base + runs.starts[r] * m, runs.lengths[r], samples_per_ui);
      ++count;
    }
  }
  return sum / static_cast<double>(count);
}

}  // namespace

void require_waveform(std::span<const float> power, std::span<const std::uint8_t> levels, int samples_per_ui,
                      int highest_level) {
  if (samples_per_ui < 1) {
    throw ConfigError({"samples_per_ui", fmt::format("is {}", samples_per_ui), "1 or more", ""});
  }
  if (levels.empty()) throw InputError({"pattern", "is empty", "", ""});
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels[i] > highest_level) {
      throw InputError({"pattern", fmt::format("has level {} at symbol {}", levels[i], i),
                        fmt::format("0 to {}", highest_level), ""});
    }
  }
  const std::size_t period = levels.size() * static_cast<std::size_t>(samples_per_ui);
  if (power.empty() || power.size() % period != 0) {
    throw InputError({"waveform", fmt::format("has {} samples", power.size()),
                      fmt::format("a whole number of periods of {} x {} = {} samples", levels.size(),
                                  samples_per_ui, period),
                      ""});
  }
  bool constant = true;
  for (std::size_t i = 0; i < power.size(); ++i) {
    if (!std::isfinite(power[i])) {
      throw InputError({"waveform", fmt::format("is {} at sample {}", power[i], i), "finite numbers", ""});
    }
    constant = constant && power[i] == power[0];
  }
  if (constant) throw InputError({"waveform", fmt::format("is constant: {} W", power[0]), "", ""});
}

OmaOuter measure_oma_outer(std::span<const float> power, std::span<const std::uint8_t> levels,
                           int samples_per_ui, const OuterRuns& runs) {
  require_waveform(power, levels, samples_per_ui, std::max(runs.high_level, runs.low_level));
  for (const int symbols : {runs.high_symbols, runs.low_symbols}) {
    if (symbols < 3 || symbols > 100) {
      throw ConfigError({"runs", fmt::format("of {} symbols", symbols), "3 to 100", ""});
    }
  }
  OmaOuter out;
  out.p3_w = level_power(power, levels, samples_per_ui, runs.high_level, runs.high_symbols, out.high_runs);
  out.p0_w = level_power(power, levels, samples_per_ui, runs.low_level, runs.low_symbols, out.low_runs);
  out.oma_w = out.p3_w - out.p0_w;
  double sum = 0;
  for (const float p : power) sum += p;
  out.pave_w = sum / static_cast<double>(power.size());
  if (!(out.oma_w > 0)) {
    throw InputError(
        {"waveform",
         fmt::format("is not brighter in runs of level {} ({:.4g} W) than in runs of level {} ({:.4g} W)",
                     runs.high_level, out.p3_w, runs.low_level, out.p0_w),
         "", "pattern not aligned with the waveform, or inverted"});
  }
  out.er_db = out.p0_w > 0 ? math::to_db(out.p3_w / out.p0_w) : std::numeric_limits<double>::infinity();
  return out;
}

namespace {

/// The value that `rank` of the samples exceed: element `rank` in descending order. sign -1 turns the order
/// round.
float ranked(std::span<const float> power, std::size_t rank, float sign) {
  std::vector<float> kept;
  constexpr std::size_t stride = 61;  // odd: every phase of the UI is in the draw
  if (power.size() > 64 * stride) {
    for (std::size_t i = 0; i < power.size(); i += stride) kept.push_back(sign * power[i]);
    // A draw's quantile of a little more than the rank's share leaves few samples to be sorted.
    const std::size_t draw = std::min(kept.size() - 1, rank * 5 / (4 * stride) + 64);
    std::nth_element(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(draw), kept.end(),
                     std::greater<>());
    const float least = kept[draw];
    kept.clear();
    for (const float p : power) {
      if (sign * p >= least) kept.push_back(sign * p);
    }
  }
  if (kept.size() <= rank) {
    kept.clear();
    for (const float p : power) kept.push_back(sign * p);
  }
  std::nth_element(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(rank), kept.end(),
                   std::greater<>());
  return sign * kept[rank];
}

}  // namespace

PowerExcursion measure_power_excursion(std::span<const float> power, const OmaOuter& oma, double hit_ratio) {
  if (!(hit_ratio > 0 && hit_ratio < 0.5)) {
    throw ConfigError({"hit_ratio", fmt::format("is {}", hit_ratio), "above 0, below 0.5", ""});
  }
  if (power.empty()) throw InputError({"waveform", "is empty", "", ""});
  const auto rank = static_cast<std::size_t>(hit_ratio * static_cast<double>(power.size()));
  PowerExcursion out;
  out.p_max_w = ranked(power, rank, 1.0f);
  out.p_min_w = ranked(power, rank, -1.0f);
  out.overshoot_pct = 100.0 * (out.p_max_w - oma.p3_w) / oma.oma_w;
  out.undershoot_pct = 100.0 * (oma.p0_w - out.p_min_w) / oma.oma_w;
  out.excursion_w = std::max(out.p_max_w - oma.pave_w, oma.pave_w - out.p_min_w);
  return out;
}

}  // namespace lightlane::measure

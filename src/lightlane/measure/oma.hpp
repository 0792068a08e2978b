#pragma once
/// Outer optical modulation amplitude, average power and extinction ratio of a patterned waveform (802.3
/// 121.8.4).

#include <cstddef>
#include <cstdint>
#include <span>

namespace lightlane::measure {

/// Which runs carry the outer levels. PAM4: seven threes, six zeros: PRBS13Q holds one of each, SSPRQ 16
/// and 20.
struct OuterRuns {
  std::uint8_t high_level = 3, low_level = 0;
  int high_symbols = 7, low_symbols = 6;  ///< 3 to 100
};

struct OmaOuter {
  double p0_w = 0, p3_w = 0;                ///< means over the central 2 UI of the runs
  double oma_w = 0;                         ///< p3 - p0; above 0
  double pave_w = 0;                        ///< mean of all samples
  double er_db = 0;                         ///< 10 log10(p3 / p0); +infinity where p0 is not above 0
  std::size_t high_runs = 0, low_runs = 0;  ///< runs averaged, over all periods
};

/// `power` [W] behind the reference filter, cyclic, one or more periods of `levels`: level i of a period
/// belongs to its samples [i M, (i + 1) M), M = samples_per_ui (1 or more), and its centre is sample i M + M
/// / 2. Runs of exactly the asked length are averaged; where the pattern has none, all longer ones. The
/// central 2 UI are taken symmetrically about the run's middle: a sample on the edge counts half. Throws
/// InputError naming what is wrong: see require_waveform(); a pattern without such runs; threes that are not
/// brighter than zeros (pattern not aligned, or inverted). O(samples).
OmaOuter measure_oma_outer(std::span<const float> power, std::span<const std::uint8_t> levels,
                           int samples_per_ui, const OuterRuns& runs = {});

/// Overshoot, undershoot and transmitter power excursion (802.3cu): of the unequalised eye behind the
/// reference filter, all samples of it.
struct PowerExcursion {
  double p_max_w = 0;         ///< smallest power with no more than the hit ratio of all samples above it
  double p_min_w = 0;         ///< largest power with no more than the hit ratio below it
  double overshoot_pct = 0;   ///< 100 (p_max - p3) / oma
  double undershoot_pct = 0;  ///< 100 (p0 - p_min) / oma
  double excursion_w = 0;     ///< larger of p_max - pave and pave - p_min
};
/// `hit_ratio` in (0, 0.5); 802.3cu: 1e-2. Exact order statistics, O(samples). Throws ConfigError for the
/// ratio, InputError for an empty waveform.
PowerExcursion measure_power_excursion(std::span<const float> power, const OmaOuter& oma,
                                       double hit_ratio = 1e-2);

/// Throws ConfigError for samples_per_ui below 1, InputError for a waveform that no measurement can take:
/// empty, not a whole number of periods of the pattern, a sample that is not finite (with its index),
/// constant; a level above `highest_level`.
void require_waveform(std::span<const float> power, std::span<const std::uint8_t> levels, int samples_per_ui,
                      int highest_level = 3);

}  // namespace lightlane::measure

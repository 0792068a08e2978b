#pragma once
/// Where a history of readings goes: slope by Theil and Sen, which a few wild readings do not move, with its
/// confidence interval; steps; and when a threshold is reached if it goes on like that.

#include <optional>
#include <span>

#include "lightlane/plan/diagnosis/readings.hpp"

namespace lightlane::plan {

/// One series. Of bit error ratios everything is in decades (log10); powers are in dB.
struct ReadingTrend {
  std::size_t samples = 0;     ///< that it rests on: those behind the step, where there is one
  double span_days = 0;        ///< that they cover
  double first = 0, last = 0;  ///< fitted, at the beginning and end
  double slope_per_day = 0, slope_low = 0, slope_high = 0;  ///< 95 % interval
  bool significant = false;  ///< the interval does not hold 0, and the change is more than the noise
  double noise = 0;          ///< robust standard deviation about the line

  std::optional<double> step;         ///< after less before; none: no step
  std::optional<double> step_time_s;  ///< of the first sample behind it
  double before_step = 0;             ///< median before it

  double change() const noexcept { return last - first; }
};

/// None with fewer than five samples, or all at one time. Sorted by time here; of samples at one time the
/// last counts. Beyond 200 samples, medians of equal stretches are taken.
std::optional<ReadingTrend> trend_of(const ReadingSeries& series);

/// Days from the last sample until `threshold` is crossed, by the slope, and by the ends of its interval;
/// none where it moves away, or is beyond already.
struct TimeToThreshold {
  double days = 0;
  std::optional<double> soonest_days, latest_days;
};
std::optional<TimeToThreshold> days_to(const ReadingTrend& trend, double threshold) noexcept;

}  // namespace lightlane::plan

#pragma once
/// Charts of light: error ratio against power, what makes TDECQ, taps, training, what breaks first. As all
/// charts they only show what also stands in a table.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lightlane/math/statistics.hpp"

namespace lightlane::cli::html {

/// One lane's bit error ratio over the OMA it receives, and where this link stands on it.
struct BerCurve {
  std::string label;                              ///< "lane 0"
  std::vector<std::pair<double, double>> points;  ///< OMA [dBm], bit error ratio
  double oma_dbm = 0, expected = 0;               ///< this link
  double sensitivity_dbm = 0, margin_db = 0;
  bool counted = false;  ///< traffic went through
  double ber = 0;        ///< what was counted
  math::RateInterval interval;
};
/// Curves over the Q scale, on which Gaussian noise makes straight lines. The margin of `curves[worst]` is
/// drawn as an arrow along the target. What is expected below 1e-60 is an arrow at that edge. At least one
/// curve has points.
std::string ber_curve_chart(const std::vector<BerCurve>& curves, std::size_t worst, double target_ber);

struct Cause {
  std::string label;
  double db = 0;  ///< may be negative
};
/// One cause after the other, up to their sum; `limit` as a dashed line.
std::string cause_chart(const std::vector<Cause>& causes, std::string_view total_name, double total_db,
                        std::optional<double> limit_db);

/// Taps by the sample that they weigh, in symbols from the one decided (-1: the one before). Where the main
/// tap dwarfs the others it is cut off, with its value beside it. `wide`: fills half a page, with values at
/// the stems; else one of many, with a title.
std::string tap_chart(std::vector<std::pair<int, double>> taps, std::string_view title, bool wide);

/// Mean square error of training over time, in dB, a line for each lane.
std::string training_chart(const std::vector<std::pair<std::string, std::vector<double>>>& lanes,
                           double symbols);

struct Breaker {
  std::string key;   ///< "rx.tia_noise_pa_sqrt_hz"
  std::string step;  ///< "16 + 1.6 pA/sqrt(Hz)"
  double change_db = 0;
};
/// A bar for each key, as long as the margin that its step costs.
std::string breaks_chart(const std::vector<Breaker>& breakers);

}  // namespace lightlane::cli::html

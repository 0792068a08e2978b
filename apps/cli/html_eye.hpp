#pragma once
/// Eyes on a page: the density as a picture, with axes, levels, thresholds and what a receiver looks at.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/link/transmitter_measurement.hpp"
#include "lightlane/measure/eye.hpp"

namespace lightlane::cli::html {

struct EyeDrawing {
  const measure::EyeResult& eye;
  std::string label;                                  ///< says what it shows, for those who cannot see it
  std::vector<double> level_w, thresholds_w;          ///< marks; empty: none
  std::vector<std::pair<double, double>> windows_ui;  ///< from, to: where histograms are taken
  /// Drawn beside the eye on the same power axis, logarithmic over four decades; null: none.
  const link::TdecqHistograms* histograms = nullptr;
};

/// Over two unit intervals, power on the left in a unit that fits.
std::string eye_chart(const EyeDrawing& drawing, const std::string& caption);

/// No axes: one among many, with a title below.
std::string eye_thumbnail(const measure::EyeResult& eye, std::string_view title);

/// 1.2 mW, 34 uW: a factor and a name that suit the largest of some powers.
struct PowerUnit {
  double per_w = 1e3;
  std::string_view name = "mW";
};
PowerUnit power_unit(double largest_w);

}  // namespace lightlane::cli::html

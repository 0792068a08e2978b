#pragma once
/// Eyes to look at: as characters for a terminal, as SVG for pages and files.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/measure/eye.hpp"
#include "lightlane/measure/nrz.hpp"

namespace lightlane::cli {

/// Density of an eye in about `width` columns and `height` lines, powers of the levels on the left, UI below.
/// With colour (256 colours) each line carries two rows.
std::string eye_characters(const measure::EyeResult& eye, std::size_t width, std::size_t height, bool colour);

/// How bright a cell of a density is, 0 (never) to 1 (`most`, the most frequent), and the colour of that: red, green, blue.
double eye_brightness(double share, double most);
std::array<std::uint8_t, 3> eye_colour(double brightness);

struct EyePicture {
  const measure::EyeResult& eye;
  std::string label;                                  ///< says what it shows, for those who cannot see it
  bool thresholds = true;                             ///< of the sub-eyes, dashed
  bool contours = true;                               ///< all of the eye's
  std::vector<std::pair<double, double>> windows_ui;  ///< from, to: histograms of TDECQ
  std::optional<measure::EyeMask> mask;               ///< NRZ, about the levels below and the crossings
  double mask_zero_w = 0, mask_one_w = 0, mask_crossing_ui = 0;
};

/// An <svg> element: dark panel, colours from rare to frequent. With `standalone` a file of its own (name
/// space, fonts, colours), else in the style of html::page().
std::string eye_svg(const EyePicture& picture, bool standalone);

/// Bathtubs of all sub-eyes, error ratio on a logarithmic axis down to 1e-15. `vertical`: over the threshold
/// [W], else over the phase [UI].
std::string bathtub_svg(const measure::EyeResult& eye, bool vertical);

}  // namespace lightlane::cli

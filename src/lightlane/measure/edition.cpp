#include "lightlane/measure/edition.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "lightlane/base/error.hpp"

namespace lightlane::measure {
namespace {

constexpr std::array<Edition, 5> table{{
    {"bs", "802.3bs", "5 taps, thresholds at Pave and Pave +- OMAouter / 3", "likely"},
    {"cd", "802.3cd", "5 taps, each threshold may move by 1 % of OMAouter", "likely"},
    {"cu", "802.3cu", "as 802.3cd; TECQ, overshoot and power excursion are limited beside it", "likely"},
    {"db", "802.3db", "9 taps, otherwise as 802.3cd; its own limits of taps are not known here",
     "unverified"},
    {"dj", "802.3dj drafts", "15 taps with limits for each, 3 of them before the main tap", "likely"},
}};

/// Relative to the main tap, as one reader of the drafts has them; the limit of the difference is an
/// instrument's default.
TapLimits dj_limits(int taps) {
  TapLimits limits;
  limits.main_min = 0.8;
  limits.main_max = 2.5;
  limits.asymmetry_max = 0.25;
  for (auto* side : {&limits.before, &limits.after}) {
    *side = {{-0.4, 0.05}, {-0.1, 0.2}};
    while (static_cast<int>(side->size()) < taps - 1) side->emplace_back(-0.1, 0.1);
  }
  return limits;
}

}  // namespace

std::span<const Edition> editions() noexcept { return table; }

TdecqConfig edition_config(std::string_view name, int samples_per_ui, double symbol_rate_gbd) {
  TdecqConfig config;
  config.samples_per_ui = samples_per_ui;
  config.symbol_rate_gbd = symbol_rate_gbd;
  config.taps = 5;
  config.main_positions = 3;
  config.thresholds = ThresholdMode::adjusted;
  if (name == "bs") {
    config.thresholds = ThresholdMode::nominal;
  } else if (name == "db") {
    config.taps = 9;
  } else if (name == "dj") {
    config.taps = 15;
    config.main_positions = 4;
    config.limits = dj_limits(config.taps);
  } else if (name != "cd" && name != "cu") {
    std::string names;
    for (const Edition& edition : table)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", edition.name);
    throw ConfigError({"edition", fmt::format("is '{}'", name), names, ""});
  }
  return config;
}

}  // namespace lightlane::measure

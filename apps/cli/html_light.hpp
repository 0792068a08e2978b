#pragma once
/// The light of one direction on a page, in parts that a section joins: verdict, margin, lanes, receivers,
/// delay and power.

#include <string>
#include <vector>

#include "lightlane/link/optical_report.hpp"
#include "lightlane/link/phy_report.hpp"

namespace lightlane::cli {

/// "10.82", "none" (-inf), "-" (nan): as the text report has it.
std::string number(double value, int decimals = 2);

/// Of each limit the lane that is nearest to it, in the order of the report; what is not kept comes first.
std::vector<link::LimitResult> worst_limits(const link::OpticalReport& report);

/// The worst of all lanes, as words.
struct LightHeadline {
  std::string margin;   ///< "10.82", or "none"
  std::string limits;   ///< "18 of 18"
  std::string penalty;  ///< TDECQ or an NRZ PMD's penalty: "0.62", "closed", "-" where nothing was measured
  bool no_margin = false, closed = false;
};
LightHeadline light_headline(const link::OpticalReport& report);

/// Every limit with value, margin, verdict, confidence and source; those that nobody knows by name.
std::string html_limits(const link::OpticalReport& report);

/// Error ratio over power, budget, and what breaks first. `counted`: the line lanes of the same direction.
std::string html_margin(const link::OpticalReport& report, const std::vector<link::LaneResult>& counted);

/// A row for each lane.
std::string html_light_lanes(const link::OpticalReport& report);

/// Taps, training and decision instants.
std::string html_receivers(const link::OpticalReport& report);

std::string html_delay_and_power(const link::OpticalReport& report);

}  // namespace lightlane::cli

#pragma once
/// A link against the limits of its PMDs, value by value.

#include <string>
#include <vector>

#include "lightlane/link/optical_report.hpp"
#include "lightlane/link/profile.hpp"

namespace lightlane::link {

/// Limits of the transmitter (sending PMD), of the channel (the stricter of the two ends) and of the receiver (receiving
/// PMD). Attenuation that plant.stress_ber added is a condition of the test and counts for none of them. Limits that the
/// catalogue does not know are named in `unknown`.
std::vector<LimitResult> check_limits(const Devices& devices, const OpticalReport& report, std::vector<std::string>& unknown);

/// The bit error ratio that the lanes had in a run.
LimitResult ber_limit(const Devices& devices, int lane, double ber);

}  // namespace lightlane::link

#pragma once
/// A link against the limits of its PMDs, value by value.
///
/// Transmitter (at TP2, of the sending PMD): powers, OMA and OMA - TDECQ (where the extinction ratio is low: the dearer of
/// the two floors), TDECQ and its kin, extinction ratio, RIN, transition time, over- and undershoot, eye mask, reflectance.
/// Channel (of the PMD whose cabling may lose less): loss, dispersion, DGD, return loss of the cabling, each reflectance by
/// how many there are above -55 dB; reach for information. Receiver (at TP3, of the receiving PMD): powers, damage,
/// sensitivity max(floor, SECQ + offset) for the TECQ of this transmitter, reflectance.
///
/// Not simulated, and so no verdict: side-mode suppression, launch power when off, spectral width, signalling rate.

#include <string>
#include <vector>

#include "lightlane/link/optical_report.hpp"
#include "lightlane/link/profile.hpp"

namespace lightlane::link {

/// Attenuation that plant.stress_ber added is a condition of the test and counts for none of them. Limits that the catalogue
/// does not know are named in `unknown`. With link.corner = "limits" the receiver is the limit: its sensitivity is not checked.
std::vector<LimitResult> check_limits(const Devices& devices, const OpticalReport& report, std::vector<std::string>& unknown);

/// The bit error ratio that the lanes had in a run.
LimitResult ber_limit(const Devices& devices, int lane, double ber);

}  // namespace lightlane::link

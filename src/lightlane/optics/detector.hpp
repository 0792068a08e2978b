#pragma once
/// Noise of detectors, per watt of light and hertz of bandwidth.

#include "lightlane/optics/photoreceiver.hpp"

namespace lightlane::optics {

/// One-sided density of the noise current behind the detector's gain for light P [W]: constant + linear P +
/// quadratic P^2.
struct NoiseDensity {
  double constant_a2_hz =
      0;  ///< amplifier; SOA: spontaneous-spontaneous beat and shot noise of spontaneous light
  double linear_a2_hz_w = 0;      ///< shot noise 2 q R P (APD: M^2 F; SOA: G); signal-spontaneous beat
  double quadratic_a2_hz_w2 = 0;  ///< RIN: (g P)^2 10^(RIN / 10)
};

/// Amperes per watt of light at the input: R, R M or R G.
double detector_gain_a_per_w(const PhotoreceiverConfig& config) noexcept;
/// `noise_bandwidth_hz`: of the receiver's filter; the spontaneous beat falls off towards the optical
/// bandwidth, and its density is the mean over that band: 4 R^2 N^2 (Bo - B / 2), two polarisations.
NoiseDensity noise_density(const PhotoreceiverConfig& config, double wavelength_nm,
                           double noise_bandwidth_hz) noexcept;

/// Excess noise factor of an avalanche diode, F = k M + (1 - k)(2 - 1 / M) (McIntyre).
double apd_excess_noise(double gain, double k) noexcept;
/// Spontaneous emission of an amplifier in one polarisation, at its output [W/Hz]: h nu (F G - 1) / 2.
double soa_spontaneous_w_per_hz(double gain_db, double noise_figure_db, double wavelength_nm) noexcept;

}  // namespace lightlane::optics

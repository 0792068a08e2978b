#pragma once
/// What glass does to light, as closed forms and as frequency responses: chromatic dispersion, differential
/// group delay, multimode bandwidth. Units are in the names; wavelengths are those of vacuum.

#include <complex>
#include <cstdint>
#include <string_view>

#include "lightlane/math/fir.hpp"
#include "lightlane/math/response.hpp"

namespace lightlane::optics {

inline constexpr double light_speed_m_per_s = 299792458.0;

/// Chromatic dispersion coefficient [ps/(nm km)] = S0 / 4 * lambda * (1 - (lambda0 / lambda)^4) (G.652 form).
double dispersion_ps_nm_km(double wavelength_nm, double zero_dispersion_nm, double slope_ps_nm2_km) noexcept;

/// Total dispersion that 802.3 lets a channel have (S0 = 0.093 ps/(nm2 km) and zero dispersion from 1300 to
/// 1324 nm unless told otherwise; later clauses use 0.092): the minimum lies at the short wavelength and 1324
/// nm, the maximum at the long one and 1300 nm. 0.5 km, 1304.5 to 1317.5 nm: -0.93 and +0.80 ps/nm (table
/// 121-14).
struct DispersionLimits {
  double min_ps_nm = 0, max_ps_nm = 0;
};
DispersionLimits dispersion_limits_ps_nm(double wavelength_min_nm, double wavelength_max_nm, double length_m,
                                         double slope_ps_nm2_km = 0.093, double zero_dispersion_min_nm = 1300,
                                         double zero_dispersion_max_nm = 1324) noexcept;

/// Phase of the field's response, exp(+j omega t): theta = pi lambda^2 D L f^2 / c [rad]. The third order
/// (0.002 rad at 40 GHz over 10 km) is not modelled.
double dispersion_phase_rad(double f_hz, double wavelength_nm, double dispersion_ps_nm) noexcept;
/// Small-signal response from modulated power to detected power, with transient chirp alpha (phase = alpha /
/// 2 ln P): cos(theta) - alpha sin(theta). Signed; 20 log10 of its magnitude is the electrical response in
/// dB.
double dispersion_response(double f_hz, double wavelength_nm, double dispersion_ps_nm,
                           double chirp_alpha) noexcept;

/// Small-signal response of first-order differential group delay in electrical dB (<= 0; -infinity in its
/// nulls): 10 log10(1 - 4 g (1 - g) sin^2(pi f tau)), g = share of the power in one principal state.
double dgd_response_db(double f_hz, double dgd_ps, double power_split) noexcept;
/// One draw of the Maxwell distribution of that mean: a function of (seed, lane) alone.
double draw_dgd_ps(double mean_ps, std::uint64_t seed, std::uint32_t lane) noexcept;

/// Bandwidth that a source of that rms spectral width leaves in dispersive fibre: optical -3 dB (power
/// response 1/2) of a Gaussian, 0.1874 / (D L sigma). Infinite without dispersion or width.
double chromatic_bandwidth_ghz(double dispersion_ps_nm, double source_rms_width_nm) noexcept;
/// Power response of a Gaussian whose response is 1/2 (optical -3 dB, as fibre bandwidth is defined) at
/// bandwidth_hz.
double gaussian_power_response(double f_hz, double bandwidth_hz) noexcept;

/// Filters are exact up to `exact_hz`; above, where a signal has next to nothing, frequencies are bent so
/// that every response ends flat, and nothing is cut off. That keeps filters short: 11 taps where a sharp end
/// of the band needs 40.
class BandEdge {
 public:
  /// Exact up to two symbol rates, or to 3/4 of the Nyquist frequency where that is less.
  BandEdge(double sample_rate_hz, double symbol_rate_hz) noexcept;
  double exact_hz() const noexcept { return exact_; }
  /// Odd; f itself below exact_hz, then its slope falls to 0 as a raised cosine.
  double bend(double f_hz) const noexcept;
  /// That slope: 1 below exact_hz, 0 from twice that (Nyquist at the latest) on.
  double slope(double f_hz) const noexcept;

 private:
  double exact_, flat_;
};

/// exp(j theta) for the field.
math::Response dispersion_field_response(double wavelength_nm, double dispersion_ps_nm, BandEdge edge);
/// Differential group delay and Gaussian bandwidth (0 = none) for the power. No delay at DC.
math::Response power_response(double dgd_ps, double power_split, double bandwidth_ghz, BandEdge edge);

/// Taps around the sample that is made, as few as leave less than `tolerance` of the response's energy
/// outside; their sum is H(0). For responses without delay at DC that are smooth across the ends of the band,
/// as those above: nothing is tapered here. Throws ConfigError naming `place` beyond 4095 taps.
math::ComplexFir smooth_complex_fir(const math::Response& h, double sample_rate_hz, double tolerance,
                                    std::string_view place);
math::Fir smooth_fir(const math::Response& h, double sample_rate_hz, double tolerance,
                     std::string_view place);

}  // namespace lightlane::optics

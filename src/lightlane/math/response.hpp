#pragma once
/// Frequency responses of the analog parts, and what follows from them.

#include <complex>
#include <functional>
#include <vector>

namespace lightlane::math {

/// H(f), f in Hz, either sign; H(-f) = conj(H(f)) for real signals.
using Response = std::function<std::complex<double>(double f_hz)>;

/// Fourth-order Bessel-Thomson low-pass, -3.01 dB at f3db_hz (802.3 121.8.5.1): 105 / (105 + 105 y + 45 y^2 +
/// 10 y^3 + y^4), y = j 2.113917675 f / f3db. Its delay is in it.
std::complex<double> bessel_thomson4(double f_hz, double f3db_hz);
inline constexpr double bessel_thomson4_noise_bandwidth = 1.0464;  ///< over f3db
/// Butterworth low-pass of order 1 to 6.
std::complex<double> butterworth(double f_hz, double f3db_hz, int order);
/// Gaussian magnitude, no phase, -3.01 dB at f3db_hz: multimode fibre, optical bandwidth of anything measured
/// so.
std::complex<double> gaussian_lowpass(double f_hz, double f3db_hz);
/// Second order: f0^2 / (f0^2 - f^2 + j f damping / 2 pi); damping in 1/s. Relaxation of a directly modulated
/// laser.
std::complex<double> second_order(double f_hz, double f0_hz, double damping_per_s);

/// Single-sided noise bandwidth, integral of |H|^2 over f > 0 for |H(0)| = 1, by quadrature up to `f_max_hz`
/// [Hz].
double noise_bandwidth(const Response& h, double f_max_hz);
/// Autocorrelation of white noise behind H, at lags 0, T, 2T .. (count of them), normalised to 1 at lag 0.
std::vector<double> noise_autocorrelation(const Response& h, double symbol_rate_hz, std::size_t lags,
                                          double f_max_hz);

}  // namespace lightlane::math

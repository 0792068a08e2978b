#include "lightlane/optics/fibre.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/math/fft.hpp"

namespace lightlane::optics {
namespace {

constexpr double pi = std::numbers::pi;
constexpr double ln2 = std::numbers::ln2;

/// Impulse response, lag m in element m mod its size, and how many lags on either side matter.
struct Impulse {
  std::vector<std::complex<double>> x;
  std::size_t reach;
};

Impulse impulse(const math::Response& h, double sample_rate_hz, double tolerance, std::string_view place) {
  constexpr std::size_t most = 2047;
  for (std::size_t n = 1024; n <= 16384; n *= 2) {
    std::vector<std::complex<double>> x(n);
    for (std::size_t k = 0; k < n; ++k) x[k] = h(math::bin_frequency(k, n, sample_rate_hz));
    math::Fft(n).inverse(x);
    double outside = 0;
    std::size_t reach = n / 2 - 1;
    for (const auto& v : x) outside += std::norm(v);
    const double allowed = tolerance * outside;
    outside = std::norm(x[n / 2]);
    while (reach > 0 && outside + std::norm(x[reach]) + std::norm(x[n - reach]) < allowed) {
      outside += std::norm(x[reach]) + std::norm(x[n - reach]);
      --reach;
    }
    if (reach < n / 8 && reach <= most) return {std::move(x), reach};
  }
  throw ConfigError({std::string(place),
                     fmt::format("spreads a pulse over more than {} samples", 2 * most + 1),
                     "less dispersion, or fewer samples per symbol", ""});
}

/// Rounded to float; what that leaves of the sum goes to the middle tap.
std::vector<float> taps_of(const Impulse& from, double (*part)(const std::complex<double>&), double target) {
  const auto reach = static_cast<std::ptrdiff_t>(from.reach), n = static_cast<std::ptrdiff_t>(from.x.size());
  std::vector<float> taps;
  double sum = 0;
  // In time order of the input: the least lag, which is the latest sample, stands last.
  for (std::ptrdiff_t lag = reach; lag >= -reach; --lag) {
    taps.push_back(static_cast<float>(part(from.x[static_cast<std::size_t>((lag + n) % n)])));
    sum += taps.back();
  }
  taps[from.reach] = static_cast<float>(taps[from.reach] + (target - sum));
  return taps;
}

double real_part(const std::complex<double>& x) { return x.real(); }
double imaginary_part(const std::complex<double>& x) { return x.imag(); }

}  // namespace

double dispersion_ps_nm_km(double wavelength_nm, double zero_dispersion_nm, double slope_ps_nm2_km) noexcept {
  const double ratio = zero_dispersion_nm / wavelength_nm;
  return slope_ps_nm2_km / 4 * wavelength_nm * (1 - ratio * ratio * ratio * ratio);
}

DispersionLimits dispersion_limits_ps_nm(double wavelength_min_nm, double wavelength_max_nm, double length_m,
                                         double slope_ps_nm2_km, double zero_dispersion_min_nm,
                                         double zero_dispersion_max_nm) noexcept {
  const double km = length_m / 1000;
  return {dispersion_ps_nm_km(wavelength_min_nm, zero_dispersion_max_nm, slope_ps_nm2_km) * km,
          dispersion_ps_nm_km(wavelength_max_nm, zero_dispersion_min_nm, slope_ps_nm2_km) * km};
}

double dispersion_phase_rad(double f_hz, double wavelength_nm, double dispersion_ps_nm) noexcept {
  const double f_thz = f_hz * 1e-12;
  constexpr double c_nm_per_ps = light_speed_m_per_s * 1e-3;
  return pi * wavelength_nm * wavelength_nm * dispersion_ps_nm * f_thz * f_thz / c_nm_per_ps;
}

double dispersion_response(double f_hz, double wavelength_nm, double dispersion_ps_nm,
                           double chirp_alpha) noexcept {
  const double theta = dispersion_phase_rad(f_hz, wavelength_nm, dispersion_ps_nm);
  return math::cos(theta) - chirp_alpha * math::sin(theta);
}

double dgd_response_db(double f_hz, double dgd_ps, double power_split) noexcept {
  const double s = math::sin(pi * f_hz * dgd_ps * 1e-12);
  return math::to_db(std::max(0.0, 1 - 4 * power_split * (1 - power_split) * s * s));
}

double draw_dgd_ps(double mean_ps, std::uint64_t seed, std::uint32_t lane) noexcept {
  const RandomStream random(seed, "plant.dgd", lane);
  double sum = 0;
  for (std::uint64_t k = 0; k < 3; ++k) {
    const double x = math::normal_tail_inverse(random.uniform(k));
    sum += x * x;
  }
  return mean_ps * std::sqrt(pi / 8 * sum);  // Maxwell: mean = sigma sqrt(8 / pi)
}

double chromatic_bandwidth_ghz(double dispersion_ps_nm, double source_rms_width_nm) noexcept {
  const double spread_ps = std::fabs(dispersion_ps_nm) * source_rms_width_nm;
  if (!(spread_ps > 0)) return std::numeric_limits<double>::infinity();
  return std::sqrt(2 * ln2) / (2 * pi * spread_ps) * 1e3;
}

double gaussian_power_response(double f_hz, double bandwidth_hz) noexcept {
  const double x = f_hz / bandwidth_hz;
  return math::exp(-ln2 * x * x);
}

BandEdge::BandEdge(double sample_rate_hz, double symbol_rate_hz) noexcept {
  const double nyquist = sample_rate_hz / 2;
  exact_ = std::min(2 * symbol_rate_hz, 0.75 * nyquist);
  flat_ = std::min(nyquist, 2 * exact_);
}

double BandEdge::bend(double f_hz) const noexcept {
  const double f = std::min(std::fabs(f_hz), flat_);
  if (f <= exact_) return f_hz;
  const double k = pi / (flat_ - exact_), over = f - exact_;
  const double bent = exact_ + over / 2 + math::sin(k * over) / (2 * k);
  return f_hz < 0 ? -bent : bent;
}

double BandEdge::slope(double f_hz) const noexcept {
  const double f = std::min(std::fabs(f_hz), flat_);
  if (f <= exact_) return 1;
  return (1 + math::cos(pi * (f - exact_) / (flat_ - exact_))) / 2;
}

math::Response dispersion_field_response(double wavelength_nm, double dispersion_ps_nm, BandEdge edge) {
  return [=](double f_hz) {
    const double theta = dispersion_phase_rad(edge.bend(f_hz), wavelength_nm, dispersion_ps_nm);
    return std::complex<double>(math::cos(theta), math::sin(theta));
  };
}

math::Response power_response(double dgd_ps, double power_split, double bandwidth_ghz, BandEdge edge) {
  return [=](double f_hz) {
    const double f = edge.bend(f_hz);
    const double half_turn = pi * f * dgd_ps * 1e-12;
    // g exp(+j x) + (1 - g) exp(-j x), turned by the mean delay so that symbols keep their place.
    const double mean = (2 * power_split - 1) * half_turn;
    const double re = math::cos(half_turn), im = (2 * power_split - 1) * math::sin(half_turn);
    const double c = math::cos(mean), s = math::sin(mean);
    const double gain = bandwidth_ghz > 0 ? gaussian_power_response(f, bandwidth_ghz * 1e9) : 1;
    // A real filter has no imaginary part at Nyquist, and comes there smoothly.
    return std::complex<double>(gain * (re * c + im * s), gain * (im * c - re * s) * edge.slope(f_hz));
  };
}

math::ComplexFir smooth_complex_fir(const math::Response& h, double sample_rate_hz, double tolerance,
                                    std::string_view place) {
  const Impulse from = impulse(h, sample_rate_hz, tolerance, place);
  const std::complex<double> dc = h(0);
  return {taps_of(from, real_part, dc.real()), taps_of(from, imaginary_part, dc.imag()), from.reach};
}

math::Fir smooth_fir(const math::Response& h, double sample_rate_hz, double tolerance,
                     std::string_view place) {
  const Impulse from = impulse(h, sample_rate_hz, tolerance, place);
  return {taps_of(from, real_part, h(0).real()), from.reach};
}

}  // namespace lightlane::optics

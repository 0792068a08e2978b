#include "lightlane/optics/detector.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"
#include "lightlane/optics/detector_kernels.hpp"

namespace lightlane::optics {
namespace {

constexpr double electron_c = 1.602176634e-19, planck_js = 6.62607015e-34, light_m_per_s = 299792458.0;

}  // namespace

double apd_excess_noise(double gain, double k) noexcept { return k * gain + (1 - k) * (2 - 1 / gain); }

double soa_spontaneous_w_per_hz(double gain_db, double noise_figure_db, double wavelength_nm) noexcept {
  // F = 2 n_sp (G - 1) / G + 1 / G, and the density is n_sp (G - 1) h nu.
  const double photon_j = planck_js * light_m_per_s / (wavelength_nm * 1e-9);
  return photon_j * (math::from_db(noise_figure_db + gain_db) - 1) / 2;
}

double detector_gain_a_per_w(const PhotoreceiverConfig& c) noexcept {
  switch (c.kind) {
    case DetectorKind::pin:
      return c.responsivity_a_per_w;
    case DetectorKind::apd:
      return c.responsivity_a_per_w * c.apd_gain;
    case DetectorKind::soa_pin:
      return c.responsivity_a_per_w * math::from_db(c.soa_gain_db);
  }
  return 0;
}

NoiseDensity noise_density(const PhotoreceiverConfig& c, double wavelength_nm,
                           double noise_bandwidth_hz) noexcept {
  const double gain = detector_gain_a_per_w(c), r = c.responsivity_a_per_w,
               thermal = c.tia_noise_pa_sqrt_hz * 1e-12;
  NoiseDensity density;
  density.constant_a2_hz = thermal * thermal;
  density.linear_a2_hz_w = 2 * electron_c * gain;
  density.quadratic_a2_hz_w2 = gain * gain * math::from_db(c.rin_db_per_hz);
  if (c.kind == DetectorKind::apd)
    density.linear_a2_hz_w *= c.apd_gain * apd_excess_noise(c.apd_gain, c.apd_k);
  if (c.kind == DetectorKind::soa_pin) {
    const double spontaneous = soa_spontaneous_w_per_hz(c.soa_gain_db, c.soa_noise_figure_db, wavelength_nm);
    const double wavelength_m = wavelength_nm * 1e-9;
    const double optical_hz =
        light_m_per_s * c.soa_optical_bandwidth_nm * 1e-9 / (wavelength_m * wavelength_m);
    density.linear_a2_hz_w += 4 * r * gain * spontaneous;  // gain = R G
    density.constant_a2_hz +=
        4 * r * r * spontaneous * spontaneous * std::max(0.0, optical_hz - noise_bandwidth_hz / 2) +
        2 * electron_c * r * 2 * spontaneous * optical_hz;
  }
  return density;
}

namespace detail {

void photocurrent_ref(const float* p, std::size_t count, float gain, const float* d, float* current,
                      float* sigma) noexcept {
  for (std::size_t i = 0; i < count; ++i) {
    const float q = p[i] > 0 ? p[i] : 0.0f;
    current[i] = gain * p[i];
    sigma[i] = std::sqrt(d[0] + q * (d[1] + q * d[2]));
  }
}

std::span<const Kernel<Photocurrent>> photocurrent_kernels() noexcept {
  static constexpr Kernel<Photocurrent> table[] = {
    {Variant::ref, photocurrent_ref},
#if defined(__x86_64__)
    {Variant::avx2, photocurrent_avx2},
    {Variant::avx512, photocurrent_avx512},
#endif
  };
  return table;
}

}  // namespace detail
}  // namespace lightlane::optics

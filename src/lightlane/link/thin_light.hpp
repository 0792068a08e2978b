#pragma once
/// The light between two digital layers, thin: launch OMA, loss of the plant, responsivity, thermal noise, and a
/// Gaussian decision error per lane. Nothing else: no bandwidth, dispersion, RIN, interference or equaliser, so the
/// decision SNR is an upper bound of what a real link with these powers has.

#include "lightlane/link/scenario.hpp"
#include "lightlane/link/structure.hpp"

namespace lightlane::link {

struct ThinLight {
  double loss_db = 0;            ///< fibre, connectors, added attenuation, stress attenuation
  double stress_db = 0;          ///< of that, what optics.stress_ber asked for
  double launch_oma_dbm = 0;
  double rx_oma_dbm = 0;         ///< outer OMA at the photodiode
  double noise_a = 0;            ///< rms input-referred current
  double q = 0;                  ///< half the level spacing over the noise
  double snr_db = 0;             ///< mean power of the levels about their middle over noise power, as errors.snr_db
  double symbol_error_ratio = 0; ///< 1.5 Q(q) for PAM4, Q(q) for NRZ
  double ber = 0;                ///< one wrong bit for each wrong symbol
};

/// Every lane of the thin light is alike. Throws ConfigError if optics.stress_ber is below what the link has anyway
/// at no more than 0 dB of extra loss (it cannot amplify).
ThinLight thin_light(const Scenario::Optics& optics, const Structure& structure);

}  // namespace lightlane::link

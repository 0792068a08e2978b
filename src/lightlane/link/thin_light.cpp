#include "lightlane/link/thin_light.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

constexpr double ln10_over_10 = 0.23025850929940457;

double from_db(double db) { return math::exp(db * ln10_over_10); }
double to_db(double ratio) { return math::log(ratio) / ln10_over_10; }

}  // namespace

ThinLight thin_light(const Scenario::Optics& optics, const Structure& structure) {
  const bool pam4 = structure.modulation == signal::Modulation::pam4;
  const double levels = pam4 ? 4 : 2;
  const double errors_per_tail = 2 * (levels - 1) / levels;  // inner levels err to both sides
  const double bits = pam4 ? 2 : 1;

  ThinLight light;
  light.launch_oma_dbm = optics.launch_oma_dbm;
  light.loss_db = optics.length_m / 1000 * optics.attenuation_db_per_km +
                  static_cast<double>(optics.connectors) * optics.connector_loss_db + optics.added_attenuation_db;
  const double bandwidth_hz = 1e9 * (optics.noise_bandwidth_ghz > 0 ? optics.noise_bandwidth_ghz
                                                                    : structure.symbol_rate_gbd().value() / 2);
  light.noise_a = optics.thermal_noise_pa_per_sqrt_hz * 1e-12 * std::sqrt(bandwidth_hz);
  const double oma_w = 1e-3 * from_db(light.launch_oma_dbm - light.loss_db);
  light.q = oma_w * optics.responsivity_a_per_w / (2 * (levels - 1)) / light.noise_a;
  if (optics.stress_ber > 0) {
    const double wanted = math::normal_tail_inverse(optics.stress_ber * bits / errors_per_tail);
    light.stress_db = to_db(light.q / wanted);
    if (!(light.stress_db >= 0)) {
      throw ConfigError({"optics.stress_ber", fmt::format("is {}", optics.stress_ber),
                         fmt::format("at least {:.3g}, which this link has without more attenuation",
                                     errors_per_tail * math::normal_tail(light.q) / bits),
                         ""});
    }
    light.loss_db += light.stress_db;
    light.q = wanted;
  }
  light.rx_oma_dbm = light.launch_oma_dbm - light.loss_db;
  const double level_power = pam4 ? 5 : 1;  // mean square of the levels, in half spacings
  light.snr_db = to_db(level_power * light.q * light.q);
  light.symbol_error_ratio = errors_per_tail * math::normal_tail(light.q);
  light.ber = light.symbol_error_ratio / bits;
  return light;
}

}  // namespace lightlane::link

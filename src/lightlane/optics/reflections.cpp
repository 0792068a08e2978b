#include "lightlane/optics/reflections.hpp"

#include <cmath>
#include <limits>
#include <numbers>

#include "lightlane/math/elementary.hpp"

namespace lightlane::optics {

std::vector<ReflectionPair> reflection_pairs(std::span<const Reflector> reflectors, double symbol_rate_hz) {
  std::vector<ReflectionPair> pairs;
  for (std::size_t i = 0; i < reflectors.size(); ++i) {
    for (std::size_t j = i + 1; j < reflectors.size(); ++j) {
      const Reflector &a = reflectors[i], &b = reflectors[j];
      const double round_trip_db = 2 * (b.loss_before_db - a.loss_after_db);
      pairs.push_back({a.index, b.index,
                       math::from_db((a.reflectance_db + b.reflectance_db - round_trip_db) / 2),
                       2 * (b.delay_s - a.delay_s) * symbol_rate_hz});
    }
  }
  return pairs;
}

double return_loss_db(std::span<const Reflector> reflectors) noexcept {
  double power = 0;
  for (const Reflector& r : reflectors) {
    if (r.index != 0) power += math::from_db(r.reflectance_db - 2 * r.loss_before_db);
  }
  return power > 1e-12 ? -math::to_db(power) : 120;
}

double interferer_pulse(double ui) noexcept {
  return std::fabs(ui) < 1 ? 0.5 + 0.5 * math::cos(std::numbers::pi * ui) : 0;
}

double mpi_penalty_bound_db(std::span<const double> reflectances_db, double extinction_ratio_db,
                            bool pam4) noexcept {
  double sum = 0;
  for (std::size_t i = 0; i < reflectances_db.size(); ++i) {
    for (std::size_t j = i + 1; j < reflectances_db.size(); ++j) {
      sum += math::from_db((reflectances_db[i] + reflectances_db[j]) / 2);
    }
  }
  const double r = math::from_db(extinction_ratio_db);
  const double closure = (pam4 ? 12 : 4) * sum * r / (r - 1);
  return closure < 1 ? -math::to_db(1 - closure) : std::numeric_limits<double>::infinity();
}

}  // namespace lightlane::optics

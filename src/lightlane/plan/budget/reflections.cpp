#include "lightlane/plan/budget/reflections.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan {

double worst_mpi_penalty_db(std::span<const double> reflectances_db, double extinction_ratio_db,
                            int levels) noexcept {
  double rho = 0;
  for (std::size_t i = 0; i < reflectances_db.size(); ++i) {
    for (std::size_t j = i + 1; j < reflectances_db.size(); ++j)
      rho += math::from_db((reflectances_db[i] + reflectances_db[j]) / 2);
  }
  const double ratio = math::from_db(extinction_ratio_db);
  const double lowest = 2 / (ratio + 1), highest = ratio * lowest;  // average power 1
  const double step = (highest - lowest) / (levels - 1);
  const double closure = 2 * rho * (highest + std::sqrt((highest - step) * highest)) / step;
  if (!(closure < 1)) return mpi_cap_db;
  return std::min(-math::to_db(1 - closure), mpi_cap_db);
}

}  // namespace lightlane::plan

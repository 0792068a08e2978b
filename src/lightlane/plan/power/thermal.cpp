#include "lightlane/plan/power/thermal.hpp"

#include <algorithm>
#include <cmath>

#include "lightlane/plan/power/power.hpp"

namespace lightlane::plan {

double air_rise_k(double watts, double cfm, double density) noexcept { return 1.76 * watts / cfm / density; }

double air_density(double altitude_m) noexcept { return std::exp(-altitude_m / 8435); }

double case_resistance(const AirPath& air) {
  return air.resistance * std::pow(3.5 / (air.speed_mps * air.density), air.exponent);
}

std::vector<ModuleHeat> module_heat(const AirPath& air, const std::vector<double>& watts) {
  const auto depth = static_cast<std::size_t>(std::max(air.depth, 1));
  const std::size_t streams = (watts.size() + depth - 1) / depth;
  const double stream_cfm = air.cfm / static_cast<double>(std::max<std::size_t>(streams, 1));
  const double resistance = case_resistance(air);
  const double first_k = air.first_w > 0 ? air_rise_k(air.first_w, air.cfm, air.density) : 0;
  std::vector<ModuleHeat> out(watts.size());
  for (std::size_t stream = 0; stream < streams; ++stream) {
    const std::size_t begin = stream * depth, end = std::min(begin + depth, watts.size());
    double warmed_k = first_k;
    for (std::size_t k = begin; k < end; ++k) {
      const std::size_t i = air.reversed ? begin + end - 1 - k : k;
      out[i] = {warmed_k, air.inlet_c + warmed_k + watts[i] * resistance};
      warmed_k += air_rise_k(watts[i], stream_cfm, air.density);
    }
  }
  return out;
}

}  // namespace lightlane::plan

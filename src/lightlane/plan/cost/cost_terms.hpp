#pragma once
/// The figures that a cost hangs on: their names, units, ranges and defaults, in one table that plan files,
/// flags, lists of assumptions and sensitivities all walk.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace lightlane::plan {

enum class CostKey : std::uint8_t {
  unit_price,
  discount,
  power_w,
  utilisation,
  fit,
  temperature_c,
  fit_temperature_c,
  activation_energy_ev,
  lead_time_days,
  service_level,
  warranty_years,
  install_hours,
  repair_hours,
  labour_per_hour,
  mttr_hours,
  downtime_per_hour,
  common_fit,
  cabling,
  maintenance_per_year,
  residual_share,
  electricity_per_kwh,
  electricity_growth,
  pue,
  discount_rate,
};
inline constexpr std::size_t cost_key_count = 24;

/// The narrowest place where a figure may stand; it may stand in any wider one too, and the narrowest wins.
enum class CostScope : std::uint8_t { item, alternative, study };

struct CostTerm {
  CostKey key;
  std::string_view name, unit, meaning;
  CostScope scope;
  double low, high;
  std::optional<double> fallback;  ///< none: unknown where it is not given
  std::string_view source;         ///< of the fallback
};
/// In the order of CostKey.
std::span<const CostTerm> cost_terms() noexcept;
const CostTerm& term_of(CostKey key) noexcept;

/// What somebody said of some of them.
class CostFigures {
 public:
  std::optional<double>& operator[](CostKey key) noexcept { return values_[static_cast<std::size_t>(key)]; }
  const std::optional<double>& operator[](CostKey key) const noexcept {
    return values_[static_cast<std::size_t>(key)];
  }

 private:
  std::array<std::optional<double>, cost_key_count> values_;
};

}  // namespace lightlane::plan

#pragma once
/// How demand grows over the years.

#include <cstdint>
#include <optional>
#include <string_view>

namespace lightlane::plan {

enum class GrowthKind : std::uint8_t {
  linear,    ///< p0 (1 + g y)
  compound,  ///< p0 (1 + g)^y
  logistic,  ///< K / (1 + (K - p0) / p0 exp(-g y))
};
std::string_view name(GrowthKind kind) noexcept;

struct GrowthModel {
  GrowthKind kind = GrowthKind::compound;
  double rate = 0;      ///< g, a year; above -1 for compound
  double capacity = 0;  ///< K, above 0; of the logistic one alone
};

/// Throws ConfigError where the model is outside its range, naming the member.
void check(const GrowthModel& model);
/// After `years` >= 0, from `start` >= 0. Linear growth that falls ends at 0.
double growth(const GrowthModel& model, double start, double years);
/// Years until `level` is reached, 0 where `start` is there; none where it never is.
std::optional<double> years_until(const GrowthModel& model, double start, double level);

}  // namespace lightlane::plan

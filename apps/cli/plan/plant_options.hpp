#pragma once
/// The plant between two ends, as flags: every verb that reckons a budget takes the same ones.

#include <optional>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/budget/budget.hpp"

namespace lightlane::cli {

struct PlantOptions {
  std::optional<double> length_m;
  std::string fibre;
  std::string attenuation = "max";  ///< max | planning | typical
  std::optional<double> attenuation_db_per_km;
  std::optional<int> connectors, splices;
  std::string connector, splice;
  std::optional<double> connector_loss_db, connector_reflectance_db, splice_loss_db;
  double attenuator_db = 0;
  std::optional<double> tdecq_db, extinction_ratio_db;
  double ageing_db = 0;
  std::optional<double> engineering_margin_db;
};

/// True where any flag was given.
bool any_given(const PlantOptions& options);
/// The question without its ends. ConfigError that names the flag.
plan::Question question_of(const PlantOptions& options);
/// Keys of the library as flags: length_m -> --length-m.
ErrorDetail as_flag(ErrorDetail detail);

/// Runs `run`, and names the flag in its ConfigError.
template <class Run>
auto with_flags(Run run) {
  try {
    return run();
  } catch (const ConfigError& error) {
    throw ConfigError(as_flag(error.detail()));
  }
}

}  // namespace lightlane::cli

#include "lightlane/plan/cost/growth.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/cost/cost_math.hpp"

namespace lightlane::plan {

std::string_view name(GrowthKind kind) noexcept {
  switch (kind) {
    case GrowthKind::linear:
      return "linear";
    case GrowthKind::compound:
      return "compound";
    case GrowthKind::logistic:
      return "logistic";
  }
  return "";
}

void check(const GrowthModel& model) {
  if (!(model.rate > -1 && model.rate <= 100))
    throw ConfigError(
        {"growth rate", fmt::format("is {:g}", model.rate), "above -1, at most 100 a year", ""});
  if (model.kind == GrowthKind::logistic && !(model.capacity > 0 && model.capacity <= 1e15)) {
    throw ConfigError({"growth capacity", fmt::format("is {:g}", model.capacity), "above 0, at most 1e15",
                       "where logistic growth ends"});
  }
}

double growth(const GrowthModel& model, double start, double years) {
  if (!(start > 0)) return 0;
  switch (model.kind) {
    case GrowthKind::linear:
      return std::max(0.0, start * (1 + model.rate * years));
    case GrowthKind::compound: {
      const double whole = std::floor(years);
      if (whole == years && whole <= 1000) return start * compounded(model.rate, static_cast<int>(whole));
      return start * math::exp(years * math::log1p(model.rate));
    }
    case GrowthKind::logistic: {
      const double k = model.capacity;
      return k / (1 + (k - start) / start * math::exp(-model.rate * years));
    }
  }
  return start;
}

std::optional<double> years_until(const GrowthModel& model, double start, double level) {
  if (start >= level) return 0;
  if (!(start > 0) || !(model.rate > 0)) return std::nullopt;
  switch (model.kind) {
    case GrowthKind::linear:
      return (level / start - 1) / model.rate;
    case GrowthKind::compound:
      return math::log(level / start) / math::log1p(model.rate);
    case GrowthKind::logistic: {
      const double k = model.capacity;
      if (level >= k) return std::nullopt;
      return math::log((k - start) / start * level / (k - level)) / model.rate;
    }
  }
  return std::nullopt;
}

}  // namespace lightlane::plan

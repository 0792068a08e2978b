#include "lightlane/math/statistics.hpp"

#include <fmt/format.h>

#include <boost/math/distributions/binomial.hpp>

#include "lightlane/base/error.hpp"

namespace lightlane::math {

RateInterval clopper_pearson(std::uint64_t errors, std::uint64_t trials, double confidence) {
  if (errors > trials) {
    throw ConfigError(
        {"errors", fmt::format("is {}", errors), fmt::format("0 to the {} trials", trials), ""});
  }
  if (!(confidence > 0.0 && confidence < 1.0)) {
    throw ConfigError({"confidence", fmt::format("is {}", confidence), "above 0, below 1", "0.95 is usual"});
  }
  if (trials == 0) return {0.0, 1.0};
  using Binomial = boost::math::binomial_distribution<double>;
  const double n = static_cast<double>(trials), k = static_cast<double>(errors),
               side = (1.0 - confidence) / 2.0;
  RateInterval interval;
  if (errors > 0) interval.lower = Binomial::find_lower_bound_on_p(n, k, side);
  if (errors < trials) interval.upper = Binomial::find_upper_bound_on_p(n, k, side);
  return interval;
}

}  // namespace lightlane::math

#include "lightlane/fec/error_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "lightlane/base/error.hpp"

namespace lightlane::fec {
namespace {

constexpr std::size_t max_states = 16;

void check_probability(const char* place, double value) {
  if (!(value >= 0.0 && value <= 1.0)) throw ConfigError({place, fmt::format("is {}", value), "0 to 1", ""});
}

/// The states that every state can reach: the only closed class, or none if there are several.
std::vector<std::size_t> recurrent_states(const ErrorProcess& process) {
  const std::size_t n = process.states();
  std::vector<std::uint32_t> reach(n);
  for (std::size_t r = 0; r < n; ++r) {
    reach[r] = 1u << r;
    for (std::size_t s = 0; s < n; ++s) {
      if (process.transition[r * n + s] > 0) reach[r] |= 1u << s;
    }
  }
  for (std::size_t via = 0; via < n; ++via) {
    for (std::size_t r = 0; r < n; ++r) {
      if (reach[r] >> via & 1) reach[r] |= reach[via];
    }
  }
  std::uint32_t common = ~0u;
  for (const std::uint32_t mask : reach) common &= mask;
  std::vector<std::size_t> states;
  for (std::size_t s = 0; s < n; ++s) {
    if (common >> s & 1) states.push_back(s);
  }
  return states;
}

}  // namespace

ErrorProcess independent_errors(double symbol_error_ratio) {
  check_probability("symbol_error_ratio", symbol_error_ratio);
  return {{1.0}, {symbol_error_ratio}};
}

ErrorProcess burst_errors(double symbol_error_ratio, double continuation) {
  check_probability("symbol_error_ratio", symbol_error_ratio);
  check_probability("burst_continuation", continuation);
  if (continuation <= symbol_error_ratio) return independent_errors(symbol_error_ratio);
  if (continuation == 1.0) {
    throw ConfigError({"burst_continuation", "is 1: a burst never ends", "0 to below 1", ""});
  }
  const double start = symbol_error_ratio * (1.0 - continuation) / (1.0 - symbol_error_ratio);
  return {{1.0 - start, start, 1.0 - continuation, continuation}, {0.0, 1.0}};
}

ErrorProcess gilbert_elliott(double good_to_bad, double bad_to_good, double error_good, double error_bad) {
  check_probability("good_to_bad", good_to_bad);
  check_probability("bad_to_good", bad_to_good);
  check_probability("error_good", error_good);
  check_probability("error_bad", error_bad);
  return {{1.0 - good_to_bad, good_to_bad, bad_to_good, 1.0 - bad_to_good}, {error_good, error_bad}};
}

void validate(const ErrorProcess& process) {
  const std::size_t n = process.states();
  if (n == 0 || n > max_states) {
    throw ConfigError({"error_process.error", fmt::format("has {} states", n), "1 to 16", ""});
  }
  if (process.transition.size() != n * n) {
    throw ConfigError({"error_process.transition", fmt::format("has {} entries", process.transition.size()),
                       fmt::format("{} for {} states", n * n, n), ""});
  }
  for (const double error : process.error) check_probability("error_process.error", error);
  for (std::size_t r = 0; r < n; ++r) {
    double sum = 0;
    for (std::size_t s = 0; s < n; ++s) {
      check_probability("error_process.transition", process.transition[r * n + s]);
      sum += process.transition[r * n + s];
    }
    if (std::abs(sum - 1.0) > 1e-12) {
      throw ConfigError({"error_process.transition", fmt::format("row {} sums to {}", r, sum), "1", ""});
    }
  }
  if (recurrent_states(process).empty()) {
    throw ConfigError({"error_process.transition", "has several classes of states that are never left", "one",
                       "the error ratio would depend on where the chain starts"});
  }
}

// Grassmann, Taksar and Heyman: elimination without a subtraction, so that rare states keep their digits.
std::vector<double> stationary(const ErrorProcess& process) {
  validate(process);
  const std::vector<std::size_t> states = recurrent_states(process);
  const std::size_t n = states.size();
  std::vector<double> p(n * n);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t s = 0; s < n; ++s)
      p[r * n + s] = process.transition[states[r] * process.states() + states[s]];
  }
  for (std::size_t k = n - 1; k > 0; --k) {
    double leave = 0;
    for (std::size_t s = 0; s < k; ++s) leave += p[k * n + s];
    for (std::size_t r = 0; r < k; ++r) {
      p[r * n + k] /= leave;
      for (std::size_t s = 0; s < k; ++s) p[r * n + s] += p[r * n + k] * p[k * n + s];
    }
  }
  std::vector<double> weight(n);
  weight[0] = 1;
  double total = 1;
  for (std::size_t k = 1; k < n; ++k) {
    for (std::size_t r = 0; r < k; ++r) weight[k] += weight[r] * p[r * n + k];
    total += weight[k];
  }
  std::vector<double> result(process.states(), 0.0);
  for (std::size_t k = 0; k < n; ++k) result[states[k]] = weight[k] / total;
  return result;
}

double slicer_error_ratio(const ErrorProcess& process) {
  const std::vector<double> share = stationary(process);
  double sum = 0;
  for (std::size_t s = 0; s < share.size(); ++s) sum += share[s] * process.error[s];
  return sum;
}

double fec_input_symbol_error_ratio(const ErrorProcess& process, bool precoding) {
  if (!precoding) return slicer_error_ratio(process);
  const std::vector<double> share = stationary(process);
  const std::size_t n = share.size();
  double sum = 0;
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t s = 0; s < n; ++s) {
      const double before = process.error[r], now = process.error[s];
      sum += share[r] * process.transition[r * n + s] * (before * (1.0 - now) + (1.0 - before) * now);
    }
  }
  return sum;
}

}  // namespace lightlane::fec

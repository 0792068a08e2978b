#include "lightlane/plan/acceptance/error_counting.hpp"

#include <algorithm>

#include "lightlane/math/elementary.hpp"
#include "lightlane/plan/budget/gamma.hpp"

namespace lightlane::plan {
namespace {

/// Mean of the Poisson distribution that has at most `errors` with probability 1 - confidence.
double proven_mean(double confidence, int errors) {
  if (errors == 0) return -math::log1p(-confidence);
  return gamma_quantile({errors + 1.0, 1.0}, 1 - confidence, true);
}

}  // namespace

double trials_to_prove(double ratio, double confidence, int errors) noexcept {
  return proven_mean(confidence, errors) / ratio;
}

double proven_ratio(double trials, double confidence, int errors) noexcept {
  return proven_mean(confidence, errors) / trials;
}

double ber_with_margin(double limit, double margin_db, bool pam4) noexcept {
  const double share = pam4 ? 0.75 : 1;
  const double at_limit = math::normal_tail_inverse(limit / share);
  return share * math::normal_tail(at_limit * math::from_db(margin_db));
}

double symbol_errors_above(const RsCode& code, double ber, int errors) noexcept {
  if (ber <= 0 || errors >= code.symbols) return 0;
  const double log_good = 10 * math::log1p(-ber);  // of a symbol
  const double log_bad = math::log(-math::expm1(log_good));
  double sum = 0;
  for (int k = code.symbols; k > errors; --k) {  // smallest first
    const double log_ways =
        log_gamma(code.symbols + 1.0) - log_gamma(k + 1.0) - log_gamma(code.symbols - k + 1.0);
    sum += math::exp(log_ways + k * log_bad + (code.symbols - k) * log_good);
  }
  return sum;
}

int highest_bin(const RsCode& code, double ber, double codewords) noexcept {
  int bin = 0;
  while (bin < code.symbols && symbol_errors_above(code, ber, bin) * codewords >= 1) ++bin;
  return bin;
}

}  // namespace lightlane::plan

#include "lightlane/plan/cost/cost_math.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "lightlane/math/elementary.hpp"

namespace lightlane::plan {
namespace {

constexpr double boltzmann_ev_per_k = 8.617333262e-5, zero_celsius_k = 273.15;
/// Years of 1e9 hours: FIT times this is the rate a year.
constexpr double fit_years = hours_per_year * 1e-9;

/// Terms of a Poisson distribution over the one at its mode, from `first` on, until they no longer count.
struct PoissonTerms {
  long first = 0;
  std::vector<double> terms;
  double sum = 0;
};

PoissonTerms poisson_terms(double mean) {
  constexpr double negligible = 1e-20;
  const long mode = static_cast<long>(std::floor(mean));
  std::vector<double> below, above = {1.0};
  double term = 1;
  for (long k = mode; k > 0; --k) {
    term *= static_cast<double>(k) / mean;
    if (term < negligible) break;
    below.push_back(term);
  }
  term = 1;
  for (long k = mode + 1;; ++k) {
    term *= mean / static_cast<double>(k);
    if (term < negligible) break;
    above.push_back(term);
  }
  PoissonTerms out;
  out.first = mode - static_cast<long>(below.size());
  out.terms.assign(below.rbegin(), below.rend());
  out.terms.insert(out.terms.end(), above.begin(), above.end());
  for (const double t : out.terms) out.sum += t;
  return out;
}

}  // namespace

double afr_of_fit(double fit) noexcept { return -math::expm1(-fit * fit_years); }
double fit_of_afr(double afr) noexcept { return -math::log1p(-afr) / fit_years; }
double fit_of_mtbf(double mtbf_hours) noexcept { return 1e9 / mtbf_hours; }

double arrhenius_factor(double activation_energy_ev, double reference_c, double operating_c) noexcept {
  const double from = 1 / (reference_c + zero_celsius_k), to = 1 / (operating_c + zero_celsius_k);
  return math::exp(activation_energy_ev / boltzmann_ev_per_k * (from - to));
}

double poisson_cdf(long k, double mean) {
  if (k < 0) return 0;
  if (!(mean > 0)) return 1;
  const PoissonTerms p = poisson_terms(mean);
  double sum = 0;
  for (std::size_t i = 0; i < p.terms.size() && p.first + static_cast<long>(i) <= k; ++i) sum += p.terms[i];
  return std::min(1.0, sum / p.sum);
}

long spares_for(double mean, double service_level) {
  if (!(mean > 0)) return 0;
  const PoissonTerms p = poisson_terms(mean);
  double sum = 0;
  for (std::size_t i = 0; i < p.terms.size(); ++i) {
    sum += p.terms[i];
    if (sum >= service_level * p.sum) return p.first + static_cast<long>(i);
  }
  return p.first + static_cast<long>(p.terms.size()) - 1;
}

double unavailability_of(double fit, double mttr_hours) noexcept {
  const double load = fit * 1e-9 * mttr_hours;
  return load / (1 + load);
}

double series_unavailability(const std::vector<double>& parts) noexcept {
  double log_up = 0;
  for (const double down : parts) log_up += math::log1p(-down);
  return -math::expm1(log_up);
}

double series_unavailability(double part, int count) noexcept {
  return -math::expm1(count * math::log1p(-part));
}

double parallel_unavailability(double path, int needed, int paths) noexcept {
  // Fewer than `needed` are up.
  double sum = 0, ways = 1;
  for (int up = 0; up < needed; ++up) {
    double term = ways;
    for (int i = 0; i < paths; ++i) term *= i < up ? 1 - path : path;
    sum += term;
    ways = ways * (paths - up) / (up + 1);
  }
  return sum;
}

double nines_of(double unavailability) noexcept {
  return unavailability > 0 ? -math::to_db(unavailability) / 10 : std::numeric_limits<double>::infinity();
}

double minutes_down_per_year(double unavailability) noexcept { return unavailability * hours_per_year * 60; }

double compounded(double rate, int years) noexcept {
  double product = 1;
  for (int y = 0; y < years; ++y) product *= 1 + rate;
  return product;
}

double annuity_factor(double rate, int years) noexcept {
  double sum = 0;
  for (int y = years; y > 0; --y) sum = (sum + 1) / (1 + rate);
  return sum;
}

double energy_kwh(double power_w, double years, double utilisation, double pue) noexcept {
  return power_w * (hours_per_year / 1000) * years * utilisation * pue;
}

}  // namespace lightlane::plan

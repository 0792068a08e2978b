#pragma once
/// The arithmetic of cost and reliability, as closed forms over plain numbers. Rates of money and growth are
/// shares a year (0.05 = 5 %), FIT are failures in 1e9 hours.

#include <vector>

namespace lightlane::plan {

inline constexpr double hours_per_year = 8760;

/// Share of units that fail within a year of constant rate: 1 - exp(-FIT 8.76e-6).
double afr_of_fit(double fit) noexcept;
/// The reverse; afr in [0, 1).
double fit_of_afr(double afr) noexcept;
double fit_of_mtbf(double mtbf_hours) noexcept;

/// How much faster parts fail at `operating_c` than at `reference_c`: exp(Ea/k (1/T1 - 1/T2)).
double arrhenius_factor(double activation_energy_ev, double reference_c, double operating_c) noexcept;

/// P(X <= k) of a Poisson variable; mean >= 0, k >= -1. Takes sqrt(mean) steps.
double poisson_cdf(long k, double mean);
/// Smallest stock s with P(X <= s) >= service_level; service_level in [0, 1).
long spares_for(double mean, double service_level);

/// Share of the time that a unit of that rate is down: rate MTTR / (1 + rate MTTR).
double unavailability_of(double fit, double mttr_hours) noexcept;
/// Of units of which every one is needed.
double series_unavailability(const std::vector<double>& parts) noexcept;
double series_unavailability(double part, int count) noexcept;
/// Of `paths` alike that fail and are mended independently, where `needed` must be up; 1 <= needed <= paths.
double parallel_unavailability(double path, int needed, int paths) noexcept;
/// -log10: 5 for 99.999 %; infinite at 0
double nines_of(double unavailability) noexcept;
double minutes_down_per_year(double unavailability) noexcept;

/// (1 + rate)^years
double compounded(double rate, int years) noexcept;
/// Present value of 1 at the end of each of `years` years.
double annuity_factor(double rate, int years) noexcept;

double energy_kwh(double power_w, double years, double utilisation = 1, double pue = 1) noexcept;

}  // namespace lightlane::plan

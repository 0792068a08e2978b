#pragma once
/// Total cost of ownership of any number of alternatives over the same years: what is bought, powered,
/// repaired, kept in stock, and how often it is down. Money is in one currency, whichever. Nothing is
/// invented: a price, a power or a failure rate that nobody gave leaves open what hangs on it; other figures
/// have defaults that the answer lists.
///
///   capex    = sum quantity price (1 - discount) + spares + cabling + work to install
///   energy_y = sum power 8.76 utilisation PUE price (1 + growth)^y
///   repair_y = failures (price (1 - share under warranty) + work) ; failures = quantity AFR
///   NPV      = capex + sum_y (energy + repair + downtime + maintenance) / (1 + rate)^y
///              - residual / (1 + rate)^Y
///
/// Costs of a year fall due at its end. AFR = 1 - exp(-8.76e-6 FIT AF), AF the Arrhenius factor between the
/// temperature of the FIT and that of the place. Spares are the smallest stock that lasts the lead time with
/// the service level (Poisson).

#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/cost/cost_terms.hpp"

namespace lightlane::plan {

/// What is bought several times.
struct TcoItem {
  std::string part;
  double quantity = 1;           ///< 0 to 1e9, whole
  std::optional<double> spares;  ///< whole; else by the service level
  std::optional<int> in_path;    ///< how many of them one path needs, 0 to 1000; else 1 of a lone item, and
                                 ///< of several none
  CostFigures figures;
};

struct TcoPlan {
  std::string name;
  std::vector<TcoItem> items;  ///< at least one
  int paths = 1, paths_needed = 1;
  CostFigures figures;
};

struct TcoQuestion {
  std::vector<TcoPlan> alternatives;  ///< at least one; others are set against the first
  int years = 5;                      ///< 1 to 100
  bool years_given = false;
  std::string currency = "$";
  CostFigures figures;
  std::optional<double> target_availability;  ///< 0 to 1: one link is to have
  double sensitivity = 0.2;                   ///< every figure is moved by this share, up and down; 0 to 1
  std::vector<Assumption> assumed;            ///< figures that are not the user's: the answer lists them
};

/// Of one link: `paths` alike of which `paths_needed` are needed, with what they share.
struct TcoAvailability {
  double unavailability = 0, nines = 0, minutes_per_year = 0;
  double availability() const noexcept { return 1 - unavailability; }
};

/// NaN where it is unknown, here and below.
struct TcoItemCost {
  std::string part;
  double quantity = 0, price = 0;          ///< of one, discount off
  double power_w = 0;                      ///< of one
  double fit = 0, afr = 0, arrhenius = 1;  ///< at the temperature that it works at
  double failures_per_year = 0;
  double spares = 0;
};

/// Year 0 is the purchase.
struct TcoYear {
  int year = 0;
  double capex = 0, energy = 0, repair = 0, downtime = 0, maintenance = 0, residual = 0;
  double total = 0, cumulative = 0;            ///< as paid
  double present = 0, cumulative_present = 0;  ///< discounted to year 0
};

struct TcoCost {
  std::string name;
  std::vector<TcoItemCost> items;
  double equipment = 0, spares_cost = 0, cabling = 0, installation = 0, capex = 0;
  double power_w = 0;                         ///< at the plugs, all together, when on
  double capex_known = 0, power_known_w = 0;  ///< of the parts whose price and power are known
  double kwh_per_year = 0, kwh = 0;
  double failures_per_year = 0, spares = 0;
  double energy = 0, repair = 0, downtime = 0, maintenance = 0, residual = 0;  ///< over all years
  double total = 0, npv = 0;
  std::vector<TcoYear> years;  ///< from year 0
  std::optional<TcoAvailability> availability;
};

/// First less this one: positive is a saving.
struct TcoSaving {
  double capex = 0, power_w = 0, kwh_per_year = 0, kwh = 0, energy = 0, repair = 0, total = 0, npv = 0;
  double capex_share = 0, energy_share = 0, total_share = 0, npv_share = 0;  ///< of the first's
  /// When its cumulative discounted cost crosses the first's, between the years by straight lines; none:
  /// within these years it does not.
  std::optional<double> break_even_year;
  bool cheaper_at_first = false, cheaper_at_end = false;
};

/// What one figure does to the saving (with one alternative: to its cost).
struct TcoSwing {
  std::string what;                        ///< "unit_price of 100GBASE-LR4", "pue"
  double base = 0, low = 0, high = 0;      ///< the figure, moved down and up, held within its range
  double npv_at_low = 0, npv_at_high = 0;  ///< saving or cost
  double swing() const noexcept {
    return npv_at_high > npv_at_low ? npv_at_high - npv_at_low : npv_at_low - npv_at_high;
  }
};

struct Tco {
  int years = 0;
  std::string currency;
  std::vector<TcoCost> alternatives;
  std::vector<TcoSaving> savings;  ///< of each; the first's are zero
  std::vector<std::vector<TcoSwing>>
      swings;                           ///< of each, the widest first; the first's only where it is alone
  std::optional<std::size_t> cheapest;  ///< by NPV; none: unknown
  std::optional<bool> target_met;
  std::vector<Reason> reasons;
  std::vector<std::string> unknown;  ///< what is not counted, or leaves a sum open
  std::vector<Assumption> assumed;
};

/// Throws ConfigError where a number is out of its range.
Tco tco(const TcoQuestion& question);

}  // namespace lightlane::plan

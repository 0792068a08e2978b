#pragma once
/// Any number of PMDs or modules side by side: signal, reach, power over temperature, margin over the same
/// plant, delay, cost, reliability, density, what they break out into. What the catalogue does not know stays
/// unknown; prices and failure rates are the caller's or absent.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/compare/rates.hpp"
#include "lightlane/plan/compare/typical_device.hpp"

namespace lightlane::plan {

/// A value with what it rests on; none: unknown.
struct ComparedValue {
  std::optional<double> value;
  std::optional<catalog::Confidence> confidence;  ///< none: the caller's own, or arithmetic
  std::string source;
};

struct CompareSubject {
  std::string name;                  ///< of a PMD or module, any that people use
  std::optional<double> unit_price;  ///< 0 to 1e9
  std::optional<double> power_w;     ///< typical, 0 to 1000; else the catalogue's
  std::optional<double> fit;         ///< 0 to 1e9
};

struct CompareQuestion {
  std::vector<CompareSubject> subjects;
  Question plant;                  ///< of plan/budget; its ends are left out
  double case_temperature_c = 45;  ///< -60 to 150, that the power by typical devices is shown at
  bool temperature_given = false;
  double degradation_percent = 0;         ///< 0 to 90: the signal's OMA is smaller by so much
  double low_c = 0, high_c = 70;          ///< of the curve
  std::optional<int> cages;               ///< in one switch, 1 to 10000
  const catalog::Switch* host = nullptr;  ///< counts its cages that they fit, instead
  double years = 5;                       ///< for the share that outlives them
};

/// In the cages of one switch.
struct ComparedDensity {
  int cages = 0;
  double capacity_tbps = 0;
  int ports_100g = 0;
  std::optional<double> typical_w, max_w;  ///< of the modules
};

struct ComparedType {
  std::string name;  ///< as asked for
  const catalog::Pmd* pmd = nullptr;
  const catalog::Module* module = nullptr;  ///< null where a PMD was named
  int ports = 1;                            ///< of that PMD in the module
  double rate_gbps = 0;                     ///< of all of them

  std::optional<double> line_rate_gbps;  ///< of one port, all lanes
  std::optional<CodeRate> code;
  std::optional<double> symbol_period_ps, receiver_bandwidth_ghz;
  std::optional<double> level_penalty_electrical_db, level_penalty_optical_db;
  std::vector<catalog::Reach> reach;

  ComparedValue typical_w, max_w;   ///< of the module
  std::optional<PowerCurve> curve;  ///< by typical devices; none: unknown
  std::optional<double> curve_w;    ///< at the case temperature
  ComparedValue case_max_c;
  std::optional<double> typical_mw_per_gbps, max_mw_per_gbps;

  std::optional<Budget> budget;  ///< over the plant, to itself
  std::string no_budget;         ///< why there is none
  std::vector<DelayTerm> delay;
  std::optional<double> delay_ns;

  std::optional<double> unit_price, price_per_gbps;
  std::optional<double> fit, afr, survival;  ///< share without a failure over the years
  ComparedDensity density;
  std::vector<std::string> breakout, form_factors, management;  ///< management: codes

  std::optional<double> margin_db() const noexcept;  ///< the smaller of both directions'
};

struct Comparison {
  double length_m = 0;
  double degradation_db = 0;  ///< -10 log10(1 - degradation), taken from every margin
  double case_temperature_c = 0, years = 0;
  double low_c = 0, high_c = 0;
  std::vector<ComparedType> types;
  /// Of the types: who has most margin, least power, delay, price. None: unknown for one of them.
  std::optional<std::size_t> most_margin, least_power, least_delay, least_price;
  std::vector<Reason> reasons;
  std::vector<Assumption> assumed;
};

/// Throws ConfigError where a name means nothing or a number is out of its range.
Comparison compare(const CompareQuestion& question);

/// Margin over length, `points` of them from 0 to `longest_m`; NaN where it is unknown.
std::vector<std::pair<double, double>> margin_curve(const CompareQuestion& question, const ComparedType& type,
                                                    double longest_m, int points);

}  // namespace lightlane::plan

#pragma once
/// Closure identities: limits of a PMD that follow from others of it. What does not close is a misprint,
/// another document's value, or an exception that the data name with its reason.

#include <span>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

struct ClosureRule {
  std::string_view name;     ///< "power_budget": the key of an exception
  std::string_view meaning;  ///< the identity in words
  double tolerance;          ///< half of the last digit that is printed
};
std::span<const ClosureRule> closure_rules() noexcept;

struct Closure {
  const Pmd* pmd = nullptr;
  const ClosureRule* rule = nullptr;
  double computed = 0, printed = 0;
  bool holds = false;
  std::string_view exception;  ///< the reason that the data give; empty: none

  /// It holds, or does not and is named as an exception. An exception that is none is wrong too.
  bool good() const noexcept { return holds == exception.empty(); }
};

/// Every identity of every PMD whose values are known.
std::vector<Closure> closures(const Tables& tables = builtin());

/// Extremes of the chromatic dispersion [ps/nm] of a fibre as 802.3 reckons limits: S0 / 4 lambda (1 -
/// (lambda0 / lambda)^4) L with S0 = 0.093 ps/(nm2 km), lambda0 from 1300 nm (largest) to 1324 nm (smallest).
double limit_dispersion_min_ps_nm(double wavelength_nm, double length_m) noexcept;
double limit_dispersion_max_ps_nm(double wavelength_nm, double length_m) noexcept;

}  // namespace lightlane::catalog

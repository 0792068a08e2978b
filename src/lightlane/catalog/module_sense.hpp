#pragma once
/// What modules and cages must keep to: their form factor's lanes, their PMD, their power class.

#include <string>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

struct ModuleFault {
  const Module* module = nullptr;  ///< or
  const Cage* cage = nullptr;
  std::string text;  ///< "draws 13 W, above the 12 W of power class 6"
};

/// Lanes and their rate against the form factor and the rate of the PMD, form factor against the PMD's, power
/// against its class, applications against lanes and codes; a cage against its own form factor. `known`: where
/// names are found that `tables` has not.
std::vector<ModuleFault> module_faults(const Tables& tables, const Tables& known);

}  // namespace lightlane::catalog

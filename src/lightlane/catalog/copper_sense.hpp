#pragma once
/// What direct-attach cables must keep to: the lanes of their form factors, their type, both ends alike.

#include <string>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::catalog {

struct DirectAttachFault {
  const DirectAttach* cable = nullptr;
  std::string text;  ///< "end b has 8 lanes, above the 4 of QSFP56"
};

/// Lanes and their rate against form factor, type and MAC rate; without a gearbox the legs together have the
/// lanes of end a, at its rate. `known`: where names are found that `tables` has not.
std::vector<DirectAttachFault> direct_attach_faults(const Tables& tables, const Tables& known);

}  // namespace lightlane::catalog

#pragma once
/// Inside of fabric(): ends of links by rate, sizes, then every link with its cable.

#include <string>
#include <vector>

#include "lightlane/plan/fabric/fabric.hpp"

namespace lightlane::plan {

/// An end of a link, resolved.
struct FabricEnd {
  FabricOptic optic;
  std::string part;
  int links = 1;            ///< of one module
  int connector_links = 1;  ///< of one of its connectors; more than 1: a harness
};

struct FabricEndPair {
  FabricEnd lower, upper;
  int gbps = 0;
};

/// Modules for links of `gbps` between cages of these rates; 0: a port of a host. What is given is kept.
/// Throws ConfigError, naming `place`, where no module is known or it cannot be.
FabricEndPair ends_of(const FabricEnds& given, int lower_cage_gbps, int upper_cage_gbps, int gbps,
                      const std::string& place);
/// Whether ends_of() has an answer.
bool has_ends(const FabricEnds& given, int lower_cage_gbps, int upper_cage_gbps, int gbps);

/// The sizes: everything of the fabric that does not need cables.
struct FabricSizes {
  FabricEndPair host, leaf, core;
};
FabricSizes size_fabric(Fabric& f);

/// Cables, modules, budgets, bill, power, cost.
void fill_links(Fabric& f, const FabricSizes& sizes);
void fill_bill(Fabric& f, const FabricSizes& sizes);
void fabric_verdict(Fabric& f);

/// How a link of that length is made.
enum class Medium : std::uint8_t { optical, dac, aoc };
Medium medium_of(const FabricQuestion& q, const FabricEndPair& ends, double length_m) noexcept;

}  // namespace lightlane::plan

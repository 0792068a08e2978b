#pragma once
/// What a typical profile must keep to where the limits are known: its PMD's launch, its reach, its channel.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/catalog/loader.hpp"

namespace lightlane::catalog {

struct Inconsistency {
  const Profile* profile = nullptr;
  std::string text;  ///< "launches an OMA of 5 dBm, above the limit of 4.2 dBm"
};

/// Launch OMA, extinction ratio and average power against the transmitter's limits, length against the
/// longest reach of the fibre's kind, and typical loss of fibre and joints against the channel's. `known`:
/// where names are found that `tables` has not.
std::vector<Inconsistency> inconsistencies(const Tables& tables, const Tables& known);

/// Typical loss [dB] of a profile's fibre, connectors and splices at the lane that loses most; nothing where
/// a value is missing.
std::optional<double> typical_loss_db(const Profile& profile, const Tables& tables, const Tables& known);

/// Identities that do not close, exceptions that are none, inconsistencies, and faults of modules and cages
/// (module_sense.hpp) and of direct-attach cables (copper_sense.hpp), at the lines of their entries.
std::vector<Problem> sense_problems(const Loaded& loaded, const Tables& known);

}  // namespace lightlane::catalog

#pragma once
/// From a question to the terms of the core: defaults filled in, limits looked up, what is unknown named.
/// Resolve once, evaluate (lane_budget.hpp) as often as wanted.

#include <string>
#include <vector>

#include "lightlane/plan/budget/budget.hpp"

namespace lightlane::plan {

/// One direction. `lanes` point into `segments`: it moves, and is not copied.
struct DirectionTerms {
  DirectionTerms() = default;
  DirectionTerms(DirectionTerms&&) = default;
  DirectionTerms& operator=(DirectionTerms&&) = default;

  const catalog::Pmd* from = nullptr;
  const catalog::Pmd* to = nullptr;
  std::vector<SegmentTerms> segments;  ///< of lane 0, of lane 1, ...
  std::vector<LaneTerms> lanes;
  std::vector<int> lane_numbers;
  std::vector<double> nominal_nm;
  PlantTerms plant;
  double launch_oma_dbm = 0, sensitivity_dbm = 0;  ///< NaN: unknown
  std::vector<std::string> unknown;                ///< whatever the margin hangs on
  std::vector<std::string> unknown_penalties;      ///< without them the margin is a bound from above
  double reach_limit_m = 0;                        ///< beyond, there are unknown penalties
  std::string unknown_headroom;                    ///< what the overload margin hangs on; empty: known
};

struct LinkTerms {
  Question question;  ///< with every default filled in
  std::vector<double> lengths_m;
  DirectionTerms there, back;
  std::optional<double> rated_reach_m;
};

/// "TDECQ", "TDP"
std::string metric_name(const catalog::Pmd& pmd);

/// Lanes of different wavelengths on one fibre.
bool wavelength_multiplexed(const catalog::Pmd& pmd);

/// Reasons why no light of `from` can be understood by `to`, whatever the loss; empty: none.
std::vector<Reason> incompatibilities(const catalog::Pmd& from, const catalog::Pmd& to);

/// ConfigError where a number of the plant or its reserves is out of range.
void check_ranges(const Question& question);

/// The question with its defaults. ConfigError as budget().
Question completed(const Question& question, Ledger& ledger);

/// Connectors and splices of a completed question: each has a type, a count and a loss.
std::vector<Joint> joints(const Question& completed);

/// ConfigError as budget(). The PMDs must have no incompatibilities.
LinkTerms resolve(const Question& question, Ledger& ledger);

/// The catalogue's mated pair of that kind, of standard loss.
const catalog::Connector& mated_pair(catalog::PmdConnector connector, catalog::Polish polish,
                                     catalog::FibreKind fibre);

/// Longest distance that a standard names for the fibre, engineered links left out; none: it names none.
std::optional<double> rated_reach_m(const catalog::Pmd& pmd, const catalog::Fibre& fibre);

/// A fibre's coefficient at a wavelength: of the nearest entry of the table, carried over by Rayleigh
/// scattering, as Fibre::typical_attenuation_db_per_km. Where the kind that is asked for is unknown, the next
/// larger one. Nothing beyond 60 nm of the nearest entry.
catalog::Limit attenuation_db_per_km(const catalog::Fibre& fibre, double wavelength_nm, Attenuation which);

}  // namespace lightlane::plan

#pragma once
/// Which optic? Every type and module of the catalogue held against what is required, ranked, each with the
/// reasons for and against it: `lightlane select`.

#include <optional>
#include <string>
#include <vector>

#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::plan {

struct Price {
  std::string name;  ///< a PMD, or a module, which goes before its PMD
  double each = 0;   ///< in whatever currency
};

/// Of the module of an end, else of its PMD; none where nothing says.
std::optional<double> price_of(const LinkEnd& end, const std::vector<Price>& prices);

/// What ranks those that pass alike.
enum class RankBy : std::uint8_t { price, power, margin };
std::string_view name(RankBy by) noexcept;

struct Requirements {
  int rate_gbps = 0;  ///< MAC rate of a port; 0: any
  Question plant;     ///< without ends
  catalog::PmdConnector plant_connector =
      catalog::PmdConnector::unknown;    ///< what the plant ends in; unknown: any
  std::optional<int> fibres;             ///< that are there
  LinkEnd seat;                          ///< host, port and cage of the near end; its PMD is not read
  std::optional<LinkEnd> far;            ///< what is at the other end already; none: the same
  std::optional<double> power_max_w;     ///< of a module
  std::optional<double> latency_max_ns;  ///< of fibre and FEC
  std::optional<double> price_max;
  std::optional<double> case_temperature_c;  ///< that the module has to stand
  std::vector<Price> prices;
  std::optional<RankBy> rank_by;  ///< none: price where every candidate that passes has one, else power
};

struct Candidate {
  LinkEnd end;
  InteropVerdict verdict = InteropVerdict::no;
  std::vector<Reason> reasons;  ///< of interop(), then REACH RATE CONNECTOR FIBRE_COUNT POWER LATENCY PRICE
                                ///< TEMPERATURE of the requirements; worst first
  std::optional<double> margin_db;  ///< the smaller of both directions
  std::optional<double> reach_m;
  std::optional<double> power_max_w, power_typical_w;
  std::optional<double> price;
  double latency_ns = 0;  ///< at least: fibre, and the time that a codeword of its FEC takes to come in
  int children = 1;
  int ports = 1;  ///< of that PMD in the module; power is ranked by port
};

struct Selection {
  std::vector<Candidate> candidates;  ///< best first; those that are refused last
  RankBy ranked_by = RankBy::power;
  std::vector<Assumption> assumed;
};

/// ConfigError where a number is out of range, or a price names nothing. Some milliseconds.
Selection select(const Requirements& requirements);

/// Time until the last symbol of the codewords that are interleaved has come in [ns]: no decoder is faster. 0
/// without FEC. 400GBASE-R and 200GBASE-R interleave two codewords, 100G types have one (clauses 119, 91).
double fec_latency_floor_ns(const catalog::Pmd& pmd) noexcept;
/// Of the fibre [ns], from its group index, 1.468 where the catalogue has none.
double fibre_latency_ns(const Question& plant, double length_m) noexcept;

}  // namespace lightlane::plan

#pragma once
/// Yield: how many links of a kind would close, where joints and fibre are as they are instead of at their
/// worst. Every fibre of a link draws its own losses (wavelengths of one fibre share them), every lane its
/// own transmitter and receiver; a link closes where every lane of both directions does. Of a four-lane
/// module that is broken out, the link is all four.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lightlane::plan {

struct Ledger;
struct LinkTerms;
struct Question;

struct YieldConfig {
  int draws = 100000;      ///< 100 to 10,000,000
  std::uint64_t seed = 1;  ///< the same seed gives the same draws, whatever else runs
  /// Transmitters and receivers: how much better than their limits on average, and one standard deviation
  /// (normal), per lane. At their limits unless something is known of them.
  double transmitter_better_db = 0, transmitter_sigma_db = 0;
  double receiver_better_db = 0, receiver_sigma_db = 0;
};

/// Of the limiting lane, ranked by variance.
struct Contributor {
  std::string name;
  double mean_db = 0, sigma_db = 0;  ///< of its loss
  double variance_share = 0;
  std::string distribution;  ///< "gamma, mean 0.35, 97 % 0.75 dB each"
};

struct Yield {
  int draws = 0;
  std::uint64_t seed = 0;
  double mean_db = 0, sigma_db = 0;  ///< of the smallest margin of a link
  double median_db = 0, p1_db = 0, p0_1_db = 0;
  int failing = 0;  ///< draws of negative margin
  std::vector<Contributor> contributors;

  double failing_share() const noexcept { return static_cast<double>(failing) / draws; }
};

/// None where a margin is unknown. Losses that the question gives are taken as they are; those of the
/// catalogue are gamma-distributed joints (mean: typical, 97 %: largest) and normal attenuation (mean:
/// typical, three standard deviations: largest). What was assumed for that goes to the ledger.
std::optional<Yield> yield(const LinkTerms& link, const Question& asked, const YieldConfig& config,
                           Ledger& ledger);

}  // namespace lightlane::plan

#pragma once
/// The commissioning recipe of a link: what to clean, measure, set and count, in order, and what to see each
/// time: `lightlane acceptance`. Everything comes from the catalogue, from the link's budget and from
/// interop(); a limit that nobody knows is named as unknown.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/plan/interop/interop.hpp"

namespace lightlane::plan {

struct AcceptanceConfig {
  double confidence = 0.95;        ///< of what counting proves; 0.5 to 0.999999
  std::optional<double> ber;       ///< to prove; else what the standard wants behind the FEC, or without one
  int errors = 0;                  ///< that may be seen while proving it; 0 to 1000
  double soak_h = 24;              ///< 0 to 10,000
  double pre_fec_margin_db = 1.0;  ///< wanted between pre-FEC BER and its limit [optical dB]; 0 to 6
};

/// ConfigError that names what is out of range.
void check_acceptance(const AcceptanceConfig& config);

/// Both ends of a range; none: open, or unknown where `unknown` says so.
struct AcceptanceRange {
  std::optional<double> low, high;
  bool any() const noexcept { return low || high; }
};

/// One thing to see.
struct AcceptanceCheck {
  std::string what;   ///< "insertion loss at 1310 nm"
  std::string where;  ///< "A to B", "lane 2 of A"; may be empty
  std::string_view unit;
  std::string see;                 ///< where it is no number: "comes out at position 12"
  std::optional<double> expected;  ///< most likely value
  AcceptanceRange range;           ///< expected to lie within, by the budget
  AcceptanceRange pass;
  std::string_view
      confidence;       ///< "sure", "likely", "unverified"; empty: arithmetic, or the program's default
  std::string source;   ///< of `pass`
  std::string unknown;  ///< what would have to be known for a limit
};

enum class AcceptanceTask : std::uint8_t {
  conditions,  ///< only where interop() has some
  clean,
  polarity,
  loss,
  reflectance,
  power,
  setup,
  bert,
  soak,
  alarms,
  record,
};
std::string_view name(AcceptanceTask task) noexcept;  ///< "clean", "polarity" ...

struct AcceptanceStep {
  AcceptanceTask task = AcceptanceTask::clean;
  std::string title, instrument;
  std::vector<std::string> actions;
  std::vector<AcceptanceCheck> checks;
};

struct Acceptance {
  AcceptanceConfig config;
  Interop interop;
  /// In order; empty where interop() refuses the link: its reasons say why.
  std::vector<AcceptanceStep> steps;
};

/// Throws ConfigError where the question or the configuration is out of range. Some 100 microseconds.
Acceptance acceptance(const InteropQuestion& question, const AcceptanceConfig& config = {});

}  // namespace lightlane::plan

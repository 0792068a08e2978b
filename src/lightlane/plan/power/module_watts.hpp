#pragma once
/// Power of one module: typical, largest, by class, by component, with lanes switched off, and per bit.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"

namespace lightlane::plan {

/// Power of a component, of all that the module has of it; from low to high where it is a range.
struct ComponentWatts {
  std::string name;
  double low_w = 0, high_w = 0;
};

/// A module's power as the sum of its components.
struct ComponentSplit {
  std::string_view pmd;  ///< of which PMD's modules
  std::vector<ComponentWatts> parts;
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::string source, note;
  double low_w() const noexcept;
  double high_w() const noexcept;
};

/// Largest power with so many media lanes in use.
struct LaneMode {
  std::string_view module;
  int lanes = 0;
  double power_max_w = 0;
  catalog::Confidence confidence = catalog::Confidence::unverified;
  std::string source;
};

/// data/power/models.toml.
std::span<const ComponentSplit> published_splits();
std::span<const LaneMode> lane_modes();

/// Which of a module's figures a plan counts.
enum class PowerBasis : std::uint8_t { typical, max, module_class };
std::string_view name(PowerBasis basis) noexcept;  ///< "typical", "max", "class"

struct ModuleWatts {
  const catalog::Module* module = nullptr;
  const catalog::Pmd* pmd = nullptr;  ///< null: not in the catalogue
  double rate_gbps = 0;               ///< MAC rate of all its ports; 0: unknown
  int media_lanes = 0;                ///< of all its ports; 0: unknown
  std::optional<catalog::Value> typical_w, max_w, class_w;
  int class_number = 0;                       ///< 0: unknown
  const ComponentSplit* published = nullptr;  ///< null: no guide says
  std::optional<ComponentSplit> devices;      ///< of the catalogue's typical devices, at their reference
                                              ///< temperature; none: no profile, or several ports
  std::vector<LaneMode> modes;

  /// By the basis; where that figure is unknown, by the next that is: max for class, class for max, the
  /// PMD's range, typical for the others last. None: nothing is known.
  struct Used {
    double watts = 0;
    std::string what;  ///< "largest", "class 6", "typical" ...
    catalog::Confidence confidence = catalog::Confidence::unverified;
    std::string source;
  };
  std::optional<Used> used(PowerBasis basis) const;
};

ModuleWatts module_watts(const catalog::Module& module);

/// mW of each Gb/s. None where rate is not positive.
std::optional<double> mw_per_gbps(double watts, double gbps) noexcept;

}  // namespace lightlane::plan

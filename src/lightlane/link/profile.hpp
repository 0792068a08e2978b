#pragma once
/// Typical links: what the catalogue's profile of a PMD says of transmitter, plant, receiver and DSP.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/link/scenario.hpp"

namespace lightlane::link {

/// The PMDs at the two ends, and the devices that a scenario's names stand for.
struct Devices {
  const catalog::Pmd* pmd = nullptr;       ///< of the sending side
  const catalog::Pmd* far_pmd = nullptr;   ///< of the receiving side
  const catalog::Profile* profile = nullptr;
  const catalog::Profile* far_profile = nullptr;
  const catalog::Device* transmitter = nullptr;
  const catalog::Device* receiver = nullptr;
  const catalog::Device* dsp = nullptr;    ///< of the receiving side; its DAC share is the sending side's
  const catalog::Device* sender_dsp = nullptr;
  const catalog::Fibre* fibre = nullptr;
};

/// Throws ConfigError naming the key: a PMD that the catalogue has no light for (coherent ones: with the reason), unequal
/// signalling of the two PMDs, an unknown device or fibre.
Devices devices_of(const Scenario& scenario);

/// Typical value, spread and temperature coefficient behind a key such as "tx.rin_db_per_hz"; none where the catalogue has
/// none.
std::optional<catalog::TypicalValue> typical_value(const Devices& devices, std::string_view path);

/// Sets every key of tx, plant, rx and dsp that the profiles and devices of link.pmd, link.far_pmd, tx.device, rx.device,
/// dsp.device and plant.fibre know.
void apply_profile(Scenario& scenario);

/// The typical link of a PMD.
Scenario typical_scenario(std::string_view pmd);

/// A scenario as a user gives it: file (empty: none) and assignments, over the typical link of the PMD and devices that
/// they name. `with_light` false: no profile is asked for.
Scenario build_scenario(const std::string& file, std::span<const std::string> assignments, std::string_view default_capture,
                        bool with_light);

}  // namespace lightlane::link

#pragma once
/// Power and heat of a switch with its modules: what each module and the whole draws, whether ports, supplies
/// and air can take it, and how warm the modules get.
///
///     wall = (base + modules + fans x speed^3) / efficiency
///     supplies: wall <= (count - failed) x rating
///     air:      rise [K] = 1.76 P [W] / Q [CFM] / (rho(h) / rho(0)),  rho(h) / rho(0) = exp(-h / 8435 m)
///     module:   case = inlet + rise by what lies upstream + P Rth,  Rth = R0 (v0 rho(0) / (v rho(h)))^n
///
/// R0 is calibrated on one published figure and is unverified: case temperatures are estimates, and say so.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lightlane/catalog/catalog.hpp"
#include "lightlane/plan/answer.hpp"
#include "lightlane/plan/budget/budget.hpp"
#include "lightlane/plan/power/module_watts.hpp"

namespace lightlane::plan {

enum class Airflow : std::uint8_t { front_to_rear, rear_to_front };  ///< front: where the modules are
std::string_view name(Airflow airflow) noexcept;
/// Throws ConfigError, naming `place`.
Airflow airflow_named(std::string_view word, const std::string& place);

/// "1-32", "1,3,5-9", "1-61/4" (every fourth): in ascending order, each once. Throws ConfigError, naming
/// `place`, where it is none or a number is above 1024.
std::vector<int> port_list(std::string_view text, const std::string& place);
/// The other way, short.
std::string port_text(const std::vector<int>& ports);

/// Ports with the same module in the same use.
struct PortLoad {
  std::vector<int> ports;
  const catalog::Module* module = nullptr;
  std::optional<int> lanes;       ///< media lanes in use; none: all
  double utilisation = 1;         ///< share of its power that it draws, 0 to 1
  std::optional<double> power_w;  ///< as measured; else by the basis
};

struct PowerQuestion {
  const catalog::Switch* device = nullptr;  ///< null: `ports` alike, by the fields below
  int ports = 0;                            ///< 1 to 1024
  double rate_gbps = 0;                     ///< of each; 0: of the first load's module
  const catalog::Cage* cage = nullptr;      ///< null: whatever the modules fit
  std::optional<double> port_power_max_w;   ///< of each; with a device: where the catalogue has none
  std::vector<PortLoad> loads;
  PowerBasis basis = PowerBasis::max;

  std::optional<double> base_w;  ///< without modules, behind the supplies; fans contained unless fan_w
  std::optional<double> fan_w;   ///< all fans at full speed
  double fan_speed = 1;          ///< 0.1 to 1
  std::optional<double> optics_allowance_w;  ///< that the maker allows for all modules together
  std::optional<int> supplies;
  std::optional<double> supply_w;  ///< rating of one
  int supplies_failed = 1;
  std::optional<double> efficiency;  ///< 0.5 to 1

  std::optional<double> inlet_c, altitude_m;
  std::optional<double> cfm;        ///< through the whole switch, fans at full speed
  std::optional<double> speed_mps;  ///< at the modules, fans at full speed
  Airflow airflow = Airflow::front_to_rear;
  std::vector<Airflow> neighbours;                     ///< of the other devices in the row
  std::optional<int> depth;                            ///< modules one behind another in a stream of air
  std::optional<double> resistance_k_per_w, exponent;  ///< R0 at 3.5 m/s, n
};

struct PowerSlot {
  int port = 0;
  const catalog::Module* module = nullptr;
  double power_w = 0;
  std::optional<double> limit_w;  ///< of the port
  double upstream_k = 0;          ///< by which the air is warmer than at the inlet
  double case_c = 0;
  double case_max_c = 0;  ///< of the module
  double headroom_k = 0;  ///< to that
  double warning_k = 0;   ///< to 75 C, where real modules warn and may throttle
};

/// Modules in every other port against all of them.
struct AlternateSlots {
  std::vector<int> ports;
  double optics_w = 0;
  double hottest_c = 0;
};

struct SupplyAnswer {
  int count = 0, failed = 0;
  double rating_w = 0;
  double available_w = 0;             ///< with so many failed
  std::optional<double> margin_w;     ///< that less the wall power; none: base power unknown
  std::optional<double> base_room_w;  ///< what the base may draw at most, behind the supplies
};

struct AirAnswer {
  double cfm = 0, speed_mps = 0;
  double density = 1;  ///< over that at sea level
  double rise_k = 0;   ///< of all air, by all power that is known
  double exhaust_c = 0;
  double resistance_k_per_w = 0;  ///< case to air, at this speed and density
};

struct PowerAnswer {
  Verdict verdict = Verdict::unknown;
  catalog::Confidence confidence =
      catalog::Confidence::sure;  ///< the least of the figures of power; temperatures are unverified always
  int ports = 0, populated = 0;
  double capacity_gbps = 0;  ///< of all ports; 0: unknown
  double optics_w = 0;
  std::optional<double> optics_typical_w, optics_max_w, optics_class_w;  ///< none: unknown for some
  std::optional<double> optics_mw_per_gbps;
  std::optional<double> base_w, fan_w, switch_w, wall_w, wall_mw_per_gbps;
  double efficiency = 0;
  std::optional<SupplyAnswer> supply;
  AirAnswer air;
  std::vector<PowerSlot> slots;                  ///< those with a module, by port
  std::size_t hottest = 0;                       ///< of slots
  double hottest_low_c = 0, hottest_high_c = 0;  ///< with 2.5 and 3 K/W, or the given resistance
  std::optional<AlternateSlots> alternate;
  std::vector<ModuleWatts> modules;  ///< each kind once
  std::vector<Reason> reasons;
  std::vector<Assumption> assumed;
  std::vector<std::string> unknown;  ///< what would have to be known
};

/// Throws ConfigError where a number is out of range, a port does not exist or has two modules, or nothing is
/// known of a module's power.
PowerAnswer power_answer(const PowerQuestion& question);

/// Power of a switch without modules, behind its supplies, as its supplies are planned for (catalogue);
/// nothing where that is unknown.
std::optional<double> base_watts(const catalog::Switch& device, double efficiency) noexcept;

/// 1.76 P / Q / density: of air that takes up `watts`.
double air_rise_k(double watts, double cfm, double density) noexcept;
/// Of air at an altitude, over that at sea level.
double air_density(double altitude_m) noexcept;
/// Default of the supplies' efficiency.
inline constexpr double supply_efficiency = 0.93;

}  // namespace lightlane::plan

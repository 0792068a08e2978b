#pragma once
/// Inside of power_answer(): the question with everything filled in, and the checks that make the verdict.

#include <map>
#include <string>
#include <vector>

#include "lightlane/plan/power/power.hpp"
#include "lightlane/plan/power/thermal.hpp"

namespace lightlane::plan {

/// The answer while it grows.
class PowerReview {
 public:
  PowerReview(const PowerQuestion& question, PowerAnswer& answer) : q(question), a(answer) {}

  void ports();  ///< slots with their modules, powers and limits
  void sums();   ///< of the modules, by basis
  void wall();   ///< base, fans, supplies
  void air();    ///< temperatures
  void verdict();

 private:
  void say(Severity severity, std::string_view code, std::string text, std::string cure = "");
  void assume(std::string what, std::optional<double> value, std::string_view unit, std::string source);
  const ModuleWatts& kind_of(const catalog::Module& module);
  double load_power(const PortLoad& load);
  std::optional<double> port_limit(int port);
  void check_cage(const PortLoad& load);
  void check_limits();
  void check_supplies();
  void check_temperatures(const AirPath& path);
  std::string temperature_cure(const AirPath& path, double excess_k) const;
  AirPath path_of();
  void slot_heat(const AirPath& path);
  void check_air_row();
  void alternate_slots(const AirPath& path);

  const PowerQuestion& q;
  PowerAnswer& a;
  std::vector<int> numbers_;          ///< of all ports, in the order of the front panel
  std::vector<double> watts_;         ///< by index of numbers_
  std::map<int, std::size_t> index_;  ///< of a port's number
};

}  // namespace lightlane::plan

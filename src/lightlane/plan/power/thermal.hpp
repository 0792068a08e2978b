#pragma once
/// Heat of the modules of a switch in its air; power.hpp has the formulas.

#include <vector>

namespace lightlane::plan {

struct AirPath {
  double inlet_c = 25;
  double cfm = 100;          ///< of all streams together, each has the same share
  double speed_mps = 3.5;    ///< at the modules
  double density = 1;        ///< over that at sea level
  double resistance = 2.75;  ///< R0 [K/W] at 3.5 m/s
  double exponent = 0.65;
  int depth = 1;          ///< modules one behind another
  bool reversed = false;  ///< the last of a stream is first in the air, behind the rest of the switch
  double first_w = 0;     ///< power in all air before it meets the modules
};

struct ModuleHeat {
  double upstream_k = 0, case_c = 0;
};

/// `watts`: of each port in the order of the front panel, 0 where it is empty.
std::vector<ModuleHeat> module_heat(const AirPath& air, const std::vector<double>& watts);
/// Case to air [K/W], at the speed and density of the air.
double case_resistance(const AirPath& air);

}  // namespace lightlane::plan

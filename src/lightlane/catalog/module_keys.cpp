#include "lightlane/catalog/schema.hpp"

namespace lightlane::catalog {
namespace {

template <class Owner, Limit Owner::*Member>
struct Of {
  static const Limit& get(const Owner& owner) { return owner.*Member; }
  static Limit& slot(Owner& owner) { return owner.*Member; }
};

#define KEY(Owner, key, unit, meaning, lo, hi) \
  { "", #key, unit, meaning, lo, hi, &Of<Owner, &Owner::key>::get, &Of<Owner, &Owner::key>::slot }

constexpr LimitKey<FormFactor> form_factor_table[] = {
    KEY(FormFactor, host_lanes, "", "host lanes of each direction", 1, 32),
    KEY(FormFactor, host_lane_rate_max_gbps, "Gb/s", "line rate of a host lane, FEC included, at most", 1,
        500),
};
constexpr LimitKey<PowerClass> power_class_table[] = {
    KEY(PowerClass, max_w, "W", "power of a module of this class, at most", 0.1, 100),
};
constexpr LimitKey<CageFit> cage_fit_table[] = {
    KEY(CageFit, host_lanes, "", "lanes of the cage that are in use", 1, 32),
};
constexpr LimitKey<Module> module_table[] = {
    KEY(Module, ports, "", "ports of its PMD in one module", 1, 16),
    KEY(Module, host_lanes, "", "host lanes of each direction", 1, 32),
    KEY(Module, host_lane_rate_gbps, "Gb/s", "line rate of a host lane, FEC included", 1, 500),
    KEY(Module, power_class, "", "power class of the form factor's management", 1, 8),
    KEY(Module, power_typical_w, "W", "power, typical", 0.1, 100),
    KEY(Module, power_max_w, "W", "power, at most", 0.1, 100),
    KEY(Module, case_temperature_min_c, "C", "case temperature, at least", -60, 100),
    KEY(Module, case_temperature_max_c, "C", "case temperature, at most", -60, 125),
};
constexpr LimitKey<Switch> switch_table[] = {
    KEY(Switch, supplies, "", "power supplies, redundant ones included", 1, 16),
    KEY(Switch, supply_max_w, "W", "draw of one power supply, at most", 1, 20000),
    KEY(Switch, supply_allocated_w, "W", "draw of one power supply to plan with", 1, 20000),
};
constexpr LimitKey<SwitchPorts> switch_port_table[] = {
    KEY(SwitchPorts, rate_gbps, "Gb/s", "MAC rate of a port", 1, 10000),
    KEY(SwitchPorts, power_max_w, "W", "power of a module in such a port, at most", 0.1, 100),
};

}  // namespace

std::span<const LimitKey<FormFactor>> form_factor_keys() noexcept { return form_factor_table; }
std::span<const LimitKey<PowerClass>> power_class_keys() noexcept { return power_class_table; }
std::span<const LimitKey<CageFit>> cage_fit_keys() noexcept { return cage_fit_table; }
std::span<const LimitKey<Module>> module_keys() noexcept { return module_table; }
std::span<const LimitKey<Switch>> switch_keys() noexcept { return switch_table; }
std::span<const LimitKey<SwitchPorts>> switch_port_keys() noexcept { return switch_port_table; }

}  // namespace lightlane::catalog

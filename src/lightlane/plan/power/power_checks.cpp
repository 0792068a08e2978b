#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/plan/power/power_terms.hpp"

namespace lightlane::plan {
namespace {

constexpr double warning_c = 75;     // DOM of a real 400G DR4 warns there
constexpr double commercial_c = 70;  // case, commercial range
constexpr double cfm_per_w = 0.16;   // 11 K of rise
constexpr double low_k_per_w = 2.5, planned_k_per_w = 2.75, high_k_per_w = 3;

}  // namespace

void PowerReview::check_limits() {
  std::map<std::pair<const catalog::Module*, double>, std::map<double, std::vector<int>>> over;
  std::vector<int> unknown;
  for (const PowerSlot& slot : a.slots) {
    if (!slot.limit_w) {
      unknown.push_back(slot.port);
    } else if (slot.power_w > *slot.limit_w) {
      over[{slot.module, slot.power_w}][*slot.limit_w].push_back(slot.port);
    }
  }
  for (const auto& [what, limits] : over) {
    const auto& [module, watts] = what;
    std::vector<int> take;
    for (const int port : numbers_) {
      const auto limit = port_limit(port);
      if (limit && *limit >= watts) take.push_back(port);
    }
    for (const auto& [limit, ports] : limits) {
      say(Severity::refusal, "PORT_POWER",
          fmt::format("{} draws {:g} W, port{} {} allow{} {:g} W", module->id, watts,
                      ports.size() == 1 ? "" : "s", port_text(ports), ports.size() == 1 ? "s" : "", limit),
          take.empty() ? fmt::format("no port takes {:g} W; a module of {:g} W at most", watts, limit)
                       : fmt::format("ports {} take it", port_text(take)));
    }
  }
  if (!unknown.empty())
    a.unknown.push_back(fmt::format("power that port{} {} allow{}", unknown.size() == 1 ? "" : "s",
                                    port_text(unknown), unknown.size() == 1 ? "s" : ""));
}

void PowerReview::wall() {
  a.efficiency = q.efficiency.value_or(supply_efficiency);
  if (!q.efficiency) assume("efficiency of the supplies", supply_efficiency, "", "0.92 to 0.94 are common");
  a.base_w = q.base_w;
  if (!a.base_w && q.device != nullptr) {
    a.base_w = base_watts(*q.device, a.efficiency);
    if (a.base_w) {
      a.confidence = std::min(a.confidence, q.device->supply_allocated_w->confidence);
      assume("base power, fans contained", *a.base_w, "W",
             fmt::format("{:g} supplies of {:g} W allocated draw ({}), less their losses",
                         q.device->supplies->value, q.device->supply_allocated_w->value,
                         q.device->supply_allocated_w->source));
    }
  }
  if (q.fan_w) {
    a.fan_w = *q.fan_w * q.fan_speed * q.fan_speed * q.fan_speed;
  } else if (q.base_w) {
    assume("fans are contained in the base power", std::nullopt, "", "default");
  }
  if (a.base_w) {
    a.switch_w = *a.base_w + a.optics_w + a.fan_w.value_or(0);
    a.wall_w = *a.switch_w / a.efficiency;
    a.wall_mw_per_gbps = mw_per_gbps(*a.wall_w, a.capacity_gbps);
  } else {
    a.unknown.push_back("base power of the switch without modules");
  }
  check_supplies();
}

void PowerReview::check_supplies() {
  std::optional<double> count, rating = q.supply_w;
  if (q.supplies) count = *q.supplies;
  if (q.device != nullptr) {
    if (!count && q.device->supplies) count = q.device->supplies->value;
    if (!rating && q.device->supply_max_w) rating = q.device->supply_max_w->value;
  }
  if (!count || !rating) {
    a.unknown.push_back(count ? "rating of a supply" : "number and rating of the supplies");
    return;
  }
  SupplyAnswer s;
  s.count = static_cast<int>(*count);
  s.failed = q.supplies_failed;
  s.rating_w = *rating;
  s.available_w = std::max(0, s.count - s.failed) * s.rating_w;
  s.base_room_w = s.available_w * a.efficiency - a.optics_w - a.fan_w.value_or(0);
  if (a.wall_w) s.margin_w = s.available_w - *a.wall_w;
  a.supply = s;
  if (s.failed >= s.count) {
    say(Severity::refusal, "SUPPLY", fmt::format("{} of {} supplies fail: none is left", s.failed, s.count),
        "another supply");
  } else if (s.margin_w && *s.margin_w < 0) {
    const bool whole = *a.wall_w <= s.count * s.rating_w;
    say(whole ? Severity::condition : Severity::refusal, "SUPPLY",
        fmt::format("{:.0f} W at the wall, {} of {} supplies give {:.0f} W{}", *a.wall_w, s.count - s.failed,
                    s.count, s.available_w,
                    whole ? fmt::format(": all {} carry it, without redundancy", s.count) : ""),
        fmt::format("{:.0f} W less for modules, or supplies of {:.0f} W", -*s.margin_w * a.efficiency,
                    std::ceil(*a.wall_w / (s.count - s.failed))));
  } else if (!s.margin_w && *s.base_room_w < 0) {
    say(Severity::refusal, "SUPPLY",
        fmt::format("the modules alone draw {:.0f} W at the wall, {} of {} supplies give {:.0f} W",
                    a.optics_w / a.efficiency, s.count - s.failed, s.count, s.available_w));
  }
}

AirPath PowerReview::path_of() {
  const auto given = [&](const std::optional<double>& value, const char* what, double other, const char* unit,
                         const char* source) {
    if (!value) assume(what, other, unit, source);
    return value.value_or(other);
  };
  AirPath path;
  path.inlet_c = given(q.inlet_c, "inlet air", 25, "C", "default");
  path.density = air_density(given(q.altitude_m, "altitude", 0, "m", "default"));
  // Fans are made for the switch, not for what is plugged today.
  const double most_w = watts_.empty() ? 0 : *std::max_element(watts_.begin(), watts_.end());
  const double design_w =
      most_w * static_cast<double>(watts_.size()) + a.base_w.value_or(0) + a.fan_w.value_or(0);
  const double full_cfm =
      given(q.cfm, "air through the switch at full fan speed", std::max(1.0, design_w * cfm_per_w), "CFM",
            a.base_w ? "160 CFM a kW with every port in use: 11 K of rise"
                     : "160 CFM a kW of modules in every port: 11 K of rise by them");
  path.cfm = full_cfm * q.fan_speed;
  path.speed_mps = q.fan_speed * given(q.speed_mps, "speed of the air at the modules", 3.5, "m/s",
                                       "GUIDE-QDD: the least that it asks for");
  path.resistance = given(q.resistance_k_per_w, "case to air at 3.5 m/s", planned_k_per_w, "K/W",
                          "calibrated: 12 W in air of 25 C give a case of 55 to 60 C");
  path.exponent = given(q.exponent, "fall of that with air speed, exponent", 0.65, "", "0.5 to 0.8");
  path.depth = q.depth.value_or(2);
  if (!q.depth) {
    assume("modules one behind another in a stream of air", 2, "",
           "port n and n + 1: the two of a stacked cage, on the safe side");
  }
  path.reversed = q.airflow == Airflow::rear_to_front;
  if (path.reversed) {
    path.first_w = a.base_w.value_or(0) + a.fan_w.value_or(0);
    if (!a.base_w) a.unknown.push_back("heat of the switch in the air before the modules");
  }
  return path;
}

void PowerReview::slot_heat(const AirPath& path) {
  const std::vector<ModuleHeat> heat = module_heat(path, watts_);
  for (PowerSlot& slot : a.slots) {
    const ModuleHeat& h = heat[index_.at(slot.port)];
    slot.upstream_k = h.upstream_k;
    slot.case_c = h.case_c;
    const catalog::Limit& limit = slot.module->case_temperature_max_c;
    slot.case_max_c = limit ? limit->value : commercial_c;
    slot.headroom_k = slot.case_max_c - slot.case_c;
    slot.warning_k = warning_c - slot.case_c;
    if (!limit)
      assume(fmt::format("largest case temperature of {}", slot.module->id), commercial_c, "C",
             "commercial range, 0 to 70 C");
  }
  for (std::size_t i = 0; i < a.slots.size(); ++i)
    if (a.slots[i].case_c > a.slots[a.hottest].case_c) a.hottest = i;
}

void PowerReview::air() {
  const double known_w = a.base_w ? *a.switch_w : a.optics_w + a.fan_w.value_or(0);
  const double heat_w = a.wall_w.value_or(known_w);  // what the supplies lose is heat too
  const AirPath path = path_of();
  a.air = {path.cfm, path.speed_mps,       path.density, air_rise_k(heat_w, path.cfm, path.density),
           0,        case_resistance(path)};
  a.air.exhaust_c = path.inlet_c + a.air.rise_k;
  check_air_row();
  if (a.slots.empty()) return;
  slot_heat(path);
  const PowerSlot& hot = a.slots[a.hottest];
  const auto with = [&](double resistance) {
    AirPath other = path;
    other.resistance = resistance;
    return module_heat(other, watts_)[index_.at(hot.port)].case_c;
  };
  a.hottest_low_c = q.resistance_k_per_w ? hot.case_c : with(low_k_per_w);
  a.hottest_high_c = q.resistance_k_per_w ? hot.case_c : with(high_k_per_w);
  alternate_slots(path);
  check_temperatures(path);
}

void PowerReview::check_air_row() {
  const auto against = static_cast<int>(std::count_if(q.neighbours.begin(), q.neighbours.end(),
                                                      [&](Airflow other) { return other != q.airflow; }));
  if (against == 0) return;
  say(Severity::condition, "AIRFLOW",
      fmt::format("air goes {}, that of {} other device{} in the row the other way", name(q.airflow), against,
                  against == 1 ? "" : "s"),
      "fans and supplies of one direction in the whole row");
}

void PowerReview::alternate_slots(const AirPath& path) {
  AlternateSlots out;
  std::vector<double> watts(watts_.size(), 0);
  for (std::size_t i = 0; i < watts_.size(); i += 2) {
    if (watts_[i] == 0) continue;
    watts[i] = watts_[i];
    out.ports.push_back(numbers_[i]);
    out.optics_w += watts_[i];
  }
  if (out.ports.empty() || out.ports.size() == a.slots.size()) return;
  AirPath half = path;
  // Air that follows the power by assumption is that of the whole switch here too: the fans stay as they are.
  const std::vector<ModuleHeat> heat = module_heat(half, watts);
  out.hottest_c = heat[index_.at(out.ports.front())].case_c;
  for (const int port : out.ports) out.hottest_c = std::max(out.hottest_c, heat[index_.at(port)].case_c);
  a.alternate = out;
}

std::string PowerReview::temperature_cure(const AirPath& path, double excess_k) const {
  std::string cure = fmt::format("inlet air of {:.1f} C", std::floor(10 * (path.inlet_c - excess_k)) / 10);
  const auto excess_with = [&](double factor) {
    AirPath more = path;
    more.cfm *= factor;
    more.speed_mps *= factor;
    const std::vector<ModuleHeat> heat = module_heat(more, watts_);
    double worst = -1e9;
    for (const PowerSlot& slot : a.slots)
      worst = std::max(worst, heat[index_.at(slot.port)].case_c - slot.case_max_c);
    return worst;
  };
  constexpr double most = 4;
  if (excess_with(most) <= 0) {
    double low = 1, high = most;
    for (int i = 0; i < 40; ++i) {
      const double middle = (low + high) / 2;
      (excess_with(middle) > 0 ? low : high) = middle;
    }
    cure += fmt::format(", or {:.0f} CFM ({:.1f} m/s at the modules)", std::ceil(path.cfm * high),
                        path.speed_mps * high);
  }
  if (a.alternate && a.slots[a.hottest].case_c - a.alternate->hottest_c >= excess_k)
    cure += ", or modules in every other port";
  return cure;
}

void PowerReview::check_temperatures(const AirPath& path) {
  double excess = -1e9;
  std::vector<int> warm;
  bool throttles = false;
  for (const PowerSlot& slot : a.slots) {
    excess = std::max(excess, -slot.headroom_k);
    if (slot.headroom_k < 0) warm.push_back(slot.port);
    throttles = throttles || slot.warning_k < 0;
  }
  if (excess > 0) {
    // What rests on assumed air is a reason to measure, not to refuse.
    const bool given = q.resistance_k_per_w && q.speed_mps && q.cfm;
    say(throttles && given ? Severity::refusal : Severity::condition, "TEMPERATURE",
        fmt::format("case temperature of port{} {}: {:.1f} C at most, {:.1f} K above the limit{}{}",
                    warm.size() == 1 ? "" : "s", port_text(warm), a.slots[a.hottest].case_c, excess,
                    throttles ? ", and above the 75 C where modules warn" : "",
                    given ? "" : "; an estimate with assumed air or resistance"),
        temperature_cure(path, excess));
  } else if (a.hottest_high_c > a.slots[a.hottest].case_max_c) {
    AirPath safe = path;
    safe.resistance = high_k_per_w;
    say(Severity::condition, "TEMPERATURE",
        fmt::format("the hottest case, port {}, is estimated at {:.1f} C, and at {:.1f} C with 3 K/W",
                    a.slots[a.hottest].port, a.slots[a.hottest].case_c, a.hottest_high_c),
        "measure it, or " + temperature_cure(safe, a.hottest_high_c - a.slots[a.hottest].case_max_c));
  }
  for (const PowerSlot& slot : a.slots) {
    const catalog::Limit& least = slot.module->case_temperature_min_c;
    if (path.inlet_c >= (least ? least->value : 0)) continue;
    say(Severity::condition, "TEMPERATURE",
        fmt::format("inlet air of {:g} C is below the {:g} C that {} starts at", path.inlet_c,
                    least ? least->value : 0.0, slot.module->id),
        "warm it up before it is switched on");
    break;
  }
}

}  // namespace lightlane::plan

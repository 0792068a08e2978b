#include "lightlane/plan/power/power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/plan/power/power_terms.hpp"

namespace lightlane::plan {
namespace {

void range(const char* what, std::optional<double> value, double low, double high) {
  if (value && !(*value >= low && *value <= high))
    throw ConfigError({what, fmt::format("is {:g}", *value), fmt::format("{:g} to {:g}", low, high), ""});
}

void check(const PowerQuestion& q) {
  if (q.device == nullptr) range("ports", q.ports, 1, 1024);
  range("rate_gbps", q.rate_gbps, 0, 10000);
  range("port_power_max_w", q.port_power_max_w, 0.1, 100);
  range("base_w", q.base_w, 0, 20000);
  range("fan_w", q.fan_w, 0, 5000);
  range("fan_speed", q.fan_speed, 0.1, 1);
  range("optics_allowance_w", q.optics_allowance_w, 0, 20000);
  if (q.supplies) range("supplies", *q.supplies, 1, 32);
  range("supply_w", q.supply_w, 1, 20000);
  range("supplies_failed", q.supplies_failed, 0, 32);
  range("efficiency", q.efficiency, 0.5, 1);
  range("inlet_c", q.inlet_c, -40, 80);
  range("altitude_m", q.altitude_m, -500, 6000);
  range("cfm", q.cfm, 1, 10000);
  range("speed_mps", q.speed_mps, 0.1, 30);
  if (q.depth) range("depth", *q.depth, 1, 16);
  range("resistance_k_per_w", q.resistance_k_per_w, 0.1, 20);
  range("exponent", q.exponent, 0, 1);
  for (const PortLoad& load : q.loads) {
    range("utilisation", load.utilisation, 0, 1);
    range("power_w", load.power_w, 0, 100);
    if (load.lanes) range("lanes", *load.lanes, 0, 64);
  }
}

}  // namespace

std::string_view name(Airflow airflow) noexcept {
  return airflow == Airflow::front_to_rear ? "front-to-rear" : "rear-to-front";
}

Airflow airflow_named(std::string_view word, const std::string& place) {
  for (const Airflow a : {Airflow::front_to_rear, Airflow::rear_to_front})
    if (word == name(a)) return a;
  throw ConfigError({place, fmt::format("is '{}'", word), "front-to-rear, rear-to-front",
                     "front is the side of the modules"});
}

std::optional<double> base_watts(const catalog::Switch& device, double efficiency) noexcept {
  if (!device.supplies || !device.supply_allocated_w) return std::nullopt;
  return device.supplies->value * device.supply_allocated_w->value * efficiency;
}

PowerAnswer power_answer(const PowerQuestion& question) {
  check(question);
  PowerAnswer answer;
  PowerReview review(question, answer);
  review.ports();
  review.sums();
  review.wall();
  review.air();
  review.verdict();
  return answer;
}

void PowerReview::say(Severity severity, std::string_view code, std::string text, std::string cure) {
  a.reasons.push_back({code, std::move(text), std::move(cure), severity});
}

void PowerReview::assume(std::string what, std::optional<double> value, std::string_view unit,
                         std::string source) {
  for (const Assumption& known : a.assumed)
    if (known.what == what && known.value == value) return;
  a.assumed.push_back({std::move(what), value, unit, "unverified", std::move(source)});
}

const ModuleWatts& PowerReview::kind_of(const catalog::Module& module) {
  for (const ModuleWatts& kind : a.modules)
    if (kind.module == &module) return kind;
  a.modules.push_back(module_watts(module));
  return a.modules.back();
}

double PowerReview::load_power(const PortLoad& load) {
  if (load.power_w) return *load.power_w * load.utilisation;
  const ModuleWatts& kind = kind_of(*load.module);
  const auto used = kind.used(q.basis);
  if (!used) {
    throw ConfigError({"module", fmt::format("{}: nothing is known of its power", load.module->id),
                       "power_w, as measured or from its data sheet", ""});
  }
  double watts = used->watts;
  catalog::Confidence confidence = used->confidence;
  if (load.lanes) {
    if (kind.media_lanes > 0 && *load.lanes > kind.media_lanes) {
      throw ConfigError({"lanes", fmt::format("is {}", *load.lanes),
                         fmt::format("0 to {}: {}", kind.media_lanes, load.module->id), ""});
    }
    const auto mode = std::find_if(kind.modes.begin(), kind.modes.end(),
                                   [&](const LaneMode& m) { return m.lanes == *load.lanes; });
    if (mode != kind.modes.end()) {
      watts = std::min(watts, mode->power_max_w);
      confidence = std::min(confidence, mode->confidence);
    } else if (*load.lanes != kind.media_lanes) {
      assume(fmt::format("{} with {} lanes draws what it draws with all", load.module->id, *load.lanes),
             watts, "W", "nothing is published of this mode");
    }
  }
  a.confidence = std::min(a.confidence, confidence);
  return watts * load.utilisation;
}

std::optional<double> PowerReview::port_limit(int port) {
  if (q.device != nullptr) {
    const catalog::SwitchPorts* ports = q.device->port(port);
    if (ports != nullptr && ports->power_max_w) {
      a.confidence = std::min(a.confidence, ports->power_max_w->confidence);
      return ports->power_max_w->value;
    }
  }
  return q.port_power_max_w;
}

void PowerReview::check_cage(const PortLoad& load) {
  for (const int port : load.ports) {
    const catalog::Cage* cage = q.cage;
    if (q.device != nullptr) cage = catalog::find_cage(q.device->port(port)->cage);
    if (cage == nullptr) continue;
    const catalog::CageFit* fit = cage->fit(load.module->form_factor);
    const auto same = [&](std::string_view code, const std::string& text) {
      return std::any_of(a.reasons.begin(), a.reasons.end(),
                         [&](const Reason& r) { return r.code == code && r.text == text; });
    };
    const std::string what = fmt::format("{} in a cage {}", load.module->form_factor, cage->id);
    if (fit == nullptr) {
      const std::string text = fmt::format("whether {} works: the catalogue does not say", what);
      if (std::find(a.unknown.begin(), a.unknown.end(), text) == a.unknown.end()) a.unknown.push_back(text);
    } else if (!fit->fits) {
      const std::string text = fmt::format("{} does not work: {}", what, fit->text);
      if (!same("CAGE", text))
        say(Severity::refusal, "CAGE", text, fmt::format("a module in {}", cage->form_factor));
    }
  }
}

void PowerReview::ports() {
  if (q.device != nullptr) {
    for (const catalog::SwitchPorts& group : q.device->ports) {
      for (int port = group.first; port <= group.last; port += group.step) {
        numbers_.push_back(port);
        if (group.rate_gbps) a.capacity_gbps += group.rate_gbps->value;
      }
    }
    std::sort(numbers_.begin(), numbers_.end());
  } else {
    for (int port = 1; port <= q.ports; ++port) numbers_.push_back(port);
    double rate = q.rate_gbps;
    if (rate == 0 && !q.loads.empty()) rate = kind_of(*q.loads.front().module).rate_gbps;
    a.capacity_gbps = rate * q.ports;
  }
  a.ports = static_cast<int>(numbers_.size());
  watts_.assign(numbers_.size(), 0);
  for (std::size_t i = 0; i < numbers_.size(); ++i) index_[numbers_[i]] = i;
  std::map<int, PowerSlot> slots;
  for (const PortLoad& load : q.loads) {
    const double watts = load_power(load);
    for (const int port : load.ports) {
      if (!index_.contains(port)) {
        throw ConfigError({"ports", fmt::format("has {}", port),
                           fmt::format("ports of the switch: {}", port_text(numbers_)), ""});
      }
      if (slots.contains(port))
        throw ConfigError({"ports", fmt::format("has {} twice", port), "one module in a port", ""});
      PowerSlot& slot = slots[port];
      slot.port = port;
      slot.module = load.module;
      slot.power_w = watts;
      slot.limit_w = port_limit(port);
      watts_[index_[port]] = watts;
    }
    check_cage(load);
  }
  for (const auto& [port, slot] : slots) a.slots.push_back(slot);
  a.populated = static_cast<int>(a.slots.size());
  check_limits();
}

void PowerReview::sums() {
  double rate = 0;
  a.optics_typical_w = a.optics_max_w = a.optics_class_w = 0;
  const auto add = [](std::optional<double>& sum, const std::optional<catalog::Value>& value, double count) {
    sum = sum && value ? std::optional(*sum + count * value->value) : std::nullopt;
  };
  for (const PortLoad& load : q.loads) {
    const ModuleWatts& kind = kind_of(*load.module);
    const auto count = static_cast<double>(load.ports.size());
    rate += count * kind.rate_gbps;
    add(a.optics_typical_w, kind.typical_w, count);
    add(a.optics_max_w, kind.max_w, count);
    add(a.optics_class_w, kind.class_w, count);
  }
  for (const PowerSlot& slot : a.slots) a.optics_w += slot.power_w;
  a.optics_mw_per_gbps = mw_per_gbps(a.optics_w, rate);
  if (q.optics_allowance_w && a.optics_w > *q.optics_allowance_w) {
    say(Severity::refusal, "OPTICS_POWER",
        fmt::format("the modules draw {:g} W, the switch allows {:g} W for all of them", a.optics_w,
                    *q.optics_allowance_w),
        fmt::format("{:.0f} modules of that power at most",
                    std::floor(*q.optics_allowance_w / (a.optics_w / std::max(1, a.populated)))));
  }
}

void PowerReview::verdict() {
  const Severity severity = worst(a.reasons);
  if (severity == Severity::refusal) {
    a.verdict = Verdict::fail;
  } else if (!a.unknown.empty()) {
    a.verdict = Verdict::unknown;
  } else {
    a.verdict = severity == Severity::condition ? Verdict::conditional : Verdict::pass;
  }
}

}  // namespace lightlane::plan

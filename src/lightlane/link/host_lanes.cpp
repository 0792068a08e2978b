#include "lightlane/link/host_lanes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/link/scenario_keys.hpp"
#include "lightlane/math/elementary.hpp"

namespace lightlane::link {
namespace {

// Lane numbers of the random streams: line lanes below 2^10, then the host lanes of either end; directions
// 2^14 apart.
constexpr std::uint32_t end_stride = 1u << 10, direction_stride = 1u << 14, port_stride = 1u << 5;
constexpr double most_loss_db = 60;

bool in_module(const Scenario& scenario) { return scenario.link.fec_placement == "module"; }

std::string_view table_of(HostEnd end) { return end == HostEnd::sender ? "host" : "far_host"; }
const Scenario::Host& host_of(const Scenario& scenario, HostEnd end) {
  return end == HostEnd::sender ? scenario.host : scenario.far_host;
}

/// What a floor below calls "aui.ctle.peaking_db" is the key "host.ctle_db".
std::string key_of(HostEnd end, std::string_view aui_key) {
  std::string_view name = aui_key.substr(aui_key.find('.') + 1);
  if (name.starts_with("pulse")) name = "pulse_file";
  if (name == "ctle.peaking_db") name = "ctle_db";
  std::string key = fmt::format("{}.{}", table_of(end), name);
  std::replace(key.begin() + static_cast<std::ptrdiff_t>(table_of(end).size()) + 1, key.end(), '.', '_');
  return key;
}

template <class Error>
[[noreturn]] void rethrow_at(std::string place, const Error& error) {
  throw Error({std::move(place), error.detail().problem, error.detail().allowed, error.detail().hint});
}

/// Loss of one lane: the scenario's, its own offset, and a draw of its own.
double loss_of(const Scenario& scenario, HostEnd end, std::size_t lane) {
  const Scenario::Host& host = host_of(scenario, end);
  double loss_db = host.config.loss_db;
  if (!host.lane_loss_offset_db.empty()) loss_db += host.lane_loss_offset_db[lane];
  if (host.loss_spread_db > 0) {
    const RandomStream draws(static_cast<std::uint64_t>(scenario.run.seed), "link.host_loss",
                             first_host_lane(scenario, end) + static_cast<std::uint32_t>(lane));
    loss_db -= host.loss_spread_db * math::normal_tail_inverse(draws.uniform(0));
  }
  return std::clamp(loss_db, 0.0, most_loss_db);
}

std::vector<aui::HostChannelConfig> configs_of(const Scenario& scenario, HostEnd end, const HostLanes& lanes,
                                               HostEvaluations& known) {
  const Scenario::Host& host = host_of(scenario, end);
  aui::HostChannelConfig config = host.config;
  config.modulation = lanes.modulation;
  config.symbol_rate_gbd = lanes.symbol_rate_gbd;
  if (!host.pulse_file.empty()) {
    try {
      config.pulse = known.pulse(host.pulse_file);
    } catch (const InputError& error) {
      rethrow_at(fmt::format("{}.pulse_file: {}", table_of(end), error.detail().place), error);
    }
  }
  std::vector<aui::HostChannelConfig> configs(lanes.count, config);
  if (config.pulse) return configs;
  for (std::size_t lane = 0; lane < configs.size(); ++lane)
    configs[lane].loss_db = loss_of(scenario, end, lane);
  return configs;
}

HostSide side_of(const Scenario& scenario, HostEnd end, const HostLanes& lanes, HostEvaluations& known) {
  HostSide side;
  if (scenario.phy.host_ber > 0) {
    side.lanes.assign(lanes.count, {scenario.phy.host_ber, std::nullopt, nullptr});
    side.simulated = true;
    return side;
  }
  if (!host_of(scenario, end).enable) return side;
  const std::vector<aui::HostChannelConfig> configs = configs_of(scenario, end, lanes, known);
  try {
    const auto channels = known.of(configs);
    for (std::size_t lane = 0; lane < lanes.count; ++lane) {
      const double ber = channels[lane]->ber;
      side.lanes.push_back({ber > noise_ber ? 0.5 : ber, std::nullopt, channels[lane]});
      if (!configs[lane].pulse) side.lanes.back().loss_db = configs[lane].loss_db;
      side.simulated = side.simulated || ber >= unseen_ber;
    }
  } catch (const ConfigError& error) {
    rethrow_at(key_of(end, error.detail().place), error);
  }
  return side;
}

/// A key's value as text.
struct Shown {
  template <class Slot>
  std::string operator()(const Slot& slot) const {
    if constexpr (requires { slot.names; }) {
      return slot.names[*slot.value];
    } else if constexpr (
        requires {
          slot.value->begin();
          slot.value->front() + 0.0;
        } &&
        !requires { slot.value->c_str(); }) {
      std::string text;
      for (const auto& item : *slot.value) text += fmt::format("{}{}", text.empty() ? "" : ", ", item);
      return "[" + text + "]";
    } else {
      return fmt::format("{}", *slot.value);
    }
  }
};

void refuse_unread(const Scenario& scenario, HostEnd end) {
  const Scenario::Host& host = host_of(scenario, end);
  Scenario given = scenario, defaults;
  const std::vector<Key> keys = host_keys_of(given), default_keys = host_keys_of(defaults);
  const std::string table = fmt::format("{}.", table_of(end));
  const auto& own = scenario.far_host.own;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!keys[i].path.starts_with(table)) continue;
    const std::string_view name = keys[i].path.substr(table.size());
    if (name == "enable" ||
        (end == HostEnd::receiver && std::find(own.begin(), own.end(), name) == own.end()))
      continue;
    const bool of_loss = name.starts_with("loss_") || name == "lane_loss_offset_db";
    if (host.enable && (host.pulse_file.empty() || !of_loss)) continue;
    const std::string value = std::visit(Shown{}, keys[i].slot),
                      usual = std::visit(Shown{}, default_keys[i].slot);
    if (value == usual) continue;
    throw ConfigError({std::string(keys[i].path),
                       fmt::format("is {} {}", value,
                                   host.enable ? "beside a pulse from a file"
                                               : fmt::format("with {}enable = false", table)),
                       host.enable ? fmt::format("{}, or no {}pulse_file", usual, table)
                                   : fmt::format("{}, or {}enable = true", usual, table),
                       ""});
  }
}

}  // namespace

std::uint32_t first_line_lane(const Scenario& scenario) {
  return scenario.place.direction * direction_stride + scenario.place.first_lane;
}

std::uint32_t first_host_lane(const Scenario& scenario, HostEnd end) {
  return scenario.place.direction * direction_stride + (end == HostEnd::sender ? 1 : 2) * end_stride +
         scenario.place.port * port_stride;
}

std::size_t host_lane_count(const Scenario& scenario, const Structure& structure) {
  return in_module(scenario) ? caui4_lanes : static_cast<std::size_t>(structure.host_lanes);
}

std::vector<std::shared_ptr<const aui::HostChannelReport>> HostEvaluations::of(
    const std::vector<aui::HostChannelConfig>& configs) {
  std::vector<std::size_t> place;
  const std::size_t before = known_.size();
  for (const aui::HostChannelConfig& config : configs) {
    const auto same =
        std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.config == config; });
    place.push_back(static_cast<std::size_t>(same - known_.begin()));
    if (same == known_.end()) known_.push_back({config, nullptr});
  }
  try {
    parallel_for(known_.size() - before, [&](std::size_t i) {
      Known& fresh = known_[before + i];
      fresh.report = std::make_shared<const aui::HostChannelReport>(aui::HostChannel(fresh.config).report());
    });
  } catch (...) {
    known_.resize(before);
    throw;
  }
  std::vector<std::shared_ptr<const aui::HostChannelReport>> reports;
  for (const std::size_t i : place) reports.push_back(known_[i].report);
  return reports;
}

const aui::PulseResponse& HostEvaluations::pulse(const std::string& path) {
  const auto found = pulses_.find(path);
  return found != pulses_.end() ? found->second
                                : pulses_.emplace(path, aui::read_pulse_response(path)).first->second;
}

HostLanes host_lanes(const Scenario& scenario, const Structure& structure, HostEvaluations& known) {
  HostLanes lanes;
  lanes.interface = in_module(scenario) ? "CAUI-4" : structure.host_interface;
  lanes.count = host_lane_count(scenario, structure);
  // CAUI-4 carries clause 82 at 103.125 Gb/s (802.3 annex 83E).
  lanes.modulation = in_module(scenario) ? signal::Modulation::nrz : structure.modulation;
  lanes.symbol_rate_gbd = in_module(scenario) ? Rational(825, 32)
                                              : structure.lane_rate_gbps *
                                                    Rational(structure.pcs_lanes, structure.host_lanes) /
                                                    Rational(static_cast<int>(structure.modulation));
  lanes.sender = side_of(scenario, HostEnd::sender, lanes, known);
  lanes.receiver = side_of(scenario, HostEnd::receiver, lanes, known);
  return lanes;
}

HostLanes host_lanes(const Scenario& scenario, const Structure& structure) {
  HostEvaluations known;
  return host_lanes(scenario, structure, known);
}

void validate_host(const Scenario& scenario, const Structure& structure) {
  for (const HostEnd end : {HostEnd::sender, HostEnd::receiver}) {
    refuse_unread(scenario, end);
    const std::size_t offsets = host_of(scenario, end).lane_loss_offset_db.size(),
                      lanes = host_lane_count(scenario, structure);
    if (offsets != 0 && offsets != lanes) {
      throw ConfigError({fmt::format("{}.lane_loss_offset_db", table_of(end)),
                         fmt::format("has {} values", offsets),
                         fmt::format("none, or {}: one for each host lane", lanes), ""});
    }
  }
}

}  // namespace lightlane::link

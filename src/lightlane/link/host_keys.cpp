#include <algorithm>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/link/scenario_keys.hpp"

namespace lightlane::link {
namespace {

constexpr std::string_view far_table = "far_host.", near_table = "host.";

NumberKey number(double& v, double lo, double hi) { return {&v, lo, hi}; }
CountKey count(int& v, int lo, int hi) { return {&v, lo, hi}; }
NumberListKey list(std::vector<double>& v, double lo, double hi) { return {&v, lo, hi}; }

/// The lane itself: what leaves its transmitter, and what becomes of it on the way.
std::vector<Key> channel_keys(Scenario::Host& host) {
  aui::HostChannelConfig& c = host.config;
  return {
      {"far_host.enable", "", "errors of the electrical lanes follow from these keys",
       BooleanKey{&host.enable}},
      {"far_host.loss_db", "dB", "of the channel at half the symbol rate", number(c.loss_db, 0, 60)},
      {"far_host.loss_sqrt_share", "", "of it that grows with the root of frequency, the rest with frequency",
       number(c.loss_sqrt_share, 0, 1)},
      {"far_host.loss_spread_db", "dB", "standard deviation of the lanes' losses",
       number(host.loss_spread_db, 0, 10)},
      {"far_host.lane_loss_offset_db", "dB", "what each host lane loses more; empty = nothing",
       list(host.lane_loss_offset_db, -60, 60)},
      {"far_host.pulse_file", "", "file with the channel's pulse response, instead of its losses",
       TextKey{&host.pulse_file, {}}},
      {"far_host.tx_ffe", "", "taps of the transmitter, one per symbol", list(c.tx_ffe, -1e6, 1e6)},
      {"far_host.tx_ffe_main", "", "which of them is the main one, from 0", count(c.tx_ffe_main, 0, 15)},
      {"far_host.swing_mv", "mV", "differential, peak to peak at full scale", number(c.swing_mv, 1, 10000)},
      {"far_host.tx_sndr_db", "dB", "signal over noise and distortion of the transmitter; 0 = none",
       number(c.tx_sndr_db, 0, 100)},
      {"far_host.jitter_rms_ui", "UI", "random, of each symbol by itself", number(c.jitter_rms_ui, 0, 0.1)},
  };
}

std::vector<Key> receiver_keys(aui::HostChannelConfig& c) {
  return {
      {"far_host.bandwidth_ghz", "GHz", "of the receiver; 0 = unlimited", number(c.bandwidth_ghz, 0, 1000)},
      {"far_host.ctle", "", "continuous-time equaliser of the receiver", BooleanKey{&c.ctle.present}},
      {"far_host.ctle_search", "", "its peaking is that of the largest SNR", BooleanKey{&c.ctle.search}},
      {"far_host.ctle_db", "dB", "its peaking where that is not searched for",
       number(c.ctle.peaking_db, 0, 20)},
      {"far_host.ctle_zero_over_rate", "", "its zero, over the symbol rate",
       number(c.ctle.zero_over_rate, 0.01, 4)},
      {"far_host.ctle_pole1_over_rate", "", "its first pole", number(c.ctle.pole1_over_rate, 0.01, 4)},
      {"far_host.ctle_pole2_over_rate", "", "its second pole", number(c.ctle.pole2_over_rate, 0.01, 4)},
      {"far_host.noise_v2_per_ghz", "V^2/GHz", "one-sided density at the receiver's input",
       number(c.noise_v2_per_ghz, 0, 1e-3)},
      {"far_host.noise_rms_mv", "mV", "more noise, behind equaliser and filter (crosstalk)",
       number(c.noise_rms_mv, 0, 1e4)},
      {"far_host.rx_ffe_taps", "", "feed-forward equaliser of the receiver", count(c.rx_ffe_taps, 1, 32)},
      {"far_host.rx_ffe_main", "", "taps before the main one", count(c.rx_ffe_main, 0, 31)},
      {"far_host.rx_dfe_taps", "", "decision feedback", count(c.rx_dfe_taps, 0, 32)},
      {"far_host.rx_dfe_limit", "", "largest magnitude of its taps, over the main cursor",
       number(c.rx_dfe_limit, 0, 10)},
  };
}

std::vector<Key> keys_of_end(Scenario::Host& host) {
  std::vector<Key> keys = channel_keys(host);
  std::vector<Key> more = receiver_keys(host.config);
  keys.insert(keys.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return keys;
}

/// "far_host.loss_db" names "host.loss_db" too.
constexpr std::size_t near_begins = far_table.size() - near_table.size();

}  // namespace

std::vector<Key> host_keys_of(Scenario& scenario) {
  std::vector<Key> keys = keys_of_end(scenario.host), far = keys_of_end(scenario.far_host);
  for (Key& key : keys) key.path.remove_prefix(near_begins);
  keys.insert(keys.end(), std::make_move_iterator(far.begin()), std::make_move_iterator(far.end()));
  return keys;
}

void far_host_follows(std::string_view path, Scenario& scenario) {
  std::vector<std::string>& own = scenario.far_host.own;
  if (path.starts_with(far_table)) own.emplace_back(path.substr(far_table.size()));
  if (!path.starts_with(near_table)) return;
  const std::string_view name = path.substr(near_table.size());
  if (std::find(own.begin(), own.end(), name) != own.end()) return;
  const std::vector<Key> near = keys_of_end(scenario.host), far = keys_of_end(scenario.far_host);
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (near[i].path.substr(far_table.size()) != name) continue;
    std::visit([&](const auto& to) { *to.value = *std::get<std::decay_t<decltype(to)>>(near[i].slot).value; },
               far[i].slot);
  }
}

}  // namespace lightlane::link

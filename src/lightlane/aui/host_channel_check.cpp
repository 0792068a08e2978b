#include "lightlane/aui/host_channel_check.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "lightlane/base/error.hpp"

namespace lightlane::aui {
namespace {

[[noreturn]] void refuse(const char* key, double value, std::string allowed, std::string hint = "") {
  throw ConfigError(
      {std::string("aui.") + key, fmt::format("is {}", value), std::move(allowed), std::move(hint)});
}

/// NaN is outside of every range.
void within(const char* key, double value, double low, double high, const char* unit = "") {
  if (!(value >= low && value <= high)) refuse(key, value, fmt::format("{} to {}{}", low, high, unit));
}
void within_or_none(const char* key, double value, double low, double high, const char* unit = "") {
  if (value != 0 && !(value >= low && value <= high)) {
    refuse(key, value, fmt::format("0 (none), or {:.4g} to {:.4g}{}", low, high, unit));
  }
}

void check_ffe(const HostChannelConfig& config) {
  if (config.tx_ffe.empty() || config.tx_ffe.size() > 16) {
    refuse("tx_ffe", static_cast<double>(config.tx_ffe.size()), "1 to 16 taps");
  }
  double magnitude = 0;
  for (const double tap : config.tx_ffe) {
    within("tx_ffe", tap, -1e6, 1e6);
    magnitude += std::fabs(tap);
  }
  if (!(magnitude > 0)) refuse("tx_ffe", magnitude, "taps that are not all 0");
  within("tx_ffe_main", config.tx_ffe_main, 0, static_cast<double>(config.tx_ffe.size()) - 1);
}

void check_pulse(const PulseResponse& pulse) {
  within("pulse.samples_per_ui", pulse.samples_per_ui, 1, most_samples_per_ui);
  const double samples = static_cast<double>(pulse.v.size());
  if (pulse.v.empty() || pulse.v.size() > most_pulse_samples ||
      pulse.v.size() > longest_pulse_ui * static_cast<std::size_t>(pulse.samples_per_ui)) {
    refuse("pulse", samples, fmt::format("1 to {} samples, {} UI", most_pulse_samples, longest_pulse_ui));
  }
  for (const double v : pulse.v) within("pulse", v, -100, 100, " V");
}

/// Filters need samples to act on.
void check_filters(const HostChannelConfig& config, double gbd) {
  within_or_none("bandwidth_ghz", config.bandwidth_ghz, 0.1 * gbd, 10 * gbd, " GHz");
  const bool filtered = config.ctle.present || config.bandwidth_ghz != 0;
  if (config.pulse && filtered && config.pulse->samples_per_ui < 4) {
    refuse("pulse.samples_per_ui", config.pulse->samples_per_ui, "4 or more",
           "for a CTLE or a receiver's bandwidth; without either, 1 will do");
  }
  if (config.pulse && config.jitter_rms_ui != 0 && config.pulse->samples_per_ui < 4) {
    refuse("jitter_rms_ui", config.jitter_rms_ui, "0",
           "a pulse of fewer than 4 samples per UI has no slopes");
  }
  if (!filtered && config.noise_v2_per_ghz != 0) {
    refuse("noise_v2_per_ghz", config.noise_v2_per_ghz, "0",
           "without CTLE and bandwidth its power has no end");
  }
  if (!config.ctle.present) return;
  within("ctle.peaking_db", config.ctle.peaking_db, 0, 20, " dB");
  within("ctle.zero_over_rate", config.ctle.zero_over_rate, 0.01, 4);
  within("ctle.pole1_over_rate", config.ctle.pole1_over_rate, 0.01, 4);
  within("ctle.pole2_over_rate", config.ctle.pole2_over_rate, 0.01, 4);
}

}  // namespace

void check(const HostChannelConfig& config) {
  const double gbd = config.symbol_rate_gbd.value();
  within("symbol_rate_gbd", gbd, 0.1, 1000, " GBd");
  check_ffe(config);
  within("swing_mv", config.swing_mv, 1, 10000, " mV");
  within_or_none("tx_sndr_db", config.tx_sndr_db, 5, 100, " dB");
  within("jitter_rms_ui", config.jitter_rms_ui, 0, 0.1, " UI");
  within("loss_db", config.loss_db, 0, 60, " dB");
  within("loss_sqrt_share", config.loss_sqrt_share, 0, 1);
  within("noise_v2_per_ghz", config.noise_v2_per_ghz, 0, 1e-3, " V^2/GHz");
  within("noise_rms_mv", config.noise_rms_mv, 0, 1e4, " mV");
  within("rx_ffe_taps", config.rx_ffe_taps, 1, 32);
  within("rx_ffe_main", config.rx_ffe_main, 0, config.rx_ffe_taps - 1);
  within("rx_dfe_taps", config.rx_dfe_taps, 0, 32);
  within("rx_dfe_limit", config.rx_dfe_limit, 0, 10);
  if (config.pulse) check_pulse(*config.pulse);
  check_filters(config, gbd);
}

}  // namespace lightlane::aui

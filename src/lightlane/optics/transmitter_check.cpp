#include "lightlane/optics/transmitter_check.hpp"

#include <fmt/format.h>

#include <cmath>

#include "lightlane/base/error.hpp"

namespace lightlane::optics {
namespace {

[[noreturn]] void refuse(const char* key, double value, std::string allowed) {
  throw ConfigError({std::string("tx.") + key, fmt::format("is {}", value), std::move(allowed), ""});
}

/// NaN is outside of every range.
void within(const char* key, double value, double low, double high, const char* unit) {
  if (!(value >= low && value <= high)) refuse(key, value, fmt::format("{} to {}{}", low, high, unit));
}
void within_or_none(const char* key, double value, double low, double high, const char* unit) {
  if (value != 0 && !(value >= low && value <= high)) {
    refuse(key, value, fmt::format("0 (none), or {:.4g} to {}{}", low, high, unit));
  }
}

void check_dac(const DacConfig& dac, double slowest_ghz) {
  if (dac.bits < 0 || dac.bits > 16) refuse("dac.bits", dac.bits, "0 (no quantisation) to 16");
  within_or_none("dac.enob", dac.enob, 1, 16, "");
  within_or_none("dac.bandwidth_ghz", dac.bandwidth_ghz, slowest_ghz, 1000, " GHz");
  if (dac.ffe.empty() || dac.ffe.size() > 64)
    refuse("dac.ffe", static_cast<double>(dac.ffe.size()), "1 to 64 taps");
  for (const double tap : dac.ffe) within("dac.ffe", tap, -1e6, 1e6, "");
  const int taps = static_cast<int>(dac.ffe.size());
  if (dac.ffe_main < 0 || dac.ffe_main >= taps) {
    refuse("dac.ffe_main", dac.ffe_main, fmt::format("0 to {}, the index of a tap", taps - 1));
  }
}

void check_modulator(const ModulatorConfig& m, double slowest_ghz) {
  within_or_none("modulator.bandwidth_ghz", m.bandwidth_ghz, slowest_ghz, 1000, " GHz");
  within("modulator.chirp_alpha", m.chirp_alpha, -20, 20, "");
  const bool direct = m.kind == ModulatorKind::dml || m.kind == ModulatorKind::vcsel;
  if (m.chirp_adiabatic_per_ws != 0 && !direct) {
    throw ConfigError({"tx.modulator.chirp_adiabatic_per_ws", fmt::format("is {}", m.chirp_adiabatic_per_ws),
                       "0", "only directly modulated lasers (dml, vcsel) chirp with their power"});
  }
  within("modulator.chirp_adiabatic_per_ws", m.chirp_adiabatic_per_ws, 0, 1e15, " 1/(W s)");
  if (m.kind == ModulatorKind::mzm) {
    within("modulator.vpi_v", m.vpi_v, 0.01, 1000, " V");
    within("modulator.bias_error", m.bias_error, -0.45, 0.45, "");
    within("modulator.static_extinction_db", m.static_extinction_db, 1, 60, " dB");
  } else if (m.kind == ModulatorKind::eml) {
    within("modulator.eam_exponent", m.eam_exponent, 1.2, 8, "");
    within("modulator.eam_v0_v", m.eam_v0_v, 0.01, 100, " V");
    within_or_none("modulator.eam_bias_v", m.eam_bias_v, 0.01 * m.eam_v0_v, 3 * m.eam_v0_v, " V");
  } else {
    within("modulator.relaxation_ghz", m.relaxation_ghz, slowest_ghz, 1000, " GHz");
    within("modulator.damping_per_ns", m.damping_per_ns, 10, 10000, " 1/ns");
  }
}

}  // namespace

void check(const TransmitterConfig& config, int samples_per_ui) {
  if (samples_per_ui < 2 || samples_per_ui > 64 || samples_per_ui % 2 != 0) {
    throw ConfigError({"samples_per_ui", fmt::format("is {}", samples_per_ui), "2 to 64, even", ""});
  }
  const double gbd = config.symbol_rate_gbd.value();
  within("symbol_rate_gbd", gbd, 0.1, 1000, " GBd");
  within("oma_outer_dbm", config.oma_outer_dbm, -40, 30, " dBm");
  within("extinction_ratio_db", config.extinction_ratio_db, 0.01, 60, " dB");
  for (const double error : config.level_error) within("level_error", error, -1, 1, "");
  if (config.modulation == signal::Modulation::nrz &&
      (config.level_error[0] != 0 || config.level_error[1] != 0)) {
    refuse("level_error", config.level_error[config.level_error[0] != 0 ? 0 : 1],
           "0: NRZ has no inner levels");
  }
  within("wavelength_nm", config.wavelength_nm, 800, 1700, " nm");
  within("rin_db_per_hz", config.rin_db_per_hz, -300, -100, " dB/Hz");
  const double slowest_ghz = 0.05 * gbd;  // slower parts ring on for longer than the pulses that are made
  check_dac(config.dac, slowest_ghz);
  within_or_none("driver.bandwidth_ghz", config.driver.bandwidth_ghz, slowest_ghz, 1000, " GHz");
  within("driver.compression", config.driver.compression, 0, 0.3, "");
  check_modulator(config.modulator, slowest_ghz);
}

}  // namespace lightlane::optics

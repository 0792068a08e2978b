#pragma once
/// What the tests of the transmitter share.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "lightlane/optics/transmitter.hpp"

namespace lightlane::optics::transmitter_tests {

inline constexpr int m = 8;
inline constexpr ModulatorKind kinds[] = {ModulatorKind::mzm, ModulatorKind::eml, ModulatorKind::dml,
                                          ModulatorKind::vcsel};

inline signal::Levels levels_of(std::int64_t first, std::size_t count,
                                const std::function<int(std::int64_t)>& level) {
  signal::Levels levels{first, {}};
  for (std::size_t i = 0; i < count; ++i) {
    levels.level.push_back(static_cast<std::uint8_t>(level(first + static_cast<std::int64_t>(i))));
  }
  return levels;
}
inline int random_level(std::int64_t n) {
  std::uint64_t x = static_cast<std::uint64_t>(n) * 0x9E3779B97F4A7C15u;
  x ^= x >> 29;
  return static_cast<int>((x * 0xBF58476D1CE4E5B9u) >> 61 & 3);
}
/// The field of symbols [first, first + count).
inline signal::Field make(const Transmitter& tx, std::int64_t first, std::size_t count, bool impairments,
                          const std::function<int(std::int64_t)>& level) {
  const signal::Halo halo = tx.halo();
  signal::Field field;
  tx.process(
      levels_of(first - static_cast<std::int64_t>(halo.before), count + halo.before + halo.after, level),
      impairments, field);
  EXPECT_EQ(field.axis.first_index, first * field.axis.samples_per_ui);
  EXPECT_EQ(field.re.size(), count * static_cast<std::size_t>(field.axis.samples_per_ui));
  return field;
}
inline std::vector<double> power_of(const signal::Field& field) {
  std::vector<double> power(field.re.size());
  for (std::size_t i = 0; i < power.size(); ++i) {
    const double re = field.re[i], im = field.im.empty() ? 0.0 : field.im[i];
    power[i] = re * re + im * im;
  }
  return power;
}
inline double db(double ratio) { return 10 * std::log10(ratio); }
inline double rms(const std::vector<double>& x, double* mean_out = nullptr) {
  double mean = 0, square = 0;
  for (const double v : x) mean += v;
  mean /= static_cast<double>(x.size());
  for (const double v : x) square += (v - mean) * (v - mean);
  if (mean_out != nullptr) *mean_out = mean;
  return std::sqrt(square / static_cast<double>(x.size()));
}

inline TransmitterConfig of(ModulatorKind kind) {
  TransmitterConfig config;
  config.modulator.kind = kind;
  return config;
}
/// A drive that is wide open: levels in a staircase, no quantisation, no noise.
inline TransmitterConfig bare(ModulatorKind kind) {
  TransmitterConfig config = of(kind);
  config.dac.bits = 0;
  config.dac.enob = 0;
  config.dac.bandwidth_ghz = config.driver.bandwidth_ghz = config.modulator.bandwidth_ghz = 0;
  return config;
}

/// Configurations with every part in use, for what must hold of all of them.
inline std::vector<TransmitterConfig> many() {
  std::vector<TransmitterConfig> all;
  for (const ModulatorKind kind : kinds) {
    for (int i = 0; i < 10; ++i) {
      TransmitterConfig config = of(kind);
      if (i == 1) config.modulation = signal::Modulation::nrz, config.dac.bits = 5;
      if (i == 2) config.dac.ffe = {0.02, -0.1, 0.8, -0.07}, config.dac.ffe_main = 2;
      if (i == 3) config.driver.compression = 0.12, config.jitter.random_fs = 150;
      if (i == 4) config.modulator.chirp_alpha = -0.7, config.jitter.even_odd_ui = 0.05;
      if (i == 5) config.dac.bits = 4, config.dac.ffe = {-0.15, 0.7, -0.15}, config.dac.ffe_main = 1;
      if (i == 6) config.modulator.predistort = true, config.level_error = {0.04, -0.03};
      if (i == 7)
        config.jitter.sinusoidal_ui = 2.5, config.jitter.sinusoidal_mhz = 1, config.driver.compression = 0.05;
      if (i == 8)
        config.extinction_ratio_db = 3.5, config.oma_outer_dbm = -8,
        config.symbol_rate_gbd = Rational(1289, 50);
      if (i == 9) {
        config.modulator.chirp_alpha = 3;
        if (kind == ModulatorKind::dml || kind == ModulatorKind::vcsel)
          config.modulator.chirp_adiabatic_per_ws = 1e13;
      }
      all.push_back(config);
    }
  }
  return all;
}

/// A laser of this is linear, so that the power shows the drive: power = middle + OMA / 2 drive.
inline double drive_of(const Transmitter& tx, double power) {
  const TransmitterReport& report = tx.report();
  return (2 * power - report.level_w[0] - report.level_w[3]) / (report.level_w[3] - report.level_w[0]);
}

/// MZM of so small a swing that it is linear.
inline TransmitterConfig linear() {
  TransmitterConfig config = bare(ModulatorKind::mzm);
  config.extinction_ratio_db = 0.02;
  return config;
}

}  // namespace lightlane::optics::transmitter_tests

#include "lightlane/optics/transmitter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/optics/transmitter_test_support.hpp"

namespace lightlane::optics {
namespace {

using namespace transmitter_tests;

using std::numbers::pi;

// ---- steady levels ----

TEST(Transmitter, LongRunsReachTheReportedLevels) {
  for (const TransmitterConfig& config : many()) {
    const Transmitter tx(config, m, 1, 0);
    const TransmitterReport& report = tx.report();
    const bool nrz = config.modulation == signal::Modulation::nrz;
    std::array<double, 4> measured{};
    for (int level = 0; level < (nrz ? 2 : 4); ++level) {
      const std::size_t slot = static_cast<std::size_t>(nrz ? 3 * level : level);
      const auto power = power_of(make(tx, -20, 40, false, [&](std::int64_t) { return level; }));
      double mean = 0;
      const double ripple = rms(power, &mean);
      EXPECT_LT(ripple, 1e-6 * mean) << "a run is flat";
      measured[slot] = mean;
      EXPECT_NEAR(db(measured[slot] / report.level_w[slot]), 0, 1e-4);
    }
    EXPECT_NEAR(report.oma_outer_dbm, config.oma_outer_dbm, 1e-9);
    EXPECT_NEAR(report.extinction_ratio_db, config.extinction_ratio_db, 1e-9);
    EXPECT_NEAR(db((measured[3] - measured[0]) * 1e3), config.oma_outer_dbm, 1e-4);
    EXPECT_NEAR(db(measured[3] / measured[0]), config.extinction_ratio_db, 1e-4);
  }
}

TEST(Transmitter, AveragePowerFollowsFromOmaAndExtinction) {
  // Average power less OMA in dB, equally spaced levels.
  const std::pair<double, double> table[] = {
      {3.5, 1.164}, {4.5, 0.212}, {5.0, -0.166}, {6.0, -0.781}, {8.2, -1.685}};
  for (const auto& [er_db, difference] : table) {
    for (const auto modulation : {signal::Modulation::nrz, signal::Modulation::pam4}) {
      for (const ModulatorKind kind : {ModulatorKind::mzm, ModulatorKind::dml}) {
        TransmitterConfig config = bare(kind);
        config.modulation = modulation;
        config.modulator.predistort = true;
        config.oma_outer_dbm = 2.5;
        config.extinction_ratio_db = er_db;
        const TransmitterReport report = Transmitter(config, m, 1, 0).report();
        EXPECT_NEAR(report.average_power_dbm - 2.5, difference, 6e-4);
      }
    }
  }
}

TEST(Transmitter, LevelErrorsGiveTheirRlm) {
  for (const ModulatorKind kind : kinds) {
    for (const auto& error : {std::array{0.0, 0.0}, {0.1, 0.0}, {-0.05, 0.08}, {-0.15, -0.15}}) {
      TransmitterConfig config = bare(kind);
      config.modulator.predistort = true;
      config.extinction_ratio_db = 4;
      config.level_error = error;
      const TransmitterReport report = Transmitter(config, m, 1, 0).report();
      // Levels 0, 1 + e1, 2 + e2, 3 in thirds of the OMA; ES relative to half of it.
      const double es1 = (1.5 - 1 - error[0]) / 1.5, es2 = (2 + error[1] - 1.5) / 1.5;
      const double rlm = std::min({3 * es1, 3 * es2, 2 - 3 * es1, 2 - 3 * es2});
      EXPECT_NEAR(report.rlm, rlm, 1e-6);
      const double oma = report.level_w[3] - report.level_w[0];
      EXPECT_NEAR((report.level_w[1] - report.level_w[0]) / oma * 3, 1 + error[0], 1e-6);
      EXPECT_NEAR((report.level_w[2] - report.level_w[0]) / oma * 3, 2 + error[1], 1e-6);
    }
  }
}

TEST(Transmitter, SineOfTheMzmShiftsTheInnerLevels) {
  TransmitterConfig config = bare(ModulatorKind::mzm);
  config.extinction_ratio_db = 7;
  const double r = std::pow(10, 3.0), k = (r - 1) / (r + 1), ratio = std::pow(10, 0.7);
  const double angle = std::asin((ratio - 1) / (ratio + 1) / k),
               inner = std::sin(angle / 3) / std::sin(angle);
  const TransmitterReport report = Transmitter(config, m, 1, 0).report();
  EXPECT_NEAR(report.rlm, 2 - 3 * inner, 1e-6);
  EXPECT_NEAR(report.swing_v, 2 * config.modulator.vpi_v * angle / pi, 1e-6);
  config.modulator.predistort = true;
  EXPECT_NEAR(Transmitter(config, m, 1, 0).report().rlm, 1, 1e-6);
  config.dac.bits = 6;  // now only as near as a code comes
  const double rlm = Transmitter(config, m, 1, 0).report().rlm;
  EXPECT_LT(rlm, 1 - 1e-5);
  EXPECT_GT(rlm, 1 - 3.0 / 63);
}

TEST(Transmitter, PreemphasisCostsSwing) {
  TransmitterConfig config = of(ModulatorKind::mzm);
  config.dac.bits = 0;
  config.dac.enob = 6;
  const Transmitter flat(config, m, 1, 0);
  config.dac.ffe = {
      -1, 8, -1};  // sum 0.6 of the magnitudes: a peak-limited drive keeps 0.6 of its swing for long runs
  config.dac.ffe_main = 1;
  const Transmitter steep(config, m, 1, 0);
  EXPECT_NEAR(flat.report().full_scale_v, flat.report().swing_v, 1e-9);
  EXPECT_NEAR(steep.report().swing_v, flat.report().swing_v, 1e-6);
  EXPECT_NEAR(steep.report().full_scale_v, steep.report().swing_v / 0.6, 1e-6);
  // The same effective bits of a larger full scale: more noise on the same OMA.
  const auto noise = [](const Transmitter& tx) {
    return rms(power_of(make(tx, 0, 20000, true, [](int) { return 2; })));
  };
  EXPECT_NEAR(noise(steep) / noise(flat), 1 / 0.6, 0.02);
}

// ---- windows ----

TEST(Transmitter, CutsAndThreadsNeverChangeASample) {
  std::mt19937 random(11);
  for (const TransmitterConfig& config : many()) {
    const Transmitter tx(config, m, 5, 2);
    const std::size_t total = 1200;
    const signal::Field whole = make(tx, -300, total, true, random_level);
    std::vector<std::pair<std::size_t, std::size_t>> pieces;
    for (std::size_t i = 0; i < total;) {
      const std::size_t n = std::min<std::size_t>(total - i, 1 + random() % 500);
      pieces.emplace_back(i, n);
      i += n;
    }
    parallel_for(pieces.size(), [&](std::size_t k) {
      const auto [from, n] = pieces[k];
      const signal::Field part = make(tx, -300 + static_cast<std::int64_t>(from), n, true, random_level);
      for (std::size_t i = 0; i < part.re.size(); ++i) {
        ASSERT_EQ(part.re[i], whole.re[from * m + i]) << from << ' ' << i;
        if (!part.im.empty()) {
          ASSERT_EQ(part.im[i], whole.im[from * m + i]);
        }
      }
    });
  }
}

TEST(Transmitter, WindowsShorterThanTheHaloAreEmpty) {
  const Transmitter tx(TransmitterConfig{}, m, 1, 0);
  const std::size_t spent = tx.halo().before + tx.halo().after;
  for (std::size_t n = 0; n <= spent; ++n) {
    signal::Field field;
    field.re.resize(9);
    tx.process(levels_of(0, n, random_level), true, field);
    EXPECT_TRUE(field.re.empty());
    EXPECT_TRUE(field.im.empty());
  }
}

TEST(Transmitter, WithoutImpairmentsTheSeedDoesNotMatter) {
  TransmitterConfig config;
  config.jitter.random_fs = 300;
  const Transmitter a(config, m, 1, 0), b(config, m, 2, 3);
  EXPECT_EQ(make(a, 0, 100, false, random_level).re, make(b, 0, 100, false, random_level).re);
  EXPECT_NE(make(a, 0, 100, true, random_level).re, make(b, 0, 100, true, random_level).re);
  EXPECT_NE(make(a, 0, 100, true, random_level).re, make(a, 0, 100, false, random_level).re);
}

TEST(Transmitter, VariantsAgree) {
  const Variant best = supported_variant();
  for (const TransmitterConfig& config : many()) {
    force_variant(Variant::ref);
    const Transmitter tx(config, m, 5, 2);
    const signal::Field expected = make(tx, 0, 300, true, random_level);
    const float full = static_cast<float>(std::sqrt(2 * tx.report().level_w[3]));
    for (const Variant variant : {Variant::portable, Variant::avx2, Variant::avx512}) {
      if (variant > best) continue;
      force_variant(variant);
      const signal::Field field = make(tx, 0, 300, true, random_level);
      ASSERT_EQ(field.re.size(), expected.re.size());
      ASSERT_EQ(field.im.size(), expected.im.size());
      // Phases of adiabatic chirp add up the roundings of 2048 samples.
      const float tolerance = (config.modulator.chirp_adiabatic_per_ws != 0 ? 1e-5f : 3e-6f) * full;
      for (std::size_t i = 0; i < field.re.size(); ++i) {
        ASSERT_NEAR(field.re[i], expected.re[i], tolerance);
        if (!field.im.empty()) {
          ASSERT_NEAR(field.im[i], expected.im[i], tolerance);
        }
      }
    }
  }
  force_variant(best);
}

// ---- what is refused ----

TEST(Transmitter, RefusalsNameTheirKey) {
  using Change = void (*)(TransmitterConfig&);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::pair<const char*, Change> table[] = {
      {"tx.extinction_ratio_db", [](auto& c) { c.extinction_ratio_db = -1; }},
      {"tx.extinction_ratio_db", [](auto& c) { c.extinction_ratio_db = 31; }},
      {"tx.extinction_ratio_db", [](auto& c) { c.extinction_ratio_db = nan; }},
      {"tx.oma_outer_dbm", [](auto& c) { c.oma_outer_dbm = 1e9; }},
      {"tx.oma_outer_dbm", [](auto& c) { c.oma_outer_dbm = nan; }},
      {"tx.symbol_rate_gbd", [](auto& c) { c.symbol_rate_gbd = Rational(-1); }},
      {"tx.level_error",
       [](auto& c) {
         c.level_error = {0.9, -0.9};
       }},
      {"tx.level_error",
       [](auto& c) {
         c.level_error = {nan, 0};
       }},
      {"tx.level_error", [](auto& c) { c.modulation = signal::Modulation::nrz, c.level_error[1] = 0.1; }},
      {"tx.wavelength_nm", [](auto& c) { c.wavelength_nm = 500; }},
      {"tx.rin_db_per_hz", [](auto& c) { c.rin_db_per_hz = 145; }},
      {"tx.dac.bits", [](auto& c) { c.dac.bits = -1; }},
      {"tx.dac.bits", [](auto& c) { c.dac.bits = 1; }},  // four levels need more codes
      {"tx.dac.enob", [](auto& c) { c.dac.enob = 0.1; }},
      {"tx.dac.bandwidth_ghz", [](auto& c) { c.dac.bandwidth_ghz = -40; }},
      {"tx.dac.bandwidth_ghz", [](auto& c) { c.dac.bandwidth_ghz = 1; }},
      {"tx.dac.ffe", [](auto& c) { c.dac.ffe = {}; }},
      {"tx.dac.ffe",
       [](auto& c) {
         c.dac.ffe = {1, -1};
       }},
      {"tx.dac.ffe", [](auto& c) { c.dac.ffe = {-1}; }},
      {"tx.dac.ffe",
       [](auto& c) {
         c.dac.ffe = {1, nan};
       }},
      {"tx.dac.ffe_main", [](auto& c) { c.dac.ffe_main = 1; }},
      {"tx.driver.bandwidth_ghz", [](auto& c) { c.driver.bandwidth_ghz = nan; }},
      {"tx.driver.compression", [](auto& c) { c.driver.compression = 0.5; }},
      {"tx.modulator.bandwidth_ghz", [](auto& c) { c.modulator.bandwidth_ghz = 0.1; }},
      {"tx.modulator.chirp_alpha", [](auto& c) { c.modulator.chirp_alpha = 100; }},
      {"tx.modulator.chirp_adiabatic_per_ws", [](auto& c) { c.modulator.chirp_adiabatic_per_ws = 1e12; }},
      {"tx.modulator.vpi_v", [](auto& c) { c.modulator.vpi_v = 0; }},
      {"tx.modulator.bias_error", [](auto& c) { c.modulator.bias_error = 0.6; }},
      {"tx.modulator.static_extinction_db", [](auto& c) { c.modulator.static_extinction_db = -3; }},
      {"tx.modulator.eam_exponent",
       [](auto& c) { c.modulator.kind = ModulatorKind::eml, c.modulator.eam_exponent = 0.5; }},
      {"tx.modulator.eam_v0_v",
       [](auto& c) { c.modulator.kind = ModulatorKind::eml, c.modulator.eam_v0_v = 0; }},
      {"tx.modulator.eam_bias_v",
       [](auto& c) { c.modulator.kind = ModulatorKind::eml, c.modulator.eam_bias_v = -1; }},
      {"tx.modulator.relaxation_ghz",
       [](auto& c) { c.modulator.kind = ModulatorKind::dml, c.modulator.relaxation_ghz = 1; }},
      {"tx.modulator.relaxation_ghz",
       [](auto& c) {
         c.modulator.kind = ModulatorKind::vcsel, c.modulator.relaxation_ghz = 3,
         c.modulator.damping_per_ns = 5000;
       }},
      {"tx.modulator.damping_per_ns",
       [](auto& c) { c.modulator.kind = ModulatorKind::dml, c.modulator.damping_per_ns = 0; }},
      {"tx.jitter.random_fs", [](auto& c) { c.jitter.random_fs = -1; }},
      {"tx.jitter.random_fs", [](auto& c) { c.jitter.random_fs = 5000; }},
      {"tx.jitter.sinusoidal_ui", [](auto& c) { c.jitter.sinusoidal_ui = 100; }},
      {"tx.jitter.sinusoidal_ui",
       [](auto& c) { c.jitter.sinusoidal_ui = 5, c.jitter.sinusoidal_mhz = 4000; }},
      {"tx.jitter.sinusoidal_mhz",
       [](auto& c) { c.jitter.sinusoidal_ui = 0.1, c.jitter.sinusoidal_mhz = 0; }},
      {"tx.jitter.even_odd_ui", [](auto& c) { c.jitter.even_odd_ui = nan; }},
  };
  for (const auto& [key, change] : table) {
    TransmitterConfig config;
    change(config);
    try {
      Transmitter(config, m, 1, 0);
      ADD_FAILURE() << "accepted: " << key;
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.detail().place, key) << error.what();
      EXPECT_FALSE(error.detail().allowed.empty()) << key;
    }
  }
  for (const int per_ui : {0, 7, -8, 128})
    EXPECT_THROW(Transmitter(TransmitterConfig{}, per_ui, 1, 0), ConfigError);
}

}  // namespace
}  // namespace lightlane::optics

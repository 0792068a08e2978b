#include "lightlane/optics/transmitter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <limits>
#include <numbers>
#include <random>
#include <string>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/math/gaussian.hpp"

namespace lightlane::optics {
namespace {

using std::numbers::pi;
constexpr int m = 8;
constexpr ModulatorKind kinds[] = {ModulatorKind::mzm, ModulatorKind::eml, ModulatorKind::dml,
                                   ModulatorKind::vcsel};

signal::Levels levels_of(std::int64_t first, std::size_t count,
                         const std::function<int(std::int64_t)>& level) {
  signal::Levels levels{first, {}};
  for (std::size_t i = 0; i < count; ++i) {
    levels.level.push_back(static_cast<std::uint8_t>(level(first + static_cast<std::int64_t>(i))));
  }
  return levels;
}
int random_level(std::int64_t n) {
  std::uint64_t x = static_cast<std::uint64_t>(n) * 0x9E3779B97F4A7C15u;
  x ^= x >> 29;
  return static_cast<int>((x * 0xBF58476D1CE4E5B9u) >> 61 & 3);
}
/// The field of symbols [first, first + count).
signal::Field make(const Transmitter& tx, std::int64_t first, std::size_t count, bool impairments,
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
std::vector<double> power_of(const signal::Field& field) {
  std::vector<double> power(field.re.size());
  for (std::size_t i = 0; i < power.size(); ++i) {
    const double re = field.re[i], im = field.im.empty() ? 0.0 : field.im[i];
    power[i] = re * re + im * im;
  }
  return power;
}
double db(double ratio) { return 10 * std::log10(ratio); }
double rms(const std::vector<double>& x, double* mean_out = nullptr) {
  double mean = 0, square = 0;
  for (const double v : x) mean += v;
  mean /= static_cast<double>(x.size());
  for (const double v : x) square += (v - mean) * (v - mean);
  if (mean_out != nullptr) *mean_out = mean;
  return std::sqrt(square / static_cast<double>(x.size()));
}

TransmitterConfig of(ModulatorKind kind) {
  TransmitterConfig config;
  config.modulator.kind = kind;
  return config;
}
/// A drive that is wide open: levels in a staircase, no quantisation, no noise.
TransmitterConfig bare(ModulatorKind kind) {
  TransmitterConfig config = of(kind);
  config.dac.bits = 0;
  config.dac.enob = 0;
  config.dac.bandwidth_ghz = config.driver.bandwidth_ghz = config.modulator.bandwidth_ghz = 0;
  return config;
}

// ---- steady levels ----

/// Configurations with every part in use, for what must hold of all of them.
std::vector<TransmitterConfig> many() {
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

// ---- the drive ----

/// A laser of this is linear, so that the power shows the drive: power = middle + OMA / 2 drive.
double drive_of(const Transmitter& tx, double power) {
  const TransmitterReport& report = tx.report();
  return (2 * power - report.level_w[0] - report.level_w[3]) / (report.level_w[3] - report.level_w[0]);
}

/// MZM of so small a swing that it is linear.
TransmitterConfig linear() {
  TransmitterConfig config = bare(ModulatorKind::mzm);
  config.extinction_ratio_db = 0.02;
  return config;
}

TEST(Transmitter, StaircaseKeepsEverySampleOfASymbol) {
  const Transmitter tx(linear(), m, 1, 0);
  EXPECT_EQ(tx.halo().before + tx.halo().after, 0u);
  const auto power = power_of(make(tx, 5, 50, true, random_level));
  for (std::size_t i = 0; i < power.size(); ++i) {
    EXPECT_NEAR(drive_of(tx, power[i]), random_level(5 + static_cast<std::int64_t>(i / m)) * 2.0 / 3 - 1,
                3e-4);
  }
}

TEST(Transmitter, QuantiserHasItsCodes) {
  for (const int bits : {3, 4, 6}) {
    TransmitterConfig config = bare(ModulatorKind::mzm);
    config.dac.bits = bits;
    config.dac.ffe = {-0.11, 0.07, 0.7, -0.23, 0.03};
    config.dac.ffe_main = 2;
    const Transmitter tx(config, m, 1, 0);
    // Codes apart in power by more than the table's error.
    auto power = power_of(make(tx, 0, 4000, true, random_level));
    std::sort(power.begin(), power.end());
    int codes = 1;
    for (std::size_t i = 1; i < power.size(); ++i) codes += power[i] > power[i - 1] * (1 + 1e-5);
    EXPECT_LE(codes, 1 << bits);
    EXPECT_GT(codes, (1 << bits) / 2);
  }
}

TEST(Transmitter, EffectiveBitsGiveTheirNoise) {
  for (const double enob : {4.0, 5.5}) {
    TransmitterConfig config = linear();
    config.extinction_ratio_db = 0.5;  // near enough to linear for a percent
    config.dac.enob = enob;
    const Transmitter tx(config, m, 1, 7);
    const auto power =
        power_of(make(tx, 1000, 40000, true, [](std::int64_t n) { return n % 2 == 0 ? 1 : 2; }));
    std::vector<double> low, high;
    for (std::size_t i = 0; i < power.size(); i += 2 * m) {
      low.push_back(drive_of(tx, power[i]));
      high.push_back(drive_of(tx, power[i + m]));
    }
    const double expected = 2 / (std::pow(2, enob) * std::sqrt(12.0));
    EXPECT_NEAR(rms(low) / expected, 1, 0.02);
    EXPECT_NEAR(rms(high) / expected, 1, 0.02);
    const Transmitter other(config, m, 1, 8);
    EXPECT_NE(power_of(make(other, 1000, 10, true, random_level)),
              power_of(make(tx, 1000, 10, true, random_level)));
  }
}

TEST(Transmitter, EverySymbolHasItsDraw) {
  TransmitterConfig config = linear();
  config.extinction_ratio_db = 0.5;
  config.dac.enob = 5;
  config.jitter.sinusoidal_ui = 1e-9;  // nothing to see, but its reach shifts the window that is drawn
  const Transmitter tx(config, m, 9, 3);
  const auto power = power_of(make(tx, -40, 100, true, [](int) { return 1; }));
  std::vector<float> draws(100);
  math::GaussianStream(9, "tx.dac_noise", 3).fill(-40, draws);
  const double level = drive_of(tx, tx.report().level_w[1]), scale = 2 / (32 * std::sqrt(12.0));
  for (std::size_t n = 0; n < 100; ++n) {
    EXPECT_NEAR((drive_of(tx, power[n * m + m / 2]) - level) / scale, draws[n], 0.03) << n;
  }
}

TEST(Transmitter, FfeTapsStandInTimeOrder) {
  TransmitterConfig config = linear();
  config.dac.ffe = {0.1, 0.6, -0.25, 0.05};
  config.dac.ffe_main = 1;
  const Transmitter tx(config, m, 1, 0);
  const auto power = power_of(make(tx, -4, 9, false, [](std::int64_t n) { return n == 0 ? 3 : 0; }));
  const double gain = 0.5;  // of a long run
  // An isolated 3 among zeros, of drive 2 above them: the tap before the main one answers a symbol early.
  const double expected[] = {0, 0, 0, 0.1, 0.6, -0.25, 0.05, 0, 0};
  for (std::size_t n = 0; n < 9; ++n) {
    EXPECT_NEAR((drive_of(tx, power[n * m + 3]) + 1) * gain / 2, expected[n], 3e-3) << n;
  }
}

using Complex = std::complex<double>;
Complex bessel4(double f, double f3) {
  const Complex y(0, 2.113917675 * f / f3);
  return 105.0 / (105.0 + 105.0 * y + 45.0 * y * y + 10.0 * y * y * y + y * y * y * y);
}
Complex butter2(double f, double f3) {
  const Complex s(0, f / f3);
  return 1.0 / (1.0 + std::sqrt(2.0) * s + s * s);
}
Complex butter1(double f, double f3) { return 1.0 / Complex(1, f / f3); }
Complex relaxation(double f, const ModulatorConfig& c) {
  const double f0 = c.relaxation_ghz;
  return f0 * f0 / Complex(f0 * f0 - f * f, f * c.damping_per_ns / (2 * pi));
}

/// Transform of the answer to one symbol, at f in symbol rates, against the product of the parts, up to 1.2
/// symbol rates.
void expect_response(const TransmitterConfig& config, const std::function<Complex(double)>& parts,
                     double tolerance) {
  const double gbd = config.symbol_rate_gbd.value();
  for (const int per_ui : {4, 8, 16}) {
    const Transmitter tx(config, per_ui, 1, 0);
    constexpr int before = 8, count = 80;
    const auto one = power_of(make(tx, -before, count, false, [](std::int64_t n) { return n == 0 ? 2 : 1; }));
    const auto none = power_of(make(tx, -before, count, false, [](std::int64_t) { return 1; }));
    const double step = (tx.report().level_w[2] - tx.report().level_w[1]) * per_ui;
    const double delay = -std::arg(parts(1e-3)) / (2 * pi * 1e-3);  // ns, at DC
    for (double f = 0; f < 1.2; f += 0.05) {
      Complex sum = 0;
      for (std::size_t i = 0; i < one.size(); ++i) {
        const double t = static_cast<double>(i) / per_ui - before - 0.5;  // from the symbol's centre
        sum += (one[i] - none[i]) * std::polar(1.0, -2 * pi * f * t);
      }
      const double hold = f == 0 ? 1 : std::sin(pi * f) / (pi * f);
      const Complex expected = hold * parts(f * gbd) * std::polar(1.0, 2 * pi * f * gbd * delay);
      EXPECT_NEAR(std::abs(sum / step - expected), 0, tolerance) << per_ui << " samples, f = " << f;
    }
  }
}

TEST(Transmitter, SmallSignalsFollowTheProductOfTheParts) {
  TransmitterConfig config = linear();
  config.dac.bandwidth_ghz = 40;
  config.driver.bandwidth_ghz = 45;
  config.modulator.bandwidth_ghz = 36;
  expect_response(
      config, [](double f) { return bessel4(f, 40) * butter2(f, 45) * butter1(f, 36); }, 2e-3);
  config.driver.bandwidth_ghz = config.modulator.bandwidth_ghz = 0;
  config.dac.bandwidth_ghz = 15;
  expect_response(
      config, [](double f) { return bessel4(f, 15); }, 2e-3);
}

TEST(Transmitter, LasersFollowTheirRelaxation) {
  for (const ModulatorKind kind : {ModulatorKind::dml, ModulatorKind::vcsel}) {
    TransmitterConfig config = bare(kind);
    config.extinction_ratio_db = 0.1;
    config.dac.bandwidth_ghz = 60;
    config.modulator.bandwidth_ghz = 30;
    config.modulator.relaxation_ghz = 22;
    config.modulator.damping_per_ns = 80;
    const ModulatorConfig laser = config.modulator;
    expect_response(
        config, [=](double f) { return bessel4(f, 60) * butter1(f, 30) * relaxation(f, laser); }, 3e-3);
  }
}

TEST(Transmitter, SymbolsKeepTheirPlace) {
  for (const ModulatorKind kind : kinds) {
    const Transmitter tx(of(kind), 32, 1, 0);
    const auto power = power_of(make(tx, -6, 14, false, [](std::int64_t n) { return n == 0 ? 3 : 0; }));
    double moment = 0, sum = 0;
    std::size_t top = 0;
    for (std::size_t i = 0; i < power.size(); ++i) {
      const double t = static_cast<double>(i) / 32 - 6 - 0.5;  // from the symbol's centre
      moment += t * (power[i] - power[0]);
      sum += power[i] - power[0];
      if (power[i] > power[top]) top = i;
    }
    EXPECT_NEAR(moment / sum, 0, 0.05);
    if (kind == ModulatorKind::mzm || kind == ModulatorKind::eml) {
      EXPECT_NEAR(static_cast<double>(top) / 32 - 6.5, 0, 0.05 + 1.0 / 64);
    }
  }
}

TEST(Transmitter, CompressionActsOnTheDrive) {
  TransmitterConfig config = linear();
  config.dac.bandwidth_ghz = 40;
  config.driver.bandwidth_ghz = 45;
  config.modulator.bandwidth_ghz = 36;
  const Transmitter plain(config, m, 1, 0);
  config.driver.compression = 1e-9;  // too little to see, but the modulator's response now stands behind it
  const Transmitter split(config, m, 1, 0);
  const auto a = power_of(make(plain, 0, 500, false, random_level)),
             b = power_of(make(split, 0, 500, false, random_level));
  for (std::size_t i = 0; i < a.size(); ++i) EXPECT_NEAR(drive_of(plain, a[i]), drive_of(split, b[i]), 3e-3);
  config.driver.compression = 0.15;
  const TransmitterReport report = Transmitter(config, m, 1, 0).report();
  const double inner = (1.0 / 3 - 0.15 / 27) / (1 - 0.15);  // of the steady outer level
  EXPECT_NEAR(report.rlm, 2 - 3 * inner, 1e-4);
}

// ---- chirp ----

TEST(Transmitter, PhaseFollowsThePower) {
  for (const ModulatorKind kind : kinds) {
    TransmitterConfig config = of(kind);
    config.modulator.chirp_alpha = -0.6;
    const Transmitter tx(config, m, 1, 0);
    const signal::Field field = make(tx, 0, 200, true, random_level);
    ASSERT_EQ(field.im.size(), field.re.size());
    const auto power = power_of(field);
    const double mean = std::pow(10, tx.report().average_power_dbm / 10) * 1e-3;
    for (std::size_t i = 0; i < power.size(); ++i) {
      const double phase = std::atan2(double(field.im[i]), double(field.re[i]));
      EXPECT_NEAR(phase, -0.3 * std::log(power[i] / mean), 1e-5);
    }
    config.modulator.chirp_alpha = 0;
    EXPECT_TRUE(make(Transmitter(config, m, 1, 0), 0, 10, true, random_level).im.empty());
  }
}

TEST(Transmitter, AdiabaticChirpShiftsTheCarrierWithThePower) {
  TransmitterConfig config = of(ModulatorKind::dml);
  config.modulator.chirp_alpha = 3;
  config.modulator.chirp_adiabatic_per_ws = 8e12;
  config.dac.enob = 0;
  const Transmitter tx(config, m, 1, 0);
  // 16 symbols low, 16 high, again and again: the mean of any 256 is that of both.
  const signal::Field field = make(tx, 0, 400, false, [](std::int64_t n) { return (n & 16) == 0 ? 0 : 3; });
  const auto frequency = [&](std::size_t symbol) {  // Hz, over six symbols of a run
    const std::size_t from = symbol * m, to = from + 6 * m;
    double turn = 0;
    for (std::size_t i = from; i < to; ++i) {
      turn +=
          std::arg(Complex(field.re[i + 1], field.im[i + 1]) * std::conj(Complex(field.re[i], field.im[i])));
    }
    return turn / (2 * pi) / static_cast<double>(to - from) * field.axis.sample_rate_hz();
  };
  const double oma = tx.report().level_w[3] - tx.report().level_w[0];
  const double expected = 1.5 * 8e12 * oma / (2 * pi);
  for (const std::size_t period : {0, 3, 7}) {
    EXPECT_NEAR((frequency(32 * period + 25) - frequency(32 * period + 9)) / expected, 1, 0.002);
  }
}

// ---- jitter ----

/// Crossings of the middle of a 0303.. pattern: time less the edge's own place, in UI, edge n between n - 1
/// and n.
std::vector<double> edge_shifts(const Transmitter& tx, std::int64_t first, std::size_t count) {
  const auto power = power_of(make(tx, first, count, true, [](std::int64_t n) { return n & 1 ? 3 : 0; }));
  const double per_ui = static_cast<double>(power.size()) / static_cast<double>(count);
  const double middle = (tx.report().level_w[0] + tx.report().level_w[3]) / 2;
  std::vector<double> shifts;
  const std::size_t margin = static_cast<std::size_t>(per_ui / 2);  // the window's own ends lie on edges
  for (std::size_t i = margin; i < power.size() - margin; ++i) {
    if ((power[i - 1] < middle) == (power[i] < middle)) continue;
    const double t = (static_cast<double>(i) - (power[i] - middle) / (power[i] - power[i - 1])) / per_ui;
    shifts.push_back(t - std::round(t));
  }
  return shifts;
}

TransmitterConfig jittered() {
  TransmitterConfig config = of(ModulatorKind::mzm);
  config.dac.enob = 0;
  config.dac.bits = 0;
  config.extinction_ratio_db = 1;
  return config;
}

TEST(Transmitter, RandomJitterHasItsRms) {
  TransmitterConfig config = jittered();
  config.jitter.random_fs = 200;
  const double ui = 200e-15 * config.symbol_rate_gbd.value() * 1e9;
  for (const int per_ui : {8, 16}) {
    const auto shifts = edge_shifts(Transmitter(config, per_ui, 3, 1), 100, 20001);
    EXPECT_GT(shifts.size(), 19990u);
    EXPECT_NEAR(rms(shifts) / ui, 1, 0.03);
  }
  EXPECT_LT(rms(edge_shifts(Transmitter(jittered(), 8, 3, 1), 100, 2001)), 2e-3);
}

TEST(Transmitter, EvenOddJitterMovesEdgesInTurn) {
  TransmitterConfig config = jittered();
  config.jitter.even_odd_ui = 0.08;
  const auto shifts = edge_shifts(Transmitter(config, 16, 3, 1), 101, 2000);  // first edge seen: symbol 102
  const auto straight = edge_shifts(Transmitter(jittered(), 16, 3, 1), 101, 2000);
  ASSERT_EQ(shifts.size(), straight.size());
  // The shift runs from -0.04 to +0.04 UI and back, and counts where the edge has come to: s = 0.04 (1 - 2
  // |s|).
  for (std::size_t i = 0; i < shifts.size(); ++i) {
    EXPECT_NEAR(shifts[i] - straight[i], (i % 2 == 0 ? -0.04 : 0.04) / 1.08, 1e-3);
  }
}

/// The drive of a transmitter without jitter, by dense samples, at any time [UI].
class Resampled {
 public:
  Resampled(const TransmitterConfig& config, std::int64_t first, std::size_t count) : first_(first) {
    const Transmitter tx(config, 64, 1, 0);
    power_ = power_of(make(tx, first, count, false, random_level));
  }
  double operator()(double t) const {
    const double x = (t - static_cast<double>(first_)) * 64;
    const std::size_t i = static_cast<std::size_t>(x);
    const double a = x - static_cast<double>(i);
    const double *p = &power_[i], y0 = p[-1], y1 = p[0], y2 = p[1], y3 = p[2];  // cubic: 1e-7 at 64 samples
    return y1 + a * (0.5 * (y2 - y0) +
                     a * (y0 - 2.5 * y1 + 2 * y2 - 0.5 * y3 + a * (0.5 * (y3 - y0) + 1.5 * (y1 - y2))));
  }

 private:
  std::int64_t first_;
  std::vector<double> power_;
};

TEST(Transmitter, JitterWarpsTimeAsResamplingDoes) {
  TransmitterConfig config = jittered();
  config.dac.bandwidth_ghz = 50;
  config.driver.bandwidth_ghz = 60;
  config.modulator.bandwidth_ghz = 0;
  const Resampled straight(config, 40, 420);
  // Wide parts, so that there is much to get wrong. The interpolation's error falls with the shift from its
  // middle point.
  for (const auto& [ui, mhz, tolerance] :
       {std::tuple{0.3, 900.0, 8e-4}, {0.06, 1000.0, 5e-4}, {6.0, 100.0, 8e-4}}) {
    config.jitter.sinusoidal_ui = ui;
    config.jitter.sinusoidal_mhz = mhz;
    for (const int per_ui : {4, 8, 16}) {
      const Transmitter tx(config, per_ui, 1, 0);
      const double oma = tx.report().level_w[3] - tx.report().level_w[0];
      const auto power = power_of(make(tx, 50, 400, true, random_level));
      double worst = 0;
      for (std::size_t i = 0; i < power.size(); ++i) {
        const double t = 50 + static_cast<double>(i) / per_ui,
                     turns = mhz * 1e-3 / config.symbol_rate_gbd.value();
        const double n = std::floor(t), a = t - n;
        const auto edge = [&](double at) { return ui / 2 * std::sin(2 * pi * turns * at); };
        worst =
            std::max(worst, std::fabs(power[i] - straight(t - (1 - a) * edge(n) - a * edge(n + 1))) / oma);
      }
      EXPECT_LT(worst, per_ui == 4 ? 2e-2 : tolerance) << per_ui << " samples, " << ui << " UI";
    }
  }
}

TEST(Transmitter, JitterShiftsFurtherThanASymbol) {
  TransmitterConfig config = jittered();
  config.jitter.sinusoidal_ui = 5;  // the jitter tolerance mask's 5 UI at 40 kHz
  config.jitter.sinusoidal_mhz = 0.04;
  const Transmitter tx(config, m, 1, 0), straight(jittered(), m, 1, 0);
  // A quarter of a period on, the signal comes 2.5 UI late.
  const std::int64_t quarter = static_cast<std::int64_t>(config.symbol_rate_gbd.value() * 1e3 / 0.04 / 4);
  const auto late = power_of(make(tx, quarter, 100, true, random_level));
  const auto early = power_of(make(straight, quarter - 3, 104, true, random_level));
  for (std::size_t i = 0; i < late.size(); ++i) EXPECT_NEAR(late[i], early[i + m / 2], 1e-6);
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

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "lightlane/math/gaussian.hpp"
#include "lightlane/optics/transmitter.hpp"
#include "lightlane/optics/transmitter_test_support.hpp"

namespace lightlane::optics {
namespace {

using namespace transmitter_tests;

using std::numbers::pi;

using Complex = std::complex<double>;

// ---- the drive ----

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

}  // namespace
}  // namespace lightlane::optics

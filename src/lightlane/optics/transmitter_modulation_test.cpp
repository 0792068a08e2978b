#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <tuple>

#include "lightlane/optics/transmitter.hpp"
#include "lightlane/optics/transmitter_test_support.hpp"

namespace lightlane::optics {
namespace {

using namespace transmitter_tests;

using std::numbers::pi;

using Complex = std::complex<double>;

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

}  // namespace
}  // namespace lightlane::optics

#include "lightlane/rxdsp/jitter_tolerance.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <numbers>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using testing::nominal;
using testing::random_levels;
constexpr int per_ui = 8;
constexpr double rate = 53.125e9;

struct Waveform {
  std::vector<std::uint8_t> levels;
  std::vector<float> samples;
};

/// Cyclic, pulses exp(-(t / 0.5)^2), white noise of sigma per sample.
Waveform cyclic(double sigma) {
  Waveform w{random_levels(8192), std::vector<float>(8192 * per_ui)};
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal(0, sigma);
  for (std::size_t i = 0; i < w.samples.size(); ++i) {
    const double t = (static_cast<double>(i) - per_ui / 2) / per_ui;
    double sum = normal(engine);
    for (int k = -3; k <= 3; ++k) {
      const double centre = std::floor(t + 0.5) + k, z = (t - centre) / 0.5;
      const auto symbol = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(centre) + 8192) % 8192;
      sum += nominal(w.levels[symbol]) * std::exp(-z * z);
    }
    w.samples[i] = static_cast<float>(3e-4 + 1e-4 * sum);
  }
  return w;
}

JitterToleranceConfig settings() {
  JitterToleranceConfig config;
  config.equalizer.ffe_taps = 7;
  config.equalizer.ffe_main = 3;
  config.equalizer.adc_bits = 0;
  config.equalizer.adc_enob = 0;
  config.clock.bandwidth_mhz = 10;
  config.symbols = 1 << 17;
  config.target_ser = 5e-3;
  return config;
}

TEST(JitterTolerance, IsTheEyeOverWhatTheLoopLeaves) {
  // What reaches the slicer is A |1 - H(f)|, and that may be as large as far above the loop: A(f) |1 - H(f)|
  // is one number, as long as the detector is linear over it (0.2 UI to either side) and decides right.
  const Waveform w = cyclic(0.05);
  const JitterToleranceConfig config = settings();
  const std::vector<double> frequencies{1e6, 2e6, 5e6, 10e6, 200e6};
  const auto r = jitter_tolerance(config, w.samples, per_ui, rate, w.levels, frequencies);
  EXPECT_LT(r.ser_without_jitter, 5e-4);
  ASSERT_EQ(r.points.size(), 5u);
  const auto left = [&](double f) {
    const double wn = 2 * std::numbers::pi * 10e6 / (2 * config.clock.damping);
    const std::complex<double> s(0, 2 * std::numbers::pi * f);
    return std::abs(s * s / (s * s + 2 * config.clock.damping * wn * s + wn * wn));
  };
  const double eye = r.points[4].tolerated_ui * left(200e6);
  EXPECT_GT(eye, 0.05);
  EXPECT_LT(eye, 0.6);
  for (const JitterTolerancePoint& p : r.points) {
    EXPECT_NEAR(p.tolerated_ui * left(p.frequency_hz) / eye, 1, 0.12) << p.frequency_hz;
    EXPECT_EQ(p.mask_ui, jitter_tolerance_mask_ui(p.frequency_hz));
    EXPECT_TRUE(p.meets_mask);
  }
}

TEST(JitterTolerance, ANarrowLoopMissesTheMask) {
  // 0.4 MHz at 1 GBd: 100 kHz jitter is left at about 0.3 of its amplitude, 0.6 of the 2 UI that are asked for.
  const Waveform w = cyclic(0.05);
  JitterToleranceConfig config = settings();
  config.clock.bandwidth_mhz = 0.4;
  const std::vector<double> frequencies{100e3, 10e3};
  const auto r = jitter_tolerance(config, w.samples, per_ui, 1e9, w.levels, frequencies);
  EXPECT_EQ(r.points[0].mask_ui, 2);
  EXPECT_LT(r.points[0].tolerated_ui, 1.9);
  EXPECT_GT(r.points[0].tolerated_ui, 0.5);
  EXPECT_FALSE(r.points[0].meets_mask);
  EXPECT_EQ(r.points[1].mask_ui, 0);  // nothing is asked
  EXPECT_TRUE(r.points[1].meets_mask);
}

TEST(JitterTolerance, IsTheSameForAnyNumberOfThreads) {
  const Waveform w = cyclic(0.05);
  const std::vector<double> frequencies{3e6, 30e6};
  const auto run = [&](unsigned count) {
    set_threads(count);
    const auto r = jitter_tolerance(settings(), w.samples, per_ui, rate, w.levels, frequencies);
    set_threads(0);
    return std::vector<double>{r.points[0].tolerated_ui, r.points[1].tolerated_ui};
  };
  EXPECT_EQ(run(1), run(2));
}

TEST(JitterTolerance, AClosedEyeStandsNothing) {
  const Waveform w = cyclic(0.4);
  const std::vector<double> frequencies{5e6};
  const auto r = jitter_tolerance(settings(), w.samples, per_ui, rate, w.levels, frequencies);
  EXPECT_GT(r.ser_without_jitter, 0.01);
  EXPECT_EQ(r.points[0].tolerated_ui, 0);
  EXPECT_FALSE(r.points[0].meets_mask);
  const std::vector<float> dark(w.samples.size(), 1e-5f);
  EXPECT_EQ(jitter_tolerance(settings(), dark, per_ui, rate, w.levels, frequencies).ser_without_jitter, 1);
}

TEST(JitterTolerance, RefusesWhatCannotBe) {
  const Waveform w = cyclic(0.05);
  const auto refused = [&](auto change, double frequency = 1e6) -> std::string {
    JitterToleranceConfig config = settings();
    change(config);
    const double frequencies[] = {frequency};
    try {
      jitter_tolerance(config, w.samples, per_ui, rate, w.levels, frequencies);
    } catch (const ConfigError& error) {
      return error.detail().place;
    }
    return "";
  };
  using C = JitterToleranceConfig;
  EXPECT_EQ(refused([](C& c) { c.target_ser = 0; }), "dsp.jitter_tolerance.target_ser");
  EXPECT_EQ(refused([](C& c) { c.symbols = 20000; }), "dsp.jitter_tolerance.symbols");
  EXPECT_EQ(refused([](C& c) { c.equalizer.modulation = signal::Modulation::nrz; }),
            "dsp.jitter_tolerance.equalizer.modulation");
  EXPECT_EQ(refused([](C& c) { c.equalizer.ffe_taps = 0; }), "dsp.ffe_taps");
  EXPECT_EQ(refused([](C& c) { c.clock.damping = 0; }), "dsp.clock_recovery.damping");
  EXPECT_EQ(refused([](C&) {}, 0), "dsp.jitter_tolerance.frequencies_hz");
  EXPECT_EQ(refused([](C&) {}, 1e10), "dsp.jitter_tolerance.frequencies_hz");
}

}  // namespace
}  // namespace lightlane::rxdsp

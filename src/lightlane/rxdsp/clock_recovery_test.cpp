#include "lightlane/rxdsp/clock_recovery.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <functional>
#include <numbers>

#include "lightlane/base/error.hpp"
#include "lightlane/rxdsp/rxdsp_test_tools.hpp"

namespace lightlane::rxdsp {
namespace {

using testing::nominal;
using testing::random_levels;
using Pulse = std::function<double(double)>;
constexpr int per_ui = 8;
constexpr double rate = 53.125e9;

/// Raised cosine of roll-off 0.6, no interference at +-1, +-2 ..; cut at 6 UI.
double raised_cosine(double t) {
  constexpr double pi = std::numbers::pi, beta = 0.6;
  if (std::fabs(t) > 6) return 0;
  if (std::fabs(t) < 1e-9) return 1;
  const double pole = 1 - 4 * beta * beta * t * t;
  const double sinc = std::sin(pi * t) / (pi * t);
  return std::fabs(pole) < 1e-9 ? pi / 4 * sinc : sinc * std::cos(pi * beta * t) / pole;
}
/// A tail behind the pulse, as of a slow amplifier.
double skewed(double t) {
  const double main = t / 0.55, tail = (t - 0.8) / 0.7;
  return std::exp(-main * main) + 0.2 * std::exp(-tail * tail);
}

/// x(t) = sum a[k] pulse(t - k), t = i / M - 1 / 2 + warp(i / M) for sample i; in amperes, with a bias.
std::vector<float> waveform(const std::vector<std::uint8_t>& levels, unsigned count, const Pulse& pulse,
                            const std::function<double(double)>& warp) {
  std::vector<float> x(levels.size() * per_ui);
  const auto symbols = static_cast<std::ptrdiff_t>(levels.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double ui = static_cast<double>(i) / per_ui, t = ui - 0.5 + warp(ui);
    const auto nearest = static_cast<std::ptrdiff_t>(std::floor(t));
    double sum = 0;
    for (std::ptrdiff_t k = std::max<std::ptrdiff_t>(0, nearest - 5); k <= std::min(symbols - 1, nearest + 6);
         ++k) {
      sum += nominal(levels[static_cast<std::size_t>(k)], count) * pulse(t - static_cast<double>(k));
    }
    x[i] = static_cast<float>(4e-4 + 1e-4 * sum);
  }
  return x;
}
const auto still = [](double) { return 0.0; };

/// Where h(+1) = h(-1), by halving between -0.5 and 0.5.
double balance(const Pulse& h) {
  double low = -0.5, high = 0.5;
  for (int i = 0; i < 60; ++i) {
    const double t = 0.5 * (low + high);
    (h(t + 1) - h(t - 1) > 0 ? low : high) = t;
  }
  return low;
}

TEST(MuellerMullerPhase, IsWhereThePulseIsBalanced) {
  const auto levels = random_levels(4000);
  for (const double delay : {-0.4, -0.13, 0.0, 0.2, 0.37}) {
    const Pulse pulse = [delay](double t) { return raised_cosine(t - delay); };
    EXPECT_NEAR(mueller_muller_phase(waveform(levels, 4, pulse, still), per_ui, levels), delay, 2e-3);
  }
  const double expected = balance(skewed);
  EXPECT_GT(expected, 0.05);
  EXPECT_NEAR(mueller_muller_phase(waveform(levels, 4, skewed, still), per_ui, levels), expected, 2e-3);
  const auto inverted = [](double t) { return -skewed(t); };
  EXPECT_NEAR(mueller_muller_phase(waveform(levels, 4, inverted, still), per_ui, levels), expected, 2e-3);
  const auto bits = random_levels(4000, 2);
  EXPECT_NEAR(mueller_muller_phase(waveform(bits, 2, skewed, still), per_ui, bits), expected, 2e-3);
}

TEST(MuellerMullerPhase, DoesNotNeedWhiteSymbols) {
  auto levels = random_levels(4000);
  for (std::size_t i = 1; i < levels.size(); ++i) {
    if (i % 3 != 0) levels[i] = static_cast<std::uint8_t>((levels[i] + levels[i - 1]) / 2);
  }
  EXPECT_NEAR(mueller_muller_phase(waveform(levels, 4, skewed, still), per_ui, levels), balance(skewed),
              2e-3);
  // An echo two symbols on, which symbols that are alike would mix into h(+1).
  const auto echo = [](double t) { return skewed(t) + 0.3 * std::exp(-(t - 2) * (t - 2) / 0.2); };
  EXPECT_NEAR(mueller_muller_phase(waveform(levels, 4, echo, still), per_ui, levels), balance(echo), 2e-3);
}

TEST(MuellerMullerPhase, IsZeroWithoutAPulseAndRefusesBadShapes) {
  const auto levels = random_levels(1000);
  EXPECT_EQ(mueller_muller_phase(std::vector<float>(8000, 1e-4f), 8, levels), 0);
  EXPECT_EQ(mueller_muller_phase(std::vector<float>(8000, 1e-4f), 8, std::vector<std::uint8_t>(1000, 2)), 0);
  EXPECT_THROW(mueller_muller_phase(std::vector<float>(7999), 8, levels), ConfigError);
  EXPECT_THROW(mueller_muller_phase(std::vector<float>(7000), 7, levels), ConfigError);
}

TEST(ClockRecovery, LocksFromAnyPhaseAndSettlesAtTheBalance) {
  for (const unsigned count : {4u, 2u}) {
    const auto levels = random_levels(1 << 15, count);
    for (const auto& [pulse, delay] :
         {std::pair<Pulse, double>{raised_cosine, 0}, {skewed, balance(skewed)}}) {
      const std::vector<float> x = waveform(levels, count, pulse, still);
      for (const double start : {-0.4, -0.25, -0.1, 0.0, 0.1, 0.25, 0.4}) {
        ClockRecoveryConfig config;
        config.modulation = count == 2 ? signal::Modulation::nrz : signal::Modulation::pam4;
        config.bandwidth_mhz = 8;
        config.initial_phase_ui = delay + start < -0.5 || delay + start > 0.5 ? start : delay + start;
        const ClockRecoveryResult r = recover_clock(config, x, per_ui, rate);
        EXPECT_TRUE(r.locked) << count << " " << start;
        EXPECT_NEAR(r.phase_ui, delay, 0.02) << count << " " << start;
        EXPECT_LT(r.phase_rms_ui, 0.02);
        ASSERT_EQ(r.samples.size(), levels.size());
        EXPECT_EQ(r.phase_history_ui.size(), levels.size() / 64);
        EXPECT_FLOAT_EQ(r.phase_history_ui[0], static_cast<float>(config.initial_phase_ui));
      }
    }
  }
}

TEST(ClockRecovery, LocksWhereTheEyeIsClosed) {
  // Both neighbours at 0.17 of the pulse: all of the distance to a threshold, and no noise to stir blind decisions.
  const auto levels = random_levels(1 << 16);
  const auto wide = [](double t) { return std::exp(-t * t / 0.5625); };
  const std::vector<float> x = waveform(levels, 4, wide, still);
  for (const double start : {-0.4, -0.3, -0.2, 0.0, 0.2, 0.3, 0.4}) {
    ClockRecoveryConfig config;
    config.initial_phase_ui = start;
    const ClockRecoveryResult r = recover_clock(config, x, per_ui, rate);
    EXPECT_TRUE(r.locked) << start;
    EXPECT_NEAR(r.phase_ui, 0, 0.03) << start;
  }
}

TEST(ClockRecovery, SamplesAreThoseAtTheRecoveredInstants) {
  const auto levels = random_levels(1 << 14);
  const Pulse late = [](double t) { return raised_cosine(t - 0.3); };
  ClockRecoveryConfig config;
  config.initial_phase_ui = 0.3;
  const ClockRecoveryResult r = recover_clock(config, waveform(levels, 4, late, still), per_ui, rate);
  for (std::size_t i = 8000; i < levels.size() - 100; ++i) {                 // behind acquisition
    EXPECT_NEAR(r.samples[i], 4e-4 + 1e-4 * nominal(levels[i]), 3e-6) << i;  // 0.003 UI of wander
  }
}

/// The loop filter that the header promises, with a perfect detector: phase behind each symbol.
std::vector<double> ideal_loop(const std::vector<double>& instant, double bandwidth_hz, double damping,
                               double start) {
  const double kp = 2 * std::numbers::pi * bandwidth_hz / rate, ki = kp * kp / (4 * damping * damping);
  std::vector<double> phase;
  double theta = start, integral = 0;
  for (const double target : instant) {
    phase.push_back(theta);
    const double error = target - theta;
    theta += kp * error + integral;
    integral += ki * error;
  }
  return phase;
}

TEST(ClockRecovery, AnswersAStepAsASecondOrderLoop) {
  const auto levels = random_levels(1 << 16);
  for (const double damping : {0.7, 2.0}) {
    ClockRecoveryConfig config;
    config.bandwidth_mhz = 10;
    config.damping = damping;
    const double step_at = 20000;
    const auto warp = [&](double ui) { return ui > step_at ? -0.1 : 0.0; };  // the symbols come 0.1 UI later
    const auto r = recover_clock(config, waveform(levels, 4, raised_cosine, warp), per_ui, rate);
    std::vector<double> target(levels.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = static_cast<double>(i) > step_at ? 0.1 : 0;
    const auto expected = ideal_loop(target, 10e6, damping, 0);
    double square = 0;
    const std::size_t from = 17000 / 64;  // acquisition, on coarse decisions and noisier, is over
    for (std::size_t i = from; i < r.phase_history_ui.size(); ++i) {
      const double difference = static_cast<double>(r.phase_history_ui[i]) - expected[64 * i];
      square += difference * difference;
      EXPECT_NEAR(difference, 0, 0.02) << i;  // the detector's own noise, 0.005 UI rms, rides on it
    }
    EXPECT_LT(std::sqrt(square / static_cast<double>(r.phase_history_ui.size() - from)), 0.006);
    EXPECT_NEAR(r.phase_ui, 0.1, 0.003);
  }
}

TEST(ClockRecovery, FollowsSinusoidalJitterAsASecondOrderLoop) {
  const auto levels = random_levels(1 << 16);
  const double bandwidth = 40e6, damping = 2;
  for (const double relative : {0.1, 0.5, 1.0, 2.0, 5.0}) {
    const double f = relative * bandwidth, amplitude = 0.08, turn = 2 * std::numbers::pi * f / rate;
    ClockRecoveryConfig config;
    config.bandwidth_mhz = bandwidth / 1e6;
    config.damping = damping;
    const auto warp = [&](double ui) { return -amplitude * std::sin(turn * ui); };
    const auto r = recover_clock(config, waveform(levels, 4, raised_cosine, warp), per_ui, rate);
    // Continuous-time second order: H = (2 zeta wn s + wn^2) / (s^2 + 2 zeta wn s + wn^2), wn = 2 pi
    // bandwidth / 2 zeta.
    const std::complex<double> s(0, 2 * std::numbers::pi * f);
    const double wn = 2 * std::numbers::pi * bandwidth / (2 * damping);
    const std::complex<double> h =
        (2 * damping * wn * s + wn * wn) / (s * s + 2 * damping * wn * s + wn * wn);
    std::complex<double> sum = 0;
    double weight = 0;
    const double period = rate / f / 64, points = static_cast<double>(r.phase_history_ui.size());
    const auto from =
        static_cast<std::size_t>(points - std::floor(points * 0.7 / period) * period);  // whole periods
    for (std::size_t i = from; i < r.phase_history_ui.size(); ++i) {
      const double ui = 64.0 * static_cast<double>(i);
      sum += static_cast<double>(r.phase_history_ui[i]) * std::polar(1.0, -turn * ui);
      weight += 0.5;
    }
    const std::complex<double> found =
        sum / weight * std::complex<double>(0, 1) / amplitude;  // sin = Re(-j e^jx)
    EXPECT_NEAR(std::abs(found - h), 0, 0.05) << relative << ": " << found << " " << h;
  }
}

TEST(ClockRecovery, FollowsAFrequencyOffsetWithoutError) {
  const auto levels = random_levels(1 << 15);
  ClockRecoveryConfig config;
  config.bandwidth_mhz = 10;
  config.damping = 1;
  const auto warp = [](double ui) { return -50e-6 * ui; };  // 50 ppm: 1.6 UI by the end
  const auto x = waveform(levels, 4, raised_cosine, warp);
  const auto r = recover_clock(config, x, per_ui, rate);
  EXPECT_TRUE(r.locked);
  for (std::size_t i = 20000; i < 32000; ++i)
    ASSERT_NEAR(r.samples[i], 4e-4 + 1e-4 * nominal(levels[i]), 8e-6) << i;
}

TEST(ClockRecovery, NoiseAndSilenceAreNotLocked) {
  std::mt19937_64 engine(1);
  std::normal_distribution<double> normal(0, 1e-4);
  std::vector<float> x(1 << 17);
  double state = 0;
  for (float& v : x)
    v = static_cast<float>(state = 0.8 * state + normal(engine));  // coloured, as behind an amplifier
  for (const signal::Modulation modulation : {signal::Modulation::pam4, signal::Modulation::nrz}) {
    ClockRecoveryConfig config;
    config.modulation = modulation;
    EXPECT_FALSE(recover_clock(config, x, per_ui, rate).locked);
    const auto silent = recover_clock(config, std::vector<float>(1 << 14, 2e-4f), per_ui, rate);
    EXPECT_FALSE(silent.locked);
    EXPECT_EQ(silent.samples, std::vector<float>(1 << 11, 2e-4f));
  }
}

TEST(ClockRecovery, RefusesWhatCannotBe) {
  const std::vector<float> x(1 << 12);
  const auto refused = [&](auto change, int samples_per_ui = 8, double symbol_rate = rate) -> std::string {
    ClockRecoveryConfig config;
    change(config);
    try {
      recover_clock(config, x, samples_per_ui, symbol_rate);
    } catch (const ConfigError& error) {
      return error.detail().place;
    }
    return "";
  };
  using C = ClockRecoveryConfig;
  const auto nothing = [](C&) {};
  EXPECT_EQ(refused(nothing), "");
  EXPECT_EQ(refused([](C& c) { c.bandwidth_mhz = 0; }), "dsp.clock_recovery.bandwidth_mhz");
  EXPECT_EQ(refused([](C& c) { c.bandwidth_mhz = 1000; }), "dsp.clock_recovery.bandwidth_mhz");
  EXPECT_EQ(refused([](C& c) { c.damping = 0.1; }), "dsp.clock_recovery.damping");
  EXPECT_EQ(refused([](C& c) { c.initial_phase_ui = 0.6; }), "dsp.clock_recovery.initial_phase_ui");
  EXPECT_EQ(refused(nothing, 7), "dsp.clock_recovery.samples_per_ui");
  EXPECT_EQ(refused(nothing, 2), "dsp.clock_recovery.samples_per_ui");
  EXPECT_EQ(refused(nothing, 32), "dsp.clock_recovery.symbols");
  EXPECT_EQ(refused(nothing, 8, 0), "dsp.clock_recovery.symbol_rate_hz");
}

TEST(JitterToleranceMask, IsThatOfTheStandard) {
  EXPECT_DOUBLE_EQ(jitter_tolerance_mask_ui(40e3), 5);
  EXPECT_DOUBLE_EQ(jitter_tolerance_mask_ui(400e3), 0.5);
  EXPECT_DOUBLE_EQ(jitter_tolerance_mask_ui(1e6), 0.2);
  EXPECT_DOUBLE_EQ(jitter_tolerance_mask_ui(4e6), 0.05);
  EXPECT_DOUBLE_EQ(jitter_tolerance_mask_ui(40e6), 0.05);
  EXPECT_EQ(jitter_tolerance_mask_ui(39e3), 0);
  EXPECT_EQ(jitter_tolerance_mask_ui(41e6), 0);
  EXPECT_EQ(jitter_tolerance_mask_ui(NAN), 0);
}

}  // namespace
}  // namespace lightlane::rxdsp

#include "lightlane/aui/host_channel.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "lightlane/base/error.hpp"

namespace lightlane::aui {
namespace {

double q(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

/// One sample per UI, nothing that filters, no noise but the slicer's own.
HostChannelConfig plain(std::vector<double> cursors, double noise_mv) {
  HostChannelConfig config;
  config.pulse = PulseResponse{1, std::move(cursors)};
  config.ctle.present = false;
  config.bandwidth_ghz = 0;
  config.noise_v2_per_ghz = 0;
  config.jitter_rms_ui = 0;
  config.tx_sndr_db = 0;
  config.noise_rms_mv = noise_mv;
  return config;
}

TEST(HostChannel, NoiseAlone) {
  // Outer levels +-400 mV, steps of 266.7 mV: half a step over sigma is 400 / 3 / sigma.
  for (const double sigma : {20.0, 30.0, 40.0}) {
    HostChannelConfig config = plain({1}, sigma);
    const HostChannelReport pam4 = HostChannel(config).report();
    EXPECT_NEAR(pam4.ser / (1.5 * q(400 / 3.0 / sigma)), 1, 1e-6);
    EXPECT_NEAR(pam4.ber / (0.75 * q(400 / 3.0 / sigma)), 1, 2e-2 * q(400 / 3.0 / sigma) + 1e-5);
    EXPECT_NEAR(pam4.snr_db, 10 * std::log10(400.0 * 400 * 5 / 9 / sigma / sigma), 1e-6);
    EXPECT_NEAR(pam4.eye_height_mv, 2 * (400 / 3.0 - 4.753424308823 * sigma), 0.01);
    EXPECT_NEAR(pam4.main_cursor_mv, 400, 1e-9);
    config.modulation = signal::Modulation::nrz;
    config.noise_rms_mv = 4 * sigma;
    const HostChannelReport nrz = HostChannel(config).report();
    EXPECT_NEAR(nrz.ber / q(100 / sigma), 1, 1e-6);
    EXPECT_NEAR(nrz.eye_height_mv, 2 * (400 - 4.753424308823 * 4 * sigma), 0.05);
  }
}

TEST(HostChannel, BitErrorsFollowTheGrayMap) {
  // So much noise that steps over two and three levels count.
  const double sigma = 300, levels[] = {-400, -400 / 3.0, 400 / 3.0, 400},
               edges[] = {-800 / 3.0, 0, 800 / 3.0};
  const int bits[] = {0b00, 0b01, 0b11, 0b10};
  double ber = 0;
  for (int sent = 0; sent < 4; ++sent) {
    for (int got = 0; got < 4; ++got) {
      const double above = got == 0 ? 1 : q((edges[got - 1] - levels[sent]) / sigma);
      const double beyond = got == 3 ? 0 : q((edges[got] - levels[sent]) / sigma);
      ber += (above - beyond) * __builtin_popcount(static_cast<unsigned>(bits[sent] ^ bits[got])) / 8.0;
    }
  }
  EXPECT_NEAR(HostChannel(plain({1}, sigma)).report().ber, ber, 1e-9);
}

TEST(HostChannel, InterferenceEqualsEnumeration) {
  const std::vector<double> cursors{0.06, 0.9, 0.13, -0.05, 0.02};
  const double sigma = 14;
  const HostChannelReport report = HostChannel(plain(cursors, sigma)).report();
  double tail1 = 0, tail3 = 0;
  for (int c = 0; c < 256; ++c) {
    const double a[] = {c % 4 / 1.5 - 1, c / 4 % 4 / 1.5 - 1, c / 16 % 4 / 1.5 - 1, c / 64 / 1.5 - 1};
    const double isi = 400 * (0.06 * a[0] + 0.13 * a[1] - 0.05 * a[2] + 0.02 * a[3]);
    tail1 += q((120 - isi) / sigma) / 256;
    tail3 += q((360 - isi) / sigma) / 256;
  }
  EXPECT_NEAR(report.main_cursor_mv, 360, 1e-9);
  EXPECT_NEAR(report.ser / (1.5 * tail1), 1, 5e-3);
  EXPECT_NEAR(report.ber / ((3 * tail1 + 2 * tail3) / 4), 1, 5e-3);
  EXPECT_NEAR(report.isi_rms_mv,
              400 * std::sqrt(5.0 / 9 * (0.06 * 0.06 + 0.13 * 0.13 + 0.05 * 0.05 + 0.02 * 0.02)), 1e-6);
}

TEST(HostChannel, TransmitterNoiseAndFfe) {
  HostChannelConfig config = plain({1}, 0);
  config.tx_sndr_db = 20;
  EXPECT_NEAR(HostChannel(config).report().snr_db, 20, 1e-9);
  // {-0.1, 0.7, -0.2}: precursor -0.1, main 0.7, postcursor -0.2 of full swing; the noise does not shrink.
  config.tx_ffe = {-1, 7, -2};
  config.tx_ffe_main = 1;
  const HostChannelReport report = HostChannel(config).report();
  ASSERT_EQ(report.pulse_mv.size(), 3u);
  EXPECT_EQ(report.main_index, 1u);
  EXPECT_NEAR(report.pulse_mv[0], -40, 1e-9);
  EXPECT_NEAR(report.pulse_mv[1], 280, 1e-9);
  EXPECT_NEAR(report.pulse_mv[2], -80, 1e-9);
  EXPECT_NEAR(report.tx_noise_rms_mv, 400 * std::sqrt(5.0 / 9) * 0.1, 1e-9);
}

TEST(HostChannel, DfeTakesPostcursorsUpToItsLimit) {
  HostChannelConfig config = plain({1, 0.3, -0.15, 0.6}, 20);
  config.rx_dfe_taps = 2;
  HostChannelReport report = HostChannel(config).report();
  EXPECT_NEAR(report.rx_dfe[0], 0.3, 1e-12);
  EXPECT_NEAR(report.rx_dfe[1], -0.15, 1e-12);
  EXPECT_NEAR(report.isi_rms_mv, 400 * 0.6 * std::sqrt(5.0 / 9), 1e-6);
  config.rx_dfe_taps = 3;
  config.rx_dfe_limit = 0.5;
  report = HostChannel(config).report();
  EXPECT_NEAR(report.isi_rms_mv, 400 * 0.1 * std::sqrt(5.0 / 9), 1e-6);
  config.rx_dfe_limit = 0.7;
  config.rx_dfe_taps = 5;  // more than there are cursors
  report = HostChannel(config).report();
  EXPECT_NEAR(report.ser / (1.5 * q(400 / 3.0 / 20)), 1, 1e-6);
}

TEST(HostChannel, ReceiverFfeIsTheLeastSquaresSolution) {
  // Two taps, y = w0 x_n + w1 x_(n-1) of a channel 1, r with white noise s: minimised by hand (2 x 2).
  const double r = 0.4, s = 0.2, share = 5.0 / 9;
  HostChannelConfig config = plain({1, r}, s * 400);
  config.rx_ffe_taps = 2;
  config.rx_ffe_main = 0;
  const HostChannelReport report = HostChannel(config).report();
  const double a = share * (1 + r * r) + s * s, b = share * r, p = share;
  const double w0 = p * a / (a * a - b * b), w1 = -p * b / (a * a - b * b);
  EXPECT_NEAR(report.rx_ffe[1] / report.rx_ffe[0], w1 / w0, 1e-9);
  EXPECT_NEAR(report.main_cursor_mv, 400, 1e-9);
  const double gain = 1 / w0, error = share * std::pow((w1 + r * w0) * gain, 2) +
                                      share * std::pow(r * w1 * gain, 2) +
                                      s * s * (w0 * w0 + w1 * w1) * gain * gain;
  EXPECT_NEAR(report.snr_db, 10 * std::log10(share / error), 1e-6);
}

TEST(HostChannel, FfeLeavesToTheDfeWhatItTakes) {
  HostChannelConfig config = plain({1, 0.4}, 30);
  config.rx_ffe_taps = 2;
  EXPECT_LT(HostChannel(config).report().rx_ffe[1], -0.1);
  config.rx_dfe_taps = 1;
  const HostChannelReport report = HostChannel(config).report();
  EXPECT_NEAR(report.rx_ffe[1], 0, 1e-9);
  EXPECT_NEAR(report.rx_dfe[0], 0.4, 1e-9);
}

TEST(HostChannel, SimulationAgrees) {
  HostChannelConfig lossy;  // as shipped, but so lossy that errors can be counted
  lossy.loss_db = 16;
  HostChannelConfig noisy = lossy;
  noisy.loss_db = 8;
  noisy.noise_v2_per_ghz = 2.5e-5;
  HostChannelConfig taps = noisy;
  taps.loss_db = 14;
  taps.noise_v2_per_ghz = 1.5e-5;
  taps.rx_ffe_taps = 5;
  taps.rx_ffe_main = 1;
  HostChannelConfig shaky = noisy;  // transmitter noise and jitter alone
  shaky.noise_v2_per_ghz = 0;
  shaky.jitter_rms_ui = 0.1;
  shaky.tx_sndr_db = 16;
  HostChannelConfig nrz = noisy;
  nrz.modulation = signal::Modulation::nrz;
  nrz.noise_v2_per_ghz = 1.5e-4;
  nrz.loss_db = 14;
  const HostChannelConfig all[] = {plain({0.06, 0.9, 0.13, -0.05, 0.02}, 30), lossy, noisy, taps, shaky, nrz};
  for (const HostChannelConfig& config : all) {
    const HostChannel lane(config);
    const HostChannelCount count = lane.simulate(300000, 5, 2);
    EXPECT_EQ(count.symbols, 300000u);
    EXPECT_GT(count.symbol_errors, 300u);
    const double expected = lane.report().ser * 300000, spread = 4 * std::sqrt(expected);
    EXPECT_NEAR(static_cast<double>(count.symbol_errors), expected, spread + 0.02 * expected);
    const double bits = config.modulation == signal::Modulation::nrz ? 1 : 2;
    EXPECT_NEAR(static_cast<double>(count.bit_errors), lane.report().ber * bits * 300000,
                spread + 0.02 * expected);
    EXPECT_NEAR(count.snr_db, lane.report().snr_db, 0.05);
  }
}

TEST(HostChannel, DfeSimulationShowsErrorPropagation) {
  HostChannelConfig config = plain({1, 0.5}, 50);
  config.rx_dfe_taps = 1;
  const HostChannel lane(config);
  const HostChannelCount count = lane.simulate(200000, 1, 0);
  const double expected = lane.report().ser * 200000;
  EXPECT_GT(static_cast<double>(count.symbol_errors), 1.2 * expected);
  EXPECT_LT(static_cast<double>(count.symbol_errors), 4 * expected);
}

TEST(HostChannel, SimulationIsAFunctionOfItsSymbols) {
  HostChannelConfig config;
  config.loss_db = 16;
  const HostChannel lane(config);
  const HostChannelCount whole = lane.simulate(20000, 3, 1, -7000);
  std::uint64_t errors = 0;
  std::int64_t at = -7000;
  for (const std::uint64_t n : {1, 4999, 5003, 9997}) {
    errors += lane.simulate(n, 3, 1, at).symbol_errors;
    at += static_cast<std::int64_t>(n);
  }
  EXPECT_GT(errors, 10u);
  EXPECT_EQ(errors, whole.symbol_errors);
  EXPECT_NE(lane.simulate(20000, 4, 1, -7000).symbol_errors, whole.symbol_errors);
}

TEST(HostChannel, CtleIsTheBestOfItsSteps) {
  double last = -1;
  for (const double loss : {2.0, 8.0, 14.0}) {
    HostChannelConfig config;
    config.loss_db = loss;
    const HostChannelReport searched = HostChannel(config).report();
    EXPECT_GE(searched.ctle_db, last) << "more loss, more peaking";
    last = searched.ctle_db;
    config.ctle.search = false;
    for (double db = 0; db <= 10; db += 0.5) {
      config.ctle.peaking_db = db;
      EXPECT_LE(HostChannel(config).report().snr_db, searched.snr_db + 1e-9);
    }
  }
  EXPECT_GT(last, 3);
}

TEST(HostChannel, LossCostsSnr) {
  double last = 1e9;
  for (const double loss : {2.0, 4.0, 8.0, 12.0, 16.0, 24.0}) {
    HostChannelConfig config;
    config.loss_db = loss;
    const HostChannelReport report = HostChannel(config).report();
    EXPECT_LT(report.snr_db, last) << loss;
    EXPECT_LE(report.eye_width_ui, 1);
    EXPECT_EQ(report.eye_width_ui > 0, report.eye_height_mv > 0) << loss;
    last = report.snr_db;
  }
}

TEST(HostChannel, PulseFromAFileEqualsTheProfile) {
  // Without loss the channel's pulse is a rectangle; the filters see the same in both, but for half a sample
  // of time.
  HostChannelConfig profile;
  profile.loss_db = 0;
  profile.noise_v2_per_ghz = 5e-6;
  profile.ctle.search = false;
  profile.ctle.peaking_db = 2;
  HostChannelConfig file = profile;
  for (const int per_ui : {64, 256}) {
    file.pulse = PulseResponse{per_ui, std::vector<double>(static_cast<std::size_t>(per_ui), 1.0)};
    const HostChannelReport a = HostChannel(profile).report(), b = HostChannel(file).report();
    EXPECT_NEAR(a.snr_db, b.snr_db, 0.1) << per_ui;
    EXPECT_NEAR(a.main_cursor_mv / b.main_cursor_mv, 1, 0.02);
    EXPECT_NEAR(a.eye_height_mv / b.eye_height_mv, 1, 0.02);
    EXPECT_NEAR(a.eye_width_ui, b.eye_width_ui, 0.05);
  }
}

TEST(HostChannel, ReceiverNoiseHasTheFiltersBandwidth) {
  HostChannelConfig config;
  config.ctle.present = false;
  config.bandwidth_ghz = 20;
  config.noise_v2_per_ghz = 4e-8;
  // Noise bandwidth of a fourth-order Butterworth: f3db (pi / 8) / sin(pi / 8).
  const double bandwidth = 20 * (std::acos(-1) / 8) / std::sin(std::acos(-1) / 8);
  EXPECT_NEAR(HostChannel(config).report().rx_noise_rms_mv, 1e3 * std::sqrt(4e-8 * bandwidth), 1e-3);
}

TEST(HostChannel, ClosedEyesAreResults) {
  HostChannelConfig config;
  config.loss_db = 45;
  const HostChannelReport report = HostChannel(config).report();
  EXPECT_LT(report.eye_height_mv, 0);
  EXPECT_EQ(report.eye_width_ui, 0);
  EXPECT_GT(report.ber, 1e-2);
  EXPECT_LT(report.ber, 0.5);
  EXPECT_TRUE(std::isfinite(report.snr_db));
  EXPECT_NEAR(HostChannel(config).simulate(20000, 1, 0).snr_db, report.snr_db, 0.5);
}

TEST(HostChannel, RefusalsNameTheirKey) {
  using Change = void (*)(HostChannelConfig&);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::pair<const char*, Change> table[] = {
      {"aui.symbol_rate_gbd", [](auto& c) { c.symbol_rate_gbd = Rational(0); }},
      {"aui.tx_ffe", [](auto& c) { c.tx_ffe = {}; }},
      {"aui.tx_ffe",
       [](auto& c) {
         c.tx_ffe = {0, 0};
       }},
      {"aui.tx_ffe",
       [](auto& c) {
         c.tx_ffe = {1, nan};
       }},
      {"aui.tx_ffe_main", [](auto& c) { c.tx_ffe_main = 1; }},
      {"aui.swing_mv", [](auto& c) { c.swing_mv = -800; }},
      {"aui.tx_sndr_db", [](auto& c) { c.tx_sndr_db = -3; }},
      {"aui.jitter_rms_ui", [](auto& c) { c.jitter_rms_ui = 0.5; }},
      {"aui.loss_db", [](auto& c) { c.loss_db = -1; }},
      {"aui.loss_db", [](auto& c) { c.loss_db = nan; }},
      {"aui.loss_sqrt_share", [](auto& c) { c.loss_sqrt_share = 1.5; }},
      {"aui.noise_v2_per_ghz", [](auto& c) { c.noise_v2_per_ghz = -1; }},
      {"aui.noise_v2_per_ghz", [](auto& c) { c.ctle.present = false, c.bandwidth_ghz = 0; }},
      {"aui.noise_rms_mv", [](auto& c) { c.noise_rms_mv = nan; }},
      {"aui.bandwidth_ghz", [](auto& c) { c.bandwidth_ghz = 0.1; }},
      {"aui.ctle.peaking_db", [](auto& c) { c.ctle.peaking_db = 50; }},
      {"aui.ctle.zero_over_rate", [](auto& c) { c.ctle.zero_over_rate = 0; }},
      {"aui.ctle.pole1_over_rate", [](auto& c) { c.ctle.pole1_over_rate = nan; }},
      {"aui.ctle.pole2_over_rate", [](auto& c) { c.ctle.pole2_over_rate = -1; }},
      {"aui.rx_ffe_taps", [](auto& c) { c.rx_ffe_taps = 0; }},
      {"aui.rx_ffe_main", [](auto& c) { c.rx_ffe_taps = 3, c.rx_ffe_main = 3; }},
      {"aui.rx_dfe_taps", [](auto& c) { c.rx_dfe_taps = -1; }},
      {"aui.rx_dfe_limit", [](auto& c) { c.rx_dfe_limit = -1; }},
      {"aui.pulse",
       [](auto& c) {
         c.pulse = PulseResponse{8, {}};
       }},
      {"aui.pulse",
       [](auto& c) {
         c.pulse = PulseResponse{8, {nan}};
       }},
      {"aui.pulse",
       [](auto& c) {
         c.pulse = PulseResponse{8, std::vector<double>(8, 0.0)};
       }},
      {"aui.pulse", [](auto& c) { c = plain({-1}, 1); }},
      {"aui.pulse.samples_per_ui",
       [](auto& c) {
         c.pulse = PulseResponse{2, {1, 1}};
       }},
      {"aui.pulse.samples_per_ui",
       [](auto& c) {
         c.pulse = PulseResponse{0, {1}};
       }},
      {"aui.jitter_rms_ui", [](auto& c) { c = plain({1}, 1), c.jitter_rms_ui = 0.01; }},
  };
  for (const auto& [key, change] : table) {
    HostChannelConfig config;
    change(config);
    try {
      HostChannel lane(config);
      ADD_FAILURE() << "accepted: " << key;
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.detail().place, key) << error.what();
    }
  }
}

}  // namespace
}  // namespace lightlane::aui

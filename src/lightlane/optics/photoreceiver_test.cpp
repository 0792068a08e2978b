#include "lightlane/optics/photoreceiver.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <functional>
#include <numbers>

#include "lightlane/base/error.hpp"
#include "lightlane/base/random.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/optics/detector.hpp"
#include "lightlane/optics/detector_kernels.hpp"

namespace lightlane::optics {
namespace {

using signal::Current;
using signal::Power;

const Rational rate(425, 8);
constexpr double fb = 53.125e9, pi = std::numbers::pi, q = 1.602176634e-19;

Photoreceiver make(const PhotoreceiverConfig& c = {}, int samples_per_ui = 8, double wavelength_nm = 1311) {
  return Photoreceiver(c, rate, samples_per_ui, wavelength_nm, 1, 0);
}

/// Reference receiver: Bessel-Thomson at half the symbol rate. Noise bandwidth 27.79 GHz.
PhotoreceiverConfig reference() {
  PhotoreceiverConfig c;
  c.bandwidth_ghz = 26.5625;
  c.rin_db_per_hz = -400;
  return c;
}
constexpr double bandwidth = 1.0464 * 26.5625e9;

Power light(std::int64_t first, std::size_t n, int samples_per_ui, const std::function<double(double)>& p) {
  Power power{{first, samples_per_ui, rate}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    power.w.push_back(
        static_cast<float>(p(static_cast<double>(first + static_cast<std::int64_t>(i)) / samples_per_ui)));
  }
  return power;
}

Power steady(double w, std::size_t n, std::int64_t first = 0) {
  return light(first, n, 8, [w](double) { return w; });
}

double tail(double x) { return 0.5 * std::erfc(x / std::sqrt(2.0)); }

TEST(Photoreceiver, SteadyLightGivesSteadyCurrent) {
  PhotoreceiverConfig c;
  EXPECT_DOUBLE_EQ(make(c).gain_a_per_w(), 0.8);
  c.kind = DetectorKind::apd;
  EXPECT_DOUBLE_EQ(make(c).gain_a_per_w(), 6.4);
  c.kind = DetectorKind::soa_pin;
  EXPECT_NEAR(make(c).gain_a_per_w(), 0.8 * std::pow(10, 1.8), 1e-9);
  for (const auto kind : {DetectorKind::pin, DetectorKind::apd, DetectorKind::soa_pin}) {
    for (const auto filter : {ReceiverFilter::bessel_thomson4, ReceiverFilter::butterworth4}) {
      c.kind = kind;
      c.filter = filter;
      const Photoreceiver rx = make(c);
      Current out;
      rx.sample(steady(5e-5, 2000), 0.3, false, out);
      ASSERT_GT(out.a.size(), 200u);
      for (const float a : out.a) ASSERT_NEAR(a / (5e-5 * rx.gain_a_per_w()), 1, 1e-5);
    }
  }
}

// A sinusoid through the filter, its delay at DC taken out, at the asked instants.
TEST(Photoreceiver, SamplesAtAnyPhase) {
  constexpr double y_per_f = 2.113917675;
  for (const int samples_per_ui : {4, 8, 16}) {
    PhotoreceiverConfig c = reference();
    c.bandwidth_ghz = 30;
    const Photoreceiver rx = make(c, samples_per_ui);
    for (const double cycles : {0.1, 0.37, 0.5}) {
      const double f = cycles * fb;
      const std::complex<double> y(0, y_per_f * f / 30e9);
      const auto h = 105.0 / (105.0 + 105.0 * y + 45.0 * y * y + 10.0 * y * y * y + y * y * y * y) *
                     std::exp(y);  // group delay at DC: y_per_f / (2 pi f3db)
      const Power in = light(-3000, 8000, samples_per_ui,
                             [&](double t) { return 1e-3 * (1 + 0.5 * std::cos(2 * pi * cycles * t)); });
      for (const double phase : {-1.0, -0.731, -0.0625, 0.0, 0.011, 0.25, 1 / 3.0, 0.99, 1.0}) {
        Current out;
        rx.sample(in, phase, false, out);
        ASSERT_EQ(out.axis.samples_per_ui, 1);
        for (std::size_t i = 0; i < out.a.size(); ++i) {
          const double t =
              static_cast<double>(out.axis.first_index + static_cast<std::int64_t>(i)) + 0.5 + phase;
          const double want = 0.8e-3 * (1 + 0.5 * (h * std::polar(1.0, 2 * pi * cycles * t)).real());
          ASSERT_NEAR(out.a[i], want, 0.8e-3 * 1.5e-3)
              << samples_per_ui << ' ' << cycles << ' ' << phase << ' ' << i;
        }
      }
    }
  }
}

TEST(Photoreceiver, MakesEverySymbolWhoseHaloIsInside) {
  const Photoreceiver rx = make();
  const auto halo = rx.halo();
  for (const std::int64_t first : {-1001, -1000, -996, 0, 3, 4, 5, 77}) {
    for (const std::size_t n : {std::size_t{0}, halo.before + halo.after, halo.before + halo.after + 1,
                                std::size_t{500}, std::size_t{503}}) {
      const Power in = steady(1e-3, n, first);
      std::vector<std::int64_t> wanted;
      for (std::int64_t s = -300; s < 300; ++s) {
        const std::int64_t centre = s * 8 + 4;
        if (centre - static_cast<std::int64_t>(halo.before) >= first &&
            centre + static_cast<std::int64_t>(halo.after) < first + static_cast<std::int64_t>(n)) {
          wanted.push_back(s);
        }
      }
      for (const double phase : {-1.0, 0.0, 0.49, 1.0}) {
        Current out;
        rx.sample(in, phase, true, out);
        ASSERT_EQ(out.a.size(), wanted.size()) << first << ' ' << n;
        if (!wanted.empty()) {
          ASSERT_EQ(out.axis.first_index, wanted.front());
        }
        ASSERT_EQ(rx.variances(in, phase).linear.size(), wanted.size());
      }
    }
  }
}

Power rough(std::size_t n, std::int64_t first = -4000) {
  const RandomStream random(4, "light", 0);
  std::uint64_t k = 0;
  return light(first, n, 8, [&](double) { return 4e-4 + 1e-3 * random.uniform(k++); });
}

TEST(Photoreceiver, AnyCutOfTheWindowGivesTheSameBits) {
  PhotoreceiverConfig c;
  c.overload_dbm = -3;  // some of it is clipped
  const Photoreceiver rx = make(c);
  const Power in = rough(40000);
  for (const bool noise : {false, true}) {
    Current whole, part;
    rx.sample(in, 0.21, noise, whole);
    const auto variances = rx.variances(in, 0.21);
    for (std::size_t at = 0, n = 400; at + n < in.w.size(); at += 1 + n / 3, n = n * 13 % 7919 + 200) {
      Power cut{in.axis,
                {in.w.begin() + static_cast<std::ptrdiff_t>(at),
                 in.w.begin() + static_cast<std::ptrdiff_t>(at + n)}};
      cut.axis.first_index += static_cast<std::int64_t>(at);
      rx.sample(cut, 0.21, noise, part);
      const auto cut_variances = rx.variances(cut, 0.21);
      const auto offset = part.axis.first_index - whole.axis.first_index;
      ASSERT_GE(offset, 0);
      for (std::size_t i = 0; i < part.a.size(); ++i) {
        ASSERT_EQ(part.a[i], whole.a.at(static_cast<std::size_t>(offset) + i));
        ASSERT_EQ(cut_variances.linear[i], variances.linear.at(static_cast<std::size_t>(offset) + i));
        ASSERT_EQ(cut_variances.quadratic[i], variances.quadratic.at(static_cast<std::size_t>(offset) + i));
      }
    }
  }
}

TEST(Photoreceiver, AnalogOutputHoldsTheSamples) {
  const Photoreceiver rx = make();
  const Power in = rough(9001);
  Current samples;
  std::vector<float> analog;
  signal::Axis axis;
  for (const bool noise : {false, true}) {
    rx.sample(in, 0, noise, samples);
    rx.process(in, noise, analog, axis);
    ASSERT_EQ(analog.size(), in.w.size() - rx.halo().before - rx.halo().after);
    ASSERT_EQ(axis.first_index, in.axis.first_index + static_cast<std::int64_t>(rx.halo().before));
    std::size_t seen = 0;
    for (std::size_t i = 0; i < samples.a.size(); ++i) {
      const std::int64_t at =
          (samples.axis.first_index + static_cast<std::int64_t>(i)) * 8 + 4 - axis.first_index;
      ASSERT_NEAR(analog.at(static_cast<std::size_t>(at)), samples.a[i], 2e-9);  // 1e-6 of the current
      ++seen;
    }
    EXPECT_GT(seen, 1000u);
  }
}

// Each term by its formula: 2 q R P B, (R P)^2 RIN B, in^2 B.
TEST(Photoreceiver, VariancesFollowTheFormulas) {
  PhotoreceiverConfig c = reference();
  c.rin_db_per_hz = -142;
  const Photoreceiver rx = make(c);
  const double p = 6e-4;
  const auto v = rx.variances(steady(p, 1000), 0.1);
  EXPECT_NEAR(v.constant / (16e-12 * 16e-12 * bandwidth), 1, 2e-3);
  EXPECT_NEAR(v.linear.at(50) / (2 * q * 0.8 * p * bandwidth), 1, 2e-3);
  EXPECT_NEAR(v.quadratic.at(50) / (0.64 * p * p * std::pow(10, -14.2) * bandwidth), 1, 2e-3);
}

// Thermal noise alone: sensitivity OMA = 6 Qt sigma / R at 4.8e-4 (Qt = 3.414), R = 0.85 A/W.
TEST(Photoreceiver, ThermalSensitivity) {
  const struct { double pa, dbm; } table[] = {{12, -13.17}, {16, -11.92}, {20, -10.95}, {25, -9.98}};
  for (const auto& row : table) {
    PhotoreceiverConfig c = reference();
    c.tia_noise_pa_sqrt_hz = row.pa;
    c.responsivity_a_per_w = 0.85;
    const double sigma = std::sqrt(make(c).variances(steady(0, 500), 0).constant);
    EXPECT_NEAR(10 * std::log10(6 * 3.414 * sigma / 0.85 * 1e3), row.dbm, 6e-3) << row.pa;
  }
}

// BER = 0.75 Q(R OMA / (6 sigma)), 16 pA, R = 0.8.
TEST(Photoreceiver, ThermalBer) {
  const struct {
    double dbm, ber;
  } table[] = {{-10.0, 2.17e-7}, {-11.0, 2.69e-5}, {-11.5, 1.51e-4}, {-12.0, 6.04e-4}};
  const double sigma = std::sqrt(make(reference()).variances(steady(0, 500), 0).constant);
  for (const auto& row : table) {
    const double oma = 1e-3 * std::pow(10, row.dbm / 10);
    EXPECT_NEAR(0.75 * tail(0.8 * oma / (6 * sigma)) / row.ber, 1, 0.02) << row.dbm;
  }
}

// OMA at BER 2.4e-4 with shot noise and RIN relative to each level, extinction ratio 6 dB, best thresholds.
TEST(Photoreceiver, SensitivityWithRin) {
  const auto ber_at = [](const Photoreceiver& rx, double oma) {
    const double r = std::pow(10, 0.6), p0 = oma / (r - 1);
    double level[4], sigma[4];
    for (int k = 0; k < 4; ++k) {
      level[k] = p0 + oma * k / 3;
      const auto v = rx.variances(steady(level[k], 500), 0);
      sigma[k] = std::sqrt(v.constant + v.linear.at(9) + v.quadratic.at(9));
    }
    double ser = 0;
    for (int k = 0; k < 3; ++k) {
      double best = 1;
      for (double x = 0.3; x < 0.7; x += 1e-4) {
        const double t = level[k] + x * oma / 3;
        best = std::min(
            best, tail(0.8 * (t - level[k]) / sigma[k]) + tail(0.8 * (level[k + 1] - t) / sigma[k + 1]));
      }
      ser += best / 4;
    }
    return ser / 2;
  };
  const struct {
    double rin, dbm;
  } table[] = {{-400, -11.530}, {-145, -11.459}, {-142, -11.383}, {-140, -11.287}};
  for (const auto& row : table) {
    PhotoreceiverConfig c = reference();
    c.rin_db_per_hz = row.rin;
    const Photoreceiver rx = make(c);
    double low = -13, high = -9;
    while (high - low > 1e-4) {
      const double middle = (low + high) / 2;
      (ber_at(rx, 1e-3 * std::pow(10, middle / 10)) > 2.4e-4 ? low : high) = middle;
    }
    EXPECT_NEAR(low, row.dbm, 5e-3) << row.rin;
  }
}

// Published autocorrelation of white noise behind Bessel-Thomson at half the symbol rate.
TEST(Photoreceiver, NoiseCorrelation) {
  const auto rho = make(reference()).noise_correlation(4);
  EXPECT_EQ(rho[0], 1);
  EXPECT_NEAR(rho[1], 0.020561, 2e-4);
  EXPECT_NEAR(rho[2], 0.001350, 2e-4);
  EXPECT_NEAR(rho[3], -0.0000798, 2e-4);
  EXPECT_TRUE(make().noise_correlation(0).empty());
}

// Drawn noise against variances(), per level, kind of detector and phase: mean and variance within 4.5
// standard errors.
TEST(Photoreceiver, DrawnNoiseHasTheVariance) {
  for (const auto kind : {DetectorKind::pin, DetectorKind::apd, DetectorKind::soa_pin}) {
    PhotoreceiverConfig c = reference();
    c.kind = kind;
    c.rin_db_per_hz = -138;
    const Photoreceiver rx = make(c);
    const auto rho = rx.noise_correlation(3);
    for (const double p : {0.0, 2e-5, 3e-4, 9e-4}) {
      const Power in = steady(p, 8 * 100000);
      const double phase = p > 1e-4 ? 0.17 : -0.5;
      Current clean, noisy;
      rx.sample(in, phase, false, clean);
      rx.sample(in, phase, true, noisy);
      const auto v = rx.variances(in, phase);
      const double n = static_cast<double>(noisy.a.size());
      double sum = 0, squares = 0, lag = 0, last = 0;
      for (std::size_t i = 0; i < noisy.a.size(); ++i) {
        const double x = static_cast<double>(noisy.a[i]) - static_cast<double>(clean.a[i]);
        sum += x;
        squares += x * x;
        lag += x * last;
        last = x;
      }
      const double variance = v.constant + v.linear.at(100) + v.quadratic.at(100);
      const double spread = std::sqrt(2 * (1 + 2 * rho[1] * rho[1]) / n);
      EXPECT_NEAR(squares / n / variance, 1, 4.5 * spread) << static_cast<int>(kind) << ' ' << p;
      EXPECT_NEAR(sum / std::sqrt(variance * n * (1 + 2 * rho[1])), 0, 4.5)
          << static_cast<int>(kind) << ' ' << p;
      EXPECT_NEAR(lag / squares, rho[1], 4.5 / std::sqrt(n)) << static_cast<int>(kind) << ' ' << p;
    }
  }
}

// Light that changes: every symbol has the noise of the light around its own instant.
TEST(Photoreceiver, NoiseFollowsTheLight) {
  PhotoreceiverConfig c = reference();
  c.rin_db_per_hz = -130;
  c.tia_noise_pa_sqrt_hz = 5;
  const Photoreceiver rx = make(c);
  const Power in =
      light(0, 8 * 40000, 8, [](double t) { return std::fmod(std::floor(t), 4) < 2 ? 1e-4 : 1e-3; });
  Current clean, noisy;
  rx.sample(in, 0, false, clean);
  rx.sample(in, 0, true, noisy);
  const auto v = rx.variances(in, 0);
  double measured[4] = {}, predicted[4] = {}, n[4] = {};
  for (std::size_t i = 0; i < noisy.a.size(); ++i) {
    const auto k = static_cast<std::size_t>((noisy.axis.first_index + static_cast<std::int64_t>(i)) & 3);
    const double x = static_cast<double>(noisy.a[i]) - static_cast<double>(clean.a[i]);
    measured[k] += x * x;
    predicted[k] += v.constant + v.linear[i] + v.quadratic[i];
    n[k] += 1;
  }
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(measured[k] / predicted[k], 1, 4.5 * std::sqrt(2 / n[k])) << k;
  EXPECT_GT(predicted[2], 10 * predicted[0]);
}

TEST(Photoreceiver, Detectors) {
  EXPECT_NEAR(apd_excess_noise(8, 0.2), 3.1, 1e-12);
  EXPECT_NEAR(apd_excess_noise(1, 0.7), 1, 1e-12);
  PhotoreceiverConfig c;
  c.kind = DetectorKind::apd;
  EXPECT_NEAR(noise_density(c, 1311, 1e10).linear_a2_hz_w / (2 * q * 0.8 * 64 * 3.1), 1, 1e-9);
  // Optical amplifier before an ideal detector: the noise figure is what it costs in shot-noise-limited SNR,
  // so that shot and signal-spontaneous noise together are 2 q R G^2 F.
  c.kind = DetectorKind::soa_pin;
  c.responsivity_a_per_w = q * 1311e-9 / (6.62607015e-34 * 299792458.0);
  const double gain = std::pow(10, 1.8), figure = std::pow(10, 0.7);
  EXPECT_NEAR(
      noise_density(c, 1311, 1e10).linear_a2_hz_w / (2 * q * c.responsivity_a_per_w * gain * gain * figure),
      1, 1e-9);
  // Without gain and noise figure it is a PIN.
  c.soa_gain_db = c.soa_noise_figure_db = 0;
  PhotoreceiverConfig pin = c;
  pin.kind = DetectorKind::pin;
  EXPECT_NEAR(noise_density(c, 1311, 1e10).linear_a2_hz_w, noise_density(pin, 1311, 1e10).linear_a2_hz_w,
              1e-25);
  EXPECT_NEAR(noise_density(c, 1311, 1e10).constant_a2_hz, noise_density(pin, 1311, 1e10).constant_a2_hz,
              1e-28);
}

TEST(Photoreceiver, OverloadSaturatesSoftly) {
  PhotoreceiverConfig c;
  c.overload_dbm = 0;
  const Photoreceiver rx = make(c);
  const auto current = [&](double w) {
    Current out;
    rx.sample(steady(w, 1000), 0, false, out);
    return static_cast<double>(out.a.at(10)) / 0.8;
  };
  EXPECT_NEAR(current(1.99e-3), 1.99e-3, 1e-8);
  EXPECT_LT(current(3e-3), 2.4e-3);
  EXPECT_LT(current(1), 2.5e-3);
  EXPECT_GT(current(1), 2.49e-3);
  EXPECT_NEAR((current(2.003e-3) - current(2.001e-3)) / 2e-6, 1, 0.02);  // no corner
  double last = 0;
  for (double w = 0; w < 1e-2; w += 1e-4) {
    EXPECT_GT(current(w), last - 1e-12);
    last = current(w);
  }
  const auto weak = rx.variances(steady(1e-3, 500), 0), strong = rx.variances(steady(4e-3, 500), 0);
  const double slope = 0.5 / (2 + 0.5);  // headroom 0.5, 2 above the knee
  EXPECT_NEAR(strong.linear.at(5) / weak.linear.at(5) / 4, std::pow(slope, 4), 1e-5);
  EXPECT_NEAR(strong.quadratic.at(5) / weak.quadratic.at(5) / 16, std::pow(slope, 4), 1e-5);
}

TEST(Photoreceiver, DarkLaneIsNoiseOnly) {
  const Photoreceiver rx = make();
  Current out;
  rx.sample(steady(0, 1000), 0, false, out);
  for (const float a : out.a) ASSERT_EQ(a, 0);
  rx.sample(steady(0, 1000), 0, true, out);
  for (const float a : out.a) ASSERT_LT(std::fabs(a), 8 * 16e-12 * std::sqrt(1.0464 * 38e9));
  // A slightly negative power, as ringing filters leave it, is no trouble.
  rx.sample(steady(-1e-6, 1000), 0, true, out);
  for (const float a : out.a) ASSERT_TRUE(std::isfinite(a));
}

TEST(Photoreceiver, StreamsOfLanesAndSeedsDiffer) {
  const Power in = steady(1e-3, 1000);
  Current a, b, c, again;
  make().sample(in, 0, true, a);
  Photoreceiver({}, rate, 8, 1311, 1, 1).sample(in, 0, true, b);
  Photoreceiver({}, rate, 8, 1311, 2, 0).sample(in, 0, true, c);
  make().sample(in, 0, true, again);
  EXPECT_NE(a.a, b.a);
  EXPECT_NE(a.a, c.a);
  EXPECT_EQ(a.a, again.a);
}

TEST(Photoreceiver, ManyPhases) {
  const Photoreceiver rx = make();
  const Power in = rough(2000);
  Current first, out;
  rx.sample(in, 0.123, true, first);
  for (int k = 0; k < 100; ++k) rx.sample(in, k / 100.0, true, out);
  rx.sample(in, 0.123, true, out);
  EXPECT_EQ(first.a, out.a);
}

TEST(Photoreceiver, VariantsAgree) {
  const Power in = rough(6000);
  std::vector<Current> results;
  for (const Variant variant : {Variant::ref, Variant::avx2, Variant::avx512}) {
    if (variant > supported_variant()) continue;
    force_variant(variant);
    make().sample(in, 0.4, true, results.emplace_back());
  }
  force_variant(supported_variant());
  for (const Current& result : results) {
    ASSERT_EQ(result.a.size(), results[0].a.size());
    for (std::size_t i = 0; i < result.a.size(); ++i) ASSERT_NEAR(result.a[i], results[0].a[i], 2e-9);
  }
  std::vector<float> p(67), a(67), b(67), s(67), t(67);
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = in.w[i] - 9e-4f;
  const float d[] = {1e-11f, 3e-8f, 1e-4f};
  for (const auto& kernel : detail::photocurrent_kernels()) {
    if (kernel.variant > supported_variant()) continue;
    for (std::size_t n = 0; n <= p.size(); ++n) {
      detail::photocurrent_ref(p.data(), n, 0.8f, d, a.data(), s.data());
      kernel.function(p.data(), n, 0.8f, d, b.data(), t.data());
      ASSERT_TRUE(std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(n), b.begin()))
          << name(kernel.variant);
      ASSERT_TRUE(std::equal(s.begin(), s.begin() + static_cast<std::ptrdiff_t>(n), t.begin()))
          << name(kernel.variant);
    }
  }
}

TEST(Photoreceiver, RefusesWhatCannotBe) {
  const auto refused = [](const char* key, const std::function<void(PhotoreceiverConfig&)>& change) {
    PhotoreceiverConfig c;
    change(c);
    try {
      make(c);
      ADD_FAILURE() << key << " was taken";
    } catch (const ConfigError& e) {
      EXPECT_EQ(e.detail().place, key);
    }
  };
  refused("rx.responsivity_a_per_w", [](auto& c) { c.responsivity_a_per_w = 0; });
  refused("rx.tia_noise_pa_sqrt_hz", [](auto& c) { c.tia_noise_pa_sqrt_hz = -1; });
  refused("rx.bandwidth_ghz", [](auto& c) { c.bandwidth_ghz = 0; });
  refused("rx.bandwidth_ghz", [](auto& c) { c.bandwidth_ghz = 400; });
  refused("rx.bandwidth_ghz", [](auto& c) { c.bandwidth_ghz = std::nan(""); });
  refused("rx.rin_db_per_hz", [](auto& c) { c.rin_db_per_hz = 3; });
  refused("rx.apd_gain", [](auto& c) {
    c.kind = DetectorKind::apd;
    c.apd_gain = 0.5;
  });
  refused("rx.apd_k", [](auto& c) {
    c.kind = DetectorKind::apd;
    c.apd_k = 2;
  });
  refused("rx.soa_gain_db", [](auto& c) {
    c.kind = DetectorKind::soa_pin;
    c.soa_gain_db = -3;
  });
  refused("rx.soa_noise_figure_db", [](auto& c) {
    c.kind = DetectorKind::soa_pin;
    c.soa_noise_figure_db = 2.5;
  });
  EXPECT_THROW(make({}, 7), ConfigError);
  EXPECT_THROW(make({}, 8, 500), ConfigError);
  Current out;
  EXPECT_THROW(make().sample(steady(1e-3, 500), 1.01, false, out), ConfigError);
  EXPECT_THROW(make().sample(steady(1e-3, 500), std::nan(""), false, out), ConfigError);
}

}  // namespace
}  // namespace lightlane::optics

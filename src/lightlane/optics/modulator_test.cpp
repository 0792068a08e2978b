#include "lightlane/optics/modulator.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>
#include <numbers>
#include <random>

#include "lightlane/base/error.hpp"
#include "lightlane/optics/modulator_chirp.hpp"

namespace lightlane::optics {
namespace {

using std::numbers::pi;

ModulatorConfig of(ModulatorKind kind) {
  ModulatorConfig config;
  config.kind = kind;
  return config;
}

constexpr ModulatorKind kinds[] = {ModulatorKind::mzm, ModulatorKind::eml, ModulatorKind::dml,
                                   ModulatorKind::vcsel};

TEST(Modulator, OuterLevelsHoldRatioAndOma) {
  for (const ModulatorKind kind : kinds) {
    for (const double er_db : {0.05, 3.5, 5.0, 8.2, 12.0}) {
      for (const double high : {1.0, 0.6}) {
        const double low = high == 1.0 ? -1.0 : -0.59;
        const TransferCurve curve(of(kind), 1.25e-3, er_db, low, high);
        EXPECT_NEAR(curve.power(high) - curve.power(low), 1.25e-3, 1e-14);
        EXPECT_NEAR(10 * std::log10(curve.power(high) / curve.power(low)), er_db, 1e-9);
      }
    }
  }
}

TEST(Modulator, MzmFollowsTheInterferometer) {
  ModulatorConfig config = of(ModulatorKind::mzm);
  config.vpi_v = 2.5;
  config.static_extinction_db = 25;
  const double r = std::pow(10, 2.5), k = (r - 1) / (r + 1);
  for (const double er_db : {3.5, 6.0, 9.5}) {
    const double ratio = std::pow(10, er_db / 10);
    config.bias_error = 0;
    const TransferCurve curve(config, 1e-3, er_db, -1, 1);
    const double angle = std::asin((ratio - 1) / (ratio + 1) / k);
    EXPECT_NEAR(curve.volts(1) - curve.volts(-1), 2 * config.vpi_v * angle / pi, 1e-9);
    for (const double bias : {0.0, 0.1, -0.07}) {
      config.bias_error = bias;
      const TransferCurve biased(config, 1e-3, er_db, -1, 1);
      for (double u = -2; u <= 2; u += 0.125) {
        const auto shape = [&](double v) { return 1 + k * std::sin(pi * (v / config.vpi_v + bias)); };
        EXPECT_NEAR(biased.power(u) / biased.power(0), shape(biased.volts(u)) / shape(0), 1e-12);
      }
    }
  }
}

TEST(Modulator, ExtinctionIsLimitedByTheInterferometerAndTheBias) {
  ModulatorConfig config = of(ModulatorKind::mzm);
  config.static_extinction_db = 10;
  EXPECT_NO_THROW(TransferCurve(config, 1e-3, 9.999, -1, 1));
  const auto refused = [&](double er_db) -> std::string {
    try {
      TransferCurve(config, 1e-3, er_db, -1, 1);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  const std::string text = refused(10.001);
  EXPECT_NE(text.find("tx.extinction_ratio_db"), std::string::npos) << text;
  EXPECT_NE(text.find("10.000 dB"), std::string::npos) << text;
  // A quarter of Vpi off quadrature, the levels keep their order up to half of Vpi: 1 at the top, sin(0)
  // below.
  config.static_extinction_db = 60;
  config.bias_error = 0.25;
  EXPECT_NE(refused(3.1).find("3.010 dB"), std::string::npos) << refused(3.1);
  EXPECT_EQ(refused(3.0), "");
  config = of(ModulatorKind::eml);
  // Bias at the inflection, down to 0 V: (2 Vb / V0)^a = 2^2.5 0.6 nepers.
  EXPECT_NE(refused(40).find("14.740 dB"), std::string::npos) << refused(40);
}

TEST(Modulator, EmlFollowsTheAbsorber) {
  ModulatorConfig config = of(ModulatorKind::eml);
  for (const double a : {1.5, 2.5, 4.0}) {
    for (const double bias_v : {0.0, 1.1}) {
      config.eam_exponent = a;
      config.eam_bias_v = bias_v;
      const double vb = bias_v > 0 ? bias_v : config.eam_v0_v * std::pow((a - 1) / a, 1 / a);
      const TransferCurve curve(config, 1e-3, 3.5, -1, 1);
      const auto shape = [&](double v) {
        return v < vb ? std::exp(-std::pow((vb - v) / config.eam_v0_v, a)) : 1.0;
      };
      for (double u = -2; u <= 3; u += 0.25) {
        EXPECT_NEAR(curve.power(u) / curve.power(0), shape(curve.volts(u)) / shape(0), 1e-11)
            << a << ' ' << u;
      }
      if (bias_v == 0) {
        const double d = 1e-3;
        EXPECT_NEAR((shape(d) + shape(-d) - 2 * shape(0)) / (d * d), 0, 1e-3) << "inflection";
      }
    }
  }
}

TEST(Modulator, LasersAreLinearAboveThreshold) {
  const TransferCurve curve(of(ModulatorKind::dml), 1e-3, 5, -1, 1);
  const double bottom = curve.power(-1);
  EXPECT_NEAR(curve.power(-1.0 / 3), bottom + 1e-3 / 3, 1e-8);
  EXPECT_NEAR(curve.power(1.0 / 3), bottom + 2e-3 / 3, 1e-8);
  EXPECT_NEAR(curve.power(1.5), bottom + 1.25e-3, 1e-8);
  double last = 0;
  for (double u = -20; u < 20; u += 0.01) {  // dark below threshold, never negative, always rising
    EXPECT_GT(curve.power(u), last);
    last = curve.power(u);
  }
  EXPECT_LT(curve.power(-5), 1e-5 * curve.power(0));
}

TEST(Modulator, InverseReturns) {
  for (const ModulatorKind kind : kinds) {
    const TransferCurve curve(of(kind), 2e-3, 6, -0.8, 0.8);
    for (double u = -0.8; u <= 0.8; u += 0.05) EXPECT_NEAR(curve.drive(curve.power(u)), u, 1e-12);
    EXPECT_NEAR(curve.drive(1), 0.8, 1e-12);
    EXPECT_NEAR(curve.drive(0), -0.8, 1e-12);
  }
}

TEST(Modulator, FieldIsRootOfPowerTurnedByAlpha) {
  for (const ModulatorKind kind : kinds) {
    for (const double alpha : {0.0, 0.7, -2.5}) {
      ModulatorConfig config = of(kind);
      config.chirp_alpha = alpha;
      const TransferCurve curve(config, 1e-3, 6, -1, 1);
      const double mean = curve.power(0);
      const Modulator modulator(config, curve, 1.4, mean);
      EXPECT_EQ(modulator.real(), alpha == 0);
      EXPECT_LT(modulator.table_error(), 2e-6);
      std::vector<float> u, re(1001), im(1001);
      for (int i = 0; i <= 1000; ++i) u.push_back(static_cast<float>(-1.4 + 2.8e-3 * i));
      modulator.field(u, re, im);
      const double full = std::sqrt(curve.power(1.4));
      for (std::size_t i = 0; i < u.size(); ++i) {
        const double power = curve.power(u[i]);
        const std::complex<double> exact = std::polar(std::sqrt(power), alpha / 2 * std::log(power / mean));
        EXPECT_NEAR(re[i], exact.real(), 2e-6 * full);
        if (alpha != 0) {
          EXPECT_NEAR(im[i], exact.imag(), 2e-6 * full);
        }
      }
    }
  }
}

/// Curves with what a modulator may have: a smooth one, a null, a corner.
const std::pair<const char*, double (*)(double)> curves[] = {
    {"smooth", [](double x) { return std::sqrt(1 + 0.6 * std::sin(x)); }},
    {"sharp", [](double x) { return std::sqrt(1e-3 + x * x); }},
    {"corner", [](double x) { return x > 0.3 ? 1.0 : x + 0.7; }},
};

TEST(Modulator, CurveTablesFollowTheirCurvesInEveryVariant) {
  for (const auto& [name, curve] : curves) {
    const CurveTable table = tabulate(curve, -1.5, 1.25);
    const double tolerance = table.segments == 4096 ? 5e-5 : 6e-7;  // a corner is cut at 4096 segments
    std::mt19937 random(1);
    std::uniform_real_distribution<float> draw(-1.5f, 1.25f);
    std::vector<float> v(1021), made(v.size() + 1);
    for (float& x : v) x = draw(random);
    std::vector<float> ref(v.size());
    curve_kernels().front().function(table, v.data(), v.size(), ref.data());
    for (const auto& kernel : curve_kernels()) {
      if (kernel.variant > supported_variant()) continue;
      kernel.function(table, v.data(), v.size(), made.data());
      for (std::size_t i = 0; i < v.size(); ++i) {
        EXPECT_NEAR(made[i], curve(v[i]), tolerance) << name << ' ' << v[i];
        EXPECT_NEAR(made[i], ref[i], 1e-6) << name;
      }
      for (std::size_t count = 0; count <= 40; ++count) {  // any length, any place, nothing behind it
        for (std::size_t from = 0; from < 3; ++from) {
          std::vector<float> some(count + 2, 77.0f);
          kernel.function(table, v.data() + from, count, some.data() + 1);
          for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(some[i + 1], made[i + from]);
          EXPECT_EQ(some.front(), 77.0f);
          EXPECT_EQ(some.back(), 77.0f);
        }
      }
      // Beyond the ends, and what is no number, never reads elsewhere.
      const float inf = std::numeric_limits<float>::infinity();
      const float strange[] = {-2,   2, inf, -inf, 1e30f, -1e30f, std::numeric_limits<float>::quiet_NaN(),
                               1.25f};
      float out[8];
      kernel.function(table, strange, 8, out);
      for (const std::size_t i : {1, 2, 4, 7}) EXPECT_NEAR(out[i], curve(1.25), tolerance);
      for (const std::size_t i : {0, 3, 5}) EXPECT_NEAR(out[i], curve(-1.5), tolerance);
      EXPECT_TRUE(std::isfinite(out[6]));
    }
  }
}

TEST(Modulator, TablesGrowWithTheCurve) {
  EXPECT_LE(tabulate(curves[0].second, -1.5, 1.25).segments, 32u);
  const CurveTable sharp = tabulate(curves[1].second, -1.5, 1.25);
  EXPECT_GT(sharp.segments, 32u);
  EXPECT_LT(sharp.segments, 4096u);
  EXPECT_EQ(tabulate(curves[2].second, -1.5, 1.25).segments, 4096u);
}

TEST(Modulator, AdiabaticChirpIsTheIntegralOfThePower) {
  constexpr std::size_t memory = 100, total = 1000;
  constexpr double rate = 425e9, c = 1.5e13, full = 2e-3;
  std::mt19937 random(3);
  std::uniform_real_distribution<double> draw(0.2e-3, 1.9e-3);
  std::vector<float> re(total), im(total, 0.0f);
  for (float& x : re) x = static_cast<float>(std::sqrt(draw(random)));
  const std::vector<float> amplitude = re;
  std::vector<double> power(total);
  for (std::size_t i = 0; i < total; ++i) power[i] = double(re[i]) * re[i];
  const AdiabaticChirp chirp(c, full, rate, memory);
  AdiabaticChirp::State state;
  chirp.rotate(re, im, state);
  for (std::size_t n = memory; n < total; ++n) {
    double sum = -0.5 * power[n];
    for (std::size_t m = 0; m < memory; ++m) sum += (1 - double(m) / memory) * power[n - m];
    const std::complex<double> exact = std::polar(double(amplitude[n]), c / rate * sum);
    EXPECT_NEAR(re[n], exact.real(), 1e-6);
    EXPECT_NEAR(im[n], exact.imag(), 1e-6);
  }
  // A run of high power after a long low one is offset in frequency by c (high - low) / 2 pi: a blue shift.
  std::vector<float> step_re(400, std::sqrt(0.5e-3f)), step_im(400, 0.0f);
  for (std::size_t i = 200; i < 400; ++i) step_re[i] = std::sqrt(1.5e-3f);
  AdiabaticChirp::State fresh;
  const AdiabaticChirp slow(c, full, rate, 4000);
  slow.rotate(step_re, step_im, fresh);
  const auto turn = [&](std::size_t n) {
    return std::arg(std::complex<double>(step_re[n], step_im[n]) *
                    std::conj(std::complex<double>(step_re[n - 1], step_im[n - 1])));
  };
  EXPECT_NEAR((turn(220) - turn(180)) * rate, c * 1e-3, 0.02 * c * 1e-3);
}

TEST(Modulator, AdiabaticChirpForgetsWhereItsWindowBegan) {
  constexpr std::size_t memory = 64;
  std::mt19937 random(5);
  std::uniform_real_distribution<float> draw(0.01f, 0.04f);
  std::vector<float> re(700);
  for (float& x : re) x = draw(random);
  const AdiabaticChirp chirp(3e13, 2e-3, 425e9, memory);
  const auto from = [&](std::size_t start, std::size_t piece) {
    std::vector<float> a(re.begin() + static_cast<std::ptrdiff_t>(start), re.end()), b(a.size(), 0.0f);
    AdiabaticChirp::State state;
    for (std::size_t i = 0; i < a.size(); i += piece) {
      const std::size_t n = std::min(piece, a.size() - i);
      chirp.rotate(std::span(a).subspan(i, n), std::span(b).subspan(i, n), state);
    }
    a.insert(a.end(), b.begin(), b.end());
    return a;
  };
  const std::vector<float> whole = from(0, 700);
  for (const std::size_t start : {1, 17, 64, 200}) {
    for (const std::size_t piece : {1, 7, 63, 500}) {
      const std::vector<float> part = from(start, piece);
      const std::size_t n = re.size() - start;
      for (std::size_t i = memory; i < n; ++i) {
        ASSERT_EQ(part[i], whole[start + i]);
        ASSERT_EQ(part[n + i], whole[re.size() + start + i]);
      }
    }
  }
}

}  // namespace
}  // namespace lightlane::optics

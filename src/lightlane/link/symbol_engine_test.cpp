#include "lightlane/link/symbol_engine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "lightlane/base/error.hpp"
#include "lightlane/base/parallel.hpp"
#include "lightlane/base/variant.hpp"
#include "lightlane/link/engines_test_tools.hpp"
#include "lightlane/link/lane_model_test_tools.hpp"
#include "lightlane/link/symbol_engine_plan.hpp"

namespace lightlane::link {
namespace {

using signal::Modulation;
using test::lane_model;
using test::random_levels;
using test::SyntheticLane;

/// A lane with everything.
LaneModel busy_model(Modulation modulation, double compression = 0.03) {
  SyntheticLane s;
  s.modulation = modulation;
  s.pulse = {0.01, 0.09, 0.78, 0.11, -0.02, 0.025, 0.007, 0, 0, -0.006, 0, 0.004};
  s.cursor = 2;
  s.slope = {-0.4, -0.9, 0.05, 0.95, 0.3, -0.05};
  s.compression = compression;
  s.constant_noise_a2 = 4e-12;
  s.linear_noise_a = 9e-9;
  s.quadratic_noise = 9e-5;
  s.transmitter_noise_a2 = 1e-12;
  s.noise_correlation = {1.0, 0.08, -0.01, 0.002};
  LaneModel m = lane_model(s);
  m.jitter_rms_ui = 0.01;
  m.even_odd_jitter_ui = 0.03;
  m.sinusoidal_jitter_ui = 0.04;
  m.sinusoidal_jitter_hz = 5e6;
  m.reflections = {{0.01, 3e6, 0}, {0.005, 1e5, 0}};
  m.crosstalk = {{0.01, 0, 0, false, {}}, {0.02, 0, 0, true, {0.3, 0.5, 0.2}, 1e-7}};
  return m;
}

rxdsp::EqualizerConfig dsp(Modulation modulation, int taps) {
  rxdsp::EqualizerConfig c;
  c.modulation = modulation;
  c.ffe_taps = taps;
  c.ffe_main = taps / 2;
  return c;
}

SymbolEngine engine_for(const LaneModel& m, const rxdsp::EqualizerConfig& c, std::uint64_t seed = 5) {
  return SymbolEngine(m, evaluate(m, c, 1.0).equalizer, 1.0, seed, 2);
}

class WithVariant {
 public:
  explicit WithVariant(Variant v) : before_(active_variant()) { force_variant(v); }
  ~WithVariant() { force_variant(before_); }

 private:
  Variant before_;
};

TEST(SymbolEngine, VariantsAgree) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    for (const int taps : {1, 5, 7, 15, 18}) {
      for (const double compression : {0.0, 0.3}) {
        const LaneModel m = busy_model(modulation, compression);
        const rxdsp::FrozenEqualizer equalizer = evaluate(m, dsp(modulation, taps), 1.0).equalizer;
        const SymbolEngine engine(m, equalizer, 1.0, 5, 2);
        const signal::Levels in = random_levels(modulation, -1500, 5000);
        std::vector<std::uint8_t> expected, decided;
        std::vector<float> expected_y, y;
        {
          const WithVariant ref(Variant::ref);
          engine.process(in, expected, expected_y);
        }
        ASSERT_EQ(expected.size(), in.level.size() - engine.halo().before - engine.halo().after);
        for (const Variant v : {Variant::avx2, Variant::avx512}) {
          if (v > supported_variant()) continue;
          const WithVariant forced(v);
          engine.process(in, decided, y);
          ASSERT_EQ(decided.size(), expected.size());
          for (std::size_t i = 0; i < y.size(); ++i) {
            ASSERT_NEAR(y[i], expected_y[i], 1e-5) << name(v) << ' ' << i;
            double nearest = 1;
            for (const float t : equalizer.thresholds)
              nearest = std::min(nearest, std::fabs(double{y[i]} - t));
            EXPECT_TRUE(decided[i] == expected[i] || nearest < 1e-5);
          }
          std::vector<std::uint8_t> alone;
          engine.process(in, alone);
          EXPECT_EQ(alone, decided);
        }
      }
    }
  }
}

/// The fast path's converter and FFE against rxdsp's: a feedback too small to matter sends the samples there.
TEST(SymbolEngine, BothPathsAreTheSameReceiver) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    const LaneModel m = busy_model(modulation);
    rxdsp::FrozenEqualizer e = evaluate(m, dsp(modulation, 7), 1.0).equalizer;
    e.adc_noise_a = 0;  // the two draw it from streams of their own
    ASSERT_GT(e.adc_step_a, 0);
    rxdsp::FrozenEqualizer fed_back = e;
    fed_back.dfe = 1e-12f;
    const SymbolEngine fast(m, e, 1.0, 5, 2), other(m, fed_back, 1.0, 5, 2);
    constexpr std::size_t count = 20000;
    std::vector<std::uint8_t> a, b;
    std::vector<float> fast_y, other_y;
    const auto run = [&](const SymbolEngine& engine, std::vector<std::uint8_t>& level,
                         std::vector<float>& y) {
      const signal::Halo halo = engine.halo();
      engine.process(random_levels(modulation, -static_cast<std::int64_t>(halo.before),
                                   halo.before + count + halo.after),
                     level, y);
    };
    run(fast, a, fast_y);
    run(other, b, other_y);
    // Tables of another unit: a sample in some hundred falls to the next code, and moves seven symbols by its
    // step.
    std::size_t apart = 0, differently = 0;
    double largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double difference = std::fabs(double{fast_y[i]} - double{other_y[i]});
      apart += difference > 1e-4 ? 1 : 0;
      differently += a[i] != b[i] ? 1 : 0;
      largest = std::max(largest, difference);
    }
    double taps = 0;
    for (const float c : e.ffe) taps = std::max(taps, std::fabs(double{c}));
    EXPECT_LT(apart, count / 10);
    EXPECT_LT(differently, count / 500);
    EXPECT_LT(largest, 3 * taps * e.adc_step_a);
  }
}

TEST(SymbolEngine, CutsDoNotMatter) {
  for (const bool feedback : {false, true}) {
    rxdsp::EqualizerConfig c = dsp(Modulation::pam4, 9);
    c.dfe_taps = feedback ? 1 : 0;
    const SymbolEngine engine = engine_for(busy_model(Modulation::pam4), c);
    const signal::Halo halo = engine.halo();
    const std::size_t around = halo.before + halo.after;
    const signal::Levels whole = random_levels(Modulation::pam4, -3000, 8000 + around);
    std::vector<std::uint8_t> expected, piece;
    engine.process(whole, expected);
    ASSERT_EQ(expected.size(), 8000u);
    for (const std::size_t length : {1u, 17u, 63u, 64u, 1000u, 1024u, 2049u}) {
      for (std::size_t from = 0; from + length <= 8000; from += length * (length < 100 ? 37 : 1)) {
        signal::Levels part;
        part.first_index = whole.first_index + static_cast<std::int64_t>(from);
        const auto begin = whole.level.begin() + static_cast<std::ptrdiff_t>(from);
        part.level.assign(begin, begin + static_cast<std::ptrdiff_t>(length + around));
        engine.process(part, piece);
        ASSERT_EQ(piece.size(), length);
        ASSERT_TRUE(
            std::equal(piece.begin(), piece.end(), expected.begin() + static_cast<std::ptrdiff_t>(from)))
            << from << ' ' << length << ' ' << feedback;
      }
    }
  }
}

TEST(SymbolEngine, ThreadsDoNotMatter) {
  const SymbolEngine engine = engine_for(busy_model(Modulation::pam4), dsp(Modulation::pam4, 7));
  const signal::Halo halo = engine.halo();
  constexpr std::size_t windows = 12, length = 3000;
  std::vector<std::vector<std::uint8_t>> serial(windows), parallel(windows);
  const auto run = [&](std::size_t w, std::vector<std::uint8_t>& out) {
    engine.process(
        random_levels(Modulation::pam4,
                      static_cast<std::int64_t>(w * length) - static_cast<std::int64_t>(halo.before),
                      halo.before + length + halo.after),
        out);
  };
  for (std::size_t w = 0; w < windows; ++w) run(w, serial[w]);
  set_threads(4);
  parallel_for(windows, [&](std::size_t w) { run(w, parallel[w]); });
  set_threads(0);
  EXPECT_EQ(serial, parallel);
}

TEST(SymbolEngine, SeedAndLaneMakeTheNoise) {
  const LaneModel m = busy_model(Modulation::pam4);
  const rxdsp::FrozenEqualizer e = evaluate(m, dsp(Modulation::pam4, 7), 1.0).equalizer;
  const signal::Levels in = random_levels(Modulation::pam4, 0, 2000);
  std::vector<std::uint8_t> decided;
  std::vector<float> a, b, c, again;
  SymbolEngine(m, e, 1.0, 1, 0).process(in, decided, a);
  SymbolEngine(m, e, 1.0, 2, 0).process(in, decided, b);
  SymbolEngine(m, e, 1.0, 1, 1).process(in, decided, c);
  SymbolEngine(m, e, 1.0, 1, 0).process(in, decided, again);
  EXPECT_NE(a, b);
  EXPECT_NE(a, c);
  EXPECT_EQ(a, again);
}

/// A pulse that is all on the next symbol is the same stream a symbol later, over the ends of blocks as well.
TEST(SymbolEngine, LaterSymbolsOfCrosstalkAreThoseOfItsStream) {
  const SyntheticLane s;
  LaneModel m = lane_model(s);
  const auto equalized = [&](std::vector<double> pulse) {
    m.crosstalk = {{0.05, 0, 0, false, std::move(pulse)}};
    const SymbolEngine engine(m, test::plain_equalizer(s, {1.0}, 0), 0.0, 7, 0);
    const signal::Halo halo = engine.halo();
    const signal::Levels in{-static_cast<std::int64_t>(halo.before),
                            std::vector<std::uint8_t>(halo.before + 3000 + halo.after, 2)};
    std::vector<std::uint8_t> decided;
    std::vector<float> y;
    engine.process(in, decided, y);
    return y;
  };
  const std::vector<float> now = equalized({1.0}), next = equalized({0.0, 1.0}), third = equalized({0.0, 0.0, 1.0});
  ASSERT_EQ(now.size(), 3000u);
  EXPECT_NE(now[0], now[1]);
  for (std::size_t n = 0; n + 2 < now.size(); ++n) {
    ASSERT_EQ(next[n], now[n + 1]) << n;
    ASSERT_EQ(third[n], now[n + 2]) << n;
  }
}

/// Without noise the equalised pattern is the FFE's sum over the model's own samples.
TEST(SymbolEngine, NoiseFreeSamplesAreTheModels) {
  for (const Modulation modulation : {Modulation::pam4, Modulation::nrz}) {
    for (const double compression : {0.0, 0.05, 0.4}) {
      SyntheticLane s;
      s.modulation = modulation;
      s.pulse = {0.01, 0.09, 0.78, 0.11, -0.02, 0.025, 0.007, 0, 0.01, -0.006, 0, 0.004};
      s.cursor = 2;
      s.compression = compression;
      const LaneModel m = lane_model(s);
      const std::vector<double> taps{-0.05, -0.1, 1.25, -0.12, 0.02};
      const rxdsp::FrozenEqualizer e = test::plain_equalizer(s, taps, 2);
      const SymbolEngine engine(m, e, 0.0, 1, 0);
      const signal::Halo halo = engine.halo();
      const std::size_t n = m.levels.size();
      signal::Levels in;
      in.first_index = -static_cast<std::int64_t>(halo.before);
      for (std::size_t i = 0; i < halo.before + n + halo.after; ++i)
        in.level.push_back(m.levels[(i + n - halo.before) % n]);
      std::vector<std::uint8_t> decided;
      std::vector<float> y;
      engine.process(in, decided, y);
      double largest = 0, square = 0;
      for (std::size_t i = 0; i < n; ++i) {
        double expected = 0;
        for (std::size_t k = 0; k < taps.size(); ++k) {
          expected += double{e.ffe[k]} * (double{m.current_a[(i + n + k - 2) % n]} - e.offset_a);
        }
        const double error = std::fabs(double{y[i]} - expected);
        largest = std::max(largest, error);
        square += error * error / static_cast<double>(n);
      }
      // Half the outer levels' distance is 1: errors of the fit are 2e-4 and 1.5e-3 of twice that, more by
      // the taps.
      EXPECT_LT(std::sqrt(square), 6e-4) << compression;
      EXPECT_LT(largest, 5e-3) << compression;
      EXPECT_TRUE(compression > 0 || largest < 3e-4) << largest;
    }
  }
}

/// Mean, variance and correlation of the noise behind a single tap.
TEST(SymbolEngine, NoiseHasItsVarianceAndCorrelation) {
  SyntheticLane s;
  s.constant_noise_a2 = 4e-12;
  s.noise_correlation = {1.0, 0.35, 0.1};
  LaneModel m = lane_model(s);
  const SymbolEngine engine(m, test::plain_equalizer(s), 0.0, 3, 0);
  signal::Levels in;
  in.level.assign(1u << 20, 2);
  std::vector<std::uint8_t> decided;
  std::vector<float> y;
  engine.process(in, decided, y);
  double mean = 0, lag[4] = {};
  for (const float v : y) mean += v / static_cast<double>(y.size());
  for (std::size_t i = 0; i + 3 < y.size(); ++i) {
    for (std::size_t k = 0; k < 4; ++k)
      lag[k] += (y[i] - mean) * (y[i + k] - mean) / static_cast<double>(y.size());
  }
  const double sigma = 2e-6 * 2 / s.oma_a;
  EXPECT_NEAR(mean, 1.0 / 3, 5 * sigma * 1.4 / 1024);
  EXPECT_NEAR(lag[0] / (sigma * sigma), 1, 0.01);
  EXPECT_NEAR(lag[1] / lag[0], 0.35, 0.006);
  EXPECT_NEAR(lag[2] / lag[0], 0.1, 0.006);
  EXPECT_NEAR(lag[3] / lag[0], 0, 0.006);
}

TEST(SymbolEngine, ColourHasTheCorrelation) {
  for (const std::vector<double>& wanted :
       {std::vector<double>{1, 0.0206, 0.00135, -8e-5}, {1, 0.4, 0.1}, {1, -0.3, 0.05, 0.02}}) {
    const std::vector<double> taps = detail::colour_of(wanted);
    for (std::size_t lag = 0; lag < wanted.size(); ++lag) {
      double sum = 0;
      for (std::size_t k = 0; k + lag < taps.size(); ++k) sum += taps[k] * taps[k + lag];
      EXPECT_NEAR(sum, wanted[lag], 1.5e-4) << lag;
    }
  }
  // No process has this: nearest by shrinking.
  const std::vector<double> impossible = detail::colour_of({1, 0.9, 0});
  EXPECT_NEAR(impossible[0] * impossible[1], 0.5, 0.02);
}

TEST(SymbolEngine, ReflectionsTurnAndSumUp) {
  // No noise, one level, one reflection: amplitude sqrt(I I') cos(phase), the phase a straight line of time.
  SyntheticLane s;
  LaneModel m = lane_model(s);
  const double rate = 200e6, per_symbol = 1 / (m.symbol_rate_gbd.value() * 1e9);
  m.reflections = {{0.02, rate, 0}};
  const SymbolEngine engine(m, test::plain_equalizer(s), 0.0, 3, 0);
  constexpr std::size_t mean_of = 64, points = 1024;
  signal::Levels in;
  in.first_index = 1'000'000'000'000;
  in.level.assign(mean_of * points + 100, 3);
  std::vector<std::uint8_t> decided;
  std::vector<float> y;
  engine.process(in, decided, y);
  std::vector<double> means(points, 0.0);
  double square = 0;
  for (std::size_t i = 0; i < mean_of * points; ++i) {
    means[i / mean_of] += (double{y[i]} - 1) / mean_of;
    square += (double{y[i]} - 1) * (double{y[i]} - 1) / (mean_of * points);
  }
  // One line in the spectrum, with the amplitude of the mean beat, at a rate of at most that.
  double largest = 0;
  for (double f = -rate; f <= rate; f += 0.1e6) {
    double c = 0, d = 0;
    for (std::size_t k = 0; k < points; ++k) {
      const double phase = 2 * M_PI * f * per_symbol * mean_of * static_cast<double>(k);
      c += means[k] * std::cos(phase) * 2 / points;
      d += means[k] * std::sin(phase) * 2 / points;
    }
    largest = std::max(largest, std::hypot(c, d));
  }
  double mean_root = 0, mean_level = 0;
  for (const double l : m.level_current_a) {
    mean_root += std::sqrt(l) / 4;
    mean_level += l / 4;
  }
  const double unit = 2 / s.oma_a, top = m.level_current_a[3];
  EXPECT_NEAR(largest / (0.02 * std::sqrt(top) * mean_root * unit), 1, 0.015);
  EXPECT_NEAR(square / (0.5 * 0.02 * 0.02 * top * mean_level * unit * unit), 1, 0.03);
}

TEST(SymbolEngine, RefusesWhatItCannotTake) {
  SyntheticLane s;
  LaneModel m = lane_model(s);
  EXPECT_NO_THROW(SymbolEngine(m, test::plain_equalizer(s), 0, 1, 0));
  std::swap(m.levels[3], m.levels[9]);
  m.levels[3] = static_cast<std::uint8_t>(3 - m.levels[3]);
  EXPECT_THROW(SymbolEngine(m, test::plain_equalizer(s), 0, 1, 0), ConfigError);
  m = lane_model(s);
  m.current_a[7] = std::nanf("");
  EXPECT_THROW(SymbolEngine(m, test::plain_equalizer(s), 0, 1, 0), ConfigError);
  m = lane_model(s);
  m.slope_a_per_ui.pop_back();
  EXPECT_THROW(SymbolEngine(m, test::plain_equalizer(s), 0, 1, 0), ConfigError);
  m = lane_model(s);
  m.constant_noise_a2 = -1;
  EXPECT_THROW(SymbolEngine(m, test::plain_equalizer(s), 0, 1, 0), ConfigError);
  m = lane_model(s);
  rxdsp::FrozenEqualizer nrz = test::plain_equalizer(s);
  nrz.modulation = Modulation::nrz;
  EXPECT_THROW(SymbolEngine(m, nrz, 0, 1, 0), ConfigError);
  EXPECT_THROW(SymbolEngine(m, test::plain_equalizer(s), std::nan(""), 1, 0), ConfigError);
}

TEST(SymbolEngine, DarkLanesDecideNoise) {
  SyntheticLane s;
  LaneModel m = lane_model(s);
  m.constant_noise_a2 = 4e-12;
  std::fill(m.current_a.begin(), m.current_a.end(), 0.f);
  for (const bool levels : {true, false}) {
    if (!levels) m.level_current_a = {};
    const SymbolEngine engine = engine_for(m, dsp(Modulation::pam4, 7));
    std::vector<std::uint8_t> decided;
    engine.process(random_levels(Modulation::pam4, 0, 5000), decided);
    EXPECT_TRUE(std::all_of(decided.begin(), decided.end(), [](std::uint8_t l) { return l < 4; }));
    // Light that is there, so far away that nothing is left of it.
    engine_for(lane_model(s), dsp(Modulation::pam4, 7));
    SymbolEngine(lane_model(s), test::plain_equalizer(s), 200, 1, 0)
        .process(random_levels(Modulation::pam4, 0, 5000), decided);
  }
}

TEST(SymbolEngine, AWindowWithoutRoomDecidesNothing) {
  const SymbolEngine engine = engine_for(busy_model(Modulation::pam4), dsp(Modulation::pam4, 7));
  const signal::Halo halo = engine.halo();
  std::vector<std::uint8_t> decided(5);
  engine.process(random_levels(Modulation::pam4, 0, halo.before + halo.after), decided);
  EXPECT_TRUE(decided.empty());
  engine.process({}, decided);
  EXPECT_TRUE(decided.empty());
}

}  // namespace
}  // namespace lightlane::link
